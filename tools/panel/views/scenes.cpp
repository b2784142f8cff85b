#include <algorithm>
#include <cstdio>

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

/// The names of cameras of the scene that are not well, joined.
std::string troubled(const PanelState& state, const SceneItem& scene) {
    std::string names;
    if (!state.attached()) return names;
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

    float x = area.x + kit.px(10), end = area.x + area.w - kit.px(8);
    const float middle = area.y + area.h / 2;
    if (index < 9) {
        const std::string number = std::to_string(index + 1);
        kit.text(x, middle - kit.px(10), Type::title, kit.color(on_air ? Tone::live : next ? Tone::accent : Tone::ink_2), number);
        x += kit.px(20);
    }
    if (!trouble.empty()) {
        end -= kit.px(18);
        kit.icon(Icon::warning, end + kit.px(9), middle, kit.px(16), kit.color(Tone::warn));
        end -= kit.px(4);
    }
    const ImVec2 extent = kit.measure(Type::caption, scene.name, end - x);
    if (extent.y <= area.h && extent.x <= end - x + 1)
        kit.paragraph(x, middle - extent.y / 2 + kit.px(2), Type::caption, kit.color(Tone::ink), scene.name, end - x);
    else
        kit.content(x, middle - kit.px(6), Type::caption, kit.color(Tone::ink), scene.name, end - x);
}

void safe_button(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const bool on = state.show.safe;
    ButtonSpec spec{
        "safe",      state.say(on ? "safe.off" : "safe.on"), state.say(on ? "help.safe.off" : "help.safe"), why_no_command(state), "S",
        Icon::shield};
    if (on) spec.tone = Tone::warn;
    if (on && state.asked("safe")) {
        spec.label = state.say("confirm.safe");
        spec.selected = true;
    }
    if (kit.button(area, spec)) hold_safe(state, commands);
    // It stands out at rest too, without a colour that means something else.
    if (!on)
        ImGui::GetWindowDrawList()->AddRect(area.min(), area.max(), kit.color(Tone::ink_2),
                                            kit.px(static_cast<float>(look().shape.radius_control)), 0, kit.px(2));
}

}  // namespace

void scenes(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8);
    const std::string why = why_no_take(state);
    char seconds[16];
    std::snprintf(seconds, sizeof seconds, "%g", state.ui.fade_ms / 1000.0);
    const ButtonSpec cut{"cut", state.say("take.cut"), state.say("help.cut"), why, "Enter"};
    const ButtonSpec fade{"fade", state.say("take.fade", seconds), state.say("help.fade"), why, "F"};
    // Widths that no language changes: what is hit without looking stays where it is.
    const float cut_w = kit.px(124), fade_w = kit.px(148), safe_w = kit.px(188);
    float x = area.x + area.w - safe_w;
    safe_button(state, {x, area.y, safe_w, area.h}, commands);
    x -= fade_w + kit.px(20);
    if (kit.button({x, area.y, fade_w, area.h}, fade)) take(state, state.ui.fade_ms, commands);
    x -= cut_w + gap;
    if (kit.button({x, area.y, cut_w, area.h}, cut)) take(state, 0, commands);

    const std::size_t count = state.show.scenes.size();
    if (count == 0) return;
    const float room = x - kit.px(20) - area.x;
    const float width = (room + gap) / static_cast<float>(count) - gap;
    const float widest = std::min(width, kit.px(220));
    for (std::size_t i = 0; i < count; ++i)
        scene_button(state, i, {area.x + static_cast<float>(i) * (widest + gap), area.y, widest, area.h}, commands);
}

}  // namespace vitrine::panel::views
