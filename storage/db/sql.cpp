#include "storage/db/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "common/time_text.hpp"
#include "storage/db/connection_session.hpp"

namespace rastro::storage {

namespace {

bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

StorageError lost(std::string_view query) {
    return StorageError(StorageFault::unavailable, "08006", "", query);
}

}  // namespace

void throw_storage_error(PGresult const* result, std::string_view query) {
    char const* const sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    char const* const constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    std::string const state = sqlstate == nullptr ? "08006" : sqlstate;
    throw StorageError(
        classify_sqlstate(state), state, constraint == nullptr ? "" : constraint, query);
}

// ---------------------------------------------------------------- values

Value::Value(double value) : text_(fmt::format("{}", value)) {}

Value::Value(Bytes const& bytes) : text_("\\x" + to_hex(bytes)) {}

Value::Value(Instant instant) : text_(to_rfc3339(instant)) {}

Value::Value(std::vector<std::string> const& items) {
    ArrayText array;
    for (auto const& item : items) {
        array.add(item);
    }
    text_ = array.take();
    check();
}

Value Value::rows(std::string_view table, std::size_t count, std::string cells) {
    Value value(std::nullopt);
    value.text_ = std::move(cells);
    value.table_ = table;
    value.row_count_ = count;
    return value;
}

void Value::check() const {
    if (text_->find('\0') != std::string::npos) {
        throw std::invalid_argument("NUL in a bound value");
    }
}

void ArrayText::separate() {
    if (count_++ > 0) {
        text_.push_back(',');
    }
}

void ArrayText::add(std::string_view item) {
    separate();
    text_.push_back('"');
    for (char c : item) {
        if (c == '"' || c == '\\') {
            text_.push_back('\\');
        }
        text_.push_back(c);
    }
    text_.push_back('"');
}

void ArrayText::add_null() {
    separate();
    text_ += "NULL";
}

void ArrayText::add_bytes(std::span<std::uint8_t const> bytes) {
    separate();
    text_ += "\"\\\\x";
    text_ += to_hex(bytes);
    text_.push_back('"');
}

std::string ArrayText::take() {
    text_.push_back('}');
    auto out = std::move(text_);
    text_ = "{";
    count_ = 0;
    return out;
}

// ---------------------------------------------------------------- statements

PositionalText to_positional(std::string_view text) {
    PositionalText out;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char const c = text[at];
        if (c == '\'') {
            quoted = !quoted;
        }
        if (quoted || c != ':') {
            out.text.push_back(c);
            continue;
        }
        if (at + 1 < text.size() && text[at + 1] == ':') {
            out.text += "::";
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && is_name_character(text[end])) {
            ++end;
        }
        std::string const name(text.substr(at + 1, end - at - 1));
        std::size_t index = 0;
        while (index < out.names.size() && out.names[index] != name) {
            ++index;
        }
        if (index == out.names.size()) {
            out.names.push_back(name);
        }
        out.text += "$" + std::to_string(index + 1);
        at = end - 1;
    }
    return out;
}

KeptStatement::KeptStatement(soci::session& session,
                             Query const& query,
                             std::vector<Param> const& params)
    : values(params.size()), indicators(params.size(), soci::i_ok), statement(session) {
    names.reserve(params.size());
    for (auto const& param : params) {
        names.emplace_back(param.name);
    }
    exchange();
    statement.alloc();
    statement.prepare(std::string(query.text));
    statement.define_and_bind();
}

void KeptStatement::exchange() {
    for (std::size_t i = 0; i < names.size(); ++i) {
        statement.exchange(soci::use(values[i], indicators[i], names[i]));
    }
}

void KeptStatement::bind_again() {
    statement.bind_clean_up();
    exchange();
    statement.define_and_bind();
}

Rows Sql::run(Query const& query, std::vector<Param> params) {
    if (std::ranges::any_of(params, [](Param const& param) { return param.value.is_rows(); })) {
        BoundQuery alone[] = {{query, std::move(params)}};  // SOCI binds text only
        return std::move(run_together(alone).front());
    }
    auto& session = *connection_.session_;
    auto found = session.kept.find(query.name);
    if (found == session.kept.end()) {
        std::unique_ptr<KeptStatement> fresh;
        try {
            fresh = std::make_unique<KeptStatement>(session.soci, query, params);
        } catch (soci::postgresql_soci_error const& error) {
            throw StorageError(
                classify_sqlstate(error.sqlstate()), error.sqlstate(), "", query.name);
        } catch (soci::soci_error const&) {
            throw lost(query.name);
        }
        found = session.kept.emplace(query.name, std::move(fresh)).first;
    }
    auto& kept = *found->second;
    for (std::size_t i = 0; i < kept.names.size(); ++i) {
        if (i >= params.size() || params[i].name != kept.names[i] ||
            params.size() != kept.names.size()) {
            throw std::logic_error("query " + std::string(query.name) +
                                   " takes its parameters in one order");
        }
        kept.indicators[i] = params[i].value.is_null() ? soci::i_null : soci::i_ok;
        kept.values[i] = params[i].value.is_null() ? std::string() : params[i].value.text();
    }
    auto* const backend =
        static_cast<soci::postgresql_statement_backend*>(kept.statement.get_backend());
    try {
        kept.statement.execute(true);
    } catch (soci::postgresql_soci_error const& error) {
        kept.bind_again();
        auto const* const result = backend->result_.get_result();
        if (result == nullptr) {
            throw StorageError(
                classify_sqlstate(error.sqlstate()), error.sqlstate(), "", query.name);
        }
        throw_storage_error(result, query.name);
    } catch (soci::soci_error const&) {
        kept.bind_again();
        throw lost(query.name);
    }
    // SOCI frees its result before the next execution; ours must outlive it.
    return Rows(PQcopyResult(backend->result_.get_result(), PG_COPYRES_ATTRS | PG_COPYRES_TUPLES));
}

void BoundValues::add(PGconn* link, RowTypes& row_types, Value const& value) {
    constexpr int kText = 0;
    constexpr int kBinary = 1;
    if (value.is_rows()) {
        auto const& bytes = encoded.emplace_back(encode_rows(
            row_types.of(link, value.table()), value.table(), value.row_count(), value.text()));
        values.push_back(bytes.data());
        lengths.push_back(static_cast<int>(bytes.size()));
        formats.push_back(kBinary);
        return;
    }
    values.push_back(value.is_null() ? nullptr : value.text().c_str());
    lengths.push_back(0);
    formats.push_back(kText);
}

// A type that is missing may be new: they are read again.
RowType const& RowTypes::of(PGconn* link, std::string_view table) {
    auto found = by_table_.find(table);
    if (found == by_table_.end()) {
        read(link);
        found = by_table_.find(table);
    }
    if (found == by_table_.end()) {
        throw std::logic_error("no type new_" + std::string(table));
    }
    return found->second;
}

void RowTypes::read(PGconn* link) {
    Rows const rows(PQexec(link,
                           "select substr(c.relname, 5) as table_name, c.reltype, a.atttypid "
                           "from pg_catalog.pg_class c join pg_catalog.pg_attribute a "
                           "on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
                           "where c.relnamespace = 'rastro'::regnamespace and c.relkind = 'c' "
                           "and c.relname like 'new\\_%' order by c.relname, a.attnum"));
    if (PQstatus(link) != CONNECTION_OK) {
        throw lost("row_types");
    }
    by_table_.clear();
    for (auto const row : rows) {
        auto& type = by_table_[row.text("table_name")];
        type.oid = static_cast<TypeOid>(row.integer("reltype"));
        type.columns.push_back(static_cast<TypeOid>(row.integer("atttypid")));
    }
}

std::vector<Rows> Sql::run_together(std::span<BoundQuery> queries) {
    auto& session = *connection_.session_;
    auto* const link = session.native();
    std::vector<BoundValues> values(queries.size());
    std::vector<bool> prepares(queries.size());
    for (std::size_t q = 0; q < queries.size(); ++q) {
        auto const& bound = queries[q];
        auto const [found, fresh] = session.prepared.try_emplace(bound.query.name);
        if (fresh) {
            found->second = to_positional(bound.query.text);
        }
        prepares[q] = fresh;
        for (auto const& name : found->second.names) {
            auto const param = std::find_if(bound.params.begin(),
                                            bound.params.end(),
                                            [&](Param const& p) { return p.name == name; });
            if (param == bound.params.end()) {
                throw std::logic_error("query " + std::string(bound.query.name) + " misses " +
                                       name);
            }
            values[q].add(link, session.row_types, param->value);
        }
    }
    bool sent = PQenterPipelineMode(link) == 1;
    for (std::size_t q = 0; q < queries.size() && sent; ++q) {
        std::string const name(queries[q].query.name);
        if (prepares[q]) {
            sent = PQsendPrepare(link,
                                 name.c_str(),
                                 session.prepared[queries[q].query.name].text.c_str(),
                                 0,
                                 nullptr) == 1;
        }
        sent = sent && PQsendQueryPrepared(link,
                                           name.c_str(),
                                           static_cast<int>(values[q].values.size()),
                                           values[q].values.data(),
                                           values[q].lengths.data(),
                                           values[q].formats.data(),
                                           0) == 1;
    }
    if (!sent || PQpipelineSync(link) != 1) {
        throw lost("pipeline");
    }
    std::vector<Rows> results;
    results.reserve(queries.size());
    std::optional<StorageError> failure;
    // Each command yields its result and then a null; the sync yields PGRES_PIPELINE_SYNC.
    auto const take = [&](std::string_view name, bool& good) {
        auto* const result = PQgetResult(link);
        if (result == nullptr) {
            throw lost(name);
        }
        Rows rows(result);
        PQclear(PQgetResult(link));
        auto const status = PQresultStatus(result);
        good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        if (status == PGRES_FATAL_ERROR && !failure) {
            try {
                throw_storage_error(result, name);
            } catch (StorageError const& error) {
                failure = error;
            }
        }
        return rows;
    };
    for (std::size_t q = 0; q < queries.size(); ++q) {
        bool good = true;
        if (prepares[q]) {
            auto const prepared = take(queries[q].query.name, good);
            if (!good) {
                session.prepared.erase(queries[q].query.name);
            }
        }
        results.push_back(take(queries[q].query.name, good));
    }
    auto* const sync = PQgetResult(link);
    bool const synced = sync != nullptr && PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    if (failure) {
        PQexitPipelineMode(link);
        throw *failure;
    }
    if (!synced || PQexitPipelineMode(link) != 1) {
        throw lost("pipeline");
    }
    return results;
}

}  // namespace rastro::storage
