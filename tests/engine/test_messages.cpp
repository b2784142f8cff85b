#include <algorithm>

#include "engine/messages.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("every message has English and Chinese", "[messages]") {
    REQUIRE(message_keys().size() >= 8);
    CHECK(std::is_sorted(message_keys().begin(), message_keys().end()));
    for (const auto& key : message_keys()) {
        INFO(key);
        CHECK(has_message(key, "en"));
        CHECK(has_message(key, "zh"));
        CHECK(message(key, "en") != message(key, "zh"));
        CHECK_FALSE(message(key, "en").empty());
    }
}

TEST_CASE("a language without a text gets the English one, an unknown key shows itself", "[messages]") {
    CHECK(message("slate.lost", "fi") == message("slate.lost", "en"));
    CHECK_FALSE(has_message("slate.lost", "fi"));
    CHECK(message("no.such.key", "en") == "no.such.key");
    CHECK_FALSE(has_message("no.such.key", "en"));
}
