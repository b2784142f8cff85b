#include "tools/panel/panel_layout.h"

#include <algorithm>
#include <cmath>

#include "tools/panel/views/views.h"

namespace vitrine::panel {

float fitting_scale(float width, float height, float wanted) {
    return std::max(0.5f, std::min({wanted, width / least_width, height / least_height}));
}

Layout lay_out(const Kit& kit, float width, float height) {
    const auto px = [&](float v) { return std::round(kit.px(v)); };
    const float gap = px(8);
    Layout out;
    out.top_bar = {0, 0, width, px(52)};
    out.rail = {0, out.top_bar.h, px(76), height - out.top_bar.h};
    out.rest = {0, out.top_bar.h, width, height - out.top_bar.h};
    const float x = out.rail.w + gap, w = width - x - gap;
    out.status = {out.rail.w, height - px(40), width - out.rail.w, px(40)};

    const float scenes = px(52), least_page = px(232), title = px(24), side = px(188);
    float y = out.top_bar.h + gap;
    const float room = out.status.y - gap - least_page - gap - scenes - gap - y;
    float picture = std::floor((w - side - 2 * gap) / 2);
    picture = std::min(picture, std::floor((room - title) * 16 / 9));
    const float row = title + std::round(picture * 9 / 16);
    out.preview = {x, y, picture, row};
    out.program = {x + picture + gap, y, picture, row};
    const float side_x = out.program.x + picture + gap;
    out.side = {side_x, y, x + w - side_x, row};
    y += row + gap;
    out.scenes = {x, y, w, scenes};
    y += scenes + gap;
    out.page = {x, y, w, out.status.y - gap - y};
    return out;
}

namespace {

void draw_page(const PanelState& state, const Area& area, Commands& commands) {
    using View = void (*)(const PanelState&, const Area&, Commands&);
    constexpr View pages[page_count] = {views::show_page, views::buyers,  views::products, views::masks,    views::multiview,
                                        views::sound,     views::outputs, views::log,      views::settings, views::help};
    pages[static_cast<std::size_t>(state.ui.page)](state, area, commands);
}

}  // namespace

void draw_panel(const PanelState& state, float width, float height, Commands& commands) {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width, height});
    ImGui::Begin("panel", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
    state.kit->begin_frame();
    const Layout at = lay_out(*state.kit, width, height);
    views::top_bar(state, at.top_bar, commands);
    if (!state.ever_attached) {
        if (state.new_show.open && state.start.offered && !state.start.starting)
            views::new_show(state, at.rest, commands);
        else
            views::start(state, at.rest, commands);
    } else if (state.ui.overlay == Overlay::preflight) {
        views::preflight(state, at.rest, commands);
    } else if (state.ui.overlay == Overlay::rehearsal && state.rehearsal) {
        views::rehearsal(state, at.rest, commands);
    } else if (state.ui.overlay == Overlay::keys) {
        views::key_map(state, at.rest, commands);
    } else {
        views::rail(state, at.rail, commands);
        views::preview(state, at.preview, commands);
        views::program(state, at.program, commands);
        if (state.rehearsal)
            views::rehearsal_steps(state, at.side, commands);
        else
            views::side(state, at.side, commands);
        views::scenes(state, at.scenes, commands);
        draw_page(state, at.page, commands);
        views::status(state, at.status, commands);
    }
    if (state.ever_attached && state.ui.overlay != Overlay::none) views::question(state, {0, at.status.y, width, at.status.h});
    state.kit->end_frame();
    ImGui::End();
}

}  // namespace vitrine::panel
