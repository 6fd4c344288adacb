// The only door to SQL: named queries with named parameters in, rows of text out. Everything the
// traps of SOCI 4.0.3 (anchors/style.md 4.4) need is done here: bound values are owned, prepared
// statements are kept per connection, errors carry SQLSTATE and constraint but no values, NUL is
// refused, times travel as bigint microseconds or RFC 3339 text.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/text.hpp"

namespace rastro::storage {

// Text of one statement with parameters as :name. No comments, no E'' or $$ strings. `name` is
// unique in the program and names the statement in errors, logs and pg_stat_statements.
struct Query {
    std::string_view name;
    std::string_view text;
};

// A value to bind, already in PostgreSQL's text form; nullopt binds NULL. The rows of an
// InsertBatch are the one value that travels in binary form, settled when the connection is known.
class Value {
 public:
    Value(std::nullopt_t) {}                                       // NOLINT: implicit by design
    Value(std::string text) : text_(std::move(text)) { check(); }  // NOLINT
    Value(std::string_view text) : text_(std::string(text)) { check(); }  // NOLINT
    Value(char const* text) : text_(std::string(text)) {}                 // NOLINT
    Value(bool value) : text_(value ? "t" : "f") {}                       // NOLINT
    template <class Integer>
        requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
    Value(Integer value) : text_(std::to_string(value)) {}  // NOLINT
    Value(double value);                                    // NOLINT
    Value(Bytes const& bytes);                              // NOLINT bytea as \x hex
    Value(Uuid const& id) : text_(id.to_string()) {}        // NOLINT
    template <class Tag>
    Value(Id<Tag> const& id) : text_(id.to_string()) {}  // NOLINT
    Value(Instant instant);                              // NOLINT timestamptz text
    Value(std::vector<std::string> const& items);        // NOLINT text[] literal
    template <class T>
    Value(std::optional<T> const& maybe) {  // NOLINT
        if (maybe) {
            *this = Value(*maybe);
        }
    }

    // `count` rows of new_<table>, their fields as Cell::append_to writes them.
    [[nodiscard]] static Value rows(std::string_view table, std::size_t count, std::string cells);

    [[nodiscard]] bool is_null() const noexcept { return !text_; }
    [[nodiscard]] bool is_rows() const noexcept { return !table_.empty(); }
    [[nodiscard]] std::string_view table() const noexcept { return table_; }
    [[nodiscard]] std::size_t row_count() const noexcept { return row_count_; }
    [[nodiscard]] std::string const& text() const { return *text_; }

 private:
    void check()
        const;  // throws std::invalid_argument on NUL: the protocol edge should have refused it
    std::optional<std::string> text_;
    std::string_view table_;
    std::size_t row_count_ = 0;
};

struct Param {
    std::string_view name;
    Value value;
};

// Builds a PostgreSQL array literal element by element, for unnest(:ids::uuid[]).
class ArrayText {
 public:
    void add(std::string_view item);
    void add_maybe(std::optional<std::string> const& item) { item ? add(*item) : add_null(); }
    void add_null();
    void add_bytes(std::span<std::uint8_t const> bytes);
    [[nodiscard]] std::string take();
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

 private:
    void separate();
    std::string text_ = "{";
    std::size_t count_ = 0;
};

class Rows;

// One row of a result; valid as long as its Rows. Reading a missing column or a wrong type is a
// bug: std::logic_error.
class Row {
 public:
    [[nodiscard]] bool is_null(std::string_view column) const;
    [[nodiscard]] std::string_view view(std::string_view column) const;  // "" for NULL
    [[nodiscard]] std::string text(std::string_view column) const {
        return std::string(view(column));
    }
    [[nodiscard]] std::optional<std::string> maybe_text(std::string_view column) const;
    [[nodiscard]] std::int64_t integer(std::string_view column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::string_view column) const;
    [[nodiscard]] std::optional<double> maybe_real(std::string_view column) const;
    [[nodiscard]] bool boolean(std::string_view column) const;
    [[nodiscard]] Bytes bytes(std::string_view column) const;
    [[nodiscard]] Uuid uuid(std::string_view column) const;
    [[nodiscard]] std::optional<Uuid> maybe_uuid(std::string_view column) const;
    template <class IdType>
    [[nodiscard]] IdType id(std::string_view column) const {
        return IdType{uuid(column)};
    }
    // The column must be selected as microseconds: see RASTRO_US below.
    [[nodiscard]] Instant instant(std::string_view column) const;
    [[nodiscard]] std::optional<Instant> maybe_instant(std::string_view column) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view column) const;  // text[]

 private:
    friend class Rows;
    Row(Rows const* rows, int index) : rows_(rows), index_(index) {}
    [[nodiscard]] int column(std::string_view name) const;
    Rows const* rows_;
    int index_;
};

// Selects a timestamptz as microseconds since the epoch, under its own name or another.
#define RASTRO_US(column) "(extract(epoch from " column ")*1000000)::bigint as " column
#define RASTRO_US_AS(expression, name) \
    "(extract(epoch from " expression ")*1000000)::bigint as " name

class Rows {
 public:
    Rows();
    explicit Rows(void* pg_result);  // takes ownership of a PGresult
    Rows(Rows&&) noexcept;
    Rows& operator=(Rows&&) noexcept;
    ~Rows();

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] Row operator[](std::size_t index) const {
        return Row{this, static_cast<int>(index)};
    }
    [[nodiscard]] Row front() const { return (*this)[0]; }
    [[nodiscard]] std::int64_t affected() const noexcept;  // rows written by INSERT, UPDATE, DELETE

    class Iterator {
     public:
        Iterator(Rows const* rows, std::size_t at) : rows_(rows), at_(at) {}
        Row operator*() const { return (*rows_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator!=(Iterator const& other) const noexcept { return at_ != other.at_; }

     private:
        Rows const* rows_;
        std::size_t at_;
    };
    [[nodiscard]] Iterator begin() const { return {this, 0}; }
    [[nodiscard]] Iterator end() const { return {this, size()}; }

 private:
    friend class Row;
    void* result_ = nullptr;
};

// A statement with its values, to be sent together with others.
struct BoundQuery {
    Query query;
    std::vector<Param> params;
};

class Connection;

// Runs statements on one connection. Not thread-safe; one connection and what is made from it is a
// world of its own.
class Sql {
 public:
    explicit Sql(Connection& connection) : connection_(connection) {}

    // One round trip. A query must always be given its parameters in the same order. Throws
    // StorageError.
    Rows run(Query const& query, std::vector<Param> params = {});
    // All statements in one round trip (libpq pipeline), each prepared once per connection. If one
    // fails the rest are skipped and its StorageError is thrown. Results are in the order of the
    // statements.
    std::vector<Rows> run_together(std::span<BoundQuery> queries);

 private:
    Connection& connection_;
};

// ":name" parameters as "$1"; casts and literals stay as they are.
struct PositionalText {
    std::string text;
    std::vector<std::string> names;  // names[i] is parameter $i+1
};
[[nodiscard]] PositionalText to_positional(std::string_view text);

}  // namespace rastro::storage
