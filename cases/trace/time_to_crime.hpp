// Time-to-crime: from the first (or last known) retail sale to the recovery, and the way between
// the two places. Source: domain rule 2.5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cases/trace/partial_date.hpp"

namespace rastro::cases {

// Half-open calendar intervals on the purchase date: [0,+3m) [+3m,+7m) [+7m,+12m) [+1y,+2y)
// [+2y,+3y) and
// [+3y, without end). Codes: under_3_months ... 3_years_and_over.
enum class TtcBucket : std::uint8_t {
    under_3_months,
    months_3_to_7,
    months_7_to_12,
    years_1_to_2,
    years_2_to_3,
    years_3_and_over,
};

// Codes: TTC_NEGATIVE (recovered before the sale: wrong gun or wrong date), TTC_IMPRECISE (a date
// without day), TTC_RESTORED_SERIAL (counted, but shown).
enum class TtcFlag : std::uint8_t { negative, imprecise, restored_serial };

struct TimeToCrime {
    std::optional<int> days;          // absent when a date lacks its day
    std::optional<TtcBucket> bucket;  // absent when negative or imprecise
    std::vector<TtcFlag> flags;
    bool counted = false;    // enters averages and tables
    bool short_ttc = false;  // at most three calendar years
};

[[nodiscard]] std::string_view code_of(TtcBucket bucket) noexcept;
[[nodiscard]] std::string_view code_of(TtcFlag flag) noexcept;

// The day `months` calendar months later; a day that the month lacks becomes its last day.
[[nodiscard]] Date add_months_clamped(Date from, int months) noexcept;
[[nodiscard]] TtcBucket ttc_bucket(Date purchased,
                                   Date recovered) noexcept;  // recovered >= purchased
// Nothing without a purchase: a trace that did not reach a purchaser has no time-to-crime.
[[nodiscard]] std::optional<TimeToCrime> time_to_crime(std::optional<PartialDate> const& purchased,
                                                       PartialDate const& recovered,
                                                       bool restored_serial);
// Mean of days / 365.25 over the counted ones, rounded to two decimals; nothing if none is counted.
[[nodiscard]] std::optional<double> average_ttc_years(std::span<TimeToCrime const> all);

// Degrees, WGS 84. valid(): finite, latitude within 90, longitude within 180.
struct GeoPoint {
    double latitude = 0;
    double longitude = 0;
    [[nodiscard]] bool valid() const noexcept;
};
// Great circle on a sphere of radius 6371.0088 km, in kilometres; nothing for points that are not
// valid. Meant for retailer site and recovery site; never for a purchaser's home in a table.
[[nodiscard]] std::optional<double> great_circle_km(GeoPoint a, GeoPoint b) noexcept;

// A place by codes; empty texts are unknown and equal to nothing.
struct AdminPlace {
    std::string_view country;     // ISO 3166-1 alpha-2
    std::string_view admin_area;  // ISO 3166-2 or local text
};
struct PlaceRelation {
    bool same_country = false;
    bool same_admin_area = false;
    bool cross_border = false;  // both countries known and different
};
[[nodiscard]] PlaceRelation relate_places(AdminPlace sold, AdminPlace recovered) noexcept;

}  // namespace rastro::cases
