// Two hundred buyers on the socket without video: how long a word takes to reach all of them, and what it costs. The whole demo show runs,
// its program too, but nobody watches it. Buyers and show share this process, so the show's part is told by its threads.

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/clock.h"
#include "pipelines/deliver/web/desk_crowd.h"
#include "tools/benches.h"
#include "tools/commands.h"
#include "tools/running_show.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

constexpr int people = 200;
constexpr double words_a_second = 5;

/// Processor time of this process's threads of those names, s.
double cpu_of_threads(std::initializer_list<std::string_view> names) {
    double ticks = 0;
    std::error_code error;
    for (const auto& task : fs::directory_iterator("/proc/self/task", error)) {
        std::string name, line;
        std::getline(std::ifstream(task.path() / "comm"), name);
        if (std::find(names.begin(), names.end(), name) == names.end()) continue;
        std::getline(std::ifstream(task.path() / "stat"), line);
        std::istringstream rest(line.substr(line.rfind(')') + 1));
        std::string skipped;
        for (int i = 0; i < 11; ++i) rest >> skipped;
        double user = 0, system = 0;
        rest >> user >> system;
        ticks += user + system;
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double percentile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

}  // namespace

Result<BenchLines> bench_desk(double seconds) {
    auto assets = find_assets();
    if (!assets) return tl::unexpected(assets.error());
    LoadedShow loaded = load_show(*assets / "shows/demo");
    if (!loaded.show) return fail("The demo show is damaged: " + loaded.problems.front().text(), ErrorKind::bad_input);
    loaded.show->listen_port = 0;
    loaded.show->desk.max_people = std::max(loaded.show->desk.max_people, people);
    GraphOptions options;
    options.page = *assets / "buyer/dist";
    auto show = RunningShow::start(std::move(*loaded.show), std::move(options));
    if (!show) return tl::unexpected(show.error());
    auto crowd = DeskCrowd::join((*show)->buyer_url(), people);
    if (!crowd) return tl::unexpected(crowd.error());

    const double cpu = cpu_of_threads({"net", "show", "store"});
    const Nanoseconds begin = steady_now();
    std::vector<double> answered_ms;
    const int words = static_cast<int>(seconds * words_a_second);
    for (int i = 0; i < words; ++i) {
        const auto due = begin + static_cast<Nanoseconds>(i / words_a_second * 1e9);
        if (const auto wait = due - steady_now(); wait > 0) usleep(static_cast<useconds_t>(wait / 1000));
        const auto answered = (*crowd)->say(i % people);
        if (!answered) return tl::unexpected(answered.error());
        answered_ms.push_back(*answered);
    }
    const bool all = (*crowd)->all_heard(10);
    const double spent = cpu_of_threads({"net", "show", "store"}) - cpu;
    const double elapsed = static_cast<double>(steady_now() - begin) / 1e9;
    auto figures = (*crowd)->figures();
    std::sort(figures.heard_ms.begin(), figures.heard_ms.end());
    std::sort(answered_ms.begin(), answered_ms.end());
    return BenchLines{{{"bench", "desk"},
                       {"people", figures.open},
                       {"messages", words},
                       {"all_heard", all},
                       {"heard_ms_p50", percentile(figures.heard_ms, 0.5)},
                       {"heard_ms_p95", percentile(figures.heard_ms, 0.95)},
                       {"heard_ms_max", figures.heard_ms.empty() ? 0.0 : figures.heard_ms.back()},
                       {"answered_ms_p50", percentile(answered_ms, 0.5)},
                       {"answered_ms_p95", percentile(answered_ms, 0.95)},
                       {"show_cpu_percent", 100 * spent / elapsed},
                       {"sent_kbit_s", static_cast<double>(figures.bytes) * 8 / 1000 / elapsed}}};
}

}  // namespace vitrine
