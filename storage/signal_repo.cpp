#include "storage/signal_repo.hpp"

#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

constexpr Query kOfCase{
    "signal_dispositions",
    "select distinct on (rule, object_id) rule, object_id, rule_version, severity, state, "
    "evidence, note, decided_by, decided_agency, " RASTRO_US(
        "decided_at") " from signal_disposition where case_id = :case_id::uuid order by rule, "
                      "object_id, version desc"};
constexpr Query kAdd{
    "signal_disposition_add",
    "insert into signal_disposition (case_id, rule, object_id, version, rule_version, severity, "
    "state, evidence, note, decided_by, decided_agency, decided_at) select :case_id::uuid, :rule, "
    ":object_id::uuid, coalesce(max(s.version), 0) + 1, :rule_version::integer, :severity, :state, "
    ":evidence, :note, :by, :agency, :now::timestamptz from signal_disposition s where s.case_id = "
    ":case_id::uuid and s.rule = :rule and s.object_id = :object_id::uuid"};
constexpr Query kTallies{
    "signal_rule_tallies",
    "select rule, count(*) filter (where state = 'under_review') as under_review, count(*) filter "
    "(where state = 'confirmed') as confirmed, count(*) filter (where state = 'explained') as "
    "explained, count(*) filter (where state = 'insufficient') as insufficient from (select "
    "distinct on (case_id, rule, object_id) rule, state from signal_disposition order by case_id, "
    "rule, object_id, version desc) latest group by rule order by rule"};

}  // namespace

std::vector<SignalDisposition> dispositions_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<SignalDisposition> found;
    auto const rows = unit.sql().run(kOfCase, {{"case_id", case_id}});
    for (auto const row : rows) {
        found.push_back({.case_id = case_id,
                         .rule = row.text("rule"),
                         .object_id = row.uuid("object_id"),
                         .rule_version = static_cast<int>(row.integer("rule_version")),
                         .severity = row.text("severity"),
                         .state = row.text("state"),
                         .evidence = row.text("evidence"),
                         .note = row.text("note"),
                         .decided_by = row.text("decided_by"),
                         .decided_agency = row.text("decided_agency"),
                         .decided_at = row.instant("decided_at")});
    }
    return found;
}

void add_disposition(UnitOfWork& unit, SignalDisposition const& disposition) {
    unit.sql().run(
        kAdd,
        {{"case_id", disposition.case_id},
         {"rule", disposition.rule},
         {"object_id", disposition.object_id},
         {"rule_version", disposition.rule_version},
         {"severity", disposition.severity},
         {"state", disposition.state},
         {"evidence", disposition.evidence},
         {"note", disposition.note.empty() ? Value(std::nullopt) : Value(disposition.note)},
         {"by", disposition.decided_by},
         {"agency", disposition.decided_agency},
         {"now", disposition.decided_at}});
}

std::vector<RuleTally> rule_tallies(UnitOfWork& unit) {
    std::vector<RuleTally> tallies;
    auto const rows = unit.sql().run(kTallies);
    for (auto const row : rows) {
        auto const count = [&](char const* name) { return static_cast<int>(row.integer(name)); };
        tallies.push_back({.rule = row.text("rule"),
                           .under_review = count("under_review"),
                           .confirmed = count("confirmed"),
                           .explained = count("explained"),
                           .insufficient = count("insufficient")});
    }
    return tallies;
}

}  // namespace rastro::storage
