#pragma once
// The values with a grammar of their own: sources, addresses, markers. Nothing here opens anything; only file: is looked up.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/config.h"
#include "engine/config_files.h"

namespace vitrine::config {

Judged<SourceSpec> parse_camera_source(const std::string& value, const ShowFolder& folder);

/// "none" gives a spec with the scheme none. Whether the camera of camera:ID exists is for the caller to say.
Judged<SourceSpec> parse_sound_source(const std::string& value, const ShowFolder& folder);

struct ListenAddress {
    std::string address;  ///< an IP address without brackets; localhost is written out
    int port = 0;
};
Judged<ListenAddress> parse_listen(const std::string& value);

/// An IP address, "localhost" becoming 127.0.0.1.
Judged<std::string> parse_address(const std::string& value);
bool is_loopback(const std::string& address);
/// The rule that keeps buyers off plain HTTP.
Judged<void> judge_open_address(const std::string& address, bool tls, bool behind_proxy);

/// "family:id"; the size stays 0.
Judged<MarkerTarget> parse_marker(const std::string& value);

/// "family:COLUMNSxROWS:size:gap", sizes in mm, then perhaps ":first id".
Judged<MarkerBoard> parse_marker_board(const std::string& value);

/// "stun:host" or "stun:host:port", also with "//"; the result has the first form (RFC 7064).
Judged<std::string> parse_stun(const std::string& value);

/// "https://host[:port][/path]", or with http for this machine alone; no user, query or fragment. `origin`: no path either. The result has
/// no slash at the end.
Judged<std::string> parse_service(const std::string& value, bool origin);

/// ISO 8601 with seconds and an offset or Z, as UTC µs; years 2000 to 2199.
Judged<std::int64_t> parse_moment(const std::string& value);
/// The reverse, in UTC: "2026-11-26T06:00:00Z".
std::string moment_text(std::int64_t utc_us);

}  // namespace vitrine::config
