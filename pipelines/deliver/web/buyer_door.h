#pragma once
// Everything behind the buyer listener: routes requests, holds the sockets, and joins WHEP to the peers. Net thread only.

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "engine/show.h"
#include "pipelines/deliver/web/access.h"
#include "pipelines/deliver/web/access_api.h"
#include "pipelines/deliver/web/catalogue.h"
#include "pipelines/deliver/web/desk_door.h"
#include "pipelines/deliver/web/desk_feed.h"
#include "pipelines/deliver/web/http_connection.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/path_api.h"
#include "pipelines/deliver/web/peer_keeper.h"
#include "pipelines/deliver/web/replay_api.h"
#include "pipelines/deliver/web/static_files.h"
#include "pipelines/deliver/web/still_api.h"
#include "pipelines/deliver/web/web_core.h"
#include "pipelines/deliver/web/web_figures.h"
#include "pipelines/deliver/web/whep.h"

namespace vitrine::web {

class BuyerDoor final : public ConnectionHost, WhepHost, LiveHost {
  public:
    /// What is referred to outlives it.
    struct Parts {
        Show& show;
        Buyers& buyers;
        DeskDoor& desk;
        const WebOptions& options;
        WebFigures& figures;
    };
    BuyerDoor(const Parts& parts, StaticFiles page, const WebInside& inside, std::function<void(std::function<void()>)> post);
    ~BuyerDoor() override;

    // ConnectionHost
    tl::expected<BodyRoom, Response> room_for_body(const Request& request) override;
    void handle(Request request, Responder respond) override;
    Response refuse(const Request& request, int status, std::string_view detail) override;
    tl::expected<LiveGuest, Response> upgrade(const Request& request) override;
    void adopt(std::shared_ptr<BuyerSocket> socket) override;
    void count_received() override { ++figures_.requests; }

    void on_snapshot(const SnapshotPtr& snapshot, Nanoseconds now);
    /// What was kept before this server began.
    void remember(const std::vector<desk::Record>& records) { feed_.remember(records); }
    void on_desk(const std::vector<desk::Record>& settled, const desk::DeskViewPtr& view);
    void tick(Nanoseconds now);
    /// Notices expired and revoked sessions.
    void check_sessions(Nanoseconds now);
    /// Tells everybody and ends every stream.
    void end(std::string_view reason);
    void abort_sockets();

    std::size_t viewers() const { return whep_.size(); }
    std::size_t sockets() const { return sockets_.size(); }
    /// People who are here as buyers, however many devices they use: the same whom the presenter's list names.
    int buyers() const { return buyers_here_; }
    /// What buyers may fetch.
    ModelSizes models() const { return catalogue_.models(); }
    const PeerKeeper::Totals& totals() const { return keeper_->totals(); }

  private:
    // WhepHost and LiveHost
    std::optional<BuyerSession> check(const std::string& token) override;
    bool gave_way(const std::string& token) override;
    bool may_greet(const BuyerSession& session, Nanoseconds now) override;
    SessionState session() override;
    void open(const std::string& id, std::string offer) override;
    void close(const std::string& id) override;
    bool connected(const std::string& id) override;
    void add_candidate(const std::string& id, unsigned mline, const std::string& candidate) override;
    std::shared_ptr<const std::string> newest_snapshot() override;
    bool owns(const std::string& session_id, const std::string& peer) override;
    std::int64_t utc_us() override;
    void scenes_wanted(const std::string& no_longer, const std::string& now) override;
    bool room_for(const BuyerSession& session, const std::string& address) override;
    std::vector<std::shared_ptr<const std::string>> whole_desk(const BuyerSession& who) override;
    std::vector<std::shared_ptr<const std::string>> earlier(const BuyerSession& who, const std::string& list,
                                                            const std::string& before) override;
    void quality(const BuyerSession& who, const PresenceReport& quality) override;

    void route(const Request& request, Responder respond);
    void api(const Request& request, Responder respond);
    void api_for(const Request& request, const BuyerSession& who, Nanoseconds now, double scale, Responder respond);
    void offer(const Request& request, const BuyerSession& who, Nanoseconds now, Responder respond);
    void to_everybody(const Text& text);
    /// Tells the show who has come and gone.
    void report_presence();
    void finish(const Request& request, Response& response);
    void on_scene(const std::string& id, std::uint32_t rtp_time, const std::shared_ptr<const SceneFrame>& scene);
    void send_snapshot(const SnapshotPtr& snapshot, BuyerSnapshot view, Nanoseconds now);
    double scale_for(const Request& request) const;

    Show& show_;
    Buyers& buyers_;
    std::function<std::int64_t()> utc_us_, link_us_;  ///< of this machine; of the run, for Buyers
    double loopback_scale_;
    StaticFiles page_;
    WebFigures& figures_;
    DeskDoor& desk_;
    const WebOptions& options_;
    Access access_;
    AccessApi access_api_;
    Catalogue catalogue_;
    DeskApi desk_api_;
    AttachmentApi attachment_api_;
    StillApi still_api_;
    PathApi path_api_;
    ReplayApi replay_api_;
    DeskFeed feed_;
    RateLimit hellos_, offers_;
    std::size_t most_sockets_;
    Share socket_share_;
    bool ticker_ = false;
    Nanoseconds counted_at_ = 0;
    struct Here {
        std::string person;
        int sockets = 0;
        PresenceReport last;
    };
    std::map<std::string, Here> here_;  ///< by seat
    std::set<std::string> with_page_;   ///< sessions that have had a socket and still have it or a stream
    int buyers_here_ = 0;
    Whep whep_;
    std::unique_ptr<PeerKeeper> keeper_;
    std::list<std::shared_ptr<BuyerSocket>> sockets_;
    SessionState session_state_;
    std::string sent_what_;
    std::uint64_t sent_version_ = 0;
    Nanoseconds sent_at_ = 0;
};

}  // namespace vitrine::web
