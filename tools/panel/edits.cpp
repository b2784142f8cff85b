#include "tools/panel/edits.h"

#include <algorithm>
#include <cmath>

#include "tools/panel/panel_state.h"

namespace vitrine::panel {
namespace {

constexpr std::size_t most_edits = 100;
constexpr double one_stroke_s = 1.5;  // steps that follow each other so closely are one edit
constexpr double under_way_s = 3;     // the show may not have said yet that it is so

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

bool same_place(const std::array<double, 3>& a, const std::array<double, 3>& b) {
    return std::abs(a[0] - b[0]) < 1e-6 && std::abs(a[1] - b[1]) < 1e-6 && std::abs(a[2] - b[2]) < 1e-6;
}

const CalloutItem* find(const PanelState& state, const CalloutThing& thing) {
    const ProductItem* product = state.show.find_product(thing.product);
    if (!product) return nullptr;
    const CalloutItem* found = nullptr;
    for (const CalloutItem& each : product->callouts) {
        if (each.dimension || each.texts != thing.text || !same_place(each.at_mm, thing.at_mm)) continue;
        if (each.id == thing.id) return &each;
        found = &each;
    }
    return found;
}

template <class List>
auto by_id(const List& list, const std::string& id) -> decltype(&*list.begin()) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == id; });
    return found == list.end() ? nullptr : &*found;
}

bool same(const desk::Order& a, const desk::Order& b) {
    return a.product == b.product && a.buyer == b.buyer && a.place == b.place && a.slot == b.slot && a.state == b.state &&
           a.quantity == b.quantity && a.name_allowed == b.name_allowed;
}

/// Whether the thing is so now.
struct IsSo {
    const PanelState& state;

    bool operator()(const CalloutThing& t) const { return (find(state, t) != nullptr) == t.there; }
    bool operator()(const MasksThing& t) const {
        const CameraItem* camera = state.show.find_camera(t.camera);
        return camera && camera->masks == t.masks;
    }
    bool operator()(const StartThing& t) const { return state.show.starts_at_us == t.starts_at_us; }
    bool operator()(const GainThing& t) const {
        const SoundItem* sound = by_id(state.show.sounds, t.source);
        return sound && std::abs(sound->gain_db - t.gain_db) < 1e-6;
    }
    bool operator()(const MessageThing& t) const {
        const desk::Message* message = by_id(state.desk.messages, t.id);
        return message && message->priority == t.priority && message->pinned == t.pinned && message->state == t.state;
    }
    bool operator()(const PointThing& t) const {
        const desk::Point* point = by_id(state.desk.points, t.id);
        return point && point->state == t.state;
    }
    bool operator()(const OrderThing& t) const {
        const desk::Order* order = by_id(state.desk.orders, t.order.id);
        return t.there ? order && same(*order, t.order) : !order;
    }
    bool operator()(const KeptThing& t) const { return state.kept(t.all.front().key) == t.all.front().value; }
};

/// Asks for the thing to be as in `to`, where it is as in `from`.
struct MakeSo {
    const PanelState& state;
    const Thing& from;
    Commands& commands;

    void operator()(const CalloutThing& to) const {
        const auto& now = std::get<CalloutThing>(from);
        const CalloutItem* item = now.there ? find(state, now) : nullptr;
        PutCallout put;
        put.product = to.product;
        put.text = to.text;
        if (!to.there) {
            if (item) commands.send(RemoveCallout{item->id});
        } else if (!item) {
            // A number is given anew; an id of its own comes back.
            if (to.id.find('/') == std::string::npos) put.id = to.id;
            put.at_mm = to.at_mm;
            if (!to.spec.empty()) put.spec = to.spec;
            commands.send(put);
        } else if (now.text != to.text) {
            put.id = item->id;
            commands.send(put);
        } else {
            commands.send(PlaceCallout{item->id, to.at_mm, true});
        }
    }
    void operator()(const MasksThing& to) const {
        commands.send(SetMasks{to.camera, to.masks, false});
        if (state.ui.masks && state.ui.masks->camera == to.camera) commands.act(EditMasks{});
    }
    void operator()(const StartThing& to) const { commands.send(SetStart{to.starts_at_us, true}); }
    void operator()(const GainThing& to) const { commands.send(SetSourceGain{to.source, to.gain_db}); }
    void operator()(const MessageThing& to) const {
        const auto& now = std::get<MessageThing>(from);
        desk::Moderate act;
        act.message = to.id;
        if (now.priority != to.priority) act.priority = to.priority;
        if (now.pinned != to.pinned) act.pinned = to.pinned;
        if (now.state != to.state) act.state = to.state;
        commands.ask_desk(act);
    }
    void operator()(const PointThing& to) const { commands.ask_desk(desk::SetPoint{to.id, to.state}); }
    void operator()(const OrderThing& to) const {
        if (to.there)
            commands.ask_desk(desk::PutOrder{to.order});
        else
            commands.ask_desk(desk::RemoveOrder{to.order.id});
    }
    void operator()(const KeptThing& to) const {
        for (const Keep& each : to.all) commands.keep(each.key, each.value);
    }
};

std::string identity(const Thing& thing) {
    return std::to_string(thing.index()) + " " +
           std::visit(Overloaded{[](const CalloutThing& t) { return t.product + " " + t.id; }, [](const MasksThing& t) { return t.camera; },
                                 [](const StartThing&) { return std::string(); }, [](const GainThing& t) { return t.source; },
                                 [](const MessageThing& t) { return t.id; }, [](const PointThing& t) { return t.id; },
                                 [](const OrderThing& t) { return t.order.id; }, [](const KeptThing& t) { return t.all.front().key; }},
                      thing);
}

std::string shortly(const std::string& text) {
    constexpr std::size_t most = 40;
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

CalloutThing thing_of(const ProductItem& product, const CalloutItem& item) {
    return {product.id, item.id, true, item.at_mm, item.texts, item.spec};
}

/// The edits that one frame asks for.
struct Noting {
    PanelState& state;
    std::uint64_t batch;

    void add(const char* name, const std::string& what, Thing was, Thing is, bool steps = false) const {
        auto& done = state.ui.done;
        state.ui.undone.clear();
        if (!done.empty() && identity(done.back().is) == identity(is) && state.now - done.back().at < one_stroke_s) {
            // What it was then has been asked for already, whether the show has said so or not.
            if (steps && done.back().name == name) {
                done.back().is = std::move(is);
                done.back().at = state.now;
                done.back().batch = batch;
                return;
            }
            was = done.back().is;
        }
        done.push_back({name, shortly(what), std::move(was), std::move(is), state.now, batch});
        if (done.size() > most_edits) done.erase(done.begin());
    }
    std::pair<const ProductItem*, const CalloutItem*> callout(const std::string& id) const {
        for (const ProductItem& product : state.show.products)
            if (const CalloutItem* item = by_id(product.callouts, id)) return {&product, item};
        return {};
    }
    void operator()(const PlaceCallout& c) const {
        const auto [product, item] = callout(c.callout);
        if (!item || same_place(item->at_mm, c.at_mm)) return;
        CalloutThing was = thing_of(*product, *item), is = was;
        is.at_mm = c.at_mm;
        add("undo.callout_moved", item->text, was, is, true);
    }
    void operator()(const PutCallout& c) const {
        const auto [product, item] = c.id.empty() ? std::pair<const ProductItem*, const CalloutItem*>{} : callout(c.id);
        if (item) {
            CalloutThing was = thing_of(*product, *item), is = was;
            if (c.text) is.text = *c.text;
            if (c.at_mm) is.at_mm = *c.at_mm;
            add("undo.callout_worded", item->text, was, is);
        } else if (c.text && c.at_mm) {
            CalloutThing is{c.product, c.id, true, *c.at_mm, *c.text, c.spec.value_or("")}, was = is;
            was.there = false;
            add("undo.callout_added", c.text->in(state.ui.language), was, is);
        }
    }
    void operator()(const RemoveCallout& c) const {
        const auto [product, item] = callout(c.callout);
        if (!item) return;
        CalloutThing was = thing_of(*product, *item), is = was;
        is.there = false;
        add("undo.callout_removed", item->text, was, is);
    }
    void operator()(const SetMasks& c) const {
        const CameraItem* camera = state.show.find_camera(c.camera);
        if (!camera || camera->masks == c.masks) return;
        const char* name = c.masks.size() > camera->masks.size()   ? "undo.mask_added"
                           : c.masks.size() < camera->masks.size() ? "undo.mask_removed"
                                                                   : "undo.mask_changed";
        add(name, camera->name, MasksThing{c.camera, camera->masks}, MasksThing{c.camera, c.masks}, c.masks.size() == camera->masks.size());
    }
    void operator()(const SetStart& c) const { add("undo.start_set", "", StartThing{state.show.starts_at_us}, StartThing{c.starts_at_us}); }
    void operator()(const SetSourceGain& c) const {
        if (const SoundItem* sound = by_id(state.show.sounds, c.source))
            add("undo.gain_set", c.source, GainThing{c.source, sound->gain_db}, GainThing{c.source, c.gain_db}, true);
    }
    void operator()(const desk::Moderate& a) const {
        const desk::Message* message = by_id(state.desk.messages, a.message);
        if (!message) return;
        MessageThing was{message->id, message->priority, message->pinned, message->state}, is = was;
        is.priority = a.priority.value_or(was.priority);
        is.pinned = a.pinned.value_or(was.pinned);
        is.state = a.state.value_or(was.state);
        add(a.state    ? "undo.question_hidden"
            : a.pinned ? "undo.question_pinned"
                       : "undo.question_moved",
            message->text, was, is, a.priority.has_value());
    }
    void operator()(const desk::SetPoint& a) const {
        if (const desk::Point* point = by_id(state.desk.points, a.point))
            add("undo.point_set", point->note, PointThing{a.point, point->state}, PointThing{a.point, a.state});
    }
    void operator()(const desk::PutOrder& a) const {
        const desk::Order* order = by_id(state.desk.orders, a.order.id);
        add(order ? "undo.order_changed" : "undo.order_added", a.order.id, order ? OrderThing{*order, true} : OrderThing{a.order, false},
            OrderThing{a.order, true});
    }
    template <class Other>
    void operator()(const Other&) const {}
};

/// Takes the newest of `of` from `from` to `to` and moves it over to `other`.
void step(PanelState& state, std::vector<Edit>& of, std::vector<Edit>& other, Thing Edit::*from, Thing Edit::*to, const char* said,
          const char* nothing, Commands& commands) {
    while (!of.empty()) {
        const Edit edit = of.back();
        const bool kept = std::holds_alternative<KeptThing>(edit.is);
        const bool so = std::visit(IsSo{state}, edit.*from);
        const bool under_way = !so && state.now - edit.at < under_way_s && std::visit(IsSo{state}, edit.*to);
        if (!so && kept) {
            of.pop_back();  // typed over or sent: nothing to take back
            continue;
        }
        if (!kept && !state.attached()) return commands.act(Tell{state.say("why.no_link")});
        if (!so && !under_way) {
            of.pop_back();
            return commands.act(Tell{state.say("undo.changed_since", edit_words(state, edit))});
        }
        if (under_way && std::holds_alternative<CalloutThing>(edit.is)) return;  // it has no number yet: pressed again, it has
        // Fewer masks show what was hidden.
        const auto *masks = std::get_if<MasksThing>(&(edit.*from)), *fewer = std::get_if<MasksThing>(&(edit.*to));
        if (masks && fewer->masks.size() < masks->masks.size()) {
            const CameraItem* camera = state.show.find_camera(masks->camera);
            if (!sure(state, "undo", state.say("ask.undo_mask", camera ? camera->name : masks->camera), commands)) return;
        }
        std::visit(MakeSo{state, under_way ? edit.*to : edit.*from, commands}, edit.*to);
        of.pop_back();
        other.push_back(edit);
        other.back().at = state.now;
        return commands.act(Tell{state.say(said, edit_words(state, edit)), false});
    }
    commands.act(Tell{state.say(nothing), false});
}

}  // namespace

std::string edit_words(const PanelState& state, const Edit& edit) { return state.say(edit.name, edit.what); }

std::uint64_t note_edits(const Commands& commands, PanelState& state) {
    const Noting noting{state, ++state.edit_batches};
    for (const Command& command : commands.to_show) std::visit(noting, command);
    for (const desk::Act& act : commands.to_desk) std::visit(noting, act);
    for (const Commands::KeptEdit& edit : commands.kept_edits)
        noting.add(edit.name.c_str(), edit.what, KeptThing{edit.from}, KeptThing{edit.to});
    return noting.batch;
}

void forget_edits(PanelState& state, std::uint64_t batch) {
    // Masks that the show has refused are not on air: those that are take their place.
    for (const Edit& edit : state.ui.done)
        if (const auto* masks = std::get_if<MasksThing>(&edit.is);
            masks && edit.batch == batch && state.ui.masks && state.ui.masks->camera == masks->camera)
            state.ui.masks.reset();
    std::erase_if(state.ui.done, [&](const Edit& edit) { return edit.batch == batch; });
}

void take_back(PanelState& state, Commands& commands) {
    for (const Act& act : std::vector<Act>(commands.acts)) {
        auto &done = state.ui.done, &undone = state.ui.undone;
        if (std::holds_alternative<Undo>(act))
            step(state, done, undone, &Edit::is, &Edit::was, "undo.taken_back", "undo.nothing", commands);
        if (std::holds_alternative<Redo>(act))
            step(state, undone, done, &Edit::was, &Edit::is, "undo.done_again", "undo.nothing_again", commands);
    }
}

}  // namespace vitrine::panel
