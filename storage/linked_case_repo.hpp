// Declared cases: the case, its objects, the values of their fields by field group, clocks, and
// what happened. A value that the caller may not see is never fetched: every reading of fields
// names the groups, and row-level security (migration linked_cases) hides the rest. Load and store
// only.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/permission_table.hpp"
#include "common/clock.hpp"
#include "common/digest.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::storage {

struct LinkedCase {
    CaseId case_id = CaseId::generate();
    std::string type;
    int type_version = 1;
    std::string number;
    std::string state;
    std::string owner_agency;
    std::string owner_country;
    std::string handling_code;
    std::vector<std::string> compartments;
    int version = 1;
    Instant created_at{};
    Instant updated_at{};
    std::optional<Digest> last_event_hash;
    std::set<cases::Relation> relations;  // of the acting agency
    std::vector<std::string> groups;      // that the acting person may see at all
};

struct LinkedObject {
    Uuid object_id = Uuid::generate_v7();
    std::string object;
    std::string state;
    std::string resume_state;
    bool open = true;
    std::string created_by;
    Instant created_at{};
};

struct FieldRow {
    Uuid object_id;
    std::string object;
    std::string field;
    std::string group;
    std::string value;  // canonical (cases/linked/field_value)
    bool is_date = false;
    int version = 1;
};

struct ClockRow {
    Uuid object_id;
    std::string clock;
    int cycle = 1;
    std::string state = "running";
    Instant started_at{};
    Instant due_at{};
    std::string source;
    // When who keeps the clock is told of it, soonest first; only of a clock that is started.
    std::vector<Instant> notices;
};

[[nodiscard]] std::optional<LinkedCase> find_linked_case(UnitOfWork& unit,
                                                         CaseId const& case_id,
                                                         Lock lock);
void insert_linked_case(UnitOfWork& unit, LinkedCase const& file);
// State, version, last hash.
void store_linked_case(UnitOfWork& unit, LinkedCase& file);
// Last hash alone: what was noted changes nothing that somebody at work on the case has seen.
void store_note(UnitOfWork& unit, LinkedCase const& file);

[[nodiscard]] std::vector<LinkedObject> objects_of(UnitOfWork& unit, CaseId const& case_id);
void insert_object(UnitOfWork& unit, CaseId const& case_id, LinkedObject const& object);
void store_object(UnitOfWork& unit, CaseId const& case_id, LinkedObject const& object);

// Present values of the groups named, as far as they are the caller's to see.
[[nodiscard]] std::vector<FieldRow> fields_of(UnitOfWork& unit,
                                              CaseId const& case_id,
                                              std::vector<std::string> const& groups);
// Values that guards look at whoever acts (migration linked_cases, case_guard_values).
[[nodiscard]] std::vector<FieldRow> guard_values_of(UnitOfWork& unit, CaseId const& case_id);
// New versions of values of one object.
void put_fields(UnitOfWork& unit,
                LinkedCase const& file,
                std::vector<FieldRow> const& fields,
                std::string_view stated_by,
                std::string_view agency);

[[nodiscard]] std::vector<ClockRow> clocks_of(UnitOfWork& unit, CaseId const& case_id);
void start_clock(UnitOfWork& unit, CaseId const& case_id, ClockRow const& clock);
void stop_clock(UnitOfWork& unit,
                CaseId const& case_id,
                Uuid const& object_id,
                std::string_view clock);

// What happened, who did it, on which object.
struct LinkedEvent {
    Uuid object_id;
    CaseEvent event;
};
void append_linked_event(UnitOfWork& unit, LinkedCase& file, LinkedEvent event);
[[nodiscard]] std::vector<LinkedEvent> linked_events_of(UnitOfWork& unit, CaseId const& case_id);

struct LinkedFilter {
    std::optional<std::string> type;
    std::optional<std::string> state;
    std::optional<std::string> number;
    std::optional<CaseId> after;  // newest first by id
    int limit = 50;
};
struct LinkedSummary {
    LinkedCase file;
    std::vector<FieldRow> heading;  // of S0 and S1
};
// Cases that the agency owns or takes part in.
[[nodiscard]] std::vector<LinkedSummary> list_linked_cases(UnitOfWork& unit,
                                                           LinkedFilter const& filter);

}  // namespace rastro::storage
