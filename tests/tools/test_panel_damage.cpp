// Which parts of the window are painted anew, on draw lists of ImGui's own that go nowhere.

#include <imgui.h>

#include <functional>

#include "tests/support/catch.h"
#include "tools/panel/damage.h"

using vitrine::panel::Damage;

namespace {

struct Canvas {
    Damage damage;
    Canvas() {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {1280, 720};
        unsigned char* pixels = nullptr;
        int w = 0, h = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &w, &h);
    }
    ~Canvas() { ImGui::DestroyContext(); }
    std::optional<std::vector<ImVec4>> frame(const std::function<void(ImDrawList&)>& draw, const std::vector<ImTextureID>& renewed = {}) {
        ImGui::GetIO().DeltaTime = 1.0f / 30;
        ImGui::NewFrame();
        draw(*ImGui::GetBackgroundDrawList());
        ImGui::Render();
        return damage.next(*ImGui::GetDrawData(), renewed);
    }
};

bool covers(const ImVec4& part, float x1, float y1, float x2, float y2) {
    return part.x <= x1 && part.y <= y1 && part.z >= x2 && part.w >= y2;
}
float area(const ImVec4& part) { return (part.z - part.x) * (part.w - part.y); }

const auto picture = (ImTextureID)7;

void scene(ImDrawList& list, float level, float u = 1) {
    list.AddRectFilled({0, 0}, {1280, 52}, IM_COL32(20, 20, 20, 255));
    list.AddImage(picture, {100, 100}, {500, 325}, {0, 0}, {u, 1});
    for (int i = 0; i < 20; ++i) list.AddRectFilled({600.f, 100.f + 20 * i}, {700.f, 110.f + 20 * i}, IM_COL32(90, 90, 90, 255));
    list.AddRectFilled({1000, 600}, {1000 + level, 610}, IM_COL32(0, 200, 0, 255));
}

}  // namespace

TEST_CASE("the first frame is painted whole, one like the one before not at all") {
    Canvas canvas;
    CHECK_FALSE(canvas.frame([](auto& l) { scene(l, 50); }).has_value());
    const auto again = canvas.frame([](auto& l) { scene(l, 50); });
    REQUIRE(again.has_value());
    CHECK(again->empty());
    canvas.damage.forget();
    CHECK_FALSE(canvas.frame([](auto& l) { scene(l, 50); }).has_value());
}

TEST_CASE("a picture with new pixels is painted where it lies, a meter where it has moved") {
    Canvas canvas;
    canvas.frame([](auto& l) { scene(l, 50); });
    const auto seen = canvas.frame([](auto& l) { scene(l, 50); }, {picture});
    REQUIRE(seen.has_value());
    REQUIRE(seen->size() == 1);
    CHECK(covers(seen->front(), 100, 100, 500, 325));
    CHECK(area(seen->front()) < 405 * 230);
    const auto moved = canvas.frame([](auto& l) { scene(l, 80); });
    REQUIRE(moved.has_value());
    REQUIRE(moved->size() == 1);
    CHECK(covers(moved->front(), 1050, 600, 1080, 610));
    CHECK(area(moved->front()) < 100 * 16);
    const auto two = canvas.frame([](auto& l) { scene(l, 20); }, {picture});
    REQUIRE(two.has_value());
    CHECK(two->size() == 2);
}

TEST_CASE("what is no longer drawn, or drawn with another shape, has the window painted whole; another cut of a picture its place") {
    Canvas canvas;
    canvas.frame([](auto& l) { scene(l, 50); });
    const auto cut = canvas.frame([](auto& l) { scene(l, 50, 0.5f); });
    REQUIRE(cut.has_value());
    REQUIRE(cut->size() == 1);
    CHECK(covers(cut->front(), 500, 100, 500, 325));
    CHECK_FALSE(canvas.frame([](auto& l) { l.AddRectFilled({0, 0}, {10, 10}, IM_COL32_WHITE); }).has_value());
}

TEST_CASE("many changes far apart become one part, so that the lists are not walked too often") {
    Canvas canvas;
    const auto draw = [](float dx) {
        return [dx](ImDrawList& l) {
            for (int i = 0; i < 200; ++i) {
                const float x = 20.f + 60 * (i % 20), y = 20.f + 60 * (i / 20);
                for (int pad = 0; pad < 10; ++pad) l.AddRectFilled({x, y}, {x + 4, y + 4}, IM_COL32_WHITE);
                l.AddRectFilled({x + 10 + dx, y}, {x + 14 + dx, y + 4}, IM_COL32_WHITE);
            }
        };
    };
    canvas.frame(draw(0));
    const auto parts = canvas.frame(draw(1));
    REQUIRE(parts.has_value());
    REQUIRE(parts->size() == 1);
    CHECK(covers(parts->front(), 31, 20, 1170, 564));
}
