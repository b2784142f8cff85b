#include "pipelines/deliver/web/buyer_door.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/log.h"
#include "engine/preflight.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/security_headers.h"

namespace vitrine::web {

namespace {

bool begins(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

bool is_whep(std::string_view path) { return path == "/whep" || path.substr(0, 6) == "/whep/"; }

}  // namespace

BuyerDoor::BuyerDoor(const Parts& parts, StaticFiles page, const WebInside& inside, std::function<void(std::function<void()>)> post)
    : ConnectionHost(inside.http),
      show_(parts.show),
      buyers_(parts.buyers),
      utc_us_(inside.utc_us ? inside.utc_us : [] { return utc_now_us(); }),
      link_us_(inside.utc_us ? inside.utc_us : [] { return run_utc_us(); }),
      loopback_scale_(inside.loopback_scale),
      page_(std::move(page)),
      figures_(parts.figures),
      desk_(parts.desk),
      options_(parts.options),
      access_(show_mark(show_.snapshot()->show->folder.string()), show_.snapshot()->show->behind_proxy),
      access_api_(buyers_, access_, desk_.awaited(), show_.snapshot()->show->languages, inside.api),
      catalogue_(show_.snapshot()->show, desk_.translates(), inside.api.model),
      desk_api_(desk_, inside.api),
      attachment_api_(desk_, inside.api),
      still_api_(options_.still ? StillApi::Take([this](std::function<void(Result<Still>)> done) {
                     options_.still(desk_.awaited().expect(std::move(done)));
                 })
                                : StillApi::Take(),
                 inside.api),
      path_api_(static_cast<int>(stream_kbps(*show_.snapshot()->show)), inside.api),
      replay_api_(options_.replay, desk_.awaited()),
      feed_(show_.snapshot()->show->desk.names),
      hellos_(inside.api.hello),
      offers_(inside.api.offer),
      most_sockets_(inside.api.sockets),
      socket_share_(inside.api.all_sockets),
      whep_(*this, inside.whep, show_.snapshot()->show->stun_servers),
      session_state_(show_.snapshot()->session) {
    live = inside.live;
    behind_proxy = show_.snapshot()->show->behind_proxy;
    PeerKeeper::Events events;
    events.answered = [this](const std::string& id, Result<std::string> answer) {
        if (!answer) log::warn("web", "A stream was not set up.", {{"viewer", id.substr(0, 8)}, {"why", answer.error().message}});
        whep_.answered(id, std::move(answer));
    };
    events.gone = [this](const std::string& id, const std::string& why) {
        log::info("web", "A stream ended.", {{"viewer", id.substr(0, 8)}, {"why", why}});
        whep_.gone(id);
    };
    events.scene = [this](const std::string& id, std::uint32_t rtp_time, const std::shared_ptr<const SceneFrame>& scene) {
        on_scene(id, rtp_time, scene);
    };
    keeper_ = std::make_unique<PeerKeeper>(inside.make_peer, options_.sources, std::move(post), std::move(events));
}

BuyerDoor::~BuyerDoor() = default;

double BuyerDoor::scale_for(const Request& request) const { return is_loopback(request.address) ? loopback_scale_ : 1; }

void BuyerDoor::finish(const Request& request, Response& response) {
    const std::string* host = request.header("host");
    add_security_headers(response, host ? std::string_view(*host) : std::string_view(), request.secure);
    ++figures_.answers[response.status];
}

void BuyerDoor::handle(Request request, Responder respond) {
    const Credential who = access_.credential(request);
    request.token = who.token;
    auto shared = std::make_shared<Request>(std::move(request));
    Responder finished = [this, shared, respond = std::move(respond)](Response response) {
        finish(*shared, response);
        respond(std::move(response));
    };
    if (auto refused = access_.foreign(*shared, who)) return finished(std::move(*refused));
    route(*shared, std::move(finished));
}

void BuyerDoor::route(const Request& request, Responder respond) {
    if (is_whep(request.path)) return whep_.handle(request, steady_now(), std::move(respond), scale_for(request));
    if (begins(request.path, "/api/")) return api(request, std::move(respond));
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (begins(request.path, "/media/")) return respond(reads ? catalogue_.media(request) : method_not_allowed("GET, HEAD"));
    if (request.path == "/live") {
        Response response = problem(426, "This address is a WebSocket.");
        return respond(response.set("Upgrade", "websocket"));
    }
    auto file = page_.find(request);
    if (!file) return respond(problem(404, "There is nothing at this address."));
    if (!reads) return respond(method_not_allowed("GET, HEAD"));
    respond(std::move(*file));
}

void BuyerDoor::api(const Request& request, Responder respond) {
    const Nanoseconds now = steady_now();
    const double scale = scale_for(request);
    if (request.path == "/api/join") {
        if (request.method != "POST") return respond(method_not_allowed("POST"));
        return access_api_.join(request, now, link_us_(), scale, std::move(respond));
    }
    const auto session = request.token.empty() ? std::nullopt : check(request.token);
    if (!session) return respond(unauthorized(!request.token.empty()));
    api_for(request, *session, now, scale, std::move(respond));
}

void BuyerDoor::api_for(const Request& request, const BuyerSession& who, Nanoseconds now, double scale, Responder respond) {
    const std::string& path = request.path;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const auto only = [&](bool right, std::string_view allow) {
        if (!right) respond(method_not_allowed(allow));
        return right;
    };
    const bool posts = request.method == "POST";
    if (path == "/api/show") {
        if (only(reads, "GET, HEAD")) respond(catalogue_.document(request, who, replay_api_.document(session() == SessionState::ended)));
    } else if (begins(path, "/api/models/")) {
        if (only(reads, "GET, HEAD")) respond(catalogue_.model(request, who.id, now, scale));
    } else if (path == "/api/me") {
        if (only(reads, "GET, HEAD")) respond(access_api_.me(who, *desk_.desk(), link_us_()));
    } else if (path == "/api/leave") {
        if (only(posts, "POST")) access_api_.leave(request, std::move(respond));
    } else if (path == "/api/act") {
        if (only(posts, "POST")) desk_api_.act(request, who, now, std::move(respond), scale);
    } else if (path == "/api/show-command") {
        if (only(posts, "POST")) desk_api_.show_command(request, who, now, std::move(respond));
    } else if (path == "/api/translate") {
        if (only(reads, "GET, HEAD")) desk_api_.translate(request, who, now, std::move(respond), scale);
    } else if (path == "/api/still") {
        const SessionState state = session();
        still_api_.handle(request, who, state == SessionState::live || state == SessionState::paused, now, std::move(respond));
    } else if (path == "/api/path") {
        const SessionState state = session();
        path_api_.handle(request, who, state == SessionState::idle || state == SessionState::ready, now, std::move(respond));
    } else if (begins(path, "/api/replay/")) {
        replay_api_.handle(request, session() == SessionState::ended, std::move(respond));
    } else if (begins(path, attachments_path)) {
        attachment_api_.handle(request, who, std::move(respond));
    } else if (begins(path, "/api/quotes/") && path.ends_with("/offer") && options_.files.offer) {
        if (only(reads, "GET, HEAD")) offer(request, who, now, std::move(respond));
    } else {
        respond(problem(404, "There is nothing at this address."));
    }
}

void BuyerDoor::offer(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond) {
    constexpr std::size_t start = std::string_view("/api/quotes/").size(), end = std::string_view("/offer").size();
    // Printing takes the show's pictures and a while; a helper prints for many.
    if (const int wait = offers_.take(who.person, now, who.role == desk::Role::buyer ? 1 : 10); wait > 0)
        return respond(problem_later(429, "That was too much at once; wait a moment and try again.", wait));
    std::string quote = request.path.size() > start + end ? request.path.substr(start, request.path.size() - start - end) : std::string();
    options_.files.offer(
        std::move(quote), request.query_value("language").value_or(who.language), {who.role, who.person, {}},
        desk_.awaited().expect<Result<DeskFile>>([respond = std::move(respond), head = request.method == "HEAD"](Result<DeskFile> file) {
            Response response = file ? file_response(std::move(*file)) : problem_of(file.error());
            if (response.status == 503) response.set("Retry-After", "2");
            response.head = head;
            respond(std::move(response));
        }));
}

tl::expected<BodyRoom, Response> BuyerDoor::room_for_body(const Request& request) {
    if (request.method != "PUT" || !begins(request.path, attachments_path)) return BodyRoom{http.body_bytes, nullptr};
    const Credential who = access_.credential(request);
    const auto judged = [&]() -> tl::expected<BodyRoom, Response> {
        if (auto refused = access_.foreign(request, who)) return tl::unexpected<Response>(std::move(*refused));
        return attachment_api_.room(who.token.empty() ? std::nullopt : check(who.token), !who.token.empty(), address_key(request.address),
                                    steady_now(), scale_for(request));
    };
    auto room = judged();
    if (!room) finish(request, room.error());
    return room;
}

void BuyerDoor::to_everybody(const Text& text) {
    if (!text) return;
    for (const auto& socket : sockets_) {
        socket->protocol().on_desk(text);
        socket->pump();
    }
}

void BuyerDoor::on_desk(const std::vector<desk::Record>& settled, const desk::DeskViewPtr& view) {
    const DeskFeed::News news = feed_.news(settled, *view, ticker_);
    for (const auto& socket : sockets_) {
        const BuyerSession* who = socket->protocol().session();
        if (!who) continue;
        for (const Text& text : news.for_viewer({who->role, who->person, {}})) socket->protocol().on_desk(text);
        socket->pump();
    }
}

std::vector<std::shared_ptr<const std::string>> BuyerDoor::earlier(const BuyerSession& who, const std::string& list,
                                                                   const std::string& before) {
    return feed_.earlier(*desk_.desk(), {who.role, who.person, {}}, ticker_, list, before);
}

std::vector<std::shared_ptr<const std::string>> BuyerDoor::whole_desk(const BuyerSession& who) {
    return feed_.whole(*desk_.desk(), {who.role, who.person, {}}, ticker_);
}

void BuyerDoor::quality(const BuyerSession& who, const PresenceReport& quality) {
    Here& here = here_[who.id];
    here.person = who.person;
    const double path = here.last.path_kbps;
    here.last = quality;
    if (here.last.path_kbps <= 0) here.last.path_kbps = path;  // told once, before the show
    here.sockets = -1;                                         // tells it anew
}

void BuyerDoor::report_presence() {
    std::map<std::string, int> by_person;
    std::map<std::string, BuyerSession> seats;
    for (const auto& socket : sockets_) {
        const BuyerSession* who = socket->protocol().session();
        if (!who || socket->done() || socket->protocol().closing()) continue;
        ++by_person[who->person];
        seats[who->id] = *who;
        with_page_.insert(who->id);
    }
    // Whoever has a page is here by its socket: a stream is found dead only a while after its owner has left. A player without a page is
    // here by its stream.
    const std::map<std::string, std::string> streams = whep_.sessions();
    for (const auto& [session, token] : streams) {
        if (with_page_.contains(session)) continue;
        auto who = check(token);
        if (!who) continue;
        ++by_person[who->person];
        seats[session] = std::move(*who);
    }
    std::erase_if(with_page_, [&](const std::string& session) { return !seats.contains(session) && !streams.contains(session); });
    std::set<std::string> buyers;
    for (const auto& [id, who] : seats)
        if (who.role == desk::Role::buyer) buyers.insert(who.person);
    buyers_here_ = static_cast<int>(buyers.size());
    for (const auto& [id, who] : seats) {
        Here& here = here_[id];
        here.person = who.person;
    }
    for (auto it = here_.begin(); it != here_.end();) {
        Here& here = it->second;
        const auto count = by_person.find(here.person);
        const int sockets = count == by_person.end() ? 0 : count->second;
        if (sockets != here.sockets) {
            here.sockets = sockets;
            here.last.person = here.person;
            here.last.seat = it->first;
            here.last.sockets = sockets;
            show_.report(here.last);
        }
        it = seats.contains(it->first) ? std::next(it) : here_.erase(it);
    }
}

Response BuyerDoor::refuse(const Request& request, int status, std::string_view detail) {
    Response response = problem(status, detail);
    if (is_whep(request.path)) response.set("Access-Control-Allow-Origin", "*");
    finish(request, response);
    return response;
}

tl::expected<LiveGuest, Response> BuyerDoor::upgrade(const Request& request) {
    const auto no = [&](int status, std::string_view detail) { return tl::unexpected<Response>(refuse(request, status, detail)); };
    if (request.path != "/live") return no(404, "There is no WebSocket at this address.");
    const Credential who = access_.credential(request);
    // With the cookie an Origin is needed; without one a program says hello with its token.
    if (!access_.own_origin(request, !who.by_cookie)) return no(403, "The socket is opened from the show's own page only.");
    ++figures_.answers[101];
    return LiveGuest{this, who.by_cookie ? who.token : std::string(), address_key(request.address)};
}

void BuyerDoor::adopt(std::shared_ptr<BuyerSocket> socket) {
    ++figures_.sockets_opened;
    sockets_.push_back(std::move(socket));
}

void BuyerDoor::on_snapshot(const SnapshotPtr& snapshot, Nanoseconds now) {
    const bool ended = snapshot->session == SessionState::ended && session_state_ != SessionState::ended;
    session_state_ = snapshot->session;
    catalogue_.follow(*snapshot);  // before a page can hear of it
    BuyerSnapshot view = buyer_snapshot(*snapshot, utc_us_());
    // What buyers do not see (sound levels, frame counts) makes a version too; the new number is passed on once a second.
    if (view.what != sent_what_ || (snapshot->version != sent_version_ && now - sent_at_ >= 1'000'000'000))
        send_snapshot(snapshot, std::move(view), now);
    if (snapshot->ticker != ticker_) {
        ticker_ = snapshot->ticker;
        for (const Text& text : feed_.ticker(*desk_.desk(), ticker_)) to_everybody(text);
    }
    if (ended) end("The show has ended.");
}

void BuyerDoor::send_snapshot(const SnapshotPtr& snapshot, BuyerSnapshot view, Nanoseconds now) {
    sent_what_ = std::move(view.what);
    sent_version_ = snapshot->version;
    sent_at_ = now;
    const auto text = std::make_shared<const std::string>(std::move(view.text));
    for (const auto& socket : sockets_) {
        socket->protocol().on_snapshot(text);
        socket->pump();
    }
}

void BuyerDoor::tick(Nanoseconds now) {
    whep_.tick(now);
    for (auto it = sockets_.begin(); it != sockets_.end();) {
        const auto here = it++;
        if (!(*here)->done()) (*here)->tick(now);
        if ((*here)->done()) {
            const auto socket = *here;
            sockets_.erase(here);
            socket->protocol().leave();
        }
    }
    figures_.sockets = static_cast<int>(sockets_.size());
    report_presence();
    if (now - counted_at_ >= 1'000'000'000) {
        counted_at_ = now;
        const desk::DeskViewPtr view = desk_.desk();
        to_everybody(feed_.reactions(*view));
        to_everybody(feed_.room(*view));
    }
}

void BuyerDoor::check_sessions(Nanoseconds now) {
    whep_.check_sessions();
    for (const auto& socket : sockets_) {
        socket->protocol().check_session();
        socket->pump();
    }
    keeper_->measure(now);
}

void BuyerDoor::end(std::string_view reason) {
    for (const auto& socket : sockets_) {
        socket->protocol().end(reason);
        socket->pump();
    }
    whep_.end_all();
}

void BuyerDoor::abort_sockets() {
    for (const auto& socket : sockets_) {
        socket->abort();
        socket->protocol().leave();
    }
    sockets_.clear();
}

void BuyerDoor::on_scene(const std::string& id, std::uint32_t rtp_time, const std::shared_ptr<const SceneFrame>& scene) {
    std::shared_ptr<const std::string> text;
    for (const auto& socket : sockets_) {
        if (socket->protocol().scenes_of() != id) continue;
        if (!text) {
            const auto cbor = to_cbor(*scene);
            text = std::make_shared<const std::string>("{\"type\":\"scene\",\"rtp\":" + std::to_string(rtp_time) + ",\"cbor\":\"" +
                                                       base64(cbor.data(), cbor.size()) + "\"}");
        }
        socket->protocol().on_scene(text);
        socket->pump();
    }
}

std::optional<BuyerSession> BuyerDoor::check(const std::string& token) { return buyers_.check(token, link_us_()); }
bool BuyerDoor::room_for(const BuyerSession& session, const std::string& address) {
    std::vector<Holder> holders;
    std::size_t theirs = 0;
    for (const auto& socket : sockets_) {
        const BuyerSession* who = socket->protocol().session();
        if (!who || socket->done() || socket->protocol().closing()) continue;
        // One of a session that has all it may have will go for the new one.
        if (who->id == session.id && ++theirs >= most_sockets_) continue;
        holders.push_back(holder_of(*who, socket->protocol().address()));
    }
    std::vector<const Holder*> there;
    for (const Holder& holder : holders) there.push_back(&holder);
    return !taken(socket_share_, holder_of(session, address), there, is_loopback(address) ? loopback_scale_ : 1);
}

/// Pages come back faster than their old connections die, so the oldest goes and not the new one; but not in a storm, for each new one is
/// told the whole desk.
bool BuyerDoor::may_greet(const BuyerSession& session, Nanoseconds now) {
    if (hellos_.take(session.id, now) > 0) return false;
    std::vector<BuyerSocket*> theirs;
    for (const auto& socket : sockets_) {
        const BuyerSession* who = socket->protocol().session();
        if (who && who->id == session.id && !socket->done() && !socket->protocol().closing()) theirs.push_back(socket.get());
    }
    for (std::size_t i = 0; i + most_sockets_ <= theirs.size(); ++i) {
        theirs[i]->protocol().give_way();
        theirs[i]->pump();
    }
    return true;
}
bool BuyerDoor::gave_way(const std::string& token) { return buyers_.gave_way(token); }
SessionState BuyerDoor::session() { return show_.snapshot()->session; }
std::int64_t BuyerDoor::utc_us() { return utc_us_(); }
bool BuyerDoor::owns(const std::string& session_id, const std::string& peer) { return whep_.owns(session_id, peer); }
bool BuyerDoor::connected(const std::string& id) { return keeper_->connected(id); }
void BuyerDoor::open(const std::string& id, std::string offer) { keeper_->open(id, std::move(offer)); }

void BuyerDoor::close(const std::string& id) {
    for (const auto& socket : sockets_) socket->protocol().on_peer_gone(id);
    keeper_->close(id);
}

void BuyerDoor::add_candidate(const std::string& id, unsigned mline, const std::string& candidate) {
    keeper_->add_candidate(id, mline, candidate);
}

std::shared_ptr<const std::string> BuyerDoor::newest_snapshot() {
    const SnapshotPtr snapshot = show_.snapshot();
    catalogue_.follow(*snapshot);
    return std::make_shared<const std::string>(buyer_snapshot(*snapshot, utc_us_()).text);
}

void BuyerDoor::scenes_wanted(const std::string& no_longer, const std::string& now) {
    const bool still =
        std::any_of(sockets_.begin(), sockets_.end(), [&](const auto& socket) { return socket->protocol().scenes_of() == no_longer; });
    if (!no_longer.empty() && !still) keeper_->want_scenes(no_longer, false);
    if (!now.empty()) keeper_->want_scenes(now, true);
}

}  // namespace vitrine::web
