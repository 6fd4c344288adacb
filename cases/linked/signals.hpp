// Signals: what a rule noticed about a case, with the numbers it went by. A signal is disposed of
// by a person; the share of confirmed ones shows whether a rule is worth keeping. Rules that need
// nothing but the case itself are computed here whenever it is shown; those that look across cases
// (cross_signals) are raised by a job and kept. Source: domain/linked-cases.md 3.6 and 4.14
// (parameters are DEFAULT).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/linked/cross_signals.hpp"
#include "cases/linked/field_value.hpp"
#include "cases/linked/guards.hpp"
#include "cases/linked/signal_evidence.hpp"
#include "common/clock.hpp"

namespace rastro::cases {

enum class Severity : std::uint8_t { low, medium, high };
[[nodiscard]] std::string_view to_text(Severity severity) noexcept;

// A deadline of the case that is not stopped.
struct RunningClock {
    std::string clock;
    std::string object_id;  // empty: the case
    Instant started;
    Instant due;
};

struct SignalFacts {
    Date today{};
    Instant now{};
    FieldValues root;
    std::string state;
    std::vector<ObjectFact> objects;
    std::vector<RunningClock> clocks;
    std::optional<Date> last_activity;  // day of the last act on the case
};

struct SignalRule {
    std::string_view key;
    int version;
    Severity severity;
    std::string_view told_to;  // roles, separated by '|'
    std::string_view explain;  // English
    // One of the two: from the case alone, whenever it is shown, or across cases by a job.
    std::vector<SignalEvidence> (*find)(SignalFacts const&);
    std::vector<SignalEvidence> (*across)(CrossFacts const&) = nullptr;
};

[[nodiscard]] std::span<SignalRule const> signal_rules() noexcept;
[[nodiscard]] SignalRule const* find_signal_rule(std::string_view key) noexcept;

struct FoundSignal {
    SignalRule const* rule;
    SignalEvidence evidence;
};
// What the rules of the case's type find in it now.
[[nodiscard]] std::vector<FoundSignal> find_signals(std::vector<std::string> const& rule_keys,
                                                    SignalFacts const& facts);

// What those of them find that look across cases.
[[nodiscard]] std::vector<FoundSignal> find_signals(std::vector<std::string> const& rule_keys,
                                                    CrossFacts const& facts);

// confirmed / (confirmed + explained); nothing before the first disposition.
[[nodiscard]] std::optional<double> rule_precision(int confirmed, int explained) noexcept;

}  // namespace rastro::cases
