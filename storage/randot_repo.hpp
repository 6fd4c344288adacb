// Facts for the RANDOT report out of stored cases. Only dates, codes, amounts
// and digests of persons leave the database (randot_objects of migration report_by_object).
#pragma once

#include <string>
#include <vector>

#include "cases/reports/randot_report.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

// Whether the acting agency hands in the report of the country (empty: of the hemisphere).
[[nodiscard]] bool may_report(UnitOfWork& unit, std::string const& country);

// Facts stated until `until`, of the country's judgments and of all cooperation it takes part in;
// country empty: of all. Empty for an agency that may not report for the country.
[[nodiscard]] cases::RandotFacts randot_facts(UnitOfWork& unit,
                                              std::string const& country,
                                              Instant until);

// Victims of trafficking detected in the year, by purpose of exploitation and age band.
struct VictimCount {
    std::string purpose;
    std::string age_band;
    int victims = 0;
};
[[nodiscard]] std::vector<VictimCount> victim_counts(UnitOfWork& unit,
                                                     std::string const& country,
                                                     int year);

}  // namespace rastro::storage
