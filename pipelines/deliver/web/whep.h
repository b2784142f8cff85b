#pragma once
// The WHEP table (draft-ietf-wish-whep) as logic without sockets or media. Net thread only; the caller owns the clock. The host makes and
// ends the peers; it tells Whep of each answer and of each peer that has gone. Choices the drafts leave open: always the client's offer
// (never 406), trickle yes, ICE restart no (422), ETag and If-Match used, every session address hidden from other buyers (404).

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/buyers.h"
#include "engine/result.h"
#include "engine/session.h"
#include "pipelines/deliver/web/http_message.h"
#include "pipelines/deliver/web/rate_limit.h"
#include "pipelines/deliver/web/shares.h"

namespace vitrine::web {

struct WhepHost {
    virtual ~WhepHost() = default;
    virtual std::optional<BuyerSession> check(const std::string& token) = 0;
    virtual SessionState session() = 0;
    /// Answers later through Whep::answered(), never from inside.
    virtual void open(const std::string& id, std::string offer) = 0;
    virtual void close(const std::string& id) = 0;
    virtual bool connected(const std::string& id) = 0;
    virtual void add_candidate(const std::string& id, unsigned mline, const std::string& candidate) = 0;
};

struct WhepLimits {
    int viewers = 60;                             ///< connected
    Share connecting{32, 6, 2, 0, 8, 20};         ///< not yet connected
    std::size_t per_session = 2;                  ///< of either kind; one more ends the oldest of its kind
    Nanoseconds gives_way_after = 3'000'000'000;  ///< so long an offer may take to connect when others want its place
    Rate post_per_session{10, 5}, post_per_address{120, 120}, patch_per_session{40, 20}, delete_per_session{20, 20};
    Nanoseconds answer_within = 5'000'000'000;
};

class Whep {
  public:
    Whep(WhepHost& host, WhepLimits limits, std::vector<std::string> stun_servers);

    /// `request.path` is /whep or below. `scale` widens the per-address limits (1: as they are).
    void handle(const Request& request, Nanoseconds now, Responder respond, double scale = 1);

    void answered(const std::string& id, Result<std::string> answer);
    void gone(const std::string& id);
    /// Ends what was not answered in time, and peers whose session is no longer good.
    void tick(Nanoseconds now);
    void check_sessions();
    void end_all();

    std::size_t size() const { return viewers_.size(); }
    bool owns(const std::string& session_id, const std::string& id) const;
    /// Session to the token that it streams with, of those that have connected: an offer is nobody who is here.
    std::map<std::string, std::string> sessions() const;

  private:
    struct Viewer {
        Holder holder;
        std::string token, etag, ice_ufrag;
        std::set<std::string> ufrags;
        std::vector<std::string> mids;
        int candidates = 0;
        Nanoseconds created = 0;
        std::uint64_t number = 0;  ///< in order of creation
        double scale = 1;
        bool answered = false, connected = false;
        Responder respond;
    };
    using Viewers = std::map<std::string, Viewer>;

    Response at_endpoint(const Request& request) const;
    std::optional<Response> post(const Request& request, Nanoseconds now, Responder& respond, double scale);
    Response at_viewer(const Request& request, const std::string& id, Nanoseconds now, double scale);
    Response patch(const Request& request, const std::string& id, Viewer& viewer);
    Response answer_head(int status) const;
    void remove(Viewers::iterator viewer, std::optional<Response> unanswered);
    Viewers::iterator oldest_own(const Holder& holder, bool connected);
    std::optional<Taken> connecting_taken(const Holder& asks, Viewers::iterator besides, double scale) const;
    std::optional<Taken> viewers_taken(const Holder& asks, const Viewer* besides, double scale) const;
    Viewers::iterator gives_way(const Holder& asks, Taken taken, Nanoseconds now);
    /// Notices that it has connected; may end it, or an older one.
    void look(Viewers::iterator viewer);
    void look_at_all();

    WhepHost& host_;
    WhepLimits limits_;
    Share connecting_;
    std::vector<Header> links_;
    Viewers viewers_;
    std::uint64_t made_ = 0;
    RateLimit post_session_, post_address_, patch_session_, delete_session_;
};

}  // namespace vitrine::web
