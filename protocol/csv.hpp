// Comma-separated values as RFC 4180 describes them, for files that come from outside: read piece
// by piece under limits, every fault with its line and column; written so that no spreadsheet runs
// a cell.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/outcome.hpp"

namespace rastro::protocol {

struct CsvLimits {
    std::size_t field_bytes = 8192;
    std::size_t row_bytes = 65536;
    std::size_t fields = 256;  // in one row
};

struct CsvRow {
    std::uint64_t number = 0;  // 1 for the first row of the file, blank lines not counted
    std::uint64_t line = 0;    // line of the file on which the row starts, from 1
    std::vector<std::string> fields;
};

// Push parser: feed() any number of pieces, finish() once. A leading UTF-8 byte order mark is
// skipped; CRLF, LF and lone CR end a row; quoted fields may hold commas, line ends and doubled
// quotes; a line with nothing in it is no row. Not tolerated: a quote inside an unquoted field,
// text after a closing quote, a NUL, text that is not UTF-8, an open quote at the end, anything
// over a limit. The first fault ends the reading: every later call returns it again. Fault: Problem
// validation_failed with one Violation, pointer "csv:/LINE/COLUMN" (line of the file and number of
// the field in its row, both from 1), code csv_stray_quote, csv_text_after_quote, csv_nul,
// csv_not_utf8, csv_unclosed_quote, csv_field_too_long, csv_row_too_long or csv_too_many_fields,
// params {line, column}.
class CsvReader {
 public:
    explicit CsvReader(CsvLimits limits = {}) : limits_(limits) {}

    // Appends the rows that are complete to `rows`.
    [[nodiscard]] Outcome<void> feed(std::string_view piece, std::vector<CsvRow>& rows);
    [[nodiscard]] Outcome<void> finish(std::vector<CsvRow>& rows);

 private:
    enum class State : std::uint8_t { field_start, plain, quoted, quote_in_quoted, failed };

    [[nodiscard]] char const* take(char c, std::vector<CsvRow>& rows);
    [[nodiscard]] char const* keep(char c);
    [[nodiscard]] char const* end_field();
    [[nodiscard]] char const* end_row(std::vector<CsvRow>& rows);
    [[nodiscard]] Outcome<void> fail(char const* code);

    CsvLimits limits_;
    State state_ = State::field_start;
    CsvRow row_;
    std::string field_;
    std::size_t row_bytes_ = 0;
    std::uint64_t line_ = 1;
    std::uint64_t rows_ = 0;
    unsigned mark_bytes_ = 0;    // bytes of the byte order mark seen so far; 3 and more: decided
    bool after_return_ = false;  // the last character was a CR
    bool field_was_quoted_ = false;
    Problem failure_;
};

// The whole text at once.
[[nodiscard]] Outcome<std::vector<CsvRow>> read_csv(std::string_view text, CsvLimits limits = {});

// One row with CRLF. A field is quoted when it holds a comma, a quote, CR, LF or a leading or
// trailing blank, when it starts as a byte order mark does, and when it is empty and alone. A field
// that starts with = + - @ tab or CR gets an apostrophe in front, so that no spreadsheet takes it
// for a formula (OWASP CSV injection); plain decimal numbers such as -12.5 stay as they are.
[[nodiscard]] std::string csv_row(std::span<std::string const> fields);
[[nodiscard]] std::string csv_field(std::string_view field);

}  // namespace rastro::protocol
