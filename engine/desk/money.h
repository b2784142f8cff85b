#pragma once
// Reckoning with money, and what a product costs a person. A price of one piece has up to four decimals in every currency and is never
// rounded; a total is rounded once, to the currency's own decimals (ISO 4217), halves away from zero. Nothing overflows: what has no room
// is no money. Reentrant.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/config.h"
#include "engine/desk/records.h"

namespace vitrine::desk {

/// Digits behind the point by ISO 4217: JPY 0, USD 2, KWD 3. Nothing: no code of a currency in use.
std::optional<int> minor_digits(std::string_view currency);

constexpr std::int64_t money_scale = 10'000;                             ///< of Money::e4
constexpr std::int64_t most_money_e4 = 1'000'000'000'000 * money_scale;  ///< of what a person or a configuration may name

/// Whether it has at most four decimals.
bool is_exact_price(double amount);
/// From what a configuration says (4.2, "USD"). Nothing when it has more than four decimals, is negative, or the currency is unknown.
std::optional<Money> exact_money(double amount, std::string_view currency);

/// A configured price for eyes, "4.20", "0.035": never as if it were less exact than it is.
std::string plain_price(double amount, std::string_view currency);
/// "12480.00", "0.035": the currency's own decimals, and as many more as count.
std::string plain_money(const Money& money);
/// The reverse, "4.2" or "4.20" for the same: digits with at most four behind a point. Nothing for anything else, a sign among them.
std::optional<std::int64_t> e4_from(std::string_view amount);

/// To the currency's own decimals, halves away from zero.
Money rounded(const Money& money);
/// Unit price times quantity, rounded once; nothing without a price.
std::optional<Money> sum_of(const std::optional<Money>& unit_price, std::int64_t quantity);
/// Adds; stays at the greatest number when there is no room.
void add_to(std::int64_t& total_e4, std::int64_t e4);

/// The price tiers of a product that hold for a group: its own if it has any, else everybody's. Ascending by min.
std::vector<PriceTier> tiers_for(const ProductConfig& product, std::string_view group);
/// The tier at that quantity; null below the first.
const PriceTier* tier_at(const std::vector<PriceTier>& tiers, std::int64_t quantity);

}  // namespace vitrine::desk
