// Other requests of the acting agency about what looks like the same recovery
// (domain/tracing.md 4.9, first row): suggested to a person, never decided by the system.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct LikelyDuplicate {
    CaseId case_id;
    std::string number;
    std::string state;
};

// What is looked for: the serial, and the case number or the day of recovery that goes with it. An
// empty serial is equal to nothing; an empty case number and a missing day are not compared.
struct DuplicateQuestion {
    std::string serial_canon;
    std::string agency_case_no;
    std::optional<Date> recovered_on;
    std::optional<CaseId> except;  // the request itself, once it is stored
};

[[nodiscard]] BoundQuery duplicates_query(std::vector<DuplicateQuestion> const& questions);
// One list for each of `count` questions, oldest request first, at most five.
[[nodiscard]] std::vector<std::vector<LikelyDuplicate>> read_duplicates(Rows const& rows,
                                                                        std::size_t count);
// One question, asked and answered at once.
[[nodiscard]] std::vector<LikelyDuplicate> find_likely_duplicates(
    UnitOfWork& unit, DuplicateQuestion const& question);

}  // namespace rastro::storage
