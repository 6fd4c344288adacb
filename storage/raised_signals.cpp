#include "storage/raised_signals.hpp"

namespace rastro::storage {

namespace {

constexpr Query kPresent{
    "raised_signals",
    "select rule, object_id, rule_version, severity, field_group, evidence_names, evidence_values "
    "from raised_signal where case_id = :case_id::uuid and ended_at is null order by rule, "
    "object_id"};
constexpr Query kRaise{
    "raised_signal_raise",
    "insert into raised_signal as r (case_id, rule, object_id, rule_version, severity, "
    "field_group, evidence_names, evidence_values, raised_at) values (:case_id::uuid, :rule, "
    ":object_id::uuid, :rule_version::integer, :severity, :group, :names::text[], "
    ":numbers::text[], :now::timestamptz) on conflict (case_id, rule, object_id) do update set "
    "rule_version = excluded.rule_version, severity = excluded.severity, field_group = "
    "excluded.field_group, evidence_names = excluded.evidence_names, evidence_values = "
    "excluded.evidence_values, raised_at = case when r.ended_at is null then r.raised_at else "
    "excluded.raised_at end, ended_at = null"};
constexpr Query kEnd{"raised_signal_end",
                     "update raised_signal set ended_at = :now::timestamptz where case_id = "
                     ":case_id::uuid and rule = :rule and object_id = :object_id::uuid"};
constexpr Query kQueue{"signals_queue", "select queue_signals(:case_id::uuid, :now::timestamptz)"};
constexpr Query kWaiting{"signal_tasks_waiting",
                         "select case_id from signal_task where due_at <= :now::timestamptz order "
                         "by attempts, due_at limit :limit::integer"};
constexpr Query kClaim{"signal_task_claim",
                       "select case_id from signal_task where case_id = :case_id::uuid and due_at "
                       "<= :now::timestamptz for update skip locked"};
constexpr Query kNext{"signal_task_next",
                      "update signal_task set due_at = :next::timestamptz, attempts = 0 where "
                      "case_id = :case_id::uuid"};
constexpr Query kDone{"signal_task_done", "delete from signal_task where case_id = :case_id::uuid"};
constexpr Query kQueueMany{
    "signal_tasks_queue",
    "insert into signal_task (case_id, due_at) select unnest(:cases::uuid[]), :now::timestamptz "
    "on conflict (case_id) do update set due_at = least(signal_task.due_at, excluded.due_at)"};
constexpr Query kPutOff{
    "signal_task_put_off",
    "update signal_task set attempts = least(attempts + 1, 20), due_at = :now::timestamptz + "
    "least(attempts + 1, 20) * interval '1 minute' where case_id = :case_id::uuid"};

}  // namespace

std::vector<RaisedSignal> raised_signals(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<RaisedSignal> found;
    auto const rows = unit.sql().run(kPresent, {{"case_id", case_id}});
    for (auto const row : rows) {
        RaisedSignal signal{.rule = row.text("rule"),
                            .object_id = row.uuid("object_id"),
                            .rule_version = static_cast<int>(row.integer("rule_version")),
                            .severity = row.text("severity"),
                            .group = row.text("field_group"),
                            .numbers = {}};
        auto const names = row.texts("evidence_names");
        auto const numbers = row.texts("evidence_values");
        for (std::size_t i = 0; i < names.size() && i < numbers.size(); ++i) {
            signal.numbers.emplace(names[i], numbers[i]);
        }
        found.push_back(std::move(signal));
    }
    return found;
}

void raise_signal(UnitOfWork& unit, CaseId const& case_id, RaisedSignal const& signal) {
    std::vector<std::string> names;
    std::vector<std::string> numbers;
    for (auto const& [name, number] : signal.numbers) {
        names.push_back(name);
        numbers.push_back(number);
    }
    unit.sql().run(kRaise,
                   {{"case_id", case_id},
                    {"rule", signal.rule},
                    {"object_id", signal.object_id},
                    {"rule_version", signal.rule_version},
                    {"severity", signal.severity},
                    {"group", signal.group},
                    {"names", names},
                    {"numbers", numbers},
                    {"now", unit.now()}});
}

void end_signal(UnitOfWork& unit, CaseId const& case_id, RaisedSignal const& signal) {
    unit.sql().run(kEnd,
                   {{"now", unit.now()},
                    {"case_id", case_id},
                    {"rule", signal.rule},
                    {"object_id", signal.object_id}});
}

void queue_signals(UnitOfWork& unit, CaseId const& case_id) {
    unit.sql().run(kQueue, {{"case_id", case_id}, {"now", unit.now()}});
}

std::vector<CaseId> waiting_signal_tasks(UnitOfWork& unit, int limit) {
    std::vector<CaseId> found;
    auto const rows = unit.sql().run(kWaiting, {{"now", unit.now()}, {"limit", limit}});
    for (auto const row : rows) {
        found.push_back(row.id<CaseId>("case_id"));
    }
    return found;
}

bool claim_signal_task(UnitOfWork& unit, CaseId const& case_id) {
    return !unit.sql().run(kClaim, {{"case_id", case_id}, {"now", unit.now()}}).empty();
}

void settle_signal_task(UnitOfWork& unit,
                        CaseId const& case_id,
                        std::optional<Instant> const& next) {
    if (next) {
        unit.sql().run(kNext, {{"next", *next}, {"case_id", case_id}});
    } else {
        unit.sql().run(kDone, {{"case_id", case_id}});
    }
}

void queue_signals_of(UnitOfWork& unit, std::vector<CaseId> const& cases) {
    ArrayText ids;
    for (auto const& id : cases) {
        ids.add(id.to_string());
    }
    unit.sql().run(kQueueMany, {{"cases", ids.take()}, {"now", unit.now()}});
}

void put_off_signal_task(UnitOfWork& unit, CaseId const& case_id) {
    unit.sql().run(kPutOff, {{"now", unit.now()}, {"case_id", case_id}});
}

}  // namespace rastro::storage
