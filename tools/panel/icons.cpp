// The panel's icons: one outline set, one stroke weight (1.6 px in a 16 px box).

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "tools/panel/kit.h"

namespace vitrine::panel {

void Kit::icon(Icon which, float cx, float cy, float size, ImU32 ink) const {
    auto* list = ImGui::GetWindowDrawList();
    const float u = size / 16, stroke = std::max(1.0f, 1.6f * u);
    const auto at = [&](float x, float y) { return ImVec2{cx + (x - 8) * u, cy + (y - 8) * u}; };
    const auto line = [&](float x0, float y0, float x1, float y1) { list->AddLine(at(x0, y0), at(x1, y1), ink, stroke); };
    const auto path = [&](std::initializer_list<ImVec2> points, bool closed) {
        for (const ImVec2& p : points) list->PathLineTo(at(p.x, p.y));
        list->PathStroke(ink, closed ? ImDrawFlags_Closed : ImDrawFlags_None, stroke);
    };
    const auto arc = [&](float x, float y, float r, float from, float to) {
        list->PathArcTo(at(x, y), r * u, from, to, 16);
        list->PathStroke(ink, ImDrawFlags_None, stroke);
    };
    constexpr float pi = 3.14159265f;
    switch (which) {
        case Icon::none:
            break;
        case Icon::warning:
            path({{8, 2}, {14.5f, 13.5f}, {1.5f, 13.5f}}, true);
            line(8, 6.5f, 8, 9.8f);
            list->AddCircleFilled(at(8, 11.7f), stroke * 0.6f, ink, 8);
            break;
        case Icon::moon:  // two circles, 4.24 apart; the angles are where they cross
            list->PathArcTo(at(7.5f, 8.5f), 6 * u, 0.180f, 4.533f, 24);
            list->PathArcTo(at(10.5f, 5.5f), 5 * u, 3.761f, 0.951f, 20);
            list->PathStroke(ink, ImDrawFlags_Closed, stroke);
            break;
        case Icon::sun:
            list->AddCircle(at(8, 8), 3 * u, ink, 20, stroke);
            for (int i = 0; i < 8; ++i) {
                const float a = static_cast<float>(i) * pi / 4, c = std::cos(a), s = std::sin(a);
                line(8 + 5 * c, 8 + 5 * s, 8 + 6.8f * c, 8 + 6.8f * s);
            }
            break;
        case Icon::sound:
        case Icon::sound_off:
            path({{1.5f, 6}, {4, 6}, {7.5f, 3}, {7.5f, 13}, {4, 10}, {1.5f, 10}}, true);
            if (which == Icon::sound) {
                arc(8, 8, 3.2f, -0.3f * pi, 0.3f * pi);
                arc(8, 8, 6, -0.3f * pi, 0.3f * pi);
            } else {
                line(10.5f, 6, 14.5f, 10);
                line(14.5f, 6, 10.5f, 10);
            }
            break;
        case Icon::pin:
            path({{5, 2}, {11, 2}, {10, 7}, {12.5f, 9.5f}, {3.5f, 9.5f}, {6, 7}}, true);
            line(8, 9.5f, 8, 14.5f);
            break;
        case Icon::copy:
            list->AddRect(at(5.5f, 5.5f), at(14, 14), ink, 1.5f * u, 0, stroke);
            path({{3.2f, 10.5f}, {2, 10.5f}, {2, 2}, {10.5f, 2}, {10.5f, 3.2f}}, false);
            break;
        case Icon::people:
            list->AddCircle(at(6, 5.5f), 2.6f * u, ink, 20, stroke);
            arc(6, 13.5f, 4.4f, pi, 2 * pi);
            arc(10.6f, 5.5f, 2.4f, -0.5f * pi, 0.45f * pi);
            arc(10.8f, 13.5f, 4.2f, 1.55f * pi, 2 * pi);
            break;
        case Icon::play:
            path({{4.5f, 2.5f}, {13, 8}, {4.5f, 13.5f}}, true);
            break;
        case Icon::pause:
            line(5.5f, 3, 5.5f, 13);
            line(10.5f, 3, 10.5f, 13);
            break;
        case Icon::stop:
            list->AddRect(at(3, 3), at(13, 13), ink, 1.5f * u, 0, stroke);
            break;
        case Icon::flag:
            line(3.5f, 2, 3.5f, 14.5f);
            path({{3.5f, 2.5f}, {12.5f, 2.5f}, {10.5f, 5.5f}, {12.5f, 8.5f}, {3.5f, 8.5f}}, false);
            break;
        case Icon::camera:
            list->AddRect(at(1.5f, 4), at(10.5f, 12), ink, 1.5f * u, 0, stroke);
            path({{10.5f, 7}, {14.5f, 4.5f}, {14.5f, 11.5f}, {10.5f, 9}}, false);
            break;
        case Icon::link:
            arc(5.2f, 8, 3, 0.5f * pi, 1.5f * pi);
            arc(10.8f, 8, 3, -0.5f * pi, 0.5f * pi);
            line(5.2f, 5, 6.8f, 5);
            line(5.2f, 11, 6.8f, 11);
            line(9.2f, 5, 10.8f, 5);
            line(9.2f, 11, 10.8f, 11);
            line(5.5f, 8, 10.5f, 8);
            break;
        case Icon::shield:
            path({{8, 1.5f}, {13.5f, 3.5f}, {13.5f, 8}, {11.5f, 12}, {8, 14.5f}, {4.5f, 12}, {2.5f, 8}, {2.5f, 3.5f}}, true);
            break;
        case Icon::screens:
            list->AddRect(at(1.5f, 2.5f), at(14.5f, 11), ink, 1.5f * u, 0, stroke);
            line(5, 13.8f, 11, 13.8f);
            line(8, 11, 8, 13.8f);
            break;
        case Icon::box:
            path({{8, 1.5f}, {14, 4.5f}, {14, 11.5f}, {8, 14.5f}, {2, 11.5f}, {2, 4.5f}}, true);
            path({{2, 4.5f}, {8, 7.5f}, {14, 4.5f}}, false);
            line(8, 7.5f, 8, 14.5f);
            break;
        case Icon::cube:
            path({{8, 2}, {13, 5}, {13, 11}, {8, 14}, {3, 11}, {3, 5}}, true);
            path({{3, 5}, {8, 8}, {13, 5}}, false);
            line(8, 8, 8, 14);
            break;
        case Icon::mask:
            path({{1.5f, 8}, {4.5f, 4.5f}, {8, 3.5f}, {11.5f, 4.5f}, {14.5f, 8}, {11.5f, 11.5f}, {8, 12.5f}, {4.5f, 11.5f}}, true);
            list->AddCircle(at(8, 8), 2.2f * u, ink, 16, stroke);
            line(2.5f, 14, 13.5f, 2);
            break;
        case Icon::grid:
            for (const float x : {2.0f, 9.0f})
                for (const float y : {2.5f, 9.0f}) list->AddRect(at(x, y), at(x + 5, y + 4.5f), ink, u, 0, stroke);
            break;
        case Icon::mixer:
            for (const auto& [x, y] : {ImVec2{3.5f, 10}, {8, 5}, {12.5f, 8}}) {
                line(x, 2, x, y - 1.8f);
                line(x, y + 1.8f, x, 14);
                list->AddCircle(at(x, y), 1.8f * u, ink, 14, stroke);
            }
            break;
        case Icon::record:
            list->AddCircle(at(8, 8), 6 * u, ink, 24, stroke);
            list->AddCircleFilled(at(8, 8), 2.6f * u, ink, 16);
            break;
        case Icon::list:
            for (const float y : {4.0f, 8.0f, 12.0f}) {
                list->AddCircleFilled(at(2.5f, y), stroke * 0.7f, ink, 8);
                line(5.5f, y, 14, y);
            }
            break;
        case Icon::gear:
            list->AddCircle(at(8, 8), 2.3f * u, ink, 18, stroke);
            list->AddCircle(at(8, 8), 4.9f * u, ink, 24, stroke);
            for (int i = 0; i < 8; ++i) {
                const float a = (static_cast<float>(i) + 0.5f) * pi / 4, c = std::cos(a), s = std::sin(a);
                line(8 + 5 * c, 8 + 5 * s, 8 + 6.8f * c, 8 + 6.8f * s);
            }
            break;
        case Icon::help:
            list->AddCircle(at(8, 8), 6.5f * u, ink, 24, stroke);
            arc(8, 6.4f, 2, -pi, 0.4f * pi);
            line(8.4f, 8.2f, 8, 9.8f);
            list->AddCircleFilled(at(8, 11.8f), stroke * 0.6f, ink, 8);
            break;
        case Icon::next:
            path({{3, 3}, {9, 8}, {3, 13}}, true);
            line(12.5f, 3, 12.5f, 13);
            break;
        case Icon::previous:
            path({{13, 3}, {7, 8}, {13, 13}}, true);
            line(3.5f, 3, 3.5f, 13);
            break;
        case Icon::chat:
            path({{2, 3}, {14, 3}, {14, 11}, {7, 11}, {4, 14}, {4, 11}, {2, 11}}, true);
            break;
        case Icon::hand:
            path({{4, 8}, {4, 4.5f}}, false);
            path({{6.7f, 7.5f}, {6.7f, 2.5f}}, false);
            path({{9.4f, 7.5f}, {9.4f, 3}}, false);
            path({{12, 8}, {12, 5}}, false);
            path({{4, 7.5f}, {4, 10.5f}, {6, 14}, {10.5f, 14}, {12, 11}, {12, 8}}, false);
            break;
        case Icon::target:
            list->AddCircle(at(8, 8), 5 * u, ink, 24, stroke);
            list->AddCircleFilled(at(8, 8), 1.5f * u, ink, 12);
            line(8, 1, 8, 4);
            line(8, 12, 8, 15);
            line(1, 8, 4, 8);
            line(12, 8, 15, 8);
            break;
        case Icon::money:
            list->AddRect(at(1.5f, 4), at(14.5f, 12), ink, 1.5f * u, 0, stroke);
            list->AddCircle(at(8, 8), 2 * u, ink, 16, stroke);
            line(4, 8, 4.2f, 8);
            line(11.8f, 8, 12, 8);
            break;
        case Icon::check:
            path({{2.5f, 8.5f}, {6.5f, 12.5f}, {13.5f, 4}}, false);
            break;
        case Icon::cross:
            line(3.5f, 3.5f, 12.5f, 12.5f);
            line(12.5f, 3.5f, 3.5f, 12.5f);
            break;
        case Icon::plus:
            line(8, 3, 8, 13);
            line(3, 8, 13, 8);
            break;
        case Icon::minus:
            line(3, 8, 13, 8);
            break;
        case Icon::trash:
            line(2.5f, 4, 13.5f, 4);
            line(6, 4, 6.3f, 2);
            line(10, 4, 9.7f, 2);
            line(6.3f, 2, 9.7f, 2);
            path({{4, 4}, {4.7f, 14}, {11.3f, 14}, {12, 4}}, false);
            line(8, 6.5f, 8, 11.5f);
            break;
        case Icon::search:
            list->AddCircle(at(6.8f, 6.8f), 4.6f * u, ink, 20, stroke);
            line(10.2f, 10.2f, 14, 14);
            break;
        case Icon::clock:
            list->AddCircle(at(8, 8), 6.3f * u, ink, 24, stroke);
            path({{8, 4}, {8, 8}, {11, 9.5f}}, false);
            break;
        case Icon::send:
            path({{2, 8}, {14, 2.5f}, {10.5f, 13.5f}, {7.5f, 9}}, true);
            line(7.5f, 9, 14, 2.5f);
            break;
        case Icon::door:
            path({{9, 2}, {3, 2}, {3, 14}, {9, 14}}, false);
            line(7, 8, 14, 8);
            path({{11.5f, 5.5f}, {14, 8}, {11.5f, 10.5f}}, false);
            break;
        case Icon::heart:
            path({{8, 13.5f}, {2.5f, 8}, {2.3f, 5}, {4.5f, 3}, {6.6f, 3.4f}, {8, 5.2f}, {9.4f, 3.4f}, {11.5f, 3}, {13.7f, 5}, {13.5f, 8}},
                 true);
            break;
        case Icon::order:
            path({{3, 1.5f}, {10, 1.5f}, {13, 4.5f}, {13, 14.5f}, {3, 14.5f}}, true);
            line(5.5f, 7, 10.5f, 7);
            line(5.5f, 10.5f, 10.5f, 10.5f);
            break;
        case Icon::undo:
            path({{5.5f, 2}, {2, 5.5f}, {5.5f, 9}}, false);
            line(2, 5.5f, 10, 5.5f);
            arc(10, 9.5f, 4, -pi / 2, pi / 2);
            line(10, 13.5f, 5, 13.5f);
            break;
        case Icon::redo:
            path({{10.5f, 2}, {14, 5.5f}, {10.5f, 9}}, false);
            line(14, 5.5f, 6, 5.5f);
            arc(6, 9.5f, 4, pi / 2, pi * 1.5f);
            line(6, 13.5f, 11, 13.5f);
            break;
    }
}

}  // namespace vitrine::panel
