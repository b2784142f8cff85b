#pragma once
// A desk with people at it, for the tests of its rules. The test says what time it is.

#include "engine/desk/desk.h"
#include "engine/desk/record_json.h"
#include "tests/support/catch.h"

namespace vitrine::test {

inline ShowConfig desk_show() {
    ShowConfig show;
    show.title.by_language = {{"en", "Spring"}};
    ProductConfig lamp;
    lamp.id = "LX-200";
    lamp.name.by_language = {{"en", "Downlight"}};
    lamp.target = TargetConfig{};
    lamp.prices = {{100, 5.10, "USD"}, {500, 4.20, "USD"}, {100, 4.60, "USD", "partner"}};
    ProductConfig panel;
    panel.id = "LX-310";
    panel.name.by_language = {{"en", "Panel"}};
    panel.prices = {{1000, 900, "JPY"}, {5000, 0.035, "USD"}};
    panel.moq_negotiable = false;
    show.products = {lamp, panel};
    return show;
}

struct DeskTable {
    explicit DeskTable(ShowConfig show = desk_show()) : desk(std::make_shared<const ShowConfig>(std::move(show))) {}

    desk::Desk desk;
    std::int64_t now = 1'800'000'000'000'000;
    std::vector<desk::Record> kept;

    /// Decides and applies, as a show does.
    Result<desk::ActResult> act(const desk::Act& act, const desk::Actor& actor = {desk::Role::presenter, {}, {}}) {
        now += 1000;
        auto decided = desk.decide(act, actor, now);
        if (!decided) return tl::unexpected<Error>(decided.error());
        take(decided->records);
        return decided->result;
    }
    void take(const std::vector<desk::Record>& records) {
        for (const desk::Record& record : records) {
            desk.apply(record);
            kept.push_back(record);
        }
    }
    ErrorKind kind(const desk::Act& a, const desk::Actor& actor = {desk::Role::presenter, {}, {}}) {
        const auto result = act(a, actor);
        REQUIRE_FALSE(result);
        CHECK(result.error().message.back() == '.');
        CHECK(result.error().message.size() < 120);
        return result.error().kind;
    }
    desk::Actor join(const std::string& name, desk::MakeInvite invite = {}) {
        invite.name = name;
        const auto made = act(invite).value();
        const auto arrived = desk.decide_arrival({made.id, "seat-" + name, "hash-" + name, "en", {}}, now);
        REQUIRE(arrived);
        take(arrived->records);
        return {invite.role, desk.invite(made.id)->person, {}};
    }
};

}  // namespace vitrine::test
