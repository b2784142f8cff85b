#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "engine/barrier.h"
#include "engine/messages.h"
#include "engine/private_files.h"
#include "pipelines/probe.h"
#include "tools/commands.h"
#include "tools/known_masks.h"
#include "tools/secret_word.h"
#include "tools/small_picture.h"
#include "tools/try_address.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

struct ProbeOptions {
    bool json = false;
    std::string thumbnails, address, thumbnail;
    std::vector<fs::path> shows;
};

/// By the device's place in the report.
struct Look {
    SourceTrial trial;
    std::string thumbnail;  ///< empty: none
    std::string kept_back;  ///< key of the sentence that says why there is none
};
using Looks = std::map<std::size_t, Look>;

std::string dump(const nlohmann::json& value) { return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

nlohmann::json both(const SourceTrial& trial, bool fix) {
    return {{"en", trial_sentence(trial, "en", fix)}, {"zh", trial_sentence(trial, "zh", fix)}};
}

nlohmann::json both(const std::string& key) { return {{"en", message(key, "en")}, {"zh", message(key, "zh")}}; }

nlohmann::json as_json(const Look& look) {
    const SourceTrial& trial = look.trial;
    nlohmann::json out{{"works", trial.trouble == Trouble::none},
                       {"trouble", to_string(trial.trouble)},
                       {"address", trial.address},
                       {"text", both(trial, false)},
                       {"fix", look.kept_back.empty() ? both(trial, true) : both(look.kept_back)}};
    if (trial.trouble == Trouble::none)
        out.update({{"width", trial.width},
                    {"height", trial.height},
                    {"fps", trial.fps},
                    {"codec", trial.codec},
                    {"sound", trial.sound},
                    {"sound_codec", trial.sound_codec}});
    if (!look.thumbnail.empty()) out["thumbnail"] = look.thumbnail;
    return out;
}

Look look_at(const std::string& source, const fs::path& thumbnail, const KnownMasks& masks) {
    std::error_code error;
    const fs::path base = fs::current_path(error);
    Look look{try_address(source, base), "", ""};
    if (look.trial.picture && !thumbnail.empty()) {
        const auto picture = masks.masked(look.trial.picture, source, base);
        if (!picture)
            look.kept_back = picture.error();
        else if (const auto written = write_small_picture((*picture)->view(), thumbnail); !written)
            std::cerr << "vitrine: " << written.error().message << "\n";
        else
            look.thumbnail = thumbnail.string();
    }
    return look;
}

/// All cameras at once: each takes a few seconds to open.
Looks look_at_all(const ProbeReport& report, const fs::path& folder, const KnownMasks& masks) {
    if (const auto made = make_private_folder(folder); !made) std::cerr << "vitrine: " << made.error().message << "\n";
    Looks looks;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < report.devices.size(); ++i) {
        const auto& device = report.devices[i];
        if (device.kind != "camera" || device.source.empty()) continue;
        Look& look = looks[i];
        threads.push_back(barrier::thread(
            "probe",
            [&look, &device, &masks, file = folder / ("camera-" + std::to_string(looks.size()) + ".jpg")] {
                look = look_at(device.source, file, masks);
            },
            barrier::AfterThrow::end));
    }
    for (std::thread& thread : threads) thread.join();
    return looks;
}

int try_one(const ProbeOptions& options) {
    const auto address = secret_word(options.address);
    if (!address) return report(address.error());
    const Look look = look_at(*address, options.thumbnail, KnownMasks(options.shows));
    const bool works = look.trial.trouble == Trouble::none;
    if (options.json)
        std::cout << dump(as_json(look)) << "\n";
    else
        (works ? std::cout : std::cerr) << look.trial.address << "\n" << trial_text(look.trial, "en") << "\n";
    if (!options.json && !look.kept_back.empty()) std::cerr << message(look.kept_back, "en") << "\n";
    return works ? 0 : look.trial.trouble == Trouble::bad_address ? 2 : 1;
}

void print_text(const ProbeReport& report, const Looks& looks) {
    const auto section = [](const char* title, bool empty, const char* when_empty) {
        std::cout << title << "\n";
        if (empty) std::cout << "  " << when_empty << "\n";
    };
    section("Cameras and microphones", report.devices.empty(), "none found; network cameras need no driver: source = \"rtsp://…\"");
    for (std::size_t i = 0; i < report.devices.size(); ++i) {
        const auto& d = report.devices[i];
        std::cout << "  " << d.kind << "  " << d.name << (d.source.empty() ? "" : "   source = \"" + d.source + "\"") << "\n";
        if (const auto look = looks.find(i); look != looks.end())
            std::cout << "    " << trial_text(look->second.trial, "en")
                      << (look->second.kept_back.empty() ? "" : "  " + message(look->second.kept_back, "en"))
                      << (look->second.thumbnail.empty() ? "" : "  " + look->second.thumbnail) << "\n";
    }
    if (!report.devices.empty())
        std::cout
            << "  For exact heights and 3D models measure each camera's lens once: vitrine calibrate SOURCE --board chessboard:9x6:25\n";
    section("H.264 encoders, best first", report.encoders.empty(), "none; install gstreamer1.0-plugins-ugly (x264)");
    for (const auto& e : report.encoders) std::cout << "  " << e << "\n";
    section("Graphics processors", report.gpus.empty(), "none; pictures are drawn and encoded on the processor");
    for (const auto& g : report.gpus) std::cout << "  " << g << "\n";
    std::cout << "Parts\n";
    for (const auto& p : report.parts)
        std::cout << "  " << (p.present ? "ok       " : "missing  ") << p.name << "  " << p.purpose
                  << (p.present ? "" : "  ->  " + p.remedy) << "\n";
    std::cout << (report.can_run ? "This machine can run a show.\n"
                                 : "This machine cannot run a show yet: install what is missing above.\n");
}

void print_json(const ProbeReport& report, const Looks& looks) {
    nlohmann::json devices = nlohmann::json::array(), parts = nlohmann::json::array();
    for (std::size_t i = 0; i < report.devices.size(); ++i) {
        const auto& d = report.devices[i];
        devices.push_back({{"kind", d.kind}, {"name", d.name}, {"source", d.source}, {"formats", d.formats}});
        if (const auto look = looks.find(i); look != looks.end()) devices.back()["trial"] = as_json(look->second);
    }
    for (const auto& p : report.parts)
        parts.push_back({{"name", p.name}, {"purpose", p.purpose}, {"present", p.present}, {"remedy", p.remedy}});
    std::cout
        << dump({{"devices", devices}, {"encoders", report.encoders}, {"gpus", report.gpus}, {"parts", parts}, {"can_run", report.can_run}})
        << "\n";
}

}  // namespace

void add_probe(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ProbeOptions>();
    CLI::App* command = app.add_subcommand("probe", "What this machine has for a show, and what is missing; or one source, tried out");
    command->add_flag("--json", options->json, "One JSON object");
    command->add_option("--thumbnails", options->thumbnails, "Open each camera for a moment and put a small picture into this folder");
    CLI::Option* address = command->add_option("--try", options->address,
                                               "Open this source (rtsp://…, v4l2:…, file:…, srt://…, sim:…) and tell what it is; - reads "
                                               "it from standard input, @FILE from a file");
    command->add_option("--thumbnail", options->thumbnail, "With --try: write a small picture to this JPEG file")->needs(address);
    command->add_option("--show", options->shows, "Small pictures get the masks that this show has for the camera; may be given again");
    command->callback([options, &exit_code] {
        if (!options->address.empty()) {
            exit_code = try_one(*options);
            return;
        }
        const ProbeReport report = probe();
        const Looks looks = options->thumbnails.empty() ? Looks{} : look_at_all(report, options->thumbnails, KnownMasks(options->shows));
        if (options->json)
            print_json(report, looks);
        else
            print_text(report, looks);
        exit_code = report.can_run ? 0 : 3;
    });
}

}  // namespace vitrine
