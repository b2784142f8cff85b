// Privacy masks: polygons on a camera. The camera with its polygons stands in place of the preview, as large as that; the page below has
// the list and what to do with the chosen one. Every finished change goes to the show at once, and what leaves is what is seen here: the
// picture comes from behind the masks.

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tools/panel/views/parts.h"

namespace vitrine::panel::views {
namespace {

constexpr float reach_px = 16;
constexpr std::size_t most_corners = 64, most_masks = 16;

const CameraItem* chosen_camera(const PanelState& state) {
    if (state.ui.masks)
        if (const CameraItem* camera = state.show.find_camera(state.ui.masks->camera)) return camera;
    if (const CameraItem* camera = state.show.find_camera(state.kept("masks.camera"))) return camera;
    return state.show.cameras.empty() ? nullptr : &state.show.cameras.front();
}

/// What is being edited, or what the show has. When the show has come to have others than it was asked for, somebody else has changed
/// them: they are taken as they are, and only what is not on air yet stays.
MaskEdit current(const PanelState& state, const CameraItem& camera) {
    MaskEdit edit;
    edit.camera = camera.id;
    if (state.ui.masks && state.ui.masks->camera == camera.id) {
        edit = *state.ui.masks;
        if (std::find(edit.known.begin(), edit.known.end(), camera.masks) != edit.known.end()) return edit;
        std::vector<PrivacyMask> fresh;
        if (edit.drawing || edit.draft) fresh.push_back(edit.masks.back());
        const bool holds_fresh = !fresh.empty() && edit.mask == static_cast<int>(edit.masks.size()) - 1;
        edit.masks = camera.masks;
        edit.masks.insert(edit.masks.end(), fresh.begin(), fresh.end());
        edit.mask = holds_fresh ? static_cast<int>(edit.masks.size()) - 1 : -1;
        if (!holds_fresh) edit.corner = -1, edit.moving = false;
    } else {
        edit.masks = camera.masks;
    }
    edit.known = {camera.masks};
    return edit;
}

bool whole(const PrivacyMask& mask) { return mask.polygon.size() >= 3; }

/// Those that are, or go, on air: not one that is being drawn or has not been put there.
std::vector<PrivacyMask> holding(const MaskEdit& edit) {
    std::vector<PrivacyMask> masks = edit.masks;
    if ((edit.draft || edit.drawing) && !masks.empty()) masks.pop_back();
    return masks;
}

/// Goes to the show unless a mask is still being drawn.
void put(const PanelState& state, MaskEdit edit, bool save, Commands& commands) {
    const CameraItem* camera = state.show.find_camera(edit.camera);
    std::vector<PrivacyMask> masks = holding(edit);
    if (camera && why_no_command(state).empty() && std::all_of(masks.begin(), masks.end(), whole) && (save || masks != edit.known.back())) {
        if (camera->masks == edit.known.back() || edit.known.size() > 32) edit.known = {camera->masks};
        edit.known.push_back(masks);
        commands.send(SetMasks{edit.camera, std::move(masks), save});
    }
    commands.act(EditMasks{std::move(edit)});
}

float clamp01(float v) { return std::round(std::clamp(v, 0.0f, 1.0f) * 10'000) / 10'000; }

struct Canvas {
    Area picture;
    ImVec2 at(const std::array<float, 2>& corner) const { return {picture.x + corner[0] * picture.w, picture.y + corner[1] * picture.h}; }
    std::array<float, 2> under(const ImVec2& pointer) const {
        return {clamp01((pointer.x - picture.x) / picture.w), clamp01((pointer.y - picture.y) / picture.h)};
    }
};

float distance(const ImVec2& a, const ImVec2& b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// How far `p` is from the line between two corners, and only between them.
float distance_to_edge(const ImVec2& p, const ImVec2& a, const ImVec2& b) {
    const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    const float t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0;
    return distance(p, {a.x + t * dx, a.y + t * dy});
}

bool inside(const PrivacyMask& mask, const std::array<float, 2>& p) {
    bool in = false;
    for (std::size_t i = 0, j = mask.polygon.size() - 1; i < mask.polygon.size(); j = i++) {
        const auto &a = mask.polygon[i], &b = mask.polygon[j];
        if ((a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]) in = !in;
    }
    return in;
}

/// What a click on the canvas takes hold of: a corner, a new corner on an edge, or a whole mask.
void take_hold(const PanelState& state, MaskEdit edit, const Canvas& canvas, const ImVec2& pointer, Commands& commands) {
    const Kit& kit = *state.kit;
    for (std::size_t m = 0; m < edit.masks.size(); ++m)
        for (std::size_t c = 0; c < edit.masks[m].polygon.size(); ++c)
            if (distance(pointer, canvas.at(edit.masks[m].polygon[c])) <= kit.px(reach_px)) {
                edit.mask = static_cast<int>(m), edit.corner = static_cast<int>(c), edit.moving = true;
                return commands.act(EditMasks{std::move(edit)});
            }
    for (std::size_t m = 0; m < edit.masks.size(); ++m) {
        auto& polygon = edit.masks[m].polygon;
        for (std::size_t c = 0; c < polygon.size() && polygon.size() < most_corners; ++c) {
            const std::size_t next = (c + 1) % polygon.size();
            if (distance_to_edge(pointer, canvas.at(polygon[c]), canvas.at(polygon[next])) > kit.px(7)) continue;
            polygon.insert(polygon.begin() + static_cast<std::ptrdiff_t>(c) + 1, canvas.under(pointer));
            edit.mask = static_cast<int>(m), edit.corner = static_cast<int>(c) + 1, edit.moving = true;
            return commands.act(EditMasks{std::move(edit)});
        }
    }
    edit.mask = edit.corner = -1;
    for (std::size_t m = 0; m < edit.masks.size(); ++m)
        if (whole(edit.masks[m]) && inside(edit.masks[m], canvas.under(pointer))) edit.mask = static_cast<int>(m);
    commands.act(EditMasks{std::move(edit)});
}

void draw_masks(const PanelState& state, const MaskEdit& edit, const Canvas& canvas, const ImVec2& pointer) {
    const Kit& kit = *state.kit;
    auto* list = ImGui::GetWindowDrawList();
    for (std::size_t m = 0; m < edit.masks.size(); ++m) {
        const bool chosen = static_cast<int>(m) == edit.mask;
        const bool open = edit.drawing && m + 1 == edit.masks.size();
        std::vector<ImVec2> corners;
        for (const auto& corner : edit.masks[m].polygon) corners.push_back(canvas.at(corner));
        const bool draft = edit.draft && m + 1 == edit.masks.size();
        const ImU32 line = draft ? kit.color(Tone::warn) : kit.color(chosen || open ? kit.palette.accent : Rgb{255, 255, 255});
        if (open && !corners.empty()) list->AddLine(corners.back(), pointer, line, kit.px(1.5f));
        list->AddPolyline(corners.data(), static_cast<int>(corners.size()), IM_COL32(0, 0, 0, 150), open ? 0 : ImDrawFlags_Closed,
                          kit.px(4));
        list->AddPolyline(corners.data(), static_cast<int>(corners.size()), line, open ? 0 : ImDrawFlags_Closed, kit.px(2));
        if (draft && !corners.empty()) {
            const std::string& words = state.say("mask.draft");
            const ImVec2 at{corners[0].x + kit.px(8), corners[0].y + kit.px(8)};
            list->AddRectFilled({at.x - kit.px(4), at.y - kit.px(3)},
                                {at.x + kit.measure(Type::caption, words).x + kit.px(4), at.y + kit.px(17)}, IM_COL32(0, 0, 0, 190),
                                kit.px(3));
            kit.text(at.x, at.y, Type::caption, kit.color(look().dark.warn), words);
        }
        for (std::size_t c = 0; c < corners.size(); ++c) {
            const bool held = chosen && static_cast<int>(c) == edit.corner;
            list->AddCircleFilled(corners[c], kit.px(held ? 7.0f : 5.0f), held ? kit.color(kit.palette.accent) : IM_COL32_WHITE, 16);
            list->AddCircle(corners[c], kit.px(held ? 7.0f : 5.0f), IM_COL32(0, 0, 0, 170), 16, kit.px(1));
        }
    }
}

void nudge(const PanelState& state, MaskEdit edit, float dx, float dy, Commands& commands) {
    auto& corner = edit.masks[static_cast<std::size_t>(edit.mask)].polygon[static_cast<std::size_t>(edit.corner)];
    corner = {clamp01(corner[0] + dx), clamp01(corner[1] + dy)};
    put(state, std::move(edit), false, commands);
}

/// All that can be done by keyboard with the chosen mask.
void tools(const PanelState& state, const CameraItem& camera, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const MaskEdit edit = current(state, camera);
    const std::string why = why_no_command(state);
    const bool chosen = edit.mask >= 0 && edit.mask < static_cast<int>(edit.masks.size());
    const bool corner =
        chosen && edit.corner >= 0 && edit.corner < static_cast<int>(edit.masks[static_cast<std::size_t>(edit.mask)].polygon.size());
    scrolling(kit, "mask_tools", area, [&](float x, float first, float width) {
        float y = first;
        Row row{kit, x, y, x + width};
        const About about(kit.hand, camera.id + "/" + std::to_string(edit.mask));
        const std::string draft_waits = why.empty() && edit.draft ? state.say("mask.draft_waits") : why;
        const std::string no_more = draft_waits.empty() && edit.masks.size() >= most_masks ? state.say("mask.most") : draft_waits;
        const std::string no_add = no_more.empty() && edit.drawing ? state.say("mask.draw.first") : no_more;
        if (row.button({"mask.add", state.say("mask.add"), state.say("help.mask.add"), no_add, "", Icon::plus,
                        edit.masks.empty() ? Tone::accent : Tone::ink})) {
            MaskEdit next = edit;
            next.masks.push_back({{{0.35f, 0.35f}, {0.65f, 0.35f}, {0.65f, 0.65f}, {0.35f, 0.65f}}, MaskFill::blur});
            next.mask = static_cast<int>(next.masks.size()) - 1, next.corner = 0, next.draft = true;
            commands.act(EditMasks{std::move(next)});
        }
        const ButtonSpec air{"mask.put",
                             state.say("mask.put"),
                             state.say("help.mask.put"),
                             why.empty() && !edit.draft ? state.say("mask.no_draft") : why,
                             "",
                             Icon::mask,
                             edit.draft ? Tone::accent : Tone::ink};
        if (row.button(air)) {
            MaskEdit next = edit;
            next.draft = false;
            put(state, std::move(next), false, commands);
        }
        ButtonSpec draw{"mask.draw", state.say(edit.drawing ? "mask.draw.end" : "mask.draw"), state.say("help.mask.draw"), no_more, "",
                        Icon::target};
        draw.selected = edit.drawing;
        if (kit.button(row.place(kit.button_width(draw, {state.say("mask.draw"), state.say("mask.draw.end")})), draw)) {
            MaskEdit next = edit;
            if (!next.drawing) {
                next.masks.push_back({{}, MaskFill::blur});
                next.mask = static_cast<int>(next.masks.size()) - 1, next.corner = -1;
            } else if (!whole(next.masks.back())) {
                next.masks.pop_back();
                next.mask = next.corner = -1;
            }
            next.drawing = !next.drawing;
            if (next.drawing)
                commands.act(EditMasks{std::move(next)});
            else
                put(state, std::move(next), false, commands);
        }
        // Unless they are known to stand in the file, they can be put there.
        const auto saved = state.ui.saved_masks.find(camera.id);
        const bool unsaved = saved == state.ui.saved_masks.end() || saved->second != edit.known.back();
        const ButtonSpec save{"mask.save",
                              state.say("mask.save"),
                              state.say("help.mask.save"),
                              why.empty() && !unsaved ? state.say("mask.saved") : why,
                              "",
                              Icon::check,
                              unsaved ? Tone::accent : Tone::ink};
        if (row.button(save)) put(state, edit, true, commands);
        y += kit.px(44);

        const std::string none = why.empty() && !chosen ? state.say("mask.choose") : why;
        std::vector<ButtonSpec> fills;
        for (const char* name : {"solid", "mosaic", "blur"})
            fills.push_back({std::string("fill:") + name, state.say(std::string("fill.") + name), state.say("help.fill"), none});
        const std::size_t fill = chosen ? static_cast<std::size_t>(edit.masks[static_cast<std::size_t>(edit.mask)].fill) : fills.size();
        if (const auto pressed = kit.choice({x, y, std::min(width, kit.px(330)), kit.px(36)}, fills, fill)) {
            MaskEdit next = edit;
            next.masks[static_cast<std::size_t>(next.mask)].fill = static_cast<MaskFill>(*pressed);
            put(state, std::move(next), false, commands);
        }
        y += kit.px(44);
        Row last{kit, x, y, x + width};
        const bool bare = chosen && edit.masks[static_cast<std::size_t>(edit.mask)].polygon.empty();  // being drawn
        const std::string no_corners = none.empty() && bare ? state.say("mask.draw.first") : none;
        const std::string no_corner = none.empty() && !corner ? state.say("mask.choose_corner") : none;
        if (last.button({"corner.next", state.say("corner.next"), state.say("help.corner.next"), no_corners})) {
            MaskEdit next = edit;
            next.corner = (next.corner + 1) % static_cast<int>(next.masks[static_cast<std::size_t>(next.mask)].polygon.size());
            commands.act(EditMasks{std::move(next)});
        }
        const float step = 0.01f;
        for (const auto& [id, label, dx, dy] : {std::tuple{"corner.left", "←", -step, 0.f},
                                                {"corner.right", "→", step, 0.f},
                                                {"corner.up", "↑", 0.f, -step},
                                                {"corner.down", "↓", 0.f, step}})
            if (kit.button(last.place(kit.px(38), 4), {id, label, state.say("help.corner.move"), no_corner}))
                nudge(state, edit, dx, dy, commands);
        last.x += kit.px(4);
        const bool can_lose = corner && edit.masks[static_cast<std::size_t>(edit.mask)].polygon.size() > 3;
        const std::string no_delete = no_corner.empty() && !can_lose ? state.say("mask.three_corners") : no_corner;
        const ButtonSpec delete_corner{"corner.delete", state.say("corner.delete"), state.say("help.corner.delete"), no_delete, "",
                                       Icon::minus};
        const ButtonSpec delete_mask{"mask.delete", state.say("mask.delete"), state.say("help.mask.delete"), none, "", Icon::trash};
        const bool chosen_draft = (edit.draft || edit.drawing) && chosen && edit.mask + 1 == static_cast<int>(edit.masks.size());
        const Question sure_delete{state.say("confirm.mask.delete"), "mask.delete:" + camera.id + ":" + std::to_string(edit.mask),
                                   say_both(state, "ask.mask.delete", std::to_string(edit.mask + 1), camera.name)};
        const float delete_w = asking_width(state, delete_mask, sure_delete);
        if (last.x + kit.button_width(delete_corner) + delete_w > x + width) last.x = x, last.y += kit.px(42), y += kit.px(42);
        if (last.button(delete_corner)) {
            MaskEdit next = edit;
            auto& polygon = next.masks[static_cast<std::size_t>(next.mask)].polygon;
            polygon.erase(polygon.begin() + next.corner);
            next.corner = next.corner % static_cast<int>(polygon.size());
            put(state, std::move(next), false, commands);
        }
        // What was never on air hides nothing.
        const bool deleted = chosen_draft ? kit.button(last.place(delete_w), delete_mask)
                                          : asking_button(state, last.place(delete_w), delete_mask, sure_delete, commands);
        if (deleted) {
            MaskEdit next = edit;
            if (chosen_draft) next.draft = next.drawing = false;
            next.masks.erase(next.masks.begin() + next.mask);
            next.mask = next.corner = -1;
            put(state, std::move(next), false, commands);
        }
        return y + kit.px(40) - first;
    });
}

}  // namespace

void mask_canvas(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const CameraItem* camera = chosen_camera(state);
    float x = area.x + kit.text(area.x, area.y + kit.px(3), Type::strong, kit.color(Tone::accent), state.say("mask.canvas")) + kit.px(10);
    if (!camera) return;
    kit.content(x, area.y + kit.px(3), Type::body, kit.color(Tone::ink_2), camera->name, area.x + area.w - x);
    const Area frame{area.x, area.y + kit.px(24), area.w, area.h - kit.px(24)};
    const Picture* shown = find_picture(state, camera->id);
    const float wide = camera->width > 0 ? static_cast<float>(camera->width) : 16,
                high = camera->height > 0 ? static_cast<float>(camera->height) : 9;
    const Canvas canvas{fit(frame, wide, high)};
    auto* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(canvas.picture.min(), canvas.picture.max(), IM_COL32_BLACK);
    if (shown)
        draw_picture(kit, *shown, canvas.picture, false, 0);
    else
        draw_empty(state, canvas.picture);
    bool hovered = false, held = false;
    kit.press_area(canvas.picture, {"mask_canvas", state.say("mask.canvas"), state.say("help.mask_canvas"), why_no_command(state)}, hovered,
                   held);
    MaskEdit edit = current(state, *camera);
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const bool clicked = held && ImGui::IsMouseClicked(0);
    if (edit.moving && edit.mask >= 0 && edit.corner >= 0) {
        edit.masks[static_cast<std::size_t>(edit.mask)].polygon[static_cast<std::size_t>(edit.corner)] = canvas.under(pointer);
        edit.moving = held;
        if (held)
            commands.act(EditMasks{edit});
        else
            put(state, edit, false, commands);
    } else if (clicked && edit.drawing && !edit.masks.empty()) {
        auto& polygon = edit.masks.back().polygon;
        const bool closes = polygon.size() >= 3 && distance(pointer, canvas.at(polygon.front())) <= kit.px(reach_px);
        if (!closes) polygon.push_back(canvas.under(pointer));
        edit.drawing = !closes && polygon.size() < most_corners;
        if (edit.drawing)
            commands.act(EditMasks{edit});
        else
            put(state, edit, false, commands);
    } else if (clicked) {
        take_hold(state, edit, canvas, pointer, commands);
    }
    list->PushClipRect(frame.min(), frame.max(), true);
    draw_masks(state, edit, canvas, pointer);
    list->PopClipRect();
    list->AddRect(canvas.picture.min(), canvas.picture.max(), kit.color(kit.palette.line), 0, 0, kit.px(1));
}

void masks(const PanelState& state, const Area& area, Commands& commands) {
    const Kit& kit = *state.kit;
    const float gap = kit.px(8), list_w = std::floor(area.w * 0.3f);
    const CameraItem* chosen = chosen_camera(state);
    const Area left = titled_card(kit, {area.x, area.y, list_w, area.h}, state.say("mask.cameras"));
    scrolling(kit, "mask_cameras", {left.x - kit.px(8), left.y, left.w + kit.px(10), left.h}, [&](float x, float first, float width) {
        float y = first;
        for (const CameraItem& camera : state.show.cameras) {
            ButtonSpec spec{"mask_camera:" + camera.id, camera.name, state.say("help.mask_camera")};
            spec.selected = &camera == chosen;
            if (kit.row({x, y, width, kit.px(46)}, spec)) {
                commands.keep("masks.camera", camera.id);
                commands.act(EditMasks{});
            }
            kit.content(x + kit.px(12), y + kit.px(7), Type::body, kit.color(Tone::ink), camera.name, width - kit.px(20));
            const std::size_t count = camera.masks.size();
            kit.text(x + kit.px(12), y + kit.px(26), Type::caption, kit.color(Tone::ink_2),
                     count == 0 ? state.say("mask.none") : state.say("mask.count", std::to_string(count)), width - kit.px(20));
            y += kit.px(48);
        }
        return y - first;
    });
    const Area right = titled_card(kit, {area.x + list_w + gap, area.y, area.w - list_w - gap, area.h}, state.say("mask.title"));
    if (!chosen) return draw_nothing(kit, right, state.say("cameras.none"));
    const float words = kit.paragraph(right.x, right.y, Type::caption, kit.color(Tone::ink_2), state.say("mask.what"), right.w) + kit.px(8);
    tools(state, *chosen, {right.x, right.y + words, right.w, right.h - words}, commands);
}

}  // namespace vitrine::panel::views
