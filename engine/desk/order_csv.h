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
    std::vector<Problem> problems;  ///< at most 100
};

/// Reentrant. What the desk itself judges (whether there is such a product) is not judged here. An apostrophe that our own export put
/// before a formula is taken off again.
OrderTable read_orders(std::string_view csv, std::int64_t now_us);

}  // namespace vitrine::desk
