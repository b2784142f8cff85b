#pragma once
// The views of the panel, one file each. A view draws its part of the window from the state and puts what was pressed into `commands`; it
// keeps nothing between frames. `area` is in window coordinates.

#include "tools/panel/commands.h"
#include "tools/panel/kit.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel::views {

void top_bar(const PanelState& state, const Area& area, Commands& commands);
/// The link's trouble or the last message, across the window; draws nothing when there is neither.
void banner(const PanelState& state, const Area& area, Commands& commands);
bool has_banner(const PanelState& state);
/// Instead of everything else, before the first snapshot.
void no_show(const PanelState& state, const Area& area, Commands& commands);

void preview(const PanelState& state, const Area& area, Commands& commands);
void program(const PanelState& state, const Area& area, Commands& commands);
void scenes(const PanelState& state, const Area& area, Commands& commands);
void sound(const PanelState& state, const Area& area, Commands& commands);
void cameras(const PanelState& state, const Area& area, Commands& commands);
void products(const PanelState& state, const Area& area, Commands& commands);
void on_product(const PanelState& state, const Area& area, Commands& commands);
void outputs(const PanelState& state, const Area& area, Commands& commands);
void log(const PanelState& state, const Area& area, Commands& commands);

}  // namespace vitrine::panel::views
