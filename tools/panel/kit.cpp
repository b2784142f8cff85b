#include "tools/panel/kit.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace vitrine::panel {
namespace {

constexpr float help_after_s = 0.5f;

float mix(float a, float b, float t) { return a + (b - a) * t; }

Rgb mix(const Rgb& a, const Rgb& b, float t) {
    const auto one = [&](std::uint8_t x, std::uint8_t y) { return static_cast<std::uint8_t>(std::lround(mix(x, y, t))); };
    return {one(a.r, b.r), one(a.g, b.g), one(a.b, b.b)};
}

/// Black or white, whichever reads better on it (WCAG 2.2 relative luminance).
Rgb ink_on(const Rgb& ground) {
    const auto linear = [](std::uint8_t v) {
        const double c = v / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const double luminance = 0.2126 * linear(ground.r) + 0.7152 * linear(ground.g) + 0.0722 * linear(ground.b);
    return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? Rgb{255, 255, 255} : Rgb{10, 13, 16};
}

ImVec4 vec(const Rgb& c, float opacity = 1) { return {c.r / 255.0f, c.g / 255.0f, c.b / 255.0f, opacity}; }

std::size_t cut_before(std::string_view text, std::size_t end) {
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return end;
}

}  // namespace

ImU32 Kit::color(const Rgb& rgb, float opacity) const { return ImGui::ColorConvertFloat4ToU32(vec(rgb, opacity)); }

const Rgb& Kit::rgb(Tone tone) const {
    switch (tone) {
        case Tone::ink_2:
            return palette.ink_2;
        case Tone::accent:
            return palette.accent;
        case Tone::live:
            return palette.live;
        case Tone::ready:
            return palette.ready;
        case Tone::warn:
            return palette.warn;
        case Tone::info:
            return palette.info;
        default:
            return palette.ink;
    }
}

ImU32 Kit::color(Tone tone, float opacity) const { return color(rgb(tone), opacity); }

void Kit::note(Drawn what) const {
    if (drawn) drawn->push_back(std::move(what));
}

ImVec2 Kit::measure(Type type, std::string_view text, float wrap) const {
    const float size = px(static_cast<float>(type_px(type))) * line_per_em;
    return fonts[type]->CalcTextSizeA(size, FLT_MAX, wrap, text.data(), text.data() + text.size());
}

float Kit::text(float x, float y, Type type, ImU32 ink, const std::string& words, float width) const {
    const float size = px(static_cast<float>(type_px(type))) * line_per_em;
    std::string shown = words;
    float w = measure(type, shown).x;
    bool shortened = false;
    if (width > 0 && w > width + 0.5f) {
        shortened = true;
        std::size_t end = words.size();
        do {
            end = end == 0 ? 0 : cut_before(words, end - 1);
            shown = words.substr(0, end) + "…";
            w = measure(type, shown).x;
        } while (end > 0 && w > width);
    }
    x = std::round(x), y = std::round(y - size * (1 - 1 / line_per_em) / 2);
    ImGui::GetWindowDrawList()->AddText(fonts[type], size, {x, y}, ink, shown.c_str());
    note({"", words, "", {x, y, w, size}, false, true, shortened});
    return w;
}

float Kit::paragraph(float x, float y, Type type, ImU32 ink, const std::string& words, float width) const {
    const float size = px(static_cast<float>(type_px(type))) * line_per_em;
    const ImVec2 extent = measure(type, words, width);
    x = std::round(x), y = std::round(y - size * (1 - 1 / line_per_em) / 2);
    ImGui::GetWindowDrawList()->AddText(fonts[type], size, {x, y}, ink, words.c_str(), nullptr, width);
    note({"", words, "", {x, y, extent.x, extent.y}, false, true, extent.x > width + 1});
    return extent.y;
}

float Kit::state(float x, float y, Tone tone, const std::string& word, float width) const {
    const float line = px(static_cast<float>(type_px(Type::caption)));
    ImGui::GetWindowDrawList()->AddCircleFilled({x + px(4), y + line * 0.55f}, px(4), color(tone), 16);
    return px(14) +
           text(x + px(14), y, Type::caption, color(tone == Tone::ready ? Tone::ink_2 : tone), word, width > 0 ? width - px(14) : 0);
}

void Kit::card(const Area& area) const {
    auto* list = ImGui::GetWindowDrawList();
    const float radius = px(static_cast<float>(look().shape.radius_card));
    list->AddRectFilled(area.min(), area.max(), color(palette.surface), radius);
    list->AddRect({area.x + 0.5f, area.y + 0.5f}, {area.x + area.w - 0.5f, area.y + area.h - 0.5f}, color(palette.line), radius, 0, 1);
}

float Kit::heading(const Area& area, const std::string& words) const {
    text(area.x + px(12), area.y + px(10), Type::strong, color(Tone::ink), words, area.w - px(24));
    return px(36);
}

float Kit::button_width(const ButtonSpec& spec) const {
    float width = px(24) + measure(Type::body, spec.label).x;
    if (spec.icon != Icon::none) width += px(16) + (spec.label.empty() ? 0 : px(8));
    if (!spec.key.empty()) width += px(8) + std::max(px(20), measure(Type::caption, spec.key).x + px(10));
    return std::max(width, px(36));
}

bool Kit::press_area(const Area& area, const ButtonSpec& spec, bool& hovered, bool& held) const {
    ImGui::SetCursorScreenPos(area.min());
    const bool pressed = ImGui::InvisibleButton(spec.id.c_str(), {std::max(1.0f, area.w), std::max(1.0f, area.h)});
    const bool enabled = spec.why_not.empty();
    const bool over = ImGui::IsItemHovered();
    hovered = over && enabled;
    held = ImGui::IsItemActive() && enabled;
    if (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible) {
        const float out = px(2), radius = px(static_cast<float>(look().shape.radius_control)) + out;
        ImGui::GetForegroundDrawList()->AddRect({area.x - out, area.y - out}, {area.x + area.w + out, area.y + area.h + out},
                                                color(Tone::accent), radius, 0, px(2));
    }
    if (over && GImGui->HoveredIdTimer > help_after_s) help(area, spec.help, spec.why_not);
    note({spec.id, spec.label, spec.help, area, true, enabled, false, ImGui::IsItemFocused()});
    return pressed && enabled;
}

bool Kit::button(const Area& area, const ButtonSpec& spec) const {
    bool hovered = false, held = false;
    const bool pressed = press_area(area, spec, hovered, held);
    const bool enabled = spec.why_not.empty();
    auto* list = ImGui::GetWindowDrawList();
    const float radius = px(static_cast<float>(look().shape.radius_control));
    const bool filled = spec.tone != Tone::ink && enabled;
    Rgb ground = filled ? rgb(spec.tone) : palette.raised;
    if (held)
        ground = mix(ground, palette.ground, 0.25f);
    else if (hovered)
        ground = mix(ground, palette.ink, 0.12f);
    list->AddRectFilled(area.min(), area.max(), color(ground, enabled ? 1.0f : 0.5f), radius);
    if (!filled || spec.selected)
        list->AddRect({area.x + 0.5f, area.y + 0.5f}, {area.x + area.w - 0.5f, area.y + area.h - 0.5f},
                      spec.selected ? color(Tone::accent) : color(palette.line), radius, 0, spec.selected ? px(2) : 1);
    const ImU32 ink = filled ? color(ink_on(rgb(spec.tone))) : enabled ? color(Tone::ink) : color(Tone::ink_2, 0.75f);

    float x = area.x + std::max(px(4), (area.w - button_width(spec)) / 2 + px(12));
    const float middle = area.y + area.h / 2;
    if (spec.icon != Icon::none) {
        icon(spec.icon, x + px(8), middle, px(16), ink);
        x += px(16) + (spec.label.empty() ? 0 : px(8));
    }
    const float cap = spec.key.empty() ? 0 : std::max(px(20), measure(Type::caption, spec.key).x + px(10));
    const float room = area.x + area.w - px(8) - x - (cap > 0 ? cap + px(8) : 0);
    x += text(x, middle - px(static_cast<float>(type_px(Type::body))) * 0.54f, Type::body, ink, spec.label, std::max(1.0f, room));
    if (cap > 0) {
        const float height = px(18);
        x += px(8);
        list->AddRect({x, middle - height / 2}, {x + cap, middle + height / 2}, (ink & 0x00ffffffu) | 0x66000000u, px(4), 0, 1);
        text(x + (cap - measure(Type::caption, spec.key).x) / 2, middle - px(static_cast<float>(type_px(Type::caption))) * 0.54f,
             Type::caption, (ink & 0x00ffffffu) | 0xcc000000u, spec.key);
    }
    return pressed;
}

bool Kit::toggle(const Area& area, const ButtonSpec& spec, bool on) const {
    bool hovered = false, held = false;
    const bool pressed = press_area(area, spec, hovered, held);
    const bool enabled = spec.why_not.empty();
    auto* list = ImGui::GetWindowDrawList();
    if (hovered || held)
        list->AddRectFilled(area.min(), area.max(), color(palette.raised, held ? 1.0f : 0.7f),
                            px(static_cast<float>(look().shape.radius_control)));
    const float width = px(32), height = px(18), middle = area.y + area.h / 2, right = area.x + area.w - px(8);
    const Rgb track = on ? palette.accent : mix(palette.raised, palette.ink_2, 0.35f);
    list->AddRectFilled({right - width, middle - height / 2}, {right, middle + height / 2}, color(track, enabled ? 1.0f : 0.5f),
                        height / 2);
    const float knob = height / 2 - px(2.5f);
    list->AddCircleFilled({on ? right - height / 2 : right - width + height / 2, middle}, knob,
                          color(Rgb{255, 255, 255}, enabled ? 1.0f : 0.6f), 24);
    text(area.x + px(8), middle - px(static_cast<float>(type_px(Type::body))) * 0.54f, Type::body,
         enabled ? color(on ? Tone::ink : Tone::ink_2) : color(Tone::ink_2, 0.75f), spec.label, area.w - width - px(28));
    return pressed;
}

void Kit::help_area(const Area& area, const std::string& id, const std::string& words) const {
    note({id, "", words, area, false, true, false});
    if (ImGui::IsMouseHoveringRect(area.min(), area.max()) && ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) help(area, words, "");
}

void Kit::help(const Area& area, const std::string& words, const std::string& why_not) const {
    if (words.empty() && why_not.empty()) return;
    const float wrap = px(280);
    const ImVec2 first = words.empty() ? ImVec2{} : measure(Type::caption, words, wrap);
    const ImVec2 second = why_not.empty() ? ImVec2{} : measure(Type::caption, why_not, wrap);
    const float pad = px(10), gap = words.empty() || why_not.empty() ? 0 : px(6);
    const ImVec2 size{std::max(first.x, second.x) + 2 * pad, first.y + second.y + gap + 2 * pad};
    const ImVec2 screen = ImGui::GetMainViewport()->Size;
    const float x = std::clamp(area.x, px(4), std::max(px(4), screen.x - size.x - px(4)));
    float y = area.y + area.h + px(6);
    if (y + size.y > screen.y - px(4)) y = area.y - size.y - px(6);
    auto* list = ImGui::GetForegroundDrawList();
    const float radius = px(static_cast<float>(look().shape.radius_control));
    list->AddRectFilled({x, y}, {x + size.x, y + size.y}, color(palette.raised), radius);
    list->AddRect({x, y}, {x + size.x, y + size.y}, color(mix(palette.line, palette.ink_2, 0.4f)), radius, 0, 1);
    const float px_size = px(static_cast<float>(type_px(Type::caption))) * line_per_em;
    if (!words.empty()) list->AddText(fonts[Type::caption], px_size, {x + pad, y + pad}, color(Tone::ink), words.c_str(), nullptr, wrap);
    if (!why_not.empty())
        list->AddText(fonts[Type::caption], px_size, {x + pad, y + pad + first.y + gap}, color(Tone::warn), why_not.c_str(), nullptr, wrap);
}

bool Kit::begin_scroll(const char* id, const Area& area) const {
    ImGui::SetCursorScreenPos(area.min());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
#if IMGUI_VERSION_NUM >= 19090
    const bool visible = ImGui::BeginChild(id, {area.w, area.h}, ImGuiChildFlags_NavFlattened, ImGuiWindowFlags_NoBackground);
#else
    const bool visible = ImGui::BeginChild(id, {area.w, area.h}, false, ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoBackground);
#endif
    ImGui::PopStyleVar();
    return visible;
}

void Kit::end_scroll() const { ImGui::EndChild(); }

void apply_style(const Kit& kit) {
    ImGuiStyle& style = ImGui::GetStyle();
    style = ImGuiStyle();
    style.WindowPadding = {0, 0};
    style.WindowRounding = 0;
    style.WindowBorderSize = style.ChildBorderSize = 0;
    style.ItemSpacing = {0, 0};
    style.ScrollbarSize = kit.px(8);
    style.ScrollbarRounding = kit.px(4);
    style.AntiAliasedLinesUseTex = false;
    ImVec4* colors = style.Colors;
    colors[ImGuiCol_WindowBg] = vec(kit.palette.ground);
    colors[ImGuiCol_ScrollbarBg] = vec(kit.palette.surface, 0);
    colors[ImGuiCol_ScrollbarGrab] = vec(kit.palette.line);
    colors[ImGuiCol_ScrollbarGrabHovered] = colors[ImGuiCol_ScrollbarGrabActive] = vec(kit.palette.ink_2);
#if IMGUI_VERSION_NUM >= 19140
    colors[ImGuiCol_NavCursor] = vec(kit.palette.accent, 0);
#else
    colors[ImGuiCol_NavHighlight] = vec(kit.palette.accent, 0);
#endif
}

}  // namespace vitrine::panel
