#include "overlays/painting/picture_place.h"

#include <cmath>

#include "tests/support/catch.h"

using namespace vitrine;

namespace {

constexpr LabelRect at_end{880, 40, 360, 600}, at_start{40, 40, 360, 600};

LabelRect product_at(int x) { return {x, 250, 240, 160}; }

}  // namespace

TEST_CASE("a product that swings from side to side is behind the card for an instant only, and the card moves once per crossing",
          "[painting]") {
    CardSide card;
    int covered = 0, frames = 0, moves = 0;
    bool was = true;
    for (int i = 0; i < 30 * 60; ++i) {  // a minute, one swing in eight seconds over the whole picture
        const int x = 520 + static_cast<int>(std::lround(430 * std::sin(i / 30.0 * 2 * 3.14159265 / 8)));
        const LabelRect product = product_at(x);
        const auto [end, opacity] = card.next(product, at_end, at_start, true);
        if (i > 0 && end != was) ++moves;
        was = end;
        ++frames;
        if (opacity > 100 && shared_area(product, end ? at_end : at_start) * 8 > 240 * 160) ++covered;
    }
    CHECK(covered < frames / 12);
    CHECK(moves >= 14);
    CHECK(moves <= 16);  // two crossings a swing, seven and a half swings
}

TEST_CASE("the card stays where it is for a product that trembles at its edge, and when neither side is free", "[painting]") {
    CardSide card;
    for (int i = 0; i < 600; ++i) {
        const auto [end, opacity] = card.next(product_at(880 - 240 + 20 + (i % 3)), at_end, at_start, true);  // a twelfth behind it
        CHECK(end);
        CHECK(opacity == 255);
    }
    CardSide wide;
    for (int i = 0; i < 600; ++i) CHECK(wide.next(LabelRect{0, 0, 1280, 720}, at_end, at_start, true).first);
}

TEST_CASE("the card goes home after three quiet seconds", "[painting]") {
    CardSide card;
    for (int i = 0; i < 30; ++i) card.next(product_at(900), at_end, at_start, true);
    CHECK_FALSE(card.next(product_at(900), at_end, at_start, true).first);
    int gone = 0;
    while (!card.next(product_at(500), at_end, at_start, true).first) ++gone;
    CHECK(gone >= 88);
    CHECK(gone <= 100);
}
