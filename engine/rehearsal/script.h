#pragma once
// What simulated buyers do in a rehearsal, made from the show itself: they ask about its own products and specs, each in their own
// language, point at its callouts, raise hands, ask for prices around its tiers and answer offers. The same seed gives the same rehearsal.
// Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/desk/acts.h"

namespace vitrine::rehearsal {

struct Buyer {
    std::string name, company, country, language;
    bool operator==(const Buyer&) const = default;
};

struct TimedAct {
    Nanoseconds after_live = 0;
    std::size_t buyer = 0;
    desk::Act act;
};

struct Script {
    std::vector<Buyer> buyers;   ///< at least three; the show's languages in turn
    std::vector<TimedAct> acts;  ///< ascending in time; none is one that the desk would refuse
};

/// `pace` 2: twice as fast. Reentrant.
Script make_script(const ShowConfig& show, std::uint32_t seed, double pace = 1);

/// What a buyer answers to the factory's offer, when it is their turn: takes it at or below their own price and otherwise, once, meets it
/// in the middle; then takes it up to the list price and declines what is dearer. Nothing when it is not their turn. Reentrant.
std::optional<desk::Act> answer_to(const desk::Quote& quote);

}  // namespace vitrine::rehearsal
