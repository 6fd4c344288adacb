// The register of lost, stolen, trafficked, smuggled, wanted and destroyed firearms: load and
// store, no rules; row-level security shows a record to its owner only. Candidates for a comparison
// also of others, as far as others may know of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/trace/illicit_record.hpp"
#include "cases/trace/matching.hpp"
#include "storage/serial_index.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::storage {

struct RecordRow {
    CaseFile file;
    cases::IllicitRecord record;
    std::string calibre_group;
    std::string make_key;  // make_id, else the folded words of the maker
    std::string author;
    std::string confirmed_by;  // empty: nobody since it was entered
    std::optional<Instant> confirmed_at;
    std::optional<Instant> due_at;  // of the next clock that runs: to be confirmed, or the end
    std::string clear_reason;
    std::optional<Instant> cleared_at;
};
struct NewRecord {
    RecordRow row;
    std::vector<CaseEvent> events;
    std::vector<DeadlineRow> deadlines;
};
struct AddedRecord {
    bool added = false;
    CaseId case_id;      // of the new one, or of the one that was there
    std::string number;  // of the same
};
// In the order given. A record of the same kind, serial and maker that the agency keeps already is
// not entered again.
[[nodiscard]] std::vector<AddedRecord> add_records(UnitOfWork& unit,
                                                   std::vector<NewRecord> const& records);

// What add_records would say, without entering anything.
[[nodiscard]] std::vector<AddedRecord> look_up_records(UnitOfWork& unit,
                                                       std::vector<NewRecord> const& records);

enum class RecordLock : std::uint8_t { none, for_update };
[[nodiscard]] std::optional<RecordRow> find_record(UnitOfWork& unit,
                                                   CaseId const& case_id,
                                                   RecordLock lock);
// State, validity marks and whether it is live; raises the version.
void store_record(UnitOfWork& unit, RecordRow& row);

struct RecordFilter {
    std::optional<std::string> state;
    std::optional<std::string> kind;
    std::string number;                // exact; empty: any
    std::string agency_case_no;        // exact; empty: any
    std::string serial_skeleton;       // exact look-alike form; empty: any
    std::optional<Instant> due_until;  // only those whose next clock ends by then
};
// Newest first, of the acting agency.
[[nodiscard]] std::vector<RecordRow> list_records(UnitOfWork& unit,
                                                  RecordFilter const& filter,
                                                  std::optional<Uuid> const& after,
                                                  int limit);

// A live record whose serial may be the one in question.
struct RecordCandidate {
    CaseId case_id;
    bool own = false;  // of the acting agency
    std::string number;
    std::string state;
    cases::RecordKind kind = cases::RecordKind::stolen;
    bool silent = false;
    bool in_compartment = false;
    std::string handling_code;
    std::string owner_agency;
    std::string owner_name;
    std::string contact_email;
    std::string contact_phone;
    std::optional<Instant> created_at;
    std::string serial_raw;
    std::string calibre_text;
    cases::MatchSide firearm;
};
// As find_serial: own ones always, others' with `pointers`; for a job everybody's.
[[nodiscard]] std::vector<RecordCandidate> find_in_register(UnitOfWork& unit,
                                                            SerialQuestion const& question);

}  // namespace rastro::storage
