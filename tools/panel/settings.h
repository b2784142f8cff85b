#pragma once
// What the panel remembers between two starts: a small JSON file that may be deleted at any time. A damaged file reads as none.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine::panel {

struct Settings {
    std::string language;  ///< "en", "zh"; empty: never chosen
    bool dark = true;
    int fade_ms = 500;
    std::string page;  ///< open at the end
    struct Recent {
        std::string folder, title;
        bool other_port = false;  ///< its own was taken once
        bool operator==(const Recent&) const = default;
    };
    std::vector<Recent> recent;  ///< shows opened here, newest first, at most 12
    struct Place {
        int x = 0, y = 0, width = 0, height = 0;
        bool operator==(const Place&) const = default;
    };
    std::optional<Place> window;  ///< window coordinates
    bool operator==(const Settings&) const = default;
};

/// Reentrant. Values out of range are left out.
Settings read_settings(const std::filesystem::path& file);
/// Reentrant. Makes the folder; replaces the file in one step.
Result<void> write_settings(const std::filesystem::path& file, const Settings& settings);
/// Reentrant. The option, else what was chosen before, else LC_ALL, LC_MESSAGES, LANG; English when none says Chinese.
std::string choose_language(const std::string& option, const std::string& remembered);

}  // namespace vitrine::panel
