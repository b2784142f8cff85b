#pragma once
// Token buckets, one per key, in a table that cannot grow without bound: when it is full the key not seen for longest is forgotten.
// The caller owns the clock.

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/clock.h"

namespace vitrine::web {

struct Rate {
    double burst = 1;       ///< at once
    double per_minute = 1;  ///< in the long run
};

class RateLimit {
  public:
    explicit RateLimit(Rate rate, std::size_t most_keys = 4096);

    /// 0: allowed, and one token is gone. Else: whole seconds until the next token.
    int take(const std::string& key, Nanoseconds now, double scale = 1);
    /// As take() would answer, without taking.
    int wait(const std::string& key, Nanoseconds now, double scale = 1) const;
    std::size_t keys() const { return table_.size(); }

  private:
    struct Bucket {
        std::string key;
        double tokens;
        Nanoseconds at;
    };
    double tokens_at(const Bucket& bucket, Nanoseconds now, double scale) const;
    int wait_for(double tokens, double scale) const;

    Rate rate_;
    std::size_t most_keys_;
    std::list<Bucket> recent_;  ///< front: seen last
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> table_;
};

/// What one client is counted by: an IPv4 address, or the /64 of an IPv6 address (one customer has at least that much).
std::string address_key(std::string_view address);
bool is_loopback(std::string_view address);

}  // namespace vitrine::web
