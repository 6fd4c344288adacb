// Facts for the RANDOT report out of stored cases, and its snapshots. Only dates, codes, amounts
// and digests of persons leave the database (migration linked_cases, randot_values).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/reports/randot_report.hpp"
#include "common/digest.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

using SnapshotId = Id<struct RandotSnapshotTag>;

// Facts stated until `until`, of the country's judgments and of all cooperation it takes part in;
// country empty: of all. Empty for an agency that may not report for the country.
[[nodiscard]] cases::RandotFacts randot_facts(UnitOfWork& unit,
                                              std::string const& country,
                                              Instant until);

struct RandotSnapshot {
    SnapshotId snapshot_id = SnapshotId::generate();
    std::string country;  // "*": the hemisphere
    int year = 0;
    Date as_of{};
    bool amended = false;
    int definition_version = 1;
    std::string body;
    Digest sha256{};
    std::string prepared_by;
    std::string prepared_agency;
    Instant prepared_at{};
};
void insert_snapshot(UnitOfWork& unit, RandotSnapshot const& snapshot);

}  // namespace rastro::storage
