#pragma once
// What this machine has for a show, and what is missing and how to get it. Opens nothing for longer than it takes to ask.

#include <string>
#include <vector>

namespace vitrine {

struct ProbeReport {
    struct Device {
        std::string kind;  ///< "camera" or "microphone"
        std::string name;
        std::string source;  ///< what to write in show.toml
        std::vector<std::string> formats;
    };
    struct Part {
        std::string name, purpose;
        bool present = false;
        std::string remedy;  ///< Debian and Ubuntu package; empty when present
    };
    std::vector<Device> devices;
    std::vector<std::string> encoders;  ///< usable, best first
    std::vector<std::string> gpus;
    std::vector<Part> parts;
    bool can_run = false;
};

ProbeReport probe();

}  // namespace vitrine
