#pragma once
// What is left of things when somebody is forgotten. The desk and the store do the same by these. Reentrant.

#include "engine/desk/records.h"

namespace vitrine::desk {

Person erased(Person person);
/// For the books: product, quantities, prices, states, dates; nothing that anybody wrote.
Quote erased(Quote quote);
InviteRecord erased(InviteRecord invite, std::int64_t at_us);
/// An order that names this person as its buyer.
bool names(const Order& order, const Person& person);
Order erased(Order order);

}  // namespace vitrine::desk
