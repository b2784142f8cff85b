#pragma once
// Names out of file names: what a picture is called becomes what the product is called.

#include <set>
#include <string>
#include <string_view>

namespace vitrine::new_show {

/// "LX-200 downlight_front" -> "LX-200", "Desk lamp" -> "Desk-lamp", "台灯" -> "". Fit for an id of the show. Reentrant.
std::string id_of(std::string_view name);

/// `wish`, or with -2, -3 … behind it when it is taken (letters large and small are the same: not every disk tells them apart); it is
/// taken afterwards.
std::string distinct_id(std::string wish, std::set<std::string>& taken);

/// A file name without its ending, as people would write it: "LX-200_downlight.jpg" -> "LX-200 downlight". UTF-8 that can be shown.
std::string shown_name(std::string_view stem);

/// Whether Chinese characters are in it.
bool has_han(std::string_view text);

/// True when `before` stands before `after` as people count: frame9 before frame10. Reentrant.
bool counts_before(std::string_view before, std::string_view after);

}  // namespace vitrine::new_show
