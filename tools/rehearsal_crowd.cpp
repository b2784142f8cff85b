#include "tools/rehearsal_crowd.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "engine/barrier.h"
#include "engine/clock.h"
#include "engine/log.h"
#include "pipelines/deliver/web/desk_guest.h"

namespace vitrine {
namespace {

constexpr auto look_again = std::chrono::milliseconds(100);
/// People think before they answer an offer.
constexpr Nanoseconds thinking = 3'000'000'000;

struct Due {
    Nanoseconds at;
    std::size_t buyer;
    desk::Act act;
};

}  // namespace

struct RehearsalCrowd::Core {
    Show& show;
    const std::string origin;
    const rehearsal::Script script;
    const std::function<void(const rehearsal::Buyer&, const std::string&, const std::string&)> did;
    std::vector<std::unique_ptr<DeskGuest>> guests;
    std::vector<Due> due;
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::thread thread;

    bool pause() {
        std::unique_lock lock(mutex);
        return !changed.wait_for(lock, look_again, [&] { return stopping; });
    }

    Result<std::string> link_for(const rehearsal::Buyer& buyer) {
        desk::MakeInvite invite;
        invite.name = buyer.name;
        invite.company = buyer.company;
        invite.language = buyer.language;
        std::promise<Result<desk::ActResult>> made;
        show.act(invite, {desk::Role::presenter, {}, {}}, [&](Result<desk::ActResult> result) { made.set_value(std::move(result)); });
        const auto result = made.get_future().get();
        if (!result) return tl::unexpected(result.error());
        return origin + "/j/" + result->id + "#" + result->secret;
    }

    /// False when there is no crowd to play.
    bool come_in() {
        for (const rehearsal::Buyer& buyer : script.buyers) {
            const auto link = link_for(buyer);
            auto guest = link ? DeskGuest::join(*link, buyer.language) : Result<std::unique_ptr<DeskGuest>>(tl::unexpected(link.error()));
            if (!guest) {
                log::warn("rehearsal", "A simulated buyer did not get in: " + guest.error().message);
                return false;
            }
            guests.push_back(std::move(*guest));
            desk::Introduce introduce;
            introduce.country = buyer.country;
            act(guests.size() - 1, introduce);
        }
        return true;
    }

    void act(std::size_t buyer, const desk::Act& act) {
        const auto done = guests.at(buyer)->act(act);
        const auto body = nlohmann::json::parse(desk::act_to_json(act), nullptr, false);
        did(script.buyers.at(buyer), body.value("act", ""), done ? "" : done.error().message);
    }

    void run() {
        if (!come_in()) return;
        Nanoseconds live_at = 0;
        while (pause()) {
            const SnapshotPtr snapshot = show.snapshot();
            if (snapshot->session == SessionState::ended) return;
            // While the show is paused nobody asks; what would have been said then is said afterwards.
            if (snapshot->session != SessionState::live) continue;
            const Nanoseconds now = steady_now();
            if (live_at == 0) {
                live_at = now;
                for (const rehearsal::TimedAct& each : script.acts) due.push_back({live_at + each.after_live, each.buyer, each.act});
            }
            for (std::size_t i = 0; i < guests.size(); ++i)
                for (const desk::Quote& quote : guests[i]->news())
                    if (auto answer = rehearsal::answer_to(quote)) due.push_back({now + thinking, i, std::move(*answer)});
            std::stable_sort(due.begin(), due.end(), [](const Due& a, const Due& b) { return a.at < b.at; });
            while (!due.empty() && due.front().at <= now) {
                const Due next = std::move(due.front());
                due.erase(due.begin());
                act(next.buyer, next.act);
            }
        }
    }
};

RehearsalCrowd::RehearsalCrowd(Show& show, std::string origin, rehearsal::Script script,
                               std::function<void(const rehearsal::Buyer&, const std::string&, const std::string&)> did)
    : core_(new Core{show, std::move(origin), std::move(script), std::move(did), {}, {}, {}, {}, false, {}}) {
    core_->thread = barrier::thread(
        "crowd", [core = core_.get()] { core->run(); }, barrier::AfterThrow::end);
}

RehearsalCrowd::~RehearsalCrowd() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->changed.notify_all();
    core_->thread.join();
}

}  // namespace vitrine
