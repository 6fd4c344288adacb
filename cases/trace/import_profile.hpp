// Which column of a spreadsheet means what. Profiles are data:
// config/reference/import_profiles.csv.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/partial_date.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

// Codes: the names below. unmapped: the cell is kept beside the request, verbatim.
enum class ImportField : std::uint8_t {
    source_row,
    serial,
    make,
    type,
    calibre,
    model,
    origin_country,
    importer,
    remark,
    purchase_country,
    purchase_area,
    purchase_date,
    recovery_date,
    recovery_country,
    recovery_place,
    unmapped,
};

struct ColumnRule {
    std::string column;  // heading
    ImportField field = ImportField::unmapped;
    DateOrder date_order = DateOrder::unknown;
    std::string country;  // recovery columns: the country they speak of, ISO 3166-1 alpha-2;
                          // empty: a column recovery_country says it, or nobody
    std::vector<std::string> also;  // other headings with the same meaning
    bool required = false;          // a file without this column is another kind of file
};

// Known: "court-case", one spreadsheet of public court records, and "sheet", our own template, of
// which a file may have the columns that it needs, with headings in four languages.
struct ImportProfile {
    std::string name;
    std::vector<ColumnRule> rules;
};

[[nodiscard]] std::string_view code_of(ImportField field) noexcept;
[[nodiscard]] std::optional<ImportProfile> find_import_profile(std::string_view name);
[[nodiscard]] std::vector<std::string> import_profile_names();

// One rule for each column of this file, in its order; headings are compared without case (of ASCII
// letters) and outer blanks, and a heading unknown to the profile becomes unmapped. Problem
// validation_failed, all faults at once, pointer "csv:/1/COLUMN": column_missing {heading} for a
// required one, column_twice {heading} also when two headings mean the same column.
[[nodiscard]] Outcome<std::vector<ColumnRule>> bind_columns(
    ImportProfile const& profile, std::vector<std::string> const& heading);

}  // namespace rastro::cases
