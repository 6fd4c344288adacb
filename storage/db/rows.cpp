// Results: rows of text, read by column name.
#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "common/time_text.hpp"
#include "storage/db/connection_session.hpp"
#include "storage/db/sql.hpp"

namespace rastro::storage {

namespace {

PGresult* native(void* result) {
    return static_cast<PGresult*>(result);
}

}  // namespace

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

}  // namespace rastro::storage
