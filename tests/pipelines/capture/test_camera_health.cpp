#include "pipelines/capture/camera_health.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr Nanoseconds ms = 1'000'000, s = 1'000 * ms, frame = 33 * ms;

// Pictures from `from` on until `until`; the time of the last one.
Nanoseconds play(CameraHealth& health, Nanoseconds from, Nanoseconds until, bool repeated = false, Nanoseconds every = frame) {
    Nanoseconds now = from;
    for (; now + every <= until; now += every) {
        health.picture(now, repeated);
        health.look(now);
    }
    health.picture(now, repeated);
    return now;
}

CameraHealth opened(Nanoseconds now) {
    CameraHealth health{HealthLimits{}};
    REQUIRE(health.look(now).open);
    health.opened(now);
    return health;
}

}  // namespace

TEST_CASE("Back-off doubles up to its most and starts again after a reset", "[capture]") {
    Backoff backoff(250, 1000);
    CHECK(backoff.next() == 250);
    CHECK(backoff.next() == 500);
    CHECK(backoff.next() == 1000);
    CHECK(backoff.next() == 1000);
    backoff.reset();
    CHECK(backoff.next() == 250);
}

TEST_CASE("A camera is connecting until its first picture", "[capture]") {
    CameraHealth health = opened(10 * s);
    CHECK(health.look(10 * s).state == CameraState::connecting);
    CHECK_FALSE(health.look(10 * s).open);
    CHECK(health.picture(10 * s + 100 * ms, false));
    CHECK(health.state() == CameraState::live);
    CHECK(health.look(10 * s + 100 * ms).detail.empty());
}

TEST_CASE("No picture for lost_after is lost, for freeze_after a new connection", "[capture]") {
    CameraHealth health = opened(0);
    const Nanoseconds last = play(health, 100 * ms, 2 * s);
    CHECK(health.look(last + 699 * ms).state == CameraState::live);
    CHECK(health.look(last + 600 * ms).again <= last + 700 * ms);
    auto look = health.look(last + 700 * ms);
    CHECK(look.state == CameraState::lost);
    CHECK_FALSE(look.close);
    SECTION("a picture before freeze_after is live again without a new connection") {
        CHECK(health.picture(last + 900 * ms, false));
        look = health.look(last + 900 * ms);
        CHECK(look.state == CameraState::live);
        CHECK_FALSE(look.close);
    }
    SECTION("otherwise close, wait, open; live with the first picture") {
        look = health.look(last + 1500 * ms);
        CHECK(look.state == CameraState::frozen);
        CHECK(look.close);
        CHECK_FALSE(look.open);
        CHECK_FALSE(health.picture(last + 1501 * ms, false));  // of the one being closed
        CHECK_FALSE(health.look(last + 1749 * ms).open);
        CHECK(health.look(last + 1750 * ms).open);
        health.opened(last + 1750 * ms);
        CHECK(health.look(last + 1751 * ms).state == CameraState::frozen);
        CHECK(health.picture(last + 2 * s, false));
        CHECK(health.state() == CameraState::live);
    }
}

TEST_CASE("A slow source is judged by its own pace", "[capture]") {
    CameraHealth health = opened(0);
    const Nanoseconds last = play(health, 100 * ms, 20 * s, false, 1 * s);
    CHECK(health.look(last + 2 * s).state == CameraState::live);
    CHECK(health.look(last + 2500 * ms).state == CameraState::lost);
    CHECK(health.look(last + 5 * s).close);
}

TEST_CASE("A source that breaks off is tried for ever, with growing pauses", "[capture]") {
    CameraHealth health = opened(0);
    Nanoseconds now = 10 * ms;
    const Nanoseconds pauses[] = {250 * ms, 500 * ms, 1000 * ms, 1000 * ms, 1000 * ms};
    for (const Nanoseconds pause : pauses) {
        health.broken(now, "It is off.");
        auto look = health.look(now);
        CHECK(look.close);
        CHECK(look.state == CameraState::lost);
        CHECK(look.detail.rfind("It is off. Trying again in ", 0) == 0);
        CHECK_FALSE(health.look(now + pause - ms).open);
        CHECK(health.look(now + pause).open);
        now += pause;
        health.opened(now);
    }
    SECTION("five seconds of pictures begin the pauses anew") {
        now = play(health, now + ms, now + 6 * s);
        health.broken(now, "It is off.");
        health.look(now);
        CHECK(health.look(now + 250 * ms).open);
    }
    SECTION("a picture or two do not") {
        now = play(health, now + ms, now + s);
        health.broken(now, "It is off.");
        health.look(now);
        CHECK_FALSE(health.look(now + 999 * ms).open);
    }
}

TEST_CASE("A source that never answers, and one that answers without a picture", "[capture]") {
    CameraHealth health = opened(0);
    SECTION("silent") {
        CHECK_FALSE(health.look(2499 * ms).close);
        CHECK(health.look(2500 * ms).close);
    }
    SECTION("long keyframe distance") {
        health.answered();
        CHECK_FALSE(health.look(14 * s).close);
        CHECK(health.look(15 * s).close);
    }
}

TEST_CASE("Identical pictures of a restless camera are a freeze", "[capture]") {
    CameraHealth health = opened(0);
    Nanoseconds now = play(health, 100 * ms, 3 * s);
    const Nanoseconds last_move = now;
    while (now < last_move + 1100 * ms) {
        now += frame;
        CHECK(health.picture(now, true));
        CHECK(health.look(now).state == CameraState::live);
    }
    auto look = health.look(now);
    while (!look.close && now < last_move + 1600 * ms) {
        now += frame;
        health.picture(now, true);
        look = health.look(now);
    }
    CHECK(look.state == CameraState::frozen);
    CHECK(look.close);
    REQUIRE(health.look(now + 250 * ms).open);
    health.opened(now + 250 * ms);

    SECTION("connected again and still hung: no picture, a new try after a while") {
        const Nanoseconds from = now + 300 * ms;
        health.picture(from, false);  // nothing to compare it with
        for (Nanoseconds at = from + frame; at < from + 3 * s; at += frame) CHECK_FALSE(health.picture(at, true));
        CHECK(health.look(from + 3 * s).state == CameraState::frozen);
        play(health, from + 3 * s, from + 4 * s, true);
        CHECK(health.look(from + 4 * s + frame).state == CameraState::frozen);
    }
    SECTION("connected again and moving: live after ten moves") {
        Nanoseconds at = now + 300 * ms;
        for (int i = 0; i < 9; ++i, at += frame) CHECK_FALSE(health.picture(at, false));
        CHECK(health.picture(at, false));
        CHECK(health.state() == CameraState::live);
    }
}

TEST_CASE("A still source is no frozen one", "[capture]") {
    CameraHealth health = opened(0);
    SECTION("it never moved") {
        for (Nanoseconds now = 100 * ms; now < 30 * s; now += frame) REQUIRE(health.picture(now, true));
    }
    SECTION("slides: it moves now and then") {
        int n = 0;
        for (Nanoseconds now = 100 * ms; now < 60 * s; now += frame, ++n) REQUIRE(health.picture(now, n % 90 > 10));
    }
    CHECK(health.state() == CameraState::live);
}

TEST_CASE("A hung picture that changes at each keyframe is still frozen", "[capture]") {
    CameraHealth health = opened(0);
    Nanoseconds now = play(health, 100 * ms, 3 * s);
    const Nanoseconds hung = now;
    for (int n = 0; now < hung + 2 * s; ++n) {
        now += frame;
        health.picture(now, n % 30 > 4);  // five pictures that differ
    }
    CHECK(health.look(now).state == CameraState::frozen);
}

TEST_CASE("A failing mask withholds the picture until none has failed for a second", "[capture]") {
    CameraHealth health = opened(0);
    Nanoseconds now = play(health, 100 * ms, s);
    health.mask_failed(now + frame, "No polygon.");
    auto look = health.look(now + frame);
    CHECK(look.state == CameraState::mask_failed);
    CHECK(look.detail.find("No polygon.") != std::string::npos);
    now += frame;
    for (Nanoseconds at = now + frame; at < now + s; at += frame) CHECK_FALSE(health.picture(at, false));
    CHECK(health.picture(now + s, false));
    CHECK(health.look(now + s).state == CameraState::live);
}

TEST_CASE("A clip that ends goes on at once, or is over", "[capture]") {
    CameraHealth health = opened(0);
    const Nanoseconds now = play(health, 100 * ms, 2 * s);
    SECTION("looped: no slate in between") {
        health.ended(now, false);
        CHECK(health.look(now).close);
        const auto look = health.look(now + ms);
        CHECK(look.open);
        CHECK(look.state == CameraState::live);
    }
    SECTION("played once") {
        health.ended(now, true);
        CHECK(health.look(now).close);
        const auto look = health.look(now + 60 * s);
        CHECK_FALSE(look.open);
        CHECK(look.state == CameraState::lost);
        CHECK(look.detail == "The clip has been played to its end.");
    }
    SECTION("an empty one is a failure, not a busy loop") {
        health.ended(now, false);
        health.look(now);
        REQUIRE(health.look(now + ms).open);
        health.opened(now + ms);
        health.ended(now + 2 * ms, false);
        CHECK(health.look(now + 2 * ms).state == CameraState::lost);
        CHECK_FALSE(health.look(now + 200 * ms).open);
    }
}
