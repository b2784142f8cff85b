#include "pipelines/deliver/web/control_door.h"

namespace vitrine::web {

ControlDoor::ControlDoor(Show& show, std::string token, std::uint16_t port, WebFigures& figures, std::function<std::string()> show_document,
                         std::function<std::string()> metrics, std::function<void(std::function<void()>)> post_to_net, HttpLimits limits)
    : show_(show),
      figures_(figures),
      show_document_(std::move(show_document)),
      metrics_(std::move(metrics)),
      post_to_net_(std::move(post_to_net)),
      api_(*this, std::move(token), port) {
    http = limits;
}

void ControlDoor::finish(Response& response) {
    response.set("X-Content-Type-Options", "nosniff").set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
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

LiveHost* ControlDoor::upgrade(const Request& request, Response& refusal) {
    refusal = refuse(request, 404, "There is no WebSocket at this address.");
    return nullptr;
}

void ControlDoor::post(Command command, std::function<void(Result<std::uint64_t>)> done) {
    const std::uint64_t number = next_++;
    waiting_.emplace(number, std::move(done));
    show_.post(std::move(command), [this, number, post = post_to_net_](Result<std::uint64_t> result) {
        post([this, number, result = std::move(result)] {
            const auto found = waiting_.find(number);
            if (found == waiting_.end()) return;
            const auto answer = std::move(found->second);
            waiting_.erase(found);
            answer(result);
        });
    });
}

}  // namespace vitrine::web
