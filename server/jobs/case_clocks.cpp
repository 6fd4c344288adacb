#include "server/jobs/case_clocks.hpp"

#include <set>

#include "common/log.hpp"
#include "storage/clock_notices.hpp"
#include "storage/cross_signal_facts.hpp"
#include "storage/linked_case_parts.hpp"

namespace rastro::server {

namespace {

using storage::ClockNotice;
using storage::LinkedCase;
using storage::UnitOfWork;

// Whose clock it is: of an alert's recipient that recipient's too, of a cooperation that of the
// agencies it is addressed to.
std::set<std::string> bound_by(UnitOfWork& unit,
                               LinkedCase const& file,
                               ClockNotice const& notice) {
    std::set<std::string> agencies{file.owner_agency};
    if (file.type == "coop_request") {
        for (auto const& share : storage::shares_of(unit, file.case_id)) {
            if (share.relation == "addressed") {
                agencies.insert(share.agency);
            }
        }
    }
    if (notice.object_id != file.case_id.uuid) {
        for (auto const& field : storage::unsealed_values(unit, file.case_id)) {
            if (field.object_id == notice.object_id && field.field == "recipient_agency") {
                agencies.insert(field.value);
            }
        }
    }
    return agencies;
}

// The end of a clock belongs to the history of the case.
void note_end(UnitOfWork& unit, LinkedCase& file, ClockNotice const& notice) {
    storage::LinkedEvent linked{.object_id = notice.object_id, .event = {}};
    auto& event = linked.event;
    event.object = "case";
    event.event = "deadline_passed";
    event.from_state = file.state;
    event.to_state = file.state;
    event.actor_kind = "system";
    event.actor_id = "clocks";
    event.agency = file.owner_agency;
    event.country = file.owner_country;
    event.occurred_at = unit.now();
    event.reason_code = notice.clock;
    storage::append_linked_event(unit, file, std::move(linked));
    storage::store_note(unit, file);
}

void audit(UnitOfWork& unit,
           Services const& services,
           LinkedCase const& file,
           ClockNotice const& notice,
           bool passed) {
    storage::AuditEntry entry;
    auto& record = entry.record;
    record.event_id = EventId::generate();
    record.time = unit.now();
    record.server = services.settings.server.id;
    record.action = passed ? "case.deadline_passed" : "case.deadline_near";
    record.actor = "clocks";
    record.actor_kind = "system";
    record.agency = file.owner_agency;
    record.country = file.owner_country;
    record.object_type = "case";
    record.object_id = file.case_id.to_string();
    record.object_version = static_cast<std::uint64_t>(file.version);
    record.object_owner = file.owner_agency;
    record.case_reference = file.number;
    entry.detail = "clock " + notice.clock;
    entry.detail_agency = file.owner_agency;
    unit.audit(std::move(entry));
}

Outcome<bool> tell(UnitOfWork& unit, Services const& services, ClockNotice const& waiting) {
    unit.act_as(storage::ActingAs::system());
    auto file = storage::find_linked_case(unit, waiting.case_id, storage::Lock::for_update);
    auto const notice = file ? storage::claim_clock_notice(unit, waiting) : std::nullopt;
    if (!notice) {
        unit.touches_no_records();
        return false;
    }
    bool const passed = notice->due_at <= unit.now();
    if (passed) {
        note_end(unit, *file, *notice);
    }
    for (auto const& agency : bound_by(unit, *file, *notice)) {
        unit.publish({.agency = agency,
                      .kind = passed ? "case.deadline_passed" : "case.deadline_near",
                      .case_id = file->case_id,
                      .object_type = "case",
                      .object_id = file->case_id.to_string(),
                      .object_version = file->version});
    }
    audit(unit, services, *file, *notice, passed);
    return true;
}

}  // namespace

ClockRound run_case_clocks(storage::Connection& connection, Services const& services, int limit) {
    ClockRound round;
    auto const& clock = services.clock;
    auto const waiting = storage::run_unit_of_work(
        connection, clock, [&](UnitOfWork& unit) -> Outcome<std::vector<ClockNotice>> {
            unit.touches_no_records();
            unit.act_as(storage::ActingAs::system());
            return storage::clock_notices(unit, limit);
        });
    if (!waiting) {
        return round;
    }
    for (auto const& notice : *waiting) {
        auto const told = storage::run_unit_of_work(
            connection, clock, [&](UnitOfWork& unit) { return tell(unit, services, notice); });
        if (told) {
            round.told += *told ? 1 : 0;
            continue;
        }
        ++round.failed;
        static_cast<void>(
            storage::run_unit_of_work(connection, clock, [&](UnitOfWork& unit) -> Outcome<bool> {
                unit.touches_no_records();
                unit.act_as(storage::ActingAs::system());
                storage::put_off_clock_notice(unit, notice);
                return true;
            }));
        log::error("clock_notice_failed",
                   {{"case", notice.case_id.to_string()}, {"problem", told.error().info().slug}});
    }
    round.more = round.failed == 0 && waiting->size() >= static_cast<std::size_t>(limit);
    return round;
}

}  // namespace rastro::server
