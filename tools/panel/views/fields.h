#pragma once
// Fields whose text the panel keeps between frames, and lists to choose from.

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {

/// A field whose text is kept under `key`; true when Enter was pressed. Its label stands in it while it is empty.
bool kept_field(const PanelState& state, const Area& area, const std::string& key, const std::string& label, const std::string& help,
                Commands& commands, const std::string& why = {});
/// A kept field and the button behind it. True when Enter in the field or the button sends what stands in it, which is not said while
/// the button tells why not.
struct SendField {
    std::string key, label, help;  ///< of the field
    ButtonSpec button;
    std::string why_not = {};  ///< not empty: nothing can be typed, and this is the reason
};
bool send_field(const PanelState& state, const Area& line, const SendField& field, Commands& commands);
/// Why what stands under `key` cannot be sent: `why`, or that it is empty.
std::string why_not_sent(const PanelState& state, const std::string& key, const std::string& why, const char* when_empty);

/// Two lines that can be chosen, an icon before them. True when pressed.
struct ListItem {
    std::string id, first, second, note;
    Icon icon = Icon::none;
    Tone tone = Tone::info;
    bool chosen = false, done = false;
};
bool list_item(const PanelState& state, const Area& area, const ListItem& item, const std::string& help);
inline constexpr float list_item_px = 48;

}  // namespace vitrine::panel::views
