#include "cases/trace/reference_table.hpp"

#include <algorithm>
#include <utility>

#include "common/text.hpp"

namespace rastro::cases {

namespace {

std::vector<std::vector<std::string>> split_records(std::string_view csv) {
    std::vector<std::vector<std::string>> records;
    std::vector<std::string> record;
    std::string cell;
    bool quoted = false;
    bool started = false;
    auto const end_record = [&] {
        if (started) {
            record.push_back(std::exchange(cell, {}));
            records.push_back(std::exchange(record, {}));
        }
        started = false;
    };
    for (std::size_t at = 0; at < csv.size(); ++at) {
        char const c = csv[at];
        if (quoted) {
            if (c != '"') {
                cell.push_back(c);
            } else if (at + 1 < csv.size() && csv[at + 1] == '"') {
                cell.push_back('"');
                ++at;
            } else {
                quoted = false;
            }
        } else if (c == '"' && cell.empty()) {
            quoted = true;
            started = true;
        } else if (c == ',') {
            record.push_back(std::exchange(cell, {}));
            started = true;
        } else if (c == '\n') {
            end_record();
        } else if (c != '\r') {
            cell.push_back(c);
            started = true;
        }
    }
    end_record();
    return records;
}

}  // namespace

ReferenceTable::ReferenceTable(std::string_view csv) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (csv.starts_with(byte_order_mark)) {
        csv.remove_prefix(byte_order_mark.size());
    }
    auto records = split_records(csv);
    if (records.empty()) {
        return;
    }
    columns_ = std::move(records.front());
    records.erase(records.begin());
    rows_ = std::move(records);
}

bool ReferenceTable::has_column(std::string_view name) const noexcept {
    return std::ranges::find(columns_, name) != columns_.end();
}

std::string_view ReferenceTable::cell(std::size_t row, std::string_view column) const noexcept {
    auto const found = std::ranges::find(columns_, column);
    if (row >= rows_.size() || found == columns_.end()) {
        return {};
    }
    auto const index = static_cast<std::size_t>(found - columns_.begin());
    return index < rows_[row].size() ? std::string_view(rows_[row][index]) : std::string_view{};
}

std::vector<std::string> ReferenceTable::list(std::size_t row, std::string_view column) const {
    std::vector<std::string> values;
    for (auto part : split(cell(row, column), '|')) {
        if (auto const value = trim(part); !value.empty()) {
            values.emplace_back(value);
        }
    }
    return values;
}

}  // namespace rastro::cases
