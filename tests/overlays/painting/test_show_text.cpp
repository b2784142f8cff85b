#include "overlays/painting/card.h"
#include "overlays/painting/show_text.h"
#include "tests/overlays/painting/sample_picture.h"
#include "tests/support/catch.h"

using namespace vitrine;

TEST_CASE("numbers and prices have the language's separators", "[show_text]") {
    CHECK(number_text(1234567, 0, "en") == "1,234,567");
    CHECK(number_text(1234567, 0, "pt") == "1.234.567");
    CHECK(number_text(999, 0, "en") == "999");
    CHECK(number_text(1000, 0, "ar") == "1,000");
    CHECK(number_text(1234.5, 2, "fr") == "1\u00A0234,50");
    CHECK(number_text(-12, 1, "en") == "\u221212.0");
    CHECK(number_text(0.0 / 0.0, 1, "en") == "–");
    CHECK(price_text(4.2, "en") == "4.20");
    CHECK(price_text(4, "es") == "4,00");
    CHECK(price_text(0.125, "zh") == "0.125");
    CHECK(price_text(0.1234, "en") == "0.1234");
    CHECK(price_text(12345.6, "en") == "12,345.60");
}

TEST_CASE("the second language appears where it has something else to say", "[show_text]") {
    const PictureLanguages both({"en", "zh", "es"});
    CHECK(bilingual({{{"en", "Lens"}, {"zh", "透镜"}}}, both) == BilingualText{"Lens", "透镜"});
    CHECK(bilingual({{{"en", "IP65"}, {"zh", "IP65"}}}, both) == BilingualText{"IP65", ""});
    CHECK(bilingual({{{"en", "Lens"}, {"es", "Lente"}}}, both) == BilingualText{"Lens", ""});
    CHECK(bilingual({{{"zh", "透镜"}}}, both) == BilingualText{"透镜", ""});
    CHECK(bilingual({}, both) == BilingualText{});
    CHECK(bilingual({{{"en", "Lens"}, {"zh", "透镜"}}}, PictureLanguages({"zh"})) == BilingualText{"透镜", ""});
    CHECK(bilingual_message("slate.lost", PictureLanguages({"fi", "zh"})).second == message("slate.lost", "zh"));
    CHECK(PictureLanguages({}).first == "en");
}

TEST_CASE("a card holds six specifications and four prices and counts the rest", "[card]") {
    ProductConfig product = painting_test::sample_show({"es", "en"})->products[0];
    CardContent content = card_content(product, PictureLanguages({"es", "en"}));
    CHECK(content.specs.size() == 6);
    CHECK(content.specs[0].label == BilingualText{"Flujo luminoso", "Luminous flux"});
    CHECK(content.tiers[1] == CardContent::TierLine{"2.000", "3,90", "USD"});
    CHECK(content.tiers[2].price == "3,555");
    CHECK(content.specs_left_out == 0);
    for (int i = 0; i < 3; ++i) product.specs.push_back(product.specs[0]), product.prices.push_back(product.prices[0]);
    content = card_content(product, PictureLanguages({"es"}));
    CHECK(content.specs.size() == 6);
    CHECK(content.specs_left_out == 3);
    CHECK(content.tiers.size() == 4);
    CHECK(content.tiers_left_out == 2);
}

TEST_CASE("a card keeps to its width and height whatever it must hold", "[card]") {
    ProductConfig product = painting_test::sample_show({"en", "zh"})->products[0];
    product.name.by_language["en"] = "A very long product name that has to be broken into lines and then still cannot be shown as a whole";
    product.specs[1].value = "Die-cast aluminium ADC12, powder coated, RAL 9016, with a value far too long for one line";
    const CardContent content = card_content(product, PictureLanguages({"en", "zh"}));
    const PictureScale scale(1280, 720);
    int before = 1 << 20;
    for (int height = 640; height >= 60; height -= 40) {
        const PlateSprite card = render_card(content, scale, 426, height);
        INFO(height);
        if (card.sprite.empty()) {
            CHECK(height < 140);  // not even two lines of name and one below
            continue;
        }
        CHECK(card.width() == 426);
        CHECK(card.height() <= height);
        CHECK(card.height() <= before);
        before = card.height();
    }
    CHECK(before < 400);
    CHECK(render_card(content, scale, 40, 600).sprite.empty());
}
