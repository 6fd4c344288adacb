// Rules over the legs of a trace request: the request's state as it follows from them, the path of
// countries asked, and which next step is worth suggesting. Source: domain/tracing.md 3.1, 9.1-9.4.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/outcome_codes.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

struct LegFacts {
    std::string state;
    std::string resume_state;      // under ESCALATED
    bool forward_offered = false;  // the requester has to choose whether to forward (3.1 rule 4)
    bool earlier_round = false;    // final before the request was last reopened
};

struct OwnSteps {
    bool reopened = false;        // at least once
    bool outcome_chosen = false;  // by the requester, or taken over from the answers
};

// True for a state in which the asked authority still owes something (9.3; ANSWERED_PARTIAL stays
// open for the rest, T14). Unknown states throw std::logic_error.
[[nodiscard]] bool leg_is_open(std::string_view state);

// The request's state by 9.2, for T5 and T23:
//   no leg yet (of this round)                    SUBMITTED, or REOPENED after a reopening
//   every open leg waits for the requester        AWAITING_REQUESTER
//   some answer in, others open                   PARTIALLY_ANSWERED
//   legs open, no answer yet                      IN_PROGRESS, or REOPENED after a reopening
//   every leg final, outcome chosen               ANSWERED
//   every leg final, outcome not chosen           AWAITING_REQUESTER (only the requester can go on)
// A leg waits for the requester in CLARIFICATION_REQUESTED or with an offered forward. An answer is
// a full or partial one or "no record"; a refusal, an expiry or a forward is none. Legs that were
// final before a reopening are history: they count only while the new round has no leg of its own.
[[nodiscard]] std::string derive_request_state(std::span<LegFacts const> legs, OwnSteps const& own);

// The path of countries that a new leg carries: that of its parent and the country asked. Fails
// with guard_not_met (violations guard.next_country_not_on_path, guard.hops_below_limit) on a loop
// or beyond 8 hops.
struct NextHop {
    std::vector<std::string> path;
    int hop = 0;
};
[[nodiscard]] Outcome<NextHop> next_hop(std::span<std::string const> parent_path,
                                        int parent_hop,
                                        std::string_view next_country);

// What the suggestion of next steps looks at.
struct HintFacts {
    std::optional<OutcomeCode> outcome;  // of the leg just ended or of the request
    std::string refusal_reason;          // lower_snake code; "requires_mla"
    std::string origin_country;
    std::string import_country;
    std::vector<std::string> asked_countries;  // of all legs
    bool illicit_records_checked = false;
    bool serial_obliterated = false;
    bool lab_done = false;
    // INTERPOL's six criteria for sharing ballistic images (1.2)
    std::optional<double> border_distance_km;
    bool recovered_by_customs = false;
    bool from_suspected_traffickers = false;
    int firearms_in_seizure = 1;
    bool terrorism = false;
    bool possessor_of_other_country = false;
};

// Codes of the hints, in the order of 9.4: ASK_IMPORT_COUNTRY, ASK_MANUFACTURE_COUNTRY,
// CHECK_ILLICIT_RECORDS, BALLISTICS_SUGGESTED, SEND_TO_LAB, OPEN_MLA. The country of import comes
// before that of manufacture (3.1 rule 2), so the latter is suggested once the former was asked or
// is not known. No country is suggested once the chain has ended in a success.
[[nodiscard]] std::vector<std::string> next_step_hints(HintFacts const& facts);

// Any one of the six: within 80 km of a border, by customs, from suspected traffickers, three
// firearms or more together, terrorism, or from residents of another country.
[[nodiscard]] bool ballistics_sharing_suggested(HintFacts const& facts) noexcept;

}  // namespace rastro::cases
