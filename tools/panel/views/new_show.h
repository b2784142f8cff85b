#pragma once
// The pages of a new show, one function each; views/new_show.cpp frames them.

#include "tools/panel/views/buyers_parts.h"

namespace vitrine::panel::views {

void new_show_name(const PanelState& state, const Area& area, Commands& commands);
void new_show_cameras(const PanelState& state, const Area& area, Commands& commands);
void new_show_products(const PanelState& state, const Area& area, Commands& commands);
void new_show_finish(const PanelState& state, const Area& area, Commands& commands);

/// A small picture from a file, or an empty place for it.
void small_picture(const PanelState& state, const Area& area, const std::string& file, Icon otherwise);

}  // namespace vitrine::panel::views
