#include "protocol/csv.hpp"

#include <algorithm>
#include <utility>

#include "common/text.hpp"

namespace rastro::protocol {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_decimal_number(std::string_view field) {
    if (field.starts_with('-') || field.starts_with('+')) {
        field.remove_prefix(1);
    }
    auto const digits = std::ranges::count_if(field, [](char c) { return c >= '0' && c <= '9'; });
    auto const points = std::ranges::count(field, '.');
    return digits > 0 && points <= 1 && static_cast<std::size_t>(digits + points) == field.size();
}

bool starts_formula(std::string_view field) {
    constexpr std::string_view starters = "=+-@\t\r";
    return !field.empty() && starters.find(field.front()) != std::string_view::npos &&
           !is_decimal_number(field);
}

}  // namespace

Outcome<void> CsvReader::fail(char const* code) {
    state_ = State::failed;
    auto const line = std::to_string(line_);
    auto const column = std::to_string(row_.fields.size() + 1);
    failure_ =
        Problem(ProblemCode::validation_failed,
                std::vector<Violation>{{"csv:/" + line + "/" + column, code, {line, column}}});
    return failure_;
}

char const* CsvReader::keep(char c) {
    if (c == '\0') {
        return "csv_nul";
    }
    if (field_.size() >= limits_.field_bytes) {
        return "csv_field_too_long";
    }
    field_.push_back(c);
    return nullptr;
}

char const* CsvReader::end_field() {
    if (row_.fields.size() >= limits_.fields) {
        return "csv_too_many_fields";
    }
    if (!is_valid_utf8(field_)) {
        return "csv_not_utf8";
    }
    row_.fields.push_back(std::exchange(field_, {}));
    field_was_quoted_ = false;
    state_ = State::field_start;
    return nullptr;
}

char const* CsvReader::end_row(std::vector<CsvRow>& rows) {
    bool const blank = row_.fields.empty() && field_.empty() && !field_was_quoted_;
    if (!blank) {
        if (auto const* code = end_field()) {
            return code;
        }
        row_.number = ++rows_;
        rows.push_back(std::exchange(row_, {}));
    }
    row_bytes_ = 0;
    state_ = State::field_start;
    return nullptr;
}

char const* CsvReader::take(char c, std::vector<CsvRow>& rows) {
    if (row_bytes_ == 0) {
        row_.line = line_;
    }
    if (++row_bytes_ > limits_.row_bytes) {
        return "csv_row_too_long";
    }
    if (state_ == State::quoted) {
        if (c == '"') {
            state_ = State::quote_in_quoted;
            return nullptr;
        }
        return keep(c);
    }
    if (c == ',') {
        return end_field();
    }
    if (c == '\n' || c == '\r') {
        return end_row(rows);
    }
    if (state_ == State::quote_in_quoted) {
        state_ = State::quoted;
        return c == '"' ? keep(c) : "csv_text_after_quote";
    }
    if (c == '"') {
        if (state_ == State::plain) {
            return "csv_stray_quote";
        }
        field_was_quoted_ = true;
        state_ = State::quoted;
        return nullptr;
    }
    state_ = State::plain;
    return keep(c);
}

Outcome<void> CsvReader::feed(std::string_view piece, std::vector<CsvRow>& rows) {
    if (state_ == State::failed) {
        return failure_;
    }
    for (char c : piece) {
        if (mark_bytes_ < kByteOrderMark.size()) {
            if (c == kByteOrderMark[mark_bytes_]) {
                ++mark_bytes_;
                continue;
            }
            // Not a mark after all: its first bytes belong to the text.
            auto const seen = std::exchange(mark_bytes_, 4U);
            for (unsigned i = 0; i < seen; ++i) {
                if (auto const* code = take(kByteOrderMark[i], rows)) {
                    return fail(code);
                }
            }
        }
        bool const second_of_pair = after_return_ && c == '\n';
        after_return_ = c == '\r';
        if (second_of_pair && state_ == State::field_start && row_bytes_ == 0) {
            continue;  // CRLF outside quotes: the CR ended the row and counted the line
        }
        if (auto const* code = take(c, rows)) {
            return fail(code);
        }
        line_ += (c == '\r' || (c == '\n' && !second_of_pair)) ? 1U : 0U;
    }
    return {};
}

Outcome<void> CsvReader::finish(std::vector<CsvRow>& rows) {
    if (state_ == State::failed) {
        return failure_;
    }
    if (mark_bytes_ > 0 && mark_bytes_ < kByteOrderMark.size()) {
        return fail("csv_not_utf8");
    }
    if (state_ == State::quoted) {
        return fail("csv_unclosed_quote");
    }
    if (auto const* code = end_row(rows)) {
        return fail(code);
    }
    return {};
}

Outcome<std::vector<CsvRow>> read_csv(std::string_view text, CsvLimits limits) {
    std::vector<CsvRow> rows;
    CsvReader reader(limits);
    RASTRO_CHECK(reader.feed(text, rows));
    RASTRO_CHECK(reader.finish(rows));
    return rows;
}

std::string csv_field(std::string_view field) {
    std::string text(starts_formula(field) ? "'" : "");
    text += field;
    bool const blank_edge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
    bool const like_mark = text.starts_with("\xEF\xBB\xBF");  // skipped at the start of a file
    if (!blank_edge && !like_mark && text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
}

std::string csv_row(std::span<std::string const> fields) {
    if (fields.size() == 1 && fields.front().empty()) {
        return "\"\"\r\n";  // a line with nothing in it is no row
    }
    std::string row;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        row += i == 0 ? "" : ",";
        row += csv_field(fields[i]);
    }
    return row + "\r\n";
}

}  // namespace rastro::protocol
