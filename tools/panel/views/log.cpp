// Chapters and notices: what happened in this show, newest first.

#include <algorithm>

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {

void log(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    kit.card(area);
    kit.heading(area, state.say("log.title"));
    const ButtonSpec spec{"chapter", state.say("chapter.mark"), state.say("help.chapter"), why_no_chapter(state), "M", Icon::flag};
    const float button = kit.button_width(spec);
    if (kit.button({area.x + area.w - kit.px(12) - button, area.y + kit.px(10), button, kit.px(36)}, spec)) mark_chapter(state, commands);

    const float top = kit.px(54);
    const Area inside{area.x + kit.px(12), area.y + top, area.w - kit.px(16), area.h - top - kit.px(8)};
    if (kit.begin_scroll("log", inside)) {
        const float x = ImGui::GetCursorScreenPos().x, first = ImGui::GetCursorScreenPos().y, width = inside.w - kit.px(12);
        float y = first;
        if (state.show.notices.empty() && state.show.chapters.empty())
            y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), state.say("log.none"), width);
        for (auto notice = state.show.notices.rbegin(); notice != state.show.notices.rend(); ++notice)
            y += kit.paragraph(x, y, Type::caption, kit.color(notice == state.show.notices.rbegin() ? Tone::ink : Tone::ink_2), *notice,
                               width) +
                 kit.px(6);
        for (auto chapter = state.show.chapters.rbegin(); chapter != state.show.chapters.rend(); ++chapter) {
            const std::string time = clock_text(chapter->at_s);
            const float time_width = kit.text(x, y, Type::caption, kit.color(Tone::ink_2), time) + kit.px(10);
            const std::string number = state.say("log.chapter", std::to_string(chapter->number));
            kit.text(x + time_width, y, Type::caption, kit.color(Tone::ink),
                     chapter->title.empty() ? number : number + " · " + chapter->title, width - time_width);
            y += kit.px(20);
        }
        ImGui::SetCursorScreenPos({x, first});
        ImGui::Dummy({width, y - first});
    }
    kit.end_scroll();
}

}  // namespace vitrine::panel::views
