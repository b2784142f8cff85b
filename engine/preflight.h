#pragma once
// Is the show fit to go on air? A pure function over what everybody can see of the show and a few facts of the machine: what is fine, what
// should be looked at, what must be mended, each with its fix. `vitrine check` asks the part that needs no running show.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/snapshot.h"

namespace vitrine {

/// What the snapshot does not know. What is not known is not judged.
struct PreflightFacts {
    std::optional<std::string> encoder;        ///< the element that encodes H.264; empty: none was found
    std::map<std::string, double> loudest_db;  ///< of each sound source over the last ten seconds
    std::optional<std::string> buyers_at;      ///< the origin that buyers open
    std::optional<int> certificate_days;       ///< until the TLS certificate expires; below 0: it has
    std::string certificate_problem;           ///< why the certificate on the disk is not the one in use; empty: it is
    std::optional<std::string> store_problem;  ///< empty: what buyers do can be kept
};

struct Finding {
    enum class Level { ok, warn, fail };
    std::string id;  ///< what was looked at: "camera/bench", "prices/LX-200"; several findings may share one
    Level level = Level::ok;
    std::string text;                         ///< a key of messages.h
    std::map<std::string, std::string> args;  ///< for {name} in the text and the fix
    std::string fix;                          ///< a key of messages.h; empty when there is nothing to do
    bool operator==(const Finding&) const = default;
};
std::string_view to_string(Finding::Level);

/// What a buyer's stream takes on the way: picture, sound, packets' heads and repairs, kbit/s.
double stream_kbps(const ShowConfig& show);

/// Everything, in the order in which a presenter would look: pictures, sound, machine, network, uplink, products. Reentrant.
std::vector<Finding> preflight(const Snapshot& snapshot, const PreflightFacts& facts);
/// The part that the files alone decide: calibrations, who can reach the show, prices, languages. Reentrant.
std::vector<Finding> preflight(const ShowConfig& show);

/// The text or fix of a finding in a language, its arguments filled in. Reentrant.
std::string sentence(std::string_view key, const std::map<std::string, std::string>& args, std::string_view language);

}  // namespace vitrine
