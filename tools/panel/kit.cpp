#include "tools/panel/kit.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace vitrine::panel {
namespace {

ImVec4 vec(const Rgb& c, float opacity = 1) { return {c.r / 255.0f, c.g / 255.0f, c.b / 255.0f, opacity}; }

std::size_t cut_before(std::string_view text, std::size_t end) {
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return end;
}

std::size_t next_cut(std::string_view text, std::size_t at) {
    if (at < text.size()) ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
    return at;
}

}  // namespace

Rgb mix(const Rgb& a, const Rgb& b, float t) {
    const auto one = [&](std::uint8_t x, std::uint8_t y) {
        return static_cast<std::uint8_t>(std::lround(static_cast<float>(x) + static_cast<float>(y - x) * t));
    };
    return {one(a.r, b.r), one(a.g, b.g), one(a.b, b.b)};
}

Rgb ink_on(const Rgb& ground) {
    const auto linear = [](std::uint8_t v) {
        const double c = v / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const double luminance = 0.2126 * linear(ground.r) + 0.7152 * linear(ground.g) + 0.0722 * linear(ground.b);
    return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? Rgb{255, 255, 255} : Rgb{10, 13, 16};
}

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

float Kit::draw_line(ImDrawList* list, float x, float y, Type type, ImU32 ink, std::string_view words) const {
    const float size = px(static_cast<float>(type_px(type))) * line_per_em;
    if (!needs_shaping(words)) {
        list->AddText(fonts[type], size, {x, y}, ink, words.data(), words.data() + words.size());
        return measure(type, words).x;
    }
    const ImFont& font = *fonts[type];
    const float share = size / font.FontSize, baseline = y + std::round(font.Ascent * share);
    const ShapedLine& line = fonts.shaped(type, words);
    list->PushTextureID(font.ContainerAtlas->TexID);
    for (const PlacedGlyph& glyph : line.glyphs) {
        const Fonts::Placed* at = fonts.find(type, glyph.name);
        if (!at) continue;
        const float left = x + (std::round(glyph.x) + at->x) * share, top = baseline + (std::round(glyph.y) + at->y) * share;
        list->PrimReserve(6, 4);
        list->PrimRectUV({left, top}, {left + at->w * share, top + at->h * share}, {at->u0, at->v0}, {at->u1, at->v1}, ink);
    }
    list->PopTextureID();
    return line.width * share;
}

std::vector<std::string> Kit::wrap(Type type, const std::string& text, float width) const {
    std::vector<std::string> lines(1);
    std::size_t at = 0;
    while (at < text.size()) {
        // The next word with the spaces after it; a word wider than a line is broken between letters.
        std::size_t end = text.find(' ', at);
        end = end == std::string::npos ? text.size() : text.find_first_not_of(' ', end);
        if (end == std::string::npos) end = text.size();
        std::string word = text.substr(at, end - at);
        if (!lines.back().empty() && measure(type, lines.back() + word).x > width) lines.emplace_back();
        while (measure(type, word).x > width) {
            std::size_t fits = 0, next = 0;
            do {
                fits = next;
                next = next_cut(word, next);
            } while (next < word.size() && measure(type, word.substr(0, next)).x <= width);
            if (fits == 0) break;
            lines.back() = word.substr(0, fits);
            lines.emplace_back();
            word.erase(0, fits);
        }
        lines.back() += word;
        at = end;
    }
    return lines;
}

ImVec2 Kit::measure(Type type, std::string_view text, float wrap_width) const {
    const float size = px(static_cast<float>(type_px(type))) * line_per_em;
    if (!needs_shaping(text)) return fonts[type]->CalcTextSizeA(size, FLT_MAX, wrap_width, text.data(), text.data() + text.size());
    const float share = size / fonts[type]->FontSize;
    if (wrap_width <= 0) return {fonts.shaped(type, text).width * share, size};
    ImVec2 extent{0, 0};
    for (const std::string& line : wrap(type, std::string(text), wrap_width)) {
        extent.x = std::max(extent.x, measure(type, line).x);
        extent.y += size;
    }
    return extent;
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
    draw_line(ImGui::GetWindowDrawList(), x, y, type, ink, shown);
    note({"", words, "", {x, y, w, size}, false, true, shortened});
    return w;
}

float Kit::content(float x, float y, Type type, ImU32 ink, const std::string& words, float width) const {
    const float w = text(x, y, type, ink, words, width);
    if (drawn) drawn->back().content = true;
    return w;
}

float Kit::paragraph(float x, float y, Type type, ImU32 ink, const std::string& words, float width) const {
    const float size = px(static_cast<float>(type_px(type))) * line_per_em;
    const ImVec2 extent = measure(type, words, width);
    x = std::round(x), y = std::round(y - size * (1 - 1 / line_per_em) / 2);
    if (needs_shaping(words)) {
        float line_y = y;
        for (const std::string& line : wrap(type, words, width)) {
            const bool right = needs_shaping(words) && fonts.shaped(type, words).right_to_left;
            draw_line(ImGui::GetWindowDrawList(), right ? std::round(x + width - measure(type, line).x) : x, line_y, type, ink, line);
            line_y += size;
        }
    } else {
        ImGui::GetWindowDrawList()->AddText(fonts[type], size, {x, y}, ink, words.c_str(), nullptr, width);
    }
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

void Kit::mark(const Area& area, const std::string& id) const { note({id, "", "", area}); }

void Kit::help_area(const Area& area, const std::string& id, const std::string& words) const {
    note({id, "", words, area, false, true, false});
    if (ImGui::IsMouseHoveringRect(area.min(), area.max()) && ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) &&
        (explain || GImGui->HoveredIdTimer > 0 || ImGui::GetIO().MouseDelta.x == 0))
        help(area, words, "");
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
    style.FrameRounding = kit.px(static_cast<float>(look().shape.radius_control));
    style.FrameBorderSize = 1;
    style.FramePadding = {kit.px(10), kit.px(8)};
    for (const int each : {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive}) colors[each] = vec(kit.palette.ground);
    colors[ImGuiCol_Border] = vec(kit.palette.line);
    colors[ImGuiCol_Text] = vec(kit.palette.ink);
    colors[ImGuiCol_TextDisabled] = vec(kit.palette.ink_2);
    colors[ImGuiCol_TextSelectedBg] = vec(kit.palette.accent, 0.4f);
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
