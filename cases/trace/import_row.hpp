// One row of a spreadsheet of firearms -> the draft of a trace request, with an account of every
// cell.
//
// A row is
//   rejected  when it cannot become even a draft: its cells do not fit the heading (cell_count), a
//   cell is
//             not clean text (not_utf8, control_characters), its serial is over 64 characters
//             (too_long), or it identifies no firearm (identifies_no_firearm): no serial, no
//             condition of a serial, no maker and no model;
//   ready     when the description is complete for submission, the recovery has a full date and a
//   country,
//             and no cell waits for review;
//   draft     otherwise: `missing` and the notes say what a person has to add or decide.
// Every non-empty cell gets at least one note, and its content stands in a field or, verbatim, in
// `source_cells`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/catalogue.hpp"
#include "cases/trace/firearm.hpp"
#include "cases/trace/import_profile.hpp"

namespace rastro::cases {

struct SourceCell {
    std::string column;  // heading
    std::string text;    // verbatim
};

struct ImportedRecovery {
    std::optional<PartialDate> date;
    std::string country;  // ISO 3166-1 alpha-2
    std::string place_text;
};

// What is already known of the retail purchase (part X of form 3312.1).
struct ImportedPurchase {
    std::optional<PartialDate> date;
    std::string country;
    std::string admin_area;
};

struct ImportedTrace {
    std::string source_row;  // the row's own number in the file, as written there
    FirearmDescription description;
    std::optional<ImportedRecovery> recovery;
    std::optional<ImportedPurchase> purchase;
    std::vector<SourceCell> source_cells;
};

// accepted: taken as written. normalised: taken in another spelling or read as a code. derived: a
// field filled from this cell that the file has no column for. kept: only in source_cells (it
// states nothing that the request has a field for). review: a person must look. rejected: why the
// row is refused.
enum class CellVerdict : std::uint8_t { accepted, normalised, derived, kept, review, rejected };

struct CellNote {
    std::size_t column = 0;  // from 1
    ImportField field = ImportField::unmapped;
    CellVerdict verdict = CellVerdict::accepted;
    std::string reason;                    // empty for accepted; message key import.<reason>
    std::vector<std::string> suggestions;  // codes or ids to choose from; never a serial
};

enum class RowVerdict : std::uint8_t { rejected, draft, ready };

struct ImportedRow {
    RowVerdict verdict = RowVerdict::draft;
    ImportedTrace trace;             // empty when rejected
    std::vector<CellNote> notes;     // in the order of the columns
    std::vector<Violation> missing;  // for drafts: what stands between them and submission

    [[nodiscard]] bool needs_review() const noexcept;
};

[[nodiscard]] std::string_view code_of(CellVerdict verdict) noexcept;
[[nodiscard]] std::string_view code_of(RowVerdict verdict) noexcept;

// Total and without side effects: the same row gives the same result. `latest_year`: the year of
// the import, which no date may pass.
[[nodiscard]] ImportedRow import_row(std::vector<ColumnRule> const& columns,
                                     std::vector<std::string> const& cells,
                                     MakeCatalogue const& makes,
                                     int latest_year);

}  // namespace rastro::cases
