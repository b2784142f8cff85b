#include "pipelines/deliver/web/control_api.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/buyers.h"
#include "engine/printable.h"
#include "engine/private_files.h"
#include "pipelines/deliver/web/json_views.h"

namespace vitrine::web {

namespace {

constexpr std::size_t most_waiters = 32;

std::optional<std::uint64_t> number(const std::optional<std::string>& text, std::uint64_t otherwise) {
    if (!text) return otherwise;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (text->empty() || error != std::errc() || end != text->data() + text->size()) return std::nullopt;
    return value;
}

/// What the program at the other end calls itself, for the log: the first word of its User-Agent, without a version.
Doer doer_of(const Request& request) {
    const std::string* agent = request.header("user-agent");
    std::string name = agent ? agent->substr(0, agent->find_first_of(" /")) : std::string();
    if (name == "vitrine-panel") return {Doer::Kind::panel, {}};
    return {Doer::Kind::program, printable(name, 40)};
}

}  // namespace

ControlApi::ControlApi(ControlHost& host, std::string token, std::uint16_t port) : host_(host), token_(std::move(token)) {
    for (const char* name : {"127.0.0.1", "[::1]", "localhost"}) hosts_.push_back(std::string(name) + ":" + std::to_string(port));
}

std::optional<Response> ControlApi::refuse(const Request& request) const {
    if (request.count("host") != 1 || request.header("host")->find(',') != std::string::npos) return problem(400, "Send exactly one Host.");
    if (std::find(hosts_.begin(), hosts_.end(), *request.header("host")) == hosts_.end())
        return problem(403, "The control address is reached as 127.0.0.1 only.");
    if (request.count("origin") > 1) return problem(400, "Send at most one Origin.");
    if (const std::string* origin = request.header("origin"))
        if (std::none_of(hosts_.begin(), hosts_.end(), [&](const std::string& host) { return *origin == "http://" + host; }))
            return problem(403, "Pages of other sites may not control the show.");
    if (const std::string* site = request.header("sec-fetch-site"))
        if (*site != "same-origin" && *site != "none") return problem(403, "Pages of other sites may not control the show.");
    if (request.path == "/healthz") return std::nullopt;
    if (!same_secret(request.bearer(), token_)) {
        Response response = problem(401, "Send the token from the control token file as a bearer token.");
        return response.set("WWW-Authenticate", "Bearer realm=\"vitrine control\"");
    }
    return std::nullopt;
}

void ControlApi::handle(const Request& request, Nanoseconds now, Responder respond) {
    if (auto refused = refuse(request)) return respond(std::move(*refused));
    if (request.path == "/control/command") {
        if (request.method != "POST") return respond(method_not_allowed("POST"));
        if (request.media_type() != "application/json") return respond(problem(415, "Send the command as application/json."));
        if (!parse_object(request.body)) return respond(problem(400, "Send one command as a JSON object."));
        auto command = command_from_json(request.body);
        if (!command) return respond(problem(400, command.error().message));
        host_.post(std::move(*command), doer_of(request), [respond = std::move(respond)](Result<std::uint64_t> result) {
            if (result) {
                respond(json_answer(write_json({{"version", *result}})));
            } else {
                respond(problem(422, result.error().message));
            }
        });
        return;
    }
    if (host_.desk(request, now, respond)) return;
    static constexpr std::string_view readable[] = {"/control/snapshot",  "/control/show", "/control/log",
                                                    "/control/preflight", "/metrics",      "/healthz"};
    if (std::find(std::begin(readable), std::end(readable), request.path) == std::end(readable))
        return respond(problem(404, "There is nothing at this address."));
    if (request.method != "GET") return respond(method_not_allowed("GET"));
    if (request.path == "/control/snapshot") return wait_for_snapshot(request, now, std::move(respond));
    if (request.path == "/control/show") return respond(json_answer(host_.show_document()));
    if (request.path == "/control/log") return respond(json_answer(control_log(*host_.snapshot())));
    if (request.path == "/control/preflight") return respond(json_answer(host_.preflight()));
    Response response;
    response.set("Cache-Control", "no-store");
    if (request.path == "/healthz") {
        response.set("Content-Type", "text/plain; charset=utf-8");
        response.body = std::make_shared<const std::string>("ok\n");
    } else {
        response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body = std::make_shared<const std::string>(host_.metrics());
    }
    respond(std::move(response));
}

void ControlApi::wait_for_snapshot(const Request& request, Nanoseconds now, Responder respond) {
    const auto after = number(request.query_value("after"), 0);
    const auto wait_ms = number(request.query_value("wait_ms"), 0);
    if (!after || !wait_ms || *wait_ms > 5000)
        return respond(problem(400, "after must be a version and wait_ms a number of milliseconds from 0 to 5000."));
    const SnapshotPtr snapshot = host_.snapshot();
    const bool newer = snapshot->version > *after || !request.query_value("after");
    if (newer || *wait_ms == 0) return respond(json_answer(control_snapshot(*snapshot, now)));
    if (waiters_.size() >= most_waiters) return respond(problem_later(503, "Too many are waiting for the next snapshot.", 1));
    waiters_.push_back({*after, now + static_cast<Nanoseconds>(*wait_ms) * 1'000'000, std::move(respond)});
}

void ControlApi::on_snapshot(const SnapshotPtr& snapshot, Nanoseconds now) {
    std::list<Waiter> ready;
    for (auto it = waiters_.begin(); it != waiters_.end();) {
        const auto here = it++;
        if (snapshot->version > here->after) ready.splice(ready.end(), waiters_, here);
    }
    if (ready.empty()) return;
    const Response response = json_answer(control_snapshot(*snapshot, now));
    for (Waiter& waiter : ready) waiter.respond(response);
}

void ControlApi::tick(Nanoseconds now) {
    std::list<Waiter> late;
    for (auto it = waiters_.begin(); it != waiters_.end();) {
        const auto here = it++;
        if (now >= here->until) late.splice(late.end(), waiters_, here);
    }
    for (Waiter& waiter : late) waiter.respond(json_answer(control_snapshot(*host_.snapshot(), now)));
}

Result<std::string> make_control_token(const std::filesystem::path& file) {
    const auto failed = [&](int error) {
        return fail("Cannot write the control token to " + file.string() + ": " + std::strerror(error) + ". Choose another place for it.");
    };
    (void)make_private_folder(file.parent_path());
    const std::string token = random_hex(32);
    const std::string fresh = file.string() + "." + random_hex(8);
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (fd < 0) return failed(errno);
    const std::string line = token + "\n";
    const bool written = ::fchmod(fd, S_IRUSR | S_IWUSR) == 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int write_error = errno;
    if (::close(fd) != 0 || !written || ::rename(fresh.c_str(), file.c_str()) != 0) {
        const int last = written ? errno : write_error;
        ::unlink(fresh.c_str());
        return failed(last);
    }
    return token;
}

}  // namespace vitrine::web
