// Messages of the register of lost, stolen, trafficked, smuggled, wanted and destroyed firearms
// (domain/tracing.md 4.9).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/illicit_record.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"
#include "common/problem.hpp"

namespace rastro::protocol {

inline constexpr std::size_t kMaxRecordBatch = 500;

// ---------------------------------------------------------------- bodies

// Form only: the rules between members, and those that need the catalogue, are check_record().
[[nodiscard]] Outcome<cases::IllicitRecord> read_new_record(std::string_view body);

// One row of many: a record, or what is wrong with its form (pointers relative to the row).
struct RecordRowMessage {
    std::optional<cases::IllicitRecord> record;
    std::vector<Violation> violations;
};
struct RecordRowsMessage {
    std::vector<RecordRowMessage> rows;  // 1 to kMaxRecordBatch
    bool dry_run = false;                // says what would happen and enters nothing
};
[[nodiscard]] Outcome<RecordRowsMessage> read_record_rows(std::string_view body);

struct RecordClearance {
    cases::ClearReason reason = cases::ClearReason::recovered;
    std::string text;
};
[[nodiscard]] Outcome<RecordClearance> read_record_clearance(std::string_view body);

// ---------------------------------------------------------------- replies

struct RecordMessage {
    CaseId record_id;
    std::string number;
    std::string state;
    std::string owner_agency;
    int version = 1;
    cases::IllicitRecord record;
    Instant entered_at{};
    std::string entered_by;
    Instant updated_at{};
    std::string confirmed_by;
    std::optional<Instant> confirmed_at;
    std::optional<Instant> due_at;  // confirm it before this, or it ends
    std::string clear_reason;
    std::optional<Instant> cleared_at;
    std::vector<std::string> next_steps;  // acts that are open to the caller
};
void append_record(std::string& out, RecordMessage const& record);
[[nodiscard]] std::string write_records(std::vector<RecordMessage> const& records,
                                        std::string_view next);

// entered, valid (a dry run would enter it), duplicate (the agency has this record already),
// rejected.
struct RecordRowResult {
    std::size_t row = 0;  // of the array, from 0
    std::string result;
    std::optional<CaseId> record_id;  // entered, or the one that is there
    std::string number;
    std::vector<Violation> violations;
};
[[nodiscard]] std::string write_record_row_results(std::vector<RecordRowResult> const& results);

}  // namespace rastro::protocol
