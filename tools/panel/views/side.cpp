// Beside the pictures: how long the product on air has had, how loud the show is, whether the cameras are well.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/show_sentences.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

constexpr double loud_db = -3;

std::string minutes_text(double seconds) {
    const auto whole = static_cast<long long>(std::max(0.0, seconds));
    char text[32];
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
    return text;
}

void product_clock(const PanelState& state, const Area& area) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("side.clock"));
    const ProductItem* product = state.show.find_product(state.show.pinned);
    if (!product) {
        kit.paragraph(in.x, in.y, Type::caption, kit.color(Tone::ink_2), state.say("side.no_product"), in.w);
        return;
    }
    const double spent = state.pinned_seconds();
    const RundownItem* stop = state.show.rundown_at >= 0 && state.show.rundown_at < static_cast<int>(state.show.rundown.size())
                                  ? &state.show.rundown[static_cast<std::size_t>(state.show.rundown_at)]
                                  : nullptr;
    const double planned = stop ? stop->minutes * 60 : 0;
    const bool over = planned > 0 && spent > planned;
    const float used = kit.text(in.x, in.y - kit.px(2), Type::figure, kit.color(over ? Tone::warn : Tone::ink), minutes_text(spent));
    if (planned > 0)
        kit.text(in.x + used + kit.px(8), in.y + kit.px(12), Type::caption, kit.color(Tone::ink_2),
                 state.say("side.of", minutes_text(planned)), in.w - used - kit.px(8));
    kit.content(in.x, in.y + kit.px(36), Type::caption, kit.color(Tone::ink_2), product->name, in.w);
    if (planned > 0) {
        const Area bar{in.x, in.y + kit.px(56), in.w - kit.px(4), kit.px(4)};
        auto* list = ImGui::GetWindowDrawList();
        list->AddRectFilled(bar.min(), bar.max(), kit.color(kit.palette.raised), kit.px(2));
        list->AddRectFilled(bar.min(), {bar.x + bar.w * static_cast<float>(std::min(1.0, spent / planned)), bar.y + bar.h},
                            kit.color(over ? Tone::warn : Tone::accent), kit.px(2));
    }
    kit.help_area(area, "clock", state.say("help.clock"));
}

void level(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("sound.title"));
    const bool muted = state.show.muted;
    ButtonSpec spec{
        "mute", "", state.say(muted ? "help.unmute" : "help.mute"), why_no_command(state), "Q", muted ? Icon::sound_off : Icon::sound};
    if (muted) spec.tone = Tone::warn;
    const float button = kit.px(62);
    if (kit.button({area.x + area.w - button - kit.px(8), area.y + kit.px(8), button, kit.px(36)}, spec)) commands.send(Mute{!muted});
    const double db = state.level_db;
    const bool silent = state.attached() && state.now - state.heard_at > silent_after_s;
    const Area bar{in.x, area.y + kit.px(52), in.w - kit.px(4), kit.px(8)};
    draw_meter(kit, bar, db, muted);
    kit.help_area({bar.x, bar.y - kit.px(2), bar.w, kit.px(12)}, "meter", state.say("help.meter"));
    const Tone tone = !state.attached() ? Tone::ink_2 : muted || silent || db > loud_db ? Tone::warn : Tone::ready;
    ImGui::GetWindowDrawList()->AddCircleFilled({in.x + kit.px(4), bar.y + kit.px(22)}, kit.px(4), kit.color(tone), 16);
    kit.paragraph(in.x + kit.px(14), bar.y + kit.px(16), Type::caption, kit.color(tone == Tone::ready ? Tone::ink_2 : tone),
                  state.say(!state.attached() ? "sound.unknown"
                            : muted           ? "sound.muted"
                            : silent          ? "sound.quiet"
                            : db > loud_db    ? "sound.loud"
                                              : "sound.good"),
                  in.w - kit.px(14));
}

void cameras(const PanelState& state, const Area& area) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("cameras.title"));
    scrolling(kit, "cameras", in, [&](float x, float first, float width) {
        float y = first;
        if (state.show.cameras.empty()) y += kit.paragraph(x, y, Type::caption, kit.color(Tone::ink_2), state.say("cameras.none"), width);
        for (const CameraItem& camera : state.show.cameras) {
            const auto [sentence, tone] = camera_words(state, camera);
            ImGui::GetWindowDrawList()->AddCircleFilled({x + kit.px(4), y + kit.px(7)}, kit.px(4), kit.color(tone), 16);
            kit.content(x + kit.px(14), y, Type::caption, kit.color(Tone::ink), camera.name, width - kit.px(14));
            float height = kit.px(20);
            if (!camera.well())
                height += kit.paragraph(x + kit.px(14), y + kit.px(18), Type::caption, kit.color(tone), sentence, width - kit.px(14));
            kit.help_area({x, y, width, height}, "camera:" + camera.id,
                          camera.detail.empty() ? sentence : show_sentence(camera.detail, state.ui.language));
            y += height + kit.px(2);
        }
        return y - first;
    });
}

}  // namespace

void side(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8), top = kit.px(24);  // on a line with the pictures
    const float clock = kit.px(108), sound = kit.px(100);
    product_clock(state, {area.x, area.y, area.w, clock});
    level(state, {area.x, area.y + clock + gap, area.w, sound}, commands);
    cameras(state, {area.x, area.y + clock + sound + 2 * gap, area.w, std::max(top, area.h - clock - sound - 2 * gap)});
}

}  // namespace vitrine::panel::views
