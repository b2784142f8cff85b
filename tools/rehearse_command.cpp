// vitrine rehearse: the show as it is, with simulated buyers and a list of what to practise. Nothing of it leaves this machine or stays: no
// webhooks, no translation service, a folder of its own for recordings, edits and the desk, gone afterwards.

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "engine/clock.h"
#include "engine/log.h"
#include "engine/messages.h"
#include "engine/preflight.h"
#include "engine/private_files.h"
#include "engine/rehearsal/guide.h"
#include "overlays/reading/assets.h"
#include "tools/commands.h"
#include "tools/panel_process.h"
#include "tools/passing_folder.h"
#include "tools/rehearsal_crowd.h"
#include "tools/running_show.h"
#include "tools/show_problems.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

struct RehearseOptions {
    std::string folder, token_file;
    bool headless = false, json = false;
    std::uint32_t seed = 1;
    double pace = 1, linger_s = 0;
};

/// The show with nothing that reaches outside, its files copied so that masks and callouts that are edited change the copies.
Result<ShowConfig> made_private(ShowConfig show, const fs::path& folder) {
    ShowTexts copies;
    for (const auto& [file, text] : show.texts) {
        const fs::path inside = file.lexically_relative(show.folder);
        const fs::path copy = folder / (inside.empty() || *inside.begin() == ".." ? file.filename() : inside);
        if (!make_private_folder(copy.parent_path()) || !write_private_file(copy, *text))
            return fail("The rehearsal's copy of the show could not be written.");
        for (ProductConfig& product : show.products)
            if (product.file == file) product.file = copy;
        copies[copy] = text;
    }
    show.texts = std::move(copies);
    show.folder = folder;
    for (auto& [language, words] : show.title.by_language) words = sentence("rehearsal.title", {{"title", words}}, language);
    show.listen_address = "127.0.0.1";
    show.listen_port = 0;
    show.behind_proxy = false;
    show.tls.reset();
    show.public_url.clear();
    show.stun_servers.clear();
    show.webhooks.clear();
    show.translation.reset();
    show.start_live = false;
    show.starts_at_us = 0;
    return show;
}

/// What the presenter practises, kept up to date by the show's thread and read by everybody.
class Watched {
  public:
    Watched(const ShowConfig& show, bool json) : guide_(show), json_(json) {}

    void see(const Snapshot& snapshot) {
        std::lock_guard lock(mutex_);
        const std::vector<rehearsal::Step> before = guide_.steps();
        desk_ = snapshot.desk;
        if (!guide_.see(snapshot)) return;
        for (std::size_t i = 0; i < before.size(); ++i)
            if (guide_.steps()[i].done && !before[i].done) tell(guide_.steps()[i]);
        if (guide_.over()) kill(getpid(), SIGUSR1);  // wakes the main thread
    }
    std::string document() const {
        std::lock_guard lock(mutex_);
        return rehearsal::document(guide_, rehearsal::outcome(guide_, *desk_));
    }
    bool over() const {
        std::lock_guard lock(mutex_);
        return guide_.over();
    }
    void print_result() const {
        std::lock_guard lock(mutex_);
        const rehearsal::Outcome outcome = rehearsal::outcome(guide_, *desk_);
        if (json_) {
            auto document = nlohmann::json::parse(rehearsal::document(guide_, outcome));
            std::cout << nlohmann::json{{"event", "result"}, {"outcome", document["outcome"]}, {"steps", document["steps"]}}.dump()
                      << std::endl;
        } else {
            std::cout << "\n";
            for (const std::string& line : rehearsal::sentences(outcome, "en")) std::cout << "  " << line << "\n";
            std::cout << std::endl;
        }
    }
    void print_bought(const rehearsal::Buyer& buyer, const std::string& what, const std::string& refused) const {
        std::lock_guard lock(mutex_);
        if (!refused.empty()) log::warn("rehearsal", buyer.name + " was refused (" + what + "): " + refused);
        if (json_)
            std::cout << nlohmann::json{{"event", "buyer"},
                                        {"name", buyer.name},
                                        {"language", buyer.language},
                                        {"act", what},
                                        {"refused", refused}}
                             .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                      << std::endl;
    }
    void print_first_step() const {
        std::lock_guard lock(mutex_);
        if (!json_) print_next();
    }

  private:
    void tell(const rehearsal::Step& step) const {
        if (json_) {
            std::cout << nlohmann::json{{"event", "step"}, {"id", to_string(step.id)}}.dump() << std::endl;
        } else {
            std::cout << "  done  " << message("rehearsal.step." + std::string(to_string(step.id)), "en") << "\n";
            print_next();
        }
    }
    void print_next() const {
        if (guide_.current() >= guide_.steps().size()) return;
        const std::string key = "rehearsal.step." + std::string(to_string(guide_.steps()[guide_.current()].id));
        std::cout << "  next  " << message(key, "en") << ": " << message(key + ".how", "en") << std::endl;
    }

    mutable std::mutex mutex_;
    rehearsal::Guide guide_;
    desk::DeskViewPtr desk_ = std::make_shared<const desk::DeskView>();
    const bool json_;
};

/// Until Ctrl-C, SIGTERM or SIGHUP; and, once the rehearsal has ended, for so long.
void wait_for_the_end(const sigset_t& ends, const Watched& watched, double linger_s, PanelProcess* panel) {
    Nanoseconds until = 0;
    while (true) {
        if (until == 0 && watched.over()) {
            watched.print_result();
            until = steady_now() + static_cast<Nanoseconds>(linger_s * 1e9);
        }
        if (until != 0 && steady_now() >= until && !(panel && panel->started())) return;
        const Nanoseconds left = until == 0 ? 3'600'000'000'000 : std::max<Nanoseconds>(until - steady_now(), 100'000'000);
        const timespec timeout{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
        const int signal = sigtimedwait(&ends, nullptr, &timeout);
        if (signal == SIGCHLD) {
            if (panel) panel->reap();
        } else if (signal > 0 && signal != SIGUSR1) {
            if (until == 0) watched.print_result();
            return;
        }
    }
}

int rehearse(const RehearseOptions& options) {
    sigset_t ends;
    sigemptyset(&ends);
    for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1}) sigaddset(&ends, s);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);
    log::set_up(log::Level::info, false);

    auto assets = find_assets();
    if (!assets) return report(assets.error());
    LoadedShow loaded = load_show(options.folder.empty() ? *assets / "shows/demo" : fs::path(options.folder));
    if (!loaded.show) {
        print_problems(loaded.problems, options.json);
        return 2;
    }
    const std::vector<std::string> set_aside = set_aside_bad_assets(*loaded.show, std::move(loaded.assets));
    auto folder = PassingFolder::make("vitrine-rehearsal");
    if (!folder) return report(folder.error());
    const rehearsal::Script script = rehearsal::make_script(*loaded.show, options.seed, options.pace);
    auto config = made_private(std::move(*loaded.show), folder->path());
    if (!config) return report(config.error());

    Watched watched(*config, options.json);
    GraphOptions graph;
    graph.page = *assets / "buyer/dist";
    graph.token_file = options.token_file;
    graph.files.document = [&watched](const std::string&, const std::string&, const DeskFiles::Done& done) {
        done(DeskFile{watched.document(), "application/json", "", ""});
    };
    auto running = RunningShow::start(std::move(*config), std::move(graph), folder->path() / "data");
    if (!running) return report(running.error());
    RunningShow& show = **running;
    for (const std::string& words : set_aside) show.show().report(NoticeReport{words});
    const auto listening = show.show().listen([&watched](const SnapshotPtr& snapshot) { watched.see(*snapshot); });

    std::optional<PanelProcess> panel;
    if (!options.headless && PanelProcess::display_present()) panel.emplace(show.graph().control_url(), show.token_file());
    if (options.json)
        std::cout << nlohmann::json{{"event", "ready"},
                                    {"rehearsal", true},
                                    {"buyer_url", show.buyer_url()},
                                    {"control_url", show.graph().control_url()},
                                    {"control_token_file", show.token_file().string()}}
                         .dump()
                  << std::endl;
    else
        std::cout
            << "\n  This is a rehearsal: nobody outside sees it, nothing of it is kept. Buyers are simulated.\n  To watch as a buyer: "
            << show.buyer_url() << "\n  Control: " << show.graph().control_url() << "   (token in " << show.token_file().string()
            << ")\n\n";
    watched.print_first_step();
    {
        RehearsalCrowd crowd(show.show(), show.graph().buyer_origin(), script,
                             [&watched](const rehearsal::Buyer& buyer, const std::string& what, const std::string& refused) {
                                 watched.print_bought(buyer, what, refused);
                             });
        wait_for_the_end(ends, watched, options.linger_s, panel ? &*panel : nullptr);
    }
    panel.reset();
    return 0;
}

}  // namespace

void add_rehearse(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<RehearseOptions>();
    CLI::App* command = app.add_subcommand("rehearse", "Practise a show with simulated buyers; nobody outside sees it, nothing is kept");
    command->add_option("show", options->folder, "The show folder; the demo without it");
    command->add_flag("--headless", options->headless, "Do not open the panel");
    command->add_option("--seed", options->seed, "Another seed, other questions");
    command->add_option("--pace", options->pace, "How fast buyers act; 2 is twice as fast")->check(CLI::Range(0.1, 100.0));
    command->add_option("--linger", options->linger_s, "How long it stays to be looked at after the end, s")
        ->check(CLI::Range(0.0, 86400.0));
    command->add_flag("--json", options->json, "Events as JSON lines on standard output");
    command->add_option("--token-file", options->token_file, "Where to write the control token");
    command->callback([options, &exit_code] { exit_code = rehearse(*options); });
}

}  // namespace vitrine
