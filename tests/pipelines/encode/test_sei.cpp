#include <algorithm>
#include <random>

#include "engine/scene_frame.h"
#include "pipelines/encode/annex_b.h"
#include "pipelines/encode/sei.h"
#include "tests/support/catch.h"

using namespace vitrine;
using Bytes = std::vector<std::uint8_t>;

namespace {

Bytes join(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

const Bytes aud{0, 0, 0, 1, 0x09, 0x10};
const Bytes sps{0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 0xda};
const Bytes pps{0, 0, 1, 0x68, 0xce, 0x3c, 0x80};
const Bytes idr_long{0, 0, 0, 1, 0x65, 0x88, 0x84, 0x21};
const Bytes idr_short{0, 0, 1, 0x65, 0x88, 0x84, 0x21};
const Bytes slice{0, 0, 1, 0x41, 0x9a, 0x02};

bool has_start_code_inside(const Bytes& nal) {
    for (std::size_t i = 4; i + 2 < nal.size(); ++i)
        if (nal[i] == 0 && nal[i + 1] == 0 && nal[i + 2] < 3) return true;
    return false;
}

/// The access unit as the encoder makes it.
Bytes with_scene(const Bytes& unit, const Bytes& cbor) {
    const auto at = static_cast<std::ptrdiff_t>(*sei_position(unit));
    Bytes out(unit.begin(), unit.begin() + at);
    const Bytes sei = make_scene_sei(cbor);
    out.insert(out.end(), sei.begin(), sei.end());
    out.insert(out.end(), unit.begin() + at, unit.end());
    return out;
}

}  // namespace

TEST_CASE("NAL units are found behind start codes of 3 and 4 bytes") {
    const Bytes unit = join({aud, sps, pps, idr_short, slice});
    NalReader reader(unit);
    std::vector<int> types;
    std::vector<std::size_t> starts;
    while (const auto nal = reader.next()) {
        types.push_back(nal->type());
        starts.push_back(nal->start);
    }
    CHECK(types == std::vector<int>{9, 7, 8, 5, 1});
    CHECK(starts == std::vector<std::size_t>{0, 6, 15, 22, 29});
}

TEST_CASE("the scene frame goes before the first slice, after parameter sets") {
    CHECK(sei_position(join({aud, sps, pps, idr_long})) == aud.size() + sps.size() + pps.size());
    CHECK(sei_position(join({aud, sps, pps, idr_short})) == aud.size() + sps.size() + pps.size());
    CHECK(sei_position(join({slice, slice})) == 0U);
    CHECK_FALSE(sei_position(join({aud, sps, pps})));
    CHECK_FALSE(sei_position({}));
    CHECK_FALSE(sei_position(Bytes{0, 0, 1}));
}

TEST_CASE("a scene frame message has the form of Annex D and comes back") {
    const Bytes cbor{0xa1, 0x00, 0x01};
    const Bytes nal = make_scene_sei(cbor);
    REQUIRE(nal.size() == 4 + 1 + 2 + 16 + 3 + 1);
    CHECK(nal[4] == 6);       // SEI
    CHECK(nal[5] == 5);       // user_data_unregistered
    CHECK(nal[6] == 16 + 3);  // size
    CHECK(std::equal(scene_frame_uuid.begin(), scene_frame_uuid.end(), nal.begin() + 7));
    CHECK(nal.back() == 0x80);
    CHECK(find_scene_sei(with_scene(join({aud, sps, pps, idr_long}), cbor)) == cbor);
    CHECK(find_scene_sei(with_scene(slice, {})) == Bytes{});
}

TEST_CASE("sizes around 255 and the limit come back") {
    for (const std::size_t size : {238U, 239U, 240U, 493U, 494U, 495U, 1024U}) {
        const Bytes cbor(size, 0x5a);
        CHECK(find_scene_sei(with_scene(idr_short, cbor)) == cbor);
    }
}

TEST_CASE("no payload can imitate a start code") {
    for (const Bytes& cbor :
         {Bytes(40, 0), Bytes{0, 0, 1, 0x65, 0, 0, 0, 1, 0x41}, Bytes{0, 0, 3, 0, 0, 3, 3, 0, 0}, Bytes{0, 0, 2, 1, 0, 0, 0}}) {
        CHECK_FALSE(has_start_code_inside(make_scene_sei(cbor)));
        CHECK(find_scene_sei(with_scene(join({sps, pps, idr_long}), cbor)) == cbor);
    }
}

TEST_CASE("random payloads survive and random streams are read without harm") {
    std::mt19937 random(20261122);
    std::uniform_int_distribution<int> size(0, 1024), any(0, 255), low(0, 4);
    for (int round = 0; round < 2000; ++round) {
        // Low values make zeros and start codes frequent.
        const bool dense = round % 2 == 0;
        Bytes cbor(static_cast<std::size_t>(size(random)));
        for (auto& byte : cbor) byte = static_cast<std::uint8_t>(dense ? low(random) : any(random));
        const Bytes unit = with_scene(join({aud, sps, pps, idr_long, slice}), cbor);
        REQUIRE_FALSE(has_start_code_inside(make_scene_sei(cbor)));
        REQUIRE(find_scene_sei(unit) == cbor);
        // The same bytes cut and flipped: whatever is found must not be more than was there.
        Bytes damaged(unit.begin(),
                      unit.begin() + std::uniform_int_distribution<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(unit.size()))(random));
        for (int flips = 0; flips < 4 && !damaged.empty(); ++flips)
            damaged[std::uniform_int_distribution<std::size_t>(0, damaged.size() - 1)(random)] = static_cast<std::uint8_t>(low(random));
        const auto found = find_scene_sei(damaged);
        REQUIRE((!found || found->size() <= damaged.size()));
    }
}

TEST_CASE("other SEI messages are passed over, damaged ones refused") {
    const Bytes cbor{1, 2, 3};
    const Bytes timing{0, 0, 0, 1, 0x06, 0x01, 0x02, 0xaa, 0xbb, 0x80};
    const Bytes other_user{0, 0, 1, 0x06, 0x05, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0x80};
    CHECK(find_scene_sei(join({timing, other_user, make_scene_sei(cbor), slice})) == cbor);
    CHECK_FALSE(find_scene_sei(join({timing, other_user, slice})));
    Bytes two_in_one = timing;
    two_in_one.pop_back();
    const Bytes ours = make_scene_sei(cbor);
    two_in_one.insert(two_in_one.end(), ours.begin() + 5, ours.end());
    CHECK(find_scene_sei(join({two_in_one, slice})) == cbor);
    Bytes too_long = make_scene_sei(cbor);
    too_long[6] = 200;
    CHECK_FALSE(find_scene_sei(join({too_long, slice})));
    // After the first slice no SEI of this picture may come.
    CHECK_FALSE(find_scene_sei(join({slice, make_scene_sei(cbor)})));
}
