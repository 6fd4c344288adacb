// Candidates for a serial number among the descriptions of all requests (design/performance.md,
// "Serial search"). Finds, does not judge: whoever asks compares each candidate by the rules
// (cases/trace/matching). Exact, look-alike and NCIC forms and every serial one error away are
// found completely; the number of candidates is bounded.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/permission_table.hpp"
#include "cases/trace/matching.hpp"
#include "cases/trace/serial_query.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

// Domain rule 4.8: more candidates than these are cut off, and the caller is told.
inline constexpr int kMostCandidates = 200;

struct SerialCandidate {
    CaseId case_id;
    std::set<cases::Relation> relations;  // of the acting agency; empty: only a pointer
    std::string number;
    std::string state;
    std::string author;
    bool sensitive = false;
    std::vector<std::string> compartments;
    std::vector<std::string> shared_groups;
    std::string handling_code;
    std::string owner_agency;
    std::string owner_name;
    std::string contact_email;  // of a pointer
    std::string contact_phone;
    std::optional<Instant> created_at;
    std::string serial_raw;  // not of a pointer
    std::string calibre_text;
    std::optional<Date> recovered_on;
    std::string recovery_country;
    cases::MatchSide firearm;
};

struct SerialQuestion {
    std::string canon;                          // level L2, if it was read whole
    std::optional<cases::SerialQuery> pattern;  // otherwise
    std::optional<std::set<std::string>>
        make_ids{};               // for a pattern: only these makers, or unknown
    std::string calibre_group{};  // for a pattern without maker
    bool near = true;             // also serials one error away
    bool pointers = false;        // also cases of others, as far as others may know of them
};
struct SerialCandidates {
    std::vector<SerialCandidate> found;  // own cases first, then by kind of likeness
    bool capped = false;
};
[[nodiscard]] SerialCandidates find_serial(UnitOfWork& unit, SerialQuestion const& question);

// Puts what was written since the last time in its place in the index on trigrams. A search finds
// it before that too, only slower. Returns pages settled. System access.
std::int64_t settle_serial_index(UnitOfWork& unit);

// The statement that find_serial sends, for tests and the bench.
[[nodiscard]] BoundQuery serial_statement(SerialQuestion const& question);

}  // namespace rastro::storage
