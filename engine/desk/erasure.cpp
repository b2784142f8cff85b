#include "engine/desk/erasure.h"

namespace vitrine::desk {

Person erased(Person person) {
    Person left;
    left.id = std::move(person.id);
    left.invite = std::move(person.invite);
    left.role = person.role;
    left.joined_us = person.joined_us;
    left.erased = true;
    return left;
}

Quote erased(Quote quote) {
    quote.notes.clear();
    quote.destination.clear();
    quote.attachments.clear();
    quote.snapshot.clear();
    for (SpecChange& change : quote.changes) {
        change.from.clear();
        change.to.clear();
        change.note.clear();
        change.counter.clear();
    }
    for (QuoteRound& round : quote.rounds) round.note.clear();
    return quote;
}

InviteRecord erased(InviteRecord invite, std::int64_t at_us) {
    invite.name.clear();
    invite.company.clear();
    invite.secret_sha256.clear();
    if (invite.revoked_us == 0) invite.revoked_us = at_us;
    return invite;
}

Order erased(Order order) {
    order.buyer.clear();
    order.person.clear();
    order.name_allowed = false;
    return order;
}

}  // namespace vitrine::desk
