// Clocks of declared cases: rules of config/reference/deadline_rules.csv in the owner's calendar,
// or the date that the object itself carries.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "cases/deadlines.hpp"
#include "common/time_text.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/trace_clocks.hpp"

namespace rastro::server {

namespace {

// What a date of the object means for its clock.
enum class Meaning : std::uint8_t {
    end,        // the clock runs to the end of that day
    beginning,  // the length of the rule is counted from that day on
    days_to,    // the rule says how many days before it the clock ends
};
struct ClockDate {
    std::string_view clock;
    std::string_view field;
    Meaning meaning = Meaning::end;
};
constexpr std::array kClockDates{
    ClockDate{"asset.order_expiry", "order_expires_on"},
    ClockDate{"asset.revalue", "value_date", Meaning::beginning},
    ClockDate{"control.temporary_expiry", "expires_on"},
    ClockDate{"tip.protection_expiry", "expires_on"},
    ClockDate{"pen.reply", "reply_by"},
    ClockDate{"trade.fx_settlement", "fx_due_on"},
    ClockDate{"corr.limitation", "act_on", Meaning::beginning},
    ClockDate{"coop.review", "postponement_review_on"},
    ClockDate{"ji.expiry", "agreement_until"},
    ClockDate{"extr.provisional_arrest", "arrested_on", Meaning::beginning},
    ClockDate{"extr.surrender", "granted_on", Meaning::beginning},
    ClockDate{"tracker.draft", "meeting_on", Meaning::days_to},
    ClockDate{"tracker.clearance", "meeting_on", Meaning::days_to},
    ClockDate{"tracker.submission", "meeting_on", Meaning::days_to},
    ClockDate{"tracker.compilation", "meeting_on", Meaning::days_to}};

ClockDate const* date_of(std::string_view clock) {
    auto const* const found = std::ranges::find(kClockDates, clock, &ClockDate::clock);
    return found == kClockDates.end() ? nullptr : found;
}

// Without its date such a clock has no end: a control that is not temporary, an agreement without
// a term, a meeting whose day is not known.
bool runs_by_itself(std::string_view clock, cases::FieldValues const& values) {
    if (clock == "control.temporary_expiry" &&
        cases::value_of(values, "technique") == "temporary") {
        return true;
    }
    bool const needs_date = clock == "control.temporary_expiry" || clock == "ji.expiry" ||
                            clock.starts_with("tracker.");
    return !needs_date || !cases::value_of(values, date_of(clock)->field).empty();
}

Date days_after(Date day, int count) {
    return Date(std::chrono::sys_days(day) + std::chrono::days(count));
}

class Clocks {
 public:
    Clocks(storage::UnitOfWork& unit,
           storage::LinkedCase const& file,
           Uuid const& object_id,
           cases::FieldValues const& values)
        : unit_(unit),
          file_(file),
          object_id_(object_id),
          values_(values),
          calendar_(load_calendar(unit, file.owner_agency, file.owner_country, unit.now())) {}

    void start(std::string const& clock) {
        if (!runs_by_itself(clock, values_)) {
            return;
        }
        auto const& rule = rule_of(clock);
        storage::ClockRow row{.object_id = object_id_,
                              .clock = clock,
                              .started_at = unit_.now(),
                              .due_at = {},
                              .source = rule.source,
                              .notices = {}};
        auto const* const own = date_of(clock);
        auto const day =
            own == nullptr ? std::nullopt : parse_iso_date(cases::value_of(values_, own->field));
        if (!day) {
            row.due_at = cases::deadline_times(rule, unit_.now(), calendar_).due;
        } else if (own->meaning == Meaning::beginning) {
            row.due_at = cases::deadline_times(rule, calendar_.start_of(*day), calendar_).due;
        } else {
            int const before = own->meaning == Meaning::days_to ? rule.amount : 0;
            row.due_at = calendar_.start_of(days_after(*day, 1 - before));
            row.source = before == 0 ? "date of the case" : rule.source;
        }
        for (auto const days : rule.warn_days) {
            if (auto const at = row.due_at - std::chrono::days(days); at > unit_.now()) {
                row.notices.push_back(at);
            }
        }
        row.notices.push_back(row.due_at);
        storage::start_clock(unit_, file_.case_id, row);
    }

 private:
    [[nodiscard]] cases::DeadlineRule const& rule_of(std::string const& clock) const {
        // An alert's clock runs as long as its level says.
        auto const level = cases::value_of(values_, "alert_level");
        auto const name =
            clock == "ews.ack" && !level.empty() ? clock + "." + std::string(level) : clock;
        auto const* rule = cases::find_deadline_rule(
            cases::default_deadline_rules(),
            {.clock = name,
             .priority = cases::value_of(values_, "urgency") == "urgent" ? "urgent" : "routine",
             .asking_country = file_.owner_country,
             .asked_country = file_.owner_country,
             .on = Date{std::chrono::floor<std::chrono::days>(unit_.now())}});
        if (rule == nullptr) {
            throw std::logic_error("no rule for the clock " + clock);
        }
        return *rule;
    }

    storage::UnitOfWork& unit_;
    storage::LinkedCase const& file_;
    Uuid const& object_id_;
    cases::FieldValues const& values_;
    cases::Calendar calendar_;
};

}  // namespace

void apply_linked_clocks(storage::UnitOfWork& unit,
                         storage::LinkedCase const& file,
                         Uuid const& object_id,
                         cases::Transition const& transition,
                         ClockFacts const& facts) {
    for (auto const& clock : transition.stops) {
        storage::stop_clock(unit, file.case_id, object_id, clock);
    }
    std::vector<std::string> starting(transition.starts.begin(), transition.starts.end());
    for (auto const& clock : facts.running) {
        auto const* const own = date_of(clock);
        if (own != nullptr && facts.stated.contains(own->field) &&
            !transition.starts.contains(clock) && !transition.stops.contains(clock)) {
            storage::stop_clock(unit, file.case_id, object_id, clock);
            starting.push_back(clock);
        }
    }
    if (starting.empty()) {
        return;
    }
    Clocks clocks(unit, file, object_id, facts.values);
    for (auto const& clock : starting) {
        clocks.start(clock);
    }
}

}  // namespace rastro::server
