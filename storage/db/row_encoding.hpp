// Private to storage/db: rows of an InsertBatch in PostgreSQL's binary form of an array of a
// composite type (src/backend/utils/adt: array_recv, record_recv). Text costs a third of the
// processor time of an insert to write, quote twice and read again (measured); this is copied.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::storage {

using TypeOid = unsigned;

// The composite type of a table's rows as the database at hand numbers it.
struct RowType {
    TypeOid oid = 0;
    std::vector<TypeOid> columns;
};

// `cells`: `count` rows of fields as Cell::append_to writes them. Throws std::logic_error if a
// field does not suit its column.
[[nodiscard]] std::string encode_rows(RowType const& type,
                                      std::string_view table,
                                      std::size_t count,
                                      std::string_view cells);

}  // namespace rastro::storage
