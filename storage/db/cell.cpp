#include "storage/db/cell.hpp"

#include <chrono>
#include <stdexcept>

namespace rastro::storage {

namespace {

constexpr auto kPostgresEpoch =
    std::chrono::sys_days{std::chrono::year{2000} / std::chrono::January / 1};

void append_size(std::string& row, std::size_t size) {
    auto const bytes = std::bit_cast<std::array<char, 4>>(static_cast<std::uint32_t>(size));
    row.append(bytes.data(), bytes.size());
}

void append_sized(std::string& row, std::string_view bytes) {
    append_size(row, bytes.size());
    row.append(bytes);
}

void refuse_nul(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw std::invalid_argument("NUL in a bound value");
    }
}

}  // namespace

Cell::Cell(Instant instant) : kind_(CellKind::instant) {
    number_ = std::chrono::duration_cast<std::chrono::microseconds>(
                  instant.time_since_epoch() - kPostgresEpoch.time_since_epoch())
                  .count();
}

Cell::Cell(Date date) : kind_(CellKind::date) {
    number_ = (std::chrono::sys_days{date} - kPostgresEpoch).count();
}

void Cell::append_to(std::string& row) const {
    row.push_back(static_cast<char>(kind_));
    switch (kind_) {
        case CellKind::null:
            append_size(row, 0);
            break;
        case CellKind::boolean:
        case CellKind::integer:
        case CellKind::real:
        case CellKind::instant:
        case CellKind::date: {
            auto const bytes = std::bit_cast<std::array<char, 8>>(number_);
            append_sized(row, {bytes.data(), bytes.size()});
            break;
        }
        case CellKind::uuid:
        case CellKind::bytes:
            append_sized(row, {reinterpret_cast<char const*>(bytes_.data()), bytes_.size()});
            break;
        case CellKind::text:
            refuse_nul(text_);
            append_sized(row, text_);
            break;
        case CellKind::items: {
            std::size_t size = 0;
            for (auto const& item : *items_) {
                size += 4 + item.size();
            }
            append_size(row, size);
            for (auto const& item : *items_) {
                refuse_nul(item);
                append_sized(row, item);
            }
            break;
        }
    }
}

}  // namespace rastro::storage
