#include "storage/case_standing.hpp"

#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

constexpr Query kStandings{
    "leg_standings",
    "select s.reopened, s.state, s.resume_state, s.flags, s.outcome_code, s.earlier_round "
    "from leg_standings_of(:case_id::uuid) s"};
constexpr Query kCalendar{
    "calendar_of",
    "select c.weekend, coalesce((select a.time_zone from agency a where a.agency = :agency), "
    "c.time_zone) as time_zone, (select coalesce(array_agg(h.day::text order by h.day), '{}') "
    "from holiday h where h.country = c.country and h.day >= :from::date) as holidays "
    "from country c where c.country = :country"};
constexpr Query kContacts{
    "national_contacts_of",
    "select agency from agency where national_contact and state = 'active' and country = "
    "any(:countries::text[]) order by agency"};
constexpr Query kParties{"case_parties_of",
                         "select agency from case_party where case_id = :case_id::uuid and "
                         "relation = :relation and (valid_until is null or valid_until > now()) "
                         "order by agency"};

std::vector<std::string> agencies(Rows const& rows) {
    std::vector<std::string> found;
    for (auto const row : rows) {
        found.push_back(row.text("agency"));
    }
    return found;
}

}  // namespace

CaseStanding case_standing(UnitOfWork& unit, CaseId const& case_id) {
    CaseStanding standing;
    auto const rows = unit.sql().run(kStandings, {{"case_id", case_id}});
    for (auto const row : rows) {
        standing.reopened = row.boolean("reopened");
        if (row.is_null("state")) {
            continue;
        }
        standing.legs.push_back({.state = row.text("state"),
                                 .resume_state = row.text("resume_state"),
                                 .flags = row.texts("flags"),
                                 .outcome_code = row.text("outcome_code"),
                                 .earlier_round = row.boolean("earlier_round")});
    }
    return standing;
}

CalendarRow calendar_of(UnitOfWork& unit,
                        std::string_view agency,
                        std::string_view country,
                        Date from) {
    auto const rows = unit.sql().run(
        kCalendar, {{"agency", agency}, {"from", to_iso_date(from)}, {"country", country}});
    if (rows.empty()) {
        return {.weekend = {6, 7}, .holidays = {}, .time_zone = "UTC"};
    }
    auto const row = rows.front();
    CalendarRow calendar{.weekend = {}, .holidays = {}, .time_zone = row.text("time_zone")};
    for (auto const& day : row.texts("weekend")) {
        calendar.weekend.push_back(std::stoi(day));
    }
    for (auto const& day : row.texts("holidays")) {
        if (auto const date = parse_iso_date(day)) {
            calendar.holidays.push_back(*date);
        }
    }
    return calendar;
}

std::vector<std::string> national_contacts_of(UnitOfWork& unit,
                                              std::vector<std::string> const& countries) {
    return agencies(unit.sql().run(kContacts, {{"countries", countries}}));
}

std::vector<std::string> parties_of(UnitOfWork& unit,
                                    CaseId const& case_id,
                                    std::string_view relation) {
    return agencies(unit.sql().run(kParties, {{"case_id", case_id}, {"relation", relation}}));
}

}  // namespace rastro::storage
