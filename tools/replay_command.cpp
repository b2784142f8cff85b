// vitrine replay: a show that is over, for invited buyers: the page with the recording, cards, models and quotes; no cameras.

#include <signal.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/desk/store.h"
#include "engine/log.h"
#include "pipelines/deliver/follow_up.h"
#include "pipelines/replay_server.h"
#include "tools/announcement.h"
#include "tools/commands.h"
#include "tools/open_link.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

struct CommandOptions {
    std::string folder, recording, data, listen, token_file;
    std::optional<int> port;
    double duration_s = 0;
    bool json = false;
};

void wait_for_the_end(const sigset_t& ends, double duration_s) {
    if (duration_s <= 0) {
        int signal = 0;
        sigwait(&ends, &signal);
        return;
    }
    const timespec timeout{static_cast<time_t>(duration_s),
                           static_cast<long>((duration_s - static_cast<double>(static_cast<time_t>(duration_s))) * 1e9)};
    sigtimedwait(&ends, nullptr, &timeout);
}

int replay(const CommandOptions& options) {
    sigset_t ends;
    sigemptyset(&ends);
    for (const int s : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ends, s);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);
    log::set_up(log::Level::info, false);

    LoadedShow loaded = load_show(options.folder);
    if (!loaded.show) return report({ErrorKind::bad_input, loaded.problems.front().text() + " (vitrine check says more)"});
    ShowConfig changed = std::move(*loaded.show);
    if (!options.listen.empty()) changed.listen_address = options.listen;
    if (options.port) changed.listen_port = *options.port;
    if (const auto problems = judge_listen(changed); !problems.empty()) return report({ErrorKind::bad_input, problems.front().text()});
    const auto config = std::make_shared<const ShowConfig>(std::move(changed));
    std::error_code error;
    const fs::path recording = fs::canonical(options.recording, error);
    if (error || !fs::is_regular_file(recording))
        return report({ErrorKind::bad_input, "There is no recording " + options.recording + "; name the file that ends in -clean.mp4."});
    const auto assets = find_assets();
    if (!assets) return report(assets.error());

    auto store = desk::Store::open(options.data.empty() ? config->folder / "data" : fs::path(options.data));
    if (!store) return report(store.error());
    auto opened = Show::open(config, std::move(*store));
    if (!opened) return report(opened.error());
    Show& show = **opened;
    Buyers buyers(show);
    for (const SessionMove move : {SessionMove::prepare, SessionMove::end})
        if (auto moved = show.post(MoveSession{move}).get(); !moved) return report(moved.error());

    const auto link = open_link(show, *config);
    if (!link) return report(link.error());
    fs::path token_file = options.token_file;
    if (token_file.empty()) {
        auto folder = runtime_folder();
        if (!folder) return report(folder.error());
        token_file = *folder / ("control-" + std::to_string(getpid()) + ".token");
    }
    auto following = FollowUp::start(show, "/shows/" + config->folder.filename().string());
    if (!following) return report(following.error());
    auto server = ReplayServer::start(show, buyers, {*assets / "buyer/dist", token_file, recording, (*following)->files()});
    if (!server) return report(server.error());
    const Announced announced({(*server)->control_url(), token_file, config->folder, getpid()});
    const std::string buyer_url = (*server)->buyer_origin() + link_path(*link);
    if (options.json)
        std::cout << nlohmann::json{{"event", "ready"},
                                    {"buyer_url", buyer_url},
                                    {"control_url", (*server)->control_url()},
                                    {"control_token_file", token_file.string()}}
                         .dump()
                  << std::endl;
    else
        std::cout << "\n  Watch the recording here:  " << buyer_url
                  << "\n  The links that buyers have open it too, and vitrine invite makes more. End with Ctrl-C.\n"
                  << std::endl;
    wait_for_the_end(ends, options.duration_s);
    server->reset();
    following->reset();
    fs::remove(token_file, error);
    return 0;
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<CommandOptions>();
    CLI::App* command = app.add_subcommand("replay", "Show a recording to invited buyers: cards, models and quotes work, cameras are off");
    command->add_option("show", options->folder, "The show folder")->required();
    command->add_option("recording", options->recording, "The clean recording, …-clean.mp4")->required();
    command->add_option("--data", options->data, "Where the show keeps its data, if not in its folder");
    command->add_option("--port", options->port, "Port for buyers; 0 picks a free one")->check(CLI::Range(0, 65535));
    command->add_option("--listen", options->listen, "Address for buyers");
    command->add_option("--duration", options->duration_s, "End after so many seconds")->check(CLI::Range(0.0, 1e6));
    command->add_option("--token-file", options->token_file, "Where to write the control token");
    command->add_flag("--json", options->json, "Events as JSON lines on standard output");
    command->callback([options, &exit_code] { exit_code = replay(*options); });
}

}  // namespace vitrine
