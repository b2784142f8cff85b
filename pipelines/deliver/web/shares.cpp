#include "pipelines/deliver/web/shares.h"

namespace vitrine::web {

Holder holder_of(const BuyerSession& session, const std::string& address) {
    Holder holder;
    holder.standing = session.role != desk::Role::buyer ? Standing::staff : session.personal ? Standing::invited : Standing::guest;
    holder.device = session.id;
    holder.person = session.person;
    holder.link = session.invite;
    holder.address = address;
    return holder;
}

std::optional<Taken> taken(const Share& share, const Holder& asks, const std::vector<const Holder*>& there, double address_scale) {
    const auto count = [&](auto matches) { return static_cast<int>(std::count_if(there.begin(), there.end(), matches)); };
    if (share.per_person > 0 && count([&](const Holder* h) { return h->person == asks.person; }) >= share.per_person)
        return Taken::by_person;
    const bool guest = asks.standing == Standing::guest;
    if (share.per_address > 0 && asks.standing != Standing::staff && count([&](const Holder* h) {
                                                                         return h->standing == asks.standing && h->address == asks.address;
                                                                     }) >= static_cast<int>(share.per_address * address_scale))
        return Taken::by_address;
    if (guest && share.per_link > 0 &&
        count([&](const Holder* h) { return h->standing == Standing::guest && h->link == asks.link; }) >= share.per_link)
        return Taken::by_link;
    if (guest && count([](const Holder* h) { return h->standing == Standing::guest; }) >= share.for_guests()) return Taken::by_all;
    if (asks.standing != Standing::staff && count([](const Holder* h) { return h->standing != Standing::staff; }) >= share.for_invited())
        return Taken::by_all;
    if (static_cast<int>(there.size()) >= share.all) return Taken::by_all;
    return std::nullopt;
}

Share share_of_viewers(int all) {
    Share share;
    share.all = all;
    share.kept_for_invited = all / 10;
    share.kept_for_staff = all / 30;
    share.per_address = all < 10 ? 0 : all * 2 / 3;
    share.per_link = share.for_guests() - share.for_guests() / 10;
    return share;
}

}  // namespace vitrine::web
