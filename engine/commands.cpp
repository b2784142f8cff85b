#include "engine/commands.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/printable.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::size_t longest_command = 64 * 1024;
constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_title = 200;
constexpr int longest_fade_ms = 5000;
constexpr std::size_t most_fields = 16;

constexpr std::string_view command_names =
    "prepare, go_live, pause, resume, end, switch_scene, pin, show_callout, show_card, show_badges, show_specs, show_lower_third, "
    "mark_chapter, mute, show_model, model_variant, explode_model, x_ray, section, show_ticker";

using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string>;
using Fields = std::map<std::string, Value>;

tl::unexpected<Error> refuse(std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); }

/// For sentences: what came from outside, short and on one line.
std::string in_quotes(std::string_view text) { return "\"" + printable(text, 60) + "\""; }

/// Takes one flat object and stops at the first thing that does not belong in one, so nested junk is never built.
class FlatObject final : public nlohmann::json_sax<json> {
  public:
    Fields fields;
    std::string problem;

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(static_cast<std::int64_t>(value)); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value <= static_cast<number_unsigned_t>(INT64_MAX)) return put(static_cast<std::int64_t>(value));
        return put(static_cast<double>(value));
    }
    bool number_float(number_float_t value, const string_t& /*text*/) override { return put(value); }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return stop("a command holds no binary data"); }
    bool start_object(std::size_t /*count*/) override {
        if (open_) return stop("the field " + in_quotes(key_) + " must not be an object: a command is one flat JSON object");
        open_ = true;
        return true;
    }
    bool key(string_t& key) override {
        if (fields.contains(key)) return stop("the field " + in_quotes(key) + " is given twice");
        if (fields.size() >= most_fields) return stop("a command has at most " + std::to_string(most_fields) + " fields");
        key_ = key;
        return true;
    }
    bool end_object() override { return true; }
    bool start_array(std::size_t /*count*/) override {
        if (!open_) return stop("a command must be a JSON object, not a list");
        return stop("the field " + in_quotes(key_) + " must not be a list: a command is one flat JSON object");
    }
    bool end_array() override { return true; }
    bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::detail::exception& /*why*/) override {
        return stop("this is not JSON: the mistake is near byte " + std::to_string(position));
    }

  private:
    bool stop(std::string why) {
        problem = std::move(why);
        return false;
    }
    bool put(Value value) {
        if (!open_) return stop("a command must be a JSON object such as {\"command\":\"go_live\"}");
        fields.insert_or_assign(key_, std::move(value));
        return true;
    }

    bool open_ = false;
    std::string key_;
};

/// Hands out the fields of one command by name; the first problem wins; finish() refuses what nobody asked for.
class Taker {
  public:
    Taker(std::string command, Fields fields) : command_(std::move(command)), fields_(std::move(fields)) {}

    std::string text(const std::string& name, std::size_t longest) {
        const std::optional<Value> value = take(name, true);
        if (!value) return {};
        const auto* text = std::get_if<std::string>(&*value);
        if (text == nullptr) {
            complain(name, "must be a text");
            return {};
        }
        if (text->size() > longest)
            complain(name, "must be at most " + std::to_string(longest) + " bytes long, it has " + std::to_string(text->size()));
        const bool control =
            std::any_of(text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
        if (control) complain(name, "must not hold control characters");
        return *text;
    }
    bool flag(const std::string& name, bool fallback) {
        const std::optional<Value> value = take(name, false);
        if (!value) return fallback;
        if (const auto* flag = std::get_if<bool>(&*value)) return *flag;
        complain(name, "must be true or false");
        return fallback;
    }
    int whole(const std::string& name, int fallback, int least, int most) {
        const std::optional<Value> value = take(name, false);
        if (!value) return fallback;
        const auto* number = std::get_if<std::int64_t>(&*value);
        if (number == nullptr || *number < least || *number > most) {
            complain(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
            return fallback;
        }
        return static_cast<int>(*number);
    }
    /// A number from 0 to 1; nothing when it is null or left out and need not be there.
    std::optional<double> share(const std::string& name, bool required) {
        const std::optional<Value> value = take(name, required);
        if (!value || (!required && std::holds_alternative<std::nullptr_t>(*value))) return std::nullopt;
        double number = -1;
        if (const auto* whole = std::get_if<std::int64_t>(&*value)) number = static_cast<double>(*whole);
        if (const auto* real = std::get_if<double>(&*value)) number = *real;
        if (number >= 0 && number <= 1) return number;
        complain(name, required ? "must be a number from 0 to 1" : "must be a number from 0 to 1, or null");
        return std::nullopt;
    }
    Result<Command> finish(Command command) {
        if (!problem_.empty()) return refuse(problem_);
        if (!fields_.empty()) return refuse("the command \"" + command_ + "\" has no field " + in_quotes(fields_.begin()->first));
        return command;
    }

  private:
    std::optional<Value> take(const std::string& name, bool required) {
        const auto found = fields_.find(name);
        if (found == fields_.end()) {
            if (required && problem_.empty()) problem_ = "the command \"" + command_ + "\" needs the field \"" + name + "\"";
            return std::nullopt;
        }
        Value value = std::move(found->second);
        fields_.erase(found);
        return value;
    }
    void complain(const std::string& name, const std::string& what) {
        if (problem_.empty()) problem_ = "the field \"" + name + "\" of the command \"" + command_ + "\" " + what;
    }

    std::string command_;
    Fields fields_;
    std::string problem_;
};

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
    return refuse("there is no command " + in_quotes(name) + "; there are: " + std::string(command_names));
}

}  // namespace

Result<Command> command_from_json(std::string_view text) {
    if (text.size() > longest_command) {
        return refuse("a command is at most " + std::to_string(longest_command) + " bytes long, this one has " +
                      std::to_string(text.size()));
    }
    FlatObject object;
    try {
        if (!json::sax_parse(text.begin(), text.end(), &object)) {
            return refuse(object.problem.empty() ? "this is not a JSON object" : object.problem);
        }
        return read(std::move(object.fields));
    } catch (const std::exception& problem) {
        return refuse(std::string("the command cannot be read: ") + problem.what());
    }
}

std::string command_to_json(const Command& command) {
    return std::visit(Writer{}, command).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace vitrine
