#include "storage/db/row_encoding.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "common/ids.hpp"
#include "common/time_text.hpp"
#include "storage/db/cell.hpp"

namespace rastro::storage {

namespace {

// src/include/catalog/pg_type.dat: numbers of built-in types never change.
constexpr TypeOid kBool = 16;
constexpr TypeOid kBytea = 17;
constexpr TypeOid kInt8 = 20;
constexpr TypeOid kInt2 = 21;
constexpr TypeOid kInt4 = 23;
constexpr TypeOid kText = 25;
constexpr TypeOid kJson = 114;
constexpr TypeOid kFloat8 = 701;
constexpr TypeOid kTextArray = 1009;
constexpr TypeOid kDate = 1082;
constexpr TypeOid kTimestamptz = 1184;
constexpr TypeOid kUuid = 2950;
constexpr TypeOid kJsonb = 3802;
constexpr char kJsonbVersion = 1;

template <class Integer>
void append_big_endian(std::string& out, Integer value) {
    auto rest = static_cast<std::make_unsigned_t<Integer>>(value);
    char bytes[sizeof(Integer)];
    for (std::size_t i = sizeof(Integer); i-- > 0;) {
        bytes[i] = static_cast<char>(rest & 0xFFU);
        if constexpr (sizeof(Integer) > 1) {
            rest = static_cast<std::make_unsigned_t<Integer>>(rest >> 8U);
        }
    }
    out.append(bytes, sizeof bytes);
}

void append_int(std::string& out, std::size_t value) {
    append_big_endian(out, static_cast<std::int32_t>(value));
}

void append_sized(std::string& out, std::string_view bytes) {
    append_int(out, bytes.size());
    out.append(bytes);
}

// Takes the fields that Cell::append_to wrote, one after the other.
class Fields {
 public:
    explicit Fields(std::string_view rest) : rest_(rest) {}

    [[nodiscard]] CellKind kind() { return static_cast<CellKind>(take(1).front()); }
    [[nodiscard]] std::string_view value() {
        std::uint32_t size = 0;
        std::memcpy(&size, take(sizeof size).data(), sizeof size);
        return take(size);
    }
    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

 private:
    std::string_view take(std::size_t size) {
        auto const taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::string_view rest_;
};

std::int64_t number_of(std::string_view value) {
    std::int64_t number = 0;
    std::memcpy(&number, value.data(), sizeof number);
    return number;
}

template <class Integer>
bool append_integer(std::string& out, std::int64_t number) {
    if (number < std::numeric_limits<Integer>::min() ||
        number > std::numeric_limits<Integer>::max()) {
        return false;
    }
    append_int(out, sizeof(Integer));
    append_big_endian(out, static_cast<Integer>(number));
    return true;
}

bool append_number(std::string& out, TypeOid type, std::int64_t number) {
    switch (type) {
        case kInt2:
            return append_integer<std::int16_t>(out, number);
        case kInt4:
            return append_integer<std::int32_t>(out, number);
        case kInt8:
            return append_integer<std::int64_t>(out, number);
        default:
            return false;
    }
}

bool append_text(std::string& out, TypeOid type, std::string_view text) {
    if (type == kText || type == kJson) {
        append_sized(out, text);
        return true;
    }
    if (type == kJsonb) {
        append_int(out, text.size() + 1);
        out.push_back(kJsonbVersion);
        out.append(text);
        return true;
    }
    if (type == kUuid) {
        auto const id = Uuid::parse(text);
        if (id) {
            append_sized(out, {reinterpret_cast<char const*>(id->bytes.data()), id->bytes.size()});
        }
        return id.has_value();
    }
    return false;
}

// One dimension, lower bound 1, no NULL in it.
void append_array_head(std::string& out, TypeOid element, std::size_t count) {
    append_int(out, count == 0 ? 0 : 1);
    append_int(out, 0);
    append_big_endian(out, element);
    if (count > 0) {
        append_int(out, count);
        append_int(out, 1);
    }
}

void append_texts(std::string& out, std::string_view items) {
    std::string elements;
    std::size_t count = 0;
    for (Fields rest(items); !rest.done(); ++count) {
        append_sized(elements, rest.value());
    }
    std::string array;
    append_array_head(array, kText, count);
    append_sized(out, array + elements);
}

// The value behind its length; false if it does not suit the type.
bool append_value(std::string& out, TypeOid type, CellKind kind, std::string_view value) {
    switch (kind) {
        case CellKind::null:
            append_big_endian(out, std::int32_t{-1});
            return true;
        case CellKind::boolean:
            append_int(out, 1);
            out.push_back(static_cast<char>(number_of(value)));
            return type == kBool;
        case CellKind::integer:
            return append_number(out, type, number_of(value));
        case CellKind::real:
            return type == kFloat8 && append_integer<std::int64_t>(out, number_of(value));
        case CellKind::instant:
            return type == kTimestamptz && append_integer<std::int64_t>(out, number_of(value));
        case CellKind::date:
            return type == kDate && append_integer<std::int32_t>(out, number_of(value));
        case CellKind::uuid:
            append_sized(out, value);
            return type == kUuid;
        case CellKind::bytes:
            append_sized(out, value);
            return type == kBytea;
        case CellKind::text:
            return append_text(out, type, value);
        case CellKind::items:
            append_texts(out, value);
            return type == kTextArray;
    }
    return false;
}

}  // namespace

std::string encode_rows(RowType const& type,
                        std::string_view table,
                        std::size_t count,
                        std::string_view cells) {
    std::string out;
    out.reserve(32 + cells.size() * 2);
    append_array_head(out, type.oid, count);
    Fields rest(cells);
    for (std::size_t row = 0; row < count; ++row) {
        auto const size_at = out.size();
        append_int(out, 0);
        append_int(out, type.columns.size());
        for (std::size_t i = 0; i < type.columns.size(); ++i) {
            append_big_endian(out, type.columns[i]);
            auto const kind = rest.kind();
            if (!append_value(out, type.columns[i], kind, rest.value())) {
                throw std::logic_error("field " + std::to_string(i + 1) + " of a row of " +
                                       std::string(table) + " does not suit its column");
            }
        }
        std::string size;
        append_int(size, out.size() - size_at - 4);
        out.replace(size_at, size.size(), size);
    }
    return out;
}

}  // namespace rastro::storage
