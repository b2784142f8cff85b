#include <numeric>
#include <thread>

#include "overlays/painting/canvas.h"
#include "overlays/painting/font_book.h"
#include "overlays/painting/text_picture.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

long ink(const GrayPicture& p) { return std::accumulate(p.ink.begin(), p.ink.end(), 0L); }

}  // namespace

TEST_CASE("the fonts that the picture needs are here", "[font_book]") {
    for (const auto& sentence : FontBook::of_this_thread().problems()) FAIL_CHECK(sentence);
    CHECK_FALSE(FontBook::of_this_thread().has_family("No Such Family"));
}

TEST_CASE("Latin, Chinese and Arabic leave ink of their own; nothing leaves none", "[text_picture]") {
    const GrayPicture latin = render_text("Heat sink", 40, true), chinese = render_text("散热器", 40, false),
                      arabic = render_text("مصباح", 40, false);
    for (const auto* p : {&latin, &chinese, &arabic}) {
        CHECK(p->ink.size() == static_cast<std::size_t>(p->width) * static_cast<std::size_t>(p->height));
        CHECK(ink(*p) > 255 * 100);
        CHECK(p->height == latin.height);
        for (int x = 0; x < p->width; ++x) {  // ink never touches the top or bottom: nothing is cut
            CHECK(p->ink[static_cast<std::size_t>(x)] == 0);
            CHECK(p->ink[p->ink.size() - 1 - static_cast<std::size_t>(x)] == 0);
        }
    }
    CHECK(chinese.width > 3 * 38);  // full-width characters, not narrow boxes
    CHECK(ink(render_text("Heat sink", 40, false)) < ink(latin));
    CHECK(render_text("", 40, false).ink.empty());
    CHECK(render_text("x", 0, false).ink.empty());
    CHECK(ink(render_text(" ", 40, false)) == 0);
}

TEST_CASE("letters of a joined script are joined", "[text_picture]") {
    // The isolated forms of these letters are wider than the joined word.
    const int joined = render_text("محمد", 60, false).width;
    const int apart = render_text("م\u200Cح\u200Cم\u200Cد", 60, false).width;
    CHECK(joined < apart);
}

TEST_CASE("invalid UTF-8 and control characters are shown, not believed", "[text_picture]") {
    CHECK(ink(render_text("a\xFF\xC3(b", 30, false)) > 0);
    CHECK(render_text("a\nb\tc", 30, false).width == render_text("a b c", 30, false).width);
    CHECK(ink(render_text("<b>&amp;</b>", 30, false)) > ink(render_text("b&b", 30, false)));  // no markup
}

TEST_CASE("figures are as wide as each other, in both weights", "[font_book]") {
    for (const bool bold : {false, true}) {
        const TextStyle style{40, bold, {}, 0, 1};
        const double ones = FontBook::of_this_thread().set("1111", "en", style).width();
        for (const char* digits : {"0000", "7777", "4444"})
            CHECK(FontBook::of_this_thread().set(digits, "en", style).width() == Approx(ones).margin(0.1));
    }
}

TEST_CASE("text wraps, is cut with an ellipsis, and tells its size", "[font_book]") {
    FontBook& book = FontBook::of_this_thread();
    const std::string words = "Die-cast aluminium heat sink with forty fins and a powder coat";
    const TextBlock one = book.set(words, "en", {24, false, {}, 0, 1}), cut = book.set(words, "en", {24, false, {}, 200, 1}),
                    wrapped = book.set(words, "en", {24, false, {}, 200, 3});
    CHECK(one.width() > 600);
    CHECK(cut.width() <= 200);
    CHECK(wrapped.width() <= 200);
    CHECK(wrapped.height() == Approx(3 * cut.height()).epsilon(0.1));
    CHECK(one.baseline() > 0.7 * 24);
    CHECK(one.baseline() < one.height());
    CHECK(book.set("", "en", {24, false, {}, 0, 1}).empty());
    CHECK(is_right_to_left("ar"));
    CHECK(is_right_to_left("he-IL"));
    CHECK_FALSE(is_right_to_left("zh"));
}

TEST_CASE("threads render the same text to the same pixels at the same time", "[text_picture]") {
    const GrayPicture expected = render_text("LX-200 筒灯 مصباح", 32, true);
    std::vector<GrayPicture> seen(4);
    std::vector<std::thread> threads;
    for (auto& picture : seen)
        threads.emplace_back([&picture] {
            for (int i = 0; i < 5; ++i) picture = render_text("LX-200 筒灯 مصباح", 32, true);
        });
    for (auto& thread : threads) thread.join();
    for (const auto& picture : seen) CHECK(picture.ink == expected.ink);
}

TEST_CASE("what no font here has is left out, not shown as a box", "[font_book]") {
    FontBook& book = FontBook::of_this_thread();
    const TextStyle style{30, false, {}, 0, 1};
    const double plain = book.set("Heat sink", "en", style).width();
    const std::string private_use = "\uE8F0", unassigned = "\U000E0FFF";
    for (const auto& text : {"Heat " + private_use + " sink", "Heat sink" + unassigned, private_use + " Heat sink " + private_use,
                             "Heat " + private_use + "\u200D" + private_use + "\uFE0F sink"}) {
        INFO(text);
        CHECK(book.set(text, "en", style).width() == Approx(plain).margin(0.01));
    }
    CHECK(book.set(private_use, "en", style).empty());
    // An emoji is a glyph or nothing: never wider than two characters.
    CHECK(book.set("Heat \U0001F525 sink", "en", style).width() < plain + 2.5 * 30);
    // With an ellipsis, too.
    CHECK(book.set("Die-cast heat sink " + private_use + private_use, "en", {30, false, {}, 120, 1}).width() <= 120);
}

TEST_CASE("Han characters take the forms of their language", "[font_book]") {
    // 直 and 骨 are among those that Unicode unifies and the countries write differently.
    const auto drawn = [](const std::string& language, const std::string& text) {
        Canvas canvas(200, 80);
        FontBook::of_this_thread().set(text, language, {60, false, {255, 255, 255}, 0, 1}).draw(canvas.cr(), 0, 0, TextAlign::left, 200);
        return std::vector<std::uint8_t>(canvas.pixels(), canvas.pixels() + static_cast<std::ptrdiff_t>(canvas.stride()) * 80);
    };
    for (const char* text : {"直", "骨"}) {
        CHECK(drawn("zh", text) != drawn("ja", text));
        CHECK(drawn("ja", text) == drawn("ja", text));
    }
    CHECK(drawn("zh", "一") == drawn("zh", "一"));
    CHECK(drawn("en", "LX-200") == drawn("ja", "LX-200"));
}

TEST_CASE("letters are kerned", "[font_book]") {
    FontBook& book = FontBook::of_this_thread();
    const TextStyle style{60, false, {}, 0, 1};
    CHECK(book.set("AVAVAV", "en", style).width() + 6 < 3 * (book.set("A", "en", style).width() + book.set("V", "en", style).width()));
}
