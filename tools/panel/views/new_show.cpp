// A new show by answers: four pages in a frame, back and next below.

#include "tools/panel/views/new_show.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/messages.h"
#include "tools/panel/new_show.h"

namespace vitrine::panel::views {
namespace {

constexpr const char* titles[new_show_pages] = {"new.page.name", "new.page.cameras", "new.page.products", "new.page.finish"};

/// The way through, at the left: where one is, what is done.
void steps(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    float y = area.y;
    for (int i = 0; i < new_show_pages; ++i) {
        const bool here = i == state.new_show.page;
        std::string why;
        for (int before = 0; before < i && why.empty(); ++before) why = why_no_next(state, before);
        ButtonSpec spec{"new.step:" + std::to_string(i), state.say(titles[i]), state.say("help.new.step"), why};
        spec.selected = here;
        if (kit.row({area.x, y, area.w, kit.px(40)}, spec)) commands.act(OpenNewShow{true, i});
        const std::string number = std::to_string(i + 1);
        kit.text(area.x + kit.px(14), y + kit.px(12), Type::body, kit.color(here ? Tone::accent : Tone::ink_2), number);
        kit.text(area.x + kit.px(36), y + kit.px(12), Type::body, kit.color(here ? Tone::ink : Tone::ink_2), state.say(titles[i]),
                 area.w - kit.px(44));
        y += kit.px(44);
    }
}

void labelled(const Kit& kit, float x, float& y, float width, const std::string& label) {
    kit.text(x, y, Type::caption, kit.color(Tone::ink_2), label, width);
    y += kit.px(18);
}

}  // namespace

void small_picture(const PanelState& state, const Area& area, const std::string& file, Icon otherwise) {
    const Kit& kit = *state.kit;
    ImGui::GetWindowDrawList()->AddRectFilled(area.min(), area.max(), kit.color(kit.palette.raised), kit.px(6));
    const auto found = state.file_pictures.find(file);
    if (found != state.file_pictures.end() && found->second.texture && found->second.height > 0)
        draw_picture(kit, found->second, area, true, kit.px(6));
    else
        kit.icon(otherwise, area.x + area.w / 2, area.y + area.h / 2, kit.px(20), kit.color(Tone::ink_2));
}

void new_show_name(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float width = std::min(area.w, kit.px(560));
    float y = area.y;
    labelled(kit, area.x, y, width, state.say("new.name"));
    kept_field(state, {area.x, y, width, kit.px(36)}, "new.name", state.say("new.name.hint"), state.say("help.new.name"), commands);
    y += kit.px(52);
    labelled(kit, area.x, y, width, state.say("new.factory"));
    kept_field(state, {area.x, y, width, kit.px(36)}, "new.factory", state.say("new.factory.hint"), state.say("help.new.factory"),
               commands);
    y += kit.px(52);
    labelled(kit, area.x, y, width, state.say("new.languages"));
    const auto chosen = lines_of(state.kept("new.languages"));
    float x = area.x;
    for (const char* language : offered_languages) {
        const auto at = std::find(chosen.begin(), chosen.end(), language);
        ButtonSpec spec{std::string("new.language:") + language, language_name(language), state.say("help.new.languages")};
        spec.selected = at != chosen.end();
        if (spec.selected) spec.key = std::to_string(at - chosen.begin() + 1);
        const float w = kit.button_width(spec) + (spec.selected ? 0 : kit.px(28));
        if (x + w > area.x + area.w) x = area.x, y += kit.px(44);
        if (kit.button({x, y, w, kit.px(36)}, spec))
            commands.keep("new.languages", with_line_turned(state.kept("new.languages"), language));
        x += w + kit.px(8);
    }
    y += kit.px(48);
    kit.paragraph(area.x, y, Type::body, kit.color(Tone::ink_2), state.say("new.languages.what"), area.w);
}

void new_show_finish(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float width = std::min(area.w, kit.px(560));
    float y = area.y;
    labelled(kit, area.x, y, width, state.say("new.accent"));
    float x = area.x;
    for (const char* colour : {"#3BA7A0", "#1F6FC4", "#C2410C", "#B42335", "#6D28D9", "#2B7A3E", "#14181D"}) {
        ButtonSpec spec{std::string("new.colour:") + colour, "", state.say("help.new.accent")};
        const std::string& now = state.kept("new.accent");
        spec.selected = now == colour;
        const Area at{x, y, kit.px(36), kit.px(36)};
        bool hovered = false, held = false;
        if (kit.press_area(at, spec, hovered, held)) commands.keep("new.accent", colour);
        const auto rgb = std::strtoul(colour + 1, nullptr, 16);
        const Rgb paint{static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8), static_cast<std::uint8_t>(rgb)};
        auto* list = ImGui::GetWindowDrawList();
        list->AddRectFilled({at.x + kit.px(3), at.y + kit.px(3)}, {at.x + at.w - kit.px(3), at.y + at.h - kit.px(3)}, kit.color(paint),
                            kit.px(6));
        list->AddRect({at.x + kit.px(3), at.y + kit.px(3)}, {at.x + at.w - kit.px(3), at.y + at.h - kit.px(3)}, kit.color(kit.palette.line),
                      kit.px(6));
        if (spec.selected || hovered)
            list->AddRect(at.min(), at.max(), kit.color(spec.selected ? Tone::accent : Tone::ink_2), kit.px(8), 0, kit.px(2));
        x += kit.px(44);
    }
    kept_field(state, {x, y, std::max(kit.px(110), area.x + width - x), kit.px(36)}, "new.accent", "#RRGGBB", state.say("help.new.accent"),
               commands);
    y += kit.px(52);
    labelled(kit, area.x, y, width, state.say("new.logo"));
    kept_field(state, {area.x, y, width, kit.px(36)}, "new.logo", state.say("new.logo.hint"), state.say("help.new.logo"), commands);
    y += kit.px(52);
    labelled(kit, area.x, y, width, state.say("new.folder"));
    kept_field(state, {area.x, y, width, kit.px(36)}, "new.folder", usual_folder(state), state.say("help.new.folder"), commands);
    y += kit.px(56);
    const auto& show = state.new_show;
    if (show.making) {
        kit.paragraph(area.x, y, Type::body, kit.color(Tone::ink_2), state.say("new.making"), area.w);
    } else if (!show.problems.empty()) {
        scrolling(kit, "new.problems", {area.x, y, area.w, area.y + area.h - y}, [&](float left, float first, float w) {
            float line = first;
            for (const std::string& problem : show.problems)
                line += kit.paragraph(left, line, Type::body, kit.color(Tone::warn), problem, w) + kit.px(6);
            return line - first;
        });
    } else {
        kit.paragraph(area.x, y, Type::body, kit.color(Tone::ink_2), state.say("new.finish.what"), std::min(area.w, kit.px(640)));
    }
}

void new_show(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const NewShow& show = state.new_show;
    const float pad = kit.px(32), width = std::min(area.w - 2 * pad, kit.px(1160));
    const float x = area.x + (area.w - width) / 2, left = kit.px(200), gap = kit.px(24);
    kit.text(x, area.y + kit.px(24), Type::figure, kit.color(Tone::ink), state.say("new.title"), width - kit.px(160));
    const ButtonSpec leave{"new.leave", state.say("new.leave"), state.say("help.new.leave"), "", "", Icon::cross};
    const float leave_w = kit.button_width(leave);
    if (kit.button({x + width - leave_w, area.y + kit.px(22), leave_w, kit.px(36)}, leave)) commands.act(OpenNewShow{false, show.page});
    const float top = area.y + kit.px(80), bottom = area.y + area.h - kit.px(24), buttons = kit.px(44);
    steps(state, {x, top, left, bottom - top}, commands);
    const Area card{x + left + gap, top, width - left - gap, bottom - buttons - kit.px(16) - top};
    const Area in = titled_card(kit, card, state.say(titles[show.page]));
    const Area inner{in.x + kit.px(4), in.y + kit.px(4), in.w - kit.px(8), in.h - kit.px(8)};
    using Draw = void (*)(const PanelState&, const Area&, Commands&);
    constexpr Draw pages[new_show_pages] = {new_show_name, new_show_cameras, new_show_products, new_show_finish};
    pages[show.page](state, inner, commands);

    const float y = bottom - buttons;
    const bool last = show.page == new_show_pages - 1;
    std::string why;
    for (int i = 0; i <= show.page && why.empty(); ++i) why = why_no_next(state, i);
    if (last && show.making) why = state.say("new.making");
    const ButtonSpec next{last ? "new.make" : "new.next",
                          state.say(last ? "new.make" : "new.next"),
                          state.say(last ? "help.new.make" : "help.new.next"),
                          why,
                          "",
                          last ? Icon::check : Icon::next,
                          Tone::accent};
    const float next_w = std::max(kit.px(140), kit.button_width(next));
    if (kit.button({x + width - next_w, y, next_w, buttons}, next)) {
        if (last)
            commands.act(MakeShow{});
        else
            commands.act(OpenNewShow{true, show.page + 1});
    }
    if (show.page == 0) return;
    const ButtonSpec back{"new.back", state.say("new.back"), state.say("help.new.back"), "", "", Icon::previous};
    const float back_w = kit.button_width(back);
    if (kit.button({x + width - next_w - kit.px(8) - back_w, y, back_w, buttons}, back)) commands.act(OpenNewShow{true, show.page - 1});
}

}  // namespace vitrine::panel::views
