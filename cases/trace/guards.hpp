// The guards that the trace request's definition names, as small functions over one struct of
// facts. Source of each: domain/tracing.md 9.4 unless its row says otherwise.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case_type.hpp"
#include "cases/handling.hpp"
#include "cases/lifecycle.hpp"
#include "common/clock.hpp"

namespace rastro::cases {

inline constexpr int kHopLimit = 8;  // domain/tracing.md 3.1 rule 5

// What the guards may look at. The caller fills what the event at hand is about; the rest keeps
// its default, with which every guard that would open something is not met.
struct TraceFacts {
    // the request
    bool urgent = false;
    std::set<std::string, std::less<>> asked_groups;  // field groups that the request asks for
    bool serial_given = false;
    bool condition_given = false;
    std::string author;  // principal who wrote the request
    bool changed_since_return = false;
    bool auto_rule_allows = false;  // cases/trace/outbound
    bool national_contact_needed = false;
    bool supervisor_endorsed = false;  // a supervisor other than the author has agreed before
    std::set<std::string, std::less<>> open_leg_agencies;
    std::string lead_case;  // of a duplicate
    std::string own_case;
    bool outcome_chosen = false;
    bool time_to_crime_settled = false;  // computed, or found not to be computable with a reason

    // the leg
    bool receipt_signature_valid = false;
    bool auto_acknowledge = false;
    bool forward_consent = false;
    bool onward_policy_allows = false;  // cases/release: handling and policy of the originators
    std::vector<std::string> path;      // countries asked so far, in order
    int hop = 0;                        // 0 for a leg of the first country
    std::string next_country;
    std::string next_agency;
    std::string handler;

    // the answer
    bool chain_valid = false;
    bool release_decision_stored = false;
    std::set<std::string, std::less<>> answer_groups;  // field groups that it discloses
    std::string answer_author;
    bool answer_pending = false;     // waits for a second person
    bool answer_superseded = false;  // by a later correction

    // the act
    bool reason_given = false;
    Date today{};
    Date review_on{};
    HandlingCode handling_now = HandlingCode::H0;
    HandlingCode handling_wanted = HandlingCode::H0;
    bool deadline_reached = false;  // the clock of this event stands at the stage that fires it

    // who acts
    std::string actor;
    bool actor_is_supervisor = false;
    bool actor_is_national_contact = false;
};

struct GuardRow {
    std::string_view name;
    std::string_view explain;  // English: what has to hold
    bool (*met)(TraceFacts const&);
};

[[nodiscard]] std::span<GuardRow const> trace_guards() noexcept;
[[nodiscard]] GuardRow const* find_trace_guard(std::string_view name) noexcept;

// The facts must outlive the returned function. It throws std::logic_error for a name without a
// row: check_definition() has let none through.
[[nodiscard]] std::function<GuardVerdict(std::string_view)> trace_guard_environment(
    TraceFacts const& facts);

// Guards over the facts (which must outlive it) and the reason lists of 3.5: refusal_reason,
// restriction_reason and delay_reason take the codes that may be given at that stage.
[[nodiscard]] Environment trace_environment(TraceFacts const& facts);

// Every name that the definition of the trace request may use.
[[nodiscard]] KnownNames const& trace_known_names();

}  // namespace rastro::cases
