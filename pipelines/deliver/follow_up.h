#pragma once
// What becomes of what buyers did, outside the web server: events for the factory's systems, and papers for whoever asks. Destroyed before
// the show, after the web server.

#include <memory>
#include <string>

#include "engine/result.h"
#include "engine/show.h"
#include "pipelines/deliver/web/desk_files.h"

namespace vitrine {

class FollowUp {
  public:
    /// `source` names this show to receivers of events. missing: a webhook's secret cannot be read.
    static Result<std::unique_ptr<FollowUp>> start(Show& show, std::string source);
    /// Gives the last events three seconds to be taken; what is not waits for the next start.
    virtual ~FollowUp() = default;

    /// For WebOptions; works as long as this lives.
    virtual DeskFiles files() = 0;
    /// Thread-safe. Prometheus lines.
    virtual std::string metrics() const = 0;
};

}  // namespace vitrine
