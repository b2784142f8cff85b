#include "engine/command_fields.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

#include "engine/config_source.h"
#include "engine/printable.h"

namespace vitrine::command_fields {
namespace {

using nlohmann::json;

constexpr std::size_t longest_command = 64 * 1024;
constexpr std::size_t most_fields = 16;
constexpr std::size_t deepest = 4;  // a mask list: list, mask, polygon, corner
constexpr std::size_t most_values = 4000;
constexpr std::size_t most_masks = 16, longest_text = 2000, most_languages = 32;

tl::unexpected<Error> refuse(std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); }

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
        if (!open_) return open_ = true;
        if (!may_hold_more()) return stop("the field " + in_quotes(key_) + " must not be an object: a command is one flat JSON object");
        return push(json::object());
    }
    bool key(string_t& key) override {
        if (!inside_.empty()) {
            if (inside_.back().contains(key)) return stop("the field " + in_quotes(key_) + " holds " + in_quotes(key) + " twice");
            keys_.back() = key;
            return true;
        }
        if (fields.contains(key)) return stop("the field " + in_quotes(key) + " is given twice");
        if (fields.size() >= most_fields) return stop("a command has at most " + std::to_string(most_fields) + " fields");
        key_ = key;
        return true;
    }
    bool end_object() override { return inside_.empty() ? true : pop(); }
    bool start_array(std::size_t /*count*/) override {
        if (!open_) return stop("a command must be a JSON object, not a list");
        if (!may_hold_more()) return stop("the field " + in_quotes(key_) + " must not be a list: a command is one flat JSON object");
        return push(json::array());
    }
    bool end_array() override { return pop(); }
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
        if (!inside_.empty()) {
            if (++values_ > most_values) return stop("the field " + in_quotes(key_) + " holds too much");
            std::visit([this](auto& one) { add(std::move(one)); }, value);
            return true;
        }
        fields.insert_or_assign(key_, std::move(value));
        return true;
    }

    bool may_hold_more() const {
        static constexpr std::string_view structured[] = {"masks", "at", "text"};
        return std::find(std::begin(structured), std::end(structured), key_) != std::end(structured) && inside_.size() < deepest;
    }
    bool push(json empty) {
        inside_.push_back(std::move(empty));
        keys_.emplace_back();
        return true;
    }
    void add(json value) {
        if (inside_.back().is_array()) {
            inside_.back().push_back(std::move(value));
        } else {
            inside_.back()[keys_.back()] = std::move(value);
        }
    }
    bool pop() {
        json done = std::move(inside_.back());
        inside_.pop_back();
        keys_.pop_back();
        if (inside_.empty()) {
            fields.insert_or_assign(key_, std::move(done));
        } else if (++values_ > most_values) {
            return stop("the field " + in_quotes(key_) + " holds too much");
        } else {
            add(std::move(done));
        }
        return true;
    }

    bool open_ = false;
    std::string key_;
    std::vector<json> inside_;  ///< lists and objects under way, within key_
    std::vector<std::string> keys_;
    std::size_t values_ = 0;
};

std::optional<double> finite(const json& value) {
    if (!value.is_number()) return std::nullopt;
    const auto number = value.get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool has_control(std::string_view text, bool many_lines) {
    return std::any_of(text.begin(), text.end(),
                       [&](char c) { return (static_cast<unsigned char>(c) < 0x20 && !(many_lines && c == '\n')) || c == 0x7f; });
}

/// Shape only; whether it makes a mask is for the show to say.
std::optional<PrivacyMask> mask_of(const json& value) {
    if (!value.is_object() || !value.contains("polygon") || !value["polygon"].is_array()) return std::nullopt;
    PrivacyMask mask;
    for (const json& corner : value["polygon"]) {
        if (!corner.is_array() || corner.size() != 2) return std::nullopt;
        const auto x = finite(corner[0]), y = finite(corner[1]);
        if (!x || !y) return std::nullopt;
        mask.polygon.push_back({static_cast<float>(*x), static_cast<float>(*y)});
    }
    std::size_t known = 1;
    if (value.contains("fill")) {
        ++known;
        const json& fill = value["fill"];
        if (!fill.is_string()) return std::nullopt;
        const auto named = mask_fill_named(fill.get_ref<const std::string&>());
        if (!named) return std::nullopt;
        mask.fill = *named;
    }
    if (value.size() != known) return std::nullopt;
    return mask;
}

}  // namespace

std::string in_quotes(std::string_view text) { return "\"" + printable(text, 60) + "\""; }

Result<Fields> read_fields(std::string_view text) {
    if (text.size() > longest_command) {
        return refuse("a command is at most " + std::to_string(longest_command) + " bytes long, this one has " +
                      std::to_string(text.size()));
    }
    FlatObject object;
    try {
        if (!json::sax_parse(text.begin(), text.end(), &object))
            return refuse(object.problem.empty() ? "this is not a JSON object" : object.problem);
        return std::move(object.fields);
    } catch (const std::exception& problem) {
        return refuse(std::string("the command cannot be read: ") + problem.what());
    }
}

std::string Taker::text(const std::string& name, std::size_t longest) {
    const std::optional<Value> value = take(name, true);
    if (!value) return {};
    const auto* text = std::get_if<std::string>(&*value);
    if (text == nullptr) {
        complain(name, "must be a text");
        return {};
    }
    if (text->size() > longest)
        complain(name, "must be at most " + std::to_string(longest) + " bytes long, it has " + std::to_string(text->size()));
    const bool control = std::any_of(text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (control) complain(name, "must not hold control characters");
    return *text;
}

bool Taker::flag(const std::string& name, bool fallback) {
    const std::optional<Value> value = take(name, false);
    if (!value) return fallback;
    if (const auto* flag = std::get_if<bool>(&*value)) return *flag;
    complain(name, "must be true or false");
    return fallback;
}

int Taker::whole(const std::string& name, int fallback, int least, int most) {
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
std::optional<double> Taker::share(const std::string& name, bool required) {
    const std::optional<Value> value = take(name, required);
    if (!value || (!required && std::holds_alternative<std::nullptr_t>(*value))) return std::nullopt;
    double number = -1;
    if (const auto* whole = std::get_if<std::int64_t>(&*value)) number = static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&*value)) number = *real;
    if (number >= 0 && number <= 1) return number;
    complain(name, required ? "must be a number from 0 to 1" : "must be a number from 0 to 1, or null");
    return std::nullopt;
}

std::int64_t Taker::moment(const std::string& name) {
    const std::optional<Value> value = take(name, true);
    if (!value || std::holds_alternative<std::nullptr_t>(*value)) return 0;
    const auto* text = std::get_if<std::string>(&*value);
    const auto at = text ? config::parse_moment(*text) : config::Judged<std::int64_t>(0);
    if (text && at) return *at;
    complain(name, text ? at.error().what + ", " + at.error().hint : "must be a text such as \"2026-11-26T14:00:00+08:00\", or null");
    return 0;
}

Result<Command> Taker::finish(Command command) {
    if (!problem_.empty()) return refuse(problem_);
    if (!fields_.empty()) return refuse("the command \"" + command_ + "\" has no field " + in_quotes(fields_.begin()->first));
    return command;
}

double Taker::number(const std::string& name, double least, double most) {
    const std::optional<Value> value = take(name, true);
    if (!value) return 0;
    double number = std::nan("");
    if (const auto* whole = std::get_if<std::int64_t>(&*value)) number = static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&*value)) number = *real;
    if (number >= least && number <= most) return number;
    complain(name, "must be a number from " + json(least).dump() + " to " + json(most).dump());
    return 0;
}

std::optional<std::array<double, 3>> Taker::point(const std::string& name, bool required) {
    const std::optional<Value> value = take(name, required);
    if (!value) return std::nullopt;
    const auto* list = std::get_if<json>(&*value);
    std::array<double, 3> at{};
    bool good = list && list->is_array() && (list->size() == 2 || list->size() == 3);
    for (std::size_t i = 0; good && i < list->size(); ++i) {
        const auto number = finite((*list)[i]);
        good = number.has_value();
        if (good) at[i] = *number;
    }
    if (good) return at;
    complain(name, "must be a point [x, y] or [x, y, z] in mm");
    return std::nullopt;
}

std::optional<LocalText> Taker::texts(const std::string& name) {
    const std::optional<Value> value = take(name, false);
    if (!value) return std::nullopt;
    const auto* object = std::get_if<json>(&*value);
    if (!object || !object->is_object() || object->empty() || object->size() > most_languages) {
        complain(name, "must hold a text for each language, such as {\"en\":\"Die-cast heat sink\"}");
        return std::nullopt;
    }
    LocalText texts;
    for (const auto& [language, text] : object->items()) {
        const auto* words = text.get_ptr<const std::string*>();
        if (!words || words->empty() || words->size() > longest_text || has_control(*words, true)) {
            complain(name,
                     "must hold 1 to " + std::to_string(longest_text) + " bytes of text for each language, without control characters");
            return std::nullopt;
        }
        texts.by_language[language] = *words;
    }
    return texts;
}

std::vector<PrivacyMask> Taker::masks(const std::string& name) {
    const std::optional<Value> value = take(name, true);
    if (!value) return {};
    const auto* list = std::get_if<json>(&*value);
    std::vector<PrivacyMask> masks;
    if (list && list->is_array() && list->size() <= most_masks) {
        for (const json& one : *list) {
            auto mask = mask_of(one);
            if (!mask) break;
            masks.push_back(std::move(*mask));
        }
        if (masks.size() == list->size()) return masks;
    }
    complain(name, "must be a list of at most " + std::to_string(most_masks) +
                       " masks such as {\"polygon\":[[0,0],[0.5,0],[0.5,0.5]],\"fill\":\"solid\"}; a fill is solid, mosaic or blur");
    return {};
}

std::optional<Value> Taker::take(const std::string& name, bool required) {
    const auto found = fields_.find(name);
    if (found == fields_.end()) {
        if (required && problem_.empty()) problem_ = "the command \"" + command_ + "\" needs the field \"" + name + "\"";
        return std::nullopt;
    }
    Value value = std::move(found->second);
    fields_.erase(found);
    return value;
}

void Taker::complain(const std::string& name, const std::string& what) {
    if (problem_.empty()) problem_ = "the field \"" + name + "\" of the command \"" + command_ + "\" " + what;
}

}  // namespace vitrine::command_fields
