#include "server/handlers/trace_clocks.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

#include "cases/deadlines.hpp"
#include "storage/case_standing.hpp"
#include "storage/leg_repo.hpp"

namespace rastro::server {

namespace {

cases::UtcOffset offset_of(std::string const& zone_name) {
    try {
        auto const* zone = date::locate_zone(zone_name);
        return [zone](Instant instant) {
            return std::chrono::seconds(
                zone->get_info(std::chrono::floor<std::chrono::seconds>(instant)).offset);
        };
    } catch (std::runtime_error const&) {
        return cases::fixed_offset(std::chrono::seconds{0});
    }
}

std::optional<LegId> id_of(storage::LegRow const* leg) {
    return leg == nullptr ? std::nullopt : std::optional<LegId>(leg->leg_id);
}

}  // namespace

cases::Calendar load_calendar(storage::UnitOfWork& unit,
                              std::string_view agency,
                              std::string_view country,
                              Instant now) {
    auto const row = storage::calendar_of(
        unit, agency, country, Date{std::chrono::floor<std::chrono::days>(now)});
    std::bitset<7> weekend;
    for (int const day : row.weekend) {
        weekend.set(static_cast<std::size_t>(day % 7));
    }
    return {weekend, {row.holidays.begin(), row.holidays.end()}, offset_of(row.time_zone)};
}

std::vector<storage::DeadlineRow> deadline_rows(std::string_view clock,
                                                int cycle,
                                                storage::CaseFile const& file,
                                                storage::LegRow const* leg,
                                                Instant start,
                                                cases::Calendar const& receiver) {
    cases::DeadlineQuestion const question{
        .clock = clock,
        .priority = leg == nullptr ? file.priority : leg->priority,
        .asking_country = file.owner_country,
        .asked_country = leg == nullptr ? file.owner_country : leg->asked_country,
        .on = Date{std::chrono::floor<std::chrono::days>(start)}};
    auto const* rule = cases::find_deadline_rule(cases::default_deadline_rules(), question);
    if (rule == nullptr) {
        throw std::logic_error("no deadline rule for clock '" + std::string(clock) + "'");
    }
    auto const times = cases::deadline_times(*rule, start, receiver);
    std::vector<storage::DeadlineRow> rows;
    auto const add = [&](char const* stage, Instant due) {
        storage::DeadlineRow row;
        row.case_id = file.case_id;
        row.leg_id = id_of(leg);
        row.clock = clock;
        row.stage = stage;
        row.cycle = cycle;
        row.started_at = start;
        row.due_at = due;
        rows.push_back(std::move(row));
    };
    add("due", times.due);
    if (times.escalate) {
        add("escalate", *times.escalate);
    }
    if (times.expire) {
        add("expire", *times.expire);
    }
    return rows;
}

bool apply_clocks(storage::UnitOfWork& unit,
                  storage::CaseFile const& file,
                  storage::LegRow const* leg,
                  cases::Transition const& transition,
                  std::optional<Date> review_on) {
    auto const leg_id = id_of(leg);
    for (auto const& clock : transition.stops) {
        storage::stop_clock(unit, file.case_id, leg_id, clock);
    }
    for (auto const& clock : transition.pauses) {
        storage::pause_clock(unit, file.case_id, leg_id, clock);
    }
    for (auto const& clock : transition.resumes) {
        storage::resume_clock(unit, file.case_id, leg_id, clock);
    }
    if (!transition.starts.empty()) {
        auto const calendar =
            leg == nullptr ? load_calendar(unit, file.owner_agency, file.owner_country, unit.now())
                           : load_calendar(unit, leg->asked_agency, leg->asked_country, unit.now());
        for (auto const& clock : transition.starts) {
            storage::stop_clock(unit, file.case_id, leg_id, clock);
            int const cycle = storage::last_cycle(unit, file.case_id, leg_id, clock) + 1;
            auto rows = deadline_rows(clock, cycle, file, leg, unit.now(), calendar);
            bool const ends_on_day = clock == "delay_review" || clock == "record_validity";
            if (ends_on_day && review_on) {
                rows.front().due_at = std::min(rows.front().due_at, calendar.start_of(*review_on));
            }
            storage::insert_deadlines(unit, rows);
        }
    }
    return !(transition.stops.empty() && transition.pauses.empty() && transition.resumes.empty() &&
             transition.starts.empty());
}

Instant next_due(storage::UnitOfWork& unit, storage::LegRow const& leg) {
    auto const rows = storage::deadlines_of(unit, leg.case_id, leg.leg_id);
    std::optional<Instant> earliest;
    for (auto const& row : rows) {
        bool const alive = std::ranges::any_of(rows, [&](storage::DeadlineRow const& other) {
            return other.clock == row.clock && other.cycle == row.cycle &&
                   (other.state == "running" || other.state == "paused");
        });
        if (row.stage == "due" && alive && (!earliest || row.due_at < *earliest)) {
            earliest = row.due_at;
        }
    }
    return earliest.value_or(leg.due_at);
}

}  // namespace rastro::server
