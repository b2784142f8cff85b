#pragma once
// What the web server counts, and its Prometheus text.

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "engine/snapshot.h"
#include "pipelines/deliver/web/peer_keeper.h"

namespace vitrine::web {

struct WebFigures {
    std::map<int, std::uint64_t> answers;  ///< by status, both listeners
    std::uint64_t requests = 0, sockets_opened = 0, connections_refused = 0;
    int connections = 0, sockets = 0;
};

/// Prometheus text format 0.0.4. `more` is appended as it is.
std::string metrics_text(const WebFigures& figures, const PeerKeeper::Totals& peers, const Snapshot& snapshot, const std::string& more);

}  // namespace vitrine::web
