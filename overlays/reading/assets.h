#pragma once
// Models, pictures and fonts of a show folder, read whole: load_show has looked at their first bytes only.

#include <string>
#include <vector>

#include "engine/config.h"

namespace vitrine {

/// Reads every one in a reading process, several at once, each file once. A problem for each that is refused, in the order given.
std::vector<Problem> judge_assets(const std::vector<NamedAsset>& assets);

/// What a show opens itself (all but served pictures) is judged, and what is refused is taken out of the show: a model, a logo, a font, a
/// mark, a target that is followed by its picture alone. A sentence for the presenter about each.
std::vector<std::string> set_aside_bad_assets(ShowConfig& show, std::vector<NamedAsset> assets);

}  // namespace vitrine
