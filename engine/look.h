#pragma once
// The visual language shared by panel, painter and buyer page. The values live in assets/look.toml; the same values are compiled in,
// so that no program needs the file at run time, and a test holds the two equal.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace vitrine {

/// sRGB.
struct Rgb {
    std::uint8_t r = 0, g = 0, b = 0;
    bool operator==(const Rgb&) const = default;
};

struct Palette {
    Rgb ground, surface, raised, line, ink, ink_2, accent, live, ready, warn, info;
    bool operator==(const Palette&) const = default;
};

struct Look {
    Palette dark, light;

    /// Type sizes in px at 1×.
    struct Type {
        int caption = 0, body = 0, control = 0, title = 0, figure = 0, timer = 0;
        std::vector<std::string> families;  ///< in order of preference; each covers scripts the ones before lack
        bool operator==(const Type&) const = default;
    } type;

    /// px at 1×.
    struct Shape {
        std::array<int, 6> spacing{};
        int radius_control = 0, radius_card = 0;
        int target_panel = 0, target_phone = 0;  ///< least edge of what can be clicked or touched
        bool operator==(const Shape&) const = default;
    } shape;

    /// What is painted into the program picture. Shares of the picture's height unless said otherwise; px are at 720 lines.
    struct Picture {
        double safe_area = 0;        ///< of width and height, each side
        double card_width = 0;       ///< of the width, at most
        double surface_opacity = 0;  ///< 0 … 1
        double second_language = 0;  ///< of the first language's size
        double least_text = 0;
        double logo_height = 0;
        double leader_px = 0, dot_px = 0;
        bool operator==(const Picture&) const = default;
    } picture;

    std::array<Rgb, 7> energy{};  ///< classes A to G of the European energy label

    bool operator==(const Look&) const = default;
};

/// Thread-safe. The compiled-in values.
const Look& look();
/// Reentrant. Reads the form of assets/look.toml; every token must be there.
Result<Look> look_from_toml(std::string_view text);
/// "#3BA7A0". bad_input when it is not # and six hex digits.
Result<Rgb> parse_rgb(std::string_view text);

}  // namespace vitrine
