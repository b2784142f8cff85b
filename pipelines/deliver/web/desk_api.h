#pragma once
// What people do at the desk, over HTTP: acts, a helper's commands, translations. Net thread only; the caller owns the clock and has
// checked the session.

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "engine/buyers.h"
#include "engine/commands.h"
#include "engine/desk/acts.h"
#include "engine/desk/desk.h"
#include "engine/show_log.h"
#include "pipelines/deliver/translate.h"
#include "pipelines/deliver/web/api_limits.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

/// The show as the APIs see it. Every `done` on the net thread, once, never from inside.
struct DeskHost {
    virtual ~DeskHost() = default;
    virtual void act(desk::Act act, desk::Actor actor, std::function<void(Result<desk::ActResult>)> done) = 0;
    virtual void command(Command command, Doer by, std::function<void(Result<std::uint64_t>)> done) = 0;
    virtual desk::DeskViewPtr desk() = 0;
    virtual void translate(const std::string& text, const std::string& from, const std::string& to,
                           std::function<void(Result<Translation>)> done) = 0;
    virtual bool translates() = 0;
};

class DeskApi {
  public:
    DeskApi(DeskHost& host, const ApiLimits& limits);

    /// POST /api/act. `scale` widens what an address may.
    void act(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond, double scale = 1);
    /// POST /api/show-command: what a helper may ask of the show.
    void show_command(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond);
    /// GET /api/translate?message=…&to=…
    void translate(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond, double scale = 1);

  private:
    RateLimit& limit_of(const desk::Act& act);
    /// Seconds that a guest of an open link has to wait because of what guests write together.
    int crowd(const Request& request, const desk::Act& act, const BuyerSession& who, Nanoseconds now, double scale);

    DeskHost& host_;
    RateLimit chat_, question_, reaction_, point_, quote_, other_, translation_;
    RateLimit guests_at_address_, guests_of_link_;
    Share translation_share_;
    std::shared_ptr<std::list<Holder>> translating_ = std::make_shared<std::list<Holder>>();
};

/// The status that says what kind of error it is; 422 for what was refused with a sentence.
int status_of(ErrorKind kind);
Response problem_of(const Error& error);
/// {"id","number"?,"secret"?}
std::string act_answer(const desk::ActResult& result, const std::string& link = {});
/// One act of a body that is a JSON object with at most 16 levels; the answer when it is not (400, 415).
tl::expected<desk::Act, Response> act_of(const Request& request, std::string& client_id);

}  // namespace vitrine::web
