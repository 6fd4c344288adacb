// One field of a row on its way into a table. A cell borrows what it is made of, so it lives no
// longer than the call that takes it; only an InsertBatch reads it.
#pragma once

#include <charconv>
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

class Cell {
 public:
    Cell(std::nullopt_t) {}                                          // NOLINT: implicit by design
    Cell(std::string_view text) : kind_(Kind::text), text_(text) {}  // NOLINT
    Cell(std::string const& text) : Cell(std::string_view(text)) {}  // NOLINT
    Cell(char const* text) : Cell(std::string_view(text)) {}         // NOLINT
    Cell(bool value) : kind_(Kind::plain), size_(1) {                // NOLINT
        own_[0] = value ? 't' : 'f';
    }
    template <class Integer>
        requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
    Cell(Integer value) : kind_(Kind::plain) {  // NOLINT
        size_ =
            static_cast<std::uint8_t>(std::to_chars(own_, own_ + sizeof own_, value).ptr - own_);
    }
    Cell(double value) : kind_(Kind::plain) {  // NOLINT
        size_ =
            static_cast<std::uint8_t>(std::to_chars(own_, own_ + sizeof own_, value).ptr - own_);
    }
    Cell(Uuid const& id);  // NOLINT
    template <class Tag>
    Cell(Id<Tag> const& id) : Cell(id.uuid) {}  // NOLINT
    Cell(Instant instant);                      // NOLINT timestamptz
    Cell(Date date);                            // NOLINT date
    Cell(std::span<std::uint8_t const> bytes) : kind_(Kind::bytes), bytes_(bytes) {}     // NOLINT
    Cell(Bytes const& bytes) : Cell(std::span<std::uint8_t const>(bytes)) {}             // NOLINT
    Cell(Digest const& digest) : Cell(std::span<std::uint8_t const>(digest)) {}          // NOLINT
    Cell(std::vector<std::string> const& items) : kind_(Kind::items), items_(&items) {}  // NOLINT
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

    // Appends the cell as one field of a composite value that is itself an element of an array
    // literal (PostgreSQL 15, 8.16.6 within 8.15.6). Throws std::invalid_argument on NUL, which the
    // protocol edge should have refused.
    void append_to(std::string& row) const;

 private:
    enum class Kind : std::uint8_t { null, plain, text, bytes, items };
    Kind kind_ = Kind::null;
    std::uint8_t size_ = 0;
    char own_[40]{};  // of a plain cell: a number, id or time
    std::string_view text_;
    std::span<std::uint8_t const> bytes_;
    std::vector<std::string> const* items_ = nullptr;
};

}  // namespace rastro::storage
