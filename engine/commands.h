#pragma once
// Everything that can be asked of the show. Panel, control API and feeds send the same commands. JSON form: an object with
// "command" and the fields below by name, e.g. {"command":"switch_scene","scene":"bench","duration_ms":500}.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/result.h"
#include "engine/session.h"
#include "engine/snapshot.h"

namespace vitrine {

struct MoveSession {
    SessionMove move;
};  // "prepare" "go_live" "pause" "resume" "end"
struct SwitchScene {
    std::string scene;
    int duration_ms = 0;
};  // "switch_scene"; 0 is a cut, at most 5000 a fade
struct PinProduct {
    std::string product;
};  // "pin"; empty unpins
struct ShowCallout {
    std::string callout;
    bool visible = true;
};  // "show_callout"; a callout's or a dimension's id
struct ShowCard {
    bool visible = true;
};  // "show_card"
struct ShowBadges {
    bool visible = true;
};  // "show_badges"; certificates, energy label and footprint of the pinned product
struct ShowSpecs {
    bool visible = true;
};  // "show_specs"; the pinned product's whole table in the picture, in place of its card
struct ShowLowerThird {
    std::string speaker;
};  // "show_lower_third"; empty takes it away
struct MarkChapter {
    std::string title;
};  // "mark_chapter"; title at most 200 bytes
struct Mute {
    bool muted = true;
};  // "mute"

struct ShowModel {
    std::string product;
    bool visible = true;
};  // "show_model"
struct ChooseModelVariant {
    std::string product, variant;
};  // "model_variant"; empty variant: as modelled
struct ExplodeModel {
    std::string product;
    double amount = 0;
};  // "explode_model"; 0 together … 1 apart
struct XRayModel {
    std::string product;
    bool on = true;
};  // "x_ray"
struct SectionModel {
    std::string product;
    std::optional<double> at;
};  // "section"; 0 … 1, see ModelState; null or left out: not cut

struct ShowTicker {
    bool visible = true;
};  // "show_ticker"; the orders that run along the picture's edge

using Command = std::variant<MoveSession, SwitchScene, PinProduct, ShowCallout, ShowCard, ShowBadges, ShowSpecs, ShowLowerThird,
                             MarkChapter, Mute, ShowModel, ChooseModelVariant, ExplodeModel, XRayModel, SectionModel, ShowTicker>;

/// Reentrant. Refuses unknown commands, unknown or missing fields and wrong types with a sentence.
Result<Command> command_from_json(std::string_view json);
/// Reentrant.
std::string command_to_json(const Command&);

// What the rooms report to the show; not reachable from outside.
struct CameraReport {
    std::string camera;
    CameraStatus status;
};
struct OutputsReport {
    std::vector<OutputStatus> outputs;
};
struct BuyersReport {
    int buyers = 0;
};
struct AudioReport {
    double peak_db = -100;
};
struct NoticeReport {
    std::string sentence;
};
struct ModelReport {
    std::string product;
    ModelFacts facts;
};
/// How somebody is here: made at each change and every few seconds. Goes to the desk (DeskView::presence).
struct PresenceReport {
    std::string person, seat;
    int sockets = 0;  ///< of this person, together
    double rtt_ms = 0, loss = 0, fps = 0;
};
using Report = std::variant<CameraReport, OutputsReport, BuyersReport, AudioReport, NoticeReport, ModelReport, PresenceReport>;

}  // namespace vitrine
