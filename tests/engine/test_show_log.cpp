#include "engine/show_log.h"

#include <memory>
#include <string>
#include <type_traits>

#include "engine/messages.h"
#include "engine/show_state.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("the log says what happened and at whose hand", "[show_state]") {
    auto config = std::make_shared<ShowConfig>();
    config->cameras.resize(1);
    config->cameras[0].id = "line";
    config->scenes.resize(2);
    config->scenes[0].id = "line";
    config->scenes[1].id = "bench";
    config->products.resize(1);
    config->products[0].id = "B";
    config->products[0].name.by_language = {{"en", "Lamp"}, {"zh", "灯"}};
    ShowState state(config);
    constexpr Nanoseconds now = 1'000'000'000;
    const auto after = [&](const auto& what) {
        if constexpr (std::is_convertible_v<decltype(what), Command>)
            REQUIRE(state.apply(Command(what), now).has_value());
        else
            state.apply(Report(what));
        return state.publish(now);
    };
    const auto camera = [](CameraState is, std::uint64_t frames) {
        CameraStatus status;
        status.state = is, status.frames = frames;
        return CameraReport{"line", status};
    };
    Snapshot before = *state.newest();
    const Doer ana{Doer::Kind::helper, "Ana"};
    const auto said = [&](const Snapshot& now, std::string_view language) {
        std::string all;
        for (const LogLine& line : log_lines(before, now, ana)) {
            const std::string by = words_of(line.by, language);
            all += words_of(line, *now.show, language) + (by.empty() ? "" : " – " + by) + "; ";
        }
        before = now;
        return all;
    };
    after(MoveSession{SessionMove::prepare});
    CHECK(said(*state.newest(), "en") == "Ready; buyers wait in the waiting room – Ana (helper); ");
    CHECK(said(*after(MoveSession{SessionMove::go_live}), "en") == "The show is live – Ana (helper); Pinned: Lamp – Ana (helper); ");
    CHECK(said(*after(SwitchScene{"bench"}), "zh") == "场景：bench – Ana（助手）; ");
    CHECK(said(*after(camera(CameraState::live, 1)), "en") == "line: the picture is there; ");
    CHECK(said(*after(camera(CameraState::live, 2)), "en").empty());
    CHECK(said(*after(camera(CameraState::lost, 2)), "en") == "line: the picture is lost; ");
    CHECK(said(*after(HoldSafe{true}), "en") == "Holding picture and silence – Ana (helper); ");
    CHECK(said(*after(MoveSession{SessionMove::end}), "en") == "The show has ended – Ana (helper); ");
    // Everything that log_lines() may say exists in both languages: message_keys() are tested for that.
    for (const char* state : {"connecting", "live", "frozen", "lost", "mask_failed"})
        CHECK(has_message("log.camera_" + std::string(state), "zh"));

    for (std::size_t i = 0; i < most_log_lines + 5; ++i) state.log({0, 1, "log.live", {}, {}, {}});
    const auto& lines = *state.publish(now)->log;
    CHECK(lines.size() == most_log_lines);
    CHECK(lines.back().number - lines.front().number == most_log_lines - 1);  // the oldest have gone
}
