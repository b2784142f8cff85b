#pragma once
// One buyer's socket without the socket: texts in, texts out, and when to close. Net thread only; the caller owns the clock. Everything
// that waits to be sent is bounded: of snapshots only the newest waits, and it goes first; anything else up to `most_waiting`, then the
// buyer is too slow and is closed with 1013.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/buyers.h"
#include "engine/clock.h"
#include "engine/commands.h"
#include "pipelines/deliver/web/rate_limit.h"

namespace vitrine::web {

struct LiveHost {
    virtual ~LiveHost() = default;
    virtual std::optional<BuyerSession> check(const std::string& token) = 0;
    /// Before a socket is greeted: whether there is a place for it. Changes nothing.
    virtual bool room_for(const BuyerSession&, const std::string& /*address*/) { return true; }
    /// Then: whether that session may have one more now. Its oldest one may be closed for it.
    virtual bool may_greet(const BuyerSession&, Nanoseconds /*now*/) { return true; }
    /// Whether access ended because another device of the same person took over.
    virtual bool gave_way(const std::string& /*token*/) { return false; }
    virtual std::shared_ptr<const std::string> newest_snapshot() = 0;
    /// Whether that stream belongs to that session; false for unknown ones.
    virtual bool owns(const std::string& session_id, const std::string& peer) = 0;
    virtual std::int64_t utc_us() = 0;
    /// The desk for one who has just said hello: of long lists the newest.
    virtual std::vector<std::shared_ptr<const std::string>> whole_desk(const BuyerSession&) { return {}; }
    /// What comes before in a list: a page of it.
    virtual std::vector<std::shared_ptr<const std::string>> earlier(const BuyerSession&, const std::string& /*list*/,
                                                                    const std::string& /*before*/) {
        return {};
    }
    /// How the show arrives, as their page says.
    /// Of `quality` only the measures count, not whom it names.
    virtual void quality(const BuyerSession&, const PresenceReport& /*quality*/) {}
    /// Which peer's scene frames the buyer's socket gets has changed (either may be empty).
    virtual void scenes_wanted(const std::string& no_longer, const std::string& now) = 0;
};

/// Who comes to the socket: `token` is that of the upgrade's cookie, used when the hello brings none.
struct LiveGuest {
    LiveHost* host = nullptr;
    std::string token;
    std::string address;  ///< as address_key() has it
};

struct LiveLimits {
    Nanoseconds hello_within = 5'000'000'000;
    Nanoseconds close_within = 2'000'000'000;  ///< then the connection is cut
    std::size_t most_waiting = 256;
    Rate messages{40, 1200};  ///< 20 a second
    Rate pages{10, 60};       ///< of what came before
};

class LiveProtocol {
  public:
    struct Close {
        std::uint16_t code;
        std::string reason;
    };

    LiveProtocol(LiveHost& host, LiveLimits limits, Nanoseconds now, std::string cookie_token = {}, std::string address = {});
    LiveProtocol(const LiveProtocol&) = delete;
    LiveProtocol& operator=(const LiveProtocol&) = delete;

    void on_text(std::string_view text, Nanoseconds now);
    void on_binary() { close(1003, "Messages are texts."); }
    void on_snapshot(std::shared_ptr<const std::string> text);
    void on_scene(std::shared_ptr<const std::string> text);
    void on_desk(std::shared_ptr<const std::string> text);
    void on_peer_gone(const std::string& peer);
    void tick(Nanoseconds now);
    /// Ends the socket when its session is no longer good.
    void check_session();
    /// Closes: a newer socket of the same session takes its place.
    void give_way();
    /// The socket is gone: nothing is wanted any more.
    void leave() { want_scenes({}); }
    /// Tells the buyer that the show is over.
    void end(std::string_view reason);

    /// The next text to send; null when there is none.
    std::shared_ptr<const std::string> next();
    /// Set when the socket is to be closed, after what next() still has.
    const std::optional<Close>& closing() const { return closing_; }

    bool greeted() const { return session_.has_value(); }
    /// Null before the hello.
    const BuyerSession* session() const { return session_ ? &*session_ : nullptr; }
    const std::string& scenes_of() const { return scenes_of_; }
    const std::string& language() const { return language_; }
    const std::string& address() const { return address_; }

  private:
    void hello(std::string_view text, Nanoseconds now);
    void send(std::shared_ptr<const std::string> text);
    void close(std::uint16_t code, std::string reason);
    void want_scenes(std::string peer);

    LiveHost& host_;
    LiveLimits limits_;
    Nanoseconds opened_;
    RateLimit rate_, pages_;
    std::optional<BuyerSession> session_;
    std::string token_, address_, language_, scenes_of_;
    std::deque<std::shared_ptr<const std::string>> waiting_;
    std::shared_ptr<const std::string> snapshot_;
    std::optional<Close> closing_;
};

}  // namespace vitrine::web
