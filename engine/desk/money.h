#pragma once
// Money in minor units, and what a product costs a person. Reentrant.

#include <optional>
#include <string_view>

#include "engine/config.h"
#include "engine/desk/records.h"

namespace vitrine::desk {

/// Digits behind the point by ISO 4217: JPY 0, USD 2, KWD 3. Nothing: no code of a currency in use.
std::optional<int> minor_digits(std::string_view currency);

/// From what a configuration says (4.2, "USD"). Nothing when the currency has no so small part (0.035 USD) or is unknown.
std::optional<Money> exact_money(double amount, std::string_view currency);

/// The price tiers of a product that hold for a group: its own if it has any, else everybody's. Ascending by min.
std::vector<PriceTier> tiers_for(const ProductConfig& product, std::string_view group);
/// The tier at that quantity; null below the first.
const PriceTier* tier_at(const std::vector<PriceTier>& tiers, std::int64_t quantity);

}  // namespace vitrine::desk
