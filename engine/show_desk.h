#pragma once
// The desk on the show thread: acts are decided on the desk *ahead*, which has everything that is on its way to the disk; what the store
// has taken is applied to the *settled* desk, shown, told and answered. When a write fails, everything on its way fails with it, ahead
// becomes what is settled, and the next act tries the disk again. Thread-bound (the show thread), but for what it hands to the store.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/commands.h"
#include "engine/desk/acts.h"
#include "engine/desk/desk.h"
#include "engine/desk/store.h"
#include "engine/listeners.h"
#include "engine/show.h"

namespace vitrine {

/// What a store had at the start.
struct KeptDesk {
    std::vector<desk::Record> records;
    std::vector<desk::Acknowledged> acknowledged;
    std::vector<desk::Upload> uploads;
    std::string link_key;  ///< empty: one of this run's own
    std::set<std::string> aside_people;
    desk::Store::Swept swept;  ///< of the sweep before
};

class ShowDesk {
  public:
    using Done = std::function<void(Result<desk::ActResult>)>;

    /// `post` brings a function to the show thread, from any other.
    ShowDesk(std::shared_ptr<const ShowConfig> config, desk::Store* store, KeptDesk kept, std::function<void(std::function<void()>)> post);

    void act(desk::Act act, desk::Actor actor, Done done);
    void put_orders(const std::vector<desk::Order>& orders, std::function<void(Result<std::vector<desk::OrderRefusal>>)> done);
    void arrive(const desk::Arrival& arrival, Done done);
    void leave(const std::string& seat, Done done);
    void attach(std::string name, std::string type, std::string bytes, const desk::Actor& actor,
                std::function<void(Result<desk::Attachment>)> done);
    void attachment(const std::string& id, const desk::Actor& actor, std::function<void(Result<Show::AttachmentFile>)> done);
    void find_attachment(const std::string& id, const desk::Actor& actor, std::function<void(Result<desk::Attachment>)> done);
    void present(const PresenceReport& report);
    void happened(std::vector<desk::Happening> happenings);
    void went_live() { settled_.clear_reactions(), dirty_ = true; }
    void pinned(std::string product) { pinned_ = std::move(product); }
    void everybody_goes();  ///< at the end of the show
    /// Thread-safe. What has been seen to pass (desk/kept_time.h).
    std::int64_t up_us() const { return up_us_ + (steady_now() - opened_at_) / 1000; }
    std::vector<desk::Record> records() const { return settled_.records(); }
    desk::DeskViewPtr view() const { return settled_.view(); }

    /// Something is on its way to the disk.
    bool in_flight() const { return in_flight_ > 0; }
    /// When publish() is due; nothing: not before something comes.
    std::optional<Nanoseconds> due() const;
    struct News {
        std::vector<desk::Record> settled;
        desk::DeskViewPtr view;
        std::vector<std::function<void()>> answers;  ///< to be called when the news is out
    };
    News publish(Nanoseconds now);
    /// Sentences for the presenter since the last call.
    std::vector<std::string> notices() { return std::exchange(notices_, {}); }

    Listeners<const std::vector<desk::Record>&> endings;
    Show::EventMaker make_events;

  private:
    std::optional<desk::Attachment> attachment_for(const std::string& id, const desk::Actor& actor) const;
    struct Asked {
        std::optional<desk::ActResult> result;
        std::vector<Done> waiting;
    };
    void submit(desk::Decided decided, std::optional<desk::Acknowledged> acknowledged, Done done);
    void settle(const std::vector<desk::Record>& records, const Result<void>& kept);
    void answer(Done done, Result<desk::ActResult> result);
    void remember(const std::string& key, const desk::ActResult& result);
    void sweep(Nanoseconds now);
    void swept(const desk::Store::Swept& swept);
    std::string restore_command() const;
    void count(const std::string& what, std::int64_t now_us);
    void keep_counts();

    std::shared_ptr<const ShowConfig> config_;
    desk::Store* store_;
    std::function<void(std::function<void()>)> post_;
    desk::Desk ahead_, settled_;
    std::map<std::string, Asked> asked_;
    std::vector<std::string> asked_order_;
    std::map<std::string, int> uploads_on_their_way_;

    int in_flight_ = 0;
    bool failing_ = false;  ///< a write failed and others are still on their way
    bool afresh_ = false, told_full_ = false;
    bool told_aside_ = false;
    bool dirty_ = false;  ///< presence or reactions have changed
    std::string pinned_;
    std::vector<desk::Tally> counted_;  ///< since the last time that counts were kept
    Nanoseconds counts_due_ = 0;
    std::vector<desk::Record> news_;
    std::vector<std::function<void()>> answers_;
    std::vector<std::string> notices_;
    Nanoseconds published_at_ = 0, gap_ = 0, sweep_at_ = 0;
    const Nanoseconds opened_at_ = steady_now();
    const std::int64_t up_us_;  ///< when it was opened
};

}  // namespace vitrine
