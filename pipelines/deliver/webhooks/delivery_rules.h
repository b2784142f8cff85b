#pragma once
// What is decided about a delivery, as values: signature, when to try again, when to give up, which redirect to follow. Reentrant.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::webhooks {

/// The value of "Vitrine-Signature": "t=<seconds>,v1=<hex>[,v1=<hex>]". Each v1 is HMAC-SHA-256 with one of the secrets over
/// "<seconds>.<body>"; a receiver takes the message when any of them is right and the time is not far from its own.
std::string signature(std::string_view body, std::int64_t unix_s, const std::vector<std::string>& secrets);

/// How one try ended.
struct Outcome {
    int status = 0;       ///< of the last answer; 0: none
    bool whole = false;   ///< the answer came to its end, or was longer than we read
    std::string trouble;  ///< what the transport says, when there was no whole answer
    std::optional<std::int64_t> retry_after_us;
};
bool delivered(const Outcome& outcome);

struct RetryRules {
    std::int64_t first_us = 2'000'000, most_us = 900'000'000;
    std::int64_t most_retry_after_us = 3'600'000'000;
    int refused_tries = 5;                                 ///< of answers that will not change by themselves: 4xx without 408 and 429, 3xx
    std::int64_t give_up_after_us = 3LL * 86'400'000'000;  ///< since the event was made
    int least_tries = 20;                                  ///< before that: hours of trying, so that a clock that jumps gives nothing up
};

struct Next {
    bool dead = false;
    std::int64_t at_us = 0;
};
/// After a failed try, `tries` of which there have been with this one. `luck`: 0 … 1; the wait is between half and all of
/// first · 2^(tries-1), at least what Retry-After asked for.
Next next_try(const Outcome& outcome, int tries, std::int64_t made_us, std::int64_t now_us, double luck, const RetryRules& rules = {});

/// "120" or an HTTP date, as µs from now; nothing when it is neither.
std::optional<std::int64_t> retry_after(std::string_view value, std::int64_t now_us);

/// Whether a 307 or 308 from one URL to the other stays with the same scheme, host and port: only then the body and its signature follow.
bool same_server(const std::string& from, const std::string& to);

}  // namespace vitrine::webhooks
