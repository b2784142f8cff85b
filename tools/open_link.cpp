#include "tools/open_link.h"

#include <algorithm>
#include <future>
#include <vector>

#include "engine/clock.h"

namespace vitrine {
namespace {

/// A link that is over sooner is not taken up again: it would end during the show.
constexpr std::int64_t least_life_us = 24LL * 3'600'000'000;

Result<desk::ActResult> act(Show& show, const desk::Act& what) {
    std::promise<Result<desk::ActResult>> done;
    show.act(what, {desk::Role::presenter, {}, {}}, [&](Result<desk::ActResult> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
}

}  // namespace

Result<desk::ActResult> open_link(Show& show, const ShowConfig& config) {
    // By both clocks of a link (engine/desk/link_clock.h): one made while the clock was years ahead seems to have years to go.
    const desk::LinkClock now{utc_now_us(), show.up_us()};
    const auto left_us = [&](const desk::InviteRecord& invite) {
        return std::min(invite.expires_us - now.utc_us, invite.expires_us - invite.made_us - (now.up_us - invite.made_up_us));
    };
    const desk::DeskViewPtr view = show.snapshot()->desk;
    std::vector<const desk::InviteRecord*> there;
    for (const auto& [id, invite] : view->invites)
        if (invite.role == desk::Role::buyer && invite.person.empty() && invite.name.empty() && invite.company.empty() &&
            invite.group.empty() && invite.language.empty() && invite.revoked_us == 0 && invite.not_before_us == 0 &&
            left_us(invite) > least_life_us && invite.max_people >= config.desk.max_people)
            there.push_back(&invite);
    std::sort(there.begin(), there.end(), [](const auto* a, const auto* b) { return a->made_us > b->made_us; });
    for (const desk::InviteRecord* invite : there)
        if (auto again = act(show, desk::ShowLink{invite->id})) return again;
    desk::MakeInvite invite;
    invite.open = true;
    invite.max_people = config.desk.max_people;
    // At least as long as it must have left to be taken up again.
    invite.expires_us = utc_now_us() + std::max<std::int64_t>(config.desk.invite_days, 2) * least_life_us;
    return act(show, invite);
}

std::string link_path(const desk::ActResult& link) { return "/j/" + link.id + "#" + link.secret; }

}  // namespace vitrine
