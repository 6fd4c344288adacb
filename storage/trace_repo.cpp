#include "storage/trace_repo.hpp"

#include "common/time_text.hpp"
#include "storage/db/storage_error.hpp"
#include "storage/trace_parts.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_CASE_COLUMNS \
    "c.case_id, c.number, c.state, c.flags, c.owner_agency, c.owner_country, c.handling_code, " \
    "c.compartments, "    \
    "c.version, " RASTRO_US_AS("c.created_at", "created_at") ", " RASTRO_US_AS("c.updated_at", "updated_at") ", "  \
    RASTRO_US_AS("c.submitted_at", "submitted_at") ", " RASTRO_US_AS("c.closed_at", "closed_at") ", "              \
    "c.lead_case_id, c.last_event_hash, t.priority, t.purpose, t.legal_basis, t.sensitive, t.forward_consent, "    \
    "t.requested_groups, t.shared_groups, t.author_id, t.approver_id, t.description_version, t.outcome_code, "     \
    "t.time_to_crime_days, t.ttc_bucket, t.ttc_flags, "                                                            \
    "(select coalesce(array_agg(p.relation), '{}') from case_party p where p.case_id = c.case_id "                 \
    "and p.agency = actor_agency() and (p.valid_until is null or p.valid_until > now())) as relations, "           \
    "c.owner_agency = actor_agency() as owned "                                                                    \
    "from case_file c join trace_request t on t.case_id = c.case_id "

constexpr Query kFind{"trace_find",
                      "select " RASTRO_CASE_COLUMNS "where c.case_id = :case_id::uuid"};
constexpr Query kFindForUpdate{"trace_find_for_update",
                               "select " RASTRO_CASE_COLUMNS
                               "where c.case_id = :case_id::uuid for update of c"};

constexpr Query kStoreState{
    "trace_store_state",
    "update case_file set state = :state, flags = :flags::text[], handling_code = :handling_code, "
    "version = version + 1, "
    "updated_at = :updated_at::timestamptz, submitted_at = :submitted_at::timestamptz, closed_at = "
    ":closed_at::timestamptz, "
    "lead_case_id = :lead_case_id::uuid, last_event_hash = :last_event_hash::bytea "
    "where case_id = :case_id::uuid and version = :version::integer"};
constexpr Query kStoreRequest{
    "trace_store_request",
    "update trace_request set approver_id = :approver, outcome_code = :outcome_code, "
    "time_to_crime_days = :time_to_crime_days::integer, ttc_bucket = :ttc_bucket, ttc_flags = "
    ":ttc_flags::text[], "
    "description_version = :description_version::integer where case_id = :case_id::uuid"};
constexpr Query kTouchEvent{
    "trace_touch_last_event",
    "update case_file set last_event_hash = :hash::bytea where case_id = :case_id::uuid"};
constexpr Query kTimeline{
    "trace_timeline",
    "select e.event_id, e.leg_id, e.object, e.event, e.transition, e.from_state, e.to_state, e.actor_kind, e.actor_id, "
    "e.agency, e.country, " RASTRO_US_AS("e.occurred_at", "occurred_at") ", e.purpose, e.decision_id, e.reason_code, "
    "e.data, e.shared, e.previous_hash, e.event_hash, x.said from case_event e "
    "left join case_event_text x on x.case_id = e.case_id and x.event_id = e.event_id "
    "where e.case_id = :case_id::uuid order by e.event_id"};
constexpr Query kRemovePersons{"trace_remove_persons",
                               "delete from case_person where case_id = :case_id::uuid"};
constexpr Query kRemoveVehicle{"trace_remove_vehicle",
                               "delete from case_vehicle where case_id = :case_id::uuid"};
constexpr Query kReplaceRequest{
    "trace_replace_request",
    "update trace_request set priority = :priority, urgent_ground = :urgent_ground, "
    "urgent_justification = :urgent_justification, purpose = :purpose, legal_basis = :legal_basis, "
    "agreement = :agreement, "
    "offence_code = :offence_code, project_code = :project_code, special_instructions = "
    ":special_instructions, "
    "intended_use = :intended_use, illicit_ground = :illicit_ground, restrictions_asked = "
    ":restrictions_asked, "
    "agency_case_no = :agency_case_no, unit = :unit, requester_name = :requester_name, badge_no = "
    ":badge_no, "
    "contact = :contact, sensitive = :sensitive::boolean, forward_consent = "
    ":forward_consent::boolean, "
    "requested_groups = :requested_groups::text[], shared_groups = :shared_groups::text[], "
    "recipients = :recipients::text[] "
    "where case_id = :case_id::uuid"};
constexpr Query kReplaceHandling{"trace_replace_handling",
                                 "update case_file set handling_code = :handling_code, "
                                 "handling_text = :handling_text where case_id = :case_id::uuid"};
constexpr Query kReplaceRecovery{
    "trace_replace_recovery",
    "update recovery set recovered_on = :recovered_on::date, date_precision = :date_precision, "
    "country = :country, "
    "area = :area, place = :place, latitude = :latitude::double precision, longitude = "
    ":longitude::double precision, "
    "circumstances = :circumstances, crime_gun = :crime_gun::boolean, context = :context::text[], "
    "seizure_ref = :seizure_ref, custody_ref = :custody_ref where case_id = :case_id::uuid"};

InsertShape const kEventTextShape("case_event_text", {"case_id", "event_id", "agency", "said"});

std::optional<Digest> maybe_digest(Row const& row, std::string_view column) {
    if (row.is_null(column)) {
        return std::nullopt;
    }
    auto const bytes = row.bytes(column);
    Digest digest{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
    return digest;
}

TraceCase to_case(Row const& row) {
    TraceCase file;
    file.case_id = row.id<CaseId>("case_id");
    file.number = row.text("number");
    file.state = row.text("state");
    file.flags = row.texts("flags");
    file.owner_agency = row.text("owner_agency");
    file.owner_country = row.text("owner_country");
    file.handling_code = row.text("handling_code");
    file.compartments = row.texts("compartments");
    file.version = static_cast<int>(row.integer("version"));
    file.created_at = row.instant("created_at");
    file.updated_at = row.instant("updated_at");
    file.submitted_at = row.maybe_instant("submitted_at");
    file.closed_at = row.maybe_instant("closed_at");
    file.lead_case_id = row.maybe_uuid("lead_case_id");
    file.last_event_hash = maybe_digest(row, "last_event_hash");
    file.priority = row.text("priority");
    file.purpose = row.text("purpose");
    file.legal_basis = row.text("legal_basis");
    file.sensitive = row.boolean("sensitive");
    file.forward_consent = row.boolean("forward_consent");
    file.requested_groups = row.texts("requested_groups");
    file.shared_groups = row.texts("shared_groups");
    file.author = row.text("author_id");
    file.approver = row.text("approver_id");
    file.description_version = static_cast<int>(row.integer("description_version"));
    file.outcome_code = row.text("outcome_code");
    if (auto const days = row.maybe_integer("time_to_crime_days")) {
        file.time_to_crime_days = static_cast<int>(*days);
    }
    file.ttc_bucket = row.text("ttc_bucket");
    file.ttc_flags = row.texts("ttc_flags");
    if (row.boolean("owned")) {
        file.relations.insert(cases::Relation::owner);
    }
    for (auto const& name : row.texts("relations")) {
        if (auto const relation = cases::parse_relation(name)) {
            file.relations.insert(*relation);
        }
    }
    return file;
}

}  // namespace

std::optional<TraceCase> find_request(UnitOfWork& unit, CaseId const& case_id, Lock lock) {
    auto const rows =
        unit.sql().run(lock == Lock::for_update ? kFindForUpdate : kFind, {{"case_id", case_id}});
    if (rows.empty()) {
        return std::nullopt;
    }
    return to_case(rows.front());
}

void store_request_state(UnitOfWork& unit, TraceCase& file) {
    file.updated_at = unit.now();
    std::vector<BoundQuery> queries;
    queries.push_back({kStoreState,
                       {{"state", file.state},
                        {"flags", file.flags},
                        {"handling_code", file.handling_code},
                        {"updated_at", file.updated_at},
                        {"submitted_at", file.submitted_at},
                        {"closed_at", file.closed_at},
                        {"lead_case_id", file.lead_case_id},
                        {"last_event_hash", bytes_or_null(file.last_event_hash)},
                        {"case_id", file.case_id},
                        {"version", file.version}}});
    queries.push_back({kStoreRequest,
                       {{"approver", text_or_null(file.approver)},
                        {"outcome_code", text_or_null(file.outcome_code)},
                        {"time_to_crime_days", file.time_to_crime_days},
                        {"ttc_bucket", text_or_null(file.ttc_bucket)},
                        {"ttc_flags", file.ttc_flags},
                        {"description_version", file.description_version},
                        {"case_id", file.case_id}}});
    auto const results = unit.sql().run_together(queries);
    if (results[0].affected() != 1) {
        throw StorageError(StorageFault::retry, "40001", "", kStoreState.name);
    }
    ++file.version;
}

void append_events(UnitOfWork& unit, CaseFile& file, std::vector<CaseEvent> events) {
    InsertBatch batch(event_shape());
    InsertBatch texts(kEventTextShape);
    for (auto& event : events) {
        event.case_id = file.case_id;
        file.last_event_hash = chain_event(event, file.last_event_hash);
        add_event_row(batch, event);
        if (!event.text.empty()) {
            texts.row({event.case_id, event.event_id, event.agency, event.text});
        }
    }
    std::vector<BoundQuery> queries;
    for (auto* rows : {&batch, &texts}) {
        if (!rows->empty()) {
            queries.push_back(rows->take());
        }
    }
    if (!queries.empty()) {
        unit.sql().run_together(queries);
    }
}

void store_handling_text(UnitOfWork& unit, TraceCase const& file, std::string const& text) {
    unit.sql().run(kReplaceHandling,
                   {{"handling_code", file.handling_code},
                    {"handling_text", text_or_null(text)},
                    {"case_id", file.case_id}});
}

void touch_last_event(UnitOfWork& unit, CaseFile const& file) {
    unit.sql().run(kTouchEvent,
                   {{"hash", bytes_or_null(file.last_event_hash)}, {"case_id", file.case_id}});
}

void add_parties(UnitOfWork& unit,
                 TraceCase const& file,
                 std::string_view relation,
                 std::vector<std::string> const& agencies) {
    constexpr Query kAdd{
        "case_party_add",
        "insert into case_party (case_id, agency, relation, owner_agency, granted_at) "
        "select :case_id::uuid, a, :relation, :owner, :now::timestamptz from "
        "unnest(:agencies::text[]) as a "
        "on conflict do nothing"};
    unit.sql().run(kAdd,
                   {{"case_id", file.case_id},
                    {"relation", relation},
                    {"owner", file.owner_agency},
                    {"now", unit.now()},
                    {"agencies", agencies}});
}

std::vector<CaseEvent> load_timeline(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<CaseEvent> events;
    auto const rows = unit.sql().run(kTimeline, {{"case_id", case_id}});
    for (auto const row : rows) {
        CaseEvent event;
        event.case_id = case_id;
        event.event_id = row.id<EventId>("event_id");
        if (auto const leg = row.maybe_uuid("leg_id")) {
            event.leg_id = LegId{*leg};
        }
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
        event.decision_id = row.text("decision_id");
        event.reason_code = row.text("reason_code");
        event.data = row.text("data");
        event.shared = row.boolean("shared");
        event.text = row.text("said");
        event.previous_hash = maybe_digest(row, "previous_hash");
        event.event_hash = *maybe_digest(row, "event_hash");
        events.push_back(std::move(event));
    }
    return events;
}

void replace_content(UnitOfWork& unit,
                     TraceCase const& file,
                     cases::TraceRequestContent const& c,
                     bool new_description,
                     std::string const& calibre_group) {
    std::vector<BoundQuery> queries;
    queries.push_back({kRemovePersons, {{"case_id", file.case_id}}});
    queries.push_back({kRemoveVehicle, {{"case_id", file.case_id}}});
    queries.push_back({kReplaceHandling,
                       {{"handling_code", c.handling_code},
                        {"handling_text", text_or_null(c.handling_text)},
                        {"case_id", file.case_id}}});
    queries.push_back(
        {kReplaceRequest,
         {{"priority", code_of(c.priority)},
          {"urgent_ground",
           c.urgent_ground ? Value(code_of(*c.urgent_ground)) : Value(std::nullopt)},
          {"urgent_justification", text_or_null(c.urgent_justification)},
          {"purpose", code_of(c.purpose)},
          {"legal_basis", text_or_null(c.legal_basis)},
          {"agreement", text_or_null(c.agreement)},
          {"offence_code", text_or_null(c.offence_code)},
          {"project_code", text_or_null(c.project_code)},
          {"special_instructions", text_or_null(c.special_instructions)},
          {"intended_use", text_or_null(c.intended_use)},
          {"illicit_ground",
           c.illicit_ground ? Value(code_of(*c.illicit_ground)) : Value(std::nullopt)},
          {"restrictions_asked", text_or_null(c.restrictions_asked)},
          {"agency_case_no", text_or_null(c.agency_case_no)},
          {"unit", text_or_null(c.unit)},
          {"requester_name", text_or_null(c.requester_name)},
          {"badge_no", text_or_null(c.badge_no)},
          {"contact", text_or_null(c.contact)},
          {"sensitive", c.sensitive},
          {"forward_consent", c.forward_consent},
          {"requested_groups", c.requested_groups},
          {"shared_groups", c.shared_groups},
          {"recipients", recipient_texts(c.recipients)},
          {"case_id", file.case_id}}});
    auto const& r = c.recovery;
    queries.push_back({kReplaceRecovery,
                       {{"recovered_on", date_or_null(r.recovered_on)},
                        {"date_precision", code_of(r.date_precision)},
                        {"country", text_or_null(r.country)},
                        {"area", text_or_null(r.area)},
                        {"place", text_or_null(r.place)},
                        {"latitude", r.latitude},
                        {"longitude", r.longitude},
                        {"circumstances", text_or_null(r.circumstances)},
                        {"crime_gun", r.crime_gun},
                        {"context", r.context},
                        {"seizure_ref", text_or_null(r.seizure_ref)},
                        {"custody_ref", text_or_null(r.custody_ref)},
                        {"case_id", file.case_id}}});
    PartBatches parts;
    if (new_description) {
        parts.add_description(file.case_id,
                              file.description_version,
                              file.owner_agency,
                              unit.now(),
                              "",
                              c.firearm,
                              calibre_group);
    }
    parts.add_persons(file.case_id, c);
    parts.take_into(queries);
    unit.sql().run_together(queries);
}

void add_description(UnitOfWork& unit,
                     TraceCase& file,
                     cases::FirearmDescription const& description,
                     std::string const& calibre_group,
                     std::string const& stated_by,
                     std::string const& reason) {
    ++file.description_version;
    PartBatches parts;
    parts.add_description(file.case_id,
                          file.description_version,
                          stated_by,
                          unit.now(),
                          reason,
                          description,
                          calibre_group);
    std::vector<BoundQuery> queries;
    parts.take_into(queries);
    unit.sql().run_together(queries);
}

}  // namespace rastro::storage
