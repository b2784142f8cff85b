#pragma once
// Orders from the factory's own system as a table. Columns by name in any order, in English or Chinese: id, product, buyer, place, state,
// slot, quantity, name_allowed; id is needed, others may be missing, columns of other names are left alone.

#include <string>
#include <string_view>
#include <vector>

#include "engine/desk/records.h"

namespace vitrine::desk {

struct OrderTable {
    struct Problem {
        int line = 0;
        std::string what;
    };
    std::vector<Order> orders;      ///< empty when there is any problem: all or nothing
    std::vector<int> lines;         ///< of each order
    std::vector<Problem> problems;  ///< at most most_problems
    static constexpr std::size_t most_problems = 100;
};

/// Reentrant. What the desk itself judges (how long a text may be, how many orders there is room for) is not judged here. An apostrophe
/// that our own export put before a formula is taken off again.
OrderTable read_orders(std::string_view csv, std::int64_t now_us);

}  // namespace vitrine::desk
