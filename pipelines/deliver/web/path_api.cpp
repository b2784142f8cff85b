#include "pipelines/deliver/web/path_api.h"

#include <random>

namespace vitrine::web {
namespace {

std::shared_ptr<const std::string> noise() {
    std::mt19937 random;  // NOLINT(cert-msc51-cpp): the same bytes each time are as good
    std::string bytes(path_bytes, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace

void PathApi::handle(const Request& request, const BuyerSession& who, bool waiting, Nanoseconds now, Responder respond) {
    if (request.method != "GET") return respond(method_not_allowed("GET"));
    if (!waiting) return respond(problem(409, "The connection is tried out before the show only."));
    const std::string& key = who.person.empty() ? who.id : who.person;
    int wait = reads_.wait(key, now);
    if (wait == 0) wait = together_.take("", now);  // one at a time would be best: who shares the uplink sees half of it
    if (wait == 0) reads_.take(key, now);           // nobody pays for being sent away
    if (wait > 0) return respond(problem_later(429, "The connection is being tried out by others; try again in a moment.", wait));
    if (!bytes_) bytes_ = noise();
    Response response;
    response.set("Content-Type", "application/octet-stream").set("Cache-Control", "no-store");
    response.set("X-Picture-Kbps", std::to_string(picture_kbps_));
    response.body = bytes_;
    response.kept = true;
    respond(std::move(response));
}

}  // namespace vitrine::web
