#include "pipelines/deliver/web/access_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/desk/record_fields.h"
#include "engine/desk/record_json.h"
#include "engine/log.h"
#include "pipelines/deliver/web/desk_api.h"
#include "pipelines/deliver/web/json_views.h"

namespace vitrine::web {

AccessApi::AccessApi(Buyers& buyers, const Access& access, Awaited& awaited, std::vector<std::string> languages, const ApiLimits& limits)
    : buyers_(buyers),
      access_(access),
      awaited_(awaited),
      languages_(std::move(languages)),
      joins_(limits.join_per_address),
      bad_secrets_(limits.bad_secret_per_address) {}

void AccessApi::join(const Request& request, Nanoseconds now, std::int64_t utc_us, double scale, Responder respond) {
    const std::string address = address_key(request.address);
    if (const int wait = joins_.wait(address, now, scale); wait > 0)
        return respond(problem_later(429, "Too many people are joining from this network; wait a moment and try again.", wait));
    if (!access_.own_origin(request, true)) return respond(problem(403, "Join from the show's own page."));
    if (request.media_type() != "application/json") return respond(problem(415, "Send the invite as application/json."));
    const auto body = parse_object(request.body);
    const auto invite = body ? text_of(*body, "invite") : std::nullopt;
    const auto secret = body ? text_of(*body, "secret") : std::nullopt;
    if (!invite || !secret || invite->size() > 128 || secret->size() > 256)
        return respond(problem(400, "Send {\"invite\", \"secret\", \"language\"} as JSON texts."));
    const auto flag = [&](const char* name) {
        const auto found = body->find(name);
        return found != body->end() && found->is_boolean() && found->get<bool>();
    };
    const bool bearer = flag("bearer");
    // A page has no business with the token itself: script that got in could carry it away.
    if (bearer && request.header("origin")) return respond(problem(400, "Pages get a cookie; only programs may ask for the token."));
    std::string language = text_of(*body, "language").value_or("");
    if (std::find(languages_.begin(), languages_.end(), language) == languages_.end())
        language = languages_.empty() ? "en" : languages_.front();

    buyers_.join(
        {*invite, *secret, language, text_of(*body, "device").value_or(""), flag("take_over")}, utc_us,
        awaited_.expect<Result<Buyers::Joined>>([this, bearer, now, utc_us, scale, address, invite = *invite, shown = request.address,
                                                 respond = std::move(respond)](Result<Buyers::Joined> joined) {
            if (!joined && joined.error().kind == ErrorKind::conflict) return respond(taken(joined.error(), invite, utc_us));
            if (!joined) return respond(refused(joined.error(), address, now, scale));
            joins_.take(address, now, scale);
            log::info("web", "A buyer joined.", {{"session", joined->session.id}, {"address", shown}});
            const BuyerSession& who = joined->session;
            nlohmann::ordered_json answer{{"name", who.name},
                                          {"language", who.link_language.empty() ? who.language : who.link_language},
                                          {"role", desk::name_of(who.role)},
                                          {"person", who.person}};
            if (bearer) answer["session"] = joined->token;
            Response response = json_answer(write_json(answer));
            if (!bearer) response.set("Set-Cookie", access_.set_cookie(joined->token, (who.good_for_us + 999'999) / 1'000'000));
            respond(std::move(response));
        }));
}

/// All seats are taken: of one person's link it is said where, since they have shown that they know its secret.
Response AccessApi::taken(const Error& error, const std::string& invite, std::int64_t utc_us) const {
    Response response = problem_of(error);
    const auto open_on = buyers_.open_on(invite, utc_us);
    if (open_on.empty()) return response;
    auto said = nlohmann::ordered_json::parse(*response.body);
    auto& devices = said["devices"] = nlohmann::ordered_json::array();
    for (const auto& one : open_on) devices.push_back({{"device", one.device}, {"idle_s", one.idle_us / 1'000'000}});
    response.body = std::make_shared<const std::string>(write_json(said));
    return response;
}

Response AccessApi::refused(const Error& error, const std::string& address, Nanoseconds now, double scale) {
    log::info("web", "An invite was refused.", {{"address", address}});
    if (error.kind != ErrorKind::not_allowed) return problem_of(error);
    // Only those who are wrong wait: a neighbour who guesses keeps nobody else out.
    if (const int wait = bad_secrets_.take(address, now, scale); wait > 0)
        return problem_later(429, "Too many wrong links from this network; wait a moment and try again.", wait);
    return problem(403, error.message);
}

void AccessApi::leave(const Request& request, Responder respond) {
    buyers_.leave(request.token, awaited_.expect<Result<void>>([this, respond = std::move(respond)](Result<void> left) {
        if (!left) return respond(problem_of(left.error()));
        Response response;
        response.status = 204;
        response.set("Cache-Control", "no-store").set("Set-Cookie", access_.forget_cookie());
        respond(std::move(response));
    }));
}

Response AccessApi::me(const BuyerSession& who, const desk::DeskView& view, std::int64_t utc_us) const {
    const auto person = view.people.find(who.person);
    nlohmann::json answer{{"person", person == view.people.end() ? nlohmann::json(nullptr) : desk::to_json(person->second)},
                          {"role", desk::name_of(who.role)},
                          {"group", who.group},
                          {"seats", buyers_.seats(who.person, utc_us)}};
    return json_answer(answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace vitrine::web
