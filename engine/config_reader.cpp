#include "engine/config_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/printable.h"

namespace vitrine::config {
namespace {

// The names directly under `pattern` in config_keys().
std::vector<std::string> names_under(const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& key : config_keys()) {
        std::string_view rest = key.key;
        if (pattern.empty()) {
            if (rest.starts_with("product.") || rest.starts_with("calibration.")) continue;
        } else {
            if (!rest.starts_with(pattern + ".")) continue;
            rest.remove_prefix(pattern.size() + 1);
        }
        const std::string name(rest.substr(0, rest.find_first_of(".[")));
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
}

// Where a name that is unknown here is at home: "[program]", "[[camera]]".
std::string home_of(std::string_view name, const std::string& pattern) {
    const bool in_product = pattern.starts_with("product");
    for (const auto& key : config_keys()) {
        const auto dot = key.key.rfind('.');
        if (std::string_view(key.key).substr(dot + 1) != name) continue;
        std::string section = key.key.substr(0, dot);
        if (section == pattern || section.starts_with("calibration") || section.starts_with("product") != in_product) continue;
        if (in_product) section = section == "product" ? "the top of the file" : section.substr(8);
        if (section.starts_with("the ")) return section;
        return section.ends_with("[]") ? "[[" + section.substr(0, section.size() - 2) + "]]" : "[" + section + "]";
    }
    return {};
}

std::string range_words(const Range& range) {
    return (range.above_low ? "more than " : "") + plain_number(range.low) + (range.above_low ? ", at most " : " to ") +
           plain_number(range.high) + (range.unit.empty() ? "" : " " + range.unit);
}

// "camera[1].masks" is written [[camera.masks]].
std::string without_indices(const std::string& key) {
    std::string out;
    bool inside = false;
    for (const char c : key) {
        if (c == '[') inside = true;
        if (!inside) out += c;
        if (c == ']') inside = false;
    }
    return out;
}

constexpr std::string_view languages_639_1 =
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff "
    "fi "
    "fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv "
    "kw "
    "ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn "
    "ro "
    "ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh "
    "yi "
    "yo za zh zu ";

struct Mistaken {
    std::string_view given, meant, language;
};
// Country codes and old forms that people write for a language.
constexpr std::array<Mistaken, 10> mistaken_tags{{{"cn", "zh", "Chinese"},
                                                  {"tc", "zh", "Chinese"},
                                                  {"jp", "ja", "Japanese"},
                                                  {"kp", "ko", "Korean"},
                                                  {"us", "en", "English"},
                                                  {"gb", "en", "English"},
                                                  {"cz", "cs", "Czech"},
                                                  {"dk", "da", "Danish"},
                                                  {"gr", "el", "Greek"},
                                                  {"ua", "uk", "Ukrainian"}}};

}  // namespace

std::string kind_of(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a string";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::date:
        case toml::node_type::time:
        case toml::node_type::date_time:
            return "a date";
        default:
            return "nothing";
    }
}

std::string plain_number(double value) {
    if (value == 0) value = 0;  // no -0
    char out[64];
    const bool long_hand = std::abs(value) >= 1e-4 && std::abs(value) < 1e15;
    const auto end = long_hand || value == 0 ? std::to_chars(out, out + sizeof out, value, std::chars_format::fixed)
                                             : std::to_chars(out, out + sizeof out, value);
    return {out, end.ptr};
}

bool has_area(const PrivacyMask& mask) {
    const auto& p = mask.polygon;
    for (std::size_t i = 1; i + 1 < p.size(); ++i)
        for (std::size_t j = i + 1; j < p.size(); ++j) {
            const float cross = (p[i][0] - p[0][0]) * (p[j][1] - p[0][1]) - (p[i][1] - p[0][1]) * (p[j][0] - p[0][0]);
            if (cross > 1e-9F || cross < -1e-9F) return true;
        }
    return false;
}

std::string id_fault(std::string_view id) {
    if (id.empty()) return "is empty";
    if (id.size() > 64) return "is longer than 64 characters";
    auto plain = [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '.' || c == '_' || c == '+' || c == '-'); };
    if (!std::all_of(id.begin(), id.end(), plain)) return in_quotes(id) + " has characters that an id may not have";
    if (!std::isalnum(static_cast<unsigned char>(id.front()))) return in_quotes(id) + " does not start with a letter or digit";
    return {};
}

Judged<void> judge_language(std::string_view tag) {
    auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    const bool shape = (tag.size() == 2 || tag.size() == 3) && std::all_of(tag.begin(), tag.end(), small);
    const bool listed = tag.size() == 2 && languages_639_1.find(std::string(tag) + " ") != std::string_view::npos;
    if (shape && (tag.size() == 3 || listed)) return {};
    for (const auto& m : mistaken_tags)
        if (tag == m.given)
            return fault(in_quotes(tag) + " is no language", "for " + std::string(m.language) + " write \"" + std::string(m.meant) + "\"");
    if (const auto cut = tag.find_first_of("-_"); cut != std::string_view::npos) {
        std::string primary(tag.substr(0, cut));
        std::transform(primary.begin(), primary.end(), primary.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (judge_language(primary)) return fault(in_quotes(tag) + " is more than a primary language tag", "write \"" + primary + "\"");
    }
    std::string small_tag(tag.substr(0, 8));
    std::transform(small_tag.begin(), small_tag.end(), small_tag.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (small_tag != tag && tag.size() <= 3 && judge_language(small_tag))
        return fault(in_quotes(tag) + " is not in small letters", "write \"" + small_tag + "\"");
    return fault(in_quotes(tag) + " is no language tag", "two small letters as in ISO 639-1: en, zh, es, pt, ar …");
}

TableReader::TableReader(const Context& context, const toml::table& table, std::string key, std::string pattern, int line)
    : context_(context), table_(table), key_(std::move(key)), pattern_(std::move(pattern)), line_(line) {
    const int own = static_cast<int>(table.source().begin.line);
    if (!key_.empty() && own > 0) line_ = own;
    judge_names();
}

std::string TableReader::key_of(std::string_view name) const {
    if (name.empty()) return key_;
    return key_.empty() ? std::string(name) : key_ + "." + std::string(name);
}

int TableReader::line_of(std::string_view name) const {
    const auto it = table_.find(name);
    if (it == table_.end()) return line_;
    if (const int line = static_cast<int>(it->first.source().begin.line); line > 0) return line;
    const int line = static_cast<int>(it->second.source().begin.line);
    return line > 0 ? line : line_;
}

void TableReader::judge_names() const {
    const auto known = names_under(pattern_);
    for (auto&& [name, value] : table_) {
        if (std::find(known.begin(), known.end(), name.str()) != known.end()) continue;
        if (context_.problems.full()) {
            wrong(name.str(), "is no key that is known here", "");
            continue;
        }
        const std::string meant = nearest(name.str(), known);
        std::string hint;
        if (!meant.empty()) {
            hint = "did you mean " + meant + "?";
        } else if (const auto home = home_of(name.str(), pattern_); !home.empty()) {
            hint = "it belongs in " + home;
        } else {
            hint = "known here:";
            for (const auto& k : known) hint += (hint.ends_with(':') ? " " : ", ") + k;
        }
        wrong(name.str(), "is no key that is known here", hint);
    }
}

void TableReader::wrong_at(int line, std::string_view key, std::string_view what, std::string_view hint) const {
    context_.problems.add(context_.document.file, line, key, what, hint);
}

void TableReader::wrong(std::string_view name, std::string_view what, std::string_view hint) const {
    wrong_at(name.empty() ? line_ : line_of(name), key_of(name), what, hint);
}

void TableReader::missing(std::string_view name, std::string_view hint) const {
    if (context_.document.whole) wrong_at(line_, key_of(name), "is missing", hint);
}

const toml::node* TableReader::take(std::string_view name, Need need, std::string_view example) const {
    const toml::node* node = table_.get(name);
    if (!node && need == Need::required) missing(name, "add " + std::string(name) + " = " + std::string(example));
    return node;
}

std::optional<std::string> TableReader::judged(std::string value, std::string_view key, int line, std::size_t longest,
                                               bool many_lines) const {
    const bool blank = value.find_first_not_of(" \t\r\n") == std::string::npos;
    const bool controls = std::any_of(value.begin(), value.end(), [&](unsigned char c) {
        if (many_lines && (c == '\n' || c == '\t' || c == '\r')) return false;
        return c < 0x20 || c == 0x7f;
    });
    if (blank) {
        wrong_at(line, key, "is empty", "write something or leave the key out");
    } else if (value.size() > longest) {
        wrong_at(line, key, "is " + std::to_string(value.size()) + " bytes long", "at most " + std::to_string(longest) + " bytes");
    } else if (controls) {
        wrong_at(line, key, "holds control characters: " + in_quotes(value), "take them out");
    } else {
        return value;
    }
    return std::nullopt;
}

std::optional<std::string> TableReader::string(std::string_view name, Need need, std::size_t longest) {
    const toml::node* node = take(name, need, "\"…\"");
    if (!node) return std::nullopt;
    if (!node->is_string()) {
        std::string as_string = context_.document.literal(*node);
        wrong(name, "is " + kind_of(*node) + ", not a string", as_string.empty() ? "write it in quotes" : "write \"" + as_string + "\"");
        return std::nullopt;
    }
    return judged(**node->as_string(), key_of(name), line_of(name), longest, false);
}

std::optional<std::string> TableReader::string_or_number(std::string_view name, Need need, std::size_t longest) {
    const toml::node* node = take(name, need, "\"…\"");
    if (!node) return std::nullopt;
    if (node->is_string()) return string(name, need, longest);
    if (!node->is_number()) {
        wrong(name, "is " + kind_of(*node) + ", not a string or a number", "write a number, or a string in quotes");
        return std::nullopt;
    }
    if (node->is_floating_point() && !std::isfinite(**node->as_floating_point())) {
        wrong(name, "is not a finite number", "write a number, or a string in quotes");
        return std::nullopt;
    }
    if (auto literal = context_.document.literal(*node); !literal.empty()) return literal;
    if (node->is_integer()) return std::to_string(**node->as_integer());
    return plain_number(**node->as_floating_point());
}

std::optional<double> TableReader::in_range(const toml::node& node, const std::string& key, int line, const Range& range) const {
    // Whole numbers beyond 2^53 lose digits here, which no range cares about.
    const double value = node.is_integer()          ? static_cast<double>(**node.as_integer())
                         : node.is_floating_point() ? **node.as_floating_point()
                                                    : NAN;
    const bool low_enough = value <= range.high;
    const bool high_enough = range.above_low ? value > range.low : value >= range.low;
    if (low_enough && high_enough) return value;
    wrong_at(line, key, std::isfinite(value) ? "is " + plain_number(value) : "is not a finite number", range_words(range));
    return std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view name, const Range& range, Need need) {
    const toml::node* node = take(name, need, plain_number(range.low));
    if (!node) return std::nullopt;
    if (!node->is_integer()) {
        wrong(name, "is " + kind_of(*node) + ", not a whole number", range_words(range));
        return std::nullopt;
    }
    if (!in_range(*node, key_of(name), line_of(name), range)) return std::nullopt;
    return **node->as_integer();
}

std::optional<double> TableReader::number(std::string_view name, const Range& range, Need need) {
    const toml::node* node = take(name, need, "…, " + range_words(range));
    if (!node) return std::nullopt;
    if (!node->is_number()) {
        wrong(name, "is " + kind_of(*node) + ", not a number", range_words(range));
        return std::nullopt;
    }
    return in_range(*node, key_of(name), line_of(name), range);
}

std::optional<bool> TableReader::boolean(std::string_view name) {
    const toml::node* node = take(name, Need::optional, "true");
    if (!node) return std::nullopt;
    if (!node->is_boolean()) {
        wrong(name, "is " + kind_of(*node) + ", not true or false", "write true or false, without quotes");
        return std::nullopt;
    }
    return **node->as_boolean();
}

std::optional<LocalText> TableReader::text(std::string_view name, Need need) {
    constexpr std::size_t longest = 2000;
    const toml::node* node = take(name, need, "{ " + context_.language + " = \"…\" }");
    if (!node) return std::nullopt;
    LocalText text;
    if (node->is_string()) {
        auto value = judged(**node->as_string(), key_of(name), line_of(name), longest, true);
        if (!value) return std::nullopt;
        text.by_language[context_.language] = *value;
        return text;
    }
    const toml::table* table = node->as_table();
    if (!table) {
        wrong(name, "is " + kind_of(*node) + ", not a text", "write { en = \"…\", zh = \"…\" }");
        return std::nullopt;
    }
    bool good = true;
    for (auto&& [language, value] : *table) {
        const std::string key = key_of(name) + "." + std::string(language.str());
        const int line = std::max(line_of(name), static_cast<int>(language.source().begin.line));
        if (auto tag = judge_language(language.str()); !tag) {
            wrong_at(line, key, tag.error().what, tag.error().hint);
            good = false;
        } else if (!value.is_string()) {
            wrong_at(line, key, "is " + kind_of(value) + ", not a string", "write it in quotes");
            good = false;
        } else if (auto fine = judged(**value.as_string(), key, line, longest, true)) {
            text.by_language[std::string(language.str())] = *fine;
        } else {
            good = false;
        }
    }
    if (good && text.by_language.empty()) {
        wrong(name, "has no text in any language", "write { " + context_.language + " = \"…\" }");
        good = false;
    }
    return good ? std::optional(text) : std::nullopt;
}

std::optional<std::string> TableReader::id(std::string_view name, Need need) {
    auto value = string(name, need, 1000);
    if (!value) return std::nullopt;
    if (const auto why = id_fault(*value); !why.empty()) {
        wrong(name, why, "1 to 64 of the characters A-Z a-z 0-9 . _ + -, the first a letter or digit");
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> TableReader::word(std::string_view name, const std::vector<std::string>& allowed) {
    auto value = string(name);
    if (!value) return std::nullopt;
    if (std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return value;
    wrong(name, in_quotes(*value) + " is not known", suggest(*value, allowed));
    return std::nullopt;
}

std::optional<std::vector<double>> TableReader::row(const toml::node& node, const std::string& key, int line, std::size_t least,
                                                    std::size_t most, const Range& each) const {
    const toml::array* array = node.as_array();
    const std::string count = least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
    if (!array) {
        wrong_at(line, key, "is " + kind_of(node) + ", not a list", "a list of " + count + " numbers in [ ]");
        return std::nullopt;
    }
    if (array->size() < least || array->size() > most) {
        wrong_at(line, key, "has " + std::to_string(array->size()) + " entries", "a list of " + count + " numbers");
        return std::nullopt;
    }
    std::vector<double> out;
    for (std::size_t i = 0; i < array->size(); ++i) {
        const toml::node& entry = *array->get(i);
        const std::string entry_key = key + "[" + std::to_string(i) + "]";
        const int own = static_cast<int>(entry.source().begin.line);
        if (!entry.is_number()) {
            wrong_at(own > 0 ? own : line, entry_key, "is " + kind_of(entry) + ", not a number", range_words(each));
        } else if (auto value = in_range(entry, entry_key, own > 0 ? own : line, each)) {
            out.push_back(*value);
        }
    }
    return out.size() == array->size() ? std::optional(out) : std::nullopt;
}

std::optional<std::vector<double>> TableReader::numbers(std::string_view name, std::size_t least, std::size_t most, const Range& each,
                                                        Need need) {
    const toml::node* node = take(name, need, "[ … ]");
    if (!node) return std::nullopt;
    return row(*node, key_of(name), line_of(name), least, most, each);
}

std::optional<std::vector<std::vector<double>>> TableReader::points(std::string_view name, std::size_t least, std::size_t most,
                                                                    std::size_t width, const Range& each) {
    const toml::node* node = take(name, Need::required, "[[0.1, 0.1], [0.4, 0.1], [0.4, 0.5]]");
    if (!node) return std::nullopt;
    const std::string expected = "a list of " + std::to_string(least) + " to " + std::to_string(most) + " corners [x, y]";
    const toml::array* array = node->as_array();
    if (!array) {
        wrong(name, "is " + kind_of(*node) + ", not a list", expected);
        return std::nullopt;
    }
    if (array->size() < least || array->size() > most) {
        wrong(name, "has " + std::to_string(array->size()) + " corners", expected);
        return std::nullopt;
    }
    std::vector<std::vector<double>> out;
    for (std::size_t i = 0; i < array->size(); ++i) {
        const toml::node& entry = *array->get(i);
        const int own = static_cast<int>(entry.source().begin.line);
        if (auto values = row(entry, key_of(name) + "[" + std::to_string(i) + "]", own > 0 ? own : line_of(name), width, width, each))
            out.push_back(*values);
    }
    return out.size() == array->size() ? std::optional(out) : std::nullopt;
}

std::optional<TableReader::Items> TableReader::strings(std::string_view name, std::size_t least, std::size_t most, bool one_alone,
                                                       Need need) {
    const toml::node* node = take(name, need, "[\"…\"]");
    if (!node) return std::nullopt;
    if (one_alone && node->is_string()) {
        auto value = string(name, need, 2000);
        if (!value) return std::nullopt;
        return Items{{{*value, key_of(name), line_of(name)}}, 1};
    }
    const std::string expected =
        (one_alone ? "a string or a list of " : "a list of ") + std::to_string(least) + " to " + std::to_string(most) + " strings";
    const toml::array* array = node->as_array();
    if (!array) {
        wrong(name, "is " + kind_of(*node) + ", not a list", expected);
        return std::nullopt;
    }
    if (array->size() < least || array->size() > most) {
        wrong(name, "has " + std::to_string(array->size()) + " entries", expected);
        return std::nullopt;
    }
    Items out{{}, array->size()};
    for (std::size_t i = 0; i < array->size(); ++i) {
        const toml::node& entry = *array->get(i);
        const std::string key = key_of(name) + "[" + std::to_string(i) + "]";
        const int own = static_cast<int>(entry.source().begin.line);
        const int line = own > 0 ? own : line_of(name);
        if (!entry.is_string()) {
            wrong_at(line, key, "is " + kind_of(entry) + ", not a string", "write it in quotes");
        } else if (auto value = judged(**entry.as_string(), key, line, 2000, false)) {
            out.good.push_back({*value, key, line});
        }
    }
    return out;
}

NamedAsset named_asset(const TableReader& table, std::string_view name, AssetKind kind, const std::filesystem::path& path) {
    return {kind, path, table.context().document.file, table.line_of(name), table.key_of(name)};
}

std::optional<std::filesystem::path> TableReader::file(std::string_view name, const ShowFolder& folder, Need need) {
    auto value = string(name, need, 4000);
    if (!value) return std::nullopt;
    auto path = folder.file(*value);
    if (path) return *path;
    wrong(name, path.error());
    return std::nullopt;
}

std::optional<TableReader> TableReader::table(std::string_view name) {
    const toml::node* node = table_.get(name);
    if (!node) return std::nullopt;
    const toml::table* inner = node->as_table();
    if (!inner) {
        const toml::array* array = node->as_array();
        const bool doubled = array && array->is_array_of_tables();
        wrong(name, doubled ? "is a list of tables" : "is " + kind_of(*node) + ", not a table",
              doubled ? "there is only one: write [" + without_indices(key_of(name)) + "]"
                      : "write [" + without_indices(key_of(name)) + "] and its keys below");
        return std::nullopt;
    }
    const std::string pattern = pattern_.empty() ? std::string(name) : pattern_ + "." + std::string(name);
    return TableReader(context_, *inner, key_of(name), pattern, line_of(name));
}

std::vector<TableReader> TableReader::tables(std::string_view name, std::size_t most) {
    std::vector<TableReader> out;
    const toml::node* node = table_.get(name);
    if (!node) return out;
    const std::string brackets = "write [[" + without_indices(key_of(name)) + "]] and its keys below";
    const toml::array* array = node->as_array();
    if (!array) {
        wrong(name, "is " + kind_of(*node) + ", not a list of tables", brackets);
        return out;
    }
    if (array->size() > most) {
        wrong(name, "has " + std::to_string(array->size()) + " entries", "at most " + std::to_string(most));
        return out;
    }
    const std::string pattern = (pattern_.empty() ? std::string(name) : pattern_ + "." + std::string(name)) + "[]";
    for (std::size_t i = 0; i < array->size(); ++i) {
        const toml::node& entry = *array->get(i);
        const std::string key = key_of(name) + "[" + std::to_string(i) + "]";
        if (const toml::table* inner = entry.as_table()) {
            out.emplace_back(context_, *inner, key, pattern, line_of(name));
        } else {
            const int own = static_cast<int>(entry.source().begin.line);
            wrong_at(own > 0 ? own : line_of(name), key, "is " + kind_of(entry) + ", not a table", brackets);
        }
    }
    return out;
}

}  // namespace vitrine::config
