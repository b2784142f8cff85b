#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "engine/log.h"
#include "tools/benches.h"
#include "tools/commands.h"
#include "tools/running_show.h"

extern char** environ;

namespace vitrine {
namespace {

using nlohmann::json;

double status_number(const std::string& key) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.rfind(key + ":", 0) == 0) return std::stod(line.substr(key.size() + 1));
    return 0;
}

/// A child whose standard output is read to the end.
class Child {
  public:
    /// `said` is its standard input: what must not stand among the words.
    Child(std::vector<std::string> words, const std::string& said) {
        int ends[2], in[2];
        if (pipe2(ends, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0) return;
        const std::string line = said + "\n";
        if (write(in[1], line.data(), line.size()) != static_cast<ssize_t>(line.size())) return;
        close(in[1]);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, in[0], 0);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        if (posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
        posix_spawn_file_actions_destroy(&actions);
        close(in[0]);
        close(ends[1]);
        out_ = fdopen(ends[0], "r");
    }
    ~Child() {
        if (out_) fclose(out_);
        if (pid_ > 0) waitpid(pid_, nullptr, 0);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    bool started() const { return pid_ > 0; }
    std::string line() {
        std::string text;
        for (int c; (c = out_ ? fgetc(out_) : EOF) != EOF && c != '\n';) text.push_back(static_cast<char>(c));
        return text;
    }

  private:
    pid_t pid_ = -1;
    FILE* out_ = nullptr;
};

Result<std::unique_ptr<RunningShow>> start_demo() {
    auto assets = find_assets();
    if (!assets) return tl::unexpected(assets.error());
    LoadedShow loaded = load_show(*assets / "shows/demo");
    if (!loaded.show) return fail("The demo show is damaged: " + loaded.problems.front().text(), ErrorKind::bad_input);
    loaded.show->listen_port = 0;
    loaded.show->start_live = true;
    GraphOptions options;
    options.page = *assets / "buyer/dist";
    return RunningShow::start(std::move(*loaded.show), std::move(options));
}

void print(const json& figures, bool as_json) {
    if (as_json) {
        std::cout << figures.dump() << std::endl;
        return;
    }
    std::cout << figures.value("bench", "") << "\n";
    for (const auto& [key, value] : figures.items())
        if (key != "bench") std::cout << "  " << key << ": " << value << "\n";
}

/// Capture to display in a real Chromium.
Result<BenchLines> bench_live(double seconds) {
    auto assets = find_assets();
    if (!assets) return tl::unexpected(assets.error());
    auto show = start_demo();
    if (!show) return tl::unexpected(show.error());
    const double cpu_before = cpu_seconds();
    const Nanoseconds begin = steady_now();
    Child browser({"node", (*assets / "../tools/bench_live.mjs").string(), "-", std::to_string(seconds)}, (*show)->buyer_url());
    const auto figures = json::parse(browser.line(), nullptr, false);
    if (!figures.is_object())
        return fail("The browser did not report. bench live needs node, Chromium and the buyer page's npm packages: run ./tools/test once.",
                    ErrorKind::missing);
    json all = figures;
    all["bench"] = "live";
    all["show_cpu_percent"] = 100 * (cpu_seconds() - cpu_before) / (static_cast<double>(steady_now() - begin) / 1e9);
    const auto graph = (*show)->graph().figures();
    all["mix_ms_mean"] = graph.mix_ms_mean;
    all["missed_ticks"] = graph.late_frames;
    all["encoder"] = graph.encoder;
    return BenchLines{all};
}

/// What one more viewer costs the show: the viewers run in another process, the first one is there in both measurements.
Result<BenchLines> bench_viewers(double seconds) {
    auto show = start_demo();
    if (!show) return tl::unexpected(show.error());
    struct Sample {
        double cpu_percent, threads, rss_mb;
    };
    const auto measure = [&](int viewers) -> Result<Sample> {
        Child child({own_executable().string(), "watch", "-", "--count", std::to_string(viewers), "--seconds", std::to_string(seconds + 4),
                     "--json"},
                    (*show)->buyer_url());
        if (child.line().find("joined") == std::string::npos) return fail("The viewers could not join.");
        std::this_thread::sleep_for(std::chrono::seconds(2));
        const double cpu = cpu_seconds();
        const Nanoseconds begin = steady_now();
        std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
        return Sample{100 * (cpu_seconds() - cpu) / (static_cast<double>(steady_now() - begin) / 1e9), status_number("Threads"),
                      status_number("VmRSS") / 1024};
    };
    constexpr int more = 10;
    auto one = measure(1);
    if (!one) return tl::unexpected(one.error());
    auto many = measure(1 + more);
    if (!many) return tl::unexpected(many.error());
    return BenchLines{{{"bench", "viewers"},
                       {"cpu_percent_with_1", one->cpu_percent},
                       {"cpu_percent_with_11", many->cpu_percent},
                       {"cpu_percent_per_viewer", (many->cpu_percent - one->cpu_percent) / more},
                       {"threads_per_viewer", (many->threads - one->threads) / more},
                       {"memory_mb_per_viewer", (many->rss_mb - one->rss_mb) / more}}};
}

/// In the order in which `all` runs them: those that want the machine for themselves first.
struct Bench {
    std::string name;
    Result<BenchLines> (*run)(double seconds);
    double seconds = 10;
};
const std::vector<Bench> benches{{"overlay", bench_overlay}, {"model", bench_model},    {"track", bench_track}, {"program", bench_program},
                                 {"desk", bench_desk},       {"live", bench_live, 120},  // a delay that climbs does so over minutes
                                 {"viewers", bench_viewers}};

struct BenchOptions {
    std::string what;
    std::optional<double> seconds;
    bool json = false;
};

int bench(const BenchOptions& options) {
    log::set_up(log::Level::warn, false);
    const bool all = options.what == "all";
    for (const auto& [name, run, usual] : benches) {
        if (!all && options.what != name) continue;
        const auto figures = run(options.seconds.value_or(usual));
        if (!figures) return report(figures.error());
        for (const json& line : *figures) print(line, options.json);
    }
    return 0;
}

}  // namespace

void add_bench(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<BenchOptions>();
    CLI::App* command = app.add_subcommand(
        "bench",
        "Measure this machine: overlay (painting), model (a 3D model), track (following markers, pictures and models), program (the path "
        "from "
        "camera to program), desk (chat to 200 buyers), live (capture to display in Chromium), viewers (cost of one more), all");
    std::vector<std::string> names{"all"};
    for (const Bench& each : benches) names.push_back(each.name);
    command->add_option("what", options->what, "overlay, model, track, program, desk, live, viewers or all")
        ->required()
        ->check(CLI::IsMember(names));
    command->add_option("--seconds", options->seconds, "Length of each measurement of program, desk, live and viewers")
        ->check(CLI::Range(1.0, 600.0));
    command->add_flag("--json", options->json, "One JSON object a line");
    command->callback([options, &exit_code] { exit_code = bench(*options); });
}

}  // namespace vitrine
