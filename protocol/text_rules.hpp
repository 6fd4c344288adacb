// The kinds of text a member may hold, each with its check. The same kinds stand in the OpenAPI
// document as "format" or "pattern".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rastro::protocol {

// text: any, tab and line feed allowed. line: one line without tab. Formats:
// code          letters, digits and _ . : / - , starting with a letter or digit
// country       ISO 3166-1 alpha-2 shape, upper case (XA, XB, XC included)
// agency        CC-XXX..XXXXXXXXXX-K (domain/tracing.md 10)
// date          2026-05-14, in the calendar
// partial_date  2026, 2026-05 or 2026-05-14
// date_time     RFC 3339 with offset
// uuid          8-4-4-4-12 hexadecimal digits
// email         local@domain, ASCII, 3 to 254 (RFC 5321 lengths, plain local parts only)
// login         lower-case letters, digits and . _ - @, 3 to 120
// digits        0-9 only
// sha256        64 lower-case hexadecimal digits
// language      en, es, pt, fr
// time_zone     Area/City name of the tz database, or UTC (shape only)
enum class TextKind : std::uint8_t {
    text,
    line,
    code,
    country,
    agency,
    date,
    partial_date,
    date_time,
    uuid,
    email,
    login,
    digits,
    sha256,
    language,
    time_zone,
};

// Lengths in code points.
struct TextRule {
    TextKind kind = TextKind::line;
    std::size_t max = 200;
    std::size_t min = 1;
};

// False for text that is not of the kind; the length is not looked at. Total.
[[nodiscard]] bool is_of_kind(TextKind kind, std::string_view text) noexcept;
// Key of the violation: "format_country". Text has none and gives "wrong_type".
[[nodiscard]] std::string_view violation_of(TextKind kind) noexcept;

inline constexpr TextRule kCountry{TextKind::country, 2, 2};
inline constexpr TextRule kAgency{TextKind::agency, 20, 8};
inline constexpr TextRule kDate{TextKind::date, 10, 10};
inline constexpr TextRule kPartialDate{TextKind::partial_date, 10, 4};
inline constexpr TextRule kDateTime{TextKind::date_time, 40, 20};
inline constexpr TextRule kUuid{TextKind::uuid, 36, 36};
inline constexpr TextRule kEmail{TextKind::email, 254, 3};
inline constexpr TextRule kLogin{TextKind::login, 120, 3};
inline constexpr TextRule kSha256{TextKind::sha256, 64, 64};
inline constexpr TextRule kLanguage{TextKind::language, 2, 2};
inline constexpr TextRule kTimeZone{TextKind::time_zone, 64, 3};
inline constexpr TextRule kCode{TextKind::code, 64, 1};

}  // namespace rastro::protocol
