#include "tools/panel/panel_app.h"

#include <imgui.h>

#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <fstream>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "engine/clock.h"
#include "engine/desk/record_json.h"
#include "engine/log.h"
#include "engine/messages.h"
#include "tools/panel/child_job.h"
#include "tools/panel/control_client.h"
#include "tools/panel/description.h"
#include "tools/panel/file_pictures.h"
#include "tools/panel/kit.h"
#include "tools/panel/new_show.h"
#include "tools/panel/panel_layout.h"
#include "tools/panel/panel_state.h"
#include "tools/panel/panel_window.h"
#include "tools/panel/preview_pictures.h"
#include "tools/panel/problem_sentences.h"
#include "tools/panel/said.h"
#include "tools/panel/settings.h"
#include "tools/panel/show_sentences.h"
#include "tools/panel/start_show.h"

namespace vitrine {
namespace {

using namespace panel;

constexpr double frame_s = 1.0 / 30, unfocused_s = 1.0 / 10, iconified_s = 0.5;
constexpr double rehearsal_every_s = 0.5;
constexpr double idle_redraw_s = 0.5;  // clocks and levels are never older than that

/// What comes back on the sending thread, for the next frame.
struct Mailbox {
    std::mutex mutex;
    std::deque<std::function<void()>> letters;
    void put(std::function<void()> letter) {
        {
            std::lock_guard lock(mutex);
            letters.push_back(std::move(letter));
        }
        PanelWindow::wake();
    }
};

std::vector<Finding> read_findings(const nlohmann::json& body) {
    std::vector<Finding> findings;
    if (!body.is_object() || !body.contains("findings") || !body["findings"].is_array()) return findings;
    for (const auto& each : body["findings"])
        if (each.is_object())
            findings.push_back({each.value("level", nlohmann::json()).is_string() ? each.value("level", "") : "", texts_of(each, "text"),
                                texts_of(each, "fix")});
    return findings;
}

std::optional<Page> page_named(const std::string& name) {
    for (int i = 0; i < page_count; ++i)
        if (to_string(static_cast<Page>(i)) == name) return static_cast<Page>(i);
    return std::nullopt;
}

class App {
  public:
    App(const PanelOptions& options, PanelWindow& window, Settings settings)
        : options_(options),
          window_(window),
          settings_(std::move(settings)),
          client_(options.control_url, options.token_file, options.find_again) {
        state_.kit = &kit_;
        state_.address = options.control_url;
        state_.ui.language = choose_language(options.language, settings_.language);
        state_.ui.dark = options.theme.empty() ? settings_.dark : options.theme == "dark";
        state_.ui.fade_ms = settings_.fade_ms;
        if (const auto page = page_named(options.page.empty() ? settings_.page : options.page)) state_.ui.page = *page;
        state_.start.offered = options.offer_start;
        state_.start.can_close = static_cast<bool>(options.close_show);
        for (const auto& recent : settings_.recent) state_.start.recent.push_back({recent.folder, recent.title});
        for (const std::string_view key : panel_message_keys())
            for (const char* language : {"en", "zh"}) kit_.fonts.want(say(key, language));
        for (const char* language : offered_languages) kit_.fonts.want(language_name(language));
        if (!kit_.fonts.complete())
            log::warn("panel",
                      "Noto Sans is not installed, so the panel's text looks plain and may lack Chinese (packages fonts-noto-core, "
                      "fonts-noto-cjk).");
        restyle();
    }

    Result<void> run() {
        const double start = PanelWindow::now();
        double next = start, drawn_at = 0;
        const bool picture_wanted = !options_.screenshot.empty();
        while (!window_.closing()) {
            window_.wait(std::max(0.0, next - PanelWindow::now()));
            const double now = PanelWindow::now();
            if (now < next) continue;  // input came early: it is drawn with the next frame
            const bool away = window_.iconified();
            next = now + (away ? iconified_s : window_.focused() || picture_wanted ? frame_s : unfocused_s);
            const double before = std::exchange(state_.now, now);
            state_.utc_us = utc_now_us();
            if (starting_)
                if (auto ended = starting_->ended()) {
                    starting_.reset();
                    state_.start.starting = false;
                    if (!std::exchange(came_, false))
                        start_failed(std::move(*ended));  // one that was attached to has ended in its own time
                }
            bool changed = read_show();
            changed = look_after_jobs() || changed;
            follow_sound(state_, now - before);
            if (!away) {
                pictures_.follow(state_.link == ControlClient::Link::lost ? "" : state_.show.preview_memory, now);
                changed = pictures_.update(state_.pictures, state_.scene, now, state_.ui.drag.has_value()) || changed;
            }
            if (window_.take_input()) redraws_ = 3;  // ImGui answers input over a few frames
            const bool shoot = picture_wanted && now - start >= options_.screenshot_after_s;
            if (away || (!changed && redraws_ == 0 && now - drawn_at < idle_redraw_s && !shoot)) continue;
            redraws_ = std::max(0, redraws_ - 1);
            drawn_at = now;
            draw(shoot);
            if (shoot) return window_.save_picture(options_.screenshot);
        }
        return {};
    }

    ~App() {
        jobs_.clear();
        std::error_code failed;
        if (!passing_.empty()) std::filesystem::remove_all(passing_, failed);
    }

    /// What is to be remembered.
    Settings settings() const {
        Settings result = settings_;
        result.dark = state_.ui.dark;
        result.fade_ms = state_.ui.fade_ms;
        result.page = to_string(state_.ui.page);
        result.recent.clear();
        for (const RecentShow& show : state_.start.recent) result.recent.push_back({show.folder, show.title});
        if (!window_.iconified()) result.window = window_.place();
        return result;
    }

  private:
    void restyle() {
        kit_.dark = state_.ui.dark;
        kit_.palette = state_.ui.dark ? look().dark : look().light;
        const float scale = fitting_scale(window_.width(), window_.height(), window_.scale());
        const float density = window_.density();
        if (fonts_stale_ || scale != kit_.scale || density != density_) {
            kit_.scale = scale;
            density_ = density;
            kit_.fonts.build(*ImGui::GetIO().Fonts, scale * density);
            ImGui::GetIO().FontGlobalScale = 1 / density;
            window_.renew_fonts();
            fonts_stale_ = false;
        }
        apply_style(kit_);
    }

    /// True when something is to be drawn anew.
    bool read_show() {
        auto view = client_.view();
        bool changed = view.link != state_.link;
        const bool anew = changed && view.link == ControlClient::Link::attached;
        const bool news = view.snapshot != snapshot_ || (view.desk && view.desk != desk_);
        if (changed) {
            if (view.link == ControlClient::Link::attached && state_.ever_attached) tell(state_.say("link.back"), false);
            if (state_.attached() || state_.unlinked_since == 0) state_.unlinked_since = state_.now;
            state_.link = view.link;
        }
        state_.trouble = view.trouble;
        if (closing_ && !state_.attached()) back_to_start();
        state_.ever_attached = state_.ever_attached || state_.attached();
        if (view.snapshot != snapshot_ || view.show != show_ || language_ != state_.ui.language) {
            const bool new_snapshot = view.snapshot != snapshot_;
            snapshot_ = view.snapshot;
            show_ = view.show;
            language_ = state_.ui.language;
            state_.show = panel::read_show(show_.get(), snapshot_.get(), language_);
            if (new_snapshot) state_.snapshot_at = state_.now;
            settle_preview(state_);
            for (const auto* document : {show_.get(), snapshot_.get()})
                if (document && kit_.fonts.want(all_texts(*document))) fonts_stale_ = true;
            window_.set_title(state_.show.title.empty() ? "Vitrine" : state_.show.title + " – Vitrine");
            changed = true;
        }
        if (view.desk && view.desk != desk_) {
            desk_ = view.desk;
            if (auto desk = desk::desk_view_from_json(*desk_))
                state_.desk = std::move(*desk);
            else
                log::warn("panel", "The buyers' desk could not be read.", {{"why", desk.error().message}});
            if (kit_.fonts.want(all_texts(*desk_))) fonts_stale_ = true;
            changed = true;
        }
        if (guide_language_ != state_.ui.language) {
            guide_language_ = state_.ui.language;
            state_.guide = read_guide(options_.guide_folder, guide_language_);
            for (const GuideChapter& chapter : state_.guide) {
                fonts_stale_ = kit_.fonts.want(chapter.title) || fonts_stale_;
                for (const GuideBlock& block : chapter.blocks) fonts_stale_ = kit_.fonts.want(block.text) || fonts_stale_;
            }
        }
        if (state_.attached()) {
            remember_show();
            follow_rehearsal(anew, news);
        }
        return read_mail() || changed;
    }

    bool read_mail() {
        std::deque<std::function<void()>> letters;
        {
            std::lock_guard lock(mailbox_->mutex);
            letters.swap(mailbox_->letters);
        }
        for (const auto& letter : letters) letter();
        return !letters.empty();
    }

    void want(const std::string& text) { fonts_stale_ = kit_.fonts.want(text) || fonts_stale_; }

    /// The show's refusal, as a sentence in the status bar.
    void refused(const std::string& sentence) {
        if (sentence.empty()) return;
        const std::string words = show_sentence(sentence, state_.ui.language);
        want(words);
        tell(state_.say("refused", words), true);
    }

    void tell(std::string sentence, bool warning) {
        if (warning) log::warn("panel", sentence);
        state_.ui.message = std::move(sentence);
        state_.ui.message_is_warning = warning;
        state_.ui.message_until = state_.now + message_s;
    }

    void draw(bool keep_picture) {
        restyle();
        Commands commands;
        // Space and Enter belong to the focused control while the focus is shown, else they cut; and letters to a field that is typed into.
        const ImGuiIO& io = ImGui::GetIO();
        const bool focus_shown = io.NavVisible && ImGui::IsAnyItemFocused();
        for (const char key : window_.take_keys()) {
            if (io.WantTextInput && key != '\x1b' && static_cast<unsigned char>(key) < 0x80) continue;
            if (focus_shown && (key == ' ' || key == '\n')) continue;
            if (state_.ever_attached || key == 'L' || key == 'D') press_key(state_, key, commands);
        }
        kit_.explain = state_.ui.explain;
        drawn_.clear();
        kit_.drawn = options_.controls.empty() ? nullptr : &drawn_;
        window_.begin_frame();
        draw_panel(state_, window_.width(), window_.height(), commands);
        if (keep_picture) window_.keep_next_picture();
        std::vector<ImTextureID> renewed;
        for (const auto& [id, picture] : state_.pictures)
            if (picture.changed_at == state_.now) renewed.push_back((ImTextureID)picture.texture);
        window_.end_frame(renewed);
        if (kit_.drawn) describe();
        carry_out(commands);
    }

    /// What was drawn, for programs that press for a person.
    void describe() {
        std::string now = description(drawn_);
        if (now == described_) return;
        described_ = std::move(now);
        // In one step: who reads it finds the old one or the new one, never half of it.
        const std::filesystem::path next = options_.controls.string() + ".next";
        std::error_code failed;
        if (std::ofstream(next, std::ios::binary) << described_ << std::flush) std::filesystem::rename(next, options_.controls, failed);
    }

    void carry_out(const Commands& commands) {
        for (const Command& command : commands.to_show)
            client_.post("/control/command", nlohmann::json::parse(command_to_json(command)),
                         [this, box = mailbox_](const ControlClient::Answer& answer) {
                             if (!answer.refusal.empty()) box->put([this, words = answer.refusal] { refused(words); });
                         });
        for (const desk::Act& act : commands.to_desk) ask_desk(act);
        for (const Act& act : commands.acts) {
            apply(act, state_);
            if (const auto* copy = std::get_if<CopyText>(&act)) window_.copy_text(copy->text);
            if (std::holds_alternative<SetLanguage>(act)) settings_.language = state_.ui.language;
            if (const auto* keep = std::get_if<Keep>(&act)) want(keep->value);
            if (std::holds_alternative<RunPreflight>(act)) run_preflight();
            if (std::holds_alternative<CloseShow>(act) && options_.close_show) {
                closing_ = options_.close_show();
                if (!closing_) tell(state_.say("close.none"), true);
            }
            if (const auto* start = std::get_if<StartShow>(&act)) start_show(start->folder, start->rehearse);
            if (const auto* opened = std::get_if<OpenNewShow>(&act); opened && opened->open && opened->page == 1) look_for_cameras();
            if (const auto* tried = std::get_if<TryCamera>(&act)) try_camera(tried->source);
            if (const auto* look = std::get_if<LookAtPictures>(&act)) look_at_pictures(look->folder);
            if (std::holds_alternative<MakeShow>(act)) make_show();
        }
        if (!commands.acts.empty() || !commands.to_show.empty() || !commands.to_desk.empty()) redraws_ = 3;
    }

    void ask_desk(const desk::Act& act) {
        const bool invites = std::holds_alternative<desk::MakeInvite>(act);
        client_.post("/control/act", nlohmann::json::parse(desk::act_to_json(act)),
                     [this, invites, box = mailbox_](const ControlClient::Answer& answer) {
                         if (!answer.refusal.empty()) return box->put([this, words = answer.refusal] { refused(words); });
                         const auto link = answer.body.is_object() ? answer.body.find("link") : answer.body.end();
                         if (!invites || !answer.body.is_object() || link == answer.body.end() || !link->is_string()) return;
                         box->put([this, words = link->get<std::string>()] {
                             apply(Keep{"invite.link", words}, state_);
                             apply(Keep{"invite.name", ""}, state_);
                             apply(Keep{"invite.company", ""}, state_);
                         });
                     });
    }

    void run_preflight() {
        client_.get("/control/preflight", [this, box = mailbox_](const ControlClient::Answer& answer) {
            box->put([this, answer] {
                if (!answer.refusal.empty()) {
                    apply(OpenOverlay{}, state_);
                    return refused(answer.refusal);
                }
                state_.ui.findings = read_findings(answer.body);
                for (const Finding& each : *state_.ui.findings)
                    for (const LocalText* text : {&each.text, &each.fix})
                        for (const auto& [language, words] : text->by_language) want(words);
            });
        });
    }

    // Programs beside the window.

    using JobDone = std::function<void(const ChildJob::Ended&)>;

    /// False when it could not be started; `done` has been told so.
    void run_job(const std::vector<std::string>& words, const std::string& input, JobDone done) {
        auto job = ChildJob::start(options_.program, words, input);
        if (!job) {
            log::warn("panel", job.error().message);
            return done({127, ""});
        }
        jobs_.push_back({std::move(*job), std::move(done)});
    }

    bool look_after_jobs() {
        std::vector<std::pair<ChildJob::Ended, JobDone>> ended;
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
    std::string passing_file(const std::string& name) {
        if (passing_.empty()) {
            std::string made = (std::filesystem::temp_directory_path() / "vitrine-panel-XXXXXX").string();
            if (!mkdtemp(made.data())) return {};
            passing_ = made;
        }
        return (std::filesystem::path(passing_) / name).string();
    }

    void show_thumbnail(const std::string& file) {
        if (!file.empty()) state_.file_pictures[file] = file_pictures_.load(file);
    }

    void want_trial(const Trial& trial) {
        for (const LocalText* text : {&trial.text, &trial.fix})
            for (const auto& [language, words] : text->by_language) want(words);
    }

    void look_for_cameras() {
        if (state_.new_show.probing || state_.new_show.probed) return;
        state_.new_show.probing = true;
        run_job({"probe", "--json", "--thumbnails", passing_file("found")}, "", [this](const ChildJob::Ended& end) {
            read_probe(nlohmann::json::parse(end.out, nullptr, false), state_.new_show);
            for (const FoundDevice& device : state_.new_show.cameras) want(device.name);
            for (const FoundDevice& device : state_.new_show.microphones) want(device.name);
            for (const auto& [source, trial] : state_.new_show.trials) {
                want_trial(trial);
                show_thumbnail(trial.thumbnail);
            }
        });
    }

    void try_camera(const std::string& source) {
        const std::string file = passing_file("tried-" + std::to_string(++tried_) + ".jpg");
        run_job({"probe", "--try", "-", "--json", "--thumbnail", file}, source + "\n", [this, source](const ChildJob::Ended& end) {
            const auto said = nlohmann::json::parse(end.out, nullptr, false);
            Trial trial = read_trial(said);
            if (!said.is_object())
                for (const char* language : {"en", "zh"}) trial.text.by_language[language] = say("new.no_answer", language);
            want_trial(trial);
            show_thumbnail(trial.thumbnail);
            state_.new_show.trials[source] = std::move(trial);
        });
    }

    void look_at_pictures(const std::string& folder) {
        const std::string small = passing_file("products-" + std::to_string(++tried_));
        std::error_code failed;
        std::filesystem::create_directories(small, failed);
        run_job({"new", "--look-at", folder, "--thumbnails", small, "--json", "--words", state_.ui.language}, "",
                [this](const ChildJob::Ended& end) {
                    NewShow& show = state_.new_show;
                    const auto said = nlohmann::json::parse(end.out, nullptr, false);
                    read_products(said, show);
                    if (end.code != 0 || !said.is_object()) {
                        show.looking_trouble = state_.say("new.no_folder");
                        show.looked_at.clear();
                    }
                    for (const FoundPicture& product : show.products) {
                        want(product.name);
                        show_thumbnail(product.thumbnail);
                    }
                    for (const std::string& sentence : show.left_out) want(sentence);
                });
    }

    void make_show() {
        std::string folder = state_.kept("new.folder");
        if (folder.empty()) folder = usual_folder(state_);
        run_job({"new", folder, "--answers", "-", "--json", "--words", state_.ui.language},
                new_show_answers(state_).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                [this](const ChildJob::Ended& end) {
                    NewShow& show = state_.new_show;
                    read_made(end.out, show);
                    for (const std::string& problem : show.problems) want(problem);
                    if (show.made.empty()) {
                        if (show.problems.empty()) show.problems.push_back(state_.say("new.no_answer"));
                        return;
                    }
                    auto& recent = state_.start.recent;
                    std::erase_if(recent, [&](const RecentShow& each) { return each.folder == show.made; });
                    recent.insert(recent.begin(), {show.made, state_.kept("new.name")});
                    state_.start.news = state_.say("start.made", show.made);
                    want(state_.start.news);
                    show = {};
                    std::erase_if(state_.ui.kept, [](const auto& entry) { return entry.first.starts_with("new."); });
                });
    }

    /// Asked once for each show that is attached to, and again with each new snapshot while it is a rehearsal.
    void follow_rehearsal(bool attached_anew, bool news) {
        if (attached_anew) state_.rehearsal.reset();
        const bool again = state_.rehearsal && !state_.rehearsal->over && (rehearsal_news_ = rehearsal_news_ || news) &&
                           state_.now >= rehearsal_asked_at_ + rehearsal_every_s;
        if (asking_rehearsal_ || !(attached_anew || again)) return;
        asking_rehearsal_ = true;
        rehearsal_news_ = false;
        rehearsal_asked_at_ = state_.now;
        client_.get("/control/rehearsal", [this, box = mailbox_](const ControlClient::Answer& answer) {
            box->put([this, answer] {
                asking_rehearsal_ = false;
                auto view = answer.refusal.empty() ? read_rehearsal(answer.body) : std::nullopt;
                const bool ends = view && view->over && !(state_.rehearsal && state_.rehearsal->over);
                if (view) {
                    for (const auto& step : view->steps)
                        for (const LocalText* text : {&step.text, &step.how})
                            for (const auto& [language, words] : text->by_language) want(words);
                    for (const char* language : {"en", "zh"})
                        for (const std::string& line : view->result(language)) want(line);
                }
                state_.rehearsal = std::move(view);
                if (ends) apply(OpenOverlay{Overlay::rehearsal}, state_);
            });
        });
    }

    void start_failed(StartingShow::Ended ended) {
        StartScreen& start = state_.start;
        start.problems = std::move(ended.problems);
        start.trouble = start.problems.empty() ? state_.say("start.failed", show_sentence(ended.sentence, state_.ui.language)) : "";
        want(start.trouble);
        for (const Problem& problem : start.problems)
            for (const std::string& words : {problem.file, problem.key, problem.what, problem.hint})
                for (const char* language : {"en", "zh"}) want(problem_sentence(words, language));
    }

    void start_show(const std::string& folder, bool rehearse) {
        state_.start.starting = true;
        state_.start.trouble.clear();
        state_.start.problems.clear();
        state_.start.tried = {folder, rehearse};
        state_.start.news.clear();
        rehearses_ = rehearse;
        started_ = folder;
        if (auto running = start_show_process(options_.program, folder, rehearse); !running) {
            state_.start.starting = false;
            state_.start.trouble = show_sentence(running.error().message, state_.ui.language);
            want(state_.start.trouble);
        } else {
            starting_ = *running;
            came_ = false;
        }
    }

    /// The show was closed from here: nothing is missed when it goes.
    void back_to_start() {
        closing_ = false;
        state_.ever_attached = false;
        state_.show = {};
        state_.desk = {};
        state_.ui.overlay = Overlay::none;
        state_.ui.page = Page::show;
        window_.set_title("Vitrine");
    }

    /// A show that was opened here is offered again next time.
    void remember_show() {
        came_ = came_ || starting_.has_value();
        state_.start.starting = false;
        if (started_.empty() || state_.show.title.empty()) return;
        // A rehearsal's title says that it is one; the show is listed by its own.
        if (std::exchange(rehearses_, false)) return started_.clear();
        auto& recent = state_.start.recent;
        std::erase_if(recent, [&](const RecentShow& show) { return show.folder == started_; });
        recent.insert(recent.begin(), {started_, state_.show.title});
        if (recent.size() > 12) recent.resize(12);
        started_.clear();
    }

    const PanelOptions& options_;
    PanelWindow& window_;
    PreviewPictures pictures_;
    Settings settings_;
    Kit kit_;
    PanelState state_;
    std::shared_ptr<const nlohmann::json> snapshot_, show_, desk_;
    std::string language_, guide_language_;
    std::string started_;  ///< folder of the show that is being started
    std::optional<StartingShow> starting_;
    bool came_ = false;  ///< what was started has been attached to
    bool rehearses_ = false, asking_rehearsal_ = false, rehearsal_news_ = false;
    double rehearsal_asked_at_ = 0;
    std::vector<std::pair<ChildJob, JobDone>> jobs_;
    FilePictures file_pictures_;
    std::string passing_;  ///< folder
    int tried_ = 0;
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    std::vector<Drawn> drawn_;  ///< only while described
    std::string described_;
    bool closing_ = false;
    bool fonts_stale_ = true;
    float density_ = 0;
    int redraws_ = 3;
    ControlClient client_;  // last: its threads end first
};

}  // namespace

Result<void> run_panel(const PanelOptions& options) {
    const Settings remembered = read_settings(options.settings_file);
    PanelWindow::Wish wish;
    wish.width = options.width;
    wish.height = options.height;
    wish.scale = options.scale;
    const PanelOptions plain;
    const bool asked_for_size = options.width != plain.width || options.height != plain.height;
    const bool for_tests = !options.screenshot.empty();
    if (!asked_for_size && !for_tests) wish.place = remembered.window;
    auto window = PanelWindow::open(wish);
    if (!window) return tl::unexpected(window.error());
    App app(options, **window, remembered);
    if (auto ran = app.run(); !ran) return ran;
    if (const Settings now = app.settings(); !for_tests && now != remembered)
        if (auto written = write_settings(options.settings_file, now); !written) log::warn("panel", written.error().message);
    return {};
}

}  // namespace vitrine
