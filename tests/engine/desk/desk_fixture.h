#pragma once
// A small show with what happened in it, in many languages, for the tests of exports, offer and report.

#include "engine/desk/history.h"

namespace vitrine::test {

inline constexpr std::int64_t show_start_us = 1'764'079'200'000'000;  // 2025-11-25T14:00:00Z
inline constexpr std::int64_t second_us = 1'000'000;

inline LocalText both(std::string en, std::string zh) { return LocalText{{{"en", std::move(en)}, {"zh", std::move(zh)}}}; }

inline ShowConfig small_show() {
    ShowConfig show;
    show.folder = "/shows/spring";
    show.title = both("Spring lighting line", "春季灯具新品");
    show.languages = {"en", "zh", "es", "ar"};
    show.brand.factory = both("Ningbo Hualin Lighting", "宁波华林照明");
    ProductConfig a;
    a.id = "LX-200";
    a.name = {{{"en", "LX-200 downlight"}, {"zh", "LX-200 筒灯"}, {"es", "Downlight LX-200"}, {"ar", "مصباح السقف الغاطس LX-200"}}};
    a.specs = {{"flux", both("Luminous flux", "光通量"), "1200", "lm"}, {"cct", both("Colour temperature", "色温"), "3000", "K"}};
    a.prices = {{500, 4.20, "USD"}, {2000, 3.90, "USD"}};
    a.lead_time = LocalText{{{"en", "25–30 days"}, {"zh", "25–30 天"}, {"es", "25–30 días"}}};
    a.hs_code = "9405.11";
    a.incoterm = "FOB Ningbo";
    ProductConfig b;
    b.id = "LX-310";
    b.name = both("LX-310 panel", "LX-310 面板灯");
    show.products = {a, b};
    return show;
}

inline desk::Person person(std::string id, std::string name, std::string company, std::string country, std::string language, int minute) {
    desk::Person p;
    p.id = std::move(id);
    p.name = std::move(name);
    p.company = std::move(company);
    p.country = std::move(country);
    p.language = std::move(language);
    p.joined_us = show_start_us + minute * 60 * second_us;
    return p;
}

inline desk::Quote quote(std::string id, std::string number, std::string person, std::int64_t quantity, std::int64_t cents,
                         std::string currency) {
    desk::Quote q;
    q.id = std::move(id);
    q.number = std::move(number);
    q.person = std::move(person);
    q.product = "LX-200";
    q.quantity = quantity;
    q.list_price = desk::Money{39000, "USD"};
    q.incoterm = "FOB";
    q.destination = "Santos";
    q.made_us = q.changed_us = show_start_us + 20 * 60 * second_us;
    q.rounds.push_back({desk::Role::buyer, q.made_us, quantity, desk::Money{cents * 100, std::move(currency)}, "", ""});
    return q;
}

}  // namespace vitrine::test
