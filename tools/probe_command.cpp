#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "pipelines/probe.h"
#include "tools/commands.h"

namespace vitrine {
namespace {

void print_text(const ProbeReport& report) {
    const auto section = [](const char* title, bool empty, const char* when_empty) {
        std::cout << title << "\n";
        if (empty) std::cout << "  " << when_empty << "\n";
    };
    section("Cameras and microphones", report.devices.empty(), "none found; network cameras need no driver: source = \"rtsp://…\"");
    for (const auto& d : report.devices)
        std::cout << "  " << d.kind << "  " << d.name << (d.source.empty() ? "" : "   source = \"" + d.source + "\"") << "\n";
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

void print_json(const ProbeReport& report) {
    nlohmann::json devices = nlohmann::json::array(), parts = nlohmann::json::array();
    for (const auto& d : report.devices)
        devices.push_back({{"kind", d.kind}, {"name", d.name}, {"source", d.source}, {"formats", d.formats}});
    for (const auto& p : report.parts)
        parts.push_back({{"name", p.name}, {"purpose", p.purpose}, {"present", p.present}, {"remedy", p.remedy}});
    std::cout << nlohmann::json{{"devices", devices},
                                {"encoders", report.encoders},
                                {"gpus", report.gpus},
                                {"parts", parts},
                                {"can_run", report.can_run}}
                     .dump()
              << "\n";
}

}  // namespace

void add_probe(CLI::App& app, int& exit_code) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("probe", "What this machine has for a show, and what is missing");
    command->add_flag("--json", *json, "One JSON object");
    command->callback([json, &exit_code] {
        const ProbeReport report = probe();
        if (*json)
            print_json(report);
        else
            print_text(report);
        exit_code = report.can_run ? 0 : 3;
    });
}

}  // namespace vitrine
