// Recording and outputs: what is written, what is sent, and how well it gets there.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/show_sentences.h"
#include "tools/panel/views/outputs_table.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

void recording(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const RecordingItem& recording = state.show.recording;
    const Area in = titled_card(kit, area, state.say("record.title"));
    scrolling(kit, "recording", in, [&](float x, float first, float width) {
        float y = first;
        const std::string time = clock_text(state.recording_seconds());
        kit.text(x, y - kit.px(2), Type::figure, kit.color(recording.running_s > 0 ? Tone::ink : Tone::ink_2), time);
        y += kit.px(36);
        const bool runs = recording.running_s > 0;
        const bool stopped = recording.wanted && !recording.problem.empty();
        kit.state(x, y,
                  stopped            ? Tone::warn
                  : runs             ? Tone::ready
                  : recording.wanted ? Tone::info
                                     : Tone::ink_2,
                  stopped            ? state.say("record.stopped")
                  : runs             ? state.say("record.on")
                  : recording.wanted ? recording_waits(state)
                                     : state.say("record.off"),
                  width);
        y += kit.px(22);
        if (!recording.problem.empty()) {
            y += kit.paragraph(x, y, Type::body, kit.color(Tone::warn), show_sentence(recording.problem, state.ui.language), width) +
                 kit.px(6);
        }
        if (recording.minutes_left >= 0) {
            const bool little = recording.minutes_left < 15;
            y += kit.paragraph(
                     x, y, Type::body, kit.color(little ? Tone::warn : Tone::ink_2),
                     state.say(little ? "record.disk_little" : "record.disk", std::to_string(static_cast<int>(recording.minutes_left))),
                     width) +
                 kit.px(4);
        }
        if (recording.bytes > 0) {
            char size[24];
            std::snprintf(size, sizeof size, "%.0f", static_cast<double>(recording.bytes) / 1e6);
            y += kit.paragraph(x, y, Type::caption, kit.color(Tone::ink_2), state.say("output.megabyte", size), width) + kit.px(2);
        }
        if (!recording.folder.empty()) y += kit.paragraph(x, y, Type::caption, kit.color(Tone::ink_2), recording.folder, width) + kit.px(4);
        return y - first;
    });
    (void)commands;
}

void chapters(const PanelState& state, const Area& area) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("chapters.title"));
    if (state.show.chapters.empty()) return draw_nothing(kit, in, state.say("chapters.none"));
    scrolling(kit, "chapters", in, [&](float x, float first, float width) {
        float y = first;
        for (auto chapter = state.show.chapters.rbegin(); chapter != state.show.chapters.rend(); ++chapter) {
            const float used = kit.text(x, y, Type::body, kit.color(Tone::ink_2), clock_text(chapter->at_s)) + kit.px(12);
            const std::string number = state.say("log.chapter", std::to_string(chapter->number));
            kit.content(x + used, y, Type::body, kit.color(Tone::ink), chapter->title.empty() ? number : number + " · " + chapter->title,
                        width - used);
            y += kit.px(24);
        }
        return y - first;
    });
}

void table(const PanelState& state, const Area& area) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("outputs.title"));
    const std::vector<OutputRow> rows = output_rows(state);
    if (rows.empty()) return draw_nothing(kit, in, state.say("outputs.none"));
    scrolling(kit, "outputs", in, [&](float x, float first, float width) {
        float y = first;
        for (const OutputRow& row : rows) {
            kit.content(x, y, Type::body, kit.color(Tone::ink), row.name, width);
            y += kit.px(20);
            float used = 0;
            if (row.counts)
                used = kit.state(x, y, row.dropped > 0 || !row.trouble.empty() ? Tone::warn : Tone::ready,
                                 !row.trouble.empty() ? row.trouble
                                 : row.dropped > 0    ? state.say("output.lost", std::to_string(row.dropped))
                                                      : state.say("output.good"),
                                 width);
            if (!row.facts.empty()) {
                const float at = row.counts ? x + used + kit.px(12) : x;
                kit.content(at, y, Type::caption, kit.color(Tone::ink_2), row.facts, x + width - at);
            }
            y += kit.px(26);
        }
        return y - first;
    });
}

}  // namespace

void outputs(const PanelState& state, const Area& area, Commands& commands) {
    const auto [first, second, third] = in_thirds(*state.kit, area);
    recording(state, first, commands);
    chapters(state, second);
    table(state, third);
}

}  // namespace vitrine::panel::views
