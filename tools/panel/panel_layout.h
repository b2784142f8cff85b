#pragma once
// Where everything lies, for any window. The bar, the pictures, the scene buttons with Cut, Fade and Safe, and the status bar never move;
// the rail chooses what the part below the pictures shows.

#include "tools/panel/commands.h"
#include "tools/panel/kit.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel {

/// Least window in px at 1×; a smaller one is drawn smaller instead of clipped.
inline constexpr float least_width = 1180, least_height = 660;

/// The scale at which everything fits a window of that size (window coordinates), at most `wanted`.
float fitting_scale(float width, float height, float wanted);

struct Layout {
    Area top_bar, rail, status;
    Area preview, program, side, scenes;
    Area page;  ///< what the rail has chosen
    Area rest;  ///< everything below the bar, for what covers it all
};

Layout lay_out(const Kit& kit, float width, float height);

/// One frame of the panel, in ImGui's current frame.
void draw_panel(const PanelState& state, float width, float height, Commands& commands);

}  // namespace vitrine::panel
