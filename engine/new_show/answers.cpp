#include "engine/new_show/answers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/config_problems.h"
#include "engine/config_source.h"
#include "engine/new_show/names.h"
#include "engine/preflight.h"
#include "engine/printable.h"

namespace vitrine::new_show {
namespace {

using nlohmann::json;

constexpr std::size_t longest_json = 1 << 20, longest_text = 200, most_cameras = 16, most_languages = 16, most_tiers = 20;
constexpr double dearest = 1e9, widest_mm = 10'000;

bool is_language(const std::string& tag) {
    return (tag.size() == 2 || tag.size() == 3) && std::all_of(tag.begin(), tag.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}
bool is_currency(const std::string& code) {
    return code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}
bool is_colour(const std::string& text) {
    return text.size() == 7 && text[0] == '#' &&
           std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

class Reader {
  public:
    Reader(const std::filesystem::path& base, std::string_view language) : base_(base), language_(language) {}
    std::vector<std::string> problems;

    void problem(const std::string& key, const std::string& text, const std::map<std::string, std::string>& args = {}) {
        problems.push_back(key + ": " + sentence("new." + text, args, language_));
    }

    Answers read(const json& from) {
        known(from, "",
              {"name", "languages", "cameras", "microphone", "factory", "accent", "logo", "products", "currency", "width_mm", "prices",
               "comments"});
        Answers out;
        read_languages(from, out.languages);
        out.title = text(from, "name", out.languages.front(), true);
        out.factory = text(from, "factory", out.languages.front(), false);
        out.words = word(from, "comments", out.languages.front() == "zh" ? "zh" : "en");
        if (out.words != "en" && out.words != "zh") problem("comments", "no_comments");
        out.accent = word(from, "accent", "");
        if (!out.accent.empty() && !is_colour(out.accent)) problem("accent", "no_colour", {{"value", config::in_quotes(out.accent)}});
        out.currency = word(from, "currency", "USD");
        const bool currency = is_currency(out.currency);
        if (!currency) problem("currency", "no_currency", {{"value", config::in_quotes(out.currency)}});
        out.microphone = word(from, "microphone", "none");
        if (auto source = sound_source(out.microphone, base_))
            out.microphone = *source;
        else
            problem("microphone", "no_sound", {{"why", source.error().message}});
        read_cameras(from, out.cameras);
        out.logo = path(from, "logo", false);
        out.pictures = path(from, "products", true);
        if (const auto found = from.find("width_mm"); found != from.end()) {
            out.width_mm = found->is_number() ? found->get<double>() : 0;
            if (!(out.width_mm >= 1 && out.width_mm <= widest_mm)) problem("width_mm", "no_width");
        }
        if (currency) read_prices(from, out);
        return out;
    }

  private:
    void known(const json& object, const std::string& at, const std::vector<std::string>& names) {
        for (const auto& [key, value] : object.items())
            if (std::find(names.begin(), names.end(), key) == names.end())
                problem(at + printable(key, 60), "not_asked", {{"hint", config::suggest(key, names)}});
    }

    bool fit(const std::string& value, const std::string& key, bool needed) {
        const bool blank = value.find_first_not_of(" \t") == std::string::npos;
        if (blank && needed) problem(key, "empty");
        if (value.size() > longest_text) problem(key, "too_long");
        if (printable(value, value.size() + 8) != value) problem(key, "not_shown");
        return !blank;
    }

    std::string word(const json& from, const char* key, const char* otherwise) {
        const auto found = from.find(key);
        if (found == from.end() || found->is_null()) return otherwise;
        if (found->is_string()) return found->get<std::string>();
        problem(key, "not_text");
        return otherwise;
    }

    LocalText text(const json& from, const char* key, const std::string& language, bool needed) {
        LocalText out;
        const auto found = from.find(key);
        if (found == from.end() || found->is_null()) {
            if (needed) problem(key, "missing");
        } else if (found->is_string()) {
            if (fit(found->get<std::string>(), key, needed)) out.by_language[language] = found->get<std::string>();
        } else if (found->is_object()) {
            for (const auto& [tag, value] : found->items()) {
                const std::string at = std::string(key) + "." + printable(tag, 20);
                if (!is_language(tag) || !value.is_string())
                    problem(at, "not_language_text");
                else if (fit(value.get<std::string>(), at, needed))
                    out.by_language[tag] = value.get<std::string>();
            }
            if (needed && found->empty()) problem(key, "empty_name");
        } else {
            problem(key, "not_texts");
        }
        return out;
    }

    void read_languages(const json& from, std::vector<std::string>& out) {
        const auto found = from.find("languages");
        if (found == from.end() || found->is_null()) return;
        std::vector<std::string> tags;
        if (found->is_array())
            for (const json& each : *found) tags.push_back(each.is_string() ? each.get<std::string>() : "?");
        const std::set<std::string> distinct(tags.begin(), tags.end());
        if (tags.empty() || tags.size() > most_languages || distinct.size() != tags.size() ||
            !std::all_of(tags.begin(), tags.end(), is_language))
            return problem("languages", "no_languages");
        out = std::move(tags);
    }

    void read_cameras(const json& from, std::vector<Camera>& out) {
        const auto found = from.find("cameras");
        if (found == from.end() || !found->is_array() || found->empty()) return problem("cameras", "no_camera");
        if (found->size() > most_cameras) return problem("cameras", "many_cameras");
        std::set<std::string> ids;
        for (std::size_t i = 0; i < found->size(); ++i) {
            const std::string at = "cameras[" + std::to_string(i + 1) + "]";
            json each = (*found)[i];
            if (each.is_string()) each = json{{"source", each}};
            if (!each.is_object()) {
                problem(at, "not_camera");
                continue;
            }
            known(each, at + ".", {"name", "source"});
            Camera camera;
            camera.name = word(each, "name", "");
            fit(camera.name, at + ".name", false);
            const std::string value = word(each, "source", "");
            if (auto source = camera_source(value, base_))
                camera.source = *source;
            else
                problem(at + ".source", "no_source", {{"why", source.error().message}});
            const std::string wish = id_of(camera.name);
            const bool sim = value == "sim:line" || value == "sim:bench";
            camera.id = distinct_id(!wish.empty() ? wish : sim ? value.substr(4) : "camera-" + std::to_string(i + 1), ids);
            if (camera.name.empty()) camera.name = camera.id;
            out.push_back(std::move(camera));
        }
    }

    std::filesystem::path path(const json& from, const char* key, bool folder) {
        const std::string value = word(from, key, "");
        if (value.empty()) return {};
        const std::filesystem::path whole = (base_ / value).lexically_normal();
        std::error_code error;
        if (folder && !std::filesystem::is_directory(whole, error))
            problem(key, "no_folder", {{"value", config::in_quotes(printable(value, 200))}});
        if (!folder && !std::filesystem::is_regular_file(whole, error))
            problem(key, "no_file", {{"value", config::in_quotes(printable(value, 200))}});
        return whole;
    }

    void read_prices(const json& from, Answers& out) {
        const auto found = from.find("prices");
        if (found == from.end() || found->is_null()) return;
        if (!found->is_object()) return problem("prices", "no_price_list");
        for (const auto& [id, value] : found->items()) {
            const std::string at = "prices." + printable(id, 64);
            if (!value.is_string()) {
                problem(at, "no_price_text");
                continue;
            }
            auto tiers = price_tiers(value.get<std::string>(), out.currency, language_);
            if (!tiers)
                problem(at, "no_price", {{"why", tiers.error().message}});
            else if (!tiers->empty())
                out.prices[id] = std::move(*tiers);
        }
    }

    const std::filesystem::path& base_;
    const std::string_view language_;
};

/// Other signs that people type between numbers become the plain ones.
std::string plain_signs(std::string_view text) {
    static constexpr std::pair<std::string_view, char> same[] = {{"：", ':'}, {"，", ','}, {"；", ','}, {"、", ','}, {";", ','},
                                                                 {"\n", ','}, {"=", ':'},  {"＝", ':'}, {"→", ':'}};
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto found =
            std::find_if(std::begin(same), std::end(same), [&](const auto& s) { return text.substr(at).starts_with(s.first); });
        out += found == std::end(same) ? text[at] : found->second;
        at += found == std::end(same) ? 1 : found->first.size();
    }
    return out;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return std::nullopt;
    text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Result<SourceSpec> judged(config::Judged<SourceSpec> source) {
    if (!source) return fail(source.error().what + " – " + source.error().hint, ErrorKind::bad_input);
    return std::move(*source);
}

std::string with_whole_path(const std::string& value, const std::filesystem::path& base) {
    if (!value.starts_with("file:") || value.starts_with("file://")) return value;
    return "file:" + (base / value.substr(5)).lexically_normal().string();
}

}  // namespace

Result<std::vector<PriceTier>> price_tiers(std::string_view text, const std::string& currency, std::string_view language) {
    const auto no = [&](const char* key, const std::map<std::string, std::string>& args = {}) {
        return fail(sentence(std::string("new.") + key, args, language), ErrorKind::bad_input);
    };
    std::vector<PriceTier> tiers;
    const std::string plain = plain_signs(text);
    for (std::size_t at = 0; at <= plain.size();) {
        const std::size_t comma = std::min(plain.find(',', at), plain.size());
        const std::string_view part = std::string_view(plain).substr(at, comma - at);
        at = comma + 1;
        if (part.find_first_not_of(" \t") == std::string_view::npos) continue;
        const auto colon = part.find(':');
        const auto min = whole_number<int>(part.substr(0, colon));
        const auto unit = colon == std::string_view::npos ? std::nullopt : whole_number<double>(part.substr(colon + 1));
        if (!min || !unit || *min < 1 || *min > 1'000'000'000 || !std::isfinite(*unit) || *unit <= 0 || *unit > dearest)
            return no("no_tier", {{"part", printable(part, 60)}});
        if (!tiers.empty() && *min <= tiers.back().min)
            return no("falling_tiers", {{"next", std::to_string(*min)}, {"last", std::to_string(tiers.back().min)}});
        tiers.push_back({*min, *unit, currency, ""});
    }
    if (tiers.size() > most_tiers) return no("many_tiers");
    return tiers;
}

Result<std::string> camera_source(const std::string& value, const std::filesystem::path& base) {
    if (value.empty()) return fail("says nothing", ErrorKind::bad_input);
    const std::string whole = with_whole_path(value, base);
    return judged(config::parse_camera_source(whole, config::ShowFolder(base))).map([&](const SourceSpec& spec) {
        return spec.scheme == "file" ? "file:" + spec.rest : whole;
    });
}

Result<std::string> sound_source(const std::string& value, const std::filesystem::path& base) {
    const std::string whole = with_whole_path(value, base);
    return judged(config::parse_sound_source(whole, config::ShowFolder(base))).map([&](const SourceSpec& spec) {
        return spec.scheme == "file" ? "file:" + spec.rest : whole;
    });
}

JudgedAnswers answers_from_json(std::string_view text, const std::filesystem::path& base, std::string_view language) {
    const auto no = [&](const char* key) { return JudgedAnswers{std::nullopt, {sentence(key, {}, language)}}; };
    if (text.size() > longest_json) return no("new.long_answers");
    const json from = json::parse(text, nullptr, false, true);
    if (!from.is_object()) return no("new.no_object");
    try {
        Reader reader(base, language);
        Answers answers = reader.read(from);
        if (!reader.problems.empty()) return {std::nullopt, std::move(reader.problems)};
        return {std::move(answers), {}};
    } catch (const json::exception&) {
        return no("new.not_understood");
    }
}

std::string_view example_answers() {
    return R"({
  "name": { "en": "Spring lighting line", "zh": "春季灯具新品" },
  "languages": ["en", "zh", "es"],
  "cameras": [
    { "name": "Bench", "source": "v4l2:/dev/video0" },
    { "name": "Line", "source": "rtsp://user:password@192.168.1.20/stream1" },
    { "name": "Film", "source": "file:factory.mp4" },
    { "name": "Trial", "source": "sim:bench" }
  ],
  "microphone": "default",
  "factory": "Harbour Light Works",
  "accent": "#3BA7A0",
  "logo": "logo.png",
  "products": "pictures",
  "width_mm": 120,
  "currency": "USD",
  "prices": { "LX-200": "100: 4.20, 1000: 3.80" },
  "comments": "en"
}
)";
}

}  // namespace vitrine::new_show
