#include "pipelines/deliver/web/security_headers.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

namespace vitrine::web {

namespace {

std::string_view without_port(std::string_view host) {
    if (!host.empty() && host.front() == '[') return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool is_name(std::string_view host) {
    const std::string bare(without_port(host));
    in_addr four{};
    return !bare.empty() && bare.front() != '[' && inet_pton(AF_INET, bare.c_str(), &four) != 1 && !same_text(bare, "localhost") &&
           bare.find('.') != std::string::npos;
}

}  // namespace

bool plain_host(std::string_view host) {
    if (host.empty() || host.size() > 255) return false;
    return std::all_of(host.begin(), host.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']' || c == '_';
    });
}

void add_security_headers(Response& response, std::string_view host, bool secure) {
    std::string connect = "'self'";
    if (plain_host(host)) connect += (secure ? " wss://" : " ws://") + std::string(host);
    if (!response.header("Content-Security-Policy"))
        response.set(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src " +
                connect +
                "; font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
                "frame-ancestors 'none'; require-trusted-types-for 'script'");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    response.set("Permissions-Policy", "camera=(), microphone=()");
    if (secure && is_name(host)) response.set("Strict-Transport-Security", "max-age=31536000");
}

bool same_origin(const std::string* origin, std::string_view host, std::optional<bool> secure) {
    if (!origin) return true;
    std::string_view rest = *origin;
    std::string_view default_port;
    if (rest.substr(0, 8) == "https://") {
        if (secure && !*secure) return false;
        rest.remove_prefix(8);
        default_port = ":443";
    } else if (rest.substr(0, 7) == "http://") {
        if (secure && *secure) return false;
        rest.remove_prefix(7);
        default_port = ":80";
    } else {
        return false;
    }
    if (!plain_host(rest) || !plain_host(host)) return false;
    const auto bare = [&](std::string_view text) {
        if (text.size() > default_port.size() && text.substr(text.size() - default_port.size()) == default_port)
            text.remove_suffix(default_port.size());
        return text;
    };
    return same_text(bare(rest), bare(host));
}

}  // namespace vitrine::web
