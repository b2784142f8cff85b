// The pages, down the left side: an icon with its word, the key that opens it on hover, and what waits there.

#include <algorithm>

#include "tools/panel/buyers_desk.h"
#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

constexpr Icon icons[page_count] = {Icon::screens, Icon::people, Icon::box,  Icon::mask, Icon::grid,
                                    Icon::mixer,   Icon::record, Icon::list, Icon::gear, Icon::help};

}  // namespace

void rail(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    auto* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(area.min(), area.max(), kit.color(kit.palette.surface));
    list->AddLine({area.x + area.w - 0.5f, area.y}, {area.x + area.w - 0.5f, area.y + area.h}, kit.color(kit.palette.line));
    const float gap = kit.px(4), height = std::min(kit.px(64), (area.h - gap) / page_count - gap);
    float y = area.y + gap;
    for (int i = 0; i < page_count; ++i) {
        const Page page = static_cast<Page>(i);
        const bool here = page == state.ui.page;
        const std::string name(to_string(page));
        const std::string key = page == Page::help ? "F1" : "F" + std::to_string(i + 2);
        const Area each{area.x + gap, y, area.w - 2 * gap, height};
        bool hovered = false, held = false;
        ButtonSpec spec{"page:" + name, state.say("page." + name), state.say("help.page." + name) + " (" + key + ")"};
        spec.selected = here;
        if (kit.press_area(each, spec, hovered, held)) commands.act(OpenPage{page});
        const float radius = kit.px(static_cast<float>(look().shape.radius_control));
        if (here || hovered)
            list->AddRectFilled(each.min(), each.max(), here ? kit.color(Tone::accent, 0.16f) : kit.color(kit.palette.raised), radius);
        const ImU32 ink = kit.color(here ? Tone::accent : Tone::ink_2);
        const float middle = each.x + each.w / 2, top = each.y + (each.h - kit.px(38)) / 2;
        kit.icon(icons[i], middle, top + kit.px(10), kit.px(20), ink);
        const float words = kit.measure(Type::caption, spec.label).x;
        kit.text(middle - std::min(words, each.w) / 2, top + kit.px(25), Type::caption, kit.color(here ? Tone::ink : Tone::ink_2),
                 spec.label, each.w);
        const int waiting = page == Page::buyers ? waiting_for_answer(state.desk) : 0;
        if (waiting > 0) {
            const std::string count = waiting > 99 ? "99+" : std::to_string(waiting);
            const float w = std::max(kit.px(18), kit.measure(Type::caption, count).x + kit.px(8));
            const Area badge{middle + kit.px(6), top - kit.px(5), w, kit.px(18)};
            list->AddRectFilled(badge.min(), badge.max(), kit.color(Tone::info), badge.h / 2);
            kit.text(badge.x + (w - kit.measure(Type::caption, count).x) / 2, badge.y + kit.px(3), Type::caption,
                     kit.color(ink_on(kit.rgb(Tone::info))), count);
        }
        y += height + gap;
    }
}

}  // namespace vitrine::panel::views
