#pragma once
// Everything that can be asked of the show. Panel, control API and feeds send the same commands. JSON form: an object with
// "command" and the fields below by name, e.g. {"command":"switch_scene","scene":"bench","duration_ms":500}.

#include <array>
#include <cstdint>
#include <map>
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

struct SetStart {
    std::int64_t starts_at_us = 0;
    bool save = false;
};  // "set_start"; "starts_at":"2026-11-26T14:00:00Z" or null: not said. Until the show goes live; with save also written to show.toml
struct HoldSafe {
    bool on = true;
};  // "safe"; at once the holding picture and silence, for everybody, in any session state; recordings go on
struct SetMasks {
    std::string camera;
    std::vector<PrivacyMask> masks;
    bool save = false;
};  // "set_masks"; "masks":[{"polygon":[[x,y],…],"fill":"solid"|"mosaic"|"blur"}], all of this camera's; empty: none
struct PlaceCallout {
    std::string callout;
    std::array<double, 3> at_mm{};
    bool save = false;
};  // "place_callout"; "at":[x,y] or [x,y,z] mm; live at once, with save also written to the product's file
struct PutCallout {
    std::string product, id;  ///< id left out: a new one that gets its number
    std::optional<std::array<double, 3>> at_mm;
    std::optional<LocalText> text;
    std::optional<std::string> spec;
};  // "put_callout"; "at", "text":{"en":…}, "spec"; what is left out stays. Written to the product's file, then live
struct RemoveCallout {
    std::string callout;
};  // "remove_callout"; from the product's file, then live
struct StepRundown {
    int by = 1;
};  // "next", "previous"; pins the product before or after in the rundown
struct MuteSource {
    std::string source;
    bool muted = true;
};  // "mute_source"; source: a key of the snapshot's "sounds"
inline constexpr double least_gain_db = -60, most_gain_db = 12;
struct SetSourceGain {
    std::string source;
    double gain_db = 0;
};  // "source_gain"; -60 … 12
struct SetRecording {
    bool on = true;
    std::string folder;
};  // "record"; folder left out: the one named before, else "recordings" in the show's folder; while live or paused

using Command =
    std::variant<MoveSession, SwitchScene, PinProduct, ShowCallout, ShowCard, ShowBadges, ShowSpecs, ShowLowerThird, MarkChapter, Mute,
                 ShowModel, ChooseModelVariant, ExplodeModel, XRayModel, SectionModel, HoldSafe, SetMasks, PlaceCallout, PutCallout,
                 RemoveCallout, StepRundown, MuteSource, SetSourceGain, SetRecording, ShowTicker, SetStart>;

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
    std::map<std::string, double> sources;  ///< peaks by SourceSpec::text(); those left out stay as they are
};
struct RecordingReport {
    Nanoseconds since = 0;
    std::uint64_t bytes = 0;
    double minutes_left = -1;
    std::string problem;
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
    double rtt_ms = 0, loss = 0, fps = 0, delay_ms = 0, delay95_ms = 0, path_kbps = 0;
};
struct TargetReport {
    std::string product;
    TargetFacts facts;
};
using Report = std::variant<CameraReport, OutputsReport, BuyersReport, AudioReport, NoticeReport, ModelReport, RecordingReport,
                            TargetReport, PresenceReport>;

}  // namespace vitrine
