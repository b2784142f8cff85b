#include "tools/panel/start_time.h"

#include <time.h>

#include <vector>

namespace vitrine::panel {
namespace {

constexpr std::int64_t second_us = 1'000'000, day_us = 86'400 * second_us;

/// The numbers in it; nothing when anything else stands there than what is written between them.
std::optional<std::vector<int>> numbers(std::string_view typed) {
    std::vector<int> out;
    bool in_number = false;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        const char c = typed[i];
        if (c >= '0' && c <= '9') {
            if (!in_number) out.push_back(0);
            if (out.back() > 9'999) return std::nullopt;
            out.back() = out.back() * 10 + (c - '0');
            in_number = true;
            continue;
        }
        in_number = false;
        constexpr std::string_view between = " :.-/", wide_colon = "：";
        if (typed.substr(i).starts_with(wide_colon))
            i += wide_colon.size() - 1;
        else if (between.find(c) == std::string_view::npos)
            return std::nullopt;
    }
    return out;
}

tm local(std::int64_t at_us) {
    const time_t seconds = static_cast<time_t>(at_us / second_us);
    tm out{};
    localtime_r(&seconds, &out);
    return out;
}

/// Nothing when the calendar or the clock has no such time.
std::optional<std::int64_t> utc_us(int year, int month, int day, int hour, int minute) {
    tm when{};
    when.tm_year = year - 1900, when.tm_mon = month - 1, when.tm_mday = day, when.tm_hour = hour, when.tm_min = minute;
    when.tm_isdst = -1;
    tm made = when;
    const time_t seconds = mktime(&made);
    if (seconds == -1 || made.tm_mday != when.tm_mday || made.tm_mon != when.tm_mon || made.tm_hour != hour || made.tm_min != minute)
        return std::nullopt;
    return static_cast<std::int64_t>(seconds) * second_us;
}

}  // namespace

std::optional<std::int64_t> start_time_of(std::string_view typed, std::int64_t now_us) {
    auto found = numbers(typed);
    if (!found) return std::nullopt;
    std::vector<int>& n = *found;
    if (n.size() == 1 && typed.find_first_of(":.") == std::string_view::npos && n[0] >= 100) n = {n[0] / 100, n[0] % 100};
    const auto clock = [](int hour, int minute) { return hour < 24 && minute < 60; };
    if (n.size() == 2 && clock(n[0], n[1])) {
        // Tomorrow by the calendar: a day need not have 24 hours.
        const tm today = local(now_us);
        const auto at = utc_us(today.tm_year + 1900, today.tm_mon + 1, today.tm_mday, n[0], n[1]);
        if (at && *at > now_us) return at;
        const tm next = local(now_us + day_us);
        return utc_us(next.tm_year + 1900, next.tm_mon + 1, next.tm_mday, n[0], n[1]);
    }
    if (n.size() == 5 && n[0] >= 2000 && clock(n[3], n[4])) {
        const auto at = utc_us(n[0], n[1], n[2], n[3], n[4]);
        if (at && *at > now_us) return at;
    }
    return std::nullopt;
}

std::string start_time_text(std::int64_t at_us, std::int64_t now_us) {
    const tm when = local(at_us);
    char text[32];
    const bool soon = at_us > now_us - day_us / 2 && at_us < now_us + day_us;
    text[strftime(text, sizeof text, soon ? "%H:%M" : "%Y-%m-%d %H:%M", &when)] = '\0';
    return text;
}

}  // namespace vitrine::panel
