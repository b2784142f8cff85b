#pragma once
// The control panel: a window of its own process. It holds no state of the show: snapshot in, commands out; pictures come through shared
// memory. When the show goes away it says so and attaches again when it is back.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

struct PanelOptions {
    std::string control_url;  ///< "http://127.0.0.1:41234"
    std::filesystem::path token_file;
    static constexpr int same_show = 0, any_show = -1;
    /// Where the show is now, asked again whenever it does not answer. In: where it was. `wanted`: the process of a show that was started
    /// here, or one of the two above. Empty: always the address above.
    std::function<void(std::string& control_url, std::filesystem::path& token_file, int wanted)> find_again;
    /// How a show is started from the start screen: the program and its first arguments ("vitrine", "run"); empty: it offers none. The
    /// show is a process of its own and outlives the panel.
    std::filesystem::path program;
    /// The program on this machine that runs the show with that control address; nothing: none that is known of. `words` start it again
    /// where it listens now ("run", FOLDER, …); empty: it cannot be.
    struct Running {
        int process = 0;
        std::vector<std::string> words;
    };
    std::function<std::optional<Running>(const std::string& control_url)> running;
    /// Asks the program that runs the show to end in order; false when there is none of this user's here. Empty: shows are not closed here.
    std::function<bool()> close_show;
    bool offer_start = false;             ///< no show was named and none runs
    std::filesystem::path guide_folder;   ///< en.md, zh.md
    std::filesystem::path settings_file;  ///< window place, language, theme; created when missing
    int width = 1280, height = 720;
    float scale = 0;                   ///< 0: the monitor's
    std::string page;                  ///< open at the start; empty: from settings
    std::string theme;                 ///< "dark", "light"; empty: from settings
    std::string language;              ///< "en", "zh"; empty: from settings, else the environment
    std::filesystem::path screenshot;  ///< when set: writes the window as PPM after `screenshot_after_s` and ends (tests)
    double screenshot_after_s = 2;
    /// When set: what the window shows, as JSON, written whenever it has changed: {"controls":[{id, text, help, x, y, w, h, enabled,
    /// focused, hovered, held, selected, in_sight}], "texts":[…], "marks":[{id, x, y, w, h}]}, window coordinates; a mark is what can be
    /// taken hold of on a picture. For programs that press for a person: tests, assistive ones.
    std::filesystem::path controls;
};

/// Runs until the window is closed. missing: no display, no OpenGL 3; the sentence says what to do.
Result<void> run_panel(const PanelOptions& options);

}  // namespace vitrine
