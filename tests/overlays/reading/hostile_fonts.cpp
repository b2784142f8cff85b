// A TrueType font (ISO/IEC 14496-22) of two letters, table by table, sound and broken.

#include <algorithm>
#include <map>
#include <string_view>

#include "tests/overlays/reading/hostile_files.h"

namespace vitrine::hostile {
namespace {

using Tables = std::map<std::string, Bytes>;

void put16(Bytes& out, int value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
}
void put32(Bytes& out, std::uint32_t value) {
    put16(out, static_cast<int>(value >> 16));
    put16(out, static_cast<int>(value & 0xffff));
}
Bytes of16(std::initializer_list<int> values) {
    Bytes out;
    for (const int value : values) put16(out, value);
    return out;
}

/// A triangle: one contour, three points on the line.
Bytes triangle(int width, int height) {
    Bytes glyph = of16({1, 0, 0, width, height, 2, 0});
    glyph.insert(glyph.end(), {1, 1, 1});
    for (const int d : {0, width / 2, width - width / 2, 0, height, -height}) put16(glyph, d);
    if (glyph.size() % 2 != 0) glyph.push_back(0);
    return glyph;
}

Tables tables() {
    Tables t;
    Bytes head = of16({1, 0, 1, 0});
    put32(head, 0);
    put32(head, 0x5f0f3cf5);
    for (const int value : {0x000b, 1000}) put16(head, value);
    head.resize(head.size() + 16);
    for (const int value : {0, 0, 600, 700, 0, 8, 2, 0, 0}) put16(head, value);
    t["head"] = head;
    t["hhea"] = of16({1, 0, 800, -200, 0, 600, 0, 0, 600, 1, 0, 0, 0, 0, 0, 0, 0, 3});
    t["maxp"] = of16({1, 0, 3, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
    t["hmtx"] = of16({600, 0, 300, 0, 600, 0});
    const Bytes box = triangle(500, 700), letter = triangle(580, 700);
    t["glyf"] = box;
    t["glyf"].insert(t["glyf"].end(), letter.begin(), letter.end());
    const int end = static_cast<int>(box.size()), whole = static_cast<int>(t["glyf"].size());
    t["loca"] = of16({0, end / 2, end / 2, whole / 2});
    // Format 4: space, A, and the end.
    t["cmap"] = of16({0, 1, 3, 1, 0, 12, 4, 40, 0, 6, 4, 1, 2, 0x20, 0x41, 0xffff, 0, 0x20, 0x41, 0xffff, 1 - 0x20, 2 - 0x41, 1, 0, 0, 0});
    const std::string_view family = "Vitrine Test";
    Bytes name =
        of16({0, 2, 30, 3, 1, 0x409, 1, static_cast<int>(family.size()) * 2, 0, 3, 1, 0x409, 2, 14, static_cast<int>(family.size()) * 2});
    for (const std::string_view text : {family, std::string_view("Regular")})
        for (const char c : text) put16(name, c);
    t["name"] = name;
    t["post"] = Bytes(32);
    t["post"][1] = 3;
    return t;
}

struct Header {
    std::uint32_t magic = 0x00010000;
    int count = -1;  ///< of tables, as claimed
};

Bytes font(const Tables& all, Header header = {}) {
    Bytes out, data;
    put32(out, header.magic);
    for (const int value : {header.count < 0 ? static_cast<int>(all.size()) : header.count, 128, 3, 32}) put16(out, value);
    const std::size_t start = 12 + all.size() * 16;
    for (const auto& [name, table] : all) {
        out.insert(out.end(), name.begin(), name.end());
        put32(out, 0);
        put32(out, static_cast<std::uint32_t>(start + data.size()));
        put32(out, static_cast<std::uint32_t>(table.size()));
        data.insert(data.end(), table.begin(), table.end());
        data.resize((data.size() + 3) & ~std::size_t{3});
    }
    out.insert(out.end(), data.begin(), data.end());
    return out;
}

template <class Change>
Bytes with(Change change) {
    Tables all = tables();
    change(all);
    return font(all);
}

void set16(Bytes& bytes, std::size_t at, int value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}

std::size_t entry_of(const Bytes& bytes, std::string_view table) {
    const auto at = std::search(bytes.begin(), bytes.end(), table.begin(), table.end());
    return static_cast<std::size_t>(at - bytes.begin());
}

}  // namespace

Bytes sound_font() { return font(tables()); }

const std::vector<File>& fonts() {
    static const std::vector<File> files{
        {"cut-in-header.ttf", "cut off", [] { return Bytes{0, 1, 0, 0, 0, 9}; }},
        {"cut-in-tables.ttf", "reaches past the end",
         [] {
             Bytes bytes = sound_font();
             bytes.resize(bytes.size() / 2);
             return bytes;
         }},
        {"65535-tables.ttf", "claims 65535 tables",
         [] {
             return font(tables(), {0x00010000, 65535});
         }},
        {"table-past-the-end.ttf", "\"glyf\" reaches past the end",
         [] {
             Bytes bytes = sound_font();
             const std::size_t at = entry_of(bytes, "glyf");
             std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 12, bytes.begin() + static_cast<std::ptrdiff_t>(at) + 16, 0xff);
             return bytes;
         }},
        {"table-at-4-gib.ttf", "\"loca\" reaches past the end",
         [] {
             Bytes bytes = sound_font();
             const std::size_t at = entry_of(bytes, "loca");
             std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 8, bytes.begin() + static_cast<std::ptrdiff_t>(at) + 12, 0xff);
             return bytes;
         }},
        {"65535-glyphs.ttf", "claims 65535 glyphs", [] { return with([](Tables& t) { set16(t["maxp"], 4, 65535); }); }},
        {"no-glyphs.ttf", "no glyphs", [] { return with([](Tables& t) { set16(t["maxp"], 4, 0); }); }},
        {"glyphs-past-the-end.ttf", "outside of its outlines", [] { return with([](Tables& t) { set16(t["loca"], 6, 65535); }); }},
        {"glyphs-backwards.ttf", "outside of its outlines", [] { return with([](Tables& t) { set16(t["loca"], 4, 0); }); }},
        {"32767-contours.ttf", "cannot be loaded", [] { return with([](Tables& t) { set16(t["glyf"], 0, 32767); }); }},
        {"made-of-itself.ttf", "or of itself",
         [] {
             return with([](Tables& t) {
                 // A composite glyph whose only component is itself.
                 t["glyf"] = of16({-1, 0, 0, 500, 700, 0x0002, 0, 0, 0});
                 t["loca"] = of16({0, 9, 9, 9});
             });
         }},
        {"made-of-millions.ttf", "millions of others",
         [] {
             return with([](Tables& t) {
                 // Each glyph is the one after it, eight times, forty times over: 8^40 outlines.
                 constexpr int levels = 40;
                 t["glyf"].clear(), t["loca"].clear(), t["hmtx"].clear();
                 for (int level = 0; level < levels; ++level) {
                     put16(t["loca"], static_cast<int>(t["glyf"].size() / 2));
                     put16(t["hmtx"], 600), put16(t["hmtx"], 0);
                     const Bytes head = of16({-1, 0, 0, 500, 700});
                     t["glyf"].insert(t["glyf"].end(), head.begin(), head.end());
                     for (int part = 0; part < 8; ++part) {
                         const Bytes component = of16({part < 7 ? 0x0022 : 0x0002, level + 1, 0});
                         t["glyf"].insert(t["glyf"].end(), component.begin(), component.end());
                     }
                 }
                 put16(t["loca"], static_cast<int>(t["glyf"].size() / 2));
                 put16(t["hmtx"], 600), put16(t["hmtx"], 0);
                 const Bytes last = triangle(500, 700);
                 t["glyf"].insert(t["glyf"].end(), last.begin(), last.end());
                 put16(t["loca"], static_cast<int>(t["glyf"].size() / 2));
                 set16(t["maxp"], 4, levels + 1);
                 set16(t["hhea"], 34, levels + 1);
             });
         }},
        {"em-of-0.ttf", "damaged", [] { return with([](Tables& t) { set16(t["head"], 18, 0); }); }},
        {"letters-of-60-em.ttf", "16 em large",
         [] {
             return with([](Tables& t) {
                 set16(t["head"], 18, 32);  // the letters stay as large as they are
             });
         }},
        {"no-cmap.ttf", "\"cmap\" is missing", [] { return with([](Tables& t) { t.erase("cmap"); }); }},
        {"cmap-of-nothing.ttf", "which letters it has", [] { return with([](Tables& t) {
                                                                 t["cmap"] = of16({0, 65535});
                                                             }); }},
        {"no-letters.ttf", "Unicode", [] { return with([](Tables& t) { set16(t["cmap"], 4, 1); }); }},
        {"no-outlines.ttf", "no outlines", [] { return with([](Tables& t) { t.erase("glyf"); }); }},
        {"no-name.ttf", "no name", [] { return with([](Tables& t) {
                                            t["name"] = of16({0, 0, 6});
                                        }); }},
        {"collection.ttf", "collection",
         [] {
             return font(tables(), {0x74746366, -1});
         }},
        {"noise.ttf", "not a TrueType", [] { return Bytes(4096, 0xa5); }},
        {"empty.ttf", "cut off", [] { return Bytes{}; }},
    };
    return files;
}

}  // namespace vitrine::hostile
