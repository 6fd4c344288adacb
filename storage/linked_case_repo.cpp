#include "storage/linked_case_repo.hpp"

#include <algorithm>
#include <map>

#include "common/text.hpp"
#include "common/time_text.hpp"
#include "storage/db/insert_batch.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_LINKED_COLUMNS \
    "select c.case_id, c.case_type, c.type_version, c.number, c.state, c.owner_agency, "          \
    "c.owner_country, c.handling_code, c.compartments, c.version, " RASTRO_US_AS(                 \
        "c.created_at", "created_at") ", " RASTRO_US_AS("c.updated_at", "updated_at")             \
        ", c.last_event_hash, c.owner_agency = actor_agency() as owned, (select "                 \
        "coalesce(array_agg(p.relation), '{}') from case_party p where p.case_id = c.case_id "    \
        "and p.agency = actor_agency() and (p.valid_until is null or p.valid_until > now())) as " \
        "relations, case_groups(c.case_id) as groups from case_file c "

constexpr Query kFind{
    "linked_case_find",
    RASTRO_LINKED_COLUMNS
    "where c.case_id = :case_id::uuid and c.case_type not in ('trace_request', 'illicit_record')"};
constexpr Query kFindForUpdate{"linked_case_find_for_update",
                               RASTRO_LINKED_COLUMNS
                               "where c.case_id = :case_id::uuid and c.case_type not in "
                               "('trace_request', 'illicit_record') for update of c"};
constexpr Query kInsert{
    "linked_case_insert",
    "insert into case_file (case_id, case_type, type_version, number, state, owner_agency, "
    "owner_country, handling_code, version, created_at, updated_at) values (:case_id::uuid, :type, "
    ":type_version::integer, :number, :state, :owner_agency, :owner_country, :handling_code, 1, "
    ":created_at::timestamptz, :created_at::timestamptz)"};
constexpr Query kStore{"linked_case_store",
                       "update case_file set state = :state, version = version + 1, updated_at = "
                       ":now::timestamptz, last_event_hash = :hash::bytea where case_id = "
                       ":case_id::uuid"};
constexpr Query kStoreNote{"linked_case_store_note",
                           "update case_file set last_event_hash = :hash::bytea where case_id = "
                           ":case_id::uuid"};
constexpr Query kObjects{
    "case_objects",
    "select object_id, object, state, resume_state, open, created_by, " RASTRO_US(
        "created_at") " from case_object where case_id = :case_id::uuid order by created_at, "
                      "object_id"};
constexpr Query kInsertObject{
    "case_object_insert",
    "insert into case_object (case_id, object_id, object, state, resume_state, open, created_by, "
    "created_at, updated_at) values (:case_id::uuid, :object_id::uuid, :object, :state, :resume, "
    ":open::boolean, :created_by, :now::timestamptz, :now::timestamptz)"};
constexpr Query kStoreObject{"case_object_store",
                             "update case_object set state = :state, resume_state = :resume, open "
                             "= :open::boolean, updated_at = :now::timestamptz where case_id = "
                             ":case_id::uuid and object_id = :object_id::uuid"};
constexpr Query kFields{
    "case_fields",
    "select object_id, object, field, field_group, value, version from case_fields_seen("
    "array[:case_id::uuid], :groups::text[], false) order by object_id, field"};
constexpr Query kGuardValues{
    "case_guard_values", "select object_id, field, value from case_guard_values(:case_id::uuid)"};
constexpr Query kSupersede{
    "case_fields_supersede",
    "select field, version from supersede_fields(:case_id::uuid, :object_id::uuid, "
    ":fields::text[])"};
constexpr Query kClocks{
    "case_clocks",
    "select object_id, clock, cycle, state, " RASTRO_US("started_at") ", " RASTRO_US(
        "due_at") ", source from case_clock where case_id = :case_id::uuid order by due_at"};
constexpr Query kStartClock{
    "case_clock_start",
    "insert into case_clock (case_id, object_id, clock, cycle, state, started_at, due_at, source, "
    "notices) "
    "select :case_id::uuid, :object_id::uuid, :clock, coalesce(max(k.cycle), 0) + 1, 'running', "
    ":started::timestamptz, :due::timestamptz, :source, :notices::timestamptz[] from case_clock k "
    "where k.case_id = "
    ":case_id::uuid and k.object_id = :object_id::uuid and k.clock = :clock"};
constexpr Query kStopClock{"case_clock_stop",
                           "update case_clock set state = 'stopped' where case_id = "
                           ":case_id::uuid and object_id = :object_id::uuid and clock = :clock "
                           "and state = 'running'"};
constexpr Query kEvents{
    "linked_case_events",
    "select e.event_id, e.object, e.event, e.transition, e.from_state, e.to_state, e.actor_kind, "
    "e.actor_id, e.agency, e.country, " RASTRO_US_AS(
        "e.occurred_at",
        "occurred_at") ", e.purpose, e.reason_code, e.data->>'object_id' as object_id, t.said from "
                       "case_event e left join case_event_text t on t.case_id = e.case_id and "
                       "t.event_id = e.event_id where e.case_id = :case_id::uuid order by "
                       "e.event_id"};
constexpr Query kList{
    "linked_case_list",
    RASTRO_LINKED_COLUMNS
    "where c.case_type not in ('trace_request', 'illicit_record') and (:type::text is null or "
    "c.case_type = :type) and "
    "(:state::text is null or c.state = :state) and (:number::text is null or c.number = :number) "
    "and (:after::uuid is null or c.case_id < "
    ":after::uuid) order by c.case_id desc limit :limit::integer"};
constexpr Query kHeadings{
    "linked_case_headings",
    "select case_id, object_id, object, field, field_group, value, version from case_fields_seen("
    ":ids::uuid[], array['S0', 'S1'], true) order by field"};

InsertShape const kFieldShape("case_field",
                              {"case_id",
                               "object_id",
                               "field",
                               "version",
                               "case_type",
                               "object",
                               "field_group",
                               "value",
                               "on_date",
                               "stated_by",
                               "stated_agency",
                               "stated_at"});

LinkedCase to_case(Row const& row) {
    LinkedCase file;
    file.case_id = row.id<CaseId>("case_id");
    file.type = row.text("case_type");
    file.type_version = static_cast<int>(row.integer("type_version"));
    file.number = row.text("number");
    file.state = row.text("state");
    file.owner_agency = row.text("owner_agency");
    file.owner_country = row.text("owner_country");
    file.handling_code = row.text("handling_code");
    file.compartments = row.texts("compartments");
    file.version = static_cast<int>(row.integer("version"));
    file.created_at = row.instant("created_at");
    file.updated_at = row.instant("updated_at");
    if (!row.is_null("last_event_hash")) {
        auto const bytes = row.bytes("last_event_hash");
        Digest digest{};
        std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
        file.last_event_hash = digest;
    }
    if (row.boolean("owned")) {
        file.relations.insert(cases::Relation::owner);
    }
    for (auto const& name : row.texts("relations")) {
        if (auto const relation = cases::parse_relation(name)) {
            file.relations.insert(*relation);
        }
    }
    file.groups = row.texts("groups");
    return file;
}

FieldRow to_field(Row const& row) {
    return {.object_id = row.uuid("object_id"),
            .object = row.text("object"),
            .field = row.text("field"),
            .group = row.text("field_group"),
            .value = row.text("value"),
            .version = static_cast<int>(row.integer("version"))};
}

Value text_or_nothing(std::string const& text) {
    return text.empty() ? Value(std::nullopt) : Value(text);
}

Value last_hash(LinkedCase const& file) {
    return file.last_event_hash
               ? Value(Bytes(file.last_event_hash->begin(), file.last_event_hash->end()))
               : Value(std::nullopt);
}

}  // namespace

std::optional<LinkedCase> find_linked_case(UnitOfWork& unit, CaseId const& case_id, Lock lock) {
    auto const rows =
        unit.sql().run(lock == Lock::for_update ? kFindForUpdate : kFind, {{"case_id", case_id}});
    return rows.empty() ? std::nullopt : std::optional(to_case(rows.front()));
}

void insert_linked_case(UnitOfWork& unit, LinkedCase const& file) {
    unit.sql().run(kInsert,
                   {{"case_id", file.case_id},
                    {"type", file.type},
                    {"type_version", file.type_version},
                    {"number", file.number},
                    {"state", file.state},
                    {"owner_agency", file.owner_agency},
                    {"owner_country", file.owner_country},
                    {"handling_code", file.handling_code},
                    {"created_at", file.created_at}});
}

void store_linked_case(UnitOfWork& unit, LinkedCase& file) {
    file.updated_at = unit.now();
    unit.sql().run(kStore,
                   {{"state", file.state},
                    {"now", unit.now()},
                    {"hash", last_hash(file)},
                    {"case_id", file.case_id}});
    ++file.version;
}

void store_note(UnitOfWork& unit, LinkedCase const& file) {
    unit.sql().run(kStoreNote, {{"hash", last_hash(file)}, {"case_id", file.case_id}});
}

std::vector<LinkedObject> objects_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<LinkedObject> objects;
    auto const rows = unit.sql().run(kObjects, {{"case_id", case_id}});
    for (auto const row : rows) {
        objects.push_back({.object_id = row.uuid("object_id"),
                           .object = row.text("object"),
                           .state = row.text("state"),
                           .resume_state = row.text("resume_state"),
                           .open = row.boolean("open"),
                           .created_by = row.text("created_by"),
                           .created_at = row.instant("created_at")});
    }
    return objects;
}

void insert_object(UnitOfWork& unit, CaseId const& case_id, LinkedObject const& object) {
    unit.sql().run(kInsertObject,
                   {{"case_id", case_id},
                    {"object_id", object.object_id},
                    {"object", object.object},
                    {"state", object.state},
                    {"resume", text_or_nothing(object.resume_state)},
                    {"open", object.open},
                    {"created_by", object.created_by},
                    {"now", unit.now()}});
}

void store_object(UnitOfWork& unit, CaseId const& case_id, LinkedObject const& object) {
    unit.sql().run(kStoreObject,
                   {{"state", object.state},
                    {"resume", text_or_nothing(object.resume_state)},
                    {"open", object.open},
                    {"now", unit.now()},
                    {"case_id", case_id},
                    {"object_id", object.object_id}});
}

std::vector<FieldRow> fields_of(UnitOfWork& unit,
                                CaseId const& case_id,
                                std::vector<std::string> const& groups) {
    std::vector<FieldRow> fields;
    auto const rows = unit.sql().run(kFields, {{"case_id", case_id}, {"groups", groups}});
    for (auto const row : rows) {
        fields.push_back(to_field(row));
    }
    return fields;
}

std::vector<FieldRow> guard_values_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<FieldRow> fields;
    auto const rows = unit.sql().run(kGuardValues, {{"case_id", case_id}});
    for (auto const row : rows) {
        fields.push_back({.object_id = row.uuid("object_id"),
                          .object = {},
                          .field = row.text("field"),
                          .group = {},
                          .value = row.text("value")});
    }
    return fields;
}

void put_fields(UnitOfWork& unit,
                LinkedCase const& file,
                std::vector<FieldRow> const& fields,
                std::string_view stated_by,
                std::string_view agency) {
    if (fields.empty()) {
        return;
    }
    std::vector<std::string> names;
    for (auto const& field : fields) {
        names.push_back(field.field);
    }
    std::map<std::string, std::int64_t, std::less<>> versions;
    auto const rows = unit.sql().run(
        kSupersede,
        {{"case_id", file.case_id}, {"object_id", fields[0].object_id}, {"fields", names}});
    for (auto const row : rows) {
        versions[row.text("field")] = row.integer("version");
    }
    InsertBatch batch(kFieldShape);
    for (auto const& field : fields) {
        batch.row({file.case_id,
                   field.object_id,
                   field.field,
                   versions[field.field] + 1,
                   file.type,
                   field.object,
                   field.group,
                   field.value,
                   field.is_date ? Cell(parse_iso_date(field.value)) : Cell(std::nullopt),
                   stated_by,
                   agency,
                   unit.now()});
    }
    auto query = batch.take();
    unit.sql().run(query.query, std::move(query.params));
}

std::vector<ClockRow> clocks_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<ClockRow> clocks;
    auto const rows = unit.sql().run(kClocks, {{"case_id", case_id}});
    for (auto const row : rows) {
        clocks.push_back({.object_id = row.uuid("object_id"),
                          .clock = row.text("clock"),
                          .cycle = static_cast<int>(row.integer("cycle")),
                          .state = row.text("state"),
                          .started_at = row.instant("started_at"),
                          .due_at = row.instant("due_at"),
                          .source = row.text("source"),
                          .notices = {}});
    }
    return clocks;
}

void start_clock(UnitOfWork& unit, CaseId const& case_id, ClockRow const& clock) {
    std::vector<std::string> notices;
    for (auto const at : clock.notices) {
        notices.push_back(to_rfc3339(at));
    }
    unit.sql().run(kStartClock,
                   {{"case_id", case_id},
                    {"object_id", clock.object_id},
                    {"clock", clock.clock},
                    {"started", clock.started_at},
                    {"due", clock.due_at},
                    {"source", clock.source},
                    {"notices", notices}});
}

void stop_clock(UnitOfWork& unit,
                CaseId const& case_id,
                Uuid const& object_id,
                std::string_view clock) {
    unit.sql().run(kStopClock, {{"case_id", case_id}, {"object_id", object_id}, {"clock", clock}});
}

void append_linked_event(UnitOfWork& unit, LinkedCase& file, LinkedEvent linked) {
    auto& event = linked.event;
    event.case_id = file.case_id;
    event.data = R"({"object_id":")" + linked.object_id.to_string() + R"("})";
    TraceCase chained;
    chained.case_id = file.case_id;
    chained.last_event_hash = file.last_event_hash;
    append_events(unit, chained, {std::move(event)});
    file.last_event_hash = chained.last_event_hash;
}

std::vector<LinkedEvent> linked_events_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<LinkedEvent> events;
    auto const rows = unit.sql().run(kEvents, {{"case_id", case_id}});
    for (auto const row : rows) {
        LinkedEvent linked;
        linked.object_id = Uuid::parse(row.view("object_id")).value_or(Uuid{});
        auto& event = linked.event;
        event.case_id = case_id;
        event.event_id = row.id<EventId>("event_id");
        event.object = row.text("object");
        event.event = row.text("event");
        event.transition = row.text("transition");
        event.from_state = row.text("from_state");
        event.to_state = row.text("to_state");
        event.actor_kind = row.text("actor_kind");
        event.actor_id = row.text("actor_id");
        event.agency = row.text("agency");
        event.country = row.text("country");
        event.occurred_at = row.instant("occurred_at");
        event.purpose = row.text("purpose");
        event.reason_code = row.text("reason_code");
        event.text = row.text("said");
        events.push_back(std::move(linked));
    }
    return events;
}

std::vector<LinkedSummary> list_linked_cases(UnitOfWork& unit, LinkedFilter const& filter) {
    std::vector<LinkedSummary> found;
    std::vector<std::string> ids;
    auto const rows =
        unit.sql().run(kList,
                       {{"type", Value(filter.type)},
                        {"state", Value(filter.state)},
                        {"number", Value(filter.number)},
                        {"after", filter.after ? Value(*filter.after) : Value(std::nullopt)},
                        {"limit", filter.limit}});
    for (auto const row : rows) {
        found.push_back({to_case(row), {}});
        ids.push_back(found.back().file.case_id.to_string());
    }
    auto const headings = unit.sql().run(kHeadings, {{"ids", ids}});
    for (auto const row : headings) {
        auto const at = std::ranges::find_if(found, [&](LinkedSummary const& summary) {
            return summary.file.case_id == row.id<CaseId>("case_id");
        });
        at->heading.push_back(to_field(row));
    }
    return found;
}

}  // namespace rastro::storage
