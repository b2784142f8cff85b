#include "pipelines/deliver/web/control_door.h"

namespace vitrine::web {

ControlDoor::ControlDoor(Show& show, DeskDoor& desk, const DeskFiles& files, std::string link_origin, std::string token, std::uint16_t port,
                         WebFigures& figures, std::function<std::string()> show_document, std::function<std::string()> metrics,
                         std::function<std::string()> preflight, HttpLimits limits)
    : ConnectionHost(limits),
      show_(show),
      desk_(desk),
      figures_(figures),
      show_document_(std::move(show_document)),
      metrics_(std::move(metrics)),
      preflight_(std::move(preflight)),
      api_(*this, std::move(token), port),
      desk_api_(desk, files, std::move(link_origin)) {}

tl::expected<BodyRoom, Response> ControlDoor::room_for_body(const Request& request) {
    if (request.path != "/control/orders") return BodyRoom{http.body_bytes, nullptr};
    if (auto refused = api_.refuse(request)) {
        finish(*refused);
        return tl::unexpected<Response>(std::move(*refused));
    }
    return BodyRoom{most_orders_body, nullptr};
}

void ControlDoor::finish(Response& response) {
    response.set("X-Content-Type-Options", "nosniff");
    if (!response.header("Content-Security-Policy")) response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    response.set("Cross-Origin-Resource-Policy", "same-origin").set("Cache-Control", "no-store");
    ++figures_.answers[response.status];
}

void ControlDoor::handle(Request request, Responder respond) {
    api_.handle(request, steady_now(), [this, respond = std::move(respond)](Response response) {
        finish(response);
        respond(std::move(response));
    });
}

Response ControlDoor::refuse(const Request&, int status, std::string_view detail) {
    Response response = problem(status, detail);
    finish(response);
    return response;
}

tl::expected<LiveGuest, Response> ControlDoor::upgrade(const Request& request) {
    return tl::unexpected<Response>(refuse(request, 404, "There is no WebSocket at this address."));
}

}  // namespace vitrine::web
