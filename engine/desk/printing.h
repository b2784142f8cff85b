#pragma once
// How records look on paper: money, times, names of states, and the page that offer and report share. A page is one HTML file without
// script and without anything to fetch; whoever serves it sends the policy that came with it.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/desk/record_fields.h"
#include "engine/desk/records.h"

namespace vitrine::desk {

/// "USD 12 480.00", "USD 0.035": the code in front, thousands apart by a narrow no-break space and a point before the cents in every
/// language, for 1.250 and 1,250 mean different sums to the two sides of a contract.
std::string money_text(const Money& money);
/// "12 480", as in money_text().
std::string count_text(std::int64_t count);
/// RFC 3339 in UTC with seconds; empty for 0.
std::string iso_time(std::int64_t utc_us);
/// "2026-11-25", "14:05" of this machine's time zone: the factory's. Empty for 0.
std::string local_date(std::int64_t utc_us);
std::string local_clock(std::int64_t utc_us);
/// "1:02:03", "2:03".
std::string duration_text(std::int64_t us);

/// For text and for attributes in double quotes.
std::string html(std::string_view text);
/// "rtl" for Arabic, Hebrew, Persian and Urdu, else "ltr".
std::string_view direction(std::string_view language);
std::string base64(std::string_view bytes);

struct PrintedPage {
    std::string html;
    std::string policy;  ///< Content-Security-Policy: nothing but this page's own style and pictures inside it
};

/// `style` is CSS; the look's light palette stands before it as --ink, --ink-2, --accent …
PrintedPage printed_page(std::string_view language, std::string_view title, std::string_view style, std::string_view body);

}  // namespace vitrine::desk
