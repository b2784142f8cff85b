#pragma once
// What is left of things when somebody is forgotten. The desk and the store do the same by these. What is
// somebody's own is told by their id and never by what is written in it: anybody may write a name that is another's. Reentrant.

#include "engine/desk/records.h"

namespace vitrine::desk {

Person erased(Person person);
/// For the books: product, quantities, prices, states, dates; nothing that anybody wrote.
Quote erased(Quote quote);
InviteRecord erased(InviteRecord invite, std::int64_t at_us);
/// Of an order that was made for this person (Order::person): what stays is the factory's.
Order erased(Order order);

}  // namespace vitrine::desk
