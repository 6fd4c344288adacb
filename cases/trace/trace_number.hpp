// The public number of a trace request, which people read out and type: "XA-2026-K7RM2QX-4" =
// country, year, seven characters, check character (ISO/IEC 7064 MOD 37,36 over all before it).
//
// domain/tracing.md 10 suggests a sequence for the seven; design/access.md wants numbers that tell
// nothing of other agencies' volume. So they are random, of 30 characters that are not taken for
// each other (no 0, 1, I, L, O, U): 30^7 = 2.2 * 10^10 for each country and year. The database
// keeps them unique; on a clash draw again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rastro::cases {

struct TraceNumber {
    std::string country;  // ISO 3166-1 alpha-2
    int year = 0;
    std::string serial;
    [[nodiscard]] std::string to_string() const;
};

// Exactly the form above with the right check character, upper case; else nullopt.
[[nodiscard]] std::optional<TraceNumber> parse_trace_number(std::string_view text);

// `random`: 64 bits from the entropy source of the system. Throws std::invalid_argument if the
// country is not two capital letters or the year not of 2000 to 9999.
[[nodiscard]] std::string make_trace_number(std::string_view country,
                                            int year,
                                            std::uint64_t random);

}  // namespace rastro::cases
