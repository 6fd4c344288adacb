// The RANDOT report on the wire: three tables of rows and cells, each cell with the cases behind
// it, and every exclusion with its reason (domain/linked-cases.md 6.2, R13, R14).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/reports/randot_report.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

// `cell_cases`: with the ids of the cases behind each number; without, and months over few persons
// left out, it is fit for the public.
[[nodiscard]] std::string write_randot(cases::RandotReport const& report,
                                       std::vector<cases::QualityFault> const& quality,
                                       bool cell_cases);

struct RandotAsked {
    std::string country;  // empty: the hemisphere
    int year = 0;
    std::optional<Date> as_of;
    bool amended = false;
};
[[nodiscard]] Outcome<RandotAsked> read_snapshot_create(std::string_view body);

}  // namespace rastro::protocol
