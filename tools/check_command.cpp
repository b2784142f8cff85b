#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/config.h"
#include "engine/preflight.h"
#include "overlays/reading/assets.h"
#include "overlays/tracking/target_check.h"
#include "tools/commands.h"

namespace vitrine {
namespace {

/// What pre-flight says before anything runs: the show may start all the same, so it is no problem of the files.
void tell_findings(const ShowConfig& show, bool json) {
    const auto both = [](const std::string& key, const Finding& finding) {
        return nlohmann::json{{"en", sentence(key, finding.args, "en")}, {"zh", sentence(key, finding.args, "zh")}};
    };
    for (const Finding& finding : preflight(show)) {
        if (json) {
            nlohmann::json line{{"finding", finding.id}, {"level", to_string(finding.level)}, {"text", both(finding.text, finding)}};
            if (!finding.fix.empty()) line["fix"] = both(finding.fix, finding);
            std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
        } else if (finding.level != Finding::Level::ok) {
            std::cout << (finding.level == Finding::Level::fail ? "Mend before going live: " : "Note: ")
                      << sentence(finding.text, finding.args, "en") << ". "
                      << (finding.fix.empty() ? "" : sentence(finding.fix, finding.args, "en") + ".") << "\n";
        }
    }
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
    auto folder = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    CLI::App* check = app.add_subcommand("check", "Check a show folder: every problem in one run");
    check->add_option("show", *folder, "The show folder")->required();
    check->add_flag("--json", *json, "Problems as JSON lines");
    check->callback([folder, json, &exit_code] {
        const LoadedShow loaded = load_show(*folder);
        std::vector<Problem> problems = loaded.problems;
        for (Problem& p : judge_assets(loaded.assets)) problems.push_back(std::move(p));
        if (loaded.show)
            for (Problem& p : judge_targets(*loaded.show)) problems.push_back(std::move(p));
        for (const Problem& p : problems) {
            if (*json)
                std::cout << nlohmann::json{{"file", p.file}, {"line", p.line}, {"key", p.key}, {"what", p.what}, {"hint", p.hint}}.dump(
                                 -1, ' ', false, nlohmann::json::error_handler_t::replace)
                          << "\n";
            else
                std::cerr << p.text() << "\n";
        }
        const bool valid = loaded.show && problems.empty();
        if (valid) tell_findings(*loaded.show, *json);
        if (valid && !*json)
            std::cout << "The show is valid: " << loaded.show->cameras.size() << " cameras, " << loaded.show->scenes.size() << " scenes, "
                      << loaded.show->products.size() << " products.\n";
        exit_code = valid ? 0 : 2;
    });
}

}  // namespace vitrine
