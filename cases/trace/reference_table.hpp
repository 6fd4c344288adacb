// A reference list held in memory: comma-separated text (RFC 4180 quoting, UTF-8, first line =
// column names) as compiled in from config/reference or handed over by a caller. Meant for trusted
// lists; files from outside are read by protocol/csv, which limits sizes and reports positions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

class ReferenceTable {
 public:
    // Total: rows shorter than the heading read as empty cells, longer rows keep their extra cells
    // unread. Empty lines are skipped.
    explicit ReferenceTable(std::string_view csv);

    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] std::vector<std::string> const& columns() const noexcept { return columns_; }
    [[nodiscard]] bool has_column(std::string_view name) const noexcept;
    // Empty for a row or column that is not there.
    [[nodiscard]] std::string_view cell(std::size_t row, std::string_view column) const noexcept;
    // The non-empty parts of a cell that holds several values separated by '|', trimmed.
    [[nodiscard]] std::vector<std::string> list(std::size_t row, std::string_view column) const;

 private:
    std::vector<std::string> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace rastro::cases
