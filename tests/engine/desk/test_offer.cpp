#include "engine/desk/offer.h"

#include <cstdlib>
#include <fstream>

#include "tests/engine/desk/desk_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::desk;

namespace {

Quote bargained() {
    Quote q = test::quote("q1", "Q-0042", "p1", 2000, 370, "USD");
    q.language = "es";
    q.state = QuoteState::countered;
    q.rounds.push_back({Role::presenter, q.made_us + 60'000'000, 3200, Money{38500, "USD"}, "30 d", "<b>ok</b>"});
    q.notes = "<script>alert(1)</script>";
    q.changes = {{"c1", "cct", "3000 K", "4000 K", "", ChangeState::accepted, ""},
                 {"c2", "colour", "white", "black", "RAL 9005", ChangeState::countered, "anthracite"},
                 {"c3", "logo", "", "Luz", "", ChangeState::declined, ""}};
    return q;
}

bool has(const PrintedPage& page, std::string_view what) { return page.html.find(what) != std::string::npos; }

/// Somebody who wants to look at them sets VITRINE_PAGES to a folder.
void keep(const char* name, const PrintedPage& page) {
    if (const char* folder = std::getenv("VITRINE_PAGES")) std::ofstream(std::string(folder) + "/" + name) << page.html;
}

}  // namespace

TEST_CASE("an offer says all that was agreed, in the buyer's language and the factory's", "[offer]") {
    const ShowConfig show = test::small_show();
    const Person buyer = test::person("p1", "Ana Lima", "Luz & Cia", "BR", "es", 1);
    OfferOptions options;
    options.picture = OfferPicture{"image/png", "not really"};
    const PrintedPage page = offer_page(bargained(), buyer, show, options);
    keep("offer-es.html", page);
    CHECK(has(page, "<html lang=\"es\" dir=\"ltr\">"));
    CHECK(has(page, "Oferta"));
    CHECK(has(page, "报价单"));
    CHECK(has(page, "Q-0042"));
    CHECK(has(page, "Luz &amp; Cia"));
    CHECK(has(page, "USD\u00A03.85"));
    CHECK(has(page, "USD\u00A012\u202F320.00"));  // 3200 × 3.85
    CHECK(has(page, "USD\u00A03.90"));            // listed
    CHECK(has(page, "FOB"));
    CHECK(has(page, "30 d"));
    CHECK(has(page, "anthracite"));
    CHECK(has(page, "Válida hasta"));
    CHECK(has(page, "data:image/png;base64,bm90IHJlYWxseQ=="));
    // Until the factory has said another, the lead time is the listed one, in the reader's language.
    Quote asked = test::quote("q2", "Q-0043", "p1", 2000, 370, "USD");
    asked.language = "es";
    CHECK(has(offer_page(asked, buyer, show, options), "25–30 días"));
    // Nobody's text is markup.
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "<b>ok"));
    CHECK(page.policy.find("default-src 'none'") == 0);
    CHECK(page.policy.find("script-src") == std::string::npos);
}

TEST_CASE("an offer in Arabic runs from right to left; what is not the factory's word is no offer", "[offer]") {
    const ShowConfig show = test::small_show();
    Person buyer = test::person("p1", "عمر", "نور", "AE", "ar", 1);
    OfferOptions options;
    options.language = "ar";
    const PrintedPage arabic = offer_page(bargained(), buyer, show, options);
    keep("offer-ar.html", arabic);
    CHECK(has(arabic, "<html lang=\"ar\" dir=\"rtl\">"));

    Quote asked = test::quote("q1", "Q-0001", "p1", 100, 0, "USD");
    asked.rounds.front().unit_price.reset();
    asked.below_minimum = true;
    options.language = "en";
    const PrintedPage request = offer_page(asked, buyer, show, options);
    CHECK(has(request, "<h1>Quote request</h1>"));
    CHECK(has(request, "to be quoted"));
    CHECK_FALSE(has(request, "Valid until"));
    asked.state = QuoteState::accepted;
    CHECK(has(offer_page(asked, buyer, show, options), "<h1>Agreed offer</h1>"));

    // Somebody forgotten, a product that is no longer there, a picture of a kind that could run: none of it stops the paper.
    asked.product = "gone";
    options.picture = OfferPicture{"image/svg+xml", "<svg/>"};
    options.language = "zh";
    const PrintedPage chinese = offer_page(asked, Person{}, show, options);
    keep("offer-zh.html", chinese);
    CHECK(has(chinese, "gone"));
    CHECK_FALSE(has(chinese, "svg+xml"));
}
