// On the program picture: the pinned product's callouts as handles that can be dragged, and what buyers point at. The place under the
// pointer becomes a point on the product through the anchor that came with exactly this picture.

#include <algorithm>
#include <cmath>

#include "tools/panel/buyers_desk.h"
#include "tools/panel/product_geometry.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

constexpr float reach_px = 32;  // how near the pointer must be to take hold of a handle; a product in a hand moves under it

std::optional<ImVec2> on_screen(const Area& picture, const Anchor& anchor, const std::array<double, 3>& mm) {
    const auto place = project(anchor, mm);
    if (!place || (*place)[0] < 0 || (*place)[0] > 1 || (*place)[1] < 0 || (*place)[1] > 1) return std::nullopt;
    return ImVec2{picture.x + picture.w * static_cast<float>((*place)[0]), picture.y + picture.h * static_cast<float>((*place)[1])};
}

bool near(const ImVec2& a, const ImVec2& b, float reach) { return std::hypot(a.x - b.x, a.y - b.y) <= reach; }

void handle(const Kit& kit, const ImVec2& at, bool held) {
    auto* list = ImGui::GetWindowDrawList();
    list->AddCircle(at, kit.px(held ? 11.0f : 8.0f), IM_COL32(0, 0, 0, 140), 24, kit.px(4));
    list->AddCircle(at, kit.px(held ? 11.0f : 8.0f), kit.color(kit.palette.accent), 24, kit.px(2));
    list->AddCircleFilled(at, kit.px(2), IM_COL32_WHITE, 12);
}

/// What lies under the pointer three times as large, beside it.
void magnifier(const PanelState& state, const Area& picture, const ImVec2& at) {
    const Kit& kit = *state.kit;
    const Picture* shown = find_picture(state, "program");
    const float size = kit.px(132), zoom = 3, away = kit.px(28);
    float x = at.x + away, y = at.y - away - size;
    if (x + size > picture.x + picture.w) x = at.x - away - size;
    if (y < picture.y) y = at.y + away;
    auto* list = ImGui::GetForegroundDrawList();
    list->AddRectFilled({x, y}, {x + size, y + size}, IM_COL32_BLACK, kit.px(8));
    if (shown) {
        const float u = (at.x - picture.x) / picture.w, v = (at.y - picture.y) / picture.h;
        const float du = size / zoom / picture.w / 2, dv = size / zoom / picture.h / 2;
        list->AddImageRounded((ImTextureID)shown->texture, {x, y}, {x + size, y + size}, {u - du, v - dv}, {u + du, v + dv}, IM_COL32_WHITE,
                              kit.px(8));
    }
    const ImVec2 middle{x + size / 2, y + size / 2};
    const float arm = kit.px(12);
    list->AddLine({middle.x - arm, middle.y}, {middle.x + arm, middle.y}, kit.color(Tone::accent), kit.px(1.5f));
    list->AddLine({middle.x, middle.y - arm}, {middle.x, middle.y + arm}, kit.color(Tone::accent), kit.px(1.5f));
    list->AddRect({x, y}, {x + size, y + size}, kit.color(Tone::accent), kit.px(8), 0, kit.px(2));
}

void buyers_points(const PanelState& state, const Area& picture, Commands& commands, bool clicked) {
    const Kit& kit = *state.kit;
    auto* list = ImGui::GetWindowDrawList();
    for (std::size_t i = 0; i < state.desk.points.size(); ++i) {
        const desk::Point& point = state.desk.points[i];
        const Anchor* anchor = find_anchor(state.scene, point.product);
        const auto at = anchor && point.state != desk::PointState::done ? on_screen(picture, *anchor, point.at_mm) : std::nullopt;
        if (!at) continue;
        const bool chosen = state.ui.page == Page::buyers && state.kept("buyers.points") == point.id;
        const float radius = kit.px(chosen ? 13.0f : 11.0f);
        list->AddCircleFilled(*at, radius, kit.color(Tone::info, point.state == desk::PointState::shown ? 1.0f : 0.85f), 24);
        list->AddCircle(*at, radius, IM_COL32_WHITE, 24, kit.px(chosen ? 2.5f : 1.5f));
        const std::string number = std::to_string(i + 1);
        kit.text(at->x - kit.measure(Type::caption, number).x / 2, at->y - kit.px(6), Type::caption, IM_COL32_WHITE, number);
        if (clicked && near(ImGui::GetIO().MousePos, *at, radius + kit.px(4))) {
            commands.keep("buyers.tab", "points");
            commands.keep("buyers.points", point.id);
            commands.act(OpenPage{Page::buyers});
        }
    }
}

}  // namespace

void product_marks(const PanelState& state, const Area& picture, Commands& commands) {
    const Kit& kit = *state.kit;
    const ProductItem* product = state.show.find_product(state.show.pinned);
    bool hovered = false, held = false;
    kit.press_area(picture, {"program_picture", state.say("pane.program"), state.say("help.program_picture")}, hovered, held);
    const Anchor* anchor = product && !state.show.safe ? find_anchor(state.scene, product->id) : nullptr;
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const double px = (pointer.x - picture.x) / picture.w, py = (pointer.y - picture.y) / picture.h;
    const std::optional<CalloutDrag>& drag = state.ui.drag;
    const bool clicked = held && ImGui::IsMouseClicked(0);

    if (drag) {
        std::array<double, 3> mm = drag->at_mm;
        if (anchor && drag->product == anchor->product)
            if (const auto here = point_on_product(*anchor, px, py, mm[2])) {
                mm[0] = std::round(((*here)[0] + drag->grip[0]) * 10) / 10;
                mm[1] = std::round(((*here)[1] + drag->grip[1]) * 10) / 10;
            }
        if (!held) {
            if (why_no_command(state).empty()) commands.send(PlaceCallout{drag->callout, mm, true});
            commands.act(DragCallout{});
        } else if (mm != drag->at_mm) {
            CalloutDrag moved = *drag;
            moved.at_mm = mm;
            commands.act(DragCallout{moved});
        }
        if (const auto at = anchor ? on_screen(picture, *anchor, mm) : std::nullopt) {
            handle(kit, *at, true);
            magnifier(state, picture, *at);
        }
        return;
    }
    if (product && anchor && (hovered || held)) {
        const CalloutItem* nearest = nullptr;
        float distance = kit.px(reach_px);
        for (const CalloutItem& callout : product->callouts) {
            const auto at = callout.visible && !callout.dimension ? on_screen(picture, *anchor, callout.at_mm) : std::nullopt;
            if (!at) continue;
            handle(kit, *at, false);
            const float size = kit.px(16);
            kit.mark({at->x - size / 2, at->y - size / 2, size, size}, "handle:" + callout.id);
            const float away = std::hypot(pointer.x - at->x, pointer.y - at->y);
            if (away <= distance) nearest = &callout, distance = away;
        }
        if (clicked && nearest) {
            const auto here = point_on_product(*anchor, px, py, nearest->at_mm[2]);
            if (here)
                commands.act(DragCallout{CalloutDrag{
                    nearest->id, product->id, nearest->at_mm, {nearest->at_mm[0] - (*here)[0], nearest->at_mm[1] - (*here)[1]}}});
            buyers_points(state, picture, commands, false);
            return;
        }
    }
    buyers_points(state, picture, commands, clicked);
}

}  // namespace vitrine::panel::views
