#pragma once
// The views of the panel, one file each. A view draws its part of the window from the state and puts what was pressed into `commands`; it
// keeps nothing between frames. `area` is in window coordinates.

#include "tools/panel/commands.h"
#include "tools/panel/kit.h"
#include "tools/panel/panel_state.h"

namespace vitrine::panel::views {

// Always there.
void top_bar(const PanelState& state, const Area& area, Commands& commands);
void rail(const PanelState& state, const Area& area, Commands& commands);
void preview(const PanelState& state, const Area& area, Commands& commands);
void program(const PanelState& state, const Area& area, Commands& commands);
/// Beside the pictures: the clock of the product on air, the sound's level, the cameras.
void side(const PanelState& state, const Area& area, Commands& commands);
/// Scene buttons, Cut, Fade and Safe.
void scenes(const PanelState& state, const Area& area, Commands& commands);
/// Recording, chapter, outputs; or the link's trouble or the last message.
void status(const PanelState& state, const Area& area, Commands& commands);
/// While something asks, what it asks, where the status bar is covered.
void question(const PanelState& state, const Area& area);

// Pages.
void show_page(const PanelState& state, const Area& area, Commands& commands);
void buyers(const PanelState& state, const Area& area, Commands& commands);
void products(const PanelState& state, const Area& area, Commands& commands);
void masks(const PanelState& state, const Area& area, Commands& commands);
void multiview(const PanelState& state, const Area& area, Commands& commands);
void sound(const PanelState& state, const Area& area, Commands& commands);
void outputs(const PanelState& state, const Area& area, Commands& commands);
void log(const PanelState& state, const Area& area, Commands& commands);
void settings(const PanelState& state, const Area& area, Commands& commands);
void help(const PanelState& state, const Area& area, Commands& commands);

// Instead of everything.
void start(const PanelState& state, const Area& area, Commands& commands);
void new_show(const PanelState& state, const Area& area, Commands& commands);
/// In a rehearsal, beside the pictures, and the whole list.
void rehearsal_steps(const PanelState& state, const Area& area, Commands& commands);
void rehearsal(const PanelState& state, const Area& area, Commands& commands);
void preflight(const PanelState& state, const Area& area, Commands& commands);
void key_map(const PanelState& state, const Area& area, Commands& commands);

}  // namespace vitrine::panel::views
