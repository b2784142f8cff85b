// What the presenter works with during a show: the way through it, what stands on the product, what buyers want.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/buyers_desk.h"
#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

std::string planned(double minutes) {
    if (minutes <= 0) return {};
    const auto seconds = static_cast<int>(minutes * 60 + 0.5);
    char text[24];
    std::snprintf(text, sizeof text, "%d:%02d", seconds / 60, seconds % 60);
    return text;
}

/// The height it took.
float stop(const PanelState& state, std::size_t index, float x, float y, float width, Commands& commands) {
    const Kit& kit = *state.kit;
    const RundownItem& item = state.show.rundown[index];
    const ProductItem* product = state.show.find_product(item.product);
    const std::string name = product ? product->name : item.product;
    const bool pinned = !item.product.empty() && item.product == state.show.pinned;
    float points = 0;
    const float text_width = width - kit.px(36);
    if (pinned)
        for (const std::string& point : item.points) points += kit.measure(Type::body, point, text_width).y + kit.px(2);
    const float head = kit.px(44), height = head + (points > 0 ? points + kit.px(8) : 0);
    auto* list = ImGui::GetWindowDrawList();
    if (pinned) {
        const float radius = kit.px(static_cast<float>(look().shape.radius_control));
        list->AddRectFilled({x, y}, {x + width, y + height}, kit.color(kit.palette.accent, 0.14f), radius);
        list->AddRectFilled({x, y + kit.px(8)}, {x + kit.px(3), y + height - kit.px(8)}, kit.color(Tone::accent), kit.px(2));
    }
    const ButtonSpec pin = pin_button(state, item.product);
    const float button = pin_button_width(state, pin);
    const Area at{x + width - button - kit.px(6), y + kit.px(4), button, kit.px(36)};
    if (kit.button(at, pin)) commands.send(PinProduct{pinned ? "" : item.product});
    const std::string time = planned(item.minutes);
    const float time_width = time.empty() ? 0 : kit.measure(Type::body, time).x + kit.px(10);
    if (!time.empty()) kit.text(at.x - time_width, y + kit.px(14), Type::body, kit.color(Tone::ink_2), time);
    kit.content(x + kit.px(12), y + kit.px(14), Type::body, kit.color(Tone::ink), name, at.x - time_width - kit.px(8) - x - kit.px(12));
    if (pinned) {
        float line = y + head;
        for (const std::string& point : item.points) {
            list->AddCircleFilled({x + kit.px(17), line + kit.px(9)}, kit.px(2), kit.color(Tone::ink_2), 8);
            line += kit.paragraph(x + kit.px(26), line + kit.px(2), Type::body, kit.color(Tone::ink), point, text_width) + kit.px(2);
        }
    }
    return height + kit.px(2);
}

void rundown(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    Area in = titled_card(kit, area, state.say("rundown.title"));
    const std::string why = why_no_command(state);
    const ButtonSpec next{"next", state.say("rundown.next"), state.say("help.next"), why, "N", Icon::next};
    const ButtonSpec back{"previous", "", state.say("help.previous"), why, "B", Icon::previous};
    const float next_w = kit.button_width(next), back_w = kit.button_width(back);
    float x = area.x + area.w - next_w - kit.px(8);
    if (kit.button({x, area.y + kit.px(6), next_w, kit.px(36)}, next)) commands.send(StepRundown{1});
    x -= back_w + kit.px(6);
    if (kit.button({x, area.y + kit.px(6), back_w, kit.px(36)}, back)) commands.send(StepRundown{-1});
    in.x -= kit.px(8), in.w += kit.px(12), in.y += kit.px(10), in.h -= kit.px(10);
    if (state.show.rundown.empty()) return draw_nothing(kit, in, state.say("products.none"));
    scrolling(kit, "rundown", in, [&](float left, float first, float width) {
        float y = first;
        for (std::size_t i = 0; i < state.show.rundown.size(); ++i) y += stop(state, i, left, y, width, commands);
        return y - first;
    });
}

float section(const Kit& kit, float x, float y, float width, const std::string& title) {
    ImGui::GetWindowDrawList()->AddLine({x + kit.px(8), y + kit.px(4)}, {x + width - kit.px(8), y + kit.px(4)},
                                        kit.color(kit.palette.line));
    kit.text(x + kit.px(8), y + kit.px(12), Type::caption, kit.color(Tone::ink_2), title, width - kit.px(16));
    return kit.px(30);
}

/// The 3D model's controls; the height they took.
float model(const PanelState& state, const ProductItem& product, float x, float y, float width, Commands& commands) {
    const Kit& kit = *state.kit;
    const ModelItem& shown = *product.model;
    const float first = y, row = kit.px(36), pad = kit.px(8);
    y += section(kit, x, y, width, state.say("model.title"));
    std::string why = why_no_command(state);
    if (why.empty() && shown.usable == false) why = state.say("model.unusable");
    const float half = (width - pad) / 2;
    if (kit.toggle({x, y, half, row}, {"model", state.say("model.show"), state.say("help.model"), why}, shown.shown))
        commands.send(ShowModel{product.id, !shown.shown});
    const std::string hidden = why.empty() && !shown.shown ? state.say("model.hidden") : why;
    if (kit.toggle({x + half + pad, y, half, row}, {"x_ray", state.say("model.x_ray"), state.say("help.x_ray"), hidden}, shown.x_ray))
        commands.send(XRayModel{product.id, !shown.x_ray});
    y += row + kit.px(6);
    if (const auto to = kit.slider({x + pad, y, half - pad, kit.px(54)},
                                   {"explode", state.say("model.explode"), state.say("help.explode"), hidden}, shown.explode))
        if (hidden.empty()) commands.send(ExplodeModel{product.id, *to});
    if (const auto to =
            kit.slider({x + half + pad, y, half - pad, kit.px(54)},
                       {"section", state.say("model.section"), state.say("help.section"), hidden}, 1 - shown.section.value_or(1)))
        if (hidden.empty()) commands.send(SectionModel{product.id, *to <= 0 ? std::nullopt : std::optional(1 - *to)});
    y += kit.px(62);
    if (!shown.variants.empty()) {
        kit.text(x + pad, y, Type::caption, kit.color(Tone::ink_2), state.say("model.variant"), width - 2 * pad);
        y += kit.px(18);
        float at = x + pad;
        for (std::size_t i = 0; i <= shown.variants.size(); ++i) {
            const std::string name = i == 0 ? "" : shown.variants[i - 1];
            ButtonSpec spec{"variant:" + name, i == 0 ? state.say("model.as_is") : name, state.say("help.variant"), hidden};
            spec.selected = shown.variant == name;
            const float w = std::min(kit.button_width(spec), width - 2 * pad);
            if (at + w > x + width - pad && at > x + pad) at = x + pad, y += row + kit.px(4);
            if (kit.button({at, y, w, row}, spec)) commands.send(ChooseModelVariant{product.id, name});
            at += w + kit.px(6);
        }
        y += row + kit.px(6);
    }
    return y - first;
}

void on_product(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    Area in = titled_card(kit, area, state.say("on_product.title"));
    in.x -= kit.px(8), in.w += kit.px(12);
    const std::string why = why_no_command(state);
    scrolling(kit, "on_product", in, [&](float x, float first, float width) {
        const float row = kit.px(36), pad = kit.px(8), half = (width - pad) / 2;
        float y = first;
        const ProductItem* product = state.show.find_product(state.show.pinned);
        if (!product) {
            y += kit.paragraph(x + pad, y, Type::body, kit.color(Tone::ink_2), state.say("on_product.none"), width - 2 * pad) + pad;
        } else {
            if (kit.toggle({x, y, half, row}, {"card", state.say("on_product.card"), state.say("help.card"), why}, state.show.card))
                commands.send(ShowCard{!state.show.card});
            const std::string no_specs = why.empty() && product->specs == 0 ? state.say("on_product.no_specs") : why;
            if (kit.toggle({x + half + pad, y, half, row}, {"specs", state.say("on_product.specs"), state.say("help.specs"), no_specs},
                           state.show.specs))
                commands.send(ShowSpecs{!state.show.specs});
            y += row;
            const std::string no_badges = why.empty() && product->badges == 0 ? state.say("on_product.no_badges") : why;
            if (kit.toggle({x, y, half, row}, {"badges", state.say("on_product.badges"), state.say("help.badges"), no_badges},
                           state.show.badges))
                commands.send(ShowBadges{!state.show.badges});
            y += row;
            y += section(kit, x, y, width, state.say("on_product.callouts"));
            if (product->callouts.empty())
                y += kit.paragraph(x + pad, y, Type::body, kit.color(Tone::ink_2), state.say("on_product.no_callouts"), width - 2 * pad) +
                     pad;
            for (const CalloutItem& callout : product->callouts) {
                if (kit.toggle({x, y, width, row}, {"callout:" + callout.id, callout.text, state.say("help.callout"), why},
                               callout.visible))
                    commands.send(ShowCallout{callout.id, !callout.visible});
                y += row;
            }
            if (product->model) y += model(state, *product, x, y, width, commands);
        }
        if (!state.show.speakers.empty()) {
            y += section(kit, x, y, width, state.say("lower_third.title"));
            for (const SpeakerItem& speaker : state.show.speakers) {
                const bool on = speaker.id == state.show.speaker;
                if (kit.toggle({x, y, width, row}, {"speaker:" + speaker.id, speaker.name, state.say("help.lower_third"), why}, on))
                    commands.send(ShowLowerThird{on ? "" : speaker.id});
                y += row;
            }
        }
        return y - first;
    });
}

struct Waiting {
    std::string id, tab, who, what;
    Icon icon;
};

/// What is to be answered, the most pressing first: hands, questions, quotes, points.
std::vector<Waiting> waiting_list(const PanelState& state) {
    const desk::DeskView& desk = state.desk;
    std::vector<Waiting> list;
    for (const desk::Person* person : raised_hands(desk))
        list.push_back({person->id, "people", name_of(desk, person->id), state.say("inbox.hand"), Icon::hand});
    for (const desk::Quote* quote : quotes_by_value(desk))
        if (our_turn(*quote)) {
            const auto price = price_of(*quote);
            list.push_back({quote->id, "quotes", name_of(desk, quote->person),
                            count_text(quote->quantity) + (price ? " × " + money_text(*price) : "") + " · " + quote->product, Icon::money});
        }
    for (const desk::Message* message : question_queue(desk))
        if (message->answer.empty()) list.push_back({message->id, "questions", name_of(desk, message->person), message->text, Icon::chat});
    for (const desk::Point& point : desk.points)
        if (point.state == desk::PointState::open)
            list.push_back({point.id, "points", name_of(desk, point.person), point.note.empty() ? state.say("inbox.point") : point.note,
                            Icon::target});
    return list;
}

void inbox(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    Area in = titled_card(kit, area, state.say("inbox.title"));
    in.x -= kit.px(8), in.w += kit.px(12);
    const std::vector<Waiting> list = waiting_list(state);
    if (list.empty()) return draw_nothing(kit, in, state.say("inbox.none"));
    scrolling(kit, "inbox", in, [&](float x, float first, float width) {
        float y = first;
        for (const Waiting& item : list) {
            if (kit.row({x, y, width, kit.px(46)}, {"inbox:" + item.id, item.who, state.say("help.inbox")})) {
                commands.keep("buyers.tab", item.tab);
                commands.keep("buyers." + item.tab, item.id);
                commands.act(OpenPage{Page::buyers});
            }
            kit.icon(item.icon, x + kit.px(20), y + kit.px(23), kit.px(18), kit.color(Tone::info));
            kit.content(x + kit.px(40), y + kit.px(7), Type::caption, kit.color(Tone::ink_2), item.who, width - kit.px(48));
            kit.content(x + kit.px(40), y + kit.px(23), Type::body, kit.color(Tone::ink), item.what, width - kit.px(48));
            y += kit.px(48);
        }
        return y - first;
    });
}

}  // namespace

void show_page(const PanelState& state, const Area& area, Commands& commands) {
    const auto [first, second, third] = in_thirds(*state.kit, area);
    rundown(state, first, commands);
    on_product(state, second, commands);
    inbox(state, third, commands);
}

}  // namespace vitrine::panel::views
