#include "pipelines/deliver/web/desk_api.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/desk/record_json.h"
#include "pipelines/deliver/web/json_views.h"

namespace vitrine::web {

namespace {

/// A helper works for many: answers, points, messages of everybody.
constexpr double helper_scale = 10;

double scale_of(const BuyerSession& who) { return who.role == desk::Role::buyer ? 1 : helper_scale; }

Response slow_down(int wait) { return problem_later(429, "That was too much at once; wait a moment and try again.", wait); }

bool a_helper_may(const Command& command) {
    return std::holds_alternative<SwitchScene>(command) || std::holds_alternative<PinProduct>(command) ||
           std::holds_alternative<ShowCallout>(command) || std::holds_alternative<ShowCard>(command) ||
           std::holds_alternative<ShowSpecs>(command) || std::holds_alternative<ShowLowerThird>(command);
}

bool is_language(std::string_view text) {
    return text.size() >= 2 && text.size() <= 12 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '-'; });
}

}  // namespace

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_allowed:
            return 403;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::bad_input:
            return 422;
        case ErrorKind::no_space:
            return 507;
        case ErrorKind::missing:
            return 503;
        case ErrorKind::failed:
            return 500;
    }
    return 500;
}

Response problem_of(const Error& error) { return problem(status_of(error.kind), error.message); }

std::string act_answer(const desk::ActResult& result, const std::string& link) {
    nlohmann::json answer = desk::act_result_to_json(result);
    if (!link.empty()) answer["link"] = link;
    return answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

tl::expected<desk::Act, Response> act_of(const Request& request, std::string& client_id) {
    if (request.media_type() != "application/json") return tl::unexpected<Response>(problem(415, "Send the act as application/json."));
    if (!parse_object(request.body)) return tl::unexpected<Response>(problem(400, "Send one act as a JSON object."));
    auto act = desk::act_from_json(request.body, &client_id);
    if (!act) return tl::unexpected<Response>(problem(400, act.error().message));
    return std::move(*act);
}

DeskApi::DeskApi(DeskHost& host, const ApiLimits& limits)
    : host_(host),
      chat_(limits.chat),
      question_(limits.question),
      reaction_(limits.reaction),
      point_(limits.point),
      quote_(limits.quote),
      other_(limits.other),
      translation_(limits.translation),
      guests_at_address_(limits.guests_per_address),
      guests_of_link_(limits.guests_per_link),
      translation_share_(limits.translations) {}

RateLimit& DeskApi::limit_of(const desk::Act& act) {
    if (const auto* say = std::get_if<desk::Say>(&act)) return say->kind == desk::MessageKind::question ? question_ : chat_;
    if (std::holds_alternative<desk::React>(act)) return reaction_;
    if (std::holds_alternative<desk::PlacePoint>(act)) return point_;
    if (std::holds_alternative<desk::RequestQuote>(act)) return quote_;
    return other_;
}

int DeskApi::crowd(const Request& request, const desk::Act& act, const BuyerSession& who, Nanoseconds now, double scale) {
    const Holder holder = holder_of(who, address_key(request.address));
    const bool read_by_others = std::holds_alternative<desk::Say>(act) || std::holds_alternative<desk::PlacePoint>(act) ||
                                std::holds_alternative<desk::RequestQuote>(act);
    if (holder.standing != Standing::guest || !read_by_others) return 0;
    if (const int wait = guests_of_link_.wait(holder.link, now); wait > 0) return wait;
    if (const int wait = guests_at_address_.take(holder.address, now, scale); wait > 0) return wait;
    return guests_of_link_.take(holder.link, now);
}

void DeskApi::act(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond, double scale) {
    std::string client_id;
    auto act = act_of(request, client_id);
    if (!act) {
        // Nonsense counts too: it costs as much to read.
        if (const int wait = other_.take(who.person, now, scale_of(who)); wait > 0) return respond(slow_down(wait));
        return respond(std::move(act.error()));
    }
    if (client_id.empty())
        return respond(problem(400, "Send a client_id of your own with each act, and the same one when you send it again."));
    if (const int wait = limit_of(*act).take(who.person, now, scale_of(who)); wait > 0) return respond(slow_down(wait));
    if (!desk::allowed(*act, who.role)) return respond(problem(403, "That is for the presenter."));
    if (const int wait = crowd(request, *act, who, now, scale); wait > 0)
        return respond(problem_later(429, "Very many people are writing just now; wait a moment and try again.", wait));
    host_.act(std::move(*act), {who.role, who.person, client_id}, [respond = std::move(respond)](Result<desk::ActResult> result) {
        respond(result ? json_answer(act_answer(*result)) : problem_of(result.error()));
    });
}

void DeskApi::show_command(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond) {
    if (const int wait = other_.take(who.person, now, scale_of(who)); wait > 0) return respond(slow_down(wait));
    if (who.role == desk::Role::buyer) return respond(problem(403, "That is for the presenter and their helpers."));
    if (request.media_type() != "application/json") return respond(problem(415, "Send the command as application/json."));
    if (!parse_object(request.body)) return respond(problem(400, "Send one command as a JSON object."));
    auto command = command_from_json(request.body);
    if (!command) return respond(problem(400, command.error().message));
    if (!a_helper_may(*command))
        return respond(problem(403, "A helper may switch scenes, pin products and show their texts; the rest is the presenter's."));
    host_.command(std::move(*command), {Doer::Kind::helper, who.name}, [respond = std::move(respond)](Result<std::uint64_t> version) {
        respond(version ? json_answer(write_json({{"version", *version}})) : problem(422, version.error().message));
    });
}

void DeskApi::translate(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond, double scale) {
    if (!host_.translates()) return respond(problem(404, "This show translates nothing; texts stand as they were written."));
    if (const int wait = translation_.take(who.person, now, scale_of(who)); wait > 0) return respond(slow_down(wait));
    const auto id = request.query_value("message");
    const auto to = request.query_value("to");
    const auto part = request.query_value("part").value_or("text");
    if (!id || !to || !is_language(*to) || (part != "text" && part != "answer"))
        return respond(problem(400, "Ask for message=<id>, to=<language> and perhaps part=answer."));
    const desk::DeskViewPtr view = host_.desk();
    const auto found = std::find_if(view->messages.begin(), view->messages.end(), [&](const auto& message) { return message.id == *id; });
    const auto unknown = [&] { respond(problem(404, "There is no such message, or it is not for you.")); };
    // Somebody else's private words look unknown.
    if (found == view->messages.end() || !desk::as_seen_by(*found, {who.role, who.person, {}})) return unknown();
    const bool answer = part == "answer";
    const std::string &text = answer ? found->answer : found->text, &from = answer ? found->answer_language : found->language;
    if (text.empty()) return unknown();
    // The service is asked for one text after the other: who asks for many at once waits alone.
    const Holder holder = holder_of(who, address_key(request.address));
    std::vector<const Holder*> there;
    for (const Holder& one : *translating_) there.push_back(&one);
    if (taken(translation_share_, holder, there, scale)) return respond(slow_down(5));
    translating_->push_back(holder);
    host_.translate(
        text, from, *to,
        [respond = std::move(respond), all = translating_, here = std::prev(translating_->end())](Result<Translation> made) {
            all->erase(here);
            if (!made) return respond(problem_later(503, made.error().message, 10));
            respond(json_answer(write_json({{"text", made->text}, {"language", made->language}, {"provider", made->provider}})));
        });
}

}  // namespace vitrine::web
