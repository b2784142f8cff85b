#include "engine/desk/money.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitrine::desk {
namespace {

// ISO 4217 (active codes, without funds, precious metals and testing codes), by digits behind the point.
constexpr std::string_view none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ";
constexpr std::string_view two =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK "
    "DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
    "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW "
    "ZWG ";
constexpr std::string_view three = "BHD IQD JOD KWD LYD OMR TND ";

bool lists(std::string_view list, std::string_view code) {
    for (std::size_t at = 0; at + 3 <= list.size(); at += 4)
        if (list.substr(at, 3) == code) return true;
    return false;
}

constexpr int scale_digits = 4;
static_assert(money_scale == 10'000);

std::int64_t power_of_ten(int digits) {
    std::int64_t power = 1;
    for (int i = 0; i < digits; ++i) power *= 10;
    return power;
}

using Wide = __int128;

/// Halves away from zero, to the currency's own decimals.
Wide rounded(Wide e4, std::string_view currency) {
    const Wide step = power_of_ten(scale_digits - minor_digits(currency).value_or(2));
    return (e4 + (e4 < 0 ? -step / 2 : step / 2)) / step * step;
}

std::optional<std::int64_t> narrow(Wide e4) {
    if (e4 > std::numeric_limits<std::int64_t>::max() || e4 < std::numeric_limits<std::int64_t>::min()) return std::nullopt;
    return static_cast<std::int64_t>(e4);
}

}  // namespace

std::optional<int> minor_digits(std::string_view currency) {
    if (currency.size() != 3) return std::nullopt;
    if (lists(two, currency)) return 2;
    if (lists(none, currency)) return 0;
    if (lists(three, currency)) return 3;
    return std::nullopt;
}

bool is_exact_price(double amount) {
    if (!(std::abs(amount) <= 1e12)) return false;
    // The nearest number with four decimals, read back, is the same number: 4.2 × 10 000 itself is not quite 42 000.
    return std::round(amount * static_cast<double>(money_scale)) / static_cast<double>(money_scale) == amount;
}

std::optional<Money> exact_money(double amount, std::string_view currency) {
    if (!minor_digits(currency) || !(amount >= 0) || !is_exact_price(amount)) return std::nullopt;
    return Money{std::llround(amount * static_cast<double>(money_scale)), std::string(currency)};
}

std::string plain_money(const Money& money) {
    // The least 64-bit number has no positive counterpart.
    std::string digits = std::to_string(money.e4);
    const bool negative = digits.front() == '-';
    if (negative) digits.erase(0, 1);
    if (digits.size() <= scale_digits) digits.insert(0, scale_digits + 1 - digits.size(), '0');
    std::size_t decimals = scale_digits;
    const auto own = static_cast<std::size_t>(minor_digits(money.currency).value_or(2));
    for (; decimals > own && digits.back() == '0'; --decimals) digits.pop_back();
    if (decimals > 0) digits.insert(digits.size() - decimals, ".");
    return (negative ? "-" : "") + digits;
}

std::string plain_price(double amount, std::string_view currency) {
    if (!(std::abs(amount) <= 1e12)) return {};
    return plain_money({std::llround(amount * static_cast<double>(money_scale)), std::string(currency)});
}

std::optional<std::int64_t> e4_from(std::string_view amount) {
    std::int64_t e4 = 0;
    int digits = 0, behind = -1;
    for (const char c : amount) {
        if (c == '.' && digits > 0 && behind < 0) {
            behind = 0;
            continue;
        }
        if (c < '0' || c > '9' || (behind >= 0 && ++behind > scale_digits)) return std::nullopt;
        ++digits;
        e4 = e4 * 10 + (c - '0');
        if (e4 > most_money_e4) return std::nullopt;
    }
    if (digits == 0 || behind == 0) return std::nullopt;
    const Wide whole = Wide{e4} * power_of_ten(scale_digits - std::max(behind, 0));
    if (whole > most_money_e4) return std::nullopt;
    return static_cast<std::int64_t>(whole);
}

Money rounded(const Money& money) {
    // Rounding the greatest numbers up would leave 64 bits: they stay as they are.
    return {narrow(rounded(Wide{money.e4}, money.currency)).value_or(money.e4), money.currency};
}

std::optional<Money> sum_of(const std::optional<Money>& unit_price, std::int64_t quantity) {
    if (!unit_price || quantity <= 0) return std::nullopt;
    const auto sum = narrow(rounded(Wide{unit_price->e4} * quantity, unit_price->currency));
    if (!sum) return std::nullopt;
    return Money{*sum, unit_price->currency};
}

void add_to(std::int64_t& total_e4, std::int64_t e4) {
    if (__builtin_add_overflow(total_e4, e4, &total_e4)) total_e4 = std::numeric_limits<std::int64_t>::max();
}

std::vector<PriceTier> tiers_for(const ProductConfig& product, std::string_view group) {
    std::vector<PriceTier> own, common;
    for (const PriceTier& tier : product.prices) {
        if (tier.group.empty()) common.push_back(tier);
        if (!group.empty() && tier.group == group) own.push_back(tier);
    }
    return own.empty() ? common : own;
}

const PriceTier* tier_at(const std::vector<PriceTier>& tiers, std::int64_t quantity) {
    const PriceTier* found = nullptr;
    for (const PriceTier& tier : tiers)
        if (tier.min <= quantity) found = &tier;
    return found;
}

}  // namespace vitrine::desk
