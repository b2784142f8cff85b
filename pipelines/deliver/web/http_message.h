#pragma once
// Requests and answers as plain values, so that everything that decides can be tested without a socket. A Responder is called exactly
// once, on the net thread, now or later.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/deliver/web/body_source.h"

namespace vitrine::web {

struct Header {
    std::string name, value;
};

struct Request {
    std::string method;           ///< as sent; methods are case-sensitive
    std::string path;             ///< begins with '/', still percent-encoded, without the query
    std::string query;            ///< without '?'
    std::vector<Header> headers;  ///< names in lower case, in the order sent, duplicates kept
    std::string body;
    std::string address;         ///< the client's IP address as text
    bool secure = false;         ///< TLS here, or at the proxy in front of us
    std::string token;           ///< the session it comes with, as the buyers' door found it (Access); empty: none
    std::shared_ptr<void> held;  ///< what let a large body in; given back when the last copy of the request goes

    /// The first header of that (lower case) name, or null.
    const std::string* header(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    /// The token of exactly one "Authorization: Bearer …"; empty when there is none or more than one.
    std::string bearer() const;
    /// The value of exactly one cookie of that name; empty when there is none or more than one.
    std::string cookie(std::string_view name) const;
    /// The media type in lower case without its parameters.
    std::string media_type() const;
    /// The first value of a query key, percent-decoded; nothing when absent.
    std::optional<std::string> query_value(std::string_view key) const;
};

struct Response {
    int status = 200;
    std::vector<Header> headers;
    std::shared_ptr<const std::string> body;  ///< may be null
    std::shared_ptr<BodySource> source;       ///< in place of `body` where that would be long and somebody's own
    bool kept = false;                        ///< the body is in memory anyway (the page, a model): one more reader costs nothing
    bool close = false;                       ///< end the connection afterwards
    bool head = false;                        ///< announce the body's length but do not send it

    Response& set(std::string name, std::string value);
    /// Null when absent; the name as written in set().
    const std::string* header(std::string_view name) const;
    std::uint64_t length() const { return source ? source->size() : text().size(); }
    std::string_view text() const { return body ? std::string_view(*body) : std::string_view(); }
};

using Responder = std::function<void(Response)>;

/// RFC 9457: application/problem+json, not to be stored. `detail` is a sentence a user can act on.
Response problem(int status, std::string_view detail);
/// With Retry-After in seconds.
Response problem_later(int status, std::string_view detail, int retry_after_s);
/// application/json, not to be stored.
Response json_answer(std::string body, int status = 200);
Response method_not_allowed(std::string_view allow);

std::string_view reason_phrase(int status);
/// Status line and headers with Content-Length, Date and Connection. Header values with control characters are left out.
std::string serialize_head(const Response& response, bool keep_alive, std::int64_t utc_s);

std::string lower(std::string_view text);
/// Case-insensitive for ASCII.
bool same_text(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);
/// Nothing on a bad escape.
std::optional<std::string> percent_decode(std::string_view text);
/// Compares every byte whatever differs; the lengths may show.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace vitrine::web
