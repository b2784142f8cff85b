#include "tools/panel/panel_app.h"

#include <imgui.h>

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <deque>
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
#include "engine/private_files.h"
#include "tools/panel/control_client.h"
#include "tools/panel/description.h"
#include "tools/panel/kit.h"
#include "tools/panel/links.h"
#include "tools/panel/panel_jobs.h"
#include "tools/panel/panel_layout.h"
#include "tools/panel/panel_state.h"
#include "tools/panel/panel_window.h"
#include "tools/panel/preview_pictures.h"
#include "tools/panel/problem_sentences.h"
#include "tools/panel/put_back.h"
#include "tools/panel/said.h"
#include "tools/panel/settings.h"
#include "tools/panel/show_sentences.h"
#include "tools/panel/start_show.h"

namespace vitrine {
namespace {

using namespace panel;

constexpr double frame_s = 1.0 / 30, unfocused_s = 1.0 / 10, iconified_s = 0.5;
constexpr double rehearsal_every_s = 0.5;
constexpr double window_kept_every_s = 1;
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
          client_(
              options.control_url, options.token_file,
              !options.find_again ? ControlClient::FindAgain() : [this](std::string& url, std::filesystem::path& token_file) {
                  options_.find_again(url, token_file, wanted_show_);
              }) {
        kept_ = settings_;
        state_.kit = &kit_;
        state_.address = options.control_url;
        state_.ui.language = choose_language(options.language, settings_.language);
        state_.ui.dark = options.theme.empty() ? settings_.dark : options.theme == "dark";
        state_.ui.fade_ms = settings_.fade_ms;
        if (const auto page = page_named(options.page.empty() ? settings_.page : options.page)) state_.ui.page = *page;
        state_.start.offered = options.offer_start;
        state_.start.can_close = static_cast<bool>(options.close_show);
        for (const auto& recent : settings_.recent) state_.start.recent.push_back({recent.folder, recent.title, recent.other_port});
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
            keep_settings();
            changed = jobs_.look_after() || changed;
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

    /// What is to be remembered.
    Settings settings() const {
        Settings result = settings_;
        result.dark = state_.ui.dark;
        result.fade_ms = state_.ui.fade_ms;
        result.page = to_string(state_.ui.page);
        result.recent.clear();
        for (const RecentShow& show : state_.start.recent) result.recent.push_back({show.folder, show.title, show.other_port});
        if (!window_.iconified()) result.window = window_.place();
        return result;
    }

  private:
    /// At once, so that nothing of it hangs on how the panel ends; a window that is being moved once a second.
    void keep_settings() {
        if (options_.settings_file.empty() || !options_.screenshot.empty()) return;
        const Settings now = settings();
        if (now == kept_) return;
        Settings at_rest = now;
        at_rest.window = kept_.window;
        if (at_rest == kept_ && state_.now < kept_at_ + window_kept_every_s) return;
        kept_ = now;
        kept_at_ = state_.now;
        const auto written = write_settings(options_.settings_file, now);
        if (!written && !std::exchange(settings_fail_, true)) tell(state_.say("settings.not_kept", options_.settings_file.string()), true);
        if (written) settings_fail_ = false;
    }

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
            if (anew && state_.ever_attached && !restore_) tell(state_.say("link.back"), false);
            if (anew) attached_to(view.control_url);
            if (state_.attached() || state_.unlinked_since == 0) state_.unlinked_since = state_.now;
            state_.link = view.link;
        }
        state_.trouble = view.trouble;
        if (const bool gone = is_gone(); gone != state_.gone) state_.gone = gone, changed = true;
        if (closing_ && !state_.attached()) back_to_start();
        state_.ever_attached = state_.ever_attached || state_.attached();
        if (view.snapshot != snapshot_ || view.show != show_ || language_ != state_.ui.language || (changed && state_.ever_attached)) {
            const bool new_snapshot = view.snapshot != snapshot_;
            snapshot_ = view.snapshot;
            show_ = view.show;
            language_ = state_.ui.language;
            state_.show = panel::read_show(show_.get(), snapshot_.get(), language_);
            if (!state_.attached()) forget_standing(state_.show);
            if (new_snapshot) state_.snapshot_at = state_.now;
            settle_preview(state_);
            settle_masks(state_);
            for (const auto* document : {show_.get(), snapshot_.get()})
                if (document && kit_.fonts.want(all_texts(*document))) fonts_stale_ = true;
            window_.set_title(state_.show.title.empty() ? "Vitrine" : state_.show.title + " – Vitrine");
            changed = true;
        }
        if (!state_.attached()) state_.desk.presence.clear();
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
            follow_log(anew);
            if (anew) put_back();
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
    void refused(const std::string& sentence, std::uint64_t edits = 0) {
        forget_edits(state_, edits);
        if (sentence.empty()) return;
        const std::string words = show_sentence(sentence, state_.ui.language);
        want(words);
        tell(state_.say("refused", words), true);
    }

    void tell(std::string sentence, bool warning) {
        if (warning) log::warn("panel", sentence);
        apply(Tell{std::move(sentence), warning}, state_);
    }

    void draw(bool keep_picture) {
        restyle();
        Commands commands;
        kit_.explain = state_.ui.explain;
        drawn_.clear();
        kit_.drawn = options_.controls.empty() ? nullptr : &drawn_;
        const std::vector<char> keys = window_.take_keys();
        kit_.hand.enter(std::find(keys.begin(), keys.end(), '\n') != keys.end());
        window_.begin_frame();
        draw_panel(state_, window_.width(), window_.height(), commands);
        for (const char key : keys) take_key(state_, key, commands);
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
        (void)write_private_file(options_.controls, described_, false);
    }

    void carry_out(Commands commands) {
        const std::uint64_t edits = note_edits(commands, state_);
        take_back(state_, commands);
        for (const Command& command : commands.to_show)
            client_.post("/control/command", nlohmann::json::parse(command_to_json(command)),
                         [this, edits, command, box = mailbox_](const ControlClient::Answer& answer) {
                             if (!answer.refusal.empty()) return box->put([this, edits, words = answer.refusal] { refused(words, edits); });
                             if (const auto* masks = std::get_if<SetMasks>(&command); masks && masks->save)
                                 box->put([this, saved = MasksSaved{masks->camera, masks->masks}] { apply(saved, state_); });
                         });
        for (const desk::Act& act : commands.to_desk) ask_desk(act, edits);
        for (const Act& act : commands.acts) {
            apply(act, state_);
            if (const auto* copy = std::get_if<CopyText>(&act)) {
                window_.copy_text(copy->text);
                if (only_here(copy->text)) tell(state_.say("link.copied.only_here"), true);
            }
            if (std::holds_alternative<SetLanguage>(act)) settings_.language = state_.ui.language;
            if (const auto* keep = std::get_if<Keep>(&act)) want(keep->value);
            if (std::holds_alternative<RunPreflight>(act)) run_preflight();
            if (std::holds_alternative<CloseShow>(act) && options_.close_show) {
                closing_ = options_.close_show();
                if (!closing_) tell(state_.say("close.none"), true);
            }
            if (const auto* start = std::get_if<StartShow>(&act)) start_show(*start);
            if (std::holds_alternative<StartAgain>(act)) start_again();
            if (std::holds_alternative<LeaveShow>(act)) back_to_start();
            if (const auto* opened = std::get_if<OpenNewShow>(&act); opened && opened->open && opened->page == 1) jobs_.look_for_cameras();
            if (const auto* tried = std::get_if<TryCamera>(&act)) jobs_.try_camera(tried->source);
            if (const auto* look = std::get_if<LookAtPictures>(&act)) jobs_.look_at_pictures(look->folder);
            if (std::holds_alternative<MakeShow>(act)) jobs_.make_show();
        }
        if (!commands.acts.empty() || !commands.to_show.empty() || !commands.to_desk.empty()) redraws_ = 3;
    }

    void ask_desk(const desk::Act& act, std::uint64_t edits) {
        const bool invites = std::holds_alternative<desk::MakeInvite>(act);
        const auto* made = std::get_if<desk::MakeInvite>(&act);
        const bool copies = std::holds_alternative<desk::ShowLink>(act) || (made && made->open && made->max_people == anybody);
        client_.post("/control/act", nlohmann::json::parse(desk::act_to_json(act)),
                     [this, invites, copies, edits, box = mailbox_](const ControlClient::Answer& answer) {
                         if (!answer.refusal.empty()) return box->put([this, edits, words = answer.refusal] { refused(words, edits); });
                         const auto link = answer.body.is_object() ? answer.body.find("link") : answer.body.end();
                         if (!answer.body.is_object() || link == answer.body.end() || !link->is_string()) return;
                         box->put([this, invites, copies, words = link->get<std::string>()] { show_link(words, invites, copies); });
                     });
    }

    /// A link that was made or asked for again.
    void show_link(const std::string& link, bool fresh, bool copied) {
        apply(Keep{"invite.link", link}, state_);
        // The next invitation is for one buyer again: a helper's rights are not given away by a button that was left chosen.
        if (fresh)
            for (const char* each : {"invite.name", "invite.company", "invite.kind"}) apply(Keep{each, ""}, state_);
        if (!copied) return;
        window_.copy_text(link);
        tell(state_.say(only_here(link) ? "link.copied.only_here" : "link.copied"), only_here(link));
    }

    // A show that has gone.

    void attached_to(const std::string& control_url) {
        wanted_show_ = PanelOptions::same_show;
        running_ = options_.running ? options_.running(control_url) : std::nullopt;
        state_.can_start_again = running_ && !running_->words.empty() && !options_.program.empty();
        state_.address = control_url;
        state_.heard_at = state_.now;  // silence is heard from now on
    }

    /// Its program is known to have ended; one that only does not answer may be busy.
    bool is_gone() const {
        if (!state_.ever_attached || state_.attached() || state_.start.starting || !running_ || running_->process <= 0) return false;
        return kill(running_->process, 0) != 0 && errno == ESRCH;
    }

    void start_again() {
        if (!running_ || running_->words.empty()) return;
        std::vector<std::string> words = running_->words;
        words.insert(words.end(), {"--headless", "--json", "--wait"});
        // As it was told last, not as it is known now.
        restore_ = panel::read_show(show_.get(), snapshot_.get(), state_.ui.language);
        started_.clear();
        start_program(words);
        if (!state_.start.starting) restore_.reset();
    }

    void put_back() {
        if (!restore_) return;
        Commands commands;
        commands.to_show = commands_back(*restore_, state_.show);
        restore_.reset();
        carry_out(commands);
        tell(state_.say("gone.back"), false);
    }

    /// The log's lines, whenever there are new ones.
    void follow_log(bool attached_anew) {
        if (attached_anew) log_asked_ = 0, state_.log.clear();
        if (asking_log_ || state_.show.log == log_asked_) return;
        asking_log_ = true;
        log_asked_ = state_.show.log;
        client_.get("/control/log", [this, box = mailbox_](const ControlClient::Answer& answer) {
            box->put([this, answer] {
                asking_log_ = false;
                if (!answer.refusal.empty()) return;
                state_.log = read_log(answer.body);
                for (const LogItem& line : state_.log)
                    for (const LocalText* text : {&line.text, &line.by})
                        for (const auto& [language, words] : text->by_language) want(show_sentence(words, "zh")), want(words);
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
        start.taken_port = ended.taken_port;
        start.trouble = ended.taken_port > 0     ? state_.say("start.port_taken", std::to_string(ended.taken_port))
                        : start.problems.empty() ? state_.say("start.failed", show_sentence(ended.sentence, state_.ui.language))
                                                 : "";
        if (std::exchange(restore_, std::nullopt)) tell(start.trouble, true);  // the show's page is still there to say it on
        want(start.trouble);
        for (const Problem& problem : start.problems)
            for (const std::string& words : {problem.file, problem.key, problem.what, problem.hint})
                for (const char* language : {"en", "zh"}) want(problem_sentence(words, language));
    }

    void start_show(const StartShow& wanted) {
        state_.start.tried = wanted;
        // A port that was taken once would be taken, or free, at the next start by chance: links keep the one that was chosen then.
        auto& recent = state_.start.recent;
        const auto known = std::find_if(recent.begin(), recent.end(), [&](const RecentShow& show) { return show.folder == wanted.folder; });
        state_.start.tried.other_port = wanted.other_port || (known != recent.end() && known->other_port);
        rehearses_ = wanted.rehearse;
        started_ = wanted.folder;
        start_program(words_to_start(wanted.folder, wanted.rehearse, state_.start.tried.other_port));
    }

    void start_program(const std::vector<std::string>& words) {
        state_.start.starting = true;
        state_.start.trouble.clear();
        state_.start.problems.clear();
        state_.start.taken_port = 0;
        state_.start.news.clear();
        if (auto running = start_show_process(options_.program, words); !running) {
            state_.start.starting = false;
            state_.start.trouble = show_sentence(running.error().message, state_.ui.language);
            want(state_.start.trouble);
        } else {
            starting_ = *running;
            wanted_show_ = running->process();
            came_ = false;
        }
    }

    /// The show was closed from here: nothing is missed when it goes.
    void back_to_start() {
        closing_ = false;
        wanted_show_ = PanelOptions::any_show;
        running_.reset();
        restore_.reset();
        state_.gone = false;
        state_.ever_attached = false;
        state_.log.clear();
        state_.show = {};
        state_.desk = {};
        state_.ui.done.clear();
        state_.ui.undone.clear();
        state_.ui.saved_masks.clear();
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
        recent.insert(recent.begin(), {started_, state_.show.title, state_.start.tried.other_port});
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
    PanelJobs jobs_{options_.program, state_, [this](const std::string& text) { want(text); }};
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    std::vector<Drawn> drawn_;  ///< only while described
    std::string described_;
    bool closing_ = false;
    Settings kept_;  ///< as they stand in the file
    double kept_at_ = 0;
    bool settings_fail_ = false;
    std::atomic<int> wanted_show_{options_.offer_start ? PanelOptions::any_show : PanelOptions::same_show};
    std::optional<PanelOptions::Running> running_;  ///< what is, or was, attached to
    std::optional<ShowView> restore_;               ///< what the show that is being started again was like
    std::uint64_t log_asked_ = 0;
    bool asking_log_ = false;
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
    return app.run();
}

}  // namespace vitrine
