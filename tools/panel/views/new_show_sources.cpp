// Of a new show: its cameras, each opened and seen before it is taken, and its products from a folder of pictures.

#include <algorithm>
#include <cmath>

#include "tools/panel/views/new_show.h"

namespace vitrine::panel::views {
namespace {

const Trial* trial_of(const PanelState& state, const std::string& source) {
    const auto found = state.new_show.trials.find(source);
    return found == state.new_show.trials.end() ? nullptr : &found->second;
}

/// What is known of a source: that it is being tried, what it is, what is wrong and what to do.
std::string words_of(const PanelState& state, const Trial* trial) {
    if (!trial) return {};
    if (trial->running) return state.say("new.trying");
    std::string words = trial->text.by_language.empty() ? "" : trial->text.in(state.ui.language);
    if (!trial->fix.by_language.empty()) words += (state.ui.language == "zh" ? "" : " ") + trial->fix.in(state.ui.language);
    return words;
}

bool is_chosen(const PanelState& state, const std::string& source) {
    const auto chosen = lines_of(state.kept("new.cameras"));
    return std::find(chosen.begin(), chosen.end(), source) != chosen.end();
}

/// One source with its picture; pressed, it is taken or put back. The height.
float source_row(const PanelState& state, float x, float y, float width, const std::string& source, const std::string& name,
                 Commands& commands) {
    const Kit& kit = *state.kit;
    const Trial* trial = trial_of(state, source);
    const std::string words = words_of(state, trial);
    const float picture_w = kit.px(128), picture_h = kit.px(72), left = x + picture_w + kit.px(20), room = x + width - left - kit.px(44);
    const float words_h = words.empty() ? 0 : kit.measure(Type::caption, words, room).y;
    const float height = std::max(picture_h + kit.px(16), words_h + kit.px(54));
    const bool chosen = is_chosen(state, source);
    ButtonSpec spec{"new.camera:" + source, name, state.say("help.new.camera")};
    spec.selected = chosen;
    if (kit.row({x, y, width, height}, spec)) {
        commands.keep("new.cameras", with_line_turned(state.kept("new.cameras"), source));
        if (!trial && !chosen) commands.act(TryCamera{source});
    }
    small_picture(state, {x + kit.px(8), y + kit.px(8), picture_w, picture_h}, trial ? trial->thumbnail : "", Icon::camera);
    kit.content(left, y + kit.px(10), Type::strong, kit.color(Tone::ink), name, room);
    kit.content(left, y + kit.px(30), Type::caption, kit.color(Tone::ink_2), source, room);
    if (!words.empty()) {
        const Tone tone = trial->running ? Tone::ink_2 : trial->works ? Tone::ready : Tone::warn;
        kit.paragraph(left, y + kit.px(48), Type::caption, kit.color(tone), words, room);
    }
    if (chosen) kit.icon(Icon::check, x + width - kit.px(22), y + kit.px(22), kit.px(18), kit.color(Tone::accent));
    return height + kit.px(6);
}

/// What was found here, what was typed, and what needs no camera.
void offered(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const NewShow& show = state.new_show;
    const std::string& address = state.kept("new.address");
    const Trial* trial = trial_of(state, address);
    std::string why = address.empty() ? state.say("new.why.address") : trial && trial->running ? state.say("new.trying") : "";
    const ButtonSpec go{"new.try", state.say("new.try"), state.say("help.new.try"), why, "", Icon::play};
    if (send_field(state, {area.x, area.y, area.w, kit.px(36)},
                   {"new.address", state.say("new.address"), state.say("help.new.address"), go}, commands))
        commands.act(TryCamera{address});

    scrolling(kit, "new.sources", {area.x - kit.px(4), area.y + kit.px(46), area.w + kit.px(8), area.h - kit.px(46)},
              [&](float x, float first, float width) {
                  float y = first;
                  std::vector<std::string> listed;
                  const auto list = [&](const std::string& source, const std::string& name) {
                      if (std::find(listed.begin(), listed.end(), source) != listed.end()) return;
                      listed.push_back(source);
                      y += source_row(state, x, y, width, source, name, commands);
                  };
                  if (trial) list(address, state.say("new.camera.network"));
                  for (const std::string& source : lines_of(state.kept("new.cameras")))
                      if (source.find("://") != std::string::npos) list(source, state.say("new.camera.network"));
                  for (const FoundDevice& camera : show.cameras) list(camera.source, camera.name);
                  if (show.probing) {
                      kit.text(x + kit.px(8), y + kit.px(8), Type::body, kit.color(Tone::ink_2), state.say("new.probing"), width);
                      y += kit.px(36);
                  } else if (show.cameras.empty()) {
                      y += kit.paragraph(x + kit.px(8), y + kit.px(8), Type::body, kit.color(Tone::ink_2), state.say("new.no_camera"),
                                         width - kit.px(16)) +
                           kit.px(20);
                  }
                  list("sim:bench", state.say("new.camera.bench"));
                  list("sim:line", state.say("new.camera.line"));
                  for (const std::string& source : lines_of(state.kept("new.cameras"))) list(source, source);
                  return y - first;
              });
}

/// Names of what was taken, and the microphone.
void taken(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    float y = area.y;
    kit.text(area.x, y, Type::caption, kit.color(Tone::ink_2), state.say("new.taken"), area.w);
    y += kit.px(20);
    const auto chosen = lines_of(state.kept("new.cameras"));
    if (chosen.empty()) y += kit.paragraph(area.x, y, Type::body, kit.color(Tone::ink_2), state.say("new.taken.none"), area.w) + kit.px(12);
    const float sound_h = kit.px(20) + kit.px(40) * (static_cast<float>(std::min<std::size_t>(state.new_show.microphones.size(), 2)) + 2);
    scrolling(kit, "new.taken", {area.x - kit.px(2), y, area.w + kit.px(8), std::max(kit.px(44), area.y + area.h - sound_h - y)},
              [&](float x, float first, float width) {
                  float line = first;
                  for (std::size_t i = 0; i < chosen.size(); ++i) {
                      kept_field(state, {x + kit.px(2), line + kit.px(2), width - kit.px(48), kit.px(36)}, "new.camera_name:" + chosen[i],
                                 state.say("new.camera_name", std::to_string(i + 1)), state.say("help.new.camera_name"), commands);
                      const ButtonSpec away{"new.away:" + chosen[i], "", state.say("help.new.away"), "", "", Icon::cross};
                      if (kit.button({x + width - kit.px(40), line + kit.px(2), kit.px(36), kit.px(36)}, away))
                          commands.keep("new.cameras", with_line_turned(state.kept("new.cameras"), chosen[i]));
                      line += kit.px(44);
                  }
                  return line - first;
              });
    y = area.y + area.h - sound_h;
    kit.text(area.x, y, Type::caption, kit.color(Tone::ink_2), state.say("new.microphone"), area.w);
    y += kit.px(20);
    std::vector<FoundDevice> all{{state.say("new.microphone.none"), "none"}, {state.say("new.microphone.default"), "default"}};
    for (std::size_t i = 0; i < state.new_show.microphones.size() && i < 2; ++i) all.push_back(state.new_show.microphones[i]);
    const std::string now = state.kept("new.microphone").empty() ? "none" : state.kept("new.microphone");
    for (const FoundDevice& sound : all) {
        ButtonSpec spec{"new.microphone:" + sound.source, sound.name, state.say("help.new.microphone")};
        spec.selected = sound.source == now;
        if (kit.row({area.x, y, area.w, kit.px(36)}, spec)) commands.keep("new.microphone", sound.source);
        kit.content(area.x + kit.px(12), y + kit.px(10), Type::body, kit.color(spec.selected ? Tone::ink : Tone::ink_2), sound.name,
                    area.w - kit.px(20));
        y += kit.px(40);
    }
}

}  // namespace

void new_show_cameras(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(24), right = std::floor(area.w * 0.34f);
    offered(state, {area.x, area.y, area.w - right - gap, area.h}, commands);
    taken(state, {area.x + area.w - right, area.y, right, area.h}, commands);
}

void new_show_products(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const NewShow& show = state.new_show;
    const std::string& folder = state.kept("new.products");
    const std::string why = folder.empty() ? state.say("new.why.products") : show.looking ? state.say("new.looking") : "";
    const ButtonSpec look{"new.look", state.say("new.look"), state.say("help.new.look"), why, "", Icon::search};
    const float currency = kit.px(84);
    if (send_field(state, {area.x, area.y, area.w - currency - kit.px(8), kit.px(36)},
                   {"new.products", state.say("new.products"), state.say("help.new.products"), look}, commands))
        commands.act(LookAtPictures{folder});
    kept_field(state, {area.x + area.w - currency, area.y, currency, kit.px(36)}, "new.currency", "USD", state.say("help.new.currency"),
               commands);
    const Area list{area.x - kit.px(4), area.y + kit.px(46), area.w + kit.px(8), area.h - kit.px(46)};
    if (show.looking) return draw_nothing(kit, list, state.say("new.looking"));
    if (!show.looking_trouble.empty()) return draw_nothing(kit, list, show.looking_trouble);
    if (show.looked_at.empty()) return draw_nothing(kit, list, state.say("new.products.what"));
    scrolling(kit, "new.found", list, [&](float x, float first, float width) {
        float y = first;
        for (const std::string& sentence : show.left_out)
            y += kit.paragraph(x + kit.px(4), y, Type::body, kit.color(Tone::warn), sentence, width - kit.px(8)) + kit.px(6);
        for (const FoundPicture& product : show.products) {
            const float price = std::min(kit.px(300), width * 0.4f), room = width - price - kit.px(100);
            small_picture(state, {x + kit.px(4), y + kit.px(2), kit.px(72), kit.px(48)}, product.thumbnail, Icon::box);
            kit.content(x + kit.px(88), y + kit.px(8), Type::strong, kit.color(Tone::ink), product.name, room);
            kit.content(x + kit.px(88), y + kit.px(28), Type::caption, kit.color(Tone::ink_2), product.id, room);
            kept_field(state, {x + width - price, y + kit.px(8), price - kit.px(4), kit.px(36)}, "new.price:" + product.id,
                       state.say("new.price"), state.say("help.new.price"), commands);
            y += kit.px(56);
        }
        return y - first;
    });
}

}  // namespace vitrine::panel::views
