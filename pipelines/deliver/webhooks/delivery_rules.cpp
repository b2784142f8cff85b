#include "pipelines/deliver/webhooks/delivery_rules.h"

#include <curl/curl.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <memory>

namespace vitrine::webhooks {
namespace {

std::string hmac_hex(std::string_view secret, std::string_view message) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(message.data()), message.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_final(&state, mac.data());
    std::string hex(mac.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), mac.data(), mac.size());
    hex.pop_back();
    return hex;
}

bool will_not_change(int status) { return (status >= 300 && status < 500) && status != 408 && status != 429; }

struct Place {
    std::string scheme, host, port;
    bool operator==(const Place&) const = default;
};

std::optional<Place> place_of(const std::string& text) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
    if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
    const auto part = [&](CURLUPart which, unsigned flags) {
        char* value = nullptr;
        std::string found;
        if (curl_url_get(url.get(), which, &value, flags) == CURLUE_OK) found = value;
        curl_free(value);
        std::transform(found.begin(), found.end(), found.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return found;
    };
    return Place{part(CURLUPART_SCHEME, 0), part(CURLUPART_HOST, 0), part(CURLUPART_PORT, CURLU_DEFAULT_PORT)};
}

}  // namespace

std::string signature(std::string_view body, std::int64_t unix_s, const std::vector<std::string>& secrets) {
    const std::string time = std::to_string(unix_s);
    const std::string message = time + "." + std::string(body);
    std::string value = "t=" + time;
    for (const std::string& secret : secrets) value += ",v1=" + hmac_hex(secret, message);
    return value;
}

bool delivered(const Outcome& outcome) { return outcome.whole && outcome.status >= 200 && outcome.status < 300; }

Next next_try(const Outcome& outcome, int tries, std::int64_t made_us, std::int64_t now_us, double luck, const RetryRules& rules) {
    if (outcome.status == 410) return {true, 0};
    if (will_not_change(outcome.status) && tries >= rules.refused_tries) return {true, 0};
    std::int64_t wait = rules.first_us;
    for (int i = 1; i < tries && wait < rules.most_us; ++i) wait *= 2;
    wait = std::min(wait, rules.most_us);
    wait = wait / 2 + static_cast<std::int64_t>(static_cast<double>(wait - wait / 2) * std::clamp(luck, 0.0, 1.0));
    if (outcome.retry_after_us) wait = std::max(wait, std::min(*outcome.retry_after_us, rules.most_retry_after_us));
    if (tries >= rules.least_tries && now_us + wait - made_us > rules.give_up_after_us) return {true, 0};
    return {false, now_us + wait};
}

std::optional<std::int64_t> retry_after(std::string_view value, std::int64_t now_us) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (end == value.data() + value.size() && !value.empty()) {
        if (error == std::errc::result_out_of_range || seconds > 1'000'000'000) return std::int64_t{1'000'000'000} * 1'000'000;
        if (error == std::errc{} && seconds >= 0) return seconds * 1'000'000;
        return std::nullopt;
    }
    const std::time_t when = curl_getdate(std::string(value).c_str(), nullptr);
    if (when < 0) return std::nullopt;
    return std::max<std::int64_t>(0, static_cast<std::int64_t>(when) * 1'000'000 - now_us);
}

bool same_server(const std::string& from, const std::string& to) {
    const auto a = place_of(from), b = place_of(to);
    return a && b && *a == *b;
}

}  // namespace vitrine::webhooks
