#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "tools/announcement.h"
#include "tools/commands.h"
#include "tools/panel/panel_app.h"

namespace vitrine {
namespace {

std::filesystem::path settings_file() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    const std::filesystem::path base =
        config && *config ? std::filesystem::path(config) : std::filesystem::path(home ? home : ".") / ".config";
    return base / "vitrine" / "panel.json";
}

/// The show that was started last by this user and has written where it can be reached.
Result<void> find_running_show(PanelOptions& options) {
    if (auto folder = runtime_folder(); !folder) return tl::unexpected(folder.error());
    // What a killed show has left behind is none.
    const auto found = find_announced({});
    if (!found)
        return fail(
            "No running show was found. Start one with vitrine demo or vitrine run SHOW, or name it with --connect and --token-file.",
            ErrorKind::missing);
    options.control_url = found->control_url;
    options.token_file = found->token_file;
    return {};
}

}  // namespace

void add_panel(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<PanelOptions>();
    CLI::App* command = app.add_subcommand("panel", "The control panel, attached to a running show");
    command->add_option("--connect", options->control_url, "The show's control address; else the show started last here");
    command->add_option("--token-file", options->token_file, "File with the control token");
    command->add_option("--language", options->language, "en or zh")->check(CLI::IsMember({"en", "zh"}));
    command->add_option("--width", options->width, "Window width")->check(CLI::Range(640, 7680));
    command->add_option("--height", options->height, "Window height")->check(CLI::Range(360, 4320));
    command->add_option("--scale", options->scale, "Text and control scale; 0 takes the monitor's")->check(CLI::Range(0.0f, 4.0f));
    command->add_option("--page", options->page, "Page that is open at the start")
        ->check(CLI::IsMember({"show", "buyers", "products", "masks", "multiview", "sound", "record", "log", "settings", "help"}));
    command->add_option("--theme", options->theme, "dark or light")->check(CLI::IsMember({"dark", "light"}));
    command->add_option("--screenshot", options->screenshot, "Write the window to this PPM file and end");
    command->add_option("--screenshot-after", options->screenshot_after_s, "Seconds before the screenshot");
    command->add_option("--controls", options->controls,
                        "Keep this JSON file up to date with what the window shows and where each control lies");
    command->callback([options, &exit_code] {
        const bool discovered = options->control_url.empty() || options->token_file.empty();
        if (discovered) {
            // None running is no fault: the start screen offers to open one.
            if (auto found = find_running_show(*options); !found && found.error().kind != ErrorKind::missing) {
                exit_code = report(found.error());
                return;
            }
            options->offer_start = true;
        }
        options->program = own_executable();
        options->running = [](const std::string& control_url) -> std::optional<PanelOptions::Running> {
            const auto found = find_announced_at(control_url);
            if (!found) return std::nullopt;
            return PanelOptions::Running{found->pid, found->words};
        };
        if (auto assets = find_assets()) options->guide_folder = *assets / "guide";
        if (discovered)
            options->close_show = [] {
                const auto running = find_announced({});
                return running && kill(running->pid, SIGINT) == 0;
            };
        // Called on one thread. A show that was started anew has another address, and its folder is what is left of the old one.
        options->find_again = [folder = std::filesystem::path()](std::string& url, std::filesystem::path& token_file, int wanted) mutable {
            const auto here = find_announced_at(url);
            if (here) folder = here->folder;
            if (here && wanted == PanelOptions::same_show) return;
            std::optional<Announcement> found;
            if (wanted > 0)
                found = find_announced_of(wanted);
            else if (wanted == PanelOptions::any_show)
                found = find_announced({});
            else if (!folder.empty())
                found = find_announced(folder);
            if (found) url = found->control_url, token_file = found->token_file;
        };
        options->settings_file = settings_file();
        const auto ran = run_panel(*options);
        exit_code = ran ? 0 : report(ran.error());
    });
}

}  // namespace vitrine
