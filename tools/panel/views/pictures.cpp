// Preview and program, and the clocks, level and cameras beside them. The preview is put together here from the cameras' own pictures, in
// the layout of its scene; the program is what the show sends, card and callouts included.

#include <algorithm>
#include <cmath>

#include "tools/panel/views/parts.h"
#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

constexpr double still_after_s = 2;

/// Where each camera of a layout lies, in shares of the picture; the same arithmetic as the show's own.
struct Cell {
    float x, y, w, h;
    bool cover;
};

std::vector<Cell> cells(const std::string& layout, std::size_t count) {
    if (layout == "pip" && count > 1) return {{0, 0, 1, 1, false}, {0.67f, 0.67f, 0.28f, 0.28f, true}};
    if (layout == "side-by-side" && count > 1) return {{0, 0, 0.5f, 1, true}, {0.5f, 0, 0.5f, 1, true}};
    if (layout == "grid" && count > 0) {
        const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count))));
        const std::size_t rows = (count + columns - 1) / columns;
        std::vector<Cell> result;
        for (std::size_t i = 0; i < count; ++i)
            result.push_back({static_cast<float>(i % columns) / static_cast<float>(columns),
                              static_cast<float>(i / columns) / static_cast<float>(rows), 1.0f / static_cast<float>(columns),
                              1.0f / static_cast<float>(rows), false});
        return result;
    }
    return {{0, 0, 1, 1, false}};
}

/// The line above a picture: what it is, and what it shows.
void heading(const PanelState& state, const Area& area, const std::string& what, Tone tone, const std::string& scene, bool still) {
    const Kit& kit = *state.kit;
    float x = area.x;
    x += kit.text(x, area.y + kit.px(3), Type::strong, kit.color(tone), what) + kit.px(10);
    float end = area.x + area.w;
    if (still) {
        const std::string& words = state.say("picture.still");
        end -= kit.measure(Type::caption, words).x + kit.px(20);
        kit.icon(Icon::warning, end + kit.px(8), area.y + kit.px(10), kit.px(14), kit.color(Tone::warn));
        kit.text(end + kit.px(20), area.y + kit.px(4), Type::caption, kit.color(Tone::warn), words);
        end -= kit.px(8);
    }
    kit.content(x, area.y + kit.px(3), Type::body, kit.color(Tone::ink_2), scene, std::max(kit.px(24), end - x));
}

std::string scene_name(const PanelState& state, const std::string& id) {
    const auto& scenes = state.show.scenes;
    for (std::size_t i = 0; i < scenes.size(); ++i)
        if (scenes[i].id == id) return (i < 9 ? std::to_string(i + 1) + "  " : "") + scenes[i].name;
    return {};
}

}  // namespace

void preview(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    if (state.ui.page == Page::masks) return mask_canvas(state, area, commands);
    heading(state, {area.x, area.y, area.w, kit.px(24)}, state.say("pane.preview"), Tone::accent, scene_name(state, state.ui.preview),
            false);
    const Area frame{area.x, area.y + kit.px(24), area.w, area.h - kit.px(24)};
    auto* list = ImGui::GetWindowDrawList();
    const float radius = kit.px(static_cast<float>(look().shape.radius_control));
    const Area picture = fit(frame, static_cast<float>(state.show.program_width), static_cast<float>(state.show.program_height));
    list->AddRectFilled(picture.min(), picture.max(), kit.color(Rgb{0, 0, 0}), radius);
    bool any = false;
    if (const SceneItem* scene = state.show.find_scene(state.ui.preview)) {
        const auto places = cells(scene->layout, scene->cameras.size());
        for (std::size_t i = 0; i < std::min(places.size(), scene->cameras.size()); ++i) {
            const Picture* shown = find_picture(state, scene->cameras[i]);
            if (!shown) continue;
            any = true;
            const Cell& cell = places[i];
            draw_picture(kit, *shown,
                         {picture.x + cell.x * picture.w, picture.y + cell.y * picture.h, cell.w * picture.w, cell.h * picture.h},
                         cell.cover, places.size() == 1 ? radius : 0);
        }
    }
    if (!any) draw_empty(state, picture);
    list->AddRect(picture.min(), picture.max(), kit.color(kit.palette.line), radius, 0, kit.px(1));
}

void program(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Picture* shown = find_picture(state, "program");
    const bool still = shown && !state.ui.drag && state.attached() && state.now - shown->changed_at > still_after_s;
    const bool live = state.on_air() && state.attached();
    heading(state, {area.x, area.y, area.w, kit.px(24)}, state.say("pane.program"), live ? Tone::live : Tone::ink,
            scene_name(state, state.show.scene), still);
    const Area frame{area.x, area.y + kit.px(24), area.w, area.h - kit.px(24)};
    auto* list = ImGui::GetWindowDrawList();
    const float radius = kit.px(static_cast<float>(look().shape.radius_control));
    const Area picture = fit(frame, static_cast<float>(state.show.program_width), static_cast<float>(state.show.program_height));
    list->AddRectFilled(picture.min(), picture.max(), kit.color(Rgb{0, 0, 0}), radius);
    if (shown)
        draw_picture(kit, *shown, picture, false, radius);
    else
        draw_empty(state, picture);
    product_marks(state, picture, commands);
    if (state.show.safe && state.attached()) {
        const std::string& words = state.say("safe.on_air");
        const float w = kit.measure(Type::strong, words).x + kit.px(40);
        const Area badge{picture.x + kit.px(10), picture.y + kit.px(10), w, kit.px(30)};
        list->AddRectFilled(badge.min(), badge.max(), kit.color(Tone::warn), kit.px(6));
        const ImU32 ink = kit.color(ink_on(kit.rgb(Tone::warn)));
        kit.icon(Icon::shield, badge.x + kit.px(17), badge.y + badge.h / 2, kit.px(16), ink);
        kit.text(badge.x + kit.px(30), badge.y + kit.px(8), Type::strong, ink, words);
    }
    if (live)
        list->AddRect(picture.min(), picture.max(), kit.color(Tone::live), radius, 0, kit.px(3));
    else
        list->AddRect(picture.min(), picture.max(), kit.color(kit.palette.line), radius, 0, kit.px(1));
}

}  // namespace vitrine::panel::views
