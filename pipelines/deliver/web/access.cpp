#include "pipelines/deliver/web/access.h"

#include <sodium.h>

#include <array>

#include "pipelines/deliver/web/security_headers.h"

namespace vitrine::web {

namespace {

constexpr const char* attributes = "; Secure; HttpOnly; SameSite=Strict; Path=/";

}  // namespace

Credential Access::credential(const Request& request) const {
    if (request.count("authorization") > 0) return {request.bearer(), false};
    std::string token = request.cookie(cookie_);
    const bool found = !token.empty();
    return {std::move(token), found};
}

bool Access::own_origin(const Request& request, bool without) const {
    if (request.count("origin") > 1) return false;
    const std::string* origin = request.header("origin");
    if (!origin) return without;
    const std::string* host = request.header("host");
    const std::optional<bool> secure = behind_proxy_ ? std::nullopt : std::optional<bool>(request.secure);
    return same_origin(origin, host ? *host : std::string(), secure);
}

std::optional<Response> Access::foreign(const Request& request, const Credential& who) const {
    if (!who.by_cookie) return std::nullopt;
    const bool reads = request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
    const std::string* site = request.header("sec-fetch-site");
    const bool said_foreign = site && *site != "same-origin" && *site != "none";
    if (!said_foreign && own_origin(request, reads)) return std::nullopt;
    return problem(403, "This is taken from the show's own page only.");
}

std::string Access::set_cookie(const std::string& token, std::int64_t seconds) const {
    return cookie_ + "=" + token + attributes + "; Max-Age=" + std::to_string(seconds);
}

std::string Access::forget_cookie() const { return cookie_ + "=" + attributes + "; Max-Age=0"; }

std::string show_mark(const std::string& folder) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(folder.data()), folder.size());
    std::array<char, 9> hex{};
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), 4);
    return hex.data();
}

Response unauthorized(bool had_token) {
    Response response = problem(401, "Join with an invite first: its session is a cookie or a bearer token.");
    response.set("WWW-Authenticate", had_token ? "Bearer realm=\"vitrine\", error=\"invalid_token\"" : "Bearer realm=\"vitrine\"");
    return response;
}

}  // namespace vitrine::web
