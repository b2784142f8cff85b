#include "engine/desk/csv.h"

#include <algorithm>
#include <array>

#include "engine/printable.h"

namespace vitrine::desk {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t most_bytes = 1 << 20, most_rows = 10'000, most_cells = 64;

/// What makes a spreadsheet take a cell for a formula, also after spaces, which some strip.
bool runs_as_formula(std::string_view value) {
    const std::size_t at = value.find_first_not_of(' ');
    if (at == std::string_view::npos) return false;
    if (std::string_view("=+-@\t\r\n").find(value[at]) != std::string_view::npos) return true;
    // The full-width forms, which Excel in East Asian languages reads like the narrow ones.
    for (const std::string_view wide : {"＝", "＋", "－", "＠"})
        if (value.substr(at).starts_with(wide)) return true;
    return false;
}

char separator_of(std::string_view bytes) {
    std::array<int, 3> count{};
    constexpr std::string_view separators = ",;\t";
    bool quoted = false;
    for (const char c : bytes) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') break;
        if (const std::size_t which = separators.find(c); which != std::string_view::npos) ++count[which];
    }
    return separators[static_cast<std::size_t>(std::max_element(count.begin(), count.end()) - count.begin())];
}

tl::unexpected<Error> at_line(int line, const std::string& what) {
    return fail("Line " + std::to_string(line) + ": " + what, ErrorKind::bad_input);
}

}  // namespace

CsvWriter::CsvWriter(const std::vector<std::string>& columns) : out_(byte_order_mark), columns_(columns.size()) {
    for (const std::string& name : columns) text(name);
    end_row();
}

CsvWriter& CsvWriter::text(std::string_view value) {
    if (!runs_as_formula(value)) {
        cell(value);
    } else {
        cell("'" + std::string(value));
    }
    return *this;
}

CsvWriter& CsvWriter::number(std::string_view value) {
    cell(value);
    return *this;
}

CsvWriter& CsvWriter::number(std::int64_t value) { return number(std::to_string(value)); }

void CsvWriter::cell(std::string_view value) {
    if (at_ >= columns_) return;
    if (at_++ > 0) out_ += ',';
    const bool quote = value.find_first_of(",;\t\"\r\n") != std::string_view::npos || value.starts_with(' ') || value.ends_with(' ');
    if (!quote) {
        out_ += value;
        return;
    }
    out_ += '"';
    for (const char c : value) {
        if (c == '"') out_ += '"';
        out_ += c;
    }
    out_ += '"';
}

void CsvWriter::end_row() {
    while (at_ < columns_) cell("");
    out_ += "\r\n";
    at_ = 0;
}

Result<std::vector<CsvRow>> read_csv(std::string_view bytes) {
    if (bytes.size() > most_bytes) return fail("The file is larger than 1 MiB. Split it.", ErrorKind::bad_input);
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        return fail("The file is UTF-16. Save it as \"CSV UTF-8\".", ErrorKind::bad_input);
    if (!is_utf8(bytes)) return fail("The file is not UTF-8. Save it as \"CSV UTF-8\".", ErrorKind::bad_input);
    if (bytes.find('\0') != std::string_view::npos) return fail("The file is not text. Save it as \"CSV UTF-8\".", ErrorKind::bad_input);

    const char separator = separator_of(bytes);
    std::vector<CsvRow> rows;
    CsvRow row{1, {}};
    int line = 1;
    std::size_t at = 0;
    while (at < bytes.size()) {
        std::string cell;
        if (bytes[at] == '"') {
            const int opened = line;
            ++at;
            while (true) {
                if (at >= bytes.size()) return at_line(opened, "a quotation mark is opened and not closed.");
                const char c = bytes[at++];
                if (c == '"') {
                    if (at >= bytes.size() || bytes[at] != '"') break;
                    ++at;
                }
                if (c == '\n') ++line;
                cell += c;
            }
            if (at < bytes.size() && bytes[at] != separator && bytes[at] != '\r' && bytes[at] != '\n')
                return at_line(line, "text follows a closing quotation mark. Double the marks inside a quoted cell.");
        } else {
            while (at < bytes.size() && bytes[at] != separator && bytes[at] != '\r' && bytes[at] != '\n') cell += bytes[at++];
        }
        row.cells.push_back(std::move(cell));
        if (row.cells.size() > most_cells) return at_line(row.line, "has more than 64 cells.");
        if (at < bytes.size() && bytes[at] == separator) {
            // A separator at the very end leaves one more, empty cell.
            if (++at == bytes.size()) row.cells.emplace_back();
            continue;
        }
        if (at < bytes.size() && bytes[at] == '\r') ++at;
        if (at < bytes.size() && bytes[at] == '\n') ++at;
        ++line;
        if (std::any_of(row.cells.begin(), row.cells.end(), [](const std::string& c) { return !c.empty(); }))
            rows.push_back(std::move(row));
        if (rows.size() > most_rows) return fail("The file has more than 10 000 rows. Split it.", ErrorKind::bad_input);
        row = CsvRow{line, {}};
    }
    // The file's last line may lack its line break, and end in an empty cell.
    if (std::any_of(row.cells.begin(), row.cells.end(), [](const std::string& c) { return !c.empty(); })) rows.push_back(std::move(row));
    return rows;
}

}  // namespace vitrine::desk
