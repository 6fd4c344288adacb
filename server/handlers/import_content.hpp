// What an imported row says as the content of a trace request, and what it still lacks. Pure.
// Private to handlers/.
#pragma once

#include <string>
#include <vector>

#include "cases/trace/import_row.hpp"
#include "cases/trace/request.hpp"

namespace rastro::server {

// The row over what the requests of its file share. Purchase and cells without a field of their own
// go, as JSON, into source_cells. Without recipients in `common` the country of manufacture is
// asked (domain/tracing.md 3.1: the import mark, which a spreadsheet has no column for, would come
// first).
[[nodiscard]] cases::TraceRequestContent content_of(cases::ImportedTrace const& trace,
                                                    cases::TraceRequestContent const& common);

// What `common` leaves open, whatever a row may hold.
[[nodiscard]] std::vector<Violation> missing_in_common(cases::TraceRequestContent const& common);
// What stands between this row's request and its submission beside missing_in_common(); pointers of
// the request.
[[nodiscard]] std::vector<Violation> missing_in_row(cases::ImportedRow const& row,
                                                    cases::TraceRequestContent const& content,
                                                    cases::TraceRequestContent const& common);

// Faults that not even a draft may have (a text longer than its field) as notes at their columns.
[[nodiscard]] std::vector<cases::CellNote> refusals_of(
    cases::TraceRequestContent const& content, std::vector<cases::ColumnRule> const& columns);

// By which two descriptions are of one maker: make_id, else the folded words of the text.
[[nodiscard]] std::string make_key_of(std::string const& make_id, std::string const& make_text);
// domain/tracing.md 4.9, first row. A maker that is not known contradicts nothing.
[[nodiscard]] bool may_be_same_make(std::string const& a, std::string const& b);

}  // namespace rastro::server
