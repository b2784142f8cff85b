#pragma once
// What GET /control/rehearsal says (pipelines/deliver/DESK.md): the presenter's steps and how it went. Pure.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/config.h"

namespace vitrine::panel {

struct RehearsalView {
    struct Step {
        std::string id;
        bool done = false;
        LocalText text, how;
    };
    std::vector<Step> steps;
    bool over = false;
    std::vector<std::string> result_en, result_zh;
    std::size_t done() const;
    /// Null when all are done.
    const Step* next() const;
    const std::vector<std::string>& result(const std::string& language) const { return language == "zh" ? result_zh : result_en; }
};

/// Nothing when it is none.
std::optional<RehearsalView> read_rehearsal(const nlohmann::json& said);

}  // namespace vitrine::panel
