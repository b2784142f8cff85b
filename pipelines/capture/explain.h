#pragma once
// GStreamer's words for a failed source, turned into a sentence a presenter can act on.

#include <string>

#include "engine/config.h"

namespace vitrine {

/// Reentrant. `answered`: the source had sent something before it failed. Ends in a full stop; holds no secrets.
std::string explain_failure(const SourceSpec& spec, const std::string& reason, bool answered);

/// Reentrant. Whether the other side was reached but what came did not work out: then another way of reaching it may help.
bool another_way_may_help(const std::string& reason);

}  // namespace vitrine
