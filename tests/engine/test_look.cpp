#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "engine/look.h"
#include "test_places.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

std::string look_file() {
    std::ifstream in(VITRINE_SOURCE_DIR "/assets/look.toml");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(Rgb c) {
    const auto linear = [](double v) {
        v /= 255;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double contrast(Rgb a, Rgb b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace

TEST_CASE("the compiled-in look is assets/look.toml", "[look]") {
    const auto read = look_from_toml(look_file());
    REQUIRE(read);
    CHECK(*read == look());
}

TEST_CASE("a look with a missing, mistyped or unreadable token is refused by name", "[look]") {
    std::string text = look_file();
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        const auto at = changed.find(from);
        REQUIRE(at != std::string::npos);
        return look_from_toml(changed.replace(at, from.size(), to));
    };
    const auto missing = with("accent  =", "acccent =");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find("dark.accent") != std::string::npos);
    const auto colour = with("#E8ECF1", "#E8ECFG");
    REQUIRE_FALSE(colour);
    CHECK(colour.error().message.find("dark.ink") != std::string::npos);
    const auto steps = with("[4, 8, 12, 16, 24, 32]", "[4, 8]");
    REQUIRE_FALSE(steps);
    CHECK(steps.error().message.find("shape.spacing") != std::string::npos);
    CHECK_FALSE(with("title   = 20", "title = \"big\""));
    CHECK_FALSE(look_from_toml("[dark"));
    CHECK_FALSE(look_from_toml(""));
}

TEST_CASE("colours are read and refused", "[look]") {
    CHECK(*parse_rgb("#3BA7a0") == Rgb{0x3B, 0xA7, 0xA0});
    CHECK_FALSE(parse_rgb("3BA7A0"));
    CHECK_FALSE(parse_rgb("#3BA7A"));
    CHECK_FALSE(parse_rgb("#3BA7A00"));
    CHECK_FALSE(parse_rgb("#3BA7-0"));
}

TEST_CASE("text is legible on every ground it stands on", "[look]") {
    for (const Palette& p : {look().dark, look().light}) {
        for (const Rgb ground : {p.ground, p.surface, p.raised}) {
            CHECK(contrast(p.ink, ground) >= 7.0);
            CHECK(contrast(p.ink_2, ground) >= 4.5);
        }
        for (const Rgb signal : {p.accent, p.ready, p.warn, p.info}) CHECK(contrast(signal, p.surface) >= 3.0);
    }
}
