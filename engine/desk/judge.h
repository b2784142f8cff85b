#pragma once
// Judges acts against a desk: one operator per act, by subject in judge_talk.cpp (talk, points, polls), judge_quotes.cpp (quotes, orders)
// and judge_access.cpp (people, invites, seats, files). Changes nothing.

#include "engine/desk/desk_core.h"

namespace vitrine::desk {

class Judge {
  public:
    Judge(const Desk& desk, Actor actor, std::int64_t now_us) : c_(*desk.core_), actor_(std::move(actor)), now_(now_us) {}

    /// Whether that somebody may do anything at all, and such an act.
    Result<void> judge_actor(const Act& act) const;

    Result<Decided> operator()(const Introduce& act) const;
    Result<Decided> operator()(const ForgetMe& act) const;
    Result<Decided> operator()(const Say& act) const;
    Result<Decided> operator()(const Like& act) const;
    Result<Decided> operator()(const AnswerMessage& act) const;
    Result<Decided> operator()(const Moderate& act) const;
    Result<Decided> operator()(const React& act) const;
    Result<Decided> operator()(const RaiseHand& act) const;
    Result<Decided> operator()(const PlacePoint& act) const;
    Result<Decided> operator()(const SetPoint& act) const;
    Result<Decided> operator()(const OpenPoll& act) const;
    Result<Decided> operator()(const ClosePoll& act) const;
    Result<Decided> operator()(const CastVote& act) const;
    Result<Decided> operator()(const RequestQuote& act) const;
    Result<Decided> operator()(const CounterQuote& act) const;
    Result<Decided> operator()(const DecideQuote& act) const;
    Result<Decided> operator()(const DecideChange& act) const;
    Result<Decided> operator()(const PutOrder& act) const;
    Result<Decided> operator()(const RemoveOrder& act) const;
    Decided orders(const std::vector<Order>& orders, std::vector<OrderRefusal>& refused) const;
    Result<Decided> operator()(const MakeInvite& act) const;
    Result<Decided> operator()(const ShowLink& act) const;
    Result<Decided> operator()(const RevokeInvite& act) const;
    Result<Decided> operator()(const RevokeEverybody& act) const;
    Result<Decided> operator()(const EndSeat& act) const;

    Result<Decided> arrival(const Arrival& arrival) const;
    Result<Decided> leave(const std::string& seat) const;
    Result<void> upload(const std::string& person, std::int64_t bytes) const;

  private:
    bool staff() const { return actor_.role != Role::buyer; }
    /// A buyer who came by an open link.
    bool guest(const std::string& person) const;
    bool presents() const { return actor_.role == Role::presenter; }
    const ProductConfig* product(const std::string& id) const { return c_.show->product(id); }
    const Person* person(const std::string& id) const;
    bool of_open_link(const Seat& seat) const;
    /// Whether the actor may read it.
    bool sees(const Message& message) const;
    Result<void> judge_moment(const SceneMoment& moment) const;
    /// The quote, if the actor may speak about it and it is still open.
    Result<Quote> open_quote(const std::string& id) const;
    void price(Quote& quote) const;
    /// As it will be kept; `fresh` counts the new ones that come with it.
    Result<Order> kept_order(Order order, std::size_t& fresh) const;
    std::vector<Record> end_seats(const std::string& person) const;

    const Desk::Core& c_;
    Actor actor_;
    std::int64_t now_;
};

inline tl::unexpected<Error> refuse(std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); }
inline tl::unexpected<Error> not_allowed(std::string sentence) { return fail(std::move(sentence), ErrorKind::not_allowed); }
inline tl::unexpected<Error> not_found(std::string sentence) { return fail(std::move(sentence), ErrorKind::not_found); }
inline tl::unexpected<Error> conflict(std::string sentence) { return fail(std::move(sentence), ErrorKind::conflict); }

/// One record and the id that the doer is told.
template <class T>
Decided one(T record) {
    Decided decided;
    if constexpr (requires { record.id; }) decided.result.id = record.id;
    decided.records.emplace_back(std::move(record));
    return decided;
}

}  // namespace vitrine::desk
