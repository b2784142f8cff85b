#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "pipelines/deliver/viewer_client.h"
#include "tools/commands.h"
#include "tools/secret_word.h"

namespace vitrine {
namespace {

constexpr std::chrono::seconds most_wait_for_picture{10};

struct WatchOptions {
    std::string link;
    int count = 1;
    double seconds = 10;
    bool json = false;
};

int watch(const WatchOptions& options) {
    const auto link = secret_word(options.link);
    if (!link) return report(link.error());
    std::vector<std::unique_ptr<ViewerClient>> viewers;
    for (int i = 0; i < options.count; ++i) {
        auto viewer = ViewerClient::join(*link);
        if (!viewer) return report(viewer.error());
        viewers.push_back(std::move(*viewer));
    }
    if (options.json) std::cout << nlohmann::json{{"event", "joined"}, {"viewers", viewers.size()}}.dump() << std::endl;
    const auto give_up = std::chrono::steady_clock::now() + most_wait_for_picture;
    const auto waiting = [&] {
        return std::any_of(viewers.begin(), viewers.end(), [](const auto& v) { return v->figures().frames == 0; });
    };
    while (waiting() && std::chrono::steady_clock::now() < give_up) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
    int without_picture = 0;
    for (const auto& viewer : viewers) {
        const ViewerFigures f = viewer->figures();
        if (f.frames == 0) ++without_picture;
        if (options.json)
            std::cout << nlohmann::json{{"first_frame_ms", f.first_frame_ms},
                                        {"frames", f.frames},
                                        {"scene_frames", f.scene_frames},
                                        {"gaps", f.gaps},
                                        {"bytes", f.bytes},
                                        {"sound_packets", f.sound_packets}}
                             .dump()
                      << "\n";
        else
            std::cout << "first frame after " << f.first_frame_ms << " ms, " << f.frames << " frames, " << f.scene_frames
                      << " with scene frame, " << f.gaps << " missing, " << f.sound_packets << " sound packets\n";
    }
    if (without_picture)
        return report(
            {ErrorKind::failed, std::to_string(without_picture) + " of " + std::to_string(viewers.size()) + " viewers saw no picture."});
    return 0;
}

}  // namespace

void add_watch(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<WatchOptions>();
    CLI::App* command = app.add_subcommand("watch", "Join a show as buyers without a browser and print what arrived");
    command
        ->add_option("link", options->link,
                     "A buyer's link; - reads it from standard input, @FILE from a file, where no other program sees it")
        ->required();
    command->add_option("--count", options->count, "How many buyers")->check(CLI::Range(1, 500));
    command->add_option("--seconds", options->seconds, "For how long, from the first picture")->check(CLI::Range(0.0, 86400.0));
    command->add_flag("--json", options->json, "JSON lines");
    command->callback([options, &exit_code] { exit_code = watch(*options); });
}

}  // namespace vitrine
