#include "storage/db/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "common/time_text.hpp"
#include "storage/db/connection_session.hpp"

namespace rastro::storage {

namespace {

PGresult* native(void* result) {
    return static_cast<PGresult*>(result);
}

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

// ---------------------------------------------------------------- rows

Rows::Rows() = default;
Rows::Rows(void* pg_result) : result_(pg_result) {}
Rows::Rows(Rows&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
Rows& Rows::operator=(Rows&& other) noexcept {
    std::swap(result_, other.result_);
    return *this;
}
Rows::~Rows() {
    PQclear(native(result_));
}

std::size_t Rows::size() const noexcept {
    return result_ == nullptr ? 0 : static_cast<std::size_t>(PQntuples(native(result_)));
}

std::int64_t Rows::affected() const noexcept {
    if (result_ == nullptr) {
        return 0;
    }
    std::string_view const text = PQcmdTuples(native(result_));
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

int Row::column(std::string_view name) const {
    int const count = PQnfields(native(rows_->result_));
    for (int i = 0; i < count; ++i) {
        if (name == PQfname(native(rows_->result_), i)) {
            return i;
        }
    }
    throw std::logic_error("no column " + std::string(name));
}

bool Row::is_null(std::string_view name) const {
    return PQgetisnull(native(rows_->result_), index_, column(name)) == 1;
}

std::string_view Row::view(std::string_view name) const {
    int const at = column(name);
    return {PQgetvalue(native(rows_->result_), index_, at),
            static_cast<std::size_t>(PQgetlength(native(rows_->result_), index_, at))};
}

std::optional<std::string> Row::maybe_text(std::string_view name) const {
    if (is_null(name)) {
        return std::nullopt;
    }
    return text(name);
}

std::int64_t Row::integer(std::string_view name) const {
    auto const value = view(name);
    std::int64_t number = 0;
    auto const [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (fault != std::errc{} || end != value.data() + value.size()) {
        throw std::logic_error("column " + std::string(name) + " is not an integer");
    }
    return number;
}

std::optional<std::int64_t> Row::maybe_integer(std::string_view name) const {
    if (is_null(name)) {
        return std::nullopt;
    }
    return integer(name);
}

std::optional<double> Row::maybe_real(std::string_view name) const {
    if (is_null(name)) {
        return std::nullopt;
    }
    return std::stod(text(name));
}

bool Row::boolean(std::string_view name) const {
    return view(name) == "t";
}

Bytes Row::bytes(std::string_view name) const {
    auto value = view(name);
    if (!value.starts_with("\\x")) {
        throw std::logic_error("column " + std::string(name) + " is not bytea");
    }
    value.remove_prefix(2);
    return from_hex(value).value();
}

Uuid Row::uuid(std::string_view name) const {
    auto const parsed = Uuid::parse(view(name));
    if (!parsed) {
        throw std::logic_error("column " + std::string(name) + " is not a uuid");
    }
    return *parsed;
}

std::optional<Uuid> Row::maybe_uuid(std::string_view name) const {
    if (is_null(name)) {
        return std::nullopt;
    }
    return uuid(name);
}

Instant Row::instant(std::string_view name) const {
    return from_unix_us(integer(name));
}

std::optional<Instant> Row::maybe_instant(std::string_view name) const {
    if (is_null(name)) {
        return std::nullopt;
    }
    return instant(name);
}

// Array output syntax: PostgreSQL 15, 8.15.6.
std::vector<std::string> Row::texts(std::string_view name) const {
    auto value = view(name);
    std::vector<std::string> items;
    if (value.size() < 2 || value.front() != '{') {
        return items;
    }
    value = value.substr(1, value.size() - 2);
    std::size_t at = 0;
    while (at < value.size()) {
        std::string item;
        if (value[at] == '"') {
            for (++at; at < value.size() && value[at] != '"'; ++at) {
                if (value[at] == '\\') {
                    ++at;
                }
                item.push_back(value[at]);
            }
            ++at;
        } else {
            while (at < value.size() && value[at] != ',') {
                item.push_back(value[at++]);
            }
        }
        items.push_back(std::move(item));
        ++at;  // the comma
    }
    return items;
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

std::vector<Rows> Sql::run_together(std::span<BoundQuery> queries) {
    auto& session = *connection_.session_;
    auto* const link = session.native();
    std::vector<std::vector<char const*>> values(queries.size());
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
            values[q].push_back(param->value.is_null() ? nullptr : param->value.text().c_str());
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
                                           static_cast<int>(values[q].size()),
                                           values[q].data(),
                                           nullptr,
                                           nullptr,
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
