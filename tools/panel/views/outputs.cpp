#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tools/panel/views/views.h"

namespace vitrine::panel::views {
namespace {

struct Row {
    std::string name, facts;
    std::uint64_t dropped = 0;
    bool counts = true, watched = false;
};

std::string decimal(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
    return text;
}

/// All browsers in one row: a hundred buyers are one thing to look at.
std::vector<Row> rows(const PanelState& state) {
    std::vector<Row> result;
    Row browsers;
    int count = 0;
    double kbps = 0;
    for (const OutputItem& output : state.show.outputs) {
        if (output.kind == "webrtc") {
            // "12 connected" for all of them together, any other word for one.
            char* end = nullptr;
            const long connected = std::strtol(output.state.c_str(), &end, 10);
            count += end == output.state.c_str() ? 1 : static_cast<int>(std::clamp(connected, 0l, 100000l));
            kbps += output.bitrate_kbps;
            browsers.dropped += output.dropped;
            continue;
        }
        Row row;
        const bool known = output.kind == "recording" || output.kind == "encoder";
        row.name = state.say(known ? "output." + output.kind : "output.other", known ? output.name : output.kind);
        if (output.kind == "encoder") {
            row.facts = output.state;
            row.counts = false;
        }
        if (output.bytes > 0) row.facts = state.say("output.megabyte", decimal(static_cast<double>(output.bytes) / 1e6));
        if (output.bitrate_kbps > 0)
            row.facts += (row.facts.empty() ? "" : " · ") + state.say("output.mbit", decimal(output.bitrate_kbps / 1000));
        row.dropped = output.dropped;
        result.push_back(std::move(row));
    }
    if (count > 0) {
        browsers.name = count == 1 ? state.say("output.webrtc.one") : state.say("output.webrtc", std::to_string(count));
        browsers.watched = true;
        if (kbps > 0) browsers.facts = state.say("output.mbit", decimal(kbps / 1000));
        result.insert(result.begin(), std::move(browsers));
    }
    return result;
}

}  // namespace

void outputs(const PanelState& state, const Area& area, Commands&) {
    const Kit& kit = *state.kit;
    kit.card(area);
    const float top = kit.heading(area, state.say("outputs.title"));
    const Area inside{area.x + kit.px(12), area.y + top, area.w - kit.px(16), area.h - top - kit.px(8)};
    if (kit.begin_scroll("outputs", inside)) {
        const float x = ImGui::GetCursorScreenPos().x, first = ImGui::GetCursorScreenPos().y, width = inside.w - kit.px(12);
        float y = first;
        const auto all = rows(state);
        const bool watched = std::any_of(all.begin(), all.end(), [&](const Row& row) { return row.watched; });
        if (!watched) {
            const std::string& nobody = state.say(all.empty() ? "outputs.none" : "output.nobody");
            y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), nobody, width) + kit.px(8);
        }
        for (const Row& row : all) {
            kit.text(x, y, Type::body, kit.color(Tone::ink), row.name, width);
            y += kit.px(20);
            float used = 0;
            if (row.counts) {
                const std::string words =
                    row.dropped > 0 ? state.say("output.lost", std::to_string(row.dropped)) : state.say("output.good");
                used = kit.state(x, y, row.dropped > 0 ? Tone::warn : Tone::ready, words, width);
            }
            if (!row.facts.empty()) {
                const float facts = kit.measure(Type::caption, row.facts).x;
                const float at = row.counts ? std::max(x + used + kit.px(8), x + width - facts) : x;
                kit.text(at, y, Type::caption, kit.color(Tone::ink_2), row.facts, x + width - at);
            }
            y += kit.px(26);
        }
        ImGui::Dummy({width, y - first});
    }
    kit.end_scroll();
}

}  // namespace vitrine::panel::views
