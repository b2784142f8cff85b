#include "engine/desk/money.h"

#include <cmath>

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

std::int64_t power_of_ten(int digits) {
    std::int64_t power = 1;
    for (int i = 0; i < digits; ++i) power *= 10;
    return power;
}

}  // namespace

std::optional<int> minor_digits(std::string_view currency) {
    if (currency.size() != 3) return std::nullopt;
    if (lists(two, currency)) return 2;
    if (lists(none, currency)) return 0;
    if (lists(three, currency)) return 3;
    return std::nullopt;
}

std::optional<Money> exact_money(double amount, std::string_view currency) {
    const auto digits = minor_digits(currency);
    if (!digits || !(amount >= 0) || amount > 1e12) return std::nullopt;
    const double minor = amount * static_cast<double>(power_of_ten(*digits));
    const double whole = std::round(minor);
    // 4.2 × 100 is not quite 420; a thousandth of a cent is.
    if (std::abs(minor - whole) > 1e-4) return std::nullopt;
    return Money{static_cast<std::int64_t>(whole), std::string(currency)};
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
