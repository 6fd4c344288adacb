// RANDOT reports that were kept: numbered, checked and cleared, with what changed since the version
// before (domain/linked-cases.md 6.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/reports/randot_report.hpp"
#include "common/clock.hpp"

namespace rastro::protocol {

struct SnapshotMessage {
    std::string snapshot_id;
    std::string country;  // empty: the hemisphere
    int year = 0;
    int version = 1;
    Date as_of{};
    bool amended = false;
    int faults = 0;
    std::string sha256;  // hex, of the report's bytes as they stand in the reply
    std::string prepared_by;
    std::string prepared_agency;
    Instant prepared_at{};
    std::string verified_by;
    std::optional<Instant> verified_at;
    std::string cleared_by;
    std::optional<Instant> cleared_at;
    std::string signature;  // signed note of a cleared report; empty: none
    std::string changes;    // JSON; empty: left out
    std::string report;     // JSON; empty: left out
};
[[nodiscard]] std::string write_snapshot(SnapshotMessage const& message);
[[nodiscard]] std::string write_snapshots(std::vector<SnapshotMessage> const& items,
                                          std::string_view next);

[[nodiscard]] std::string write_changes(std::vector<cases::ReportChange> const& changes);

// The rows of a report that write_randot() wrote with its cases. Throws std::invalid_argument for
// anything else.
[[nodiscard]] std::vector<cases::ReportRow> read_report_rows(std::string_view report);

}  // namespace rastro::protocol
