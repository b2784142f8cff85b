#pragma once
// The presenter's side of the desk: the whole of it, acts, files, orders, what becomes of it afterwards. Net thread only; ControlApi has
// checked the token.

#include <functional>
#include <list>
#include <string>

#include "pipelines/deliver/web/desk_door.h"
#include "pipelines/deliver/web/desk_files.h"
#include "pipelines/deliver/web/http_message.h"

namespace vitrine::web {

/// A table of orders may be so large.
inline constexpr std::size_t most_orders_body = 1u << 20;

class ControlDeskApi {
  public:
    /// `desk` and `files` outlive it. `link_origin`: what links begin with.
    ControlDeskApi(DeskDoor& desk, const DeskFiles& files, std::string link_origin)
        : desk_(desk), files_(files), link_origin_(std::move(link_origin)) {}

    /// Whether the path is one of these; then it is answered.
    bool handle(const Request& request, Nanoseconds now, std::int64_t utc_us, Responder& respond);
    /// Answers those who wait for a newer desk.
    void tick(Nanoseconds now);

  private:
    struct Waiter {
        std::uint64_t after;
        Nanoseconds until;
        Responder respond;
    };
    void view(const Request& request, Nanoseconds now, Responder respond);
    void act(const Request& request, Responder respond);
    void orders(const Request& request, std::int64_t utc_us, Responder respond);
    void document(const Request& request, std::string name, Responder respond);
    void outbox(const Request& request, Responder respond);
    std::function<void(Result<DeskFile>)> file_answer(Responder respond);

    DeskDoor& desk_;
    const DeskFiles& files_;
    std::string link_origin_;
    std::list<Waiter> waiters_;
};

}  // namespace vitrine::web
