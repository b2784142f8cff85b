// The panel's icons: one outline set, one stroke weight (1.6 px in a 16 px box).

#include <cmath>

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
    }
}

}  // namespace vitrine::panel
