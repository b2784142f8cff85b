// All keys on one page.

#include <algorithm>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

struct Key {
    const char* cap;
    const char* message;
};
struct Group {
    const char* title;
    std::vector<Key> keys;
};

const std::vector<Group>& groups() {
    static const std::vector<Group> all{
        {"keys.program",
         {{"1 … 9", "key.scene"},
          {"Enter", "key.cut"},
          {"Space", "key.cut"},
          {"F", "key.fade"},
          {"S", "key.safe"},
          {"Q", "key.mute"},
          {"G", "key.go_live"},
          {"P", "key.pause"}}},
        {"keys.show", {{"N", "key.next"}, {"B", "key.previous"}, {"C", "key.card"}, {"M", "key.chapter"}, {"R", "key.record"}}},
        {"keys.panel",
         {{"F2 … F10", "key.pages"},
          {"F1", "key.help"},
          {"?", "key.explain"},
          {"K", "key.keys"},
          {"L", "key.language"},
          {"D", "key.theme"}}},
        {"keys.focus", {{"← ↑ ↓ →", "key.arrows"}, {"Space", "key.press"}, {"Esc", "key.escape"}, {"Ctrl Z", "key.undo"}}},
    };
    return all;
}

}  // namespace

void key_map(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float pad = kit.px(24);
    kit.text(area.x + pad, area.y + pad, Type::title, kit.color(Tone::ink), state.say("keys.title"));
    const ButtonSpec close{"close", state.say("overlay.close"), state.say("help.close"), "", "Esc", Icon::cross};
    const float w = kit.button_width(close);
    if (kit.button({area.x + area.w - pad - w, area.y + kit.px(16), w, kit.px(36)}, close)) commands.act(OpenOverlay{});
    const float gap = kit.px(16), top = area.y + kit.px(72), column = (area.w - 2 * pad - 3 * gap) / 4;
    float x = area.x + pad;
    auto* list = ImGui::GetWindowDrawList();
    for (const Group& group : groups()) {
        const Area in = titled_card(kit, {x, top, column, area.y + area.h - pad - top}, state.say(group.title));
        float y = in.y + kit.px(4);
        for (const Key& key : group.keys) {
            const float cap = std::max(kit.px(30), kit.measure(Type::body, key.cap).x + kit.px(14));
            list->AddRectFilled({in.x, y}, {in.x + cap, y + kit.px(26)}, kit.color(kit.palette.raised), kit.px(5));
            list->AddRect({in.x, y}, {in.x + cap, y + kit.px(26)}, kit.color(kit.palette.line), kit.px(5), 0, 1);
            kit.text(in.x + (cap - kit.measure(Type::body, key.cap).x) / 2, y + kit.px(6), Type::body, kit.color(Tone::ink), key.cap);
            const float left = in.x + std::max(cap, kit.px(84)) + kit.px(10);
            const float height =
                kit.paragraph(left, y + kit.px(6), Type::body, kit.color(Tone::ink_2), state.say(key.message), in.x + in.w - left);
            y += std::max(kit.px(36), height + kit.px(12));
        }
        x += column + gap;
    }
}

}  // namespace vitrine::panel::views
