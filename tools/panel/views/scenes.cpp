#include <algorithm>

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

/// The names of cameras of the scene that are not well, joined.
std::string troubled(const PanelState& state, const SceneItem& scene) {
    std::string names;
    for (const std::string& id : scene.cameras) {
        const CameraItem* camera = state.show.find_camera(id);
        if (!camera || camera->well()) continue;
        if (!names.empty()) names += ", ";
        names += camera->name;
    }
    return names;
}

void scene_button(const PanelState& state, std::size_t index, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const SceneItem& scene = state.show.scenes[index];
    const bool on_program = scene.id == state.show.scene, next = scene.id == state.ui.preview;
    const bool on_air = on_program && state.on_air() && state.attached();
    const std::string trouble = troubled(state, scene);
    ButtonSpec spec{"scene:" + scene.id, scene.name, state.say("help.scene")};
    if (!trouble.empty()) spec.help += " " + panel::say("scene.camera_trouble", state.ui.language, "name", trouble);
    bool hovered = false, held = false;
    if (kit.press_area(area, spec, hovered, held)) commands.act(SelectPreview{scene.id});

    auto* list = ImGui::GetWindowDrawList();
    const float radius = kit.px(static_cast<float>(look().shape.radius_control));
    list->AddRectFilled(area.min(), area.max(), kit.color(held || hovered ? kit.palette.raised : kit.palette.surface), radius);
    const ImU32 border = on_air       ? kit.color(Tone::live)
                         : on_program ? kit.color(Tone::ink_2)
                         : next       ? kit.color(Tone::accent)
                                      : kit.color(kit.palette.line);
    list->AddRect(area.min(), area.max(), border, radius, 0, on_program || next ? kit.px(2) : 1);

    const bool state_line = area.h >= kit.px(52) && (on_program || next || !trouble.empty());
    const float middle = area.y + area.h / 2;
    float x = area.x + kit.px(12), end = area.x + area.w - kit.px(10);
    if (index < 9) {
        const std::string number = std::to_string(index + 1);
        kit.text(x, middle - kit.px(10), Type::title, kit.color(on_air ? Tone::live : next ? Tone::accent : Tone::ink_2), number);
        x += kit.px(22);
    }
    if (!trouble.empty()) {
        end -= kit.px(18);
        kit.icon(Icon::warning, end + kit.px(9), middle, kit.px(16), kit.color(Tone::warn));
        end -= kit.px(6);
    }
    kit.text(x, middle - (state_line && (on_program || next) ? kit.px(16) : kit.px(7)), Type::body, kit.color(Tone::ink), scene.name,
             end - x);
    if (state_line && (on_program || next))
        kit.text(x, middle + kit.px(3), Type::caption,
                 on_air       ? kit.color(Tone::live)
                 : on_program ? kit.color(Tone::ink_2)
                              : kit.color(Tone::accent),
                 state.say(on_air       ? "scene.on_air"
                           : on_program ? "scene.on_program"
                                        : "scene.next"),
                 end - x);
}

}  // namespace

void scenes(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::size_t count = state.show.scenes.size();
    if (count == 0) return;
    const float gap = kit.px(8);
    const float width = (area.w + gap) / static_cast<float>(count) - gap;
    const std::size_t rows = width < kit.px(112) && count > 1 ? 2 : 1;
    const std::size_t columns = (count + rows - 1) / rows;
    const float w = (area.w + gap) / static_cast<float>(columns) - gap, h = (area.h + gap) / static_cast<float>(rows) - gap;
    for (std::size_t i = 0; i < count; ++i)
        scene_button(state, i,
                     {area.x + static_cast<float>(i % columns) * (w + gap), area.y + static_cast<float>(i / columns) * (h + gap), w, h},
                     commands);
}

}  // namespace vitrine::panel::views
