// Who has to agree before a request leaves its agency. Source: domain/tracing.md 0.8, 2.3, 3.2
// (OUTBOUND_APPROVAL), 9.4 T1-T4 and 9.5 (separation).
#pragma once

#include <set>
#include <string>
#include <vector>

namespace rastro::cases {

// What an agency and its country have set. Values come from the agency's row.
struct OutboundRule {
    bool national_contact_abroad = true;    // requests abroad pass the national contact
    bool national_contact_at_home = false;  // requests inside the country do too
    bool auto_approve_routine = false;      // routine requests are approved by rule...
    std::set<std::string> auto_countries;   // ...to these countries; empty: to any
};

struct OutboundFacts {
    std::string asking_country;
    std::vector<std::string> asked_countries;
    bool urgent = false;
    bool asks_protected_groups = false;  // purchaser (G6) or state stock (G7) data
};

struct OutboundDecision {
    bool auto_rule_allows = false;  // T4b: the system may approve at once
    bool national_contact_needed = false;
    bool supervisor_needed = false;
    bool second_person_needed = false;  // approver and author differ
};

// The automatic rule never covers an urgent request nor one that asks for protected groups: for
// these, approver and author differ (9.5), which a rule cannot be. It does cover what would pass
// the national contact, when the countries are listed by name.
[[nodiscard]] OutboundDecision decide_outbound(OutboundRule const& rule,
                                               OutboundFacts const& facts);

// The event by which somebody with these roles moves a request in NATIONAL_REVIEW on: "approve";
// "endorse" for a supervisor where the national contact still has to approve; empty if there is
// nothing for them to do.
[[nodiscard]] std::string approval_event(OutboundDecision const& decision,
                                         bool is_supervisor,
                                         bool is_national_contact,
                                         bool supervisor_endorsed);

}  // namespace rastro::cases
