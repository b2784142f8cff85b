#include "pipelines/deliver/web/whep.h"

#include <algorithm>

#include "pipelines/deliver/web/access.h"
#include "pipelines/deliver/web/sdp_fragment.h"
#include "pipelines/deliver/web/sdp_offer.h"

namespace vitrine::web {

namespace {

constexpr std::size_t most_body = 64 * 1024;

Response unknown_viewer() { return problem(404, "There is no such stream session; it may have ended."); }

/// If-Match: a list of entity tags, or * (also in quotes, as an example in the drafts prints it).
bool matches(std::string_view header, std::string_view etag) {
    while (!header.empty()) {
        const auto comma = header.find(',');
        const std::string_view one = trim(header.substr(0, comma));
        if (one == etag || one == "*" || one == "\"*\"") return true;
        if (comma == std::string_view::npos) break;
        header.remove_prefix(comma + 1);
    }
    return false;
}

/// "stun://host" (GStreamer's way) or "stun:host" to what browsers take.
std::string ice_url(std::string url) {
    if (const auto slashes = url.find("://"); slashes != std::string::npos) url.erase(slashes + 1, 2);
    return url;
}

/// A small machine's share of offers that connect is as small as its show, and keeps something for invited people all the same.
Share no_more_than(Share share, int viewers) {
    const int all = std::min(share.all, std::max(4, viewers));
    if (all == share.all) return share;
    share.kept_for_invited = std::max(1, share.kept_for_invited * all / share.all);
    share.kept_for_staff = share.kept_for_staff * all / share.all;
    share.all = all;
    return share;
}

}  // namespace

Whep::Whep(WhepHost& host, WhepLimits limits, std::vector<std::string> stun_servers)
    : host_(host),
      limits_(limits),
      connecting_(no_more_than(limits.connecting, limits.viewers)),
      post_session_(limits.post_per_session),
      post_address_(limits.post_per_address),
      patch_session_(limits.patch_per_session),
      delete_session_(limits.delete_per_session) {
    for (std::string& server : stun_servers) links_.push_back({"Link", "<" + ice_url(std::move(server)) + ">; rel=\"ice-server\""});
}

Response Whep::answer_head(int status) const {
    Response response;
    response.status = status;
    response.set("Cache-Control", "no-store");
    return response;
}

void Whep::handle(const Request& request, Nanoseconds now, Responder respond, double scale) {
    Responder finish = [respond = std::move(respond), head = request.method == "HEAD"](Response response) {
        // The token is in a header that only its owner can set, so every origin may ask.
        response.set("Access-Control-Allow-Origin", "*");
        response.set("Access-Control-Expose-Headers", "Location, ETag, Link");
        response.head = head;
        respond(std::move(response));
    };
    if (request.body.size() > most_body) {
        finish(problem(413, "The body is larger than 64 KiB."));
    } else if (request.path == "/whep" || request.path == "/whep/") {
        if (request.method == "POST") {
            if (auto response = post(request, now, finish, scale)) finish(std::move(*response));
        } else {
            finish(at_endpoint(request));
        }
    } else {
        finish(at_viewer(request, request.path.substr(std::string_view("/whep/").size()), now, scale));
    }
}

Response Whep::at_endpoint(const Request& request) const {
    if (request.method == "OPTIONS") {
        Response response = answer_head(200);
        response.set("Accept-Post", "application/sdp").set("Allow", "POST, GET, HEAD, OPTIONS");
        if (request.header("access-control-request-method")) {
            response.set("Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS");
            response.set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match");
            response.set("Access-Control-Max-Age", "600");
        }
        return response;
    }
    if (request.method == "GET" || request.method == "HEAD") {
        Response response = answer_head(200);
        response.set("Content-Type", "application/sdp").set("Accept-Post", "application/sdp");
        return response;
    }
    return method_not_allowed("POST, GET, HEAD, OPTIONS");
}

Whep::Viewers::iterator Whep::oldest_own(const Holder& holder, bool connected) {
    auto oldest = viewers_.end();
    std::size_t count = 0;
    for (auto it = viewers_.begin(); it != viewers_.end(); ++it) {
        if (it->second.holder.device != holder.device || it->second.connected != connected) continue;
        ++count;
        if (oldest == viewers_.end() || it->second.number < oldest->second.number) oldest = it;
    }
    return count >= limits_.per_session ? oldest : viewers_.end();
}

std::optional<Taken> Whep::connecting_taken(const Holder& asks, Viewers::iterator besides, double scale) const {
    std::vector<const Holder*> there;
    for (auto it = viewers_.begin(); it != viewers_.end(); ++it)
        if (!it->second.connected && Viewers::const_iterator(besides) != it) there.push_back(&it->second.holder);
    return taken(connecting_, asks, there, scale);
}

std::optional<Taken> Whep::viewers_taken(const Holder& asks, const Viewer* besides, double scale) const {
    std::vector<const Holder*> there;
    for (const auto& [id, viewer] : viewers_)
        if (viewer.connected && &viewer != besides) there.push_back(&viewer.holder);
    return taken(share_of_viewers(limits_.viewers), asks, there, scale);
}

/// The offer that has been connecting for longest, and for too long, among those that fill what `asks` is refused for.
Whep::Viewers::iterator Whep::gives_way(const Holder& asks, Taken why, Nanoseconds now) {
    auto found = viewers_.end();
    for (auto it = viewers_.begin(); it != viewers_.end(); ++it) {
        const Viewer& viewer = it->second;
        if (viewer.connected || now - viewer.created < limits_.gives_way_after || viewer.holder.standing > asks.standing) continue;
        if (why == Taken::by_address && (viewer.holder.address != asks.address || viewer.holder.standing != asks.standing)) continue;
        if (why == Taken::by_link && viewer.holder.link != asks.link) continue;
        if (found == viewers_.end() || viewer.number < found->second.number) found = it;
    }
    return found;
}

void Whep::look(Viewers::iterator it) {
    Viewer& viewer = it->second;
    if (viewer.connected || !viewer.answered || !host_.connected(it->first)) return;
    const auto older = oldest_own(viewer.holder, true);
    // More may connect at once than there are places: the last one is one too many.
    if (viewers_taken(viewer.holder, older == viewers_.end() ? nullptr : &older->second, viewer.scale)) return remove(it, std::nullopt);
    viewer.connected = true;
    if (older != viewers_.end()) remove(older, std::nullopt);
}

void Whep::look_at_all() {
    std::vector<std::string> connecting;
    for (const auto& [id, viewer] : viewers_)
        if (!viewer.connected && viewer.answered) connecting.push_back(id);
    for (const std::string& id : connecting)
        if (const auto found = viewers_.find(id); found != viewers_.end()) look(found);
}

std::optional<Response> Whep::post(const Request& request, Nanoseconds now, Responder& respond, double scale) {
    const std::string address = address_key(request.address);
    if (const int wait = post_address_.take(address, now, scale))
        return problem_later(429, "Too many requests from this network; wait a moment.", wait);
    const std::string& token = request.token;
    const auto session = token.empty() ? std::nullopt : host_.check(token);
    if (!session) return unauthorized(!token.empty() || request.count("authorization") > 0);
    if (request.media_type() != "application/sdp") return problem(415, "Send the offer as application/sdp.");
    const SessionState state = host_.session();
    if (state != SessionState::live && state != SessionState::paused)
        return problem_later(409, "The show is not live yet; ask again when it has begun.", 5);
    if (const int wait = post_session_.take(session->id, now, scale))
        return problem_later(429, "Too many new streams; wait a moment.", wait);
    auto offer = judge_offer(request.body);
    if (!offer) return problem(offer.error().status, offer.error().detail);

    look_at_all();
    const Holder holder = holder_of(*session, address);
    const auto older = oldest_own(holder, true);
    if (viewers_taken(holder, older == viewers_.end() ? nullptr : &older->second, scale))
        return problem_later(503, "The show is full; try again in a moment.", 10);
    auto replaced = oldest_own(holder, false);
    if (const auto why = connecting_taken(holder, replaced, scale)) {
        if (replaced == viewers_.end()) replaced = gives_way(holder, *why, now);
        if (replaced == viewers_.end() || connecting_taken(holder, replaced, scale))
            return problem_later(429, "Too many streams are being set up; try again in a moment.", 1);
    }
    if (replaced != viewers_.end()) remove(replaced, problem(409, "Another stream took this one's place before it connected."));

    const std::string id = random_hex(16);
    Viewer viewer;
    viewer.token = token;
    viewer.holder = holder;
    viewer.scale = scale;
    viewer.etag = "\"" + random_hex(8) + "\"";
    viewer.ice_ufrag = offer->ice_ufrag;
    viewer.ufrags = offer->ufrags;
    viewer.mids = offer->mids;
    viewer.candidates = offer->candidates;
    viewer.created = now;
    viewer.number = ++made_;
    viewer.respond = std::move(respond);
    viewers_.emplace(id, std::move(viewer));
    host_.open(id, std::move(offer->text));
    return std::nullopt;
}

void Whep::answered(const std::string& id, Result<std::string> answer) {
    const auto found = viewers_.find(id);
    if (found == viewers_.end() || found->second.answered) return;
    if (!answer) {
        const bool offers_fault = answer.error().kind == ErrorKind::bad_input;
        remove(found, answer.error().kind == ErrorKind::missing ? problem_later(503, answer.error().message, 10)
                                                                : problem(offers_fault ? 422 : 500, answer.error().message));
        return;
    }
    found->second.answered = true;
    Response response = answer_head(201);
    response.set("Content-Type", "application/sdp").set("Location", "/whep/" + id).set("ETag", found->second.etag);
    for (const Header& link : links_) response.headers.push_back(link);
    response.body = std::make_shared<const std::string>(std::move(*answer));
    std::exchange(found->second.respond, nullptr)(std::move(response));
    look(found);
}

void Whep::remove(Viewers::iterator viewer, std::optional<Response> unanswered) {
    const std::string id = viewer->first;
    Responder respond = viewer->second.answered ? Responder() : std::move(viewer->second.respond);
    viewers_.erase(viewer);
    host_.close(id);
    if (respond && unanswered) respond(std::move(*unanswered));
}

void Whep::gone(const std::string& id) {
    if (const auto found = viewers_.find(id); found != viewers_.end())
        remove(found, problem(500, "The stream could not be set up; try again."));
}

void Whep::tick(Nanoseconds now) {
    for (auto it = viewers_.begin(); it != viewers_.end();) {
        const auto here = it++;
        if (!here->second.answered && now - here->second.created >= limits_.answer_within)
            remove(here, problem_later(504, "The stream was not ready in time; try again.", 1));
    }
    look_at_all();
}

void Whep::check_sessions() {
    for (auto it = viewers_.begin(); it != viewers_.end();) {
        const auto here = it++;
        if (!host_.check(here->second.token)) remove(here, unauthorized(true));
    }
}

void Whep::end_all() {
    while (!viewers_.empty()) remove(viewers_.begin(), problem(409, "The show has ended."));
}

bool Whep::owns(const std::string& session_id, const std::string& id) const {
    const auto found = viewers_.find(id);
    return found != viewers_.end() && found->second.holder.device == session_id;
}

std::map<std::string, std::string> Whep::sessions() const {
    std::map<std::string, std::string> result;
    for (const auto& [id, viewer] : viewers_)
        if (viewer.connected) result.emplace(viewer.holder.device, viewer.token);
    return result;
}

Response Whep::at_viewer(const Request& request, const std::string& id, Nanoseconds now, double scale) {
    if (request.method == "OPTIONS") {
        Response response = answer_head(200);
        response.set("Accept-Patch", "application/trickle-ice-sdpfrag").set("Allow", "PATCH, DELETE, GET, HEAD, OPTIONS");
        response.set("Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS");
        response.set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match");
        return response;
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && request.method != "PATCH" && request.method != "DELETE") return method_not_allowed("PATCH, DELETE, GET, HEAD, OPTIONS");
    const std::string& token = request.token;
    const auto session = token.empty() ? std::nullopt : host_.check(token);
    if (!session) return unauthorized(!token.empty() || request.count("authorization") > 0);
    RateLimit& limit = request.method == "PATCH" ? patch_session_ : delete_session_;
    if (!reads)
        if (const int wait = limit.take(session->id, now, scale))
            return problem_later(429, "Too many requests for this session; wait a moment.", wait);

    // Ids are random (128 bits): a look-up's timing tells nothing that helps to guess one. Other buyers' ids look unknown.
    const auto found = viewers_.find(id);
    if (found == viewers_.end() || found->second.holder.device != session->id) return unknown_viewer();
    if (reads) return answer_head(200);
    if (request.method == "PATCH") return patch(request, id, found->second);
    remove(found, problem(409, "The stream was ended before it was ready."));
    return answer_head(200);
}

Response Whep::patch(const Request& request, const std::string& id, Viewer& viewer) {
    if (request.media_type() != "application/trickle-ice-sdpfrag")
        return problem(415, "Send candidates as application/trickle-ice-sdpfrag.");
    const std::string* if_match = request.header("if-match");
    if (!if_match) return problem(428, "Send the session's ETag as If-Match.");
    const auto fragment = parse_sdp_fragment(request.body);
    if (!fragment) return problem(400, fragment.error());
    if (!matches(*if_match, viewer.etag)) return problem(412, "If-Match names an ICE session that is no longer the current one.");
    if (!std::includes(viewer.ufrags.begin(), viewer.ufrags.end(), fragment->ufrags.begin(), fragment->ufrags.end()))
        return problem(422, "ICE restart is not offered here; the session goes on as it is. Make a new one instead.");

    const int most = most_candidates * static_cast<int>(std::max<std::size_t>(1, viewer.mids.size()));
    for (const SdpFragment::Trickled& trickled : fragment->candidates) {
        if (!trickled.candidate.usable || viewer.candidates >= most) continue;
        if (!trickled.ufrag.empty() && trickled.ufrag != viewer.ice_ufrag) continue;  // of a transport that BUNDLE leaves unused
        unsigned mline = trickled.mline;
        if (!trickled.mid.empty()) {
            const auto mid = std::find(viewer.mids.begin(), viewer.mids.end(), trickled.mid);
            if (mid == viewer.mids.end()) continue;
            mline = static_cast<unsigned>(mid - viewer.mids.begin());
        }
        if (mline >= viewer.mids.size()) continue;
        ++viewer.candidates;
        host_.add_candidate(id, mline, trickled.candidate.text);
    }
    return answer_head(204);
}

}  // namespace vitrine::web
