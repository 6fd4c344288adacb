// What people made of the signals of declared cases (domain/linked-cases.md 3.6), and how often
// each rule was right. Load and store only.
#pragma once

#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct SignalDisposition {
    CaseId case_id;
    std::string rule;
    Uuid object_id;  // of the case itself: its id
    int rule_version = 1;
    std::string severity;
    std::string state;     // under_review, confirmed, explained, insufficient
    std::string evidence;  // JSON
    std::string note;
    std::string decided_by;
    std::string decided_agency;
    Instant decided_at{};
};
// The latest of each rule and object.
[[nodiscard]] std::vector<SignalDisposition> dispositions_of(UnitOfWork& unit,
                                                             CaseId const& case_id);
void add_disposition(UnitOfWork& unit, SignalDisposition const& disposition);

// How the signals of a rule stand now, of the cases that the acting agency may see.
struct RuleTally {
    std::string rule;
    int under_review = 0;
    int confirmed = 0;
    int explained = 0;
    int insufficient = 0;
};
[[nodiscard]] std::vector<RuleTally> rule_tallies(UnitOfWork& unit);

}  // namespace rastro::storage
