// The user guide with its chapters, and the ways to learn: key map, what-is-this.

#include <algorithm>
#include <cmath>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

void ways(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const Area in = titled_card(kit, area, state.say("help.title"));
    scrolling(kit, "ways", in, [&](float x, float first, float width) {
        float y = first;
        const float row = kit.px(36), gap = kit.px(8);
        if (kit.button({x, y, width, row}, {"keys", state.say("help.keys"), state.say("help.help.keys"), "", "K"}))
            commands.act(OpenOverlay{Overlay::keys});
        y += row + gap;
        ButtonSpec what{"explain_page", state.say("help.explain_word"), state.say("help.explain"), "", "?"};
        what.selected = state.ui.explain;
        if (kit.button({x, y, width, row}, what)) commands.act(Explain{!state.ui.explain});
        y += row + gap;
        return y - first;
    });
}

void chapter(const Kit& kit, const GuideChapter& chapter, float x, float& y, float width) {
    kit.text(x, y, Type::title, kit.color(Tone::ink), chapter.title, width);
    y += kit.px(34);
    for (const GuideBlock& block : chapter.blocks) {
        switch (block.kind) {
            case GuideBlock::Kind::heading:
                y += kit.px(6);
                y += kit.paragraph(x, y, Type::strong, kit.color(Tone::ink), block.text, width) + kit.px(4);
                break;
            case GuideBlock::Kind::item:
                ImGui::GetWindowDrawList()->AddCircleFilled({x + kit.px(6), y + kit.px(8)}, kit.px(2), kit.color(Tone::ink_2), 8);
                y += kit.paragraph(x + kit.px(16), y, Type::body, kit.color(Tone::ink), block.text, width - kit.px(16)) + kit.px(4);
                break;
            case GuideBlock::Kind::code: {
                const float h = kit.px(24);
                ImGui::GetWindowDrawList()->AddRectFilled({x, y}, {x + width, y + h}, kit.color(kit.palette.raised));
                kit.text(x + kit.px(8), y + kit.px(4), Type::body, kit.color(Tone::ink), block.text, width - kit.px(16));
                y += h;
                break;
            }
            default:
                y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink), block.text, width) + kit.px(8);
                break;
        }
    }
}

}  // namespace

void help(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8), first_w = std::floor(area.w * 0.22f), second_w = std::floor(area.w * 0.24f);
    ways(state, {area.x, area.y, first_w, area.h}, commands);
    const Area contents = titled_card(kit, {area.x + first_w + gap, area.y, second_w, area.h}, state.say("guide.contents"));
    const auto& guide = state.guide;
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < guide.size(); ++i)
        if (state.kept("guide.chapter") == std::to_string(i)) chosen = i;
    scrolling(kit, "contents", {contents.x - kit.px(8), contents.y, contents.w + kit.px(12), contents.h},
              [&](float x, float first, float width) {
                  float y = first;
                  for (std::size_t i = 0; i < guide.size(); ++i) {
                      ButtonSpec spec{"chapter:" + std::to_string(i), guide[i].title, state.say("help.guide.chapter")};
                      spec.selected = i == chosen;
                      if (kit.row({x, y, width, kit.px(36)}, spec)) commands.keep("guide.chapter", std::to_string(i));
                      kit.content(x + kit.px(12), y + kit.px(11), Type::body, kit.color(i == chosen ? Tone::ink : Tone::ink_2),
                                  guide[i].title, width - kit.px(20));
                      y += kit.px(38);
                  }
                  return y - first;
              });
    const float x = area.x + first_w + second_w + 2 * gap;
    const Area page = titled_card(kit, {x, area.y, area.x + area.w - x, area.h}, "");
    if (guide.empty()) return draw_nothing(kit, page, state.say("guide.none"));
    scrolling(kit, ("page" + std::to_string(chosen)).c_str(), page, [&](float left, float first, float width) {
        float y = first;
        chapter(kit, guide[chosen], left, y, std::min(width, kit.px(720)));
        return y - first + kit.px(8);
    });
}

}  // namespace vitrine::panel::views
