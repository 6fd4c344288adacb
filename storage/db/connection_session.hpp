// Private to storage/db: what is behind Connection. Included by its .cpp files only.
#pragma once

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/db/connection.hpp"
#include "storage/db/row_encoding.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::storage {

// A statement that SOCI prepared once; the bound variables live here because SOCI keeps their
// addresses.
struct KeptStatement {
    KeptStatement(soci::session& session, Query const& query, std::vector<Param> const& params);
    // After an execution that failed: SOCI 4.0.3 frees the texts it made of the values only after
    // one that went well.
    void bind_again();
    std::vector<std::string> names;
    std::vector<std::string> values;
    std::vector<soci::indicator> indicators;
    soci::statement statement;

 private:
    void exchange();
};

// The types new_<table> of the database at hand, asked for when they are first needed.
class RowTypes {
 public:
    // Throws std::logic_error if there is no such type.
    [[nodiscard]] RowType const& of(PGconn* link, std::string_view table);

 private:
    void read(PGconn* link);
    std::map<std::string, RowType, std::less<>> by_table_;
};

struct Connection::Session {
    soci::session soci;
    std::unordered_map<std::string_view, std::unique_ptr<KeptStatement>> kept;
    std::unordered_map<std::string_view, PositionalText> prepared;  // for pipelines
    RowTypes row_types;
    [[nodiscard]] PGconn* native() {
        return static_cast<soci::postgresql_session_backend*>(soci.get_backend())->conn_;
    }
};

// The parameters of one statement of a pipeline, as libpq takes them.
struct BoundValues {
    void add(PGconn* link, RowTypes& row_types, Value const& value);
    std::vector<char const*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    std::deque<std::string> encoded;
};

[[noreturn]] void throw_storage_error(PGresult const* result, std::string_view query);

}  // namespace rastro::storage
