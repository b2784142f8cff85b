#pragma once
// The control listener's side of ControlApi: to the show and back. Net thread only.

#include <functional>
#include <memory>
#include <string>

#include "engine/show.h"
#include "pipelines/deliver/web/control_api.h"
#include "pipelines/deliver/web/control_desk_api.h"
#include "pipelines/deliver/web/http_connection.h"
#include "pipelines/deliver/web/web_figures.h"

namespace vitrine::web {

class ControlDoor final : public ConnectionHost, ControlHost {
  public:
    /// `show`, `desk` and `files` outlive it. `link_origin`: what buyers' links begin with.
    ControlDoor(Show& show, DeskDoor& desk, const DeskFiles& files, std::string link_origin, std::string token, std::uint16_t port,
                WebFigures& figures, std::function<std::string()> show_document, std::function<std::string()> metrics,
                std::function<std::string()> preflight, HttpLimits limits);

    tl::expected<BodyRoom, Response> room_for_body(const Request& request) override;

    void handle(Request request, Responder respond) override;
    Response refuse(const Request& request, int status, std::string_view detail) override;
    tl::expected<LiveGuest, Response> upgrade(const Request& request) override;
    void adopt(std::shared_ptr<BuyerSocket>) override {}
    void count_received() override { ++figures_.requests; }

    void on_snapshot(const SnapshotPtr& snapshot, Nanoseconds now) { api_.on_snapshot(snapshot, now); }
    void tick(Nanoseconds now) {
        api_.tick(now);
        desk_api_.tick(now);
    }

  private:
    SnapshotPtr snapshot() override { return show_.snapshot(); }
    void post(Command command, Doer by, std::function<void(Result<std::uint64_t>)> done) override {
        desk_.command(std::move(command), std::move(by), std::move(done));
    }
    bool desk(const Request& request, Nanoseconds now, Responder& respond) override {
        return desk_api_.handle(request, now, utc_now_us(), respond);
    }
    std::string show_document() override { return show_document_(); }
    std::string metrics() override { return metrics_(); }
    std::string preflight() override { return preflight_(); }
    void finish(Response& response);

    Show& show_;
    DeskDoor& desk_;
    WebFigures& figures_;
    std::function<std::string()> show_document_, metrics_, preflight_;
    ControlApi api_;
    ControlDeskApi desk_api_;
};

}  // namespace vitrine::web
