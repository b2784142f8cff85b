#include "tools/panel/views/outputs_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

namespace vitrine::panel::views {
namespace {

std::string decimal(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
    return text;
}

/// Camera to screen over all pages that tell it: the middle one's median, the worst 95 %; ms.
std::optional<std::pair<long, long>> delay_of(const PanelState& state) {
    std::vector<double> medians;
    double worst = 0;
    for (const auto& [person, presence] : state.desk.presence) {
        if (presence.sockets == 0 || presence.delay_ms <= 0) continue;
        medians.push_back(presence.delay_ms);
        worst = std::max(worst, presence.delay95_ms);
    }
    if (medians.empty()) return std::nullopt;
    const auto middle = medians.begin() + static_cast<std::ptrdiff_t>(medians.size() / 2);
    std::nth_element(medians.begin(), middle, medians.end());
    return std::pair(std::lround(*middle), std::lround(worst));
}

}  // namespace

std::string recording_waits(const PanelState& state) {
    const bool open_soon = state.show.session == SessionState::live || state.show.session == SessionState::paused;
    return !state.attached() ? state.say("record.unknown") : state.say(open_soon ? "record.opening" : "record.waits");
}

std::vector<OutputRow> output_rows(const PanelState& state) {
    std::vector<OutputRow> result;
    OutputRow browsers;
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
        OutputRow row;
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
        // A recording says "writing" while it does; any other word means that nothing gets to the disk.
        if (output.kind == "recording" && output.state != "writing") row.trouble = state.say("output.not_written");
        result.push_back(std::move(row));
    }
    if (count > 0) {
        browsers.name = count == 1 ? state.say("output.webrtc.one") : state.say("output.webrtc", std::to_string(count));
        browsers.watched = true;
        if (kbps > 0) browsers.facts = state.say("output.mbit", decimal(kbps / 1000));
        if (const auto delay = delay_of(state))
            browsers.facts += (browsers.facts.empty() ? "" : " · ") +
                              panel::say("output.delay", state.ui.language, "n",
                                         std::to_string(delay->first) + " / " + std::to_string(delay->second) + " ms");
        result.insert(result.begin(), std::move(browsers));
    }
    return result;
}

}  // namespace vitrine::panel::views
