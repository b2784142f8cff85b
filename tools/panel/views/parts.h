#pragma once
// What views that show pictures have in common, and what is drawn and dragged on them.

#include <algorithm>
#include <array>

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {

/// The largest rectangle of that shape inside, centred.
Area fit(const Area& into, float width, float height);
void draw_picture(const Kit& kit, const Picture& picture, const Area& into, bool cover, float radius);
/// Null when there is none to draw.
const Picture* find_picture(const PanelState& state, const std::string& slot);
/// In place of a picture: that there is none, and why.
void draw_empty(const PanelState& state, const Area& area);

/// A level from -60 to 0 dB as a bar with marks; grey when muted.
void draw_meter(const Kit& kit, const Area& bar, double db, bool muted);
/// Sentence and tone for a camera's state.
struct Words {
    std::string sentence;
    Tone tone;
};
Words camera_words(const PanelState& state, const CameraItem& camera);
/// A card with its heading; what is left inside it.
Area titled_card(const Kit& kit, const Area& area, const std::string& title);
/// One line that says nothing is there, in the middle of the area, wrapped.
void draw_nothing(const Kit& kit, const Area& area, const std::string& sentence);
/// Three columns of one height.
std::array<Area, 3> in_thirds(const Kit& kit, const Area& area);
/// Takes a product on air, or off when it is there (then it is selected).
ButtonSpec pin_button(const PanelState& state, const std::string& product);
/// Wide enough for both of its labels.
float pin_button_width(const PanelState& state, const ButtonSpec& pin);
/// A button that asks before it does what no key takes back: its label while it waits, what it asks for in the panel's memory, and the
/// sentence that says what will happen.
struct Question {
    std::string again, what, sentence;
};
float asking_width(const PanelState& state, const ButtonSpec& spec, const Question& question);
/// True at the second press.
bool asking_button(const PanelState& state, const Area& area, ButtonSpec spec, const Question& question, Commands& commands);
/// With {n} and {name} filled in.
std::string say_both(const PanelState& state, std::string_view key, const std::string& n, const std::string& name);
/// Lays controls in a row from the left.
struct Row {
    const Kit& kit;
    float x, y, end;
    Area place(float width, float gap = 8) {
        const Area area{x, y, std::min(width, end - x), kit.px(36)};
        x += width + kit.px(gap);
        return area;
    }
    bool button(const ButtonSpec& spec) { return kit.button(place(kit.button_width(spec)), spec); }
};
/// A list that scrolls; `draw(x, y, width)` gives the height it took.
template <class Draw>
void scrolling(const Kit& kit, const char* id, const Area& area, Draw draw) {
    if (kit.begin_scroll(id, area)) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = area.w - kit.px(10);
        const float height = draw(at.x, at.y, width);
        ImGui::SetCursorScreenPos(at);
        ImGui::Dummy({width, std::max(1.0f, height)});
    }
    kit.end_scroll();
}

/// In place of the preview while masks are edited: the camera with its polygons (views/masks.cpp).
void mask_canvas(const PanelState& state, const Area& area, Commands& commands);
/// On the program picture: handles of the pinned product's callouts, and what buyers point at (views/product_marks.cpp).
void product_marks(const PanelState& state, const Area& picture, Commands& commands);

}  // namespace vitrine::panel::views
