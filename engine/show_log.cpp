#include "engine/show_log.h"

#include <utility>

#include "engine/messages.h"
#include "engine/preflight.h"
#include "engine/snapshot.h"

namespace vitrine {
namespace {

/// Lines as they are found.
struct Lines {
    std::vector<LogLine> all;
    const Doer& by;

    void add(std::string key, std::map<std::string, std::string> args = {}, Doer doer = {}) {
        LogLine line;
        line.key = std::move(key);
        line.args = std::move(args);
        line.by = std::move(doer);
        all.push_back(std::move(line));
    }
    void done(std::string key, std::map<std::string, std::string> args = {}) { add(std::move(key), std::move(args), by); }
};

std::string session_key(SessionState before, SessionState now) {
    if (now == SessionState::live) return before == SessionState::paused ? "log.resumed" : "log.live";
    if (now == SessionState::ready) return "log.prepared";
    if (now == SessionState::paused) return "log.paused";
    return now == SessionState::ended ? "log.ended" : "";
}

/// The camera's own trouble or return. That it is still being opened at the start is no news.
void cameras(const Snapshot& before, const Snapshot& now, Lines& lines) {
    for (const auto& [id, status] : now.cameras) {
        const auto found = before.cameras.find(id);
        if (found == before.cameras.end() || found->second.state == status.state) continue;
        if (status.state == CameraState::connecting && found->second.state != CameraState::live) continue;
        lines.add("log.camera_" + std::string(to_string(status.state)), {{"camera", id}});
    }
}

void masks(const Snapshot& before, const Snapshot& now, Lines& lines) {
    if (before.show == now.show || !before.show || !now.show) return;
    for (const CameraConfig& camera : now.show->cameras)
        if (const CameraConfig* old = before.show->camera(camera.id); old && old->masks != camera.masks)
            lines.done("log.masks", {{"camera", camera.id}, {"n", std::to_string(camera.masks.size())}});
}

template <class Named>
std::string name_of(const Named* item, const std::string& id, std::string_view language, const ShowConfig& show) {
    if (!item) return id;
    for (const std::string& wanted : {std::string(language), show.languages.empty() ? std::string("en") : show.languages.front()})
        if (const auto found = item->name.by_language.find(wanted); found != item->name.by_language.end() && !found->second.empty())
            return found->second;
    return id;
}

}  // namespace

std::vector<LogLine> log_lines(const Snapshot& before, const Snapshot& now, const Doer& by) {
    Lines lines{{}, by};
    if (before.session != now.session)
        if (std::string key = session_key(before.session, now.session); !key.empty()) lines.done(std::move(key));
    if (before.scene != now.scene) lines.done("log.scene", {{"scene", now.scene}});
    if (before.pinned != now.pinned) now.pinned.empty() ? lines.done("log.unpinned") : lines.done("log.pinned", {{"product", now.pinned}});
    if (before.safe != now.safe) lines.done(now.safe ? "log.safe" : "log.safe_over");
    if (before.muted != now.muted) lines.done(now.muted ? "log.muted" : "log.unmuted");
    if (before.recording.wanted != now.recording.wanted) lines.done(now.recording.wanted ? "log.record" : "log.record_off");
    if ((before.recording.since > 0) != (now.recording.since > 0)) lines.add(now.recording.since > 0 ? "log.recording" : "log.recorded");
    if (now.chapters.size() > before.chapters.size()) lines.done("log.chapter", {{"title", now.chapters.back().title}});
    masks(before, now, lines);
    cameras(before, now, lines);
    return std::move(lines.all);
}

std::string words_of(const LogLine& line, const ShowConfig& show, std::string_view language) {
    if (line.key.empty()) return line.sentence;
    std::map<std::string, std::string> args = line.args;
    for (auto& [name, value] : args) {
        if (name == "camera") value = name_of(show.camera(value), value, language, show);
        if (name == "scene") value = name_of(show.scene(value), value, language, show);
        if (name == "product") value = name_of(show.product(value), value, language, show);
    }
    return sentence(line.key, args, language);
}

std::string words_of(const Doer& doer, std::string_view language) {
    switch (doer.kind) {
        case Doer::Kind::show:
            return {};
        case Doer::Kind::panel:
            return message("log.by.panel", language);
        case Doer::Kind::helper:
            return doer.name.empty() ? message("log.by.helper", language)
                                     : sentence("log.by.helper_named", {{"name", doer.name}}, language);
        case Doer::Kind::program:
            return doer.name.empty() ? message("log.by.program", language)
                                     : sentence("log.by.program_named", {{"name", doer.name}}, language);
    }
    return {};
}

}  // namespace vitrine
