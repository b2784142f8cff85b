// Records into their places, and the view of them. Who may do what: judge*.cpp.

#include "engine/desk/desk.h"

#include <algorithm>
#include <charconv>

#include "engine/desk/desk_core.h"
#include "engine/desk/erasure.h"

namespace vitrine::desk {
namespace {

bool waits_for_answer(const Message& m) {
    return m.kind == MessageKind::question && m.state != MessageState::answered && m.state != MessageState::hidden;
}

template <class Map>
auto find_in(const Map& map, const std::string& id) -> decltype(&map.begin()->second) {
    const auto found = map.find(id);
    return found == map.end() ? nullptr : &found->second;
}

template <class List, class T>
void copy_by_time(const List& list, std::vector<T>& to) {
    to.reserve(to.size() + list.size());
    for (const auto& [at, id] : list.by_time) to.push_back(list.by_id.at(id));
}

}  // namespace

void Desk::Core::put(const InviteRecord& r) { invites.put(r); }

void Desk::Core::put(const Person& r) { people.insert_or_assign(r.id, r); }

void Desk::Core::put(const Seat& r) {
    const bool there = seats.find(r.id) != nullptr;
    if (r.ended_us == 0) {
        seats.put(r);
        seats_of[r.person].insert(r.id);
        if (!there) ++seats_by[r.invite];
    } else if (there) {
        seats.erase(r.id);
        auto& theirs = seats_of[r.person];
        theirs.erase(r.id);
        if (theirs.empty()) seats_of.erase(r.person);
        if (--seats_by[r.invite] == 0) seats_by.erase(r.invite);
    }
}

void Desk::Core::count_seats() {
    seats_of.clear();
    seats_by.clear();
    for (const auto& [id, seat] : seats.by_id) {
        seats_of[seat.person].insert(id);
        ++seats_by[seat.invite];
    }
}

std::size_t Desk::Core::crowd() const {
    std::size_t people = 0;
    for (const auto& [invite, count] : seats_by)
        if (const InviteRecord* link = invites.find(invite); link && link->person.empty()) people += count;
    return people;
}

std::vector<std::string> Desk::Core::traceless(std::size_t most) const {
    std::set<std::string> needed;
    for (const auto& [id, q] : quotes.by_id) needed.insert(q.person);
    for (const auto& [id, m] : messages.by_id) needed.insert(m.person), needed.insert(m.to);
    for (const auto& [id, p] : points.by_id) needed.insert(p.person);
    for (const auto& [id, o] : orders.by_id) needed.insert(o.person);
    Order_ gone;
    for (const auto& [id, person] : people) {
        const InviteRecord* link = invites.find(person.invite);
        if (!(link && !link->person.empty()) && !seats_of.contains(id) && !needed.contains(id)) gone.insert({person.joined_us, id});
    }
    std::vector<std::string> ids;
    for (const auto& [at, id] : gone)
        if (ids.size() < most) ids.push_back(id);
    return ids;
}

void Desk::Core::remove_person(const std::string& person) {
    seats.erase_if([&](const Seat& s) { return s.person == person; });
    count_seats();
    presence.erase(person);
    people.erase(person);
}

void Desk::Core::put(const Message& r) {
    if (!messages.find(r.id)) ++messages_of[r.person];
    messages.put(r);
    count_likes(r.id);
    make_room();
}

void Desk::Core::put(const Liking& r) {
    if (!messages.find(r.message)) return;
    likings[r.message].insert(r.person);
    count_likes(r.message);
}

// Counted from who they are, so that a liking that came to nothing is not in the number.
void Desk::Core::count_likes(const std::string& id) {
    Message* message = messages.find(id);
    if (!message) return;
    const auto found = likings.find(id);
    message->likes = found == likings.end() ? 0 : static_cast<int>(found->second.size());
}

void Desk::Core::put(const Point& r) {
    points.put(r);
    if (points.size() <= most_points) return;
    for (const auto& [at, id] : points.by_time)
        if (points.by_id.at(id).state == PointState::done) return points.erase(std::string(id));
    points.erase(std::string(points.by_time.begin()->second));
}

void Desk::Core::put(const Poll& r) {
    polls.put(r);
    count_votes(r.id);
    if (polls.size() <= most_polls) return;
    const std::string oldest = polls.by_time.begin()->second;
    votes.erase(oldest);
    polls.erase(oldest);
}

void Desk::Core::put(const Vote& r) {
    if (!polls.find(r.poll)) return;
    votes[r.poll][r.person] = r.option;
    count_votes(r.poll);
}

void Desk::Core::count_votes(const std::string& id) {
    Poll* poll = polls.find(id);
    if (!poll) return;
    poll->votes.assign(poll->options.size(), 0);
    for (const auto& [person, option] : votes[id])
        if (option >= 0 && static_cast<std::size_t>(option) < poll->votes.size()) ++poll->votes[static_cast<std::size_t>(option)];
}

void Desk::Core::put(const Quote& r) {
    quotes.put(r);
    use_uploads(r);
    int number = 0;
    if (r.number.size() > 2) std::from_chars(r.number.data() + 2, r.number.data() + r.number.size(), number);
    last_quote_number = std::max(last_quote_number, number);
}

void Desk::Core::use_uploads(const Quote& quote) {
    for (const Attachment& attachment : quote.attachments) uploads.erase(attachment.id);
}

void Desk::Core::put(const Order& r) { orders.put(r); }

void Desk::Core::put(const Happening& r) {
    happenings.push_back(r);
    if (happenings.size() > most_happenings) happenings.pop_front();
}

void Desk::Core::put(const Tally& r) {
    tallies[{r.minute_us, r.product, r.what}] = r.count;
    if (tallies.size() > most_tallies) tallies.erase(tallies.begin());
}

void Desk::Core::put(const Removal& r) {
    if (r.kind == "order") orders.erase(r.id);
    if (r.kind == "person") remove_person(r.id);
}

void Desk::Core::erase_message(const std::string& id) {
    const Message* message = messages.find(id);
    if (!message) return;
    const auto count = messages_of.find(message->person);
    if (count != messages_of.end() && --count->second == 0) messages_of.erase(count);
    likings.erase(id);
    messages.erase(id);
}

void Desk::Core::make_room() {
    if (messages.size() <= most_messages) return;
    for (const auto& [at, id] : messages.by_time)
        if (!waits_for_answer(messages.by_id.at(id))) return erase_message(std::string(id));
    erase_message(std::string(messages.by_time.begin()->second));
}

void Desk::Core::put(const Erasure& r) {
    aside_people.erase(r.person);
    const auto found = people.find(r.person);
    if (found == people.end()) return;
    for (auto& [id, order] : orders.by_id)
        if (order.person == r.person) order = erased(order);
    found->second = erased(found->second);

    std::vector<std::string> theirs;
    for (const auto& [id, m] : messages.by_id)
        if (m.person == r.person || m.to == r.person) theirs.push_back(id);
    for (const std::string& id : theirs) erase_message(id);
    for (auto& [message, people_of] : likings)
        if (people_of.erase(r.person) > 0) count_likes(message);
    points.erase_if([&](const Point& p) { return p.person == r.person; });
    for (auto& [poll, votes_of] : votes)
        if (votes_of.erase(r.person) > 0) count_votes(poll);
    for (auto& [id, quote] : quotes.by_id)
        if (quote.person == r.person) quote = erased(quote);
    for (auto& [id, invite] : invites.by_id)
        if (invite.person == r.person) invite = erased(invite, r.at_us);
    std::erase_if(uploads, [&](const auto& entry) { return entry.second.person == r.person; });
    seats.erase_if([&](const Seat& s) { return s.person == r.person; });
    count_seats();
    presence.erase(r.person);
}

Desk::Desk(std::shared_ptr<const ShowConfig> config) : core_(std::make_unique<Core>(std::move(config))) {}
Desk::Desk(const Desk& other) : core_(std::make_unique<Core>(*other.core_)) {}
Desk& Desk::operator=(const Desk& other) {
    if (this != &other) *core_ = *other.core_;
    return *this;
}
Desk::Desk(Desk&&) noexcept = default;
Desk& Desk::operator=(Desk&&) noexcept = default;
Desk::~Desk() = default;

void Desk::use_link_key(std::string key) { core_->link_key = std::move(key); }

void Desk::apply(const Record& record) {
    std::visit([this](const auto& r) { core_->put(r); }, record);
    core_->changed();
}

void Desk::react(const std::string& kind) {
    ++core_->reactions[kind];
    core_->changed();
}

void Desk::clear_reactions() {
    core_->reactions.clear();
    core_->changed();
}

bool Desk::raise_hand(const std::string& person, bool up, std::int64_t now_us) {
    if (!core_->people.contains(person)) return false;
    Presence& presence = core_->presence[person];
    if (presence.hand == up) return false;
    presence.hand = up;
    presence.hand_us = up ? now_us : 0;
    core_->changed();
    return true;
}

int Desk::tally(std::int64_t minute_us, const std::string& product, const std::string& what) const {
    const auto found = core_->tallies.find({minute_us, product, what});
    return found == core_->tallies.end() ? 0 : found->second;
}

void Desk::present(const std::string& person, const Presence& now) {
    const auto found = core_->people.find(person);
    if (found == core_->people.end() || found->second.erased) return;
    Presence& presence = core_->presence[person];
    const bool hand = presence.hand && now.sockets > 0;  // who has gone has no hand up
    const std::int64_t hand_us = hand ? presence.hand_us : 0;
    presence = now;
    presence.hand = hand;
    presence.hand_us = hand_us;
    core_->changed();
}

void Desk::uploaded(Upload upload) {
    std::string id = upload.attachment.id;
    core_->uploads.insert_or_assign(std::move(id), std::move(upload));
}

void Desk::aside(std::set<std::string> people) { core_->aside_people = std::move(people); }

void Desk::put_aside(const std::vector<Removal>& records) {
    Core& c = *core_;
    std::set<std::string> links;
    for (const auto& [kind, id] : records) {
        if (kind == "message") c.erase_message(id);
        if (kind == "point") c.points.erase(id);
        if (kind == "poll") c.polls.erase(id), c.votes.erase(id);
        if (kind == "quote") c.quotes.erase(id);
        if (kind == "order") c.orders.erase(id);
        if (kind == "upload") c.uploads.erase(id);
        if (kind == "invite") c.invites.erase(id), links.insert(id);
        if (kind == "person" && c.people.contains(id)) {
            if (!c.people.at(id).erased) c.aside_people.insert(id);
            c.remove_person(id);
        }
    }
    c.seats.erase_if([&](const Seat& s) { return links.contains(s.invite); });
    c.count_seats();
    c.changed();
}

DeskViewPtr Desk::view() const {
    Core& c = *core_;
    if (c.newest) return c.newest;
    auto view = std::make_shared<DeskView>();
    view->version = c.version;
    view->invites = c.invites.by_id;
    view->people = c.people;
    view->presence = c.presence;
    view->reactions = c.reactions;
    // The newest, and before them every question that waits.
    const std::size_t all = c.messages.size();
    std::size_t index = 0;
    for (const auto& [at, id] : c.messages.by_time) {
        const Message& message = c.messages.by_id.at(id);
        if (index++ + most_messages_in_view >= all || waits_for_answer(message)) view->messages.push_back(message);
    }
    for (const auto& [at, id] : c.points.by_time)
        if (const Point& point = c.points.by_id.at(id); point.state != PointState::done) view->points.push_back(point);
    if (!c.polls.by_time.empty()) view->poll = c.polls.by_id.at(c.polls.by_time.rbegin()->second);
    copy_by_time(c.quotes, view->quotes);
    copy_by_time(c.orders, view->orders);
    c.newest = view;
    return c.newest;
}

std::vector<Record> Desk::records() const {
    const Core& c = *core_;
    std::vector<Record> all;
    copy_by_time(c.invites, all);
    for (const auto& [id, person] : c.people) all.emplace_back(person);
    copy_by_time(c.seats, all);
    copy_by_time(c.messages, all);
    for (const auto& [message, people] : c.likings)
        for (const std::string& person : people) all.emplace_back(Liking{message, person});
    copy_by_time(c.points, all);
    copy_by_time(c.polls, all);
    for (const auto& [poll, votes] : c.votes)
        for (const auto& [person, option] : votes) all.emplace_back(Vote{poll, person, option});
    copy_by_time(c.quotes, all);
    copy_by_time(c.orders, all);
    for (const Happening& happening : c.happenings) all.emplace_back(happening);
    for (const auto& [key, count] : c.tallies) all.emplace_back(Tally{std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
    return all;
}

const InviteRecord* Desk::invite(const std::string& id) const { return core_->invites.find(id); }
const Person* Desk::person(const std::string& id) const { return find_in(core_->people, id); }
const Message* Desk::message(const std::string& id) const { return core_->messages.find(id); }
const Quote* Desk::quote(const std::string& id) const { return core_->quotes.find(id); }
const Order* Desk::order(const std::string& id) const { return core_->orders.find(id); }
const Upload* Desk::upload(const std::string& id) const { return find_in(core_->uploads, id); }

}  // namespace vitrine::desk
