#include "pipelines/deliver/web/http_message.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace vitrine::web {

namespace {

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool printable(std::string_view value) {
    return std::none_of(value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

/// RFC 9110 5.6.7, always in English and UTC.
std::string http_date(std::int64_t utc_s) {
    static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t time = static_cast<std::time_t>(utc_s);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                  months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return text;
}

}  // namespace

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower_char);
    return result;
}

bool same_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower_char(x) == lower_char(y); });
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result.push_back(text[i]);
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        result.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return result;
}

bool same_secret(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    volatile unsigned char differs = 0;
    for (std::size_t i = 0; i < a.size(); ++i) differs = static_cast<unsigned char>(differs | (a[i] ^ b[i]));
    return differs == 0;
}

const std::string* Request::header(std::string_view name) const {
    for (const Header& h : headers)
        if (h.name == name) return &h.value;
    return nullptr;
}

std::size_t Request::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), [&](const Header& h) { return h.name == name; }));
}

std::string Request::bearer() const {
    if (count("authorization") != 1) return {};
    const std::string_view value = trim(*header("authorization"));
    const auto space = value.find(' ');
    if (space == std::string_view::npos || !same_text(value.substr(0, space), "bearer")) return {};
    return std::string(trim(value.substr(space)));
}

std::string Request::cookie(std::string_view name) const {
    std::string_view found;
    for (const Header& h : headers) {
        if (h.name != "cookie") continue;
        std::string_view rest = h.value;
        while (!rest.empty()) {
            const auto end = rest.find(';');
            const std::string_view pair = trim(rest.substr(0, end));
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
            if (!found.empty()) return {};
            found = pair.substr(equals + 1);
        }
    }
    return std::string(found);
}

std::string Request::media_type() const {
    if (count("content-type") != 1) return {};
    const std::string_view value = *header("content-type");
    return lower(trim(value.substr(0, value.find(';'))));
}

std::optional<std::string> Request::query_value(std::string_view key) const {
    std::string_view rest = query;
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) != key) continue;
        return percent_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    }
    return std::nullopt;
}

Response& Response::set(std::string name, std::string value) {
    for (Header& h : headers)
        if (h.name == name) {
            h.value = std::move(value);
            return *this;
        }
    headers.push_back({std::move(name), std::move(value)});
    return *this;
}

const std::string* Response::header(std::string_view name) const {
    for (const Header& h : headers)
        if (h.name == name) return &h.value;
    return nullptr;
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 100:
            return "Continue";
        case 101:
            return "Switching Protocols";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 426:
            return "Upgrade Required";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        case 507:
            return "Insufficient Storage";
        default:
            return "Status";
    }
}

Response problem(int status, std::string_view detail) {
    nlohmann::ordered_json body{{"type", "about:blank"}, {"title", reason_phrase(status)}, {"status", status}, {"detail", detail}};
    Response response;
    response.status = status;
    response.set("Content-Type", "application/problem+json").set("Cache-Control", "no-store");
    response.body = std::make_shared<const std::string>(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return response;
}

Response problem_later(int status, std::string_view detail, int retry_after_s) {
    Response response = problem(status, detail);
    response.set("Retry-After", std::to_string(std::max(1, retry_after_s)));
    return response;
}

Response json_answer(std::string body, int status) {
    Response response;
    response.status = status;
    response.set("Content-Type", "application/json").set("Cache-Control", "no-store");
    response.body = std::make_shared<const std::string>(std::move(body));
    return response;
}

Response method_not_allowed(std::string_view allow) {
    Response response = problem(405, "This address does not take that method; the Allow header lists those it takes.");
    response.set("Allow", std::string(allow));
    return response;
}

std::string serialize_head(const Response& response, bool keep_alive, std::int64_t utc_s) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason_phrase(response.status)) + "\r\n";
    for (const Header& h : response.headers) {
        if (!printable(h.name) || !printable(h.value)) continue;
        head += h.name + ": " + h.value + "\r\n";
    }
    // RFC 9110 8.6: no Content-Length with 1xx and 204.
    if (response.status >= 200 && response.status != 204 && response.status != 304)
        head += "Content-Length: " + std::to_string(response.length()) + "\r\n";
    head += "Date: " + http_date(utc_s) + "\r\n";
    head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return head;
}

}  // namespace vitrine::web
