#include "tools/panel/panel_app.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/log.h"
#include "tools/panel/control_client.h"
#include "tools/panel/kit.h"
#include "tools/panel/panel_layout.h"
#include "tools/panel/panel_state.h"
#include "tools/panel/panel_window.h"
#include "tools/panel/preview_pictures.h"
#include "tools/panel/settings.h"

namespace vitrine {
namespace {

using namespace panel;

constexpr double frame_s = 1.0 / 30, unfocused_s = 1.0 / 10, iconified_s = 0.5;
constexpr double idle_redraw_s = 0.5;  // clocks and levels are never older than that

/// Sentences that come back on the sending thread, for the next frame.
struct Refusals {
    std::mutex mutex;
    std::deque<std::string> sentences;
};

class App {
  public:
    App(const PanelOptions& options, PanelWindow& window, PreviewPictures& pictures, Settings settings)
        : options_(options),
          window_(window),
          pictures_(pictures),
          settings_(std::move(settings)),
          client_(options.control_url, options.token_file, options.find_again) {
        state_.kit = &kit_;
        state_.address = options.control_url;
        state_.ui.language = choose_language(options.language, settings_.language);
        state_.ui.dark = settings_.dark;
        for (const std::string_view key : panel_message_keys())
            for (const char* language : {"en", "zh"}) kit_.fonts.want(say(key, language));
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
            bool changed = read_show();
            follow_sound(state_, now - before);
            if (!away) {
                pictures_.follow(state_.link == ControlClient::Link::lost ? "" : state_.show.preview_memory, now);
                changed = pictures_.update(state_.pictures, now) || changed;
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
        if (changed) {
            if (view.link == ControlClient::Link::attached && state_.ever_attached) tell(state_.say("link.back"), false);
            if (state_.attached() || state_.unlinked_since == 0) state_.unlinked_since = state_.now;
            state_.link = view.link;
        }
        state_.trouble = view.trouble;
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
        std::lock_guard lock(refusals_->mutex);
        while (!refusals_->sentences.empty()) {
            if (kit_.fonts.want(refusals_->sentences.front())) fonts_stale_ = true;
            tell(state_.say("refused", refusals_->sentences.front()), true);
            refusals_->sentences.pop_front();
            changed = true;
        }
        return changed;
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
        // Space and Enter belong to the focused control while the focus is shown, else they cut.
        const bool focus_shown = ImGui::GetIO().NavVisible && ImGui::IsAnyItemFocused();
        for (const char key : window_.take_keys()) {
            if (focus_shown && (key == ' ' || key == '\n')) continue;
            if (state_.ever_attached) press_key(state_, key, commands);
        }
        window_.begin_frame();
        draw_panel(state_, window_.width(), window_.height(), commands);
        if (keep_picture) window_.keep_next_picture();
        window_.end_frame();
        carry_out(commands);
    }

    void carry_out(const Commands& commands) {
        for (const Command& command : commands.to_show) {
            client_.send(nlohmann::json::parse(command_to_json(command)), [refusals = refusals_](std::string refusal) {
                if (!refusal.empty()) {
                    std::lock_guard lock(refusals->mutex);
                    refusals->sentences.push_back(std::move(refusal));
                }
            });
        }
        for (const Act& act : commands.acts) {
            apply(act, state_);
            if (std::holds_alternative<CopyBuyerLink>(act)) window_.copy_text(state_.show.buyer_url);
            if (std::holds_alternative<SetLanguage>(act)) settings_.language = state_.ui.language;
        }
        if (!commands.acts.empty() || !commands.to_show.empty()) redraws_ = 3;
    }

    const PanelOptions& options_;
    PanelWindow& window_;
    PreviewPictures& pictures_;
    Settings settings_;
    Kit kit_;
    PanelState state_;
    std::shared_ptr<const nlohmann::json> snapshot_, show_;
    std::string language_;
    std::shared_ptr<Refusals> refusals_ = std::make_shared<Refusals>();
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
    auto pictures = PreviewPictures::create();
    if (!pictures) return tl::unexpected(pictures.error());
    App app(options, **window, **pictures, remembered);
    if (auto ran = app.run(); !ran) return ran;
    if (const Settings now = app.settings(); !for_tests && now != remembered)
        if (auto written = write_settings(options.settings_file, now); !written) log::warn("panel", written.error().message);
    return {};
}

}  // namespace vitrine
