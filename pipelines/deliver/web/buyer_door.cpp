#include "pipelines/deliver/web/buyer_door.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/log.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/security_headers.h"

namespace vitrine::web {

namespace {

bool is_whep(std::string_view path) { return path == "/whep" || path.substr(0, 6) == "/whep/"; }

}  // namespace

BuyerDoor::BuyerDoor(Show& show, Buyers& buyers, StaticFiles page, WebRtcPeer::Sources sources, const WebInside& inside,
                     WebFigures& figures, std::function<void(std::function<void()>)> post)
    : show_(show),
      buyers_(buyers),
      utc_us_(inside.utc_us ? inside.utc_us : [] { return utc_now_us(); }),
      loopback_scale_(inside.loopback_scale),
      page_(std::move(page)),
      figures_(figures),
      api_(buyers, *show.snapshot()->show, inside.join, show.snapshot()->show->behind_proxy, post),
      whep_(*this, inside.whep, show.snapshot()->show->stun_servers),
      session_state_(show.snapshot()->session) {
    http = inside.http;
    live = inside.live;
    behind_proxy = show.snapshot()->show->behind_proxy;
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
    keeper_ = std::make_unique<PeerKeeper>(inside.make_peer, std::move(sources), std::move(post), std::move(events));
}

BuyerDoor::~BuyerDoor() = default;

double BuyerDoor::scale_for(const Request& request) const { return is_loopback(request.address) ? loopback_scale_ : 1; }

void BuyerDoor::finish(const Request& request, Response& response) {
    const std::string* host = request.header("host");
    add_security_headers(response, host ? std::string_view(*host) : std::string_view(), request.secure);
    ++figures_.answers[response.status];
}

void BuyerDoor::handle(Request request, Responder respond) {
    auto shared = std::make_shared<Request>(std::move(request));
    route(*shared, [this, shared, respond = std::move(respond)](Response response) {
        finish(*shared, response);
        respond(std::move(response));
    });
}

void BuyerDoor::route(const Request& request, Responder respond) {
    const Nanoseconds now = steady_now();
    if (is_whep(request.path)) return whep_.handle(request, now, std::move(respond), scale_for(request));
    if (request.path.rfind("/api/", 0) == 0 || request.path.rfind("/media/", 0) == 0)
        return api_.handle(request, now, utc_us_(), scale_for(request), std::move(respond));
    if (request.path == "/live") {
        Response response = problem(426, "This address is a WebSocket.");
        return respond(response.set("Upgrade", "websocket"));
    }
    auto file = page_.find(request);
    if (!file) return respond(problem(404, "There is nothing at this address."));
    if (request.method != "GET" && request.method != "HEAD") return respond(method_not_allowed("GET, HEAD"));
    respond(std::move(*file));
}

Response BuyerDoor::refuse(const Request& request, int status, std::string_view detail) {
    Response response = problem(status, detail);
    if (is_whep(request.path)) response.set("Access-Control-Allow-Origin", "*");
    finish(request, response);
    return response;
}

LiveHost* BuyerDoor::upgrade(const Request& request, Response& refusal) {
    const std::optional<bool> secure = behind_proxy ? std::nullopt : std::optional<bool>(request.secure);
    if (request.path != "/live") {
        refusal = refuse(request, 404, "There is no WebSocket at this address.");
    } else if (request.count("origin") > 1 || !same_origin(request.header("origin"), *request.header("host"), secure)) {
        refusal = refuse(request, 403, "The socket is for the show's own page.");
    } else {
        ++figures_.answers[101];
        return this;
    }
    return nullptr;
}

void BuyerDoor::adopt(std::shared_ptr<BuyerSocket> socket) {
    ++figures_.sockets_opened;
    sockets_.push_back(std::move(socket));
}

int BuyerDoor::buyers() const {
    std::set<std::string> sessions = whep_.sessions();
    for (const auto& socket : sockets_)
        if (!socket->done() && !socket->protocol().closing() && socket->protocol().greeted())
            sessions.insert(socket->protocol().session_id());
    return static_cast<int>(sessions.size());
}

void BuyerDoor::on_snapshot(const SnapshotPtr& snapshot, Nanoseconds now) {
    const bool ended = snapshot->session == SessionState::ended && session_state_ != SessionState::ended;
    session_state_ = snapshot->session;
    BuyerSnapshot view = buyer_snapshot(*snapshot, utc_us_());
    // What buyers do not see (sound levels, frame counts) makes a version too; the new number is passed on once a second.
    if (view.what != sent_what_ || (snapshot->version != sent_version_ && now - sent_at_ >= 1'000'000'000))
        send_snapshot(snapshot, std::move(view), now);
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

std::optional<BuyerSession> BuyerDoor::check(const std::string& token) { return buyers_.check(token, utc_us_()); }
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
    return std::make_shared<const std::string>(buyer_snapshot(*show_.snapshot(), utc_us_()).text);
}

void BuyerDoor::scenes_wanted(const std::string& no_longer, const std::string& now) {
    const bool still =
        std::any_of(sockets_.begin(), sockets_.end(), [&](const auto& socket) { return socket->protocol().scenes_of() == no_longer; });
    if (!no_longer.empty() && !still) keeper_->want_scenes(no_longer, false);
    if (!now.empty()) keeper_->want_scenes(now, true);
}

}  // namespace vitrine::web
