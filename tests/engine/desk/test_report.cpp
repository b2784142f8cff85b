#include "engine/desk/report.h"

#include <cstdlib>
#include <fstream>

#include "engine/desk/report_figures.h"
#include "tests/engine/desk/desk_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::desk;

namespace {

Happening at(int minute, std::string kind, std::string what, std::string more = "") {
    return {test::show_start_us + std::int64_t{minute} * 60'000'000, std::move(kind), std::move(what), std::move(more)};
}

std::vector<Record> half_an_hour() {
    std::vector<Record> all{test::person("p1", "Ana Lima", "Luz & Cia", "BR", "pt", 0), test::person("p2", "Omar", "Noor", "AE", "ar", 5),
                            test::person("p3", "王小明", "", "", "zh", 5)};
    Person helper = test::person("h1", "Li", "", "", "zh", 0);
    helper.role = Role::helper;
    all.push_back(helper);
    for (const Happening& e : {at(-10, "came", "p1", "s1"), at(-9, "came", "h1", "s9"), at(0, "session", "live"), at(2, "pinned", "LX-200"),
                               at(5, "came", "p2", "s2"), at(6, "came", "p2", "s3"), at(10, "came", "p3", "s4"), at(12, "pinned", "LX-310"),
                               at(12, "chapter", "Panels"), at(14, "session", "paused"), at(16, "session", "live"),
                               at(18, "went", "p2", "s2"), at(20, "went", "p2", "s3"), at(22, "pinned", ""), at(30, "session", "ended"),
                               at(31, "went", "p1", "s1"), at(31, "went", "p3", "s4")})
        all.push_back(e);
    Message question;
    question.id = "m1";
    question.person = "p2";
    question.kind = MessageKind::question;
    question.text = "Is <IP65> possible?";
    question.moment.product = "LX-200";
    question.made_us = test::show_start_us + 60'000'000;
    all.push_back(question);
    Message answered = question;
    answered.id = "m2";
    answered.answer = "Yes";
    answered.answered_us = question.made_us + 1;
    answered.state = MessageState::answered;
    all.push_back(answered);
    Quote a = test::quote("q1", "Q-0001", "p1", 2000, 380, "USD"), b = test::quote("q2", "Q-0002", "p2", 500, 400, "USD"),
          c = test::quote("q3", "Q-0003", "p3", 100, 500, "EUR"), d = test::quote("q4", "Q-0004", "p1", 9, 1, "USD");
    b.state = QuoteState::accepted;
    c.state = QuoteState::countered;
    c.rounds.push_back({Role::presenter, c.made_us, 120, Money{45000, "EUR"}, "", ""});
    d.state = QuoteState::withdrawn;
    for (const Quote& q : {a, b, c, d}) all.push_back(q);
    const auto minute = [](int n) { return test::show_start_us + std::int64_t{n} * 60'000'000; };
    for (const Tally& t : std::vector<Tally>{{minute(-5), "LX-200", "heart", 1},
                                             {minute(3), "LX-200", "heart", 7},
                                             {minute(3), "LX-200", "hand", 2},
                                             {minute(3), "LX-200", "heart", 9},  // as it is later in that minute
                                             {minute(13), "LX-310", "clap", 12},
                                             {minute(25), "", "heart", 3}})
        all.push_back(t);
    return all;
}

}  // namespace

TEST_CASE("the report's figures are those of the records", "[report]") {
    const ReportFigures f = report_figures(history_of(half_an_hour()), test::show_start_us + std::int64_t{60} * 60'000'000);
    const auto minutes = [](std::int64_t us) { return static_cast<double>(us) / 60e6; };
    CHECK(minutes(f.live_us) == Approx(28));
    CHECK(minutes(f.ended_us - f.started_us) == Approx(30));
    CHECK(f.people == 3);
    CHECK(f.peak == 3);  // two devices of one person are one
    CHECK(minutes(f.mean_stay_us) == Approx((41 + 13 + 14 + 21) / 3.0));
    REQUIRE(f.attendance.size() == 4);
    CHECK(f.attendance[0].people == 1);
    CHECK(f.attendance[3].people == 2);
    const auto& downlight = f.products.at("LX-200");
    CHECK(minutes(downlight.on_air_us) == Approx(10));
    CHECK(downlight.mean_watching == Approx((3 * 1 + 5 * 2 + 2 * 3) / 10.0));
    CHECK(downlight.questions == 2);
    CHECK(downlight.quotes == 4);
    CHECK(downlight.quantity == 2000 + 500 + 120);
    CHECK(minutes(f.products.at("LX-310").on_air_us) == Approx(8));  // the pause does not count
    CHECK(f.unanswered == 1);
    CHECK(f.accepted == 1);
    CHECK(f.totals.at("USD").open_e4 == 2000 * 38000);
    CHECK(f.totals.at("USD").accepted_e4 == 500 * 40000);
    CHECK(f.totals.at("EUR").open_e4 == 120 * 45000);
    CHECK(f.hands == 2);
    CHECK(f.reactions == std::map<std::string, int>{{"clap", 12}, {"heart", 13}});
    CHECK(downlight.reactions == 10);
    CHECK(downlight.hands == 2);
    CHECK(f.products.at("LX-310").reactions == 12);
    REQUIRE(f.liveliness.size() == 4);
    CHECK(f.liveliness[1].at_us == test::show_start_us + std::int64_t{3} * 60'000'000);
    CHECK(f.liveliness[1].count == 11);
    CHECK(f.countries == std::map<std::string, int>{{"", 1}, {"AE", 1}, {"BR", 1}});
    REQUIRE(f.chapters.size() == 1);
}

TEST_CASE("a show that was killed and came back is one show; an earlier one is not counted", "[report]") {
    std::vector<Record> records{test::person("p1", "Ana", "", "BR", "pt", -200)};
    for (const Happening& e :
         {at(-200, "session", "live"), at(-190, "session", "ended"), at(0, "session", "live"), at(1, "came", "p1", "s1"),
          at(10, "scene", "bench"), at(11, "session", "ready"), at(11, "session", "live"), at(12, "came", "p1", "s1")})
        records.push_back(e);
    Quote earlier = test::quote("q1", "Q-1", "p1", 10, 100, "USD");
    earlier.made_us = test::show_start_us - std::int64_t{195} * 60'000'000;
    records.push_back(earlier);
    records.emplace_back(Tally{earlier.made_us, "LX-200", "heart", 5});
    const ReportFigures f = report_figures(history_of(records), test::show_start_us + std::int64_t{20} * 60'000'000);
    CHECK(f.quotes == 0);
    CHECK(f.reactions.empty());
    CHECK(f.live_us == std::int64_t{10 + 9} * 60'000'000);
    CHECK(f.mean_stay_us == std::int64_t{9 + 8} * 60'000'000);
    CHECK(f.peak == 1);
}

TEST_CASE("the report is a page for people, in English and Chinese", "[report]") {
    const ShowConfig show = test::small_show();
    const History history = history_of(half_an_hour());
    for (const std::string language : {"en", "zh"}) {
        const PrintedPage page = report_page(history, show, {language, test::show_start_us + std::int64_t{60} * 60'000'000});
        if (const char* folder = std::getenv("VITRINE_PAGES"))
            std::ofstream(std::string(folder) + "/report-" + language + ".html") << page.html;
        const auto has = [&](std::string_view what) { return page.html.find(what) != std::string::npos; };
        CHECK(has(language == "zh" ? "直播总结" : "After the show"));
        CHECK(has("Is &lt;IP65&gt; possible?"));
        CHECK(has("USD\u00A07\u202F600.00"));
        CHECK(has("Luz &amp; Cia"));
        CHECK(has(language == "zh" ? "举手 2 次" : "2 raised hands"));
        CHECK(has("class=\"lively\""));
        CHECK_FALSE(has("<script"));
        CHECK_FALSE(has("style=\""));
        CHECK_FALSE(has("{n}"));
        CHECK_FALSE(has("{quote}"));
    }
    const PrintedPage empty = report_page({}, show, {"en", test::show_start_us});
    CHECK(empty.html.find("has not been on air") != std::string::npos);
}
