#pragma once
// The panel's own controls and text, drawn from the look's tokens; ImGui gives input, focus and clipping. All sizes that go in are px at
// 1×; rectangles are window coordinates. Every control has help, says why when it cannot be used, can be reached by keyboard and is
// at least 36 px high. Thread-bound.

#include <imgui.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/look.h"
#include "tools/panel/fonts.h"
#include "tools/panel/hand.h"

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
enum class Icon {
    none,
    warning,
    moon,
    sun,
    sound,
    sound_off,
    pin,
    copy,
    people,
    play,
    pause,
    stop,
    flag,
    camera,
    link,
    shield,
    screens,
    box,
    mask,
    grid,
    mixer,
    record,
    list,
    gear,
    help,
    next,
    previous,
    chat,
    hand,
    target,
    money,
    check,
    cross,
    plus,
    minus,
    trash,
    search,
    cube,
    clock,
    send,
    door,
    heart,
    order,
    undo,
    redo,
};

/// What a frame has drawn, for tests.
struct Drawn {
    std::string id;  ///< empty for plain text
    std::string text, help;
    Area area;
    bool control = false, enabled = true, shortened = false, focused = false;
    bool content = false;  ///< somebody's own words, which may be cut short
    bool clipped = false;  ///< scrolled out of sight, wholly or in part
    bool hovered = false, held = false, selected = false;
    bool settled = true;  ///< a press counts (hand.h)
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
    bool content = false;   ///< the label holds somebody's own words, which may end with "…"
};

class Kit {
  public:
    Fonts fonts;
    Palette palette;
    bool dark = true;
    float scale = 1;
    bool explain = false;                 ///< what-is-this: help of what is hovered or focused, at once
    std::vector<Drawn>* drawn = nullptr;  ///< tests only
    mutable Hand hand;

    float px(float at_1x) const { return at_1x * scale; }
    ImU32 color(const Rgb& rgb, float opacity = 1) const;
    ImU32 color(Tone tone, float opacity = 1) const;
    const Rgb& rgb(Tone tone) const;

    ImVec2 measure(Type type, std::string_view text, float wrap = 0) const;
    /// One line; `x`, `y` is the top left corner of its em box; ends with "…" where it would pass `width` (0: no limit). The width drawn.
    float text(float x, float y, Type type, ImU32 ink, const std::string& text, float width = 0) const;
    /// text() for somebody's own words, which may end with "…".
    float content(float x, float y, Type type, ImU32 ink, const std::string& text, float width) const;
    /// Wraps at `width`, right-to-left text from the right; the height drawn.
    float paragraph(float x, float y, Type type, ImU32 ink, const std::string& text, float width) const;
    void icon(Icon icon, float center_x, float center_y, float size, ImU32 ink) const;
    /// A coloured dot with a word: a state.
    float state(float x, float y, Tone tone, const std::string& word, float width = 0) const;

    void card(const Area& area) const;
    /// Heading of a card; the height it takes with the space below.
    float heading(const Area& area, const std::string& text) const;

    float button_width(const ButtonSpec& spec) const;
    /// The least width for any of these labels: a button that changes its word does not move.
    float button_width(ButtonSpec spec, std::initializer_list<std::string> labels) const;
    /// True when pressed by pointer or keyboard. The label is centred; icon before, key cap after. A press counts only once the place has
    /// done this for a moment (hand.h): what a control does is its id, icon, tone and whether it is selected, and whom it is about.
    bool button(const Area& area, const ButtonSpec& spec) const;
    /// A row with a switch at its end. True when pressed.
    bool toggle(const Area& area, const ButtonSpec& spec, bool on) const;
    /// A whole row that can be chosen: ground, outline when chosen. What stands in it is drawn by the caller afterwards.
    bool row(const Area& area, const ButtonSpec& spec) const;
    /// One of several; the index pressed.
    std::optional<std::size_t> choice(const Area& area, const std::vector<ButtonSpec>& specs, std::size_t selected) const;
    /// 0 … 1 with a button at each end for steps; the new value when it was moved. `spec.label` stands above.
    std::optional<double> slider(const Area& area, const ButtonSpec& spec, double value, double step = 0.1) const;
    struct Typed {
        std::optional<std::string> text;  ///< changed to this
        bool done = false;                ///< Enter
        std::optional<std::string> from;  ///< left now, with another text than it was entered with: this one
    };
    /// One line to type in; `hint` stands in the empty field. Enter leaves the keyboard in it, Escape leaves it with what was typed.
    /// A `value` that has changed from outside takes the place of what is typed.
    Typed field(const Area& area, const ButtonSpec& spec, const std::string& value, const std::string& hint) const;
    /// A small word on a tinted ground; the width drawn.
    float chip(float x, float y, Tone tone, const std::string& word) const;
    /// The part of a control that other looks share: input, focus ring, help. `drawn_text` goes to tests.
    bool press_area(const Area& area, const ButtonSpec& spec, bool& hovered, bool& held) const;
    /// Around everything that is drawn in a frame.
    void begin_frame() const;
    void end_frame() const;
    /// Something drawn on a picture that can be taken hold of there: named for who reads what was drawn.
    void mark(const Area& area, const std::string& id) const;
    /// Help for something that is not a control.
    void help_area(const Area& area, const std::string& id, const std::string& help) const;

    /// A part of a card that scrolls when its content is higher; between the two, the cursor is in it.
    bool begin_scroll(const char* id, const Area& area) const;
    void end_scroll() const;

    /// The control with this id takes the keyboard's focus when it is drawn next.
    mutable std::string focus_next;

  private:
    /// The field that has the keyboard: its text at the end of the last frame, and as it was entered with.
    mutable ImGuiID field_ = 0, enter_waits_ = 0;
    mutable std::string field_text_, field_first_;

    float draw_line(ImDrawList* list, float x, float y, Type type, ImU32 ink, std::string_view text) const;
    void as_read(const Area& field, const std::string& words, bool editing) const;
    std::vector<std::string> wrap(Type type, const std::string& text, float width) const;
    void help(const Area& area, const std::string& text, const std::string& why_not) const;
    void note(Drawn drawn) const;
};

Rgb mix(const Rgb& a, const Rgb& b, float t);
/// Black or white, whichever reads better on it (WCAG 2.2 relative luminance).
Rgb ink_on(const Rgb& ground);

/// Colours, radii and spacing of what ImGui itself still draws: scroll bars and tooltips.
void apply_style(const Kit& kit);

}  // namespace vitrine::panel
