#include "tools/panel/views/parts.h"

#include <algorithm>
#include <cmath>

namespace vitrine::panel::views {

Area fit(const Area& into, float width, float height) {
    const float scale = std::min(into.w / width, into.h / height);
    const float w = std::round(width * scale), h = std::round(height * scale);
    return {into.x + std::floor((into.w - w) / 2), into.y + std::floor((into.h - h) / 2), w, h};
}

void draw_picture(const Kit&, const Picture& picture, const Area& into, bool cover, float radius) {
    ImVec2 uv0{0, 0}, uv1{1, 1};
    Area to = into;
    const float wide = static_cast<float>(picture.width) / static_cast<float>(picture.height);
    if (cover) {
        const float target = into.w / into.h;
        if (wide > target) {
            const float share = target / wide;
            uv0.x = (1 - share) / 2, uv1.x = (1 + share) / 2;
        } else {
            const float share = wide / target;
            uv0.y = (1 - share) / 2, uv1.y = (1 + share) / 2;
        }
    } else {
        to = fit(into, wide, 1);
    }
    ImGui::GetWindowDrawList()->AddImageRounded((ImTextureID)picture.texture, to.min(), to.max(), uv0, uv1, IM_COL32_WHITE, radius);
}

const Picture* find_picture(const PanelState& state, const std::string& slot) {
    const auto found = state.pictures.find(slot);
    return found == state.pictures.end() || found->second.texture == 0 || found->second.height == 0 ? nullptr : &found->second;
}

void draw_empty(const PanelState& state, const Area& area) {
    const Kit& kit = *state.kit;
    const float width = std::min(area.w - kit.px(24), kit.px(280));
    const bool linked = state.attached();
    const std::string& title = state.say(linked ? "picture.none" : "picture.unlinked");
    const std::string& why = state.say(linked ? "picture.none.why" : "picture.unlinked.why");
    const float height = kit.px(24) + kit.measure(Type::caption, why, width).y;
    float y = area.y + (area.h - height) / 2;
    kit.text(area.x + (area.w - kit.measure(Type::strong, title).x) / 2, y, Type::strong, kit.color(Rgb{232, 236, 241}), title);
    y += kit.px(24);
    kit.paragraph(area.x + (area.w - std::min(width, kit.measure(Type::caption, why, width).x)) / 2, y, Type::caption,
                  kit.color(Rgb{154, 166, 180}), why, width);
}

void draw_meter(const Kit& kit, const Area& bar, double db, bool muted) {
    constexpr double lowest = -60, caution = -9;
    auto* list = ImGui::GetWindowDrawList();
    const auto at = [&](double level) { return bar.x + bar.w * static_cast<float>((level - lowest) / -lowest); };
    list->AddRectFilled(bar.min(), bar.max(), kit.color(kit.palette.raised), kit.px(3));
    const auto fill = [&](double from, double to, Tone tone) {
        const double end = std::min(to, std::clamp(db, lowest, 0.0));
        if (end > from) list->AddRectFilled({at(from), bar.y}, {at(end), bar.y + bar.h}, kit.color(muted ? Tone::ink_2 : tone), kit.px(2));
    };
    fill(lowest, caution, Tone::ready);
    fill(caution, 0, Tone::warn);
    for (const int mark : {-40, -20, -6}) {
        const float x = std::round(at(mark));
        list->AddLine({x, bar.y}, {x, bar.y + bar.h}, kit.color(kit.palette.surface), 1);
    }
}

Words camera_words(const PanelState& state, const CameraItem& camera) {
    if (camera.state.empty()) return {state.say(state.attached() ? "camera.unknown" : "camera.unknown_now"), Tone::ink_2};
    const Tone tone = camera.well() ? Tone::ready : camera.state == "connecting" ? Tone::info : Tone::warn;
    // Nobody finds a cable on a file or on a stream that somebody else sends.
    std::string key = "camera." + camera.state;
    if (camera.state == "lost" || camera.state == "frozen") {
        if (camera.kind == "file") key += ".file";
        if (camera.kind == "sim") key += ".sim";
        if (camera.kind == "srt") key += ".stream";
    }
    return {state.say(key), tone};
}

Area titled_card(const Kit& kit, const Area& area, const std::string& title) {
    kit.card(area);
    const float top = title.empty() ? kit.px(10) : kit.heading(area, title);
    return {area.x + kit.px(12), area.y + top, area.w - kit.px(20), area.h - top - kit.px(8)};
}

void draw_nothing(const Kit& kit, const Area& area, const std::string& sentence) {
    const float width = std::min(area.w - kit.px(16), kit.px(420));
    const ImVec2 extent = kit.measure(Type::body, sentence, width);
    ImGui::GetWindowDrawList()->AddRectFilled(area.min(), area.max(), kit.color(kit.palette.surface));  // no line through the words
    kit.paragraph(area.x + (area.w - extent.x) / 2, area.y + std::max(0.0f, (area.h - extent.y) / 2), Type::body, kit.color(Tone::ink_2),
                  sentence, width);
}

std::array<Area, 3> in_thirds(const Kit& kit, const Area& area) {
    const float gap = kit.px(8), column = std::floor((area.w - 2 * gap) / 3);
    const float second = area.x + column + gap, third = second + column + gap;
    return {Area{area.x, area.y, column, area.h}, Area{second, area.y, column, area.h},
            Area{third, area.y, area.x + area.w - third, area.h}};
}

ButtonSpec pin_button(const PanelState& state, const std::string& product) {
    const bool pinned = !product.empty() && product == state.show.pinned;
    ButtonSpec pin{"pin:" + product,
                   state.say(pinned ? "product.unpin" : "product.pin"),
                   state.say(pinned ? "help.unpin" : "help.pin"),
                   why_no_command(state),
                   "",
                   Icon::pin};
    pin.selected = pinned;
    return pin;
}

float pin_button_width(const PanelState& state, const ButtonSpec& pin) {
    return state.kit->button_width(pin, {state.say("product.unpin"), state.say("product.pin")});
}

float asking_width(const PanelState& state, const ButtonSpec& spec, const Question& question) {
    return state.kit->button_width(spec, {spec.label, question.again});
}

bool asking_button(const PanelState& state, const Area& area, ButtonSpec spec, const Question& question, Commands& commands) {
    if (state.asked(question.what)) {
        spec.label = question.again;
        spec.tone = Tone::warn;
    }
    return state.kit->button(area, spec) && sure(state, question.what, question.sentence, commands);
}

std::string say_both(const PanelState& state, std::string_view key, const std::string& n, const std::string& name) {
    std::string words = state.say(key, n);
    if (const std::size_t at = words.find("{name}"); at != std::string::npos) words.replace(at, 6, name);
    return words;
}

}  // namespace vitrine::panel::views
