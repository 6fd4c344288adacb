// One field of a row on its way into a table. A cell borrows what it is made of, so it lives no
// longer than the call that takes it; only an InsertBatch reads it.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/clock.hpp"
#include "common/digest.hpp"
#include "common/ids.hpp"
#include "common/text.hpp"

namespace rastro::storage {

// What a field holds; how it travels is settled when the column's type is known (row_encoding).
enum class CellKind : std::uint8_t {
    null,
    boolean,
    integer,
    real,
    uuid,
    instant,  // microseconds since 2000-01-01 00:00 UTC, PostgreSQL's own epoch
    date,     // days since 2000-01-01
    text,
    bytes,
    items,  // texts, each behind its length
};

class Cell {
 public:
    Cell(std::nullopt_t) {}  // NOLINT: implicit by design
    Cell(std::string_view text) : kind_(CellKind::text), text_(text) {}     // NOLINT
    Cell(std::string const& text) : Cell(std::string_view(text)) {}         // NOLINT
    Cell(char const* text) : Cell(std::string_view(text)) {}                // NOLINT
    Cell(bool value) : kind_(CellKind::boolean), number_(value ? 1 : 0) {}  // NOLINT
    template <class Integer>
        requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
    Cell(Integer value)  // NOLINT
        : kind_(CellKind::integer), number_(static_cast<std::int64_t>(value)) {}
    Cell(double value)  // NOLINT
        : kind_(CellKind::real), number_(std::bit_cast<std::int64_t>(value)) {}
    Cell(Uuid const& id) : kind_(CellKind::uuid), bytes_(id.bytes) {}  // NOLINT
    template <class Tag>
    Cell(Id<Tag> const& id) : Cell(id.uuid) {}  // NOLINT
    Cell(Instant instant);                      // NOLINT timestamptz
    Cell(Date date);                            // NOLINT date
    Cell(std::span<std::uint8_t const> bytes) : kind_(CellKind::bytes), bytes_(bytes) {}  // NOLINT
    Cell(Bytes const& bytes) : Cell(std::span<std::uint8_t const>(bytes)) {}              // NOLINT
    Cell(Digest const& digest) : Cell(std::span<std::uint8_t const>(digest)) {}           // NOLINT
    Cell(std::vector<std::string> const& items)
        : kind_(CellKind::items), items_(&items) {}  // NOLINT
    template <class T>
    Cell(std::optional<T> const& maybe) {  // NOLINT
        if (maybe) {
            *this = Cell(*maybe);
        }
    }
    // A text that the table keeps as NULL when nobody said anything.
    [[nodiscard]] static Cell said(std::string_view text) {
        return text.empty() ? Cell(std::nullopt) : Cell(text);
    }

    // Appends the cell as a field that row_encoding reads. Throws std::invalid_argument on NUL in a
    // text, which the protocol edge should have refused.
    void append_to(std::string& row) const;

 private:
    CellKind kind_ = CellKind::null;
    std::int64_t number_ = 0;
    std::string_view text_;
    std::span<std::uint8_t const> bytes_;
    std::vector<std::string> const* items_ = nullptr;
};

}  // namespace rastro::storage
