// Clocks of declared cases: rules of config/reference/deadline_rules.csv in the owner's calendar,
// or the date that the object itself carries.
#include <array>
#include <stdexcept>

#include "cases/deadlines.hpp"
#include "common/time_text.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/trace_clocks.hpp"

namespace rastro::server {

namespace {

struct OwnDate {
    std::string_view clock;
    std::string_view field;
};
constexpr std::array kOwnDates{OwnDate{"asset.order_expiry", "order_expires_on"},
                               OwnDate{"control.temporary_expiry", "expires_on"},
                               OwnDate{"tip.protection_expiry", "expires_on"},
                               OwnDate{"pen.reply", "reply_by"},
                               OwnDate{"trade.fx_settlement", "fx_due_on"}};

std::optional<Date> own_date(std::string_view clock, cases::FieldValues const& values) {
    for (auto const& row : kOwnDates) {
        if (row.clock == clock) {
            return parse_iso_date(cases::value_of(values, row.field));
        }
    }
    return std::nullopt;
}

// A control ends by itself only where it is temporary.
bool runs_by_itself(std::string_view clock, cases::FieldValues const& values) {
    return clock != "control.temporary_expiry" || !cases::value_of(values, "expires_on").empty() ||
           cases::value_of(values, "technique") == "temporary";
}

}  // namespace

void apply_linked_clocks(storage::UnitOfWork& unit,
                         storage::LinkedCase const& file,
                         Uuid const& object_id,
                         cases::Transition const& transition,
                         cases::FieldValues const& values) {
    for (auto const& clock : transition.stops) {
        storage::stop_clock(unit, file.case_id, object_id, clock);
    }
    if (transition.starts.empty()) {
        return;
    }
    auto const calendar = load_calendar(unit, file.owner_agency, file.owner_country, unit.now());
    for (auto const& clock : transition.starts) {
        if (!runs_by_itself(clock, values)) {
            continue;
        }
        storage::ClockRow row{.object_id = object_id,
                              .clock = clock,
                              .started_at = unit.now(),
                              .due_at = {},
                              .source = {}};
        if (auto const date = own_date(clock, values)) {
            row.due_at =
                calendar.start_of(Date(std::chrono::sys_days(*date) + std::chrono::days(1)));
            row.source = "date of the case";
        } else {
            // An alert's clock runs as long as its level says.
            auto const level = cases::value_of(values, "alert_level");
            auto const name =
                clock == "ews.ack" && !level.empty() ? clock + "." + std::string(level) : clock;
            auto const* rule = cases::find_deadline_rule(
                cases::default_deadline_rules(),
                {.clock = name,
                 .priority = cases::value_of(values, "urgency") == "urgent" ? "urgent" : "routine",
                 .asking_country = file.owner_country,
                 .asked_country = file.owner_country,
                 .on = Date{std::chrono::floor<std::chrono::days>(unit.now())}});
            if (rule == nullptr) {
                throw std::logic_error("no rule for the clock " + clock);
            }
            row.due_at = cases::deadline_times(*rule, unit.now(), calendar).due;
            row.source = rule->source;
        }
        storage::start_clock(unit, file.case_id, row);
    }
}

}  // namespace rastro::server
