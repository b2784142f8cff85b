#pragma once
// Acts and joins that are waited for. Not from the show thread.

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "engine/buyers.h"
#include "engine/clock.h"
#include "engine/show.h"
#include "tests/support/patience.h"

namespace vitrine::test {

inline Result<desk::ActResult> do_act(Show& show, desk::Act act, desk::Actor actor = {desk::Role::presenter, {}, {}}) {
    auto promise = std::make_shared<std::promise<Result<desk::ActResult>>>();
    auto done = promise->get_future();
    show.act(std::move(act), std::move(actor), [promise](Result<desk::ActResult> result) { promise->set_value(std::move(result)); });
    return done.get();
}

inline desk::ActResult open_link(Show& show, const std::string& name, const std::string& language, std::int64_t expires_us,
                                 int max_people = 200) {
    desk::MakeInvite invite;
    invite.name = name;
    invite.language = language;
    invite.open = true;
    invite.max_people = max_people;
    invite.expires_us = expires_us;
    auto made = do_act(show, invite);
    if (!made) throw std::runtime_error(made.error().message);
    return *made;
}

inline Result<Buyers::Joined> join(Buyers& buyers, const std::string& invite, const std::string& secret, const std::string& language,
                                   std::int64_t now_us = utc_now_us()) {
    auto promise = std::make_shared<std::promise<Result<Buyers::Joined>>>();
    auto done = promise->get_future();
    buyers.join({invite, secret, language, {}, false}, now_us,
                [promise](Result<Buyers::Joined> joined) { promise->set_value(std::move(joined)); });
    return done.get();
}

/// Waits for something that the show thread brings about.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds within = std::chrono::seconds(5)) {
    const auto until = std::chrono::steady_clock::now() + within * patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace vitrine::test
