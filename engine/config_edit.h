#pragma once
// Edits of a show that is running. Each gives a new show and leaves the old one as it is, or refuses with a sentence; what comes out would
// have been accepted by load_show. Reentrant.

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/commands.h"
#include "engine/config.h"
#include "engine/result.h"

namespace vitrine {

using ShowConfigPtr = std::shared_ptr<const ShowConfig>;

Result<ShowConfigPtr> with_masks(const ShowConfig& show, const std::string& camera, std::vector<PrivacyMask> masks);

Result<ShowConfigPtr> with_callout_at(const ShowConfig& show, const std::string& callout, const std::array<double, 3>& at_mm);

/// Where a callout stands: show.products[product].callouts[callout], in the order of the product's file.
struct CalloutPlace {
    std::size_t product = 0, callout = 0;
};
std::optional<CalloutPlace> find_callout(const ShowConfig& show, const std::string& id);

struct PutResult {
    ShowConfigPtr show;
    CalloutPlace place;
    bool fresh = false;  ///< a new callout, the last of its product
};
Result<PutResult> with_callout(const ShowConfig& show, const PutCallout& put);

struct RemoveResult {
    ShowConfigPtr show;
    CalloutPlace place;
    std::map<std::string, std::string> renamed;  ///< later callouts that have their number for an id move up: old id -> new id
};
Result<RemoveResult> without_callout(const ShowConfig& show, const std::string& callout);

}  // namespace vitrine
