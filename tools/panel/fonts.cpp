#include "tools/panel/fonts.h"

#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <imgui.h>
#include <utility>
#if __has_include(<imgui_freetype.h>)
#include <imgui_freetype.h>
#define VITRINE_FREETYPE
#endif
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "engine/look.h"
#include "engine/printable.h"

namespace vitrine::panel {
namespace {

/// A font file mapped into memory; the atlas reads it while it is built.
class Face {
  public:
    Face(const std::string& path, int index, std::string family) : index(index), family(std::move(family)) {
        const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) return;
        struct stat facts {};
        if (fstat(file, &facts) == 0 && facts.st_size > 0) {
            size = static_cast<std::size_t>(facts.st_size);
            void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
            memory = mapped == MAP_FAILED ? nullptr : mapped;
        }
        close(file);
    }
    ~Face() {
        if (memory) munmap(memory, size);
    }
    Face(const Face&) = delete;
    Face& operator=(const Face&) = delete;

    void* memory = nullptr;
    std::size_t size = 0;
    int index;
    std::string family;
};

std::unique_ptr<Face> find_face(const std::string& family, bool bold) {
    FcPattern* wanted = FcPatternCreate();
    FcPatternAddString(wanted, FC_FAMILY, reinterpret_cast<const FcChar8*>(family.c_str()));
    FcPatternAddInteger(wanted, FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcPatternAddInteger(wanted, FC_WIDTH, FC_WIDTH_NORMAL);
    FcPatternAddInteger(wanted, FC_SLANT, FC_SLANT_ROMAN);
    FcConfigSubstitute(nullptr, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    FcResult result = FcResultNoMatch;
    FcPattern* found = FcFontMatch(nullptr, wanted, &result);
    FcPatternDestroy(wanted);
    if (!found) return nullptr;
    FcChar8* path = nullptr;
    FcChar8* name = nullptr;
    int index = 0;
    FcPatternGetString(found, FC_FILE, 0, &path);
    FcPatternGetInteger(found, FC_INDEX, 0, &index);
    bool same = false;
    for (int i = 0; FcPatternGetString(found, FC_FAMILY, i, &name) == FcResultMatch; ++i)
        same = same || family == reinterpret_cast<const char*>(name);
    std::unique_ptr<Face> face;
    // Fontconfig always answers with something; another family would be a guess.
    if (same && path) face = std::make_unique<Face>(reinterpret_cast<const char*>(path), index & 0xffff, family);
    FcPatternDestroy(found);
    return face && face->memory ? std::move(face) : nullptr;
}

bool is_bold(Type type) { return type == Type::strong || type == Type::title || type == Type::figure; }

char32_t next_character(std::string_view& utf8) {
    const std::size_t length = utf8_sequence(utf8);
    if (length == 0) {
        utf8.remove_prefix(1);
        return 0xfffd;
    }
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(utf8[i])); };
    char32_t character = length == 1 ? byte(0) : byte(0) & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) character = character << 6 | (byte(i) & 0x3f);
    utf8.remove_prefix(length);
    return character;
}

}  // namespace

struct Fonts::Faces {
    std::vector<std::unique_ptr<Face>> regular, bold;
    std::vector<ImWchar> ranges;  // ImGui reads it until the atlas is built anew
};

int type_px(Type type) {
    const Look::Type& sizes = look().type;
    switch (type) {
        case Type::caption:
            return sizes.caption;
        case Type::control:
            return sizes.control;
        case Type::title:
            return sizes.title;
        case Type::figure:
            return sizes.figure;
        default:
            return sizes.body;
    }
}

Fonts::Fonts() : faces_(std::make_unique<Faces>()) {
    for (const std::string& family : look().type.families) {
        auto regular = find_face(family, false);
        auto bold = find_face(family, true);
        if (regular) faces_->regular.push_back(std::move(regular));
        if (bold) faces_->bold.push_back(std::move(bold));
    }
    for (const bool bold : {false, true})
        for (const auto& face : bold ? faces_->bold : faces_->regular) shaper_.add_face(face->memory, face->size, face->index, bold);
    for (char32_t c = 0x20; c < 0x180; ++c)
        if (c < 0x7f || c >= 0xa0) wanted_.insert(c);
    want("–—‘’“”…·×←→↑↓€¥°µ");
}

Fonts::~Fonts() = default;

bool Fonts::want(std::string_view utf8) {
    bool news = false;
    if (needs_shaping(utf8)) {
        // Which glyphs come of it does not depend on the size.
        for (const bool bold : {false, true})
            for (const PlacedGlyph& glyph : shaper_.shape(utf8, bold, 16).glyphs)
                news = wanted_shapes_[bold].insert(glyph.name).second || news;
    }
    while (!utf8.empty()) {
        const char32_t c = next_character(utf8);
        if (c >= 0x20 && c < 0xffff) news = wanted_.insert(c).second || news;
    }
    return news;
}

bool Fonts::complete() const { return !faces_->regular.empty() && faces_->regular.front()->family == look().type.families.front(); }

void Fonts::build(ImFontAtlas& atlas, float scale) {
    atlas.Clear();
    fonts_.fill(nullptr);
    scale_ = scale;
    for (auto& lines : lines_) lines.clear();
    faces_->ranges.clear();
    for (auto c = wanted_.begin(); c != wanted_.end();) {
        const char32_t first = *c;
        char32_t last = first;
        while (++c != wanted_.end() && *c == last + 1) last = *c;
        faces_->ranges.push_back(static_cast<ImWchar>(first));
        faces_->ranges.push_back(static_cast<ImWchar>(last));
    }
    faces_->ranges.push_back(0);
#if defined(VITRINE_FREETYPE) && IMGUI_VERSION_NUM < 19200
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
#endif
    atlas.TexGlyphPadding = 1;
    for (std::size_t i = 0; i < type_count; ++i) {
        const Type type = static_cast<Type>(i);
        const auto& faces = is_bold(type) && !faces_->bold.empty() ? faces_->bold : faces_->regular;
        ImFontConfig config;
        config.FontDataOwnedByAtlas = false;
        config.OversampleH = config.OversampleV = 1;
        config.PixelSnapH = true;
        const float px = std::max(6.0f, std::round(static_cast<float>(type_px(type)) * line_per_em * scale));
        for (const auto& face : faces) {
            config.FontNo = face->index;
            ImFont* font = atlas.AddFontFromMemoryTTF(face->memory, static_cast<int>(face->size), px, &config, faces_->ranges.data());
            if (!config.MergeMode) fonts_[i] = font;
            config.MergeMode = true;
        }
        if (!fonts_[i]) {
            ImFontConfig plain;
            plain.SizePixels = px;
            fonts_[i] = atlas.AddFontDefault(&plain);
        }
    }
    struct Pending {
        std::size_t type;
        GlyphName name;
        GlyphBitmap bitmap;
        int rect;
    };
    std::vector<Pending> pending;
    for (std::size_t i = 0; i < type_count; ++i) {
        placed_[i].clear();
        for (const GlyphName& name : wanted_shapes_[is_bold(static_cast<Type>(i))]) {
            GlyphBitmap bitmap = shaper_.draw(name, em_px(static_cast<Type>(i)));
            if (bitmap.width < 1 || bitmap.height < 1) continue;
            const int rect = atlas.AddCustomRectRegular(bitmap.width + 1, bitmap.height + 1);
            pending.push_back({i, name, std::move(bitmap), rect});
        }
    }
    atlas.Build();
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
    for (const Pending& glyph : pending) {
        const ImFontAtlasCustomRect& rect = *atlas.GetCustomRectByIndex(glyph.rect);
        const GlyphBitmap& from = glyph.bitmap;
        for (int y = 0; y < from.height; ++y)
            std::copy_n(from.pixels.data() + static_cast<std::ptrdiff_t>(y) * from.width, from.width,
                        pixels + static_cast<std::ptrdiff_t>(rect.Y + y) * width + rect.X);
        const auto w = static_cast<float>(from.width), h = static_cast<float>(from.height);
        const float x = static_cast<float>(rect.X), y = static_cast<float>(rect.Y);
        placed_[glyph.type][glyph.name] = {static_cast<float>(from.left),
                                           -static_cast<float>(from.top),
                                           w,
                                           h,
                                           x / static_cast<float>(width),
                                           y / static_cast<float>(height),
                                           (x + w) / static_cast<float>(width),
                                           (y + h) / static_cast<float>(height)};
    }
}

float Fonts::em_px(Type type) const { return std::max(5.0f, std::round(static_cast<float>(type_px(type)) * scale_)); }

const ShapedLine& Fonts::shaped(Type type, std::string_view utf8) const {
    constexpr std::size_t most_lines = 400;
    auto& lines = lines_[static_cast<std::size_t>(type)];
    if (const auto found = lines.find(utf8); found != lines.end()) return found->second;
    if (lines.size() >= most_lines) lines.clear();
    return lines.emplace(std::string(utf8), shaper_.shape(utf8, is_bold(type), em_px(type))).first->second;
}

const Fonts::Placed* Fonts::find(Type type, GlyphName name) const {
    const auto& placed = placed_[static_cast<std::size_t>(type)];
    const auto found = placed.find(name);
    return found == placed.end() ? nullptr : &found->second;
}

}  // namespace vitrine::panel
