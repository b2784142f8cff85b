#include "pipelines/deliver/web/control_desk_api.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "engine/desk/order_csv.h"
#include "engine/desk/record_json.h"
#include "engine/log.h"
#include "pipelines/deliver/web/json_views.h"

namespace vitrine::web {

namespace {

constexpr std::size_t most_waiters = 32;
const desk::Actor presenter{desk::Role::presenter, "", ""};

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Response whole(const desk::DeskView& view) {
    return json_answer(desk::desk_view_to_json(view).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

bool begins(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

Response nothing_there() { return problem(404, "There is nothing at this address."); }

}  // namespace

bool ControlDeskApi::handle(const Request& request, Nanoseconds now, std::int64_t utc_us, Responder& respond) {
    const std::string& path = request.path;
    const auto only = [&](std::string_view method) {
        if (request.method == method) return true;
        respond(method_not_allowed(method));
        return false;
    };
    if (path == "/control/desk") {
        if (only("GET")) view(request, now, std::move(respond));
    } else if (path == "/control/act") {
        if (only("POST")) act(request, std::move(respond));
    } else if (path == "/control/orders") {
        if (only("POST")) orders(request, utc_us, std::move(respond));
    } else if (begins(path, "/control/attachments/")) {
        if (!only("GET")) return true;
        desk_.attachment(path.substr(std::string_view("/control/attachments/").size()), presenter,
                         [respond = std::move(respond)](Result<AttachmentHost::Download> file) {
                             respond(file ? download(std::move(*file)) : problem_of(file.error()));
                         });
    } else if (begins(path, "/control/export/")) {
        if (only("GET")) document(request, path.substr(std::string_view("/control/export/").size()), std::move(respond));
    } else if (path == "/control/report.html") {
        if (only("GET")) document(request, "report.html", std::move(respond));
    } else if (begins(path, "/control/quotes/") && path.ends_with("/offer")) {
        if (!only("GET")) return true;
        constexpr std::size_t start = std::string_view("/control/quotes/").size(), end = std::string_view("/offer").size();
        if (!files_.offer || path.size() <= start + end) {
            respond(nothing_there());
        } else {
            files_.offer(path.substr(start, path.size() - start - end), request.query_value("language").value_or(""), presenter,
                         file_answer(std::move(respond)));
        }
    } else if (path == "/control/outbox" || begins(path, "/control/outbox/")) {
        outbox(request, std::move(respond));
    } else if (path == "/control/rehearsal") {
        if (only("GET")) document(request, "rehearsal.json", std::move(respond));
    } else {
        return false;
    }
    return true;
}

void ControlDeskApi::view(const Request& request, Nanoseconds now, Responder respond) {
    const auto after = request.query_value("after");
    const auto version = after ? number<std::uint64_t>(*after) : std::optional<std::uint64_t>(0);
    const auto wait_ms = number<std::uint64_t>(request.query_value("wait_ms").value_or("0"));
    if (!version || !wait_ms || *wait_ms > 5000)
        return respond(problem(400, "after must be a version and wait_ms a number of milliseconds from 0 to 5000."));
    const desk::DeskViewPtr view = desk_.desk();
    if (!after || view->version > *version || *wait_ms == 0) return respond(whole(*view));
    if (waiters_.size() >= most_waiters) return respond(problem_later(503, "Too many are waiting for the desk.", 1));
    waiters_.push_back({*version, now + static_cast<Nanoseconds>(*wait_ms) * 1'000'000, std::move(respond)});
}

void ControlDeskApi::tick(Nanoseconds now) {
    if (waiters_.empty()) return;
    const desk::DeskViewPtr view = desk_.desk();
    std::list<Waiter> ready;
    for (auto it = waiters_.begin(); it != waiters_.end();) {
        const auto here = it++;
        if (view->version > here->after || now >= here->until) ready.splice(ready.end(), waiters_, here);
    }
    if (ready.empty()) return;
    const Response response = whole(*view);
    for (Waiter& waiter : ready) waiter.respond(response);
}

void ControlDeskApi::act(const Request& request, Responder respond) {
    std::string client_id;
    auto act = act_of(request, client_id);
    if (!act) return respond(std::move(act.error()));
    const bool invites = std::holds_alternative<desk::MakeInvite>(*act) || std::holds_alternative<desk::ShowLink>(*act);
    desk_.act(std::move(*act), {desk::Role::presenter, "", client_id},
              [invites, origin = link_origin_, respond = std::move(respond)](Result<desk::ActResult> result) {
                  if (!result) return respond(problem_of(result.error()));
                  std::string link;
                  if (invites && !result->secret.empty()) {
                      log::hide(result->secret);
                      link = origin + "/j/" + result->id + "#" + result->secret;
                  }
                  respond(json_answer(act_answer(*result, link)));
              });
}

void ControlDeskApi::orders(const Request& request, std::int64_t utc_us, Responder respond) {
    if (request.media_type() != "text/csv") return respond(problem(415, "Send the orders as text/csv."));
    desk::OrderTable table = desk::read_orders(request.body, utc_us);
    const auto answer = [respond](std::size_t read, const std::vector<desk::OrderTable::Problem>& problems) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const auto& one : problems) list.push_back({{"line", one.line}, {"what", one.what}});
        respond(json_answer(write_json({{"read", read}, {"problems", std::move(list)}}), problems.empty() ? 200 : 422));
    };
    if (table.orders.empty()) return answer(0, table.problems);
    const std::size_t read = table.orders.size();
    desk_.put_orders(std::move(table.orders),
                     [answer, respond, read, lines = std::move(table.lines)](Result<std::vector<desk::OrderRefusal>> refused) {
                         if (!refused) return respond(problem_of(refused.error()));
                         std::vector<desk::OrderTable::Problem> problems;
                         for (desk::OrderRefusal& one : *refused) problems.push_back({lines[one.index], std::move(one.why)});
                         if (problems.size() > desk::OrderTable::most_problems) problems.resize(desk::OrderTable::most_problems);
                         answer(problems.empty() ? read : 0, problems);
                     });
}

std::function<void(Result<DeskFile>)> ControlDeskApi::file_answer(Responder respond) {
    return desk_.awaited().expect<Result<DeskFile>>([respond = std::move(respond)](Result<DeskFile> file) {
        if (!file) return respond(problem_of(file.error()));
        respond(file_response(std::move(*file)));
    });
}

void ControlDeskApi::document(const Request& request, std::string name, Responder respond) {
    if (!files_.document) return respond(nothing_there());
    files_.document(std::move(name), request.query_value("language").value_or("en"), file_answer(std::move(respond)));
}

void ControlDeskApi::outbox(const Request& request, Responder respond) {
    if (request.path == "/control/outbox") {
        if (request.method != "GET") return respond(method_not_allowed("GET"));
        if (!files_.outbox) return respond(nothing_there());
        return files_.outbox(file_answer(std::move(respond)));
    }
    std::string_view rest = std::string_view(request.path).substr(std::string_view("/control/outbox/").size());
    if (!files_.send_again || !rest.ends_with("/again")) return respond(nothing_there());
    if (request.method != "POST") return respond(method_not_allowed("POST"));
    const auto entry = number<std::int64_t>(rest.substr(0, rest.size() - std::string_view("/again").size()));
    if (!entry) return respond(nothing_there());
    files_.send_again(*entry, desk_.awaited().expect<Result<void>>([respond = std::move(respond)](Result<void> again) {
        if (!again) return respond(problem_of(again.error()));
        respond(json_answer("{}"));
    }));
}

}  // namespace vitrine::web
