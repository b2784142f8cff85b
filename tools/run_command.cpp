#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/log.h"
#include "overlays/reading/assets.h"
#include "tools/commands.h"
#include "tools/listen_port.h"
#include "tools/panel_process.h"
#include "tools/passing_folder.h"
#include "tools/running_show.h"
#include "tools/show_problems.h"

namespace vitrine {
namespace {

struct RunOptions {
    std::string folder;
    bool headless = false, json = false, wait = false;
    std::optional<int> port;
    std::string listen, record, token_file, data;
    double duration_s = 0;
};

std::filesystem::path videos_folder() {
    const char* home = std::getenv("HOME");
    return (home && *home ? std::filesystem::path(home) / "Videos" : std::filesystem::temp_directory_path()) / "vitrine";
}

/// The demo in a folder of this run's own, so that callouts that are moved in it stay out of what was installed.
Result<std::filesystem::path> copy_demo(const std::filesystem::path& from, const std::filesystem::path& into) {
    namespace fs = std::filesystem;
    std::error_code failed;
    const fs::path to = into / "demo";
    fs::copy(from, to, fs::copy_options::recursive, failed);
    if (failed) return fail("The demo could not be copied to " + to.string() + ": " + failed.message() + ".");
    for (const auto& entry : fs::recursive_directory_iterator(into, failed))
        fs::permissions(entry.path(),
                        fs::perms::owner_read | fs::perms::owner_write | (entry.is_directory() ? fs::perms::owner_exec : fs::perms::none),
                        fs::perm_options::add, failed);
    return to;
}

/// Waits for Ctrl-C, SIGTERM, SIGHUP or the end of the duration.
void wait_for_the_end(double duration_s, std::optional<PanelProcess>& panel) {
    sigset_t ends;
    sigemptyset(&ends);
    for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&ends, s);
    const Nanoseconds until = steady_now() + static_cast<Nanoseconds>(duration_s * 1e9);
    while (true) {
        Nanoseconds left = 3'600'000'000'000;
        if (duration_s > 0) left = std::min(left, until - steady_now());
        if (left <= 0) return;
        const timespec timeout{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
        const int signal = sigtimedwait(&ends, nullptr, &timeout);
        if (signal == SIGCHLD) {
            if (panel) panel->reap();
        } else if (signal > 0) {
            return;
        }
    }
}

/// What was asked for, as the words that ask for it again; where buyers come in is added once it is known.
std::vector<std::string> words_again(const RunOptions& options) {
    std::vector<std::string> words;
    const auto add = [&](std::string name, const std::string& value) {
        if (!value.empty()) words.insert(words.end(), {std::move(name), value});
    };
    std::error_code failed;
    const auto whole = [&](const std::string& path) { return path.empty() ? path : std::filesystem::absolute(path, failed).string(); };
    if (options.folder.empty())
        words.emplace_back("demo");
    else
        add("run", whole(options.folder));
    add("--listen", options.listen), add("--record", whole(options.record)), add("--data", whole(options.data));
    return words;
}

int run(const RunOptions& options) {
    // Before any thread: every thread inherits the mask, and only this one receives the signals.
    sigset_t ends;
    sigemptyset(&ends);
    for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&ends, s);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);
#ifdef __GLIBC__
    // Viewers allocate on a dozen threads each; with an arena per thread their freed memory would never be of use to the next viewer.
    mallopt(M_ARENA_MAX, 2);
#endif
    log::set_up(log::Level::info, false);

    auto assets = find_assets();
    if (!assets) return report(assets.error());
    std::optional<PassingFolder> passing;
    std::filesystem::path folder = options.folder;
    if (options.folder.empty()) {
        auto made = PassingFolder::make("vitrine-demo");
        if (!made) return report(made.error());
        auto copied = copy_demo(*assets / "shows/demo", passing.emplace(std::move(*made)).path());
        if (!copied) return report(copied.error());
        folder = *copied;
    }
    LoadedShow loaded = load_show(folder);
    if (!loaded.show) {
        print_problems(loaded.problems, options.json);
        return 2;
    }
    ShowConfig config = std::move(*loaded.show);
    if (options.folder.empty()) config.recordings = videos_folder();  // the demo's own goes with it
    const std::vector<std::string> set_aside = set_aside_bad_assets(config, std::move(loaded.assets));
    if (!options.listen.empty()) config.listen_address = options.listen;
    if (options.port) config.listen_port = *options.port;
    if (options.wait) config.start_live = false;
    if (const auto problems = judge_listen(config); !problems.empty()) {
        print_problems(problems, options.json);
        return 2;
    }

    GraphOptions graph;
    graph.page = *assets / "buyer/dist";
    graph.token_file = options.token_file;
    if (!options.record.empty()) graph.record = options.record;
    // The demo keeps nothing unless it is told where.
    std::filesystem::path data = options.data;
    if (data.empty() && !options.folder.empty()) data = config.folder / "data";
    // Any port will do, but links that were sent out name the one of last time.
    const bool any_port = config.listen_port == 0 && !data.empty();
    const int last_port = any_port ? remembered_port(data) : 0;
    if (last_port > 0 && port_free(config.listen_address, last_port)) config.listen_port = last_port;
    if (const int port = config.listen_port; port > 0 && !port_free(config.listen_address, port)) {
        if (options.json) std::cout << nlohmann::json{{"event", "port_taken"}, {"port", port}}.dump() << std::endl;
        return report({ErrorKind::bad_input, "Buyers cannot be let in at " + config.listen_address + " port " + std::to_string(port) +
                                                 ": another program or show uses it. End that one, or choose another port with --port or "
                                                 "show.listen."});
    }
    auto running = RunningShow::start(std::move(config), std::move(graph), data, words_again(options));
    if (!running) return report(running.error());
    RunningShow& show = **running;
    if (any_port) remember_port(data, show.graph().buyer_port());
    if (last_port > 0 && show.graph().buyer_port() != last_port) {
        const std::string sentence = "Port " + std::to_string(last_port) +
                                     ", where buyers' links of last time lead, is taken by another program; buyers come in at port " +
                                     std::to_string(show.graph().buyer_port()) + " now. Send new links.";
        log::warn("run", sentence);
        show.show().report(NoticeReport{sentence});
    }
    for (const std::string& sentence : set_aside) {
        log::warn("run", sentence);
        show.show().report(NoticeReport{sentence});
    }

    const std::string origin = show.graph().buyer_origin();
    const bool only_here = origin.find("://127.") != std::string::npos || origin.find("://[::1]") != std::string::npos;
    std::optional<PanelProcess> panel;
    const bool display = PanelProcess::display_present();
    if (!options.headless && display) panel.emplace(show.graph().control_url(), show.token_file());
    if (options.json) {
        std::cout << nlohmann::json{{"event", "ready"},
                                    {"buyer_url", show.buyer_url()},
                                    {"control_url", show.graph().control_url()},
                                    {"control_token_file", show.token_file().string()}}
                         .dump()
                  << std::endl;
    } else {
        std::cout << "\n  Buyers join here:  " << show.buyer_url() << (only_here ? "   (opens on this computer only)" : "")
                  << "\n  Control:           " << show.graph().control_url() << "   (token in " << show.token_file().string()
                  << ")\n  End the show with Ctrl-C.\n"
                  << std::endl;
    }
    if (!options.headless && !display)
        log::info("run", "There is no display here, so the show goes on without the panel. Open it elsewhere with vitrine panel.");

    wait_for_the_end(options.duration_s, panel);

    const ShowGraph::Figures figures = show.graph().figures();
    panel.reset();
    running->reset();
    if (options.json)
        std::cout << nlohmann::json{{"event", "ended"},
                                    {"program_frames", figures.program_frames},
                                    {"missed_ticks", figures.late_frames},
                                    {"mix_ms_mean", figures.mix_ms_mean},
                                    {"mix_ms_max", figures.mix_ms_max}}
                         .dump()
                  << std::endl;
    return 0;
}

void add_options(CLI::App& command, RunOptions& options) {
    command.add_flag("--headless", options.headless, "Do not open the panel");
    command.add_flag("--wait", options.wait, "Do not go on air before somebody presses Go live, whatever the show says");
    command.add_option("--port", options.port, "Port for buyers; 0 picks a free one")->check(CLI::Range(0, 65535));
    command.add_option("--listen", options.listen, "Address for buyers");
    command.add_option("--record", options.record, "Folder for recordings");
    command.add_option("--data", options.data, "Folder for what buyers do; a show's own data folder otherwise, nothing kept by the demo");
    command.add_option("--duration", options.duration_s, "End after so many seconds")->check(CLI::Range(0.0, 1e6));
    command.add_flag("--json", options.json, "Events as JSON lines on standard output");
    command.add_option("--token-file", options.token_file, "Where to write the control token");
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* run_command = app.add_subcommand("run", "Run a show");
    run_command->add_option("show", options->folder, "The show folder")->required();
    add_options(*run_command, *options);
    run_command->callback([options, &exit_code] { exit_code = run(*options); });

    auto demo_options = std::make_shared<RunOptions>();
    CLI::App* demo = app.add_subcommand("demo", "Run the demo show: simulated cameras, nothing to plug in");
    add_options(*demo, *demo_options);
    demo->callback([demo_options, &exit_code] { exit_code = run(*demo_options); });
}

}  // namespace vitrine
