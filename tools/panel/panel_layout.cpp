#include "tools/panel/panel_layout.h"

#include <algorithm>
#include <cmath>

#include "tools/panel/views/views.h"

namespace vitrine::panel {

float fitting_scale(float width, float height, float wanted) {
    return std::max(0.5f, std::min({wanted, width / least_width, height / least_height}));
}

Layout lay_out(const Kit& kit, float width, float height, bool banner) {
    const auto px = [&](float v) { return std::round(kit.px(v)); };
    const float gap = px(12), w = width - 2 * gap;
    Layout out;
    out.top_bar = {0, 0, width, px(56)};
    float y = out.top_bar.h + gap;
    if (banner) {
        out.banner = {gap, y, w, px(44)};
        y += out.banner.h + gap;
    }
    out.rest = {0, y - gap, width, height - y + gap};

    const float scenes = px(56), least_lower = px(banner ? 150 : 200);
    const float room = height - y - gap - scenes - gap - least_lower - gap;  // for the row of pictures
    // Preview and program end on one line: the preview is smaller by the height of its two buttons.
    const float title = px(24), buttons = px(48) + gap;
    const float least_side = px(280);
    float program_w = (w - 2 * gap - least_side + buttons * 16 / 9) / 2;
    program_w = std::floor(std::min(program_w, (room - title) * 16 / 9));
    const float program_h = std::round(program_w * 9 / 16);
    const float preview_w = std::floor((program_h - buttons) * 16 / 9), row = title + program_h;
    out.preview = {gap, y, preview_w, row};
    out.program = {gap + preview_w + gap, y, program_w, row};
    const float side_x = out.program.x + program_w + gap, side_w = width - gap - side_x;
    out.sound = {side_x, y, side_w, px(112)};
    out.cameras = {side_x, y + out.sound.h + gap, side_w, row - out.sound.h - gap};
    y += row + gap;
    out.scenes = {gap, y, w, scenes};
    y += scenes + gap;

    const float lower = height - y - gap;
    const float column = w - 3 * gap;
    const float a = std::floor(column * 0.28f), b = std::floor(column * 0.25f), c = std::floor(column * 0.20f);
    out.products = {gap, y, a, lower};
    out.on_product = {out.products.x + a + gap, y, b, lower};
    out.outputs = {out.on_product.x + b + gap, y, c, lower};
    out.log = {out.outputs.x + c + gap, y, width - gap - (out.outputs.x + c + gap), lower};
    return out;
}

void draw_panel(const PanelState& state, float width, float height, Commands& commands) {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width, height});
    ImGui::Begin("panel", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
    const bool banner = state.ever_attached && views::has_banner(state);
    const Layout at = lay_out(*state.kit, width, height, banner);
    views::top_bar(state, at.top_bar, commands);
    if (!state.ever_attached) {
        views::no_show(state, at.rest, commands);
    } else {
        if (banner) views::banner(state, at.banner, commands);
        views::preview(state, at.preview, commands);
        views::program(state, at.program, commands);
        views::sound(state, at.sound, commands);
        views::cameras(state, at.cameras, commands);
        views::scenes(state, at.scenes, commands);
        views::products(state, at.products, commands);
        views::on_product(state, at.on_product, commands);
        views::outputs(state, at.outputs, commands);
        views::log(state, at.log, commands);
    }
    ImGui::End();
}

}  // namespace vitrine::panel
