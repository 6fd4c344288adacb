#include "cases/trace/time_to_crime.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

using std::chrono::sys_days;

constexpr std::array<CodeRow<TtcBucket>, 6> kBuckets{{
    {TtcBucket::under_3_months, "under_3_months"},
    {TtcBucket::months_3_to_7, "3_to_7_months"},
    {TtcBucket::months_7_to_12, "7_to_12_months"},
    {TtcBucket::years_1_to_2, "1_to_2_years"},
    {TtcBucket::years_2_to_3, "2_to_3_years"},
    {TtcBucket::years_3_and_over, "3_years_and_over"},
}};
constexpr std::array<CodeRow<TtcFlag>, 3> kFlags{{
    {TtcFlag::negative, "TTC_NEGATIVE"},
    {TtcFlag::imprecise, "TTC_IMPRECISE"},
    {TtcFlag::restored_serial, "TTC_RESTORED_SERIAL"},
}};
// Upper ends of the first five buckets, in months.
constexpr std::array<int, 5> kBucketEnds{3, 7, 12, 24, 36};

}  // namespace

std::string_view code_of(TtcBucket bucket) noexcept {
    return code_in(kBuckets, bucket);
}
std::string_view code_of(TtcFlag flag) noexcept {
    return code_in(kFlags, flag);
}

Date add_months_clamped(Date from, int months) noexcept {
    auto const moved = from + std::chrono::months{months};
    return moved.ok() ? moved : Date{moved.year() / moved.month() / std::chrono::last};
}

TtcBucket ttc_bucket(Date purchased, Date recovered) noexcept {
    for (std::size_t i = 0; i < kBucketEnds.size(); ++i) {
        if (sys_days(recovered) < sys_days(add_months_clamped(purchased, kBucketEnds[i]))) {
            return static_cast<TtcBucket>(i);
        }
    }
    return TtcBucket::years_3_and_over;
}

std::optional<TimeToCrime> time_to_crime(std::optional<PartialDate> const& purchased,
                                         PartialDate const& recovered,
                                         bool restored_serial) {
    if (!purchased) {
        return std::nullopt;
    }
    TimeToCrime result;
    if (restored_serial) {
        result.flags.push_back(TtcFlag::restored_serial);
    }
    if (purchased->precision != DatePrecision::day || recovered.precision != DatePrecision::day) {
        result.flags.push_back(TtcFlag::imprecise);
        return result;
    }
    auto const from = purchased->first_day();
    auto const to = recovered.first_day();
    result.days = static_cast<int>((sys_days(to) - sys_days(from)).count());
    if (*result.days < 0) {
        result.flags.push_back(TtcFlag::negative);
        return result;
    }
    result.bucket = ttc_bucket(from, to);
    result.counted = true;
    result.short_ttc = sys_days(to) <= sys_days(add_months_clamped(from, 36));
    return result;
}

std::optional<double> average_ttc_years(std::span<TimeToCrime const> all) {
    double days = 0;
    double count = 0;
    for (auto const& one : all) {
        if (one.counted && one.days) {
            days += *one.days;
            count += 1;
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    return std::round(days / count / 365.25 * 100) / 100;
}

bool GeoPoint::valid() const noexcept {
    return std::isfinite(latitude) && std::isfinite(longitude) && std::abs(latitude) <= 90 &&
           std::abs(longitude) <= 180;
}

std::optional<double> great_circle_km(GeoPoint a, GeoPoint b) noexcept {
    if (!a.valid() || !b.valid()) {
        return std::nullopt;
    }
    constexpr double radius_km = 6371.0088;
    constexpr double radians = std::numbers::pi / 180;
    double const half_latitude = std::sin((b.latitude - a.latitude) * radians / 2);
    double const half_longitude = std::sin((b.longitude - a.longitude) * radians / 2);
    double const haversine = half_latitude * half_latitude + std::cos(a.latitude * radians) *
                                                                 std::cos(b.latitude * radians) *
                                                                 half_longitude * half_longitude;
    return 2 * radius_km * std::asin(std::min(1.0, std::sqrt(haversine)));
}

PlaceRelation relate_places(AdminPlace sold, AdminPlace recovered) noexcept {
    bool const known = !sold.country.empty() && !recovered.country.empty();
    PlaceRelation relation;
    relation.same_country = known && sold.country == recovered.country;
    relation.same_admin_area = relation.same_country && !sold.admin_area.empty() &&
                               sold.admin_area == recovered.admin_area;
    relation.cross_border = known && !relation.same_country;
    return relation;
}

}  // namespace rastro::cases
