#pragma once
// What Ctrl+Z takes back: the show's and the desk's things that are edited here (callouts, masks, gains, the beginning, questions' order,
// points, orders) and what is typed. An edit is a thing as it was and as it is; it is taken back only while the thing still is so, so that
// what somebody else, or the show, has changed since is never overwritten. Reentrant.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tools/panel/commands.h"

namespace vitrine::panel {

struct PanelState;

/// Found again by its words and its place: a callout's number changes when one before it goes.
struct CalloutThing {
    std::string product, id;  ///< id empty: not known yet
    bool there = true;
    std::array<double, 3> at_mm{};
    LocalText text;
    std::string spec;
};
struct MasksThing {
    std::string camera;
    std::vector<PrivacyMask> masks;
};
struct StartThing {
    std::int64_t starts_at_us = 0;
};
struct GainThing {
    std::string source;
    double gain_db = 0;
};
struct MessageThing {
    std::string id;
    int priority = 0;
    bool pinned = false;
    desk::MessageState state = desk::MessageState::shown;
};
struct PointThing {
    std::string id;
    desk::PointState state = desk::PointState::open;
};
struct OrderThing {
    desk::Order order;
    bool there = true;
};
/// The first is what was typed; the others go with it.
struct KeptThing {
    std::vector<Keep> all;
};
using Thing = std::variant<CalloutThing, MasksThing, StartThing, GainThing, MessageThing, PointThing, OrderThing, KeptThing>;

struct Edit {
    std::string name, what;  ///< a sentence's key, and whose: "undo.callout_moved", "Heat sink"
    Thing was, is;
    double at = 0;
    std::uint64_t batch = 0;  ///< of the frame that asked for it
};

/// Keeps what these commands edit; the number of their batch. Before they are carried out.
std::uint64_t note_edits(const Commands& commands, PanelState& state);
/// They were refused.
void forget_edits(PanelState& state, std::uint64_t batch);
/// Puts into `commands` what Undo and Redo among its acts come to, and what is to be said of it.
void take_back(PanelState& state, Commands& commands);
/// "moved callout “Heat sink”".
std::string edit_words(const PanelState& state, const Edit& edit);

}  // namespace vitrine::panel
