#include "storage/leg_repo.hpp"

#include "storage/db/storage_error.hpp"
#include "storage/trace_parts.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_LEG_COLUMNS \
    "l.case_id, l.leg_id, l.asking_agency, l.asking_country, l.asked_agency, l.asked_country, " \
    "l.backup_agency, "    \
    "l.state, l.resume_state, l.flags, l.open, l.version, l.priority, l.path, l.hop, l.parent_leg_id, "             \
    "l.description_version, l.handler_id, l.outcome_code, l.refusal_reason, " RASTRO_US_AS("l.due_at", "due_at")    \
    ", " RASTRO_US_AS("l.routed_at", "routed_at") ", " RASTRO_US_AS("l.delivered_at", "delivered_at") ", "          \
    RASTRO_US_AS("l.acknowledged_at", "acknowledged_at") ", " RASTRO_US_AS("l.final_at", "final_at") ", "           \
    RASTRO_US_AS("l.updated_at", "updated_at") " "

constexpr Query kFind{"leg_find",
                      "select " RASTRO_LEG_COLUMNS "from leg l where l.leg_id = :leg_id::uuid"};
constexpr Query kFindForUpdate{"leg_find_for_update",
                               "select " RASTRO_LEG_COLUMNS
                               "from leg l where l.leg_id = :leg_id::uuid for update"};
constexpr Query kOfCase{
    "legs_of_case",
    "select " RASTRO_LEG_COLUMNS
    "from leg l where l.case_id = :case_id::uuid order by l.routed_at, l.leg_id"};
constexpr Query kOfCaseForUpdate{
    "legs_of_case_for_update",
    "select " RASTRO_LEG_COLUMNS
    "from leg l where l.case_id = :case_id::uuid order by l.routed_at, l.leg_id for update"};
constexpr Query kStates{"leg_states", "select leg_states_of(:case_id::uuid) as states"};
constexpr Query kParties{"leg_parties", "select asking, asked from leg_parties(:leg_id::uuid)"};
constexpr Query kStore{
    "leg_store",
    "update leg set asked_agency = :asked_agency, state = :state, resume_state = :resume_state, "
    "flags = :flags::text[], "
    "open = :open::boolean, version = version + 1, description_version = "
    ":description_version::integer, "
    "handler_id = :handler, outcome_code = :outcome_code, refusal_reason = :refusal_reason, due_at "
    "= :due_at::timestamptz, "
    "delivered_at = :delivered_at::timestamptz, acknowledged_at = :acknowledged_at::timestamptz, "
    "final_at = :final_at::timestamptz, updated_at = :updated_at::timestamptz "
    "where case_id = :case_id::uuid and leg_id = :leg_id::uuid and version = :version::integer"};
constexpr Query kInbox{
    "leg_inbox",
    "select " RASTRO_LEG_COLUMNS
    ", c.number, c.handling_code, d.make_text, d.model_text, d.calibre_text, d.type_code, "
    "d.serial_condition from leg l join case_file c on c.case_id = l.case_id "
    "left join firearm_description d on d.case_id = l.case_id and d.version = "
    "l.description_version "
    "where l.asked_agency = :agency and l.open "
    "and (l.due_at, l.leg_id) > (:after_due::timestamptz, :after_leg::uuid) "
    "and (:state::text is null or l.state = :state) and (:priority::text is null or l.priority = "
    ":priority) "
    "and (:handler = '' or l.handler_id = :handler) and (:number = '' or c.number = :number) order "
    "by l.due_at, l.leg_id limit "
    ":limit::integer"};
constexpr Query kUndelivered{"legs_undelivered",
                             "select " RASTRO_LEG_COLUMNS
                             "from leg l join agency a on a.agency = l.asked_agency "
                             "where l.state = 'ROUTED' and a.endpoint_kind = 'hosted' order by "
                             "l.routed_at limit :limit::integer "
                             "for update of l skip locked"};

LegRow to_leg(Row const& row) {
    LegRow leg;
    leg.case_id = row.id<CaseId>("case_id");
    leg.leg_id = row.id<LegId>("leg_id");
    leg.asking_agency = row.text("asking_agency");
    leg.asking_country = row.text("asking_country");
    leg.asked_agency = row.text("asked_agency");
    leg.asked_country = row.text("asked_country");
    leg.backup_agency = row.text("backup_agency");
    leg.state = row.text("state");
    leg.resume_state = row.text("resume_state");
    leg.flags = row.texts("flags");
    leg.open = row.boolean("open");
    leg.version = static_cast<int>(row.integer("version"));
    leg.priority = row.text("priority");
    leg.path = row.texts("path");
    leg.hop = static_cast<int>(row.integer("hop"));
    if (auto const parent = row.maybe_uuid("parent_leg_id")) {
        leg.parent_leg_id = LegId{*parent};
    }
    leg.description_version = static_cast<int>(row.integer("description_version"));
    leg.handler = row.text("handler_id");
    leg.outcome_code = row.text("outcome_code");
    leg.refusal_reason = row.text("refusal_reason");
    leg.due_at = row.instant("due_at");
    leg.routed_at = row.instant("routed_at");
    leg.delivered_at = row.maybe_instant("delivered_at");
    leg.acknowledged_at = row.maybe_instant("acknowledged_at");
    leg.final_at = row.maybe_instant("final_at");
    leg.updated_at = row.instant("updated_at");
    return leg;
}

std::vector<LegRow> to_legs(Rows const& rows) {
    std::vector<LegRow> legs;
    for (auto const row : rows) {
        legs.push_back(to_leg(row));
    }
    return legs;
}

}  // namespace

std::optional<LegRow> find_leg(UnitOfWork& unit, LegId const& leg_id, Lock lock) {
    auto const rows =
        unit.sql().run(lock == Lock::for_update ? kFindForUpdate : kFind, {{"leg_id", leg_id}});
    if (rows.empty()) {
        return std::nullopt;
    }
    return to_leg(rows.front());
}

std::vector<LegRow> legs_of(UnitOfWork& unit, CaseId const& case_id, Lock lock) {
    return to_legs(unit.sql().run(lock == Lock::for_update ? kOfCaseForUpdate : kOfCase,
                                  {{"case_id", case_id}}));
}

std::vector<std::string> leg_states(UnitOfWork& unit, CaseId const& case_id) {
    return unit.sql().run(kStates, {{"case_id", case_id}}).front().texts("states");
}

std::optional<LegParties> leg_parties(UnitOfWork& unit, LegId const& leg_id) {
    auto const rows = unit.sql().run(kParties, {{"leg_id", leg_id}});
    if (rows.empty()) {
        return std::nullopt;
    }
    return LegParties{rows.front().text("asking"), rows.front().text("asked")};
}

void insert_legs(UnitOfWork& unit, std::vector<LegRow> const& legs) {
    InsertBatch batch(leg_shape());
    for (auto const& leg : legs) {
        add_leg_row(batch, leg);
    }
    if (!batch.empty()) {
        auto bound = batch.take();
        unit.sql().run(bound.query, std::move(bound.params));
    }
}

void store_leg(UnitOfWork& unit, LegRow& leg) {
    leg.updated_at = unit.now();
    auto const stored = unit.sql().run(kStore,
                                       {{"asked_agency", leg.asked_agency},
                                        {"state", leg.state},
                                        {"resume_state", text_or_null(leg.resume_state)},
                                        {"flags", leg.flags},
                                        {"open", leg.open},
                                        {"description_version", leg.description_version},
                                        {"handler", text_or_null(leg.handler)},
                                        {"outcome_code", text_or_null(leg.outcome_code)},
                                        {"refusal_reason", text_or_null(leg.refusal_reason)},
                                        {"due_at", leg.due_at},
                                        {"delivered_at", leg.delivered_at},
                                        {"acknowledged_at", leg.acknowledged_at},
                                        {"final_at", leg.final_at},
                                        {"updated_at", leg.updated_at},
                                        {"case_id", leg.case_id},
                                        {"leg_id", leg.leg_id},
                                        {"version", leg.version}});
    if (stored.affected() != 1) {
        throw StorageError(StorageFault::retry, "40001", "", kStore.name);
    }
    ++leg.version;
}

std::vector<InboxEntry> read_inbox(UnitOfWork& unit,
                                   std::string const& agency,
                                   InboxFilter const& filter,
                                   std::optional<InboxKey> const& after,
                                   int limit) {
    std::vector<InboxEntry> entries;
    auto const rows =
        unit.sql().run(kInbox,
                       {{"agency", agency},
                        {"after_due", after ? Value(after->due_at) : Value("-infinity")},
                        {"after_leg", after ? Value(after->leg_id) : Value(Uuid{})},
                        {"state", filter.state},
                        {"priority", filter.priority},
                        {"handler", filter.handler},
                        {"number", filter.number},
                        {"limit", limit}});
    for (auto const row : rows) {
        entries.push_back({.leg = to_leg(row),
                           .number = row.text("number"),
                           .handling_code = row.text("handling_code"),
                           .make_text = row.text("make_text"),
                           .model_text = row.text("model_text"),
                           .calibre_text = row.text("calibre_text"),
                           .type_code = row.text("type_code"),
                           .serial_condition = row.text("serial_condition")});
    }
    return entries;
}

std::vector<LegRow> take_undelivered_legs(UnitOfWork& unit, int limit) {
    return to_legs(unit.sql().run(kUndelivered, {{"limit", limit}}));
}

}  // namespace rastro::storage
