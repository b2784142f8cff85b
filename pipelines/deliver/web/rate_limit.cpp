#include "pipelines/deliver/web/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace vitrine::web {

RateLimit::RateLimit(Rate rate, std::size_t most_keys) : rate_(rate), most_keys_(std::max<std::size_t>(1, most_keys)) {}

double RateLimit::tokens_at(const Bucket& bucket, Nanoseconds now, double scale) const {
    const double minutes = static_cast<double>(std::max<Nanoseconds>(0, now - bucket.at)) / 60e9;
    return std::min(rate_.burst * scale, bucket.tokens + minutes * rate_.per_minute * scale);
}

int RateLimit::wait_for(double tokens, double scale) const {
    if (tokens >= 1) return 0;
    return std::max(1, static_cast<int>(std::ceil((1 - tokens) * 60 / (rate_.per_minute * scale))));
}

int RateLimit::wait(const std::string& key, Nanoseconds now, double scale) const {
    const auto found = table_.find(key);
    return found == table_.end() ? 0 : wait_for(tokens_at(*found->second, now, scale), scale);
}

int RateLimit::take(const std::string& key, Nanoseconds now, double scale) {
    auto found = table_.find(key);
    if (found == table_.end()) {
        if (table_.size() >= most_keys_) {
            table_.erase(recent_.back().key);
            recent_.pop_back();
        }
        recent_.push_front({key, rate_.burst * scale, now});
        found = table_.emplace(recent_.front().key, recent_.begin()).first;
    } else {
        recent_.splice(recent_.begin(), recent_, found->second);
    }
    Bucket& bucket = *found->second;
    bucket.tokens = tokens_at(bucket, now, scale);
    bucket.at = std::max(bucket.at, now);
    const int wait_s = wait_for(bucket.tokens, scale);
    if (wait_s == 0) bucket.tokens -= 1;
    return wait_s;
}

std::string address_key(std::string_view address) {
    const std::string text(address.substr(0, address.find('%')));
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return text;
    char out[INET6_ADDRSTRLEN]{};
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        inet_ntop(AF_INET, six.s6_addr + 12, out, sizeof out);
        return out;
    }
    std::memset(six.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &six, out, sizeof out);
    return std::string(out) + "/64";
}

bool is_loopback(std::string_view address) {
    const std::string text(address.substr(0, address.find('%')));
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return false;
    return IN6_IS_ADDR_LOOPBACK(&six) || (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127);
}

}  // namespace vitrine::web
