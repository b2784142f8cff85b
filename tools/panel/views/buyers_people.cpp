// Who is here, and the links that let people in.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/panel/links.h"
#include "tools/panel/qr_code.h"
#include "tools/panel/views/buyers_parts.h"

namespace vitrine::panel::views {
namespace {

void bars(const Kit& kit, float x, float y, int quality) {
    auto* list = ImGui::GetWindowDrawList();
    const Tone tone = quality >= 3 ? Tone::ready : quality >= 1 ? Tone::warn : Tone::ink_2;
    for (int i = 0; i < 4; ++i) {
        const float h = kit.px(4 + 4 * static_cast<float>(i)), left = x + kit.px(6) * static_cast<float>(i);
        list->AddRectFilled({left, y + kit.px(16) - h}, {left + kit.px(4), y + kit.px(16)},
                            i < quality ? kit.color(tone) : kit.color(kit.palette.line), kit.px(1));
    }
}

const desk::Presence& presence_of(const PanelState& state, const std::string& person) {
    static const desk::Presence none;
    const auto found = state.desk.presence.find(person);
    return found == state.desk.presence.end() ? none : found->second;
}

void person_detail(const PanelState& state, const desk::Person& person, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const desk::Presence& presence = presence_of(state, person.id);
    const std::string why = why_no_command(state);
    const About about(kit.hand, person.id);
    scrolling(kit, "person", area, [&](float x, float first, float width) {
        float y = first;
        kit.content(x, y, Type::strong, kit.color(Tone::ink), who_is(state, person.id), width);
        y += kit.px(24);
        char facts[128] = "";
        if (presence.rtt_ms > 0 || presence.fps > 0)
            std::snprintf(facts, sizeof facts, "%.0f ms · %.1f %% · %.0f fps", presence.rtt_ms, presence.loss * 100, presence.fps);
        const std::string delay =
            presence.delay_ms > 0 ? " · " + state.say("quality.delay", std::to_string(std::lround(presence.delay_ms))) : "";
        char megabits[32];
        std::snprintf(megabits, sizeof megabits, "%.1f", presence.path_kbps / 1000);
        const std::string path = presence.path_kbps > 0 && presence.fps <= 0 ? " · " + state.say("quality.path", megabits) : "";
        const std::string network =
            state.say("quality." + std::to_string(quality_bars(presence))) + (facts[0] ? std::string(" · ") + facts : "") + delay + path;
        bars(kit, x, y - kit.px(2), quality_bars(presence));
        kit.text(x + kit.px(32), y, Type::body, kit.color(Tone::ink_2), network, width - kit.px(32));
        y += kit.px(24);
        for (const std::string& each : {person.email, person.phone, person.group.empty() ? "" : state.say("person.group", person.group)})
            if (!each.empty()) {
                kit.content(x, y, Type::body, kit.color(Tone::ink_2), each, width);
                y += kit.px(20);
            }
        const auto asked = std::count_if(state.desk.messages.begin(), state.desk.messages.end(), [&](const desk::Message& m) {
            return m.person == person.id && m.kind == desk::MessageKind::question;
        });
        const auto quoted =
            std::count_if(state.desk.quotes.begin(), state.desk.quotes.end(), [&](const desk::Quote& q) { return q.person == person.id; });
        kit.text(x, y, Type::body, kit.color(Tone::ink_2),
                 state.say("person.questions", std::to_string(asked)) + " · " + state.say("person.quotes", std::to_string(quoted)), width);
        y += kit.px(28);
        const std::string draft = "word:" + person.id;
        const ButtonSpec send{
            "word.send", state.say("word.send"), state.say("help.word"), why_not_sent(state, draft, why, "answer.empty"), "", Icon::send};
        if (send_field(state, {x, y, width, kit.px(36)}, {draft, state.say("word.hint"), state.say("help.word"), send, why}, commands)) {
            desk::Say say;
            say.text = state.kept(draft);
            say.language = state.ui.language;
            say.to = person.id;
            say.is_private = true;
            commands.ask_desk(say);
            commands.keep(draft, "");
        }
        y += kit.px(44);
        Row row{kit, x, y, x + width};
        const std::string no_hand = why.empty() && !presence.hand ? state.say("hand.none") : why;
        if (row.button({"hand.lower", state.say("hand.lower"), state.say("help.hand.lower"), no_hand, "", Icon::hand}))
            commands.ask_desk(desk::RaiseHand{false, person.id});
        const std::string key = "end_person:" + person.id;
        const ButtonSpec end{"person.end", state.say("person.end"), state.say("help.person.end"), why, "", Icon::door};
        const Question sure_end{state.say("confirm.person.end"), key, state.say("ask.person.end", who_is(state, person.id))};
        if (asking_button(state, row.place(asking_width(state, end, sure_end)), end, sure_end, commands))
            commands.ask_desk(desk::EndSeat{person.id});
        return y + kit.px(40) - first;
    });
}

void draw_qr(const Kit& kit, const Area& area, const std::string& link) {
    const QrCode code = qr_code(link);
    if (code.size == 0) return;
    auto* list = ImGui::GetWindowDrawList();
    constexpr int quiet = 4;  // ISO/IEC 18004: four light modules around it, and dark on light whatever the theme
    const float module = std::max(1.0f, std::floor(std::min(area.w, area.h) / static_cast<float>(code.size + 2 * quiet)));
    const float side = module * static_cast<float>(code.size + 2 * quiet);
    list->AddRectFilled({area.x, area.y}, {area.x + side, area.y + side}, IM_COL32_WHITE, kit.px(4));
    for (int y = 0; y < code.size; ++y)
        for (int x = 0; x < code.size; ++x)
            if (code.dark[static_cast<std::size_t>(y * code.size + x)]) {
                const float left = area.x + module * static_cast<float>(x + quiet), top = area.y + module * static_cast<float>(y + quiet);
                list->AddRectFilled({left, top}, {left + module, top + module}, IM_COL32_BLACK);
            }
}

std::string invite_state(const PanelState& state, const desk::InviteRecord& invite) {
    if (invite.revoked_us > 0) return state.say("invite.revoked");
    if (!lets_in(invite, state.utc_us)) return state.say("invite.expired");
    return state.say(invite.role == desk::Role::helper                ? "invite.helper"
                     : invite.person.empty() && invite.max_people > 1 ? "invite.open"
                                                                      : "invite.good");
}

void make_invite(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const std::string why = why_no_command(state);
    scrolling(kit, "make_invite", area, [&](float x, float first, float width) {
        float y = first;
        const std::string& link = state.kept("invite.link");
        const float qr = link.empty() ? 0 : kit.px(150), room = width - (qr > 0 ? qr + kit.px(12) : 0),
                    half = std::floor((room - kit.px(8)) / 2);
        if (qr > 0) draw_qr(kit, {x + room + kit.px(12), y, qr, qr}, link);
        kept_field(state, {x, y, half, kit.px(36)}, "invite.name", state.say("invite.name"), state.say("help.invite.name"), commands, why);
        kept_field(state, {x + half + kit.px(8), y, half, kit.px(36)}, "invite.company", state.say("invite.company"),
                   state.say("help.invite.company"), commands, why);
        y += kit.px(42);
        std::vector<ButtonSpec> languages;
        std::size_t chosen = 0;
        for (const std::string& each : state.show.languages) {
            if (state.kept("invite.language") == each) chosen = languages.size();
            languages.push_back({"invite.language:" + each, each, state.say("help.invite.language"), why});
        }
        if (!languages.empty())
            if (const auto pressed = kit.choice({x, y, room, kit.px(36)}, languages, chosen))
                commands.keep("invite.language", state.show.languages[*pressed]);
        y += kit.px(42);
        const std::string kind = state.kept("invite.kind").empty() ? "one" : state.kept("invite.kind");
        std::vector<ButtonSpec> kinds;
        std::size_t at = 0;
        for (const char* each : {"one", "many", "helper"}) {
            if (kind == each) at = kinds.size();
            kinds.push_back({std::string("invite.kind:") + each, state.say(std::string("invite.kind.") + each),
                             state.say(std::string("help.invite.kind.") + each), why});
        }
        if (const auto pressed = kit.choice({x, y, room, kit.px(36)}, kinds, at))
            commands.keep("invite.kind", *pressed == 0 ? "one" : *pressed == 1 ? "many" : "helper");
        y += kit.px(42);
        Row row{kit, x, y, x + room};
        const std::string no_name = why.empty() && kind == "one" && state.kept("invite.name").empty() ? state.say("invite.no_name") : why;
        if (row.button({"invite.make", state.say("invite.make"), state.say("help.invite.make"), no_name, "", Icon::plus, Tone::accent})) {
            desk::MakeInvite act;
            act.role = kind == "helper" ? desk::Role::helper : desk::Role::buyer;
            act.name = state.kept("invite.name");
            act.company = state.kept("invite.company");
            act.language = state.show.languages.empty() ? "" : state.show.languages[std::min(chosen, state.show.languages.size() - 1)];
            act.open = kind == "many";
            act.max_people = act.open ? 50 : 1;
            commands.ask_desk(act);
        }
        if (!link.empty()) {
            const bool copied = state.ui.copied == "invite" && state.now < state.ui.copied_until;
            const ButtonSpec copy{"invite.copy", state.say(copied ? "bar.copied" : "invite.copy"), state.say("help.invite.copy"), "", "",
                                  Icon::copy};
            if (kit.button(row.place(kit.button_width(copy, {state.say("bar.copied"), state.say("invite.copy")})), copy))
                commands.act(CopyText{link, "invite"});
            kit.content(x, y + kit.px(44), Type::caption, kit.color(Tone::ink_2), link, room);
            y += kit.px(24);
            if (only_here(link))
                y += kit.paragraph(x, y + kit.px(40), Type::caption, kit.color(Tone::warn), state.say("link.only_here"), room);
        }
        y += kit.px(42);
        return std::max(y - first, qr);
    });
}

}  // namespace

void people_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands) {
    const Kit& kit = *state.kit;
    auto people = people_here(state.desk);
    std::stable_sort(people.begin(), people.end(), [&](const desk::Person* a, const desk::Person* b) {
        return presence_of(state, a->id).hand > presence_of(state, b->id).hand;
    });
    if (people.empty())
        return draw_nothing(kit, {list.x, list.y, detail.x + detail.w - list.x, list.h},
                            state.say(state.attached() ? "people.none" : "people.unknown"));
    const desk::Person* chosen = people.front();
    for (const desk::Person* person : people)
        if (person->id == state.kept("buyers.people")) chosen = person;
    // Reactions of the whole show above the list, when there are any.
    float top = 0, x = list.x + kit.px(4);
    for (const auto& [kind, count] : state.desk.reactions) {
        if (count <= 0) continue;
        const std::string words = state.say("reaction." + kind) + " " + std::to_string(count);
        if (x + kit.measure(Type::caption, words).x + kit.px(16) > list.x + list.w) break;
        x += kit.chip(x, list.y, Tone::info, words) + kit.px(6);
        top = kit.px(24);
    }
    scrolling(kit, "people", {list.x, list.y + top, list.w, list.h - top}, [&](float left, float first, float width) {
        float y = first;
        for (const desk::Person* person : people) {
            const desk::Presence& presence = presence_of(state, person->id);
            ListItem item{"person:" + person->id,
                          person->company.empty() ? person->language : person->company + " · " + person->language,
                          name_of(state.desk, person->id),
                          "",
                          presence.hand ? Icon::hand : Icon::people,
                          presence.hand ? Tone::info : Tone::ink_2};
            if (person->role == desk::Role::helper) item.first += " · " + state.say("invite.helper");
            item.chosen = person == chosen;
            if (list_item(state, {left, y, width, kit.px(list_item_px - 2)}, item, state.say("help.person")))
                commands.keep("buyers.people", person->id);
            bars(kit, left + width - kit.px(36), y + kit.px(14), quality_bars(presence));
            y += kit.px(list_item_px);
        }
        return y - first;
    });
    person_detail(state, *chosen, detail, commands);
}

void invites_tab(const PanelState& state, const Area& list, const Area& detail, Commands& commands) {
    const Kit& kit = *state.kit;
    std::vector<const desk::InviteRecord*> invites;
    for (const auto& [id, invite] : state.desk.invites) invites.push_back(&invite);
    std::sort(invites.begin(), invites.end(), [](const auto* a, const auto* b) { return a->made_us > b->made_us; });
    const std::string why = why_no_command(state);
    const ButtonSpec all{"invite.revoke_all", state.say("invite.revoke_all"), state.say("help.invite.revoke_all"), why, "", Icon::door};
    const Question sure_all{state.say("confirm.revoke_all"), "revoke_all", state.say("ask.revoke_all")};
    scrolling(kit, "invites", {list.x, list.y, list.w, list.h - kit.px(42)}, [&](float x, float first, float width) {
        float y = first;
        const float revoke_w = kit.button_width({}, {state.say("confirm.revoke"), state.say("invite.revoke")}),
                    copy_w = kit.button_width({"", state.say("invite.again"), "", "", "", Icon::copy}),
                    words = width - revoke_w - copy_w - kit.px(32);
        if (invites.empty())
            y += kit.paragraph(x + kit.px(8), y, Type::body, kit.color(Tone::ink_2), state.say("invites.none"), width - kit.px(16));
        for (const desk::InviteRecord* invite : invites) {
            const bool over = !lets_in(*invite, state.utc_us);
            kit.content(x + kit.px(12), y + kit.px(8), Type::caption, kit.color(Tone::ink_2),
                        invite_state(state, *invite) + (invite->company.empty() ? "" : " · " + invite->company), words);
            kit.content(x + kit.px(12), y + kit.px(25), Type::body, kit.color(over ? Tone::ink_2 : Tone::ink),
                        invite->name.empty() ? state.say("invite.nameless") : invite->name, words);
            if (!over) {
                const std::string key = "revoke:" + invite->id;
                const ButtonSpec spec{key, state.say("invite.revoke"), state.say("help.invite.revoke"), why};
                const Question sure_revoke{state.say("confirm.revoke"), key,
                                           state.say("ask.revoke", invite->name.empty() ? state.say("invite.nameless") : invite->name)};
                if (asking_button(state, {x + width - revoke_w - kit.px(4), y + kit.px(5), revoke_w, kit.px(36)}, spec, sure_revoke,
                                  commands))
                    commands.ask_desk(desk::RevokeInvite{invite->id});
                if (kit.button({x + width - revoke_w - copy_w - kit.px(10), y + kit.px(5), copy_w, kit.px(36)},
                               {"show_link:" + invite->id, state.say("invite.again"), state.say("help.invite.again"), why, "", Icon::copy}))
                    commands.ask_desk(desk::ShowLink{invite->id});
            }
            y += kit.px(list_item_px);
        }
        return y - first;
    });
    if (asking_button(state, {list.x, list.y + list.h - kit.px(36), asking_width(state, all, sure_all), kit.px(36)}, all, sure_all,
                      commands))
        commands.ask_desk(desk::RevokeEverybody{});
    make_invite(state, detail, commands);
}

}  // namespace vitrine::panel::views
