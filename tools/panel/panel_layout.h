#pragma once
// Where each view lies, for any window. Fixed heights above and below, the pictures take what is left.

#include "tools/panel/commands.h"
#include "tools/panel/kit.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel {

/// Least window in px at 1×; a smaller one is drawn smaller instead of clipped.
inline constexpr float least_width = 1180, least_height = 660;

/// The scale at which everything fits a window of that size (window coordinates), at most `wanted`.
float fitting_scale(float width, float height, float wanted);

struct Layout {
    Area top_bar, banner, rest;
    Area preview, program, sound, cameras, scenes;
    Area products, on_product, outputs, log;
};

Layout lay_out(const Kit& kit, float width, float height, bool banner);

/// One frame of the panel, in ImGui's current frame.
void draw_panel(const PanelState& state, float width, float height, Commands& commands);

}  // namespace vitrine::panel
