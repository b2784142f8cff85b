#include "engine/session.h"

#include <set>
#include <string>
#include <utility>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

using S = SessionState;
using M = SessionMove;

const S states[] = {S::idle, S::ready, S::live, S::paused, S::ended};
const M moves[] = {M::prepare, M::go_live, M::pause, M::resume, M::end};

const std::set<std::pair<S, M>> allowed{{S::idle, M::prepare},  {S::ended, M::prepare}, {S::ready, M::go_live}, {S::live, M::pause},
                                        {S::paused, M::resume}, {S::ready, M::end},     {S::live, M::end},      {S::paused, M::end}};

std::string needed_for(M move) {
    switch (move) {
        case M::prepare:
            return "idle or ended";
        case M::go_live:
            return "ready";
        case M::pause:
            return "live";
        case M::resume:
            return "paused";
        case M::end:
            return "ready or live or paused";
    }
    return {};
}

}  // namespace

TEST_CASE("moves that the session refuses", "[session]") {
    int refused = 0;
    for (const S from : states) {
        for (const M move : moves) {
            if (allowed.contains({from, move})) continue;
            ++refused;
            CAPTURE(to_string(from), to_string(move));
            const auto next = next_state(from, move);
            REQUIRE_FALSE(next.has_value());
            CHECK(next.error().kind == ErrorKind::bad_input);
            CHECK(next.error().message == "the show is " + std::string(to_string(from)) + ", so \"" + std::string(to_string(move)) +
                                              "\" is not possible; it must be " + needed_for(move) + " for that");
        }
    }
    CHECK(refused == 17);
}

TEST_CASE("moves that the session allows", "[session]") {
    CHECK(next_state(S::idle, M::prepare).value() == S::ready);
    CHECK(next_state(S::ready, M::go_live).value() == S::live);
    CHECK(next_state(S::live, M::pause).value() == S::paused);
    CHECK(next_state(S::paused, M::resume).value() == S::live);
    CHECK(next_state(S::ready, M::end).value() == S::ended);
    CHECK(next_state(S::live, M::end).value() == S::ended);
    CHECK(next_state(S::paused, M::end).value() == S::ended);
    CHECK(next_state(S::ended, M::prepare).value() == S::ready);
}

TEST_CASE("states and moves have names of their own", "[session]") {
    std::set<std::string_view> names;
    for (const S state : states) names.insert(to_string(state));
    for (const M move : moves) names.insert(to_string(move));
    CHECK(names == std::set<std::string_view>{"idle", "ready", "live", "paused", "ended", "prepare", "go_live", "pause", "resume", "end"});
}
