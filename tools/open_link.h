#pragma once
// The show's one link for everybody: who runs the show, or its recording, gives it away; it is the same after every start.

#include "engine/config.h"
#include "engine/desk/acts.h"
#include "engine/result.h"
#include "engine/show.h"

namespace vitrine {

/// That of last time, as long as it lets people in for another day; else a new one. Waits for the show thread.
Result<desk::ActResult> open_link(Show& show, const ShowConfig& config);

/// "/j/ID#SECRET", behind the buyers' origin.
std::string link_path(const desk::ActResult& link);

}  // namespace vitrine
