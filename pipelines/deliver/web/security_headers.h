#pragma once
// What every answer of the buyer listener carries. The policy asks for Trusted Types, so the page makes its workers and markup through a
// policy of its own.

#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

/// `host`: the request's Host, used only when it is a plain host[:port]. HSTS is sent over TLS and for names only: a browser
/// ignores it for addresses, and "localhost" must stay usable without TLS.
void add_security_headers(Response& response, std::string_view host, bool secure);

/// "host[:port]" with nothing else in it.
bool plain_host(std::string_view host);

/// Whether an Origin header names the server itself. `origin` may be null (no header): true. "null" and other sites: false.
/// `secure` unset: either scheme will do (a proxy in front ends TLS).
bool same_origin(const std::string* origin, std::string_view host, std::optional<bool> secure);

}  // namespace vitrine::web
