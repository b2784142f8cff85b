#include "engine/commands.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/command_fields.h"
#include "engine/config_source.h"

namespace vitrine {
namespace {

using command_fields::Fields;
using command_fields::Taker;
using nlohmann::json;

constexpr std::size_t longest_command = 64 * 1024;
constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_title = 200;
constexpr int longest_fade_ms = 5000;
constexpr std::size_t longest_folder = 4000, longest_source = 2100;

constexpr std::string_view command_names =
    "prepare, go_live, pause, resume, end, switch_scene, pin, show_callout, show_card, show_badges, show_specs, show_lower_third, "
    "mark_chapter, mute, show_model, model_variant, explode_model, x_ray, section, safe, set_masks, place_callout, put_callout, "
    "remove_callout, next, previous, mute_source, source_gain, record, show_ticker, set_start";

tl::unexpected<Error> refuse(std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); }

std::optional<SessionMove> move_named(const std::string& name) {
    for (const SessionMove move : {SessionMove::prepare, SessionMove::go_live, SessionMove::pause, SessionMove::resume, SessionMove::end}) {
        if (to_string(move) == name) return move;
    }
    return std::nullopt;
}

struct Writer {
    json operator()(const MoveSession& c) const { return {{"command", to_string(c.move)}}; }
    json operator()(const SwitchScene& c) const {
        return {{"command", "switch_scene"}, {"scene", c.scene}, {"duration_ms", c.duration_ms}};
    }
    json operator()(const PinProduct& c) const { return {{"command", "pin"}, {"product", c.product}}; }
    json operator()(const ShowCallout& c) const { return {{"command", "show_callout"}, {"callout", c.callout}, {"visible", c.visible}}; }
    json operator()(const ShowCard& c) const { return {{"command", "show_card"}, {"visible", c.visible}}; }
    json operator()(const ShowBadges& c) const { return {{"command", "show_badges"}, {"visible", c.visible}}; }
    json operator()(const ShowSpecs& c) const { return {{"command", "show_specs"}, {"visible", c.visible}}; }
    json operator()(const ShowLowerThird& c) const { return {{"command", "show_lower_third"}, {"speaker", c.speaker}}; }
    json operator()(const MarkChapter& c) const { return {{"command", "mark_chapter"}, {"title", c.title}}; }
    json operator()(const Mute& c) const { return {{"command", "mute"}, {"muted", c.muted}}; }
    json operator()(const ShowModel& c) const { return {{"command", "show_model"}, {"product", c.product}, {"visible", c.visible}}; }
    json operator()(const ChooseModelVariant& c) const {
        return {{"command", "model_variant"}, {"product", c.product}, {"variant", c.variant}};
    }
    json operator()(const ExplodeModel& c) const { return {{"command", "explode_model"}, {"product", c.product}, {"amount", c.amount}}; }
    json operator()(const XRayModel& c) const { return {{"command", "x_ray"}, {"product", c.product}, {"on", c.on}}; }
    json operator()(const ShowTicker& c) const { return {{"command", "show_ticker"}, {"visible", c.visible}}; }
    json operator()(const SectionModel& c) const {
        return {{"command", "section"}, {"product", c.product}, {"at", c.at ? json(*c.at) : json(nullptr)}};
    }
    json operator()(const HoldSafe& c) const { return {{"command", "safe"}, {"on", c.on}}; }
    json operator()(const SetMasks& c) const {
        json masks = json::array();
        for (const PrivacyMask& mask : c.masks) masks.push_back({{"polygon", mask.polygon}, {"fill", to_string(mask.fill)}});
        return {{"command", "set_masks"}, {"camera", c.camera}, {"masks", std::move(masks)}, {"save", c.save}};
    }
    json operator()(const PlaceCallout& c) const {
        return {{"command", "place_callout"}, {"callout", c.callout}, {"at", c.at_mm}, {"save", c.save}};
    }
    json operator()(const PutCallout& c) const {
        json out{{"command", "put_callout"}, {"product", c.product}, {"id", c.id}};
        if (c.at_mm) out["at"] = *c.at_mm;
        if (c.text) out["text"] = c.text->by_language;
        if (c.spec) out["spec"] = *c.spec;
        return out;
    }
    json operator()(const RemoveCallout& c) const { return {{"command", "remove_callout"}, {"callout", c.callout}}; }
    json operator()(const StepRundown& c) const { return {{"command", c.by < 0 ? "previous" : "next"}}; }
    json operator()(const MuteSource& c) const { return {{"command", "mute_source"}, {"source", c.source}, {"muted", c.muted}}; }
    json operator()(const SetSourceGain& c) const { return {{"command", "source_gain"}, {"source", c.source}, {"gain_db", c.gain_db}}; }
    json operator()(const SetStart& c) const {
        const json at = c.starts_at_us > 0 ? json(config::moment_text(c.starts_at_us)) : json(nullptr);
        return {{"command", "set_start"}, {"starts_at", at}, {"save", c.save}};
    }
    json operator()(const SetRecording& c) const { return {{"command", "record"}, {"on", c.on}, {"folder", c.folder}}; }
};

Result<Command> read(Fields fields) {
    const auto named = fields.find("command");
    if (named == fields.end()) return refuse("the field \"command\" is missing; it names one of: " + std::string(command_names));
    const auto* text = std::get_if<std::string>(&named->second);
    if (text == nullptr) return refuse("the field \"command\" must be a text, one of: " + std::string(command_names));
    const std::string name = *text;
    fields.erase(named);

    Taker take(name, std::move(fields));
    if (const auto move = move_named(name)) return take.finish(MoveSession{*move});
    if (name == "switch_scene") {
        SwitchScene command;
        command.scene = take.text("scene", longest_id);
        command.duration_ms = take.whole("duration_ms", 0, 0, longest_fade_ms);
        return take.finish(command);
    }
    if (name == "pin") return take.finish(PinProduct{take.text("product", longest_id)});
    if (name == "show_callout") {
        ShowCallout command;
        command.callout = take.text("callout", longest_id);
        command.visible = take.flag("visible", true);
        return take.finish(command);
    }
    if (name == "show_card") return take.finish(ShowCard{take.flag("visible", true)});
    if (name == "show_badges") return take.finish(ShowBadges{take.flag("visible", true)});
    if (name == "show_specs") return take.finish(ShowSpecs{take.flag("visible", true)});
    if (name == "show_lower_third") return take.finish(ShowLowerThird{take.text("speaker", longest_id)});
    if (name == "show_ticker") return take.finish(ShowTicker{take.flag("visible", true)});
    if (name == "mark_chapter") return take.finish(MarkChapter{take.text("title", longest_title)});
    if (name == "mute") return take.finish(Mute{take.flag("muted", true)});
    if (name == "show_model") {
        ShowModel command{take.text("product", longest_id)};
        command.visible = take.flag("visible", true);
        return take.finish(command);
    }
    if (name == "model_variant") {
        ChooseModelVariant command{take.text("product", longest_id), {}};
        command.variant = take.text("variant", longest_id);
        return take.finish(command);
    }
    if (name == "explode_model") {
        ExplodeModel command{take.text("product", longest_id)};
        command.amount = take.share("amount", true).value_or(0);
        return take.finish(command);
    }
    if (name == "x_ray") {
        XRayModel command{take.text("product", longest_id)};
        command.on = take.flag("on", true);
        return take.finish(command);
    }
    if (name == "section") {
        SectionModel command{take.text("product", longest_id), std::nullopt};
        command.at = take.share("at", false);
        return take.finish(command);
    }
    if (name == "safe") return take.finish(HoldSafe{take.flag("on", true)});
    if (name == "set_masks") {
        SetMasks command{take.text("camera", longest_id), take.masks("masks")};
        command.save = take.flag("save", false);
        return take.finish(command);
    }
    if (name == "place_callout") {
        PlaceCallout command{take.text("callout", longest_id), take.point("at", true).value_or(std::array<double, 3>{})};
        command.save = take.flag("save", false);
        return take.finish(command);
    }
    if (name == "put_callout") {
        PutCallout command{
            take.text("product", longest_id), take.text_or("id", longest_id), take.point("at", false), take.texts("text"), {}};
        if (take.has("spec")) command.spec = take.text("spec", longest_id);
        return take.finish(command);
    }
    if (name == "remove_callout") return take.finish(RemoveCallout{take.text("callout", longest_id)});
    if (name == "next" || name == "previous") return take.finish(StepRundown{name == "next" ? 1 : -1});
    if (name == "mute_source") {
        MuteSource command{take.text("source", longest_source)};
        command.muted = take.flag("muted", true);
        return take.finish(command);
    }
    if (name == "source_gain") {
        SetSourceGain command{take.text("source", longest_source)};
        command.gain_db = take.number("gain_db", least_gain_db, most_gain_db);
        return take.finish(command);
    }
    if (name == "record") {
        SetRecording command{take.flag("on", true)};
        command.folder = take.text_or("folder", longest_folder);
        return take.finish(command);
    }
    if (name == "set_start") {
        SetStart command{take.moment("starts_at")};
        command.save = take.flag("save", false);
        return take.finish(command);
    }
    return refuse("there is no command " + command_fields::in_quotes(name) + "; there are: " + std::string(command_names));
}

}  // namespace

Result<Command> command_from_json(std::string_view text) {
    if (text.size() > longest_command) {
        return refuse("a command is at most " + std::to_string(longest_command) + " bytes long, this one has " +
                      std::to_string(text.size()));
    }
    Result<Fields> fields = command_fields::read_fields(text);
    if (!fields) return tl::unexpected(fields.error());
    return read(std::move(*fields));
}

std::string command_to_json(const Command& command) {
    return std::visit(Writer{}, command).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace vitrine
