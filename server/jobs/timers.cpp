#include "server/jobs/timers.hpp"

#include "common/log.hpp"
#include "server/case_types.hpp"
#include "server/handlers/records.hpp"
#include "server/handlers/trace_clocks.hpp"
#include "server/handlers/trace_outcome.hpp"
#include "server/handlers/trace_step.hpp"
#include "storage/agency_repo.hpp"
#include "storage/leg_repo.hpp"
#include "storage/timer_repo.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

namespace {

using storage::UnitOfWork;

struct Locked {
    storage::TraceCase file;
    std::optional<storage::LegRow> leg;
};
// What an act was about, for the audit record.
struct Subject {
    std::string object_type;
    std::string object_id;
    int object_version = 1;
    std::string owner;
    std::string number;
};
Subject subject_of(Locked const& locked) {
    auto const& [file, leg] = locked;
    return {.object_type = leg ? "leg" : "trace_request",
            .object_id = leg ? leg->leg_id.to_string() : file.case_id.to_string(),
            .object_version = leg ? leg->version : file.version,
            .owner = file.owner_agency,
            .number = file.number};
}

std::optional<Locked> lock_subject(UnitOfWork& unit,
                                   CaseId const& case_id,
                                   std::optional<LegId> const& leg_id) {
    auto file = storage::find_request(unit, case_id, storage::Lock::for_update);
    if (!file) {
        return std::nullopt;
    }
    Locked subject{.file = std::move(*file), .leg = {}};
    if (leg_id) {
        subject.leg = storage::find_leg(unit, *leg_id, storage::Lock::for_update);
        if (!subject.leg) {
            return std::nullopt;
        }
    }
    return subject;
}

void audit_job(UnitOfWork& unit,
               Services const& services,
               std::string action,
               StepActor const& actor,
               Subject const& subject) {
    storage::AuditEntry entry;
    auto& record = entry.record;
    record.event_id = EventId::generate();
    record.time = unit.now();
    record.server = services.settings.server.id;
    record.action = std::move(action);
    record.actor = actor.id;
    record.actor_kind = "system";
    record.agency = actor.agency;
    record.country = actor.country;
    record.object_type = subject.object_type;
    record.object_id = subject.object_id;
    record.object_version = static_cast<std::uint64_t>(subject.object_version);
    record.object_owner = subject.owner;
    record.case_reference = subject.number;
    unit.audit(std::move(entry));
}

std::string event_of(Services const& services,
                     std::string_view case_type,
                     storage::DeadlineRow const& deadline) {
    auto const* clock = services.case_types.newest(case_type)->find_clock(deadline.clock);
    if (clock == nullptr) {
        return {};
    }
    return deadline.stage == "due"        ? clock->on_due
           : deadline.stage == "escalate" ? clock->on_escalate
                                          : clock->on_expire;
}

// 9.4 T5: nobody took the request at the endpoint; the backup of the route gets it.
void try_backup(UnitOfWork& unit, TraceStep& step, Locked& subject, int cycle) {
    auto& leg = *subject.leg;
    if (leg.backup_agency.empty() || leg.backup_agency == leg.asked_agency) {
        return;
    }
    auto const backup = storage::AgencyRepo(unit).find(leg.backup_agency);
    if (!backup || backup->state != "active") {
        return;
    }
    for (auto const& other : storage::legs_of(unit, leg.case_id)) {
        if (other.open && other.asked_agency == backup->agency) {
            return;
        }
    }
    leg.asked_agency = backup->agency;
    storage::add_parties(unit, subject.file, "addressed", {leg.asked_agency});
    auto rows =
        deadline_rows("delivery", cycle + 1, subject.file, &leg, unit.now(), cases::Calendar());
    leg.due_at = rows.front().due_at;
    storage::insert_deadlines(unit, rows);
    step.tell(leg.asked_agency, "leg.routed", &leg);
}

// A clock of the register: its record has to be confirmed, or ends.
Outcome<bool> fire_of_record(UnitOfWork& unit,
                             Services const& services,
                             storage::DeadlineRow const& candidate) {
    auto row = storage::find_record(unit, candidate.case_id, storage::RecordLock::for_update);
    auto const deadline = row ? storage::claim_deadline(unit, candidate, unit.now()) : std::nullopt;
    if (!deadline) {
        unit.touches_no_records();
        return false;
    }
    auto const& file = row->file;
    auto const actor = system_actor("timers", file.owner_agency, file.owner_country);
    storage::mark_fired(unit, *deadline);
    RecordAct act;
    act.event = event_of(services, "illicit_record", *deadline);
    act.deadline_reached = true;
    auto const done = apply_to_record(services, unit, *row, actor, act);
    if (!done && done.error().code() != ProblemCode::transition_not_allowed) {
        return done.error();
    }
    Subject const subject{.object_type = "record",
                          .object_id = file.case_id.to_string(),
                          .object_version = file.version,
                          .owner = file.owner_agency,
                          .number = file.number};
    audit_job(unit, services, "deadline.fired", actor, subject);
    return true;
}

bool is_of_record(Services const& services, storage::DeadlineRow const& deadline) {
    return services.case_types.newest("illicit_record")->find_clock(deadline.clock) != nullptr;
}

Outcome<bool> fire(UnitOfWork& unit,
                   Services const& services,
                   storage::DeadlineRow const& candidate) {
    unit.act_as(storage::ActingAs::system());
    if (is_of_record(services, candidate)) {
        return fire_of_record(unit, services, candidate);
    }
    auto subject = lock_subject(unit, candidate.case_id, candidate.leg_id);
    auto const deadline =
        subject ? storage::claim_deadline(unit, candidate, unit.now()) : std::nullopt;
    if (!deadline) {
        unit.touches_no_records();
        return false;
    }
    auto& file = subject->file;
    auto* leg = subject->leg ? &*subject->leg : nullptr;
    auto const actor = leg == nullptr
                           ? system_actor("timers", file.owner_agency, file.owner_country)
                           : system_actor("timers", leg->asked_agency, leg->asked_country);
    TraceStep step(services, unit, file, actor);
    storage::mark_fired(unit, *deadline);
    StepAct act;
    act.event = event_of(services, "trace_request", *deadline);
    act.facts.deadline_reached = true;
    act.data = R"({"clock":")" + deadline->clock + R"(","stage":")" + deadline->stage +
               R"(","cycle":)" + std::to_string(deadline->cycle) + "}";
    if (act.event.empty()) {
        step.tell(leg == nullptr ? file.owner_agency : leg->asked_agency, "leg.overdue", leg);
        step.tell(file.owner_agency, "leg.overdue", leg);
    } else {
        if (leg == nullptr) {
            settle_without_purchase(file);
        }
        auto const done = leg == nullptr ? step.on_request(act) : step.on_leg(*leg, act);
        bool const moot = !done && (done.error().code() == ProblemCode::transition_not_allowed ||
                                    done.error().code() == ProblemCode::guard_not_met);
        if (!done && !moot) {
            return done.error();
        }
        if (done && act.event == "delivery_late") {
            try_backup(unit, step, *subject, deadline->cycle);
        }
    }
    step.finish();
    audit_job(unit, services, "deadline.fired", actor, subject_of(*subject));
    return true;
}

Outcome<bool> deliver(UnitOfWork& unit,
                      Services const& services,
                      storage::WaitingLeg const& waiting) {
    unit.act_as(storage::ActingAs::system());
    auto subject = lock_subject(unit, waiting.case_id, waiting.leg_id);
    auto const agency =
        subject ? storage::AgencyRepo(unit).find(subject->leg->asked_agency) : std::nullopt;
    if (!agency || subject->leg->state != "ROUTED") {
        unit.touches_no_records();
        return false;
    }
    auto& leg = *subject->leg;
    auto const actor = system_actor("delivery", leg.asked_agency, leg.asked_country);
    TraceStep step(services, unit, subject->file, actor);
    StepAct receipt;
    receipt.event = "receipt";
    receipt.facts.receipt_signature_valid = true;  // the endpoint is this server
    RASTRO_CHECK(step.on_leg(leg, receipt));
    if (agency->auto_acknowledge) {
        StepAct acknowledge;
        acknowledge.event = "acknowledge";
        acknowledge.facts.auto_acknowledge = true;
        RASTRO_CHECK(step.on_leg(leg, acknowledge));
    }
    step.finish();
    audit_job(unit, services, "leg.delivered", actor, subject_of(*subject));
    return true;
}

template <class Item, class List>
std::vector<Item> list_of(storage::Connection& connection, Clock const& clock, List list) {
    auto found = storage::run_unit_of_work(
        connection, clock, [&](UnitOfWork& unit) -> Outcome<std::vector<Item>> {
            unit.touches_no_records();
            unit.act_as(storage::ActingAs::system());
            return list(unit);
        });
    return found ? std::move(found).value() : std::vector<Item>{};
}

}  // namespace

TimerRound run_timers(storage::Connection& connection, Services const& services, int limit) {
    TimerRound round;
    auto const& clock = services.clock;
    auto const waiting = list_of<storage::WaitingLeg>(
        connection, clock, [&](UnitOfWork& unit) { return storage::legs_to_deliver(unit, limit); });
    for (auto const& leg : waiting) {
        auto const done = storage::run_unit_of_work(
            connection, clock, [&](UnitOfWork& unit) { return deliver(unit, services, leg); });
        round.delivered += done && *done ? 1 : 0;
        if (!done) {
            ++round.failed;
            log::warning("delivery_failed",
                         {{"leg", leg.leg_id.to_string()}, {"problem", done.error().info().slug}});
        }
    }
    auto const due = list_of<storage::DeadlineRow>(connection, clock, [&](UnitOfWork& unit) {
        return storage::due_deadlines(unit, unit.now(), limit);
    });
    for (auto const& deadline : due) {
        auto const done = storage::run_unit_of_work(
            connection, clock, [&](UnitOfWork& unit) { return fire(unit, services, deadline); });
        round.fired += done && *done ? 1 : 0;
        if (done) {
            continue;
        }
        ++round.failed;
        auto const attempts =
            storage::run_unit_of_work(connection, clock, [&](UnitOfWork& unit) -> Outcome<int> {
                unit.touches_no_records();
                unit.act_as(storage::ActingAs::system());
                return storage::count_failed_attempt(unit, deadline);
            });
        log::error("deadline_failed",
                   {{"deadline", deadline.deadline_id.to_string()},
                    {"clock", deadline.clock},
                    {"attempts", attempts ? *attempts : 0},
                    {"problem", done.error().info().slug}});
    }
    auto const bound = static_cast<std::size_t>(limit);
    round.more = round.failed == 0 && (waiting.size() >= bound || due.size() >= bound);
    return round;
}

}  // namespace rastro::server
