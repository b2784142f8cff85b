#pragma once
// Making a new show from the start screen: what has been found and tried so far, and the answers as `vitrine new` takes them. What is typed
// is kept in Ui::kept under "new.…"; programs that look for cameras and pictures run beside the window (child_job.h). Pure.

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config.h"

namespace vitrine::panel {

/// What buyers are offered by buttons; others are written into show.toml. Only those whose letters the look's fonts have.
inline constexpr const char* offered_languages[] = {"en", "zh", "es", "pt", "ar", "fr", "de", "ru",
                                                    "it", "tr", "hi", "vi", "th", "id", "ja", "ko"};

struct PanelState;

/// A source that was opened for a moment.
struct Trial {
    bool running = false, works = false;
    LocalText text, fix;
    std::string thumbnail;  ///< file; empty: none
};
struct FoundDevice {
    std::string name, source;
};
struct FoundPicture {
    std::string id, name, thumbnail;
};

struct NewShow {
    bool open = false;
    int page = 0;

    bool probing = false, probed = false;
    std::vector<FoundDevice> cameras, microphones;
    std::map<std::string, Trial> trials;  ///< by source

    bool looking = false;
    std::string looked_at;  ///< folder
    std::vector<FoundPicture> products;
    std::vector<std::string> left_out;  ///< sentences
    std::string looking_trouble;

    bool making = false;
    std::vector<std::string> problems;
    std::string made;  ///< folder of the show that was made
};

inline constexpr int new_show_pages = 4;

// What the programs said.
void read_probe(const nlohmann::json& said, NewShow& into);
Trial read_trial(const nlohmann::json& said);
void read_products(const nlohmann::json& said, NewShow& into);
/// `said`: its lines, one object each.
void read_made(const std::string& said, NewShow& into);

/// Lists of sources and languages are kept one a line.
std::vector<std::string> lines_of(const std::string& kept);
/// With `line` put behind the others, or taken away when it is there.
std::string with_line_turned(const std::string& kept, const std::string& line);

/// The answers for `vitrine new --answers -`.
nlohmann::json new_show_answers(const PanelState& state);
/// Why there is no going on from a page; empty when there is.
std::string why_no_next(const PanelState& state, int page);
/// Where the show goes when nobody says otherwise: a folder named after it, in the user's own.
std::string usual_folder(const PanelState& state);

}  // namespace vitrine::panel
