// What can be pressed, moved and typed into.

#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "tools/panel/kit.h"
#include "tools/panel/shaped_text.h"

namespace vitrine::panel {
namespace {

constexpr float help_after_s = 0.5f;
constexpr float reach_px = 16;  // how near the hand is to what changes under it

#if IMGUI_VERSION_NUM >= 18700
constexpr auto keypad_enter = ImGuiKey_KeypadEnter;
#else
constexpr auto keypad_enter = ImGuiKey_KeyPadEnter;
#endif

bool key_pressed(decltype(ImGuiKey_Enter) key) {
#if IMGUI_VERSION_NUM >= 18700
    return ImGui::IsKeyPressed(key, false);
#else
    return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), false);
#endif
}

/// Enter out of ImGui's sight while this lives: it would take the keyboard from the field.
class EnterHidden {
  public:
    explicit EnterHidden(bool hidden) {
        if (!hidden) return;
        for (const auto key : {ImGuiKey_Enter, keypad_enter}) {
#if IMGUI_VERSION_NUM >= 18700
            float* held = &ImGui::GetKeyData(key)->DownDuration;
#else
            const int index = ImGui::GetIO().KeyMap[key];
            float* held = index >= 0 ? &ImGui::GetIO().KeysDownDuration[index] : nullptr;
#endif
            if (!held) continue;
            hide(held);
        }
#if IMGUI_VERSION_NUM < 18700
        // There it comes as a way of navigation too.
        for (const int input : {ImGuiNavInput_Activate, ImGuiNavInput_Input}) hide(&ImGui::GetIO().NavInputsDownDuration[input]);
#endif
    }
    ~EnterHidden() {
        for (const auto& [held, was] : held_) *held = was;
    }
    EnterHidden(const EnterHidden&) = delete;
    EnterHidden& operator=(const EnterHidden&) = delete;

  private:
    void hide(float* held) {
        held_.emplace_back(held, *held);
        *held = -1;
    }
    std::vector<std::pair<float*, float>> held_;
};

/// What a press on it does.
std::string meaning(const ButtonSpec& spec, const std::string& about) {
    return spec.id + (spec.selected ? " +" : " ") + std::to_string(static_cast<int>(spec.tone)) + "/" +
           std::to_string(static_cast<int>(spec.icon)) + " " + about;
}

/// Puts `wanted` in the place of what is typed; `data` of an input callback.
int set_text(ImGuiInputTextCallbackData* data) {
    const auto* wanted = static_cast<const std::string*>(data->UserData);
    if (!wanted) return 0;
    data->DeleteChars(0, data->BufTextLen);
    data->InsertChars(0, wanted->c_str());
    return 0;
}

}  // namespace

float Kit::button_width(const ButtonSpec& spec) const {
    float width = px(24) + measure(Type::body, spec.label).x;
    if (spec.icon != Icon::none) width += px(16) + (spec.label.empty() ? 0 : px(8));
    if (!spec.key.empty()) width += px(8) + std::max(px(20), measure(Type::caption, spec.key).x + px(10));
    return std::max(width, px(36));
}

float Kit::button_width(ButtonSpec spec, std::initializer_list<std::string> labels) const {
    float width = 0;
    for (const std::string& label : labels) {
        spec.label = label;
        width = std::max(width, button_width(spec));
    }
    return width;
}

bool Kit::press_area(const Area& area, const ButtonSpec& spec, bool& hovered, bool& held) const {
    ImGui::SetCursorScreenPos(area.min());
    if (!focus_next.empty() && focus_next == spec.id) {
        ImGui::SetKeyboardFocusHere();
        focus_next.clear();
    }
    const bool released = ImGui::InvisibleButton(spec.id.c_str(), {std::max(1.0f, area.w), std::max(1.0f, area.h)});
    const bool enabled = spec.why_not.empty();
    const bool over = ImGui::IsItemHovered();
    const std::string does = meaning(spec, hand.about);
    const bool settled = hand.settled(area.x, area.y, area.w, area.h, does);
    if (ImGui::IsItemActivated()) hand.press(does, settled);
    const bool pressed = released && settled && hand.pressed(does);
    hovered = over && enabled;
    held = ImGui::IsItemActive() && enabled && hand.pressed(does);
    if (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible) {
        const float out = px(2), radius = px(static_cast<float>(look().shape.radius_control)) + out;
        ImGui::GetForegroundDrawList()->AddRect({area.x - out, area.y - out}, {area.x + area.w + out, area.y + area.h + out},
                                                color(Tone::accent), radius, 0, px(2));
    }
    // The pointer rests on pictures without a question; there, help comes only when it is asked for.
    const bool picture = area.h > px(120) && enabled;
    const bool asks =
        explain ? over || (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible) : over && !picture && GImGui->HoveredIdTimer > help_after_s;
    if (asks) help(area, spec.help, spec.why_not);
    if (drawn) {
        const ImRect& clip = ImGui::GetCurrentWindow()->ClipRect;
        const bool whole = Area{clip.Min.x, clip.Min.y, clip.GetWidth(), clip.GetHeight()}.contains(area);
        drawn->push_back({spec.id, spec.label, spec.help, area, true, enabled, false, ImGui::IsItemFocused(), false, !whole, over,
                          ImGui::IsItemActive(), spec.selected, settled});
    }
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
    if (drawn && spec.content) drawn->back().content = true;
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
    ButtonSpec as_it_is = spec;
    as_it_is.selected = on;
    const bool pressed = press_area(area, as_it_is, hovered, held);
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

bool Kit::row(const Area& area, const ButtonSpec& spec) const {
    bool hovered = false, held = false;
    const bool pressed = press_area(area, spec, hovered, held);
    auto* list = ImGui::GetWindowDrawList();
    const float radius = px(static_cast<float>(look().shape.radius_control));
    if (spec.selected)
        list->AddRectFilled(area.min(), area.max(), color(Tone::accent, 0.14f), radius);
    else if (hovered || held)
        list->AddRectFilled(area.min(), area.max(), color(palette.raised, held ? 1.0f : 0.7f), radius);
    if (spec.selected) list->AddRectFilled({area.x, area.y + px(8)}, {area.x + px(3), area.y + area.h - px(8)}, color(Tone::accent), px(2));
    return pressed;
}

std::optional<std::size_t> Kit::choice(const Area& area, const std::vector<ButtonSpec>& specs, std::size_t selected) const {
    std::optional<std::size_t> pressed;
    if (specs.empty()) return pressed;
    const float width = area.w / static_cast<float>(specs.size()), radius = px(static_cast<float>(look().shape.radius_control));
    auto* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(area.min(), area.max(), color(palette.raised), radius);
    for (std::size_t i = 0; i < specs.size(); ++i) {
        const Area each{area.x + width * static_cast<float>(i), area.y, width, area.h};
        bool hovered = false, held = false;
        ButtonSpec one = specs[i];
        one.selected = i == selected;  // who cannot see the colour is told, too
        if (press_area(each, one, hovered, held)) pressed = i;
        const bool on = i == selected, enabled = specs[i].why_not.empty();
        if (on || hovered)
            list->AddRectFilled({each.x + px(2), each.y + px(2)}, {each.x + each.w - px(2), each.y + each.h - px(2)},
                                on ? color(Tone::accent, 0.22f) : color(palette.ink, 0.06f), radius - px(2));
        const float icon_width = specs[i].icon == Icon::none ? 0 : px(22);
        const float words = std::min(measure(Type::body, specs[i].label).x, each.w - px(8) - icon_width);
        float x = each.x + (each.w - words - icon_width) / 2;
        const ImU32 ink = color(!enabled || !on ? Tone::ink_2 : Tone::ink);
        if (icon_width > 0) {
            icon(specs[i].icon, x + px(8), each.y + each.h / 2, px(16), ink);
            x += icon_width;
        }
        text(x, each.y + each.h / 2 - px(static_cast<float>(type_px(Type::body))) * 0.54f, Type::body, ink, specs[i].label,
             each.w - px(8) - icon_width);
    }
    list->AddRect({area.x + 0.5f, area.y + 0.5f}, {area.x + area.w - 0.5f, area.y + area.h - 0.5f}, color(palette.line), radius, 0, 1);
    return pressed;
}

std::optional<double> Kit::slider(const Area& area, const ButtonSpec& spec, double value, double step) const {
    const float end = px(36);
    const float bar_y = area.y + area.h - px(36);
    std::optional<double> moved;
    text(area.x, area.y, Type::caption, color(Tone::ink_2), spec.label, area.w);
    ButtonSpec less = spec, more = spec;
    less.id += ":less", more.id += ":more";
    less.label = more.label = "";
    less.icon = Icon::minus, more.icon = Icon::plus;
    if (button({area.x, bar_y, end, end}, less)) moved = std::max(0.0, value - step);
    const Area bar{area.x + end + px(4), bar_y, area.w - 2 * end - px(8), end};
    bool hovered = false, held = false;
    press_area(bar, spec, hovered, held);
    const float room = bar.w - px(16);
    if (held) {
        const double at = std::clamp(static_cast<double>((ImGui::GetIO().MousePos.x - bar.x - px(8)) / room), 0.0, 1.0);
        if (std::abs(at - value) > 0.004) moved = std::round(at * 100) / 100;
    }
    if (button({area.x + area.w - end, bar_y, end, end}, more)) moved = std::min(1.0, value + step);
    auto* list = ImGui::GetWindowDrawList();
    const float middle = bar.y + bar.h / 2, knob = bar.x + px(8) + room * static_cast<float>(std::clamp(value, 0.0, 1.0));
    const float opacity = spec.why_not.empty() ? 1.0f : 0.5f;
    list->AddRectFilled({bar.x, middle - px(3)}, {bar.x + bar.w, middle + px(3)}, color(palette.raised), px(3));
    list->AddRectFilled({bar.x, middle - px(3)}, {knob, middle + px(3)}, color(palette.accent, opacity), px(3));
    list->AddCircleFilled({knob, middle}, px(hovered || held ? 9.0f : 8.0f), color(palette.accent, opacity), 24);
    list->AddCircleFilled({knob, middle}, px(4), color(palette.surface), 20);
    if (moved && *moved == value) moved.reset();
    return moved;
}

/// Text that needs shaping, as it will be read: in its field, or on a plate below the field that is being edited.
void Kit::as_read(const Area& field, const std::string& words, bool editing) const {
    const float pad = px(10), size = px(static_cast<float>(type_px(Type::body))) * line_per_em, wide = measure(Type::body, words).x;
    const bool right = fonts.shaped(Type::body, words).right_to_left;
    auto* list = editing ? ImGui::GetForegroundDrawList() : ImGui::GetWindowDrawList();
    Area room = field;
    if (editing) {
        const float below = field.y + field.h + px(4);
        room.y = below + field.h > ImGui::GetIO().DisplaySize.y ? field.y - field.h - px(4) : below;
        const float radius = px(static_cast<float>(look().shape.radius_control));
        list->AddRectFilled(room.min(), room.max(), color(palette.raised), radius);
        list->AddRect(room.min(), room.max(), color(palette.line), radius);
    }
    // The end of what is typed stays in sight; of what stands there, its beginning.
    const float inner = room.w - 2 * pad, over = std::max(0.0f, wide - inner);
    const float left = room.x + pad + (right ? (editing ? std::max(0.0f, inner - wide) : inner - wide) : editing ? -over : 0.0f);
    list->PushClipRect({room.x + pad, room.y}, {room.x + room.w - pad, room.y + room.h}, true);
    draw_line(list, std::round(left), std::round(room.y + (room.h - size) / 2), Type::body, color(Tone::ink), words);
    list->PopClipRect();
    if (editing) note({"as_read", words, "", room, false, true});
}

void Kit::begin_frame() const {
    const ImGuiIO& io = ImGui::GetIO();
    hand.begin_frame(ImGui::GetTime(), io.MousePos.x, io.MousePos.y, px(reach_px), io.MouseWheel != 0,
                     io.NavVisible && ImGui::IsAnyItemFocused());
}

void Kit::end_frame() const { hand.end_frame(ImGui::IsMouseClicked(0), key_pressed(ImGuiKey_Escape)); }

Kit::Typed Kit::field(const Area& area, const ButtonSpec& spec, const std::string& value, const std::string& hint) const {
    Typed typed;
    std::array<char, 1024> buffer{};
    value.copy(buffer.data(), buffer.size() - 1);
    ImGui::SetCursorScreenPos(area.min());
    ImGui::SetNextItemWidth(area.w);
    const float size = px(static_cast<float>(type_px(Type::body))) * line_per_em;
    ImGui::PushFont(fonts[Type::body]);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(10), std::max(0.0f, (area.h - size) / 2)});
    if (!focus_next.empty() && focus_next == spec.id) {
        ImGui::SetKeyboardFocusHere();
        focus_next.clear();
    }
    const bool enabled = spec.why_not.empty();
    // ImGui's own text is one letter after the other from left to right. While it is edited that is how its caret counts; else it is
    // covered.
    const ImGuiID id = ImGui::GetID(("##" + spec.id).c_str());
    if (GImGui->ActiveId == id && hand.take_leave()) ImGui::ClearActiveID();
    const bool shaped = needs_shaping(value), editing = GImGui->ActiveId == id;
    if (shaped && !editing) ImGui::PushStyleColor(ImGuiCol_Text, 0u);
    const bool entered = editing && enabled && (hand.entered() || key_pressed(ImGuiKey_Enter) || key_pressed(keypad_enter));
    const bool escaped = editing && key_pressed(ImGuiKey_Escape);
    std::string wanted = buffer.data();
    const bool from_outside = editing && field_ == id && wanted != field_text_;
    {
        const EnterHidden hidden(editing);
        const auto flags = ImGuiInputTextFlags_CallbackAlways | (enabled ? 0 : ImGuiInputTextFlags_ReadOnly);
        ImGui::InputTextWithHint(("##" + spec.id).c_str(), hint.c_str(), buffer.data(), buffer.size(), flags, set_text,
                                 from_outside ? &wanted : nullptr);
    }
    // With a letter of the same frame Enter waits until that letter is kept.
    const bool changed = wanted != buffer.data() && !from_outside;
    typed.done = (entered && !changed) || enter_waits_ == id;
    if (enter_waits_ == id) enter_waits_ = 0;
    if (entered && changed) enter_waits_ = id;
    // Escape would bring back what stood there before.
    const bool left = editing && !ImGui::IsItemActive();
    if (escaped && left) buffer.fill(0), wanted.copy(buffer.data(), buffer.size() - 1);
    if (ImGui::IsItemActive()) {
        hand.type();
        if (field_ != id) field_ = id, field_first_ = wanted;
        if (from_outside) field_first_ = wanted;
        field_text_ = buffer.data();
    } else if (field_ == id) {
        field_ = 0;
        if (field_first_ != buffer.data()) typed.from = field_first_;
    }
    const bool focused = ImGui::IsItemFocused() && (ImGui::GetIO().NavVisible || ImGui::IsItemActive()), over = ImGui::IsItemHovered();
    if (shaped && !editing) ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    ImGui::PopFont();
    if (shaped) as_read(area, value, editing);
    if (focused) {
        const float radius = px(static_cast<float>(look().shape.radius_control));
        ImGui::GetWindowDrawList()->AddRect(area.min(), area.max(), color(Tone::accent), radius, 0, px(2));
    }
    // Who types knows.
    if (over && !ImGui::IsItemActive() && (explain || GImGui->HoveredIdTimer > help_after_s)) help(area, spec.help, spec.why_not);
    if (enabled && value != buffer.data()) typed.text = buffer.data();
    if (drawn) {
        const ImRect& clip = ImGui::GetCurrentWindow()->ClipRect;
        const bool whole = Area{clip.Min.x, clip.Min.y, clip.GetWidth(), clip.GetHeight()}.contains(area);
        drawn->push_back({spec.id, spec.label, spec.help, area, true, enabled, false, focused, false, !whole, over,
                          ImGui::IsItemActive() && ImGui::IsMouseDown(0)});
        const std::string& shown = value.empty() ? hint : value;
        drawn->push_back({"", shown, "", area, false, true, value.empty() && measure(Type::body, hint).x > area.w - px(18)});
    }
    return typed;
}

float Kit::chip(float x, float y, Tone tone, const std::string& word) const {
    const float width = measure(Type::caption, word).x + px(12), height = px(18);
    ImGui::GetWindowDrawList()->AddRectFilled({x, y}, {x + width, y + height}, color(tone, 0.18f), px(4));
    text(x + px(6), y + px(3), Type::caption, color(tone == Tone::ink_2 ? Tone::ink_2 : tone), word);
    return width;
}

}  // namespace vitrine::panel
