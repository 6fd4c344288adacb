// The first confirmed detection of a substance in a country and in the region, and how late
// knowledge corrects it. Compared by the free base (parent InChIKey), because salts have keys of
// their own. The earliest day of collection wins; a late report that predates the known first
// becomes the first, which is a correction and never a second "first". That there is one first a
// scope is kept by the database (unique constraint), this only decides what to store.
// Source: domain/linked-cases.md 4.4 c) (1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace rastro::cases {

struct Detection {
    std::string case_id;
    std::string substance;  // parent InChIKey
    std::string country;    // ISO 3166-1 alpha-2
    Date collected_on{};
};

// A first as it is known: `scope` is a country, or "region".
struct FirstDetection {
    std::string substance;
    std::string scope;
    std::string country;
    std::string case_id;
    Date collected_on{};
};
inline constexpr std::string_view kRegion = "region";

enum class FirstChange : std::uint8_t { none, first, correction };
struct FirstVerdict {
    FirstChange country = FirstChange::none;
    FirstChange region = FirstChange::none;
};
// What a confirmation means against the firsts known of its substance (nothing: none yet). Equal
// days change nothing: who confirmed first stays.
[[nodiscard]] FirstVerdict first_detection(Detection const& confirmed,
                                           std::optional<FirstDetection> const& in_country,
                                           std::optional<FirstDetection> const& in_region);

// Detections or overdoses of a day against the place's own history: above the highest of the last
// thirty days, and less likely than one in a hundred if days were Poisson around their mean.
struct Spike {
    bool fires = false;
    int own_high = 0;
    double p = 1.0;  // probability of as many or more
};
[[nodiscard]] Spike spike(int today, std::vector<int> const& last_thirty_days);

// Days from the first detection in the country until control, or until today if there is none.
[[nodiscard]] int legal_gap_days(Date first_detected, std::optional<Date> controlled, Date today);
inline constexpr int kLegalGapSignalDays = 90;  // ews.legal_gap (DEFAULT)

}  // namespace rastro::cases
