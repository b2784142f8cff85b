#pragma once
// The panel's own controls and text, drawn from the look's tokens; ImGui gives input, focus and clipping. All sizes that go in are px at
// 1×; rectangles are window coordinates. Every control has help, says why when it cannot be used, can be reached by keyboard and is
// at least 36 px high. Thread-bound.

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/look.h"
#include "tools/panel/fonts.h"

namespace vitrine::panel {

/// In window coordinates.
struct Area {
    float x = 0, y = 0, w = 0, h = 0;
    ImVec2 min() const { return {x, y}; }
    ImVec2 max() const { return {x + w, y + h}; }
    bool contains(const Area& inner) const {
        return inner.x >= x - 0.5f && inner.y >= y - 0.5f && inner.x + inner.w <= x + w + 0.5f && inner.y + inner.h <= y + h + 0.5f;
    }
};

enum class Tone { ink, ink_2, accent, live, ready, warn, info };
enum class Icon { none, warning, moon, sun, sound, sound_off, pin, copy, people, play, pause, stop, flag, camera, link };

/// What a frame has drawn, for tests.
struct Drawn {
    std::string id;  ///< empty for plain text
    std::string text, help;
    Area area;
    bool control = false, enabled = true, shortened = false, focused = false;
};

struct ButtonSpec {
    std::string id;
    std::string label;
    std::string help;
    std::string why_not = {};  ///< not empty: disabled, and this is the reason
    std::string key = {};      ///< shown in a key cap, "F"
    Icon icon = Icon::none;
    Tone tone = Tone::ink;  ///< ink: plain; others fill the button
    bool selected = false;  ///< accent outline
};

class Kit {
  public:
    Fonts fonts;
    Palette palette;
    bool dark = true;
    float scale = 1;
    std::vector<Drawn>* drawn = nullptr;  ///< tests only

    float px(float at_1x) const { return at_1x * scale; }
    ImU32 color(const Rgb& rgb, float opacity = 1) const;
    ImU32 color(Tone tone, float opacity = 1) const;
    const Rgb& rgb(Tone tone) const;

    ImVec2 measure(Type type, std::string_view text, float wrap = 0) const;
    /// One line; `x`, `y` is the top left corner of its em box; ends with "…" where it would pass `width` (0: no limit). The width drawn.
    float text(float x, float y, Type type, ImU32 ink, const std::string& text, float width = 0) const;
    /// Wraps at `width`; the height drawn.
    float paragraph(float x, float y, Type type, ImU32 ink, const std::string& text, float width) const;
    void icon(Icon icon, float center_x, float center_y, float size, ImU32 ink) const;
    /// A coloured dot with a word: a state.
    float state(float x, float y, Tone tone, const std::string& word, float width = 0) const;

    void card(const Area& area) const;
    /// Heading of a card; the height it takes with the space below.
    float heading(const Area& area, const std::string& text) const;

    float button_width(const ButtonSpec& spec) const;
    /// True when pressed by pointer or keyboard. The label is centred; icon before, key cap after.
    bool button(const Area& area, const ButtonSpec& spec) const;
    /// A row with a switch at its end. True when pressed.
    bool toggle(const Area& area, const ButtonSpec& spec, bool on) const;
    /// The part of a control that other looks share: input, focus ring, help. `drawn_text` goes to tests.
    bool press_area(const Area& area, const ButtonSpec& spec, bool& hovered, bool& held) const;
    /// Help for something that is not a control.
    void help_area(const Area& area, const std::string& id, const std::string& help) const;

    /// A part of a card that scrolls when its content is higher; between the two, the cursor is in it.
    bool begin_scroll(const char* id, const Area& area) const;
    void end_scroll() const;

  private:
    void help(const Area& area, const std::string& text, const std::string& why_not) const;
    void note(Drawn drawn) const;
};

/// Colours, radii and spacing of what ImGui itself still draws: scroll bars and tooltips.
void apply_style(const Kit& kit);

}  // namespace vitrine::panel
