#include "cases/trace/leg.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "cases/trace/guards.hpp"

namespace rastro::cases {

namespace {

struct LegState {
    std::string_view name;
    bool open;
    bool answer;  // an answer is in
};

constexpr std::array kLegStates{
    LegState{"ROUTED", true, false},
    LegState{"DELIVERED", true, false},
    LegState{"ACKNOWLEDGED", true, false},
    LegState{"SEARCHING", true, false},
    LegState{"CLARIFICATION_REQUESTED", true, false},
    LegState{"DELAYED", true, false},
    LegState{"ESCALATED", true, false},
    LegState{"ANSWERED_PARTIAL", true, true},
    LegState{"ANSWERED_FULL", false, true},
    LegState{"NO_RECORD", false, true},
    LegState{"REFUSED", false, false},
    LegState{"FORWARDED", false, false},
    LegState{"EXPIRED", false, false},
    LegState{"STOPPED", false, false},
};

LegState const& leg_state(std::string_view name) {
    auto const* found = std::ranges::find(kLegStates, name, &LegState::name);
    if (found == kLegStates.end()) {
        throw std::logic_error("no leg state '" + std::string(name) + "'");
    }
    return *found;
}

bool waits_for_requester(LegFacts const& leg) {
    return leg.state == "CLARIFICATION_REQUESTED" || leg.forward_offered;
}

bool ended_well(std::optional<OutcomeCode> outcome) {
    return outcome && outcome_info(*outcome).group == OutcomeGroup::success;
}

constexpr double kBorderDistanceKm = 80.0;
constexpr int kFirearmsInGroup = 3;

}  // namespace

bool leg_is_open(std::string_view state) {
    return leg_state(state).open;
}

std::string derive_request_state(std::span<LegFacts const> legs, OwnSteps const& own) {
    std::size_t current = 0;
    std::size_t open = 0;
    std::size_t waiting = 0;
    bool answered = false;
    for (auto const& leg : legs) {
        auto const& state = leg_state(leg.state);
        if (leg.earlier_round && !state.open) {
            continue;
        }
        ++current;
        open += state.open ? 1 : 0;
        waiting += state.open && waits_for_requester(leg) ? 1 : 0;
        answered = answered || state.answer;
    }
    if (current == 0) {
        return own.reopened ? "REOPENED" : "SUBMITTED";
    }
    if (open == 0) {
        return own.outcome_chosen ? "ANSWERED" : "AWAITING_REQUESTER";
    }
    if (waiting == open) {
        return "AWAITING_REQUESTER";
    }
    if (answered) {
        return "PARTIALLY_ANSWERED";
    }
    return own.reopened ? "REOPENED" : "IN_PROGRESS";
}

Outcome<NextHop> next_hop(std::span<std::string const> parent_path,
                          int parent_hop,
                          std::string_view next_country) {
    TraceFacts facts;
    facts.path.assign(parent_path.begin(), parent_path.end());
    facts.hop = parent_hop;
    facts.next_country = next_country;
    Problem problem(ProblemCode::guard_not_met, "the request cannot be passed on to this country");
    for (auto const* name : {"next_country_not_on_path", "hops_below_limit"}) {
        if (!find_trace_guard(name)->met(facts)) {
            problem.add({"", std::string("guard.") + name, {}});
        }
    }
    if (!problem.violations().empty()) {
        return problem;
    }
    NextHop next{.path = std::move(facts.path), .hop = parent_hop + 1};
    next.path.emplace_back(next_country);
    return next;
}

bool ballistics_sharing_suggested(HintFacts const& f) noexcept {
    return (f.border_distance_km && *f.border_distance_km <= kBorderDistanceKm) ||
           f.recovered_by_customs || f.from_suspected_traffickers ||
           f.firearms_in_seizure >= kFirearmsInGroup || f.terrorism || f.possessor_of_other_country;
}

std::vector<std::string> next_step_hints(HintFacts const& f) {
    std::vector<std::string> hints;
    auto const to_ask = [&](std::string const& country) {
        return !country.empty() &&
               std::ranges::find(f.asked_countries, country) == f.asked_countries.end();
    };
    if (!ended_well(f.outcome)) {
        if (to_ask(f.import_country)) {
            hints.emplace_back("ASK_IMPORT_COUNTRY");
        } else if (to_ask(f.origin_country)) {
            hints.emplace_back("ASK_MANUFACTURE_COUNTRY");
        }
    }
    if (!f.illicit_records_checked) {
        hints.emplace_back("CHECK_ILLICIT_RECORDS");
    }
    if (ballistics_sharing_suggested(f)) {
        hints.emplace_back("BALLISTICS_SUGGESTED");
    }
    if (f.serial_obliterated && !f.lab_done) {
        hints.emplace_back("SEND_TO_LAB");
    }
    if (f.refusal_reason == "requires_mla") {
        hints.emplace_back("OPEN_MLA");
    }
    return hints;
}

}  // namespace rastro::cases
