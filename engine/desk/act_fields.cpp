#include "engine/desk/act_fields.h"

#include <cmath>
#include <set>

#include "engine/desk/money.h"
#include "engine/desk/text_rules.h"
#include "engine/printable.h"

namespace vitrine::desk {
namespace {

using nlohmann::json;

constexpr std::size_t deepest = 6;
constexpr int most_values = 500;
constexpr double most_mm = 10000;

struct TooMuch {
    std::string sentence;
};

std::string in_quotes(std::string_view text) { return "\"" + printable(text, 60) + "\""; }

}  // namespace

Result<json> bounded_json(std::string_view text) {
    const auto refuse = [](std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); };
    if (text.size() > longest_act) return refuse("an act is at most " + std::to_string(longest_act) + " bytes long");
    std::vector<std::set<std::string>> names;
    int values = 0;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
        if (++values > most_values) throw TooMuch{"an act has at most " + std::to_string(most_values) + " values"};
        if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
            if (static_cast<std::size_t>(depth) >= deepest) throw TooMuch{"an act is at most " + std::to_string(deepest) + " levels deep"};
            names.resize(static_cast<std::size_t>(depth) + 2);
            names.back().clear();
        } else if (event == json::parse_event_t::key) {
            const auto& name = parsed.get_ref<const std::string&>();
            if (!names.at(static_cast<std::size_t>(depth)).insert(name).second)
                throw TooMuch{"the field " + in_quotes(name) + " is given twice"};
        }
        return true;
    };
    try {
        json value = json::parse(text.begin(), text.end(), watch);
        if (!value.is_object()) return refuse("an act must be a JSON object such as {\"act\":\"say\",\"text\":\"…\"}");
        return value;
    } catch (const TooMuch& too_much) {
        return refuse(too_much.sentence);
    } catch (const json::parse_error& problem) {
        return refuse("this is not JSON: the mistake is near byte " + std::to_string(problem.byte));
    } catch (const std::exception& problem) {
        return refuse("the act cannot be read: " + printable(problem.what(), 100));
    }
}

ActFields::ActFields(json object, std::string where) : object_(std::move(object)), where_(std::move(where)) {}

void ActFields::complain(const std::string& name, const std::string& what) {
    if (problem_.empty()) problem_ = "the field \"" + name + "\" of " + where_ + " " + what;
}

void ActFields::take_problem(ActFields& part) {
    if (const std::string& theirs = part.finish(); problem_.empty()) problem_ = theirs;
}

const std::string& ActFields::finish() {
    if (problem_.empty() && !object_.empty()) problem_ = where_ + " has no field " + in_quotes(object_.begin().key());
    return problem_;
}

std::optional<json> ActFields::take(const char* name, Must must) {
    const auto found = object_.find(name);
    if (found == object_.end()) {
        if (must == Must::be_there && problem_.empty()) problem_ = where_ + " needs the field \"" + name + "\"";
        return std::nullopt;
    }
    json value = std::move(*found);
    object_.erase(found);
    if (value.is_null()) {
        if (must == Must::be_there) complain(name, "must not be null");
        return std::nullopt;
    }
    return value;
}

std::string ActFields::clean(const std::string& name, const json& value, std::size_t most_letters) {
    if (!value.is_string()) {
        complain(name, "must be a text");
        return {};
    }
    auto text = clean_text(value.get_ref<const std::string&>());
    if (!text) {
        complain(name, "must not hold control characters");
        return {};
    }
    if (const std::size_t count = letters(*text); count > most_letters)
        complain(name, "must have at most " + std::to_string(most_letters) + " letters, it has " + std::to_string(count));
    return std::move(*text);
}

std::string ActFields::text(const char* name, std::size_t most_letters, Must must) {
    const auto value = take(name, must);
    if (!value) return {};
    std::string text = clean(name, *value, most_letters);
    if (text.empty() && must == Must::be_there) complain(name, "must not be empty");
    return text;
}

std::optional<std::string> ActFields::maybe_text(const char* name, std::size_t most_bytes) {
    const auto value = take(name, Must::be_optional);
    if (!value) return std::nullopt;
    std::string text = clean(name, *value, most_bytes);
    if (text.size() > most_bytes) complain(name, "must be at most " + std::to_string(most_bytes) + " bytes long");
    return text;
}

std::string ActFields::id(const char* name, Must must) {
    std::string id = text(name, 64, must);
    if (!id.empty() && !is_id(id)) complain(name, "must be an id: 1 to 64 letters, digits, . _ + -");
    return id;
}

std::string ActFields::language(const char* name) {
    std::string tag = text(name, 35);
    if (!tag.empty() && !is_language(tag)) complain(name, "must be a language tag such as \"en\"");
    return tag;
}

std::optional<bool> ActFields::maybe_flag(const char* name) {
    const auto value = take(name, Must::be_optional);
    if (!value) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    complain(name, "must be true or false");
    return std::nullopt;
}

std::int64_t ActFields::whole(const char* name, std::int64_t fallback, std::int64_t least, std::int64_t most, Must must) {
    const auto value = take(name, must);
    if (!value) return fallback;
    const bool too_large = value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    if (value->is_number_integer() && !too_large) {
        const auto number = value->get<std::int64_t>();
        if (number >= least && number <= most) return number;
    }
    complain(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return fallback;
}

std::optional<Money> ActFields::money(const char* name) {
    auto part = object(name);
    if (!part) return std::nullopt;
    Money money;
    const std::string amount = part->text("amount", 20, Must::be_there);
    const auto e4 = e4_from(amount);
    if (!amount.empty() && !e4) part->complain("amount", "must be a text such as \"4.20\", with at most four decimals");
    if (e4 && *e4 == 0) part->complain("amount", "must be above 0");
    money.e4 = e4.value_or(0);
    money.currency = part->text("currency", 3, Must::be_there);
    if (!money.currency.empty() && !minor_digits(money.currency)) part->complain("currency", "must be an ISO 4217 code such as \"USD\"");
    take_problem(*part);
    return money;
}

SceneMoment ActFields::moment(const char* name) {
    SceneMoment moment;
    auto part = object(name);
    if (!part) return moment;
    moment.frame = static_cast<std::uint64_t>(part->whole("frame", 0, 0, INT64_MAX));
    moment.capture_us = part->whole("capture_us", 0, 0, INT64_MAX);
    moment.product = part->id("product", Must::be_optional);
    take_problem(*part);
    return moment;
}

std::array<double, 3> ActFields::point(const char* name) {
    std::array<double, 3> at{};
    const auto value = take(name, Must::be_there);
    if (!value) return at;
    bool good = value->is_array() && value->size() == 3;
    for (std::size_t i = 0; good && i < 3; ++i) {
        good = (*value)[i].is_number();
        if (good) at[i] = (*value)[i].get<double>();
        good = good && std::isfinite(at[i]) && std::abs(at[i]) <= most_mm;
    }
    if (!good) complain(name, "must be three numbers in mm from -10000 to 10000");
    return at;
}

LocalText ActFields::read_local_text(const std::string& name, const json& value, std::size_t most_letters) {
    LocalText text;
    if (!value.is_object() || value.empty() || value.size() > 16) {
        complain(name, "must be a text by language such as {\"en\":\"…\"}, in 1 to 16 languages");
        return text;
    }
    for (const auto& [language, words] : value.items()) {
        if (!is_language(language)) complain(name, "has a text for " + in_quotes(language) + ", which is no language");
        text.by_language[language] = clean(name, words, most_letters);
        if (text.by_language[language].empty()) complain(name, "must not be empty in any language");
    }
    return text;
}

LocalText ActFields::local_text(const char* name, std::size_t most_letters) {
    const auto value = take(name, Must::be_there);
    return value ? read_local_text(name, *value, most_letters) : LocalText{};
}

std::vector<LocalText> ActFields::local_texts(const char* name, std::size_t most_letters) {
    std::vector<LocalText> texts;
    const auto value = take(name, Must::be_there);
    if (!value) return texts;
    if (!value->is_array()) {
        complain(name, "must be a list of texts by language");
        return texts;
    }
    for (const json& item : *value) texts.push_back(read_local_text(name, item, most_letters));
    return texts;
}

std::vector<std::string> ActFields::ids(const char* name, std::size_t most) {
    std::vector<std::string> list;
    const auto value = take(name, Must::be_optional);
    if (!value) return list;
    bool good = value->is_array() && value->size() <= most;
    for (std::size_t i = 0; good && i < value->size(); ++i) {
        good = (*value)[i].is_string() && is_id((*value)[i].get_ref<const std::string&>());
        if (good) list.push_back((*value)[i].get<std::string>());
    }
    if (!good) complain(name, "must be a list of at most " + std::to_string(most) + " ids");
    return list;
}

std::vector<ActFields> ActFields::objects(const char* name, std::size_t most) {
    std::vector<ActFields> list;
    const auto value = take(name, Must::be_optional);
    if (!value) return list;
    if (!value->is_array() || value->size() > most) {
        complain(name, "must be a list of at most " + std::to_string(most) + " objects");
        return list;
    }
    for (const json& item : *value) {
        if (!item.is_object()) complain(name, "must be a list of objects");
        list.emplace_back(item.is_object() ? item : json::object(), "\"" + std::string(name) + "\" of " + where_);
    }
    return list;
}

std::optional<ActFields> ActFields::object(const char* name) {
    const auto value = take(name, Must::be_optional);
    if (!value) return std::nullopt;
    if (!value->is_object()) {
        complain(name, "must be an object");
        return std::nullopt;
    }
    return ActFields(*value, "\"" + std::string(name) + "\" of " + where_);
}

}  // namespace vitrine::desk
