#include "overlays/painting/ticker.h"

#include "overlays/painting/painter.h"
#include "tests/overlays/painting/sample_picture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::painting_test;

namespace {

desk::Order order(const std::string& id) {
    desk::Order o;
    o.id = id;
    o.place = "São Paulo";
    o.buyer = "Ana Lima";
    o.slot = "14:30";
    o.state = desk::OrderState::confirmed;
    return o;
}

/// Without the marks that keep writing directions apart.
std::string plain(std::string text) {
    for (const std::string mark : {"\u2068", "\u2069"})
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.erase(at, mark.size());
    return text;
}

std::vector<std::uint8_t> painted(Painter& painter, const std::vector<desk::Order>& orders, bool shown, std::int64_t capture_us) {
    VideoFrame frame(640, 360);
    draw_background(frame, false, 0.2, 0.2, 0.2, 0.2);
    Snapshot snapshot;
    snapshot.ticker = shown;
    auto view = std::make_shared<desk::DeskView>();
    view->orders = orders;
    snapshot.desk = view;
    SceneFrame scene;
    scene.capture_utc_us = capture_us;
    painter.paint(frame.view(), scene, snapshot);
    return bytes_of(frame);
}

}  // namespace

TEST_CASE("an order says its buyer's name only when it may", "[ticker]") {
    desk::Order o = order("48291");
    CHECK(plain(order_line(o, "en")) == "#48291 · São Paulo · confirmed · slot 14:30");
    CHECK(plain(order_line(o, "zh")) == "#48291 · São Paulo · 已确认 · 时段 14:30");
    o.name_allowed = true;
    CHECK(plain(order_line(o, "en")) == "#48291 · Ana Lima · São Paulo · confirmed · slot 14:30");
    o.slot.clear();
    o.place.clear();
    o.buyer.clear();
    CHECK(plain(order_line(o, "en")) == "#48291 · confirmed");
}

TEST_CASE("orders take turns; the ticker comes and goes, and costs nothing while it stands", "[ticker]") {
    CHECK(ticker_turn(0, 0) == 0);
    CHECK(ticker_turn(5'999'999, 3) == 0);
    CHECK(ticker_turn(6'000'000, 3) == 1);
    CHECK(ticker_turn(18'000'000, 3) == 0);
    CHECK(ticker_turn(-1, 3) < 3);

    Painter painter(sample_show({"en", "zh"}));
    const std::vector<desk::Order> orders{order("1"), order("2")};
    const auto without = painted(painter, orders, false, 0);
    std::vector<std::uint8_t> first;
    for (int i = 0; i < 8; ++i) first = painted(painter, orders, true, 0);
    CHECK(first != without);
    const auto rendered = painter.sprites_rendered();
    CHECK(painted(painter, orders, true, 1'000'000) == first);
    CHECK(painter.sprites_rendered() == rendered);
    std::vector<std::uint8_t> second;
    for (int i = 0; i < 14; ++i) second = painted(painter, orders, true, 6'000'000);
    CHECK(second != first);
    CHECK(second != without);
    std::vector<std::uint8_t> off;
    for (int i = 0; i < 8; ++i) off = painted(painter, orders, false, 6'000'000);
    CHECK(off == without);
    CHECK(painted(painter, {}, true, 0) == without);
}
