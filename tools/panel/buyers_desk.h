#pragma once
// What the buyers' views and the rail read off the desk: order, names, sums. Reentrant; views of the desk are never changed.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/desk/desk.h"

namespace vitrine::panel {

/// Questions without an answer, quotes whose turn is ours, raised hands, open points.
int waiting_for_answer(const desk::DeskView& desk);
/// Unanswered first: by priority, then likes, then age; the answered ones after them, newest first.
std::vector<const desk::Message*> question_queue(const desk::DeskView& desk);
/// Ours to answer first, then by value.
std::vector<const desk::Quote*> quotes_by_value(const desk::DeskView& desk);
bool our_turn(const desk::Quote& quote);
/// Quantity times the price spoken of last, in ten-thousandths of its currency; 0 when there is none.
std::int64_t value_of(const desk::Quote& quote);
/// The price spoken of last, else the list price.
std::optional<desk::Money> price_of(const desk::Quote& quote);
std::vector<const desk::Person*> raised_hands(const desk::DeskView& desk);
std::vector<const desk::Person*> people_here(const desk::DeskView& desk);

/// "Ana · BR"; the id when there is no name.
std::string name_of(const desk::DeskView& desk, const std::string& person);
/// "3.90 USD"; digits as the currency has them.
std::string money_text(const desk::Money& money);
/// The reverse of what a person types: "3.9", "3,90", "1200". Nothing when it is not a price.
std::optional<desk::Money> money_from(const std::string& typed, const std::string& currency);
/// "12,000".
std::string count_text(std::int64_t count);
/// 0 not told, 1 poor … 4 very good.
int quality_bars(const desk::Presence& presence);

}  // namespace vitrine::panel
