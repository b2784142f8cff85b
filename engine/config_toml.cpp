#include "engine/config_toml.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <string_view>

#include "engine/printable.h"

namespace vitrine::config {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 32;         // brackets within brackets, and names in a dotted key
constexpr int most_headers = 4000;  // [table] lines; the parser looks each up in a list
constexpr int most_dotted = 4000;   // keys with dots, likewise
constexpr int most_bad_lines = 5;
constexpr int most_left_out = 8;
constexpr std::size_t most_mendable = 64 << 10;

std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t at = 0;
    while (at <= text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

std::string_view without_space(std::string_view s) {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
    return s;
}

// Walks the text outside strings and comments. A line that the parser would refuse may be misread here; that only costs precision of
// the count, never safety, since every bracket and dot outside of what looks like a string is counted.
class DepthJudge {
  public:
    struct Finding {
        int line = 0;
        std::string what;
    };

    std::optional<Finding> judge(const std::string& text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (c == '\n') {
                ++line_;
                start_line();
            } else if (c == '#') {
                i = std::min(text.find('\n', i), text.size()) - 1;
            } else if (c == '"' || c == '\'') {
                i = skip_string(text, i);
                first_ = false;
            } else if (auto finding = take(c)) {
                return finding;
            }
        }
        return std::nullopt;
    }

  private:
    void start_line() {
        dots_ = 0;
        first_ = true;
        counted_ = false;
        if (brackets_ == 0) before_equals_ = true;
    }

    std::optional<Finding> take(char c) {
        if (c == ' ' || c == '\t' || c == '\r') return std::nullopt;
        if (c == '.') {
            if (++dots_ > deepest) return Finding{line_, "has more than " + std::to_string(deepest) + " names in one dotted key"};
            if (before_equals_ && !counted_) {
                counted_ = true;
                if (++dotted_ > most_dotted) return Finding{line_, "is past " + std::to_string(most_dotted) + " dotted keys"};
            }
        } else if (c == '[' || c == '{') {
            if (first_ && c == '[' && brackets_ == 0 && ++headers_ > most_headers)
                return Finding{line_, "is past " + std::to_string(most_headers) + " tables"};
            if (++brackets_ > deepest) return Finding{line_, "nests lists or tables more than " + std::to_string(deepest) + " deep"};
            dots_ = 0;
            if (c == '{') before_equals_ = true;
        } else if (c == ']' || c == '}') {
            brackets_ = std::max(0, brackets_ - 1);
            dots_ = 0;
        } else if (c == '=' || c == ',') {
            dots_ = 0;
            counted_ = false;
            before_equals_ = c == ',' && brackets_ > 0;
        }
        first_ = false;
        return std::nullopt;
    }

    // The index of the string's last character. A one-line string ends with its line even when nobody closed it.
    std::size_t skip_string(const std::string& text, std::size_t at) {
        const char quote = text[at];
        const bool many_lines = text.compare(at, 3, std::string(3, quote)) == 0;
        std::size_t i = at + (many_lines ? 3 : 1);
        for (; i < text.size(); ++i) {
            if (quote == '"' && text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
                ++i;
            } else if (text[i] == '\n') {
                if (!many_lines) return i - 1;
                ++line_;
            } else if (text[i] == quote && (!many_lines || text.compare(i, 3, std::string(3, quote)) == 0)) {
                return i + (many_lines ? 2 : 0);
            }
        }
        return text.size();
    }

    int line_ = 1, brackets_ = 0, dots_ = 0, headers_ = 0, dotted_ = 0;
    bool first_ = true, before_equals_ = true, counted_ = false;
};

// Reports lines that are not UTF-8 and blanks their bad bytes. False when this is no text at all.
bool judge_bytes(std::string& text, const std::string& name, TomlDocument& document, Problems& problems) {
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        problems.add(name, 1, "", "is written in UTF-16", "save the file as UTF-8");
        return false;
    }
    if (const auto nul = text.find('\0'); nul != std::string::npos) {
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
        problems.add(name, static_cast<int>(line), "", "is not a text file: it holds zero bytes", "give a TOML file, saved as UTF-8");
        return false;
    }
    int line = 1, last_bad = 0, bad_lines = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_sequence(std::string_view(text).substr(i, 4));
        if (length > 0) {
            if (text[i] == '\n') ++line;
            i += length;
            continue;
        }
        if (line != last_bad) {
            if (++bad_lines > most_bad_lines) return false;
            std::array<char, 64> what{};
            std::snprintf(what.data(), what.size(), "the byte 0x%02X is not UTF-8", static_cast<unsigned char>(text[i]));
            problems.add(name, line, "", what.data(), "save the file as UTF-8");
            last_bad = line;
            document.whole = false;
        }
        text[i++] = '?';
    }
    return true;
}

std::string reason_of(const toml::parse_error& error) {
    std::string reason(error.description());
    // "Error while parsing key-value pair: expected '=', saw …": the part behind the colon is the sentence.
    constexpr std::string_view start = "Error while parsing ";
    if (reason.starts_with(start)) {
        if (const auto colon = reason.find(": "); colon != std::string::npos) reason = reason.substr(colon + 2);
    }
    return reason;
}

bool is_header(std::string_view line) { return line.starts_with('['); }

// A line that gives one key and ends there, so that leaving it out leaves the rest as it was meant.
bool stands_alone(const std::vector<std::string>& lines, std::size_t index) {
    auto begins_something = [](std::string_view line) {
        line = without_space(line);
        if (line.empty() || line.front() == '#' || is_header(line)) return true;
        const auto equals = line.find('=');
        return equals != std::string_view::npos &&
               (std::isalnum(static_cast<unsigned char>(line.front())) || line.front() == '"' || line.front() == '_');
    };
    const std::string_view line = without_space(lines[index]);
    if (line.empty() || line.front() == '#' || is_header(line)) return false;
    if (!begins_something(line) && line.find_first_of("[]{}") != std::string_view::npos) return false;
    for (const auto* three : {"\"\"\"", "'''"})
        if (line.find(three) != std::string_view::npos) return false;
    return index + 1 >= lines.size() || begins_something(lines[index + 1]);
}

struct Hint {
    std::string_view part, hint;
};

std::string hint_for(const std::string& reason, std::string_view line) {
    constexpr std::array<Hint, 3> hints{{
        {"redefine", "each key and each [table] may be given once; a list of tables is written [[name]]"},
        {"expected '='", "write key = value"},
        {"end-of-file", "close what was opened: a quote, ] or }"},
    }};
    for (const auto& h : hints)
        if (reason.find(h.part) != std::string::npos) return std::string(h.hint);
    if (reason.find("representable") != std::string::npos) return "write a smaller number";
    if (const auto equals = line.find('='); equals != std::string_view::npos) {
        const auto value = without_space(line.substr(equals + 1));
        const bool bare = !value.empty() && value.find_first_of("\"'[]{}#=,") == std::string_view::npos;
        if (bare)
            return "strings need quotes: " + printable(without_space(line.substr(0, equals)), 60) + " = \"" + printable(value, 80) + "\"";
    }
    if (line.find("“") != std::string_view::npos || line.find("”") != std::string_view::npos) return "use straight quotes: \"…\"";
    return "see https://toml.io for how TOML is written; strings need quotes";
}

}  // namespace

std::string TomlDocument::literal(const toml::node& number) const {
    const auto& region = number.source();
    if (region.begin.line == 0 || region.begin.line != region.end.line || region.begin.line > lines.size()) return {};
    std::string_view line = lines[region.begin.line - 1];
    std::string out;
    // Columns count code points.
    for (toml::source_index column = 1; !line.empty() && column < region.end.column; ++column) {
        const std::size_t length = std::max<std::size_t>(1, utf8_sequence(line));
        if (column >= region.begin.column && line.front() != '_') out += line.substr(0, length);
        line.remove_prefix(length);
    }
    out = without_space(out);
    const bool plain = !out.empty() && out.find_first_not_of("0123456789+-.eE") == std::string::npos;
    return plain ? out : std::string();
}

std::optional<TomlDocument> parse_toml(std::string text, const std::string& name, Problems& problems) {
    TomlDocument document;
    document.file = name;
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    if (!judge_bytes(text, name, document, problems)) return std::nullopt;
    if (auto finding = DepthJudge().judge(text)) {
        problems.add(name, finding->line, "", finding->what, "no show needs that; is this the right file?");
        return std::nullopt;
    }
    document.lines = split_lines(text);
    auto lines = document.lines;
    int last_error = 0;
    for (int left_out = 0;; ++left_out) {
        try {
            document.root = toml::parse(std::string_view(text));
            return document;
        } catch (const toml::parse_error& error) {
            const int line = static_cast<int>(error.source().begin.line);
            const auto index = static_cast<std::size_t>(std::max(1, line)) - 1;
            if (line <= last_error && last_error > 0) return std::nullopt;
            const std::string reason = reason_of(error);
            problems.add(name, std::min(line, static_cast<int>(lines.size())), "", "is not TOML: " + reason,
                         hint_for(reason, index < lines.size() ? lines[index] : std::string()));
            document.whole = false;
            last_error = line;
            if (left_out >= most_left_out || text.size() > most_mendable || index >= lines.size() || !stands_alone(lines, index))
                return std::nullopt;
            lines[index].clear();
            text = join_lines(lines);
            if (DepthJudge().judge(text)) return std::nullopt;  // leaving a line out must not open what was closed
        } catch (const std::exception& error) {
            problems.add(name, 0, "", std::string("cannot be read: ") + error.what(), "check the file");
            return std::nullopt;
        }
    }
}

std::optional<TomlDocument> read_toml(const fs::path& path, const std::string& name, ReadingBudget& budget, Problems& problems) {
    std::error_code ec;
    const auto status = fs::status(path, ec);
    auto refuse = [&](std::string_view what, std::string_view hint) {
        problems.add(name, 0, "", what, hint);
        return std::nullopt;
    };
    if (ec == std::errc::too_many_symbolic_link_levels) return refuse("is a link that leads in a circle", "replace it by the file itself");
    if (status.type() == fs::file_type::not_found)
        return refuse("is not there",
                      name == "show.toml" ? "give the folder that holds it, or write one: assets/shows/demo is an example" : "create it");
    if (fs::is_directory(status)) return refuse("is a folder, not a file", "give a TOML file");
    if (ec || !fs::is_regular_file(status)) return refuse("is not a regular file", "give a TOML file");
    const auto size = fs::file_size(path, ec);
    if (!ec && size > most_toml_bytes)
        return refuse("is " + std::to_string(size >> 20) + " MiB large; at most 1 MiB is read", "is this the right file?");
    std::ifstream in(path, std::ios::binary);
    std::string text(most_toml_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad()) return refuse("cannot be opened for reading", "check its permissions");
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > most_toml_bytes) return refuse("is larger than 1 MiB", "is this the right file?");
    if (text.size() > budget.bytes) return refuse("is past the 8 MiB that are read for one show", "make the show's TOML files smaller");
    budget.bytes -= text.size();
    const auto kept = std::make_shared<const std::string>(text);
    auto document = parse_toml(std::move(text), name, problems);
    if (document) document->text = kept;
    return document;
}

}  // namespace vitrine::config
