#pragma once
// What happened in a show as tables for a spreadsheet or a CRM's import. Times are RFC 3339 in UTC.

#include <string>

#include "engine/config.h"
#include "engine/desk/history.h"

namespace vitrine::desk {

/// One row a quote: who, what, the last round, sums, each change.
std::string quotes_csv(const History& history, const ShowConfig& show);
/// One row a person, with what they did. Those who asked to be forgotten stay, without a name, so that sums agree.
std::string buyers_csv(const History& history);
std::string questions_csv(const History& history);
std::string orders_csv(const History& history);

}  // namespace vitrine::desk
