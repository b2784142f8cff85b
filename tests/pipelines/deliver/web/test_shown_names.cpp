// Whose name buyers read on messages and marks.

#include "pipelines/deliver/web/desk_feed.h"
#include "tests/support/catch.h"

namespace vitrine::test {

TEST_CASE("a name is told to other buyers as the presenter chose, wherever it stands", "[desk][feed]") {
    desk::DeskView view;
    desk::Person ana;
    ana.id = "ana";
    ana.name = "Ana Maria Lima Souza";
    ana.company = "Casa Souza";
    view.people["ana"] = ana;
    desk::Message message;
    message.id = "m1", message.person = "ana", message.text = "hello";
    desk::Point point;
    point.id = "p1", point.person = "ana", point.state = desk::PointState::shown;
    view.messages = {message};
    view.points = {point};
    const desk::Actor bo{desk::Role::buyer, "bo", ""}, hers{desk::Role::buyer, "ana", ""}, helper{desk::Role::helper, "hu", ""};
    const auto told = [&](web::DeskFeed& feed, const desk::Actor& viewer) {
        std::string all;
        const auto news = feed.news({message, point}, view, false);  // outlives what it hands out
        for (const auto& text : news.for_viewer(viewer)) all += *text;
        for (const auto& text : feed.whole(view, viewer, false)) all += *text;
        return all;
    };
    web::DeskFeed first;
    CHECK(told(first, bo).find("Souza") == std::string::npos);
    CHECK(told(first, bo).find("\"Ana\"") != std::string::npos);
    CHECK(told(first, hers).find("Ana Maria Lima Souza") != std::string::npos);
    CHECK(told(first, helper).find("Ana Maria Lima Souza") != std::string::npos);
    web::DeskFeed none(NamesShown::none), full(NamesShown::full);
    CHECK(told(none, bo).find("Ana") == std::string::npos);
    CHECK(told(full, bo).find("Ana Maria Lima Souza") != std::string::npos);
    CHECK(told(full, bo).find("Casa") == std::string::npos);
}

}  // namespace vitrine::test
