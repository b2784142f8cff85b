#include "engine/desk/shown_name.h"

#include "tests/support/catch.h"

namespace vitrine::test {

using desk::shown_name;

TEST_CASE("other buyers see of a name what the presenter chose", "[desk]") {
    const std::string ana = "Ana Maria Lima Souza";
    CHECK(shown_name(ana, NamesShown::first) == "Ana");
    CHECK(shown_name(ana, NamesShown::full) == ana);
    CHECK(shown_name(ana, NamesShown::none).empty());
    CHECK(shown_name("", NamesShown::first).empty());
    CHECK(shown_name("  Omar", NamesShown::first) == "Omar");
    CHECK(shown_name("Lima,Ana", NamesShown::first) == "Lima");
    CHECK(shown_name("ana.lima@casa.example", NamesShown::first) == "ana.lima");
    CHECK(shown_name("\xc3\x89lise\xc2\xa0Roux", NamesShown::first) == "\xc3\x89lise");
    // Names that are written in one word say everything at once: their first letter has to do.
    CHECK(shown_name("王小明", NamesShown::first) == "王**");
    CHECK(shown_name("王 小明", NamesShown::first) == "王");
    CHECK(shown_name("山田\xe3\x80\x80太郎", NamesShown::first) == "山**");
    CHECK(shown_name("김민준", NamesShown::first) == "김**");
    CHECK(shown_name("王", NamesShown::first) == "王");
}

}  // namespace vitrine::test
