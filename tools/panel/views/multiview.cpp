// All cameras at once, with tally: red is on air, the accent colour is next. A camera is pressed to take its scene to the preview.

#include <algorithm>
#include <cmath>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

bool has(const SceneItem* scene, const std::string& camera) {
    return scene && std::find(scene->cameras.begin(), scene->cameras.end(), camera) != scene->cameras.end();
}

/// The scene that shows this camera most plainly: alone, else first.
const SceneItem* scene_of(const PanelState& state, const std::string& camera) {
    const SceneItem* best = nullptr;
    for (const SceneItem& scene : state.show.scenes)
        if (has(&scene, camera) && (!best || scene.cameras.size() < best->cameras.size())) best = &scene;
    return best;
}

void tile(const PanelState& state, const CameraItem& camera, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const bool on_program = has(state.show.find_scene(state.show.scene), camera.id);
    const bool on_air = on_program && state.on_air() && state.attached() && !state.show.safe;
    const bool next = has(state.show.find_scene(state.ui.preview), camera.id);
    const SceneItem* scene = scene_of(state, camera.id);
    bool hovered = false, held = false;
    if (kit.press_area(area, {"tile:" + camera.id, camera.name, state.say("help.tile"), scene ? "" : state.say("multiview.no_scene")},
                       hovered, held))
        commands.act(SelectPreview{scene->id});
    auto* list = ImGui::GetWindowDrawList();
    const float strip = kit.px(26), radius = kit.px(6);
    const Area picture{area.x, area.y, area.w, area.h - strip};
    list->AddRectFilled(area.min(), area.max(), kit.color(hovered ? kit.palette.raised : kit.palette.surface), radius);
    list->AddRectFilled(picture.min(), picture.max(), IM_COL32_BLACK, radius, ImDrawFlags_RoundCornersTop);
    if (const Picture* shown = find_picture(state, camera.id))
        draw_picture(kit, *shown, picture, false, 0);
    else
        draw_empty(state, picture);
    const auto [sentence, tone] = camera_words(state, camera);
    list->AddCircleFilled({area.x + kit.px(14), area.y + area.h - strip / 2}, kit.px(4), kit.color(tone), 16);
    const std::string& tally = state.say(on_air ? "scene.on_air" : on_program ? "scene.on_program" : "scene.next");
    const float words = on_program || next ? kit.measure(Type::caption, tally).x + kit.px(12) : 0;
    const float y = area.y + area.h - strip / 2 - kit.px(7);
    kit.content(area.x + kit.px(24), y, Type::caption, kit.color(Tone::ink), camera.name, area.w - kit.px(30) - words);
    if (words > 0)
        kit.text(area.x + area.w - words, y, Type::caption,
                 kit.color(on_air       ? Tone::live
                           : on_program ? Tone::ink_2
                                        : Tone::accent),
                 tally);
    list->AddRect(area.min(), area.max(),
                  on_air       ? kit.color(Tone::live)
                  : on_program ? kit.color(Tone::ink_2)
                  : next       ? kit.color(Tone::accent)
                               : kit.color(kit.palette.line),
                  radius, 0, on_program || next ? kit.px(3) : 1);
}

}  // namespace

void multiview(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::size_t count = state.show.cameras.size();
    if (count == 0) {
        kit.card(area);
        return draw_nothing(kit, area, state.say("cameras.none"));
    }
    // The number of columns that makes the pictures largest.
    const float gap = kit.px(8), strip = kit.px(26);
    float best = 0;
    std::size_t columns = 1;
    for (std::size_t each = 1; each <= count; ++each) {
        const auto rows = static_cast<float>((count + each - 1) / each), across = static_cast<float>(each);
        const float w = std::min((area.w + gap) / across - gap, ((area.h + gap) / rows - gap - strip) * 16 / 9);
        if (w > best) best = w, columns = each;
    }
    best = std::floor(best);
    const float h = std::floor(best * 9 / 16) + strip;
    for (std::size_t i = 0; i < count; ++i)
        tile(state, state.show.cameras[i],
             {area.x + static_cast<float>(i % columns) * (best + gap), area.y + static_cast<float>(i / columns) * (h + gap), best, h},
             commands);
}

}  // namespace vitrine::panel::views
