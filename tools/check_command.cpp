#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/config.h"
#include "overlays/reading/assets.h"
#include "tools/commands.h"

namespace vitrine {

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
        for (const Problem& p : problems) {
            if (*json)
                std::cout << nlohmann::json{{"file", p.file}, {"line", p.line}, {"key", p.key}, {"what", p.what}, {"hint", p.hint}}.dump(
                                 -1, ' ', false, nlohmann::json::error_handler_t::replace)
                          << "\n";
            else
                std::cerr << p.text() << "\n";
        }
        const bool valid = loaded.show && problems.empty();
        if (valid && !*json)
            for (const CameraConfig* camera : uncalibrated_cameras(*loaded.show))
                std::cout
                    << "Note: camera \"" << camera->id
                    << "\" has no calibration. A lens of 53 degrees is assumed: callouts on the label are exact, heights and 3D models are "
                       "estimates. Measure it with vitrine calibrate.\n";
        if (valid && !*json)
            std::cout << "The show is valid: " << loaded.show->cameras.size() << " cameras, " << loaded.show->scenes.size() << " scenes, "
                      << loaded.show->products.size() << " products.\n";
        exit_code = valid ? 0 : 2;
    });
}

}  // namespace vitrine
