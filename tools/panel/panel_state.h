#pragma once
// All that a frame of the panel is drawn from. The show's part is read from the show and never changed here; the panel's own part (`ui`)
// changes only through apply(). Times are monotonic seconds of the panel's clock.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/desk/desk.h"
#include "engine/scene_frame.h"
#include "tools/panel/commands.h"
#include "tools/panel/control_client.h"
#include "tools/panel/edits.h"
#include "tools/panel/guide.h"
#include "tools/panel/new_show.h"
#include "tools/panel/panel_messages.h"
#include "tools/panel/rehearsal_view.h"
#include "tools/panel/show_view.h"

namespace vitrine::panel {

class Kit;

/// A picture that can be drawn.
struct Picture {
    std::uintptr_t texture = 0;  ///< 0: none
    int width = 0, height = 0;
    double changed_at = 0;
};

/// One line of what is to be seen to before going live.
struct Finding {
    std::string level;    ///< "ok", "warn", "fail"
    LocalText text, fix;  ///< in English and Chinese; no fix where there is nothing to mend
};

struct RecentShow {
    std::string folder, title;
    bool other_port = false;  ///< its own was taken once
    bool operator==(const RecentShow&) const = default;
};

/// What the start screen offers; empty while the panel was told which show to attach to.
struct StartScreen {
    bool offered = false, starting = false;
    bool can_close = false;          ///< the show that is attached runs here and can be told to end its program
    std::vector<RecentShow> recent;  ///< newest first
    std::string trouble;             ///< why the last start came to nothing, when it was not for these:
    std::vector<Problem> problems;   ///< of the folder that was to be started
    int taken_port = 0;              ///< why the last start came to nothing: somebody else listens there
    StartShow tried;
    std::string news;  ///< what was made
};

struct Ui {
    std::string language = "en";
    bool dark = true, explain = false;
    Page page = Page::show;
    Overlay overlay = Overlay::none;
    int fade_ms = 500;
    std::string preview;  ///< scene id
    std::string asked;    ///< what the next press does
    std::string question;
    double asked_at = 0, asked_until = 0;
    char key = 0;  ///< the last that would take itself back, and when
    double key_at = 0;
    std::string copied;
    double copied_until = 0;
    std::string message;  ///< last refusal or good news
    bool message_is_warning = true;
    double message_until = 0;
    std::map<std::string, std::string, std::less<>> kept;  ///< see Keep
    std::optional<CalloutDrag> drag;
    std::optional<MaskEdit> masks;
    std::map<std::string, std::vector<PrivacyMask>> saved_masks;  ///< by camera, those known to stand in the show's file
    std::vector<Edit> done, undone;                               ///< oldest first; what Ctrl+Z takes back and does again
    std::optional<std::vector<Finding>> findings;                 ///< nothing: not asked yet, or on its way
};

struct PanelState {
    const Kit* kit = nullptr;  ///< how to draw
    double now = 0;
    std::int64_t utc_us = 0;

    ShowView show;
    double snapshot_at = 0;  ///< when `show` was read
    bool ever_attached = false;
    ControlClient::Link link = ControlClient::Link::connecting;
    std::string trouble, address;
    double unlinked_since = 0;
    bool gone = false;                ///< not attached, and the show's program on this machine has ended
    bool can_start_again = false;     ///< it is known how it was started
    std::vector<LogItem> log;         ///< oldest first
    double level_db = -100;           ///< program sound; falls slowly, so that it can be read
    double heard_at = 0;              ///< when it was last louder than silence
    desk::DeskView desk;              ///< who is there and what they want; empty before it was read
    std::optional<SceneFrame> scene;  ///< of the program picture shown
    std::vector<GuideChapter> guide;  ///< in the presenter's language
    StartScreen start;
    NewShow new_show;
    std::optional<RehearsalView> rehearsal;  ///< nothing in a show

    std::map<std::string, Picture> pictures;       ///< "program" and camera ids
    std::map<std::string, Picture> file_pictures;  ///< thumbnails, by file
    Ui ui;
    std::uint64_t edit_batches = 0;

    bool attached() const { return link == ControlClient::Link::attached; }
    bool on_air() const { return show.session == SessionState::live; }
    double live_seconds() const;
    double pinned_seconds() const;
    double recording_seconds() const;
    const std::string& say(std::string_view key) const { return panel::say(key, ui.language); }
    std::string say(std::string_view key, std::string_view value) const { return panel::say(key, ui.language, "n", value); }
    const std::string& kept(std::string_view key) const {
        static const std::string none;
        const auto found = ui.kept.find(key);
        return found == ui.kept.end() ? none : found->second;
    }
    bool asked(std::string_view what) const { return ui.asked == what && now < ui.asked_until; }
};

inline constexpr double ask_again_s = 4, copied_s = 2, message_s = 8;
inline constexpr double silence_db = -55, silent_after_s = 3, fall_db_per_s = 20;

/// Reentrant. Carries out what concerns the panel alone.
void apply(const Act& act, PanelState& state);
/// Reentrant. `seconds` since it was called last.
void follow_sound(PanelState& state, double seconds);
/// Reentrant. A preview that names no scene of the show becomes the scene after the one on program.
void settle_preview(PanelState& state);
/// Reentrant. The show has answered what it was asked for until now: older masks that come back are somebody else's.
void settle_masks(PanelState& state);

// What several controls and keys have in common. Each refuses silently what the disabled control refuses with its reason.

/// Empty when allowed, else why not, in the presenter's language.
std::string why_not(const PanelState& state, SessionMove move);
std::string why_no_take(const PanelState& state);
std::string why_no_chapter(const PanelState& state);
std::string why_no_command(const PanelState& state);

/// Pressed once asks, pressed again does it: true the second time, within ask_again_s but not with the same stroke (settled_after_s).
/// `question` says what will happen, with names and amounts.
bool sure(const PanelState& state, const std::string& what, const std::string& question, Commands& commands);
/// The holding picture with silence, at once; the way back to the program asks.
void hold_safe(const PanelState& state, Commands& commands);
/// The preview goes on program; what was there becomes the preview. 0 is a cut.
void take(const PanelState& state, int duration_ms, Commands& commands);
/// What puts the program on air or ends it asks.
void press(const PanelState& state, SessionMove move, Commands& commands);
bool asks_again(const PanelState& state, SessionMove move);
/// Named after the pinned product, else the scene.
void mark_chapter(const PanelState& state, Commands& commands);
/// `key`: '1'…'9', '\n' and ' ' cut, letters as the key map says (views/keys.cpp), '?', '\x1b' Escape, first_page_key + n a page; others
/// nothing.
void press_key(const PanelState& state, char key, Commands& commands);
/// What the window hands over, after the frame has been drawn: press_key() for what is meant for the panel. Letters of a field, and all
/// keys but those of pages as long as a field was the last thing used, are not; a click beside it or Escape ends that.
void take_key(const PanelState& state, char key, Commands& commands);

inline constexpr char undo_key = '\x1a', redo_key = '\x19';  ///< Ctrl+Z; Ctrl+Y, Ctrl+Shift+Z
/// Keys of pages, apart from all characters: F2 … F10 and F1 for help.
inline constexpr char first_page_key = '\x80';

/// "01:02:03".
std::string clock_text(double seconds);

}  // namespace vitrine::panel
