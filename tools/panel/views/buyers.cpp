// The buyers' page: its tabs, what they share, and the queue of questions.

#include <algorithm>
#include <cmath>

#include "tools/panel/answer_templates.h"
#include "tools/panel/views/buyers_parts.h"

namespace vitrine::panel::views {
namespace {

struct Tab {
    std::string_view name;
    Icon icon;
    void (*draw)(const PanelState&, const Area&, const Area&, Commands&);
};

constexpr Tab tabs[] = {{"questions", Icon::chat, questions_tab},
                        {"quotes", Icon::money, quotes_tab},
                        {"points", Icon::target, points_tab},
                        {"people", Icon::people, people_tab},
                        {"invites", Icon::link, invites_tab},
                        {"orders", Icon::order, orders_tab},
                        {"poll", Icon::list, poll_tab}};

std::size_t waiting(const PanelState& state, std::string_view tab) {
    const desk::DeskView& desk = state.desk;
    const auto count = [](const auto& list, auto test) { return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), test)); };
    if (tab == "questions") return count(question_queue(desk), [](const desk::Message* m) { return m->answer.empty(); });
    if (tab == "quotes") return count(desk.quotes, our_turn);
    if (tab == "points") return count(desk.points, [](const desk::Point& p) { return p.state == desk::PointState::open; });
    if (tab == "people") return raised_hands(desk).size();
    return 0;
}

std::string id_of(const std::vector<const desk::Message*>& queue, const std::string& kept) {
    for (const desk::Message* message : queue)
        if (message->id == kept) return kept;
    return queue.empty() ? "" : queue.front()->id;
}

void priority(const PanelState& state, const desk::Message& message, Row& row, const std::string& why, Commands& commands) {
    const ButtonSpec more{"priority:more", "", state.say("help.priority.more"), why, "", Icon::plus};
    const ButtonSpec less{"priority:less", "", state.say("help.priority.less"), why, "", Icon::minus};
    const auto moderate = [&](int to) {
        desk::Moderate act;
        act.message = message.id;
        act.priority = std::clamp(to, -9, 9);
        commands.ask_desk(act);
    };
    if (row.button(less)) moderate(message.priority - 1);
    if (row.button(more)) moderate(message.priority + 1);
}

void question(const PanelState& state, const desk::Message& message, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::string why = why_no_command(state), draft = "answer:" + message.id;
    const About about(kit.hand, message.id);
    scrolling(kit, "question", area, [&](float x, float first, float width) {
        float y = first;
        kit.content(x, y, Type::caption, kit.color(Tone::ink_2), who_is(state, message.person), width);
        y += kit.px(20);
        y += kit.paragraph(x, y, Type::control, kit.color(Tone::ink), message.text, width) + kit.px(6);
        if (!message.answer.empty()) {
            kit.text(x, y, Type::caption, kit.color(Tone::ready), state.say("question.answered"), width);
            y += kit.px(18);
            y += kit.paragraph(x, y, Type::body, kit.color(Tone::ink_2), message.answer, width) + kit.px(8);
        }
        const std::string& typed = state.kept(draft);
        const bool is_private = state.kept("answer.private") == "1";
        const ButtonSpec send{"answer.send",
                              state.say("answer.send"),
                              state.say("help.answer.send"),
                              why_not_sent(state, draft, why, "answer.empty"),
                              "",
                              Icon::send,
                              Tone::accent};
        if (send_field(state, {x, y, width, kit.px(36)}, {draft, state.say("answer.hint"), state.say("help.answer"), send, why},
                       commands)) {
            const std::string& language = state.kept(draft + ":language");
            commands.ask_desk(desk::AnswerMessage{message.id, typed, language.empty() ? state.ui.language : language, is_private});
            commands.keep(draft, "");
            commands.keep(draft + ":language", "");
        }
        // It stays in sight while an answer is being typed, whatever else becomes more urgent.
        if (!typed.empty() && state.kept("buyers.questions") != message.id) commands.keep("buyers.questions", message.id);
        y += kit.px(42);
        Row row{kit, x, y, x + width};
        const auto offer = [&](const ButtonSpec& spec, const std::string& text, const std::string& language) {
            if (row.x + kit.button_width(spec) > x + width) row.x = x, row.y += kit.px(40);
            if (!row.button(spec)) return;
            if (const std::string& before = state.kept(draft); !before.empty())
                commands.kept_edits.push_back({"undo.template",
                                               "",
                                               {{draft, before}, {draft + ":language", state.kept(draft + ":language")}},
                                               {{draft, text}, {draft + ":language", language}}});
            commands.keep(draft, text);
            commands.keep(draft + ":language", language);
        };
        const std::string theirs = message.language.empty() ? "en" : message.language;
        for (const TemplateItem& each : state.show.templates) {
            const std::string& first = each.text.by_language.begin()->first;
            const std::string language = each.text.by_language.contains(theirs) ? theirs : first;
            offer({"own_template:" + each.id, each.id, state.say("help.template") + " " + each.text.in(state.ui.language), why},
                  each.text.in(language), language);
        }
        for (const AnswerTemplate& each : answer_templates()) {
            const std::string name(each.name);
            offer({"template:" + name, state.say("template." + name),
                   state.say("help.template") + " " + std::string(each.in(message.language)), why},
                  std::string(each.in(message.language)), theirs);
        }
        y = row.y + kit.px(42);
        Row more{kit, x, y, x + width};
        const ButtonSpec quiet{"answer.private", state.say("answer.private"), state.say("help.answer.private"), why};
        const float toggle_w = kit.measure(Type::body, quiet.label).x + kit.px(64);
        if (kit.toggle(more.place(toggle_w), quiet, is_private)) commands.keep("answer.private", is_private ? "0" : "1");
        priority(state, message, more, why, commands);
        ButtonSpec pin{
            "question.pin", state.say(message.pinned ? "question.unpin" : "question.pin"), state.say("help.question.pin"), why, "",
            Icon::pin};
        pin.selected = message.pinned;
        if (kit.button(more.place(kit.button_width(pin, {state.say("question.unpin"), state.say("question.pin")})), pin)) {
            desk::Moderate act;
            act.message = message.id;
            act.pinned = !message.pinned;
            commands.ask_desk(act);
        }
        if (more.button({"question.hide", state.say("question.hide"), state.say("help.question.hide"), why, "", Icon::mask})) {
            desk::Moderate act;
            act.message = message.id;
            act.state = desk::MessageState::hidden;
            commands.ask_desk(act);
        }
        return y + kit.px(40) - first;
    });
}

}  // namespace

std::string who_is(const PanelState& state, const std::string& person) {
    const auto found = state.desk.people.find(person);
    if (found == state.desk.people.end()) return person;
    const desk::Person& who = found->second;
    std::string words = who.name.empty() ? person : who.name;
    if (!who.company.empty()) words += ", " + who.company;
    if (!who.country.empty()) words += " · " + who.country;
    if (!who.language.empty()) words += " · " + who.language;
    return words;
}

void questions_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands) {
    const Kit& kit = *state.kit;
    const auto queue = question_queue(state.desk);
    if (queue.empty()) return draw_nothing(kit, {list.x, list.y, detail.x + detail.w - list.x, list.h}, state.say("questions.none"));
    const std::string chosen = id_of(queue, state.kept("buyers.questions"));
    scrolling(kit, "questions", list, [&](float x, float first, float width) {
        float y = first;
        for (const desk::Message* message : queue) {
            ListItem item{"question:" + message->id, name_of(state.desk, message->person), message->text, "", Icon::chat};
            item.done = !message->answer.empty();
            item.chosen = message->id == chosen;
            if (message->likes > 0) item.note = "+" + std::to_string(message->likes);
            if (message->priority > 0)
                item.note += (item.note.empty() ? "" : "  ") + std::string(static_cast<std::size_t>(std::min(message->priority, 3)), '!');
            if (item.done) item.note = state.say("question.answered");
            if (list_item(state, {x, y, width, kit.px(list_item_px - 2)}, item, state.say("help.question")))
                commands.keep("buyers.questions", message->id);
            y += kit.px(list_item_px);
        }
        return y - first;
    });
    for (const desk::Message* message : queue)
        if (message->id == chosen) question(state, *message, detail, commands);
}

void buyers(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    kit.card(area);
    std::size_t here = 0;
    std::vector<ButtonSpec> specs;
    for (std::size_t i = 0; i < std::size(tabs); ++i) {
        const std::string name(tabs[i].name);
        if (state.kept("buyers.tab") == name) here = i;
        const std::size_t count = waiting(state, name);
        specs.push_back({"tab:" + name, state.say("tab." + name) + (count > 0 ? "  " + std::to_string(count) : ""),
                         state.say("help.tab." + name), "", "", tabs[i].icon});
    }
    const float pad = kit.px(8);
    if (const auto pressed = kit.choice({area.x + pad, area.y + pad, area.w - 2 * pad, kit.px(36)}, specs, here))
        commands.keep("buyers.tab", std::string(tabs[*pressed].name));
    const float top = area.y + kit.px(54), height = area.y + area.h - pad - top;
    const float list = std::floor((area.w - 3 * pad) * 0.4f);
    ImGui::GetWindowDrawList()->AddLine({area.x + list + 1.5f * pad, top}, {area.x + list + 1.5f * pad, top + height},
                                        kit.color(kit.palette.line));
    tabs[here].draw(state, {area.x + pad, top, list, height}, {area.x + list + 3 * pad, top, area.w - list - 4 * pad, height}, commands);
}

}  // namespace vitrine::panel::views
