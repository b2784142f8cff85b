#include "tools/panel/guide.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

namespace vitrine::panel {
namespace {

/// Without **, *, ` and link targets.
std::string plain(const std::string& line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '*' || line[i] == '`') continue;
        if (line[i] == '[') {
            const std::size_t end = line.find("](", i), close = end == std::string::npos ? end : line.find(')', end);
            if (close != std::string::npos) {
                out += plain(line.substr(i + 1, end - i - 1));
                i = close;
                continue;
            }
        }
        out += line[i];
    }
    return out;
}

bool is_rule(const std::string& line) { return line.find_first_not_of("|-: ") == std::string::npos; }

std::string table_row(const std::string& line) {
    std::string out;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '|');) {
        const std::size_t first = cell.find_first_not_of(' ');
        if (first == std::string::npos) continue;
        cell = cell.substr(first, cell.find_last_not_of(' ') - first + 1);
        out += (out.empty() ? "" : "  ·  ") + cell;
    }
    return out;
}

}  // namespace

std::vector<GuideChapter> parse_guide(const std::string& markdown) {
    using Kind = GuideBlock::Kind;
    std::vector<GuideChapter> chapters;
    std::istringstream lines(markdown);
    bool open = false, code = false;
    const auto add = [&](Kind kind, const std::string& text) {
        if (chapters.empty()) chapters.emplace_back();
        chapters.back().blocks.push_back({kind, text});
    };
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) {
            code = !code;
            open = false;
        } else if (code) {
            add(Kind::code, line);
        } else if (line.starts_with("# ") || line.starts_with("## ")) {
            chapters.push_back({plain(line.substr(line.find(' ') + 1)), {}});
            open = false;
        } else if (line.starts_with("### ")) {
            add(Kind::heading, plain(line.substr(4)));
            open = false;
        } else if (line.empty() || line.starts_with("![")) {
            open = false;
        } else if (line[0] == '|') {
            if (!is_rule(line)) add(Kind::item, plain(table_row(line)));
            open = false;
        } else if (line.starts_with("- ") || (line.size() > 2 && line[0] >= '1' && line[0] <= '9' && line[1] == '.')) {
            add(Kind::item, plain(line[0] == '-' ? line.substr(2) : line));
            open = true;
        } else if (open) {
            // Chinese lines are joined without a space.
            std::string& text = chapters.back().blocks.back().text;
            const std::string more = plain(line.substr(line.find_first_not_of(' ')));
            const bool wide = static_cast<unsigned char>(text.back()) >= 0x80;
            text += (wide ? "" : " ") + more;
        } else {
            add(Kind::paragraph, plain(line));
            open = true;
        }
    }
    return chapters;
}

std::vector<GuideChapter> read_guide(const std::filesystem::path& folder, const std::string& language) {
    std::ifstream in(folder / (language + ".md"));
    return parse_guide(std::string(std::istreambuf_iterator<char>(in), {}));
}

}  // namespace vitrine::panel
