#include "storage/db/cell.hpp"

#include <algorithm>
#include <stdexcept>

#include "common/time_text.hpp"
#include "storage/db/sql.hpp"

namespace rastro::storage {

namespace {

// Both levels quote with '"' and escape with '\'; inside the composite a quote is doubled.
void append_quoted(std::string& row, std::string_view text) {
    row += R"(\")";
    while (true) {
        auto const at = text.find_first_of(std::string_view("\"\\\0", 3));
        row.append(text.substr(0, at));
        if (at == std::string_view::npos) {
            break;
        }
        if (text[at] == '\0') {
            throw std::invalid_argument("NUL in a bound value");
        }
        row += text[at] == '"' ? R"(\"\")" : R"(\\\\)";
        text.remove_prefix(at + 1);
    }
    row += R"(\")";
}

}  // namespace

Cell::Cell(Uuid const& id) : kind_(Kind::plain), size_(Uuid::kTextSize) {
    id.write(own_);
}

Cell::Cell(Instant instant) : kind_(Kind::plain) {
    size_ = static_cast<std::uint8_t>(write_rfc3339(instant, own_) - own_);
}

Cell::Cell(Date date) : kind_(Kind::plain) {
    size_ = static_cast<std::uint8_t>(write_iso_date(date, own_) - own_);
}

void Cell::append_to(std::string& row) const {
    switch (kind_) {
        case Kind::null:
            break;
        case Kind::plain:
            row.append(own_, size_);
            break;
        case Kind::text:
            append_quoted(row, text_);
            break;
        case Kind::bytes:
            row += R"(\\\\x)";
            append_hex(row, bytes_);
            break;
        case Kind::items: {
            ArrayText array;
            for (auto const& item : *items_) {
                array.add(item);
            }
            append_quoted(row, array.take());
            break;
        }
    }
}

}  // namespace rastro::storage
