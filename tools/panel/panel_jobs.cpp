#include "tools/panel/panel_jobs.h"

#include <stdlib.h>

#include <nlohmann/json.hpp>

#include "engine/log.h"
#include "engine/private_files.h"

namespace vitrine::panel {

PanelJobs::PanelJobs(std::filesystem::path program, PanelState& state, std::function<void(const std::string&)> want)
    : program_(std::move(program)), state_(state), want_(std::move(want)) {}

PanelJobs::~PanelJobs() {
    jobs_.clear();
    std::error_code failed;
    if (!passing_.empty()) std::filesystem::remove_all(passing_, failed);
}

/// `done` is told also when it could not be started.
void PanelJobs::run(const std::vector<std::string>& words, const std::string& input, Done done) {
    auto job = ChildJob::start(program_, words, input);
    if (!job) {
        log::warn("panel", job.error().message);
        return done({127, ""});
    }
    jobs_.push_back({std::move(*job), std::move(done)});
}

bool PanelJobs::look_after() {
    std::vector<std::pair<ChildJob::Ended, Done>> ended;
    for (auto job = jobs_.begin(); job != jobs_.end();) {
        if (auto end = job->first.poll()) {
            ended.emplace_back(std::move(*end), std::move(job->second));
            job = jobs_.erase(job);
        } else {
            ++job;
        }
    }
    for (const auto& [end, done] : ended) done(end);
    return !ended.empty();
}

/// A place for thumbnails, gone with the panel.
std::string PanelJobs::passing_file(const std::string& name) {
    if (passing_.empty()) {
        std::string made = (std::filesystem::temp_directory_path() / "vitrine-panel-XXXXXX").string();
        if (!mkdtemp(made.data())) return {};
        passing_ = made;
    }
    return (std::filesystem::path(passing_) / name).string();
}

void PanelJobs::show_thumbnail(const std::string& file) {
    if (!file.empty()) state_.file_pictures[file] = file_pictures_.load(file);
}

void PanelJobs::want_trial(const Trial& trial) {
    for (const LocalText* text : {&trial.text, &trial.fix})
        for (const auto& [language, words] : text->by_language) want_(words);
}

std::vector<std::string> PanelJobs::with_known_shows(std::vector<std::string> words) const {
    std::error_code failed;
    for (const RecentShow& show : state_.start.recent)
        if (std::filesystem::exists(std::filesystem::path(show.folder) / "show.toml", failed))
            words.insert(words.end(), {"--show", show.folder});
    return words;
}

void PanelJobs::look_for_cameras() {
    if (state_.new_show.probing || state_.new_show.probed) return;
    state_.new_show.probing = true;
    run(with_known_shows({"probe", "--json", "--thumbnails", passing_file("found")}), "", [this](const ChildJob::Ended& end) {
        read_probe(nlohmann::json::parse(end.out, nullptr, false), state_.new_show);
        for (const FoundDevice& device : state_.new_show.cameras) want_(device.name);
        for (const FoundDevice& device : state_.new_show.microphones) want_(device.name);
        for (const auto& [source, trial] : state_.new_show.trials) {
            want_trial(trial);
            show_thumbnail(trial.thumbnail);
        }
    });
}

void PanelJobs::try_camera(const std::string& source) {
    const std::string file = passing_file("tried-" + std::to_string(++tried_) + ".jpg");
    run(with_known_shows({"probe", "--try", "-", "--json", "--thumbnail", file}), source + "\n",
        [this, source](const ChildJob::Ended& end) {
            const auto said = nlohmann::json::parse(end.out, nullptr, false);
            Trial trial = read_trial(said);
            if (!said.is_object())
                for (const char* language : {"en", "zh"}) trial.text.by_language[language] = say("new.no_answer", language);
            want_trial(trial);
            show_thumbnail(trial.thumbnail);
            state_.new_show.trials[source] = std::move(trial);
        });
}

void PanelJobs::look_at_pictures(const std::string& folder) {
    const std::string small = passing_file("products-" + std::to_string(++tried_));
    (void)make_private_folder(small);
    run({"new", "--look-at", folder, "--thumbnails", small, "--json", "--words", state_.ui.language}, "",
        [this](const ChildJob::Ended& end) {
            NewShow& show = state_.new_show;
            const auto said = nlohmann::json::parse(end.out, nullptr, false);
            read_products(said, show);
            if (end.code != 0 || !said.is_object()) {
                show.looking_trouble = state_.say("new.no_folder");
                show.looked_at.clear();
            }
            for (const FoundPicture& product : show.products) {
                want_(product.name);
                show_thumbnail(product.thumbnail);
            }
            for (const std::string& sentence : show.left_out) want_(sentence);
        });
}

void PanelJobs::make_show() {
    std::string folder = state_.kept("new.folder");
    if (folder.empty()) folder = usual_folder(state_);
    run({"new", folder, "--answers", "-", "--json", "--words", state_.ui.language},
        new_show_answers(state_).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), [this](const ChildJob::Ended& end) {
            NewShow& show = state_.new_show;
            read_made(end.out, show);
            for (const std::string& problem : show.problems) want_(problem);
            if (show.made.empty()) {
                if (show.problems.empty()) show.problems.push_back(state_.say("new.no_answer"));
                return;
            }
            auto& recent = state_.start.recent;
            std::erase_if(recent, [&](const RecentShow& each) { return each.folder == show.made; });
            recent.insert(recent.begin(), {show.made, state_.kept("new.name"), false});
            state_.start.news = state_.say("start.made", show.made);
            want_(state_.start.news);
            show = {};
            std::erase_if(state_.ui.kept, [](const auto& entry) { return entry.first.starts_with("new."); });
        });
}

}  // namespace vitrine::panel
