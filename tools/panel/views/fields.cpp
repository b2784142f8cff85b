#include "tools/panel/views/fields.h"

namespace vitrine::panel::views {

bool kept_field(const PanelState& state, const Area& area, const std::string& key, const std::string& label, const std::string& help,
                Commands& commands, const std::string& why) {
    const Kit::Typed typed = state.kit->field(area, {key, label, help, why}, state.kept(key), label);
    if (typed.text) commands.keep(key, *typed.text);
    if (typed.from)
        commands.kept_edits.push_back({"undo.typed", label, {Keep{key, *typed.from}}, {Keep{key, typed.text.value_or(state.kept(key))}}});
    return typed.done;
}

bool send_field(const PanelState& state, const Area& line, const SendField& field, Commands& commands) {
    const Kit& kit = *state.kit;
    const float w = kit.button_width(field.button);
    bool go =
        kept_field(state, {line.x, line.y, line.w - w - kit.px(8), line.h}, field.key, field.label, field.help, commands, field.why_not);
    go = kit.button({line.x + line.w - w, line.y, w, line.h}, field.button) || go;
    return go && field.button.why_not.empty();
}

std::string why_not_sent(const PanelState& state, const std::string& key, const std::string& why, const char* when_empty) {
    return why.empty() && state.kept(key).empty() ? state.say(when_empty) : why;
}

bool list_item(const PanelState& state, const Area& area, const ListItem& item, const std::string& help) {
    const Kit& kit = *state.kit;
    ButtonSpec spec{item.id, item.first, help};
    spec.selected = item.chosen;
    const bool pressed = kit.row(area, spec);
    const float left = item.icon == Icon::none ? kit.px(12) : kit.px(40);
    if (item.icon != Icon::none)
        kit.icon(item.icon, area.x + kit.px(20), area.y + area.h / 2, kit.px(18), kit.color(item.done ? Tone::ink_2 : item.tone));
    const float note = item.note.empty() ? 0 : kit.measure(Type::caption, item.note).x + kit.px(10);
    kit.content(area.x + left, area.y + kit.px(8), Type::caption, kit.color(Tone::ink_2), item.first, area.w - left - note - kit.px(8));
    if (note > 0)
        kit.text(area.x + area.w - note, area.y + kit.px(8), Type::caption, kit.color(item.done ? Tone::ink_2 : item.tone), item.note);
    kit.content(area.x + left, area.y + kit.px(25), Type::body, kit.color(item.done ? Tone::ink_2 : Tone::ink), item.second,
                area.w - left - kit.px(8));
    return pressed;
}

}  // namespace vitrine::panel::views
