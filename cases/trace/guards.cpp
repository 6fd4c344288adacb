#include "cases/trace/guards.hpp"

#include <algorithm>
#include <stdexcept>

#include "cases/trace/refusal_reasons.hpp"

namespace rastro::cases {

namespace {

bool names_purchaser_or_stock(std::set<std::string, std::less<>> const& groups) {
    return groups.contains("G6") || groups.contains("G7");
}

bool has_rights_of_urgency(TraceFacts const& f) {
    return !f.urgent || f.actor_is_supervisor || f.supervisor_endorsed;
}

bool differs_where_needed(TraceFacts const& f) {
    bool const needed = f.urgent || names_purchaser_or_stock(f.asked_groups);
    return !needed || (!f.author.empty() && f.actor != f.author);
}

bool not_on_path(TraceFacts const& f) {
    return !f.next_country.empty() && std::ranges::find(f.path, f.next_country) == f.path.end();
}

// clang-format off
constexpr GuardRow kGuards[] = {
    // outbound approval (9.4 T1-T4, 9.5 separation)
    {"serial_or_condition", "a serial number or its condition has to be stated",
     [](TraceFacts const& f) { return f.serial_given || f.condition_given; }},
    {"changed_since_return", "a returned request has to be changed before it is sent again",
     [](TraceFacts const& f) { return f.changed_since_return; }},
    {"urgent_needs_supervisor", "an urgent request needs the agreement of a supervisor", has_rights_of_urgency},
    {"author_differs_from_approver", "who wrote an urgent request, or one that asks for purchaser or stock data, cannot approve it", differs_where_needed},
    {"author_differs_from_endorser", "who wrote a request cannot endorse it as supervisor",
     [](TraceFacts const& f) { return !f.author.empty() && f.actor != f.author; }},
    {"national_contact_where_needed", "this request leaves the country through its national contact",
     [](TraceFacts const& f) { return !f.national_contact_needed || f.actor_is_national_contact; }},
    {"auto_rule_allows", "no rule of the agency approves this request by itself",
     [](TraceFacts const& f) { return f.auto_rule_allows; }},
    // routing and forwarding (3.1, T20)
    {"receipt_signature_valid", "the signature of the receipt is not that of the addressed agency",
     [](TraceFacts const& f) { return f.receipt_signature_valid; }},
    {"auto_acknowledge_configured", "the addressed agency does not acknowledge by system",
     [](TraceFacts const& f) { return f.auto_acknowledge; }},
    {"forward_consent_given", "the requester has not consented to forwarding",
     [](TraceFacts const& f) { return f.forward_consent; }},
    {"next_country_not_on_path", "the next country has to be named and not been asked on this path before", not_on_path},
    {"hops_below_limit", "the path has reached its limit of 8 hops",
     [](TraceFacts const& f) { return f.hop >= 0 && f.hop < kHopLimit; }},
    {"onward_policy_allows", "the release policy of an originator does not let this be passed on",
     [](TraceFacts const& f) { return f.onward_policy_allows; }},
    {"not_asked_already", "this agency has an open leg of this request already",
     [](TraceFacts const& f) { return !f.next_agency.empty() && !f.open_leg_agencies.contains(f.next_agency); }},
    {"handler_named", "an analyst has to be named",
     [](TraceFacts const& f) { return !f.handler.empty(); }},
    // answers
    {"chain_valid", "the disposition chain breaks a rule",
     [](TraceFacts const& f) { return f.chain_valid; }},
    {"release_decision_stored", "an answer goes out only under a stored release decision",
     [](TraceFacts const& f) { return f.release_decision_stored; }},
    {"discloses_purchaser_or_stock", "the answer names a purchaser or state stock",
     [](TraceFacts const& f) { return names_purchaser_or_stock(f.answer_groups); }},
    {"answer_pending", "no answer waits for a second person",
     [](TraceFacts const& f) { return f.answer_pending; }},
    {"releaser_differs_from_author", "who wrote an answer cannot release it",
     [](TraceFacts const& f) { return !f.answer_author.empty() && f.actor != f.answer_author; }},
    {"answer_not_superseded", "the answer has been superseded or recalled already",
     [](TraceFacts const& f) { return !f.answer_superseded; }},
    // closing, withdrawing, duplicates
    {"outcome_chosen", "the outcome has to be chosen first",
     [](TraceFacts const& f) { return f.outcome_chosen; }},
    {"time_to_crime_settled", "time-to-crime has to be computed, or found not computable, first",
     [](TraceFacts const& f) { return f.time_to_crime_settled; }},
    {"supervisor_for_open_legs", "while legs are open, a supervisor has to withdraw the request",
     [](TraceFacts const& f) { return f.open_leg_agencies.empty() || f.actor_is_supervisor; }},
    {"lead_is_another_request", "a duplicate is linked to another request, the lead",
     [](TraceFacts const& f) { return !f.lead_case.empty() && f.lead_case != f.own_case; }},
    // reasons, dates, clocks, handling
    {"reason_present", "a reason has to be given",
     [](TraceFacts const& f) { return f.reason_given; }},
    {"review_date_in_future", "the review date has to lie in the future",
     [](TraceFacts const& f) { return f.review_on.ok() && f.today.ok() && f.review_on > f.today; }},
    {"deadline_reached", "the deadline has not been reached",
     [](TraceFacts const& f) { return f.deadline_reached; }},
    {"handling_tightened", "the originator may only tighten the handling code",
     [](TraceFacts const& f) { return tightens(f.handling_now, f.handling_wanted); }},
};
// clang-format on

KnownNames make_known_names() {
    KnownNames known;
    for (auto role : all_roles()) {
        known.roles.emplace(to_text(role));
    }
    for (auto const& guard : kGuards) {
        known.guards.emplace(guard.name);
    }
    known.lists = {"priority",
                   "urgent_ground",
                   "illicit_ground",
                   "purpose",
                   "offence_code",
                   "serial_condition",
                   "firearm_type",
                   "make",
                   "calibre",
                   "handling_code",
                   "outcome_code",
                   "refusal_reason",
                   "restriction_reason",
                   "delay_reason",
                   "date_precision",
                   "mark_kind",
                   "mark_place",
                   "mark_state",
                   "field_group",
                   "evaluation"};
    // What the caller brings about in the transaction of the act.
    known.effects = {
        "freeze_first_version",  // the request as submitted becomes immutable version 1
        "check_duplicates_and_hits",
        "route_legs",      // the route table makes the legs
        "route_next_leg",  // one leg more, with parent and path
        "try_backup_endpoint",
        "notify_author",
        "notify_approver",
        "notify_requester",
        "notify_receiver",
        "notify_receivers",
        "notify_originators",
        "notify_supervisor",
        "notify_national_contacts",
        "notify_readers",  // everybody who has read the version concerned
        "store_clarification",
        "store_description_version",
        "store_decision",  // delay, restriction, refusal, appeal with their reason
        "store_answer",
        "hold_answer",  // kept pending for a second person
        "release_answer",
        "discard_answer",
        "supersede_answer",
        "recall_answer",
        "set_outcome",
        "set_outcome_insufficient_identifiers",
        "set_handler",
        "set_handling",
        "reevaluate_reads",
        "link_lead_request",
        "link_mutual_legal_assistance",
        "stop_open_legs",
        "derive_request",  // the request's state is computed anew from its legs
        "freeze_statistics_row",
        "count_in_response_rate",
        "begin_new_round",  // answers of before stay; legs of before count as history
    };
    known.field_types = {"chain",
                         "code",
                         "codes",
                         "country",
                         "files",
                         "flag",
                         "marks",
                         "obliteration",
                         "partial_date",
                         "person",
                         "persons",
                         "place",
                         "text",
                         "vehicle"};
    known.hints = {"ASK_IMPORT_COUNTRY",
                   "ASK_MANUFACTURE_COUNTRY",
                   "CHECK_ILLICIT_RECORDS",
                   "BALLISTICS_SUGGESTED",
                   "SEND_TO_LAB",
                   "OPEN_MLA"};
    known.clocks = {"delivery",
                    "acknowledge",
                    "answer",
                    "clarification",
                    "holder_answer",
                    "delay_review",
                    "auto_close"};
    for (int group = 0; group <= 11; ++group) {
        known.field_groups.insert("G" + std::to_string(group));
    }
    return known;
}

}  // namespace

std::span<GuardRow const> trace_guards() noexcept {
    return kGuards;
}

GuardRow const* find_trace_guard(std::string_view name) noexcept {
    auto const* found = std::ranges::find(kGuards, name, &GuardRow::name);
    return found == std::end(kGuards) ? nullptr : found;
}

std::function<GuardVerdict(std::string_view)> trace_guard_environment(TraceFacts const& facts) {
    return [&facts](std::string_view name) {
        auto const* guard = find_trace_guard(name);
        if (guard == nullptr) {
            throw std::logic_error("no guard '" + std::string(name) + "'");
        }
        return GuardVerdict{guard->met(facts), std::string(guard->explain)};
    };
}

Environment trace_environment(TraceFacts const& facts) {
    Environment environment;
    environment.guard = trace_guard_environment(facts);
    environment.in_list = [](std::string_view list, std::string_view code) {
        auto const reason = refusal_reason_from(code);
        if (!reason) {
            return false;
        }
        if (list == "refusal_reason") {
            return may_be_given_for(*reason, RefusalStage::refuse);
        }
        if (list == "restriction_reason") {
            return may_be_given_for(*reason, RefusalStage::restrict);
        }
        return list == "delay_reason" && may_be_given_for(*reason, RefusalStage::delay);
    };
    return environment;
}

KnownNames const& trace_known_names() {
    static KnownNames const known = make_known_names();
    return known;
}

}  // namespace rastro::cases
