#pragma once
// The session is one table of allowed moves; everything else is refused with a sentence that names the state, the move and the
// state it needs.
//   idle --prepare--> ready --go_live--> live --pause--> paused --resume--> live
//   ready, live, paused --end--> ended; ended --prepare--> ready

#include <optional>
#include <string_view>

#include "engine/result.h"

namespace vitrine {

enum class SessionState { idle, ready, live, paused, ended };
enum class SessionMove { prepare, go_live, pause, resume, end };

std::string_view to_string(SessionState);
std::string_view to_string(SessionMove);

/// Reentrant. The state after the move, or bad_input.
Result<SessionState> next_state(SessionState from, SessionMove move);

}  // namespace vitrine
