#pragma once
// The control listener's side of ControlApi: to the show and back. Net thread only.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/show.h"
#include "pipelines/deliver/web/control_api.h"
#include "pipelines/deliver/web/http_connection.h"
#include "pipelines/deliver/web/web_figures.h"

namespace vitrine::web {

class ControlDoor final : public ConnectionHost, ControlHost {
  public:
    ControlDoor(Show& show, std::string token, std::uint16_t port, WebFigures& figures, std::function<std::string()> show_document,
                std::function<std::string()> metrics, std::function<void(std::function<void()>)> post_to_net, HttpLimits limits);

    void handle(Request request, Responder respond) override;
    Response refuse(const Request& request, int status, std::string_view detail) override;
    LiveHost* upgrade(const Request& request, Response& refusal) override;
    void adopt(std::shared_ptr<BuyerSocket>) override {}
    void count_received() override { ++figures_.requests; }

    void on_snapshot(const SnapshotPtr& snapshot, Nanoseconds now) { api_.on_snapshot(snapshot, now); }
    void tick(Nanoseconds now) { api_.tick(now); }

  private:
    SnapshotPtr snapshot() override { return show_.snapshot(); }
    void post(Command command, std::function<void(Result<std::uint64_t>)> done) override;
    std::string show_document() override { return show_document_(); }
    std::string metrics() override { return metrics_(); }
    void finish(Response& response);

    Show& show_;
    WebFigures& figures_;
    std::function<std::string()> show_document_, metrics_;
    std::function<void(std::function<void()>)> post_to_net_;
    ControlApi api_;
    /// Those who wait for a command's result. The show keeps only the number, so nothing of the net thread's dies elsewhere.
    std::map<std::uint64_t, std::function<void(Result<std::uint64_t>)>> waiting_;
    std::uint64_t next_ = 0;
};

}  // namespace vitrine::web
