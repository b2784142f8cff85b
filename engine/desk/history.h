#pragma once
// All that the store keeps, each record as it was last, in the order of their making: what exports and the report after the show are made
// of. Unlike DeskView it lacks nothing that is old, and like the store it still has the names of nobody who asked to be forgotten.

#include <map>
#include <string>
#include <vector>

#include "engine/desk/records.h"

namespace vitrine::desk {

struct History {
    std::map<std::string, Person> people;
    std::map<std::string, InviteRecord> invites;
    std::vector<Message> messages;
    std::vector<Point> points;
    std::vector<Poll> polls;
    std::vector<Vote> votes;  ///< the last of each person in each poll
    std::vector<Quote> quotes;
    std::vector<Order> orders;
    std::vector<Happening> happenings;  ///< by time
    std::vector<Tally> tallies;         ///< by time
};

/// Reentrant. `records` oldest first, as Store::load() gives them.
History history_of(const std::vector<Record>& records);

/// One person's own share of it, as JSON (GDPR, Art. 15 and 20). Empty when there is no such person.
std::string data_of_person(const History& history, const std::string& person);

}  // namespace vitrine::desk
