// How long each clock runs: dated rows with their source (config/reference/deadline_rules.csv), the
// most specific one wins; and the arithmetic of a running, paused and resumed clock. Source:
// domain/tracing.md 3.6 and 9.4. Times are UTC; working and calendar days are counted in the
// receiver's calendar, hours and minutes absolutely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/calendar.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

enum class DeadlineUnit : std::uint8_t { minutes, hours, working_days, calendar_days };
[[nodiscard]] std::string_view to_text(DeadlineUnit unit) noexcept;
[[nodiscard]] std::optional<DeadlineUnit> parse_deadline_unit(std::string_view text) noexcept;

enum class DeadlineScope : std::uint8_t { any, national, international };
[[nodiscard]] std::string_view to_text(DeadlineScope scope) noexcept;
[[nodiscard]] std::optional<DeadlineScope> parse_deadline_scope(std::string_view text) noexcept;

struct DeadlineRule {
    std::string clock;
    std::string priority;  // routine, urgent; empty: any
    DeadlineScope scope = DeadlineScope::any;
    std::string asking_country;  // ISO 3166-1 alpha-2; empty: any
    std::string asked_country;
    int amount = 0;
    DeadlineUnit unit = DeadlineUnit::hours;
    // Escalation when the deadline is missed by this share of its length (50: at 1.5 times);
    // expiry at this multiple of its length. Nothing: no such stage.
    std::optional<int> escalate_after_percent;
    std::optional<int> expire_after_factor;
    // Days before the end at which who keeps the clock is told that it is near, most first.
    std::vector<int> warn_days;
    Date valid_from{};
    std::string source;
};

// Columns as in the file. All faulty rows are told at once: validation_failed with pointers
// "/ROW/COLUMN" (row 0 is the first after the heading).
[[nodiscard]] Outcome<std::vector<DeadlineRule>> read_deadline_rules(std::string_view csv);
[[nodiscard]] std::vector<DeadlineRule> const& default_deadline_rules();

struct DeadlineQuestion {
    std::string_view clock;
    std::string_view priority;
    std::string_view asking_country;
    std::string_view asked_country;
    Date on{};  // the rule in force on this day
};

// Most specific: country pair, then asked country, then asking country, then scope, then priority;
// among equals the latest valid_from, then the later row. Null if no rule is in force.
[[nodiscard]] DeadlineRule const* find_deadline_rule(std::vector<DeadlineRule> const& rules,
                                                     DeadlineQuestion const& question);

struct DeadlineTimes {
    Instant due;
    std::optional<Instant> escalate;
    std::optional<Instant> expire;
    friend bool operator==(DeadlineTimes const&, DeadlineTimes const&) = default;
};

// When the stages of a clock that starts now come. Later stages of a rule in days are multiples in
// the same unit, rounded up to whole days (3 working days: escalation after 5, expiry after 9).
[[nodiscard]] DeadlineTimes deadline_times(DeadlineRule const& rule,
                                           Instant start,
                                           Calendar const& receiver);

// A pause keeps what was left of each stage; resuming adds it to the instant of resumption. A stage
// that had passed already stays where it was.
[[nodiscard]] DeadlineTimes resume_after_pause(DeadlineTimes const& times,
                                               Instant paused_at,
                                               Instant resumed_at);

enum class DeadlineStage : std::uint8_t { running, due, escalate, expire };
// The furthest stage reached by now.
[[nodiscard]] DeadlineStage stage_at(DeadlineTimes const& times, Instant now) noexcept;

}  // namespace rastro::cases
