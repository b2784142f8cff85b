#pragma once
// The parts of the buyers' page, one per tab. Each draws a list at the left and what is chosen in it at the right; the choice is kept under
// "buyers.<tab>".

#include "tools/panel/buyers_desk.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {

void questions_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void quotes_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void points_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void people_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void invites_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void orders_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);
void poll_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands);

/// A field whose text is kept under `key`; true when Enter was pressed. Its label stands in it while it is empty.
bool kept_field(const PanelState& state, const Area& area, const std::string& key, const std::string& label, const std::string& help,
                Commands& commands, const std::string& why = {});
/// Two lines that can be chosen, an icon before them. True when pressed.
struct ListItem {
    std::string id, first, second, note;
    Icon icon = Icon::none;
    Tone tone = Tone::info;
    bool chosen = false, done = false;
};
bool list_item(const PanelState& state, const Area& area, const ListItem& item, const std::string& help);
inline constexpr float list_item_px = 48;
/// "Ana Silva, Lumen Ltda · BR · pt".
std::string who_is(const PanelState& state, const std::string& person);

}  // namespace vitrine::panel::views
