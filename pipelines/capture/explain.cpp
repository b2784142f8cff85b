#include "pipelines/capture/explain.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "engine/source_url.h"

namespace vitrine {
namespace {

bool holds(const std::string& text, std::initializer_list<const char*> words) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(words.begin(), words.end(), [&](const char* word) { return lower.find(word) != std::string::npos; });
}

bool login_refused(const std::string& reason) { return holds(reason, {"unauthorized", "not authorized", "401", "forbidden", "403"}); }
bool not_there(const std::string& reason) { return holds(reason, {"not found", "404"}); }
bool unreachable(const std::string& reason) {
    return holds(reason, {"could not open resource", "could not connect", "failed to connect", "refused", "unreachable", "no route",
                          "resolve", "timeout", "timed out", "does not answer"});
}
bool broken_off(const std::string& reason) {
    return holds(reason, {"could not read from resource", "could not write to resource", "closed", "could not receive"});
}

bool about_size(const std::string& reason) { return reason.starts_with("its pictures are "); }

}  // namespace

std::string explain_failure(const SourceSpec& spec, const std::string& reason, bool answered) {
    const bool network = spec.scheme == "rtsp" || spec.scheme == "rtsps" || spec.scheme == "srt";
    const std::string name = network ? shown_address(spec.rest) : spec.rest.empty() ? spec.scheme : spec.rest;
    std::string detail = without_secrets(reason);
    while (!detail.empty() && (detail.back() == '.' || std::isspace(static_cast<unsigned char>(detail.back())))) detail.pop_back();

    // Told first: its figures could be taken for a status.
    if (about_size(reason)) return name + " cannot be shown: " + detail + ".";
    if (network) {
        if (login_refused(reason))
            return name + " refuses the user name or password. Check them in show.toml; " + std::string(encoding_advice()) + ".";
        if (not_there(reason)) return name + " has no such stream. Check the path in show.toml.";
        if (holds(reason, {"secure connection", "tls", "certificate"}))
            return name + " offers a TLS certificate that is not trusted (" + detail + "). Install its authority on this computer.";
        if (unreachable(reason)) return name + " cannot be reached. Check its power, its cable and the address in show.toml.";
        if (broken_off(reason))
            return name + (answered ? " broke the connection off." : " does not answer. Check that it runs; restarting it may help.");
    }
    if (spec.scheme == "v4l2") {
        if (holds(reason, {"busy", "in use"})) return name + " is used by another program. Close that program.";
        if (holds(reason, {"cannot identify", "no such", "not found", "could not open"}))
            return "There is no camera at " + name + ". Plug it in, or choose another one that `vitrine probe` lists.";
        if (holds(reason, {"permission"})) return name + " may not be opened. Add your user to the group \"video\" and log in again.";
        if (holds(reason, {"could not read", "failed to allocate", "poll error"})) return name + " was unplugged or stopped.";
    }
    if (spec.scheme == "alsa" || spec.scheme == "pulse" || spec.scheme == "pipewire") {
        if (holds(reason, {"busy", "in use"})) return "The microphone " + name + " is used by another program. Close that program.";
        return "The microphone " + name + " cannot be used (" + detail + "). Plug it in, or choose another one that `vitrine probe` lists.";
    }
    if (holds(reason, {"missing", "no decoder", "plug-in", "plugin"}))
        return name + " is in a format that cannot be decoded here (" + detail + "). Run ./tools/demo once: it installs what is missing.";
    return name + " failed: " + detail + ".";
}

bool another_way_may_help(const std::string& reason) {
    return !about_size(reason) && !login_refused(reason) && !not_there(reason) && !unreachable(reason) && !broken_off(reason);
}

}  // namespace vitrine
