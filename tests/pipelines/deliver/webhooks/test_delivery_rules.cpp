#include "pipelines/deliver/webhooks/delivery_rules.h"

#include "tests/support/catch.h"

using namespace vitrine::webhooks;

TEST_CASE("what is sent is signed with every secret there is", "[webhooks]") {
    // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
    const std::string one = "9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23";
    const std::string both = signature("{\"a\":1}", 1'700'000'000, {"0123456789abcdef", "fedcba9876543210"});
    CHECK(both.starts_with("t=1700000000,v1=" + one + ",v1="));
    CHECK(both.size() == std::string("t=1700000000").size() + 2 * (4 + 64));
    CHECK(both.starts_with(signature("{\"a\":1}", 1'700'000'000, {"0123456789abcdef"})));
    CHECK(signature("{\"a\":2}", 1'700'000'000, {"0123456789abcdef"}) != signature("{\"a\":1}", 1'700'000'000, {"0123456789abcdef"}));
    CHECK(signature("{\"a\":1}", 1'700'000'001, {"0123456789abcdef"}).substr(13) !=
          signature("{\"a\":1}", 1'700'000'000, {"0123456789abcdef"}).substr(13));
    CHECK(signature("", 1, {}) == "t=1");
}

TEST_CASE("a receiver that fails is asked again, later and later, within bounds", "[webhooks]") {
    const RetryRules rules;
    const Outcome down{0, false, "no route", {}};
    CHECK_FALSE(delivered(down));
    CHECK_FALSE(delivered({200, false, "closed", {}}));
    CHECK(delivered({204, true, "", {}}));
    CHECK_FALSE(delivered({302, true, "", {}}));
    CHECK(next_try(down, 1, 0, 0, 1).at_us == rules.first_us);
    CHECK(next_try(down, 1, 0, 0, 0).at_us == rules.first_us / 2);
    CHECK(next_try(down, 4, 0, 0, 1).at_us == rules.first_us * 8);
    CHECK(next_try(down, 60, 0, 1, 1).at_us == rules.most_us + 1);
    CHECK(next_try(down, 60, 0, rules.give_up_after_us, 0).dead);
    // An event seems three days old after a jump of the clock: it is given up after hours of trying, not at once.
    CHECK_FALSE(next_try(down, 1, 0, 400LL * 86'400'000'000, 0).dead);
    CHECK_FALSE(next_try(down, rules.least_tries - 1, 0, 400LL * 86'400'000'000, 0).dead);
    CHECK(next_try(down, rules.least_tries, 0, 400LL * 86'400'000'000, 0).dead);
    CHECK_FALSE(next_try(down, 60, 0, -10LL * 365 * 86'400'000'000, 0).dead);
    const Outcome busy{503, true, "", 120'000'000};
    CHECK(next_try(busy, 1, 0, 0, 1).at_us == 120'000'000);
    CHECK(next_try({429, true, "", std::int64_t{1} << 60}, 1, 0, 0, 1).at_us == rules.most_retry_after_us);
}

TEST_CASE("what will not be taken becomes a dead letter", "[webhooks]") {
    for (const int status : {400, 401, 404, 413, 301, 302}) {
        INFO(status);
        CHECK_FALSE(next_try({status, true, "", {}}, 4, 0, 0, 1).dead);
        CHECK(next_try({status, true, "", {}}, 5, 0, 0, 1).dead);
    }
    for (const int status : {408, 429, 500, 503, 0}) CHECK_FALSE(next_try({status, true, "", {}}, 30, 0, 0, 1).dead);
    CHECK(next_try({410, true, "", {}}, 1, 0, 0, 1).dead);
}

TEST_CASE("Retry-After is read in both its forms", "[webhooks]") {
    CHECK(retry_after("120", 0) == 120'000'000);
    CHECK(retry_after("0", 0) == 0);
    CHECK_FALSE(retry_after("-5", 0));
    CHECK_FALSE(retry_after("soon", 0));
    CHECK_FALSE(retry_after("", 0));
    CHECK(retry_after("99999999999999999999", 0));
    CHECK(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784'111'770'000'000) == 7'000'000);
    CHECK(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784'111'779'000'000) == 0);
}

TEST_CASE("a signature follows a redirect to the same server only", "[webhooks]") {
    CHECK(same_server("https://crm.example.com/a", "https://CRM.example.com:443/b?x"));
    CHECK_FALSE(same_server("https://crm.example.com/a", "http://crm.example.com/a"));
    CHECK_FALSE(same_server("https://crm.example.com/a", "https://crm.example.com:8443/a"));
    CHECK_FALSE(same_server("https://crm.example.com/a", "https://crm.example.com.evil.test/a"));
    CHECK_FALSE(same_server("https://crm.example.com/a", "https://evil.test/?https://crm.example.com/a"));
    CHECK_FALSE(same_server("https://crm.example.com/a", "/a"));
    CHECK_FALSE(same_server("https://crm.example.com/a", ""));
}
