// Whether the value of a unit of goods lies where others of its kind lie. Reference: same HS code,
// unit and origin, the twelve months before, without the trader itself. Quantiles by linear
// interpolation (as percentile_cont of PostgreSQL). Fewer than 27 comparables say nothing. Source:
// domain/linked-cases.md 4.6 c); levels are DEFAULT.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace rastro::cases {

inline constexpr std::size_t kFewestComparables = 27;

// fraction 0..1; the list ascending and not empty.
[[nodiscard]] double percentile(std::vector<double> const& ascending, double fraction);

struct UnitValueReference {
    std::size_t n = 0;
    double q1 = 0;
    double median = 0;
    double q3 = 0;
    double low_fence = 0;  // Q1 - 1.5 IQR
    double high_fence = 0;
    double mad = 0;  // median absolute deviation
};
[[nodiscard]] UnitValueReference unit_value_reference(std::vector<double> values);

enum class UnitValueLevel : std::uint8_t { insufficient_reference, none, note, signal };
[[nodiscard]] std::string_view to_text(UnitValueLevel level) noexcept;
struct UnitValueVerdict {
    UnitValueLevel level = UnitValueLevel::none;
    double robust_z = 0;  // 0.6745 (x - median) / MAD; 0 if all values are the same
    bool strong = false;  // |z| > 3.5
};
[[nodiscard]] UnitValueVerdict judge_unit_value(double value, UnitValueReference const& reference);

// Which way value moves: import over-invoiced or export under-invoiced takes it out of the country.
enum class ValueFlow : std::uint8_t { none, out, in };
[[nodiscard]] ValueFlow value_flow(bool import, double value, UnitValueReference const& reference);
// Against the near quartile, for the whole quantity; 0 inside the quartiles.
[[nodiscard]] double value_moved(double value,
                                 double quantity,
                                 UnitValueReference const& reference);

}  // namespace rastro::cases
