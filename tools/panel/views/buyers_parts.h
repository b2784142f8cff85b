#pragma once
// The parts of the buyers' page, one per tab. Each draws a list at the left and what is chosen in it at the right; the choice is kept under
// "buyers.<tab>".

#include "tools/panel/buyers_desk.h"
#include "tools/panel/views/fields.h"

namespace vitrine::panel::views {

void questions_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void quotes_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void points_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void people_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void invites_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void orders_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void poll_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);

/// "Ana Silva, Lumen Ltda · BR · pt".
std::string who_is(const PanelState& state, const std::string& person);

}  // namespace vitrine::panel::views
