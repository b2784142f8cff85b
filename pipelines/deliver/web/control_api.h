#pragma once
// The presenter's door. Loopback alone is not a right: each request needs the token from the 0600 file, an exact Host (against DNS
// rebinding), an Origin that is absent or our own, and JSON. Net thread only.

#include <filesystem>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "engine/commands.h"
#include "engine/result.h"
#include "engine/snapshot.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

struct ControlHost {
    virtual ~ControlHost() = default;
    virtual SnapshotPtr snapshot() = 0;
    /// `done` on the net thread, once.
    virtual void post(Command command, Doer by, std::function<void(Result<std::uint64_t>)> done) = 0;
    virtual std::string show_document() = 0;
    virtual std::string metrics() = 0;
    /// Whether the path is of the desk; then it is answered.
    virtual bool desk(const Request& request, Nanoseconds now, Responder& respond) = 0;
    virtual std::string preflight() = 0;
};

class ControlApi {
  public:
    ControlApi(ControlHost& host, std::string token, std::uint16_t port);

    void handle(const Request& request, Nanoseconds now, Responder respond);
    /// Whether the request may go on: nothing, or why not.
    std::optional<Response> refuse(const Request& request) const;
    /// Answers those who wait for a newer snapshot.
    void on_snapshot(const SnapshotPtr& snapshot, Nanoseconds now);
    void tick(Nanoseconds now);

  private:
    struct Waiter {
        std::uint64_t after;
        Nanoseconds until;
        Responder respond;
    };
    void wait_for_snapshot(const Request& request, Nanoseconds now, Responder respond);

    ControlHost& host_;
    std::string token_;
    std::vector<std::string> hosts_;
    std::list<Waiter> waiters_;
};

/// Writes a new 256-bit token, readable by its owner only; the file appears complete or not at all.
Result<std::string> make_control_token(const std::filesystem::path& file);

}  // namespace vitrine::web
