// RFC 3339 text <-> Instant, and ISO 8601 calendar dates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.hpp"

namespace rastro {

[[nodiscard]] std::string to_rfc3339(
    Instant instant);  // 2026-05-14T09:12:00.123456Z, always 6 digits
// Accepts offsets ("Z", "+02:00") and 0 to 9 fractional digits (cut to microseconds); years
// 0001-9999.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text) noexcept;

[[nodiscard]] std::string to_iso_date(Date date);  // 2026-05-14
[[nodiscard]] std::optional<Date> parse_iso_date(
    std::string_view text) noexcept;  // must exist in the calendar

// The same texts written to `out`, which has room for kTimeTextSize characters; no NUL. Return the
// end.
inline constexpr std::size_t kTimeTextSize = 40;
char* write_rfc3339(Instant instant, char* out) noexcept;
char* write_iso_date(Date date, char* out) noexcept;

[[nodiscard]] inline std::int64_t to_unix_us(Instant instant) noexcept {
    return instant.time_since_epoch().count();
}
[[nodiscard]] inline Instant from_unix_us(std::int64_t us) noexcept {
    return Instant{std::chrono::microseconds{us}};
}

}  // namespace rastro
