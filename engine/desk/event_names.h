#pragma once
// What a receiver outside can be told of. As CloudEvents types they have "com.vitrine." in front.

#include <array>
#include <string_view>

namespace vitrine::desk {

inline constexpr std::array<std::string_view, 15> event_names{"buyer.joined",      "buyer.changed",  "buyer.erased",    "question.asked",
                                                              "question.answered", "point.placed",   "quote.requested", "quote.countered",
                                                              "quote.changed",     "quote.accepted", "quote.declined",  "quote.withdrawn",
                                                              "order.changed",     "show.started",   "show.ended"};

}  // namespace vitrine::desk
