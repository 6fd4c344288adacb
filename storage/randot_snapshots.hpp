// RANDOT reports as they were handed out: kept whole, numbered by country and year, checked by one
// person and cleared by another (migration linked_cases). Only agencies that report for the country
// see them. Load and store only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/digest.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

using SnapshotId = Id<struct RandotSnapshotTag>;

struct RandotSnapshot {
    SnapshotId snapshot_id = SnapshotId::generate();
    std::string country;  // "*": the hemisphere
    int year = 0;
    int version = 1;
    Date as_of{};
    bool amended = false;
    int definition_version = 1;
    std::string body;         // JSON
    std::string public_body;  // JSON, fit for the public
    std::string changes;      // JSON, against the version before
    int faults = 0;           // of quality; more than 0: cannot be cleared
    Digest sha256{};          // of body
    std::string prepared_by;
    std::string prepared_agency;
    Instant prepared_at{};
    std::string verified_by;
    std::optional<Instant> verified_at;
    std::string cleared_by;
    std::optional<Instant> cleared_at;
    std::string signature;  // signed note; empty: not cleared, or no key was at hand
};

// Locks the country and year for the transaction, so that two versions never get one number, and
// tells the latest one.
[[nodiscard]] std::optional<RandotSnapshot> latest_snapshot(UnitOfWork& unit,
                                                            std::string const& country,
                                                            int year);
void insert_snapshot(UnitOfWork& unit, RandotSnapshot const& snapshot);
[[nodiscard]] std::optional<RandotSnapshot> find_snapshot(UnitOfWork& unit,
                                                          SnapshotId const& snapshot_id);
// Newest first, without the bodies; country empty: all that the agency reports for.
[[nodiscard]] std::vector<RandotSnapshot> list_snapshots(UnitOfWork& unit,
                                                         std::string const& country,
                                                         std::optional<int> year,
                                                         std::optional<SnapshotId> after,
                                                         int limit);
void store_verification(UnitOfWork& unit, RandotSnapshot const& snapshot);
void store_clearance(UnitOfWork& unit, RandotSnapshot const& snapshot);

}  // namespace rastro::storage
