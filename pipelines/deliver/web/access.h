#pragma once
// How a request says who asks: a bearer token (programs), else the show's cookie (browsers). A browser sends its cookie whoever made it
// ask, so what comes with the cookie counts only from our own pages: with an Origin that is ours for everything that is not a plain read,
// and never when the browser says that another site's page asks. SameSite alone would not do: pages of other ports are of the same site.

#include <cstdint>
#include <optional>
#include <string>

#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

struct Credential {
    std::string token;  ///< empty: none
    bool by_cookie = false;
};

class Access {
  public:
    /// `show` tells the shows of one host apart: it ends the cookie's name.
    Access(std::string show, bool behind_proxy) : cookie_("__Host-vt-" + std::move(show)), behind_proxy_(behind_proxy) {}

    Credential credential(const Request& request) const;
    /// Whether an Origin header names this server. Absent: `without`.
    bool own_origin(const Request& request, bool without) const;
    /// The refusal of a request that came with the cookie but not from our own page.
    std::optional<Response> foreign(const Request& request, const Credential& who) const;

    /// Good for so many seconds: as long as the invitation.
    std::string set_cookie(const std::string& token, std::int64_t seconds) const;
    std::string forget_cookie() const;
    const std::string& cookie_name() const { return cookie_; }

  private:
    std::string cookie_;
    bool behind_proxy_;
};

/// The first 8 hex digits of SHA-256 of the show folder's path: the same after a restart, another for another show.
std::string show_mark(const std::string& folder);

Response unauthorized(bool had_token);

}  // namespace vitrine::web
