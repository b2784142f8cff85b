#include "engine/look.h"

#include <toml++/toml.h>

#include <exception>
#include <utility>

namespace vitrine {

namespace {

constexpr Rgb rgb(std::uint32_t hex) {
    return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>(hex)};
}

Look compiled_in() {
    Look l;
    l.dark = {rgb(0x0F1216), rgb(0x171B21), rgb(0x20262E), rgb(0x2C343E), rgb(0xE8ECF1), rgb(0x9AA6B4),
              rgb(0x3BA7A0), rgb(0xE5484D), rgb(0x46A758), rgb(0xF2B33D), rgb(0x5EA2F0)};
    l.light = {rgb(0xF6F7F8), rgb(0xFFFFFF), rgb(0xEEF1F4), rgb(0xD9DEE4), rgb(0x14181D), rgb(0x55606D),
               rgb(0x0B7A74), rgb(0xCE2C31), rgb(0x2B7A3E), rgb(0x9A6700), rgb(0x1F6FC4)};
    l.type = {12, 14, 16, 20, 28, 40, {}};
    l.type.families = {"Noto Sans",        "Noto Sans CJK SC", "Noto Naskh Arabic", "Noto Sans CJK JP",
                       "Noto Sans CJK KR", "Noto Sans Hebrew", "Noto Sans Thai",    "Noto Sans Devanagari"};
    l.shape = {{4, 8, 12, 16, 24, 32}, 6, 10, 36, 44};
    l.picture = {0.05, 0.333, 0.88, 0.72, 0.028, 0.08, 1.5, 6.0};
    l.energy = {rgb(0x00A651), rgb(0x50B848), rgb(0xBFD730), rgb(0xFFF200), rgb(0xFDB913), rgb(0xF37021), rgb(0xED1C24)};
    return l;
}

/// Reads tokens and remembers the first that is missing or wrong.
class Reader {
  public:
    explicit Reader(const toml::table& table) : table_(table) {}

    void number(const char* path, int& into) {
        if (const auto value = table_.at_path(path).value_exact<std::int64_t>())
            into = static_cast<int>(*value);
        else
            complain(path, "a whole number");
    }
    void number(const char* path, double& into) {
        if (const auto value = table_.at_path(path).value<double>())
            into = *value;
        else
            complain(path, "a number");
    }
    void colour(const std::string& path, Rgb& into) {
        const auto value = table_.at_path(path).value<std::string>();
        const auto parsed = value ? parse_rgb(*value) : Result<Rgb>(fail(""));
        if (parsed)
            into = *parsed;
        else
            complain(path, "a colour such as \"#3BA7A0\"");
    }
    void palette(const std::string& name, Palette& p) {
        const std::pair<const char*, Rgb*> tokens[] = {
            {"ground", &p.ground}, {"surface", &p.surface}, {"raised", &p.raised}, {"line", &p.line}, {"ink", &p.ink},  {"ink_2", &p.ink_2},
            {"accent", &p.accent}, {"live", &p.live},       {"ready", &p.ready},   {"warn", &p.warn}, {"info", &p.info}};
        for (const auto& [token, into] : tokens) colour(name + "." + token, *into);
    }
    template <class Values>
    void list(const char* path, Values read) {
        const auto* array = table_.at_path(path).as_array();
        if (!array || !read(*array)) complain(path, "a list of the right length and kind");
    }
    std::string problem;

  private:
    void complain(const std::string& path, const char* wanted) {
        if (problem.empty()) problem = "look.toml: " + path + " must be " + wanted;
    }
    const toml::table& table_;
};

}  // namespace

Result<Rgb> parse_rgb(std::string_view text) {
    const auto wrong = [&] {
        return fail("\"" + std::string(text) + "\" is not a colour: write # and six hex digits", ErrorKind::bad_input);
    };
    if (text.size() != 7 || text[0] != '#') return wrong();
    std::uint32_t value = 0;
    for (const char c : text.substr(1)) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return wrong();
        value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return rgb(value);
}

const Look& look() {
    static const Look values = compiled_in();
    return values;
}

Result<Look> look_from_toml(std::string_view text) {
    try {
        const toml::table table = toml::parse(text);
        Look l;
        Reader reader(table);
        reader.palette("dark", l.dark);
        reader.palette("light", l.light);
        reader.number("type.caption", l.type.caption);
        reader.number("type.body", l.type.body);
        reader.number("type.control", l.type.control);
        reader.number("type.title", l.type.title);
        reader.number("type.figure", l.type.figure);
        reader.number("type.timer", l.type.timer);
        reader.list("type.families", [&](const toml::array& names) {
            for (const auto& name : names) {
                const auto family = name.value<std::string>();
                if (!family) return false;
                l.type.families.push_back(*family);
            }
            return !l.type.families.empty();
        });
        reader.list("shape.spacing", [&](const toml::array& steps) {
            if (steps.size() != l.shape.spacing.size()) return false;
            for (std::size_t i = 0; i < steps.size(); ++i) {
                const auto step = steps[i].value_exact<std::int64_t>();
                if (!step) return false;
                l.shape.spacing[i] = static_cast<int>(*step);
            }
            return true;
        });
        reader.number("shape.radius_control", l.shape.radius_control);
        reader.number("shape.radius_card", l.shape.radius_card);
        reader.number("shape.target_panel", l.shape.target_panel);
        reader.number("shape.target_phone", l.shape.target_phone);
        reader.number("picture.safe_area", l.picture.safe_area);
        reader.number("picture.card_width", l.picture.card_width);
        reader.number("picture.surface_opacity", l.picture.surface_opacity);
        reader.number("picture.second_language", l.picture.second_language);
        reader.number("picture.least_text", l.picture.least_text);
        reader.number("picture.logo_height", l.picture.logo_height);
        reader.number("picture.leader_px", l.picture.leader_px);
        reader.number("picture.dot_px", l.picture.dot_px);
        for (std::size_t i = 0; i < l.energy.size(); ++i) reader.colour(std::string("energy.") + static_cast<char>('a' + i), l.energy[i]);
        if (!reader.problem.empty()) return fail(reader.problem, ErrorKind::bad_input);
        return l;
    } catch (const std::exception& e) {
        return fail(std::string("look.toml cannot be read: ") + e.what(), ErrorKind::bad_input);
    }
}

}  // namespace vitrine
