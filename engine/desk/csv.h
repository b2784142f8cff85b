#pragma once
// Comma-separated values as Excel and LibreOffice take them without a question: UTF-8 with a byte order mark, CRLF, every field quoted that
// needs it. A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection); numbers that we made
// ourselves are written as they are.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace vitrine::desk {

class CsvWriter {
  public:
    /// The first row: the columns' names.
    explicit CsvWriter(const std::vector<std::string>& columns);
    /// Anybody's text: guarded and quoted.
    CsvWriter& text(std::string_view value);
    /// A number of our own making, "12.50" or "-3".
    CsvWriter& number(std::string_view value);
    CsvWriter& number(std::int64_t value);
    /// Cells that were not written stay empty; more than there are columns are left out.
    void end_row();
    std::string take() { return std::move(out_); }

  private:
    void cell(std::string_view value);
    std::string out_;
    std::size_t columns_, at_ = 0;
};

struct CsvRow {
    int line = 0;  ///< 1-based, where it starts
    std::vector<std::string> cells;
};

/// Reentrant. RFC 4180 with a byte order mark or without, CRLF or LF, commas or semicolons or tabs (whichever the first line has most of),
/// line breaks inside quotes. Empty lines are left out. Errors name the line. At most 1 MiB, 10 000 rows, 64 cells a row.
Result<std::vector<CsvRow>> read_csv(std::string_view bytes);

}  // namespace vitrine::desk
