// What may happen to an object of a case: a pure decision over the case type's definition. The
// caller loads the facts, asks here, and brings about what the Transition says in one database
// transaction. The same function serves every case type. Contract: domain/linked-cases.md 3.5;
// the trace request: domain/tracing.md 9.4.
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cases/actor.hpp"
#include "cases/case_type.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

struct ActorFacts {
    std::string principal;  // who acts; see Actor::principal()
    std::set<std::string, std::less<>> roles;
    std::set<Side> sides;  // of the actor's agency in this case; empty: a stranger
    bool is_system = false;
    std::chrono::microseconds authentication_age{};
};
// `sides` as the caller found them; age counted from the actor's last full authentication.
[[nodiscard]] ActorFacts actor_facts(Actor const& actor, std::set<Side> sides, Instant now);

// Where an object stands. An empty state: it does not exist yet.
struct Standing {
    std::string state;
    std::string resume_state;  // set while the state keeps one
    std::set<std::string, std::less<>> flags;

    friend bool operator==(Standing const&, Standing const&) = default;
};

struct Act {
    std::string object;
    std::string event;
    // Names of the members and fields that are there (of this act and, for required fields, of the
    // case as it would be stored).
    std::set<std::string, std::less<>> inputs;
    std::string reason_code;
    std::string derived_state;  // for events with a derived target, computed by the type's own code
    std::string first_person;   // principal who prepared what this act completes; empty: nobody
};

struct GuardVerdict {
    bool met = false;
    std::string explain;  // English: what would have to hold
};

struct Environment {
    std::function<GuardVerdict(std::string_view guard)> guard;
    std::function<bool(std::string_view list, std::string_view code)> in_list;
    std::chrono::microseconds step_up_age{std::chrono::minutes{5}};  // anchors/security.md B10
};

struct Transition {
    std::string id;
    std::string object;
    std::string event;
    std::string from;  // empty for a new object
    Standing to;
    std::set<std::string, std::less<>> starts;  // clocks
    std::set<std::string, std::less<>> stops;
    std::set<std::string, std::less<>> pauses;
    std::set<std::string, std::less<>> resumes;
    std::vector<std::string> effects;
    std::vector<std::string> hints;

    [[nodiscard]] bool changes_state() const noexcept { return from != to.state; }
};

// In this order, the first kind of obstacle is told, with all faults of that kind:
//   transition_not_allowed  the event has no place in this state (or lacks a flag)
//   forbidden               not by this side or role
//   validation_failed       inputs or required fields missing (pointer "/name", code "required"),
//                           or the reason is not of the list (pointer "/reason_code",
//                           "not_in_list")
//   guard_not_met           every failing guard as a violation "guard.<name>"
//   two_persons_required    a second, different person has to complete it
//   step_up_required        the authentication is older than the environment allows
// Of several rows for one event the first that the actor may take counts; one whose guards hold
// is preferred.
// Throws std::logic_error if the object is not one of the type's, or a guard or derived state is
// asked for that the environment does not give: bugs of the caller.
[[nodiscard]] Outcome<Transition> decide(CaseTypeDefinition const& type,
                                         Standing const& standing,
                                         Act const& act,
                                         ActorFacts const& actor,
                                         Environment const& environment);

// Events that the definition has for this object in this standing, whoever asks; sorted.
[[nodiscard]] std::vector<std::string> events_possible(CaseTypeDefinition const& type,
                                                       std::string_view object,
                                                       Standing const& standing);
// The same, as far as side and role of the actor go: what a client may offer as next steps.
[[nodiscard]] std::vector<std::string> events_open_to(CaseTypeDefinition const& type,
                                                      std::string_view object,
                                                      Standing const& standing,
                                                      ActorFacts const& actor);

}  // namespace rastro::cases
