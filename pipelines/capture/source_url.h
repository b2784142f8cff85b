#pragma once
// Network sources without their secrets. User name and password are taken out of the URL before GStreamer sees it and are handed over as
// properties, so no message of GStreamer's can hold them; every sentence of ours goes through without_secrets() all the same.

#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

struct SourceUrl {
    std::string location;        ///< without user information
    std::string user, password;  ///< percent-decoded
};

/// Reentrant. "rtsp://user:pa%40ss@host/path" -> location "rtsp://host/path". An '@' or '/' that belongs to the password and was not
/// percent-encoded is understood too, as long as it stands before the last '@' of the authority.
SourceUrl split_url(std::string_view url);

/// Reentrant. Replaces user information in every URL of the text, and the values of query keys that name secrets (passphrase,
/// password, pwd, token, key, auth, streamid), with "***".
std::string without_secrets(std::string_view text);

/// Reentrant. The secrets in a URL that a log must hide: password and secret query values, as written and decoded.
std::vector<std::string> secrets_of(std::string_view url);

}  // namespace vitrine
