// What a step of a case needs to know beside its own rows: how all legs stand, who takes part, and
// the calendar of the agency whose clock starts. Load only, no rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct LegStanding {
    std::string state;
    std::string resume_state;
    std::vector<std::string> flags;
    std::string outcome_code;
    bool earlier_round = false;  // final before the request was last reopened
};
struct CaseStanding {
    bool reopened = false;
    std::vector<LegStanding> legs;  // all legs, also those that the actor may not see; oldest first
};
// For parties of the case and for jobs; empty for everybody else.
[[nodiscard]] CaseStanding case_standing(UnitOfWork& unit, CaseId const& case_id);

struct CalendarRow {
    std::vector<int> weekend;  // ISO 8601: 1 is Monday
    std::vector<Date> holidays;
    std::string time_zone;  // of the agency where it may be seen, else of the country
};
// Holidays from `from` on. Saturday and Sunday, no holidays and UTC for a country that is not
// known.
[[nodiscard]] CalendarRow calendar_of(UnitOfWork& unit,
                                      std::string_view agency,
                                      std::string_view country,
                                      Date from);

// Active national contacts of these countries.
[[nodiscard]] std::vector<std::string> national_contacts_of(
    UnitOfWork& unit, std::vector<std::string> const& countries);
// Agencies that stand in the relation ("approver", "addressed", ...) to the case, as far as the
// actor may see.
[[nodiscard]] std::vector<std::string> parties_of(UnitOfWork& unit,
                                                  CaseId const& case_id,
                                                  std::string_view relation);

}  // namespace rastro::storage
