#pragma once
// The show's outputs as rows to read, for the status bar and the outputs page.

#include <cstdint>
#include <string>
#include <vector>

#include "tools/panel/panel_state.h"

namespace vitrine::panel::views {

struct OutputRow {
    std::string name, facts;
    std::string trouble;  ///< nothing gets there; empty: it does
    std::uint64_t dropped = 0;
    bool counts = true, watched = false;
};

/// Why a recording that is wanted is not being written.
std::string recording_waits(const PanelState& state);

/// All browsers in one row: a hundred buyers are one thing to look at.
std::vector<OutputRow> output_rows(const PanelState& state);

}  // namespace vitrine::panel::views
