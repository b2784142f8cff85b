#pragma once
// What in an address is secret: the one place that knows. A URL may be written wrongly (a '/' in a password that nobody encoded) and is
// shown without its secrets all the same: where it can be read in two ways, more is hidden, never less. User name and password are taken
// out of a camera's URL before GStreamer sees it, so no message of GStreamer's can hold them.

#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

struct SourceUrl {
    std::string location;        ///< without user information
    std::string user, password;  ///< percent-decoded
    /// An '@' stands where it may end a password or belong to the path: nobody can say which host is meant.
    bool doubtful = false;
};

/// Reentrant. "rtsp://user:pa%40ss@host/path" -> location "rtsp://host/path". An '@', '/', '?' or '#' of the password that was not
/// percent-encoded is understood where no other reading makes sense.
SourceUrl split_url(std::string_view url);

/// Reentrant. What is to be written in place of the signs that split_url cannot be sure of.
std::string_view encoding_advice();

/// Reentrant. One address as it may be shown, whatever is wrong with it, with or without a scheme: "***" stands for user information and
/// for the values of keys that name secrets (passphrase, password, token, streamid …), also in the path, and for a buyers' link's fragment.
std::string shown_address(std::string_view address);

/// Reentrant. The same for every URL in a text.
std::string without_secrets(std::string_view text);

/// Reentrant. A web address as it may be shown when its path may be what lets one in (webhooks): scheme, host and port.
std::string shown_origin(std::string_view url);

/// Reentrant. The secrets in a URL that a log must hide: password and secret values, as written and decoded.
std::vector<std::string> secrets_of(std::string_view url);

}  // namespace vitrine
