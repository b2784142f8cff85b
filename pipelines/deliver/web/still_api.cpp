#include "pipelines/deliver/web/still_api.h"

#include "pipelines/deliver/web/json_views.h"

namespace vitrine::web {

void StillApi::handle(const Request& request, const BuyerSession& who, bool on_air, Nanoseconds now, Responder respond) {
    if (request.method != "GET") return respond(method_not_allowed("GET"));
    if (!take_ || !on_air) return respond(problem_later(409, "There is no picture before the show is live.", 5));
    if (const int wait = reads_.take(who.person.empty() ? who.id : who.person, now); wait > 0)
        return respond(problem_later(429, "That were many pictures; wait a moment and try again.", wait));
    take_([respond = std::move(respond)](Result<Still> still) {
        if (!still) return respond(problem_later(503, still.error().message, 1));
        Response response;
        response.set("Content-Type", "image/jpeg").set("Cache-Control", "private, no-store");
        response.set("X-Frame", std::to_string(still->frame));
        // The scene frame that belongs to it (CBOR), so that the page can place its callouts.
        if (!still->scene.empty()) response.set("X-Scene", base64(still->scene.data(), still->scene.size()));
        response.body = still->jpeg;
        respond(std::move(response));
    });
}

}  // namespace vitrine::web
