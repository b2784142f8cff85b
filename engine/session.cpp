#include "engine/session.h"

#include <array>
#include <string>

namespace vitrine {
namespace {

struct Move {
    SessionState from;
    SessionMove move;
    SessionState to;
};

constexpr std::array<Move, 8> table{{
    {SessionState::idle, SessionMove::prepare, SessionState::ready},
    {SessionState::ready, SessionMove::go_live, SessionState::live},
    {SessionState::live, SessionMove::pause, SessionState::paused},
    {SessionState::paused, SessionMove::resume, SessionState::live},
    {SessionState::ready, SessionMove::end, SessionState::ended},
    {SessionState::live, SessionMove::end, SessionState::ended},
    {SessionState::paused, SessionMove::end, SessionState::ended},
    {SessionState::ended, SessionMove::prepare, SessionState::ready},
}};

}  // namespace

std::string_view to_string(SessionState state) {
    switch (state) {
        case SessionState::idle:
            return "idle";
        case SessionState::ready:
            return "ready";
        case SessionState::live:
            return "live";
        case SessionState::paused:
            return "paused";
        case SessionState::ended:
            return "ended";
    }
    return "unknown";
}

std::string_view to_string(SessionMove move) {
    switch (move) {
        case SessionMove::prepare:
            return "prepare";
        case SessionMove::go_live:
            return "go_live";
        case SessionMove::pause:
            return "pause";
        case SessionMove::resume:
            return "resume";
        case SessionMove::end:
            return "end";
    }
    return "unknown";
}

Result<SessionState> next_state(SessionState from, SessionMove move) {
    std::string needed;
    for (const Move& allowed : table) {
        if (allowed.move != move) continue;
        if (allowed.from == from) return allowed.to;
        if (!needed.empty()) needed += " or ";
        needed += to_string(allowed.from);
    }
    return fail("the show is " + std::string(to_string(from)) + ", so \"" + std::string(to_string(move)) +
                    "\" is not possible; it must be " + needed + " for that",
                ErrorKind::bad_input);
}

}  // namespace vitrine
