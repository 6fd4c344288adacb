#include "cases/trace/outbound.hpp"

#include <algorithm>

namespace rastro::cases {

OutboundDecision decide_outbound(OutboundRule const& rule, OutboundFacts const& facts) {
    auto const foreign = [&](std::string const& country) {
        return country != facts.asking_country;
    };
    bool const goes_abroad = std::ranges::any_of(facts.asked_countries, foreign);
    bool const stays = std::ranges::any_of(facts.asked_countries,
                                           [&](auto const& country) { return !foreign(country); });
    OutboundDecision decision;
    decision.national_contact_needed =
        (goes_abroad && rule.national_contact_abroad) || (stays && rule.national_contact_at_home);
    decision.supervisor_needed = facts.urgent;
    decision.second_person_needed = facts.urgent || facts.asks_protected_groups;

    auto const listed = [&](std::string const& country) {
        return rule.auto_countries.contains(country);
    };
    bool const all_listed = std::ranges::all_of(facts.asked_countries, listed);
    bool const any_country = rule.auto_countries.empty() && !decision.national_contact_needed;
    decision.auto_rule_allows = rule.auto_approve_routine && !decision.second_person_needed &&
                                !facts.asked_countries.empty() && (all_listed || any_country);
    return decision;
}

std::string approval_event(OutboundDecision const& decision,
                           bool is_supervisor,
                           bool is_national_contact,
                           bool supervisor_endorsed) {
    if (is_national_contact) {
        return decision.supervisor_needed && !is_supervisor && !supervisor_endorsed ? ""
                                                                                    : "approve";
    }
    if (!is_supervisor) {
        return "";
    }
    if (!decision.national_contact_needed) {
        return "approve";
    }
    return decision.supervisor_needed && !supervisor_endorsed ? "endorse" : "";
}

}  // namespace rastro::cases
