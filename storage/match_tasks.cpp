#include "storage/match_tasks.hpp"

#include <algorithm>
#include <array>

#include "cases/trace/request.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

constexpr Query kWaiting{
    "match_tasks_waiting",
    "select task_id, object, case_id, serial_canon, make_text, make_id, calibre_group, type_code, "
    "model_text, import_country from match_task order by attempts, queued_at limit "
    ":limit::integer"};
constexpr Query kClaim{"match_task_claim",
                       "delete from match_task where task_id = (select task_id from match_task "
                       "where task_id = :task_id::uuid for update skip locked) returning task_id"};
constexpr Query kFailed{"match_task_failed",
                        "update match_task set attempts = least(attempts + 1, 32000) where task_id "
                        "= :task_id::uuid returning attempts"};
constexpr Query kSearch{
    "match_task_search",
    "insert into match_task (object, case_id, serial_canon, make_text, make_id, calibre_group, "
    "type_code, model_text, import_country) values ('search', :case_id::uuid, :canon, :make_text, "
    ":make_id, :calibre_group, :type_code, :model, :import_country)"};
constexpr Query kFacts{
    "match_request_facts",
    "select c.case_id, c.state, c.owner_agency, c.owner_country, c.handling_code, c.compartments, "
    "coalesce(t.sensitive, false) as sensitive, t.agency_case_no, "
    RASTRO_US_AS("coalesce(c.submitted_at, c.created_at)", "sent_at") ", v.recovered_on, v.date_precision, "
    "v.country, v.area, d.serial_canon, d.make_id, d.make_text, d.calibre_group, d.type_code, d.model_text, d.import_country "
    "from case_file c join trace_request t on t.case_id = c.case_id "
    "join firearm_description d on d.case_id = c.case_id and d.version = t.description_version "
    "left join recovery v on v.case_id = c.case_id "
    "where c.case_id = any(:cases::uuid[]) and (:unsent::boolean or not is_unsent(c.state))"};

constexpr std::array<std::string_view, 3> kObjects{"request", "record", "search"};

cases::MatchSide side_of(Row const& row) {
    cases::MatchSide side;
    side.canon = row.text("serial_canon");
    side.make_id = row.text("make_id");
    side.make_text = row.text("make_text");
    side.calibre_group = row.text("calibre_group");
    side.type = cases::type_from(row.view("type_code"));
    side.model = row.text("model_text");
    side.import_country = row.text("import_country");
    return side;
}

}  // namespace

std::vector<MatchTask> waiting_match_tasks(UnitOfWork& unit, int limit) {
    std::vector<MatchTask> found;
    for (auto const row : unit.sql().run(kWaiting, {{"limit", limit}})) {
        MatchTask task;
        task.task_id = row.uuid("task_id");
        auto const object = std::ranges::find(kObjects, row.view("object"));
        task.object = static_cast<MatchObject>(object - kObjects.begin());
        task.case_id = row.id<CaseId>("case_id");
        task.searched = side_of(row);
        found.push_back(std::move(task));
    }
    return found;
}

bool claim_match_task(UnitOfWork& unit, MatchTask const& task) {
    return !unit.sql().run(kClaim, {{"task_id", task.task_id}}).empty();
}

int count_failed_match(UnitOfWork& unit, MatchTask const& task) {
    auto const rows = unit.sql().run(kFailed, {{"task_id", task.task_id}});
    return rows.empty() ? 0 : static_cast<int>(rows.front().integer("attempts"));
}

void queue_search(UnitOfWork& unit, CaseId const& case_id, cases::MatchSide const& searched) {
    unit.sql().run(kSearch,
                   {{"case_id", case_id},
                    {"canon", searched.canon},
                    {"make_text", searched.make_text},
                    {"make_id", searched.make_id},
                    {"calibre_group", searched.calibre_group},
                    {"type_code", searched.type ? code_of(*searched.type) : std::string_view()},
                    {"model", searched.model},
                    {"import_country", searched.import_country}});
}

std::vector<RequestFacts> request_facts_of(UnitOfWork& unit,
                                           std::vector<CaseId> const& cases,
                                           Unsent unsent) {
    ArrayText ids;
    for (auto const& id : cases) {
        ids.add(id.to_string());
    }
    std::vector<RequestFacts> found;
    for (auto const row :
         unit.sql().run(kFacts, {{"cases", ids.take()}, {"unsent", unsent == Unsent::too}})) {
        RequestFacts facts;
        facts.case_id = row.id<CaseId>("case_id");
        facts.state = row.text("state");
        facts.agency = row.text("owner_agency");
        facts.country = row.text("owner_country");
        facts.handling_code = row.text("handling_code");
        facts.sensitive = row.boolean("sensitive");
        facts.in_compartment = !row.texts("compartments").empty();
        facts.sent_at = row.instant("sent_at");
        facts.recovery.agency = facts.agency;
        facts.recovery.agency_case_no = row.text("agency_case_no");
        if (row.view("date_precision") == "day" && !row.is_null("recovered_on")) {
            facts.recovery.day = parse_iso_date(row.view("recovered_on"));
        }
        facts.recovery.country = row.text("country");
        facts.recovery.area = row.text("area");
        facts.firearm = side_of(row);
        found.push_back(std::move(facts));
    }
    return found;
}

}  // namespace rastro::storage
