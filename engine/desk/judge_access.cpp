// People, invites, seats and files.

#include <algorithm>

#include "engine/buyers.h"
#include "engine/desk/judge.h"
#include "engine/desk/link_key.h"
#include "engine/desk/text_rules.h"

namespace vitrine::desk {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t longest_invite_us = 366 * day_us;
constexpr std::size_t longest_name = 200;

bool fits(const std::string& text) {
    const auto clean = clean_text(text);
    return clean && *clean == text && text.size() <= longest_name;
}

tl::unexpected<Error> not_valid() {
    return not_allowed("This invitation is not valid, or no longer. Ask the person who sent it for a new link.");
}

}  // namespace

bool Judge::of_open_link(const Seat& seat) const {
    const InviteRecord* invite = c_.invites.find(seat.invite);
    return invite && invite->person.empty();
}

const Person* Judge::person(const std::string& id) const {
    const auto found = c_.people.find(id);
    return found == c_.people.end() || found->second.erased ? nullptr : &found->second;
}

Result<void> Judge::judge_actor(const Act& act) const {
    if (!allowed(act, actor_.role)) {
        return not_allowed(actor_.role == Role::buyer    ? "Only the presenter can do that."
                           : actor_.role == Role::helper ? "That is for the presenter or for buyers, not for helpers."
                                                         : "That is for buyers.");
    }
    if (!actor_.client_id.empty() && !is_client_id(actor_.client_id)) return refuse("A client id has 1 to 64 letters, digits and '-'.");
    if (actor_.role == Role::presenter) return {};
    const Person* who = person(actor_.person);
    if (!who) return not_allowed("You are not in this show any more.");
    return {};
}

Result<Decided> Judge::operator()(const Introduce& act) const {
    Person person = *this->person(actor_.person);
    for (const auto* text : {&act.name, &act.company, &act.country, &act.email, &act.phone, &act.language})
        if (*text && !fits(**text)) return refuse("A text is too long (at most 200 bytes) or holds control characters.");
    if (act.country && !act.country->empty() && !is_country(*act.country))
        return refuse("The country is a code of two letters such as \"BR\".");
    if (act.email && !act.email->empty() && !is_email(*act.email)) return refuse("That is no e-mail address.");
    if (act.phone && !act.phone->empty() && !is_phone(*act.phone)) return refuse("That is no telephone number.");
    if (act.language && !act.language->empty() && !is_language(*act.language)) return refuse("The language must be a tag such as \"en\".");
    const auto set = [](std::string& to, const std::optional<std::string>& from) {
        if (from) to = *from;
    };
    set(person.name, act.name), set(person.company, act.company), set(person.country, act.country);
    set(person.email, act.email), set(person.phone, act.phone), set(person.language, act.language);
    return one(std::move(person));
}

Result<Decided> Judge::operator()(const ForgetMe& act) const {
    if (!presents() && !act.person.empty() && act.person != actor_.person)
        return not_allowed("You can have yourself forgotten, nobody else.");
    const std::string who = presents() ? act.person : actor_.person;
    if (who.empty()) return refuse("Say who is to be forgotten.");
    const bool aside = c_.aside_people.contains(who);
    if (!aside && !c_.people.contains(who)) return not_found("There is no such person.");
    Decided decided;
    decided.result.id = who;
    if (aside || person(who)) decided.records.emplace_back(Erasure{who, now_});
    return decided;
}

Result<Decided> Judge::operator()(const MakeInvite& act) const {
    if (act.role == Role::presenter) return refuse("A link is for a buyer or a helper.");
    if (!fits(act.name) || !fits(act.company)) return refuse("A text is too long (at most 200 bytes) or holds control characters.");
    if (!act.language.empty() && !is_language(act.language)) return refuse("The language must be a tag such as \"en\".");
    if (!act.group.empty() && !is_id(act.group))
        return refuse("A price group is named by 1 to 64 letters, digits or one of . _ + - without spaces.");
    if (act.role == Role::helper && act.open) return refuse("A helper's link is for one person.");
    if (act.max_devices < 1 || act.max_devices > 10) return refuse("A person has 1 to 10 devices.");
    if (act.open && (act.max_people < 1 || act.max_people > 100'000)) return refuse("An open link is for 1 to 100000 people.");
    const std::int64_t expires = act.expires_us != 0 ? act.expires_us : now_ + c_.show->desk.invite_days * day_us;
    if (expires <= std::max(now_, act.not_before_us)) return refuse("The link would be over before it begins.");
    if (expires > now_ + longest_invite_us) return refuse("A link lives a year at most.");
    const auto good = std::count_if(c_.invites.by_id.begin(), c_.invites.by_id.end(),
                                    [&](const auto& entry) { return entry.second.revoked_us == 0 && now_ < entry.second.expires_us; });
    if (static_cast<std::size_t>(good) >= most_invites)
        return refuse("There are 5000 links already, the most there may be. Revoke some that nobody needs any more.");
    InviteRecord invite;
    invite.id = random_hex(8);
    Decided decided;
    decided.result.id = invite.id;
    decided.result.secret = link_secret(c_.link_key, invite.id);
    invite.secret_sha256 = sha256_hex(decided.result.secret);
    invite.role = act.role;
    invite.name = act.name;
    invite.company = act.company;
    invite.language = act.language;
    invite.group = act.group;
    if (!act.open) invite.person = random_hex(8);
    invite.made_us = now_;
    invite.not_before_us = act.not_before_us;
    invite.expires_us = expires;
    invite.max_devices = act.max_devices;
    invite.max_people = act.open ? act.max_people : 1;
    decided.records.emplace_back(std::move(invite));
    return decided;
}

Result<Decided> Judge::operator()(const ShowLink& act) const {
    const InviteRecord* invite = c_.invites.find(act.invite);
    if (!invite) return not_found("There is no such link.");
    if (invite->revoked_us != 0 || now_ >= invite->expires_us) return refuse("This link lets nobody in any more. Make a new one.");
    Decided decided;
    decided.result.id = invite->id;
    decided.result.secret = link_secret(c_.link_key, invite->id);
    if (sha256_hex(decided.result.secret) != invite->secret_sha256)
        return refuse("This link was made with another key, so it cannot be shown again. It still lets people in; or make a new one.");
    return decided;
}

Result<Decided> Judge::operator()(const RevokeInvite& act) const {
    const InviteRecord* found = c_.invites.find(act.invite);
    if (!found) return not_found("There is no such link.");
    InviteRecord invite = *found;
    if (invite.revoked_us == 0) invite.revoked_us = now_;
    return one(std::move(invite));
}

Result<Decided> Judge::operator()(const RevokeEverybody&) const {
    Decided decided;
    for (const auto& [id, invite] : c_.invites.by_id) {
        if (invite.revoked_us != 0) continue;
        InviteRecord revoked = invite;
        revoked.revoked_us = now_;
        decided.records.emplace_back(std::move(revoked));
    }
    return decided;
}

std::vector<Record> Judge::end_seats(const std::string& who) const {
    std::vector<Record> records;
    if (const auto seats = c_.seats_of.find(who); seats != c_.seats_of.end())
        for (const std::string& id : seats->second) {
            Seat seat = c_.seats.by_id.at(id);
            seat.ended_us = now_;
            records.emplace_back(std::move(seat));
        }
    return records;
}

Result<Decided> Judge::operator()(const EndSeat& act) const {
    const Person* who = person(act.person);
    if (!who) return not_found("There is no such person.");
    Decided decided;
    decided.result.id = act.person;
    decided.records = end_seats(act.person);
    if (const InviteRecord* found = c_.invites.find(who->invite); found && found->person == act.person && found->revoked_us == 0) {
        InviteRecord invite = *found;
        invite.revoked_us = now_;
        decided.records.emplace_back(std::move(invite));
    }
    return decided;
}

Result<Decided> Judge::arrival(const Arrival& arrival) const {
    const InviteRecord* invite = c_.invites.find(arrival.invite);
    if (!invite || !is_open(*invite, arrival.clock.utc_us != 0 ? arrival.clock : LinkClock{now_, 0})) return not_valid();
    Decided decided;
    // The first of the seats for which `fits` holds is given up; false when there is none.
    const auto give_way = [&](const std::vector<std::string>& seats, auto fits) {
        for (const std::string& id : seats) {
            const Seat* idle = c_.seats.find(id);
            if (!idle || !fits(*idle)) continue;
            Seat ended = *idle;
            ended.ended_us = now_;
            ended.gave_way = true;
            decided.records.emplace_back(std::move(ended));
            return true;
        }
        return false;
    };
    std::string who = invite->person;
    if (!who.empty()) {
        const auto seats = c_.seats_of.find(who);
        const std::size_t taken = seats == c_.seats_of.end() ? 0 : seats->second.size();
        if (taken >= static_cast<std::size_t>(invite->max_devices) &&
            !give_way(arrival.idle_seats, [&](const Seat& s) { return s.person == who; }))
            return conflict("This invitation is already open on " + std::to_string(invite->max_devices) +
                            (invite->max_devices == 1 ? " device" : " devices") +
                            ". Continue here and the one unused longest is signed off, or ask for a link of your own.");
    } else {
        const auto here = c_.seats_by.find(invite->id);
        const bool taken = here != c_.seats_by.end() && here->second >= static_cast<std::size_t>(invite->max_people);
        if (taken && !give_way(arrival.idle_seats, [&](const Seat& s) { return s.invite == invite->id; }))
            return conflict("This link is for " + std::to_string(invite->max_people) +
                            " people, and all places are taken. Ask for a link of your own.");
        // Who was invited by name comes in on top of the crowd, always.
        const auto most = static_cast<std::size_t>(c_.show->desk.max_people);
        if (!taken && c_.crowd() >= most && !give_way(arrival.quiet_seats, [&](const Seat& s) { return of_open_link(s); }))
            return conflict("The show is full. Please try again later, or ask for a link of your own.");
        if (c_.people.size() >= std::max(most_people, 2 * most)) {
            const auto gone = c_.traceless(most_people_at_once);
            if (gone.empty()) return conflict("The show is full. Please ask for a link of your own.");
            for (const std::string& person : gone) decided.records.emplace_back(Removal{"person", person});
        }
        who = random_hex(8);
    }
    const auto known = c_.people.find(who);
    if (known != c_.people.end() && known->second.erased) return not_valid();
    if (known == c_.people.end()) {
        Person person;
        person.id = who;
        person.invite = invite->id;
        person.role = invite->role;
        person.name = invite->name;
        person.company = invite->company;
        person.language = arrival.language.empty() ? invite->language : arrival.language;
        person.group = invite->group;
        person.joined_us = now_;
        decided.records.emplace_back(std::move(person));
    }
    Seat seat;
    seat.id = arrival.seat;
    seat.person = who;
    seat.invite = invite->id;
    seat.token_sha256 = arrival.token_sha256;
    seat.language = arrival.language.empty() ? invite->language : arrival.language;
    seat.device = arrival.device;
    seat.made_us = now_;
    decided.records.emplace_back(std::move(seat));
    decided.result.id = arrival.seat;
    return decided;
}

Result<Decided> Judge::leave(const std::string& id) const {
    Decided decided;
    const Seat* found = c_.seats.find(id);
    if (!found) return decided;
    Seat seat = *found;
    seat.ended_us = now_;
    decided.result.id = id;
    decided.records.emplace_back(std::move(seat));
    return decided;
}

Result<void> Judge::upload(const std::string& who, std::int64_t bytes) const {
    if (!person(who)) return not_allowed("You are not in this show any more.");
    if (bytes < 1) return refuse("The file is empty.");
    if (bytes > most_upload_bytes) return refuse("A file has at most 5 MiB.");
    const auto theirs = std::count_if(c_.uploads.begin(), c_.uploads.end(), [&](const auto& entry) { return entry.second.person == who; });
    if (static_cast<std::size_t>(theirs) >= most_waiting_uploads_of_one)
        return conflict("5 files wait for your request already. Send it first.");
    const bool by_guest = guest(who);
    if (c_.uploads.size() >= (by_guest ? for_guests(most_uploads) : most_uploads)) return refuse("This show takes no more files.");
    std::int64_t kept = bytes;
    for (const auto& [id, upload] : c_.uploads) kept += upload.attachment.bytes;
    for (const auto& [id, quote] : c_.quotes.by_id)
        for (const Attachment& attachment : quote.attachments) kept += attachment.bytes;
    if (by_guest && kept > for_guests(most_kept_upload_bytes)) return fail("This show keeps no more files of guests.", ErrorKind::no_space);
    return {};
}

bool Judge::guest(const std::string& who) const {
    const Person* one = person(who);
    const InviteRecord* by = one && one->role == Role::buyer ? c_.invites.find(one->invite) : nullptr;
    return by && by->person.empty();
}

Result<Decided> Desk::decide(const Act& act, const Actor& actor, std::int64_t now_us) const {
    const Judge judge(*this, actor, now_us);
    if (auto may = judge.judge_actor(act); !may) return tl::unexpected<Error>(may.error());
    return std::visit(judge, act);
}

Result<Decided> Desk::decide_arrival(const Arrival& arrival, std::int64_t now_us) const {
    return Judge(*this, {}, now_us).arrival(arrival);
}

Decided Desk::decide_orders(const std::vector<Order>& orders, std::int64_t now_us, std::vector<OrderRefusal>& refused) const {
    return Judge(*this, {Role::presenter, {}, {}}, now_us).orders(orders, refused);
}

Result<Decided> Desk::decide_leave(const std::string& seat, std::int64_t now_us) const { return Judge(*this, {}, now_us).leave(seat); }

Result<void> Desk::decide_upload(const std::string& person, std::int64_t bytes) const { return Judge(*this, {}, 0).upload(person, bytes); }

}  // namespace vitrine::desk
