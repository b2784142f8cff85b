#pragma once
// The panel without a window: ImGui draws into nothing, the pointer and the keys are ours, and what a frame has drawn is read back. One
// bench at a time: ImGui has one current context. A control is clicked in the middle of where the last frame drew it.

#include <imgui.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tools/panel/panel_layout.h"
#include "tools/panel/panel_messages.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel {

struct PanelBench {
    Kit kit;
    PanelState state;
    std::vector<Drawn> drawn;  ///< by the last frame
    Commands asked;
    float width, height;

    /// `letters`: texts beside the catalogue's whose letters the fonts need.
    PanelBench(const std::string& language, float w, float h, float scale, const std::set<std::string>& letters) : width(w), height(h) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
        io.DisplaySize = {w, h};
#if IMGUI_VERSION_NUM < 18700
        for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
#endif
        for (const auto key : panel_message_keys())
            for (const char* each : {"en", "zh"}) kit.fonts.want(say(key, each));
        for (const std::string& text : letters) kit.fonts.want(text);
        kit.scale = fitting_scale(w, h, scale);
        kit.palette = look().dark;
        kit.fonts.build(*io.Fonts, kit.scale);
        apply_style(kit);
        state.kit = &kit;
        state.now = state.heard_at = 100;
        state.ui.language = language;
    }
    PanelBench(const PanelBench&) = delete;
    PanelBench& operator=(const PanelBench&) = delete;
    ~PanelBench() { ImGui::DestroyContext(); }

    void frame() {
        drawn.clear();
        kit.drawn = &drawn;
        ImGui::GetIO().DeltaTime = 1.0f / 30;
        ImGui::NewFrame();
        draw_panel(state, width, height, asked);
        ImGui::Render();
    }
    void point(ImVec2 at) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
#else
        ImGui::GetIO().MousePos = at;
#endif
        frame();
    }
    void hold(bool down) {
#if IMGUI_VERSION_NUM >= 18700
        ImGui::GetIO().AddMouseButtonEvent(0, down);
#else
        ImGui::GetIO().MouseDown[0] = down;
#endif
        frame();
    }
    void tap(decltype(ImGuiKey_Space) key) {
        for (const bool down : {true, false}) {
#if IMGUI_VERSION_NUM >= 18700
            ImGui::GetIO().AddKeyEvent(key, down);
#else
            ImGui::GetIO().KeysDown[key] = down;
#endif
            frame();
            frame();
        }
    }
    const Drawn& control(const std::string& id) {
        frame();
        const auto found = std::find_if(drawn.begin(), drawn.end(), [&](const Drawn& d) { return d.control && d.id == id; });
        if (found == drawn.end()) throw std::runtime_error("no control " + id);
        return *found;
    }
    bool shows(const std::string& text) {
        frame();
        return std::any_of(drawn.begin(), drawn.end(), [&](const Drawn& d) { return d.text == text; });
    }
    /// The commands and acts that one click asks for; nothing is carried out.
    Commands click(const std::string& id) {
        const Area area = control(id).area;
        point({area.x + area.w / 2, area.y + area.h / 2});
        for (int i = 0; i < 13; ++i) frame();  // until the place has done this for a while
        asked = {};
        hold(true);
        hold(false);
        frame();
        return std::exchange(asked, {});
    }
    void keep(const std::string& key, const std::string& value) { apply(Keep{key, value}, state); }
};

/// What is wrong with what the last frame drew, each also told to the test.
inline std::vector<std::string> complaints(const PanelBench& bench) {
    std::vector<std::string> found;
    std::vector<Drawn> controls;
    for (const Drawn& d : bench.drawn) {
        if (d.shortened && !d.content) found.push_back("cut short: " + d.text);
        if (!d.control) continue;
        if (d.help.empty()) found.push_back("no help: " + d.id);
        if (d.area.h < bench.kit.px(36) - 0.5f || d.area.w < bench.kit.px(36) - 0.5f) found.push_back("too small: " + d.id);
        if (!Area{0, 0, bench.width, 10'000}.contains(d.area)) found.push_back("outside: " + d.id);
        for (const Drawn& other : controls) {
            const bool apart = d.area.x + 0.5f >= other.area.x + other.area.w || other.area.x + 0.5f >= d.area.x + d.area.w ||
                               d.area.y + 0.5f >= other.area.y + other.area.h || other.area.y + 0.5f >= d.area.y + d.area.h;
            // What scrolls may lie below what does not.
            if (!apart && !d.clipped && !other.clipped) found.push_back(d.id + " over " + other.id);
        }
        controls.push_back(d);
    }
    for (const std::string& each : found) UNSCOPED_INFO(each);
    return found;
}

}  // namespace vitrine::panel
