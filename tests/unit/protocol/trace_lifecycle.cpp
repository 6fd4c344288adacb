// The trace request's definition against an independent table typed from domain/tracing.md 9.4:
// every state x event x kind of actor, for request and leg.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "cases/lifecycle.hpp"
#include "cases/trace/guards.hpp"
#include "cases/trace/leg.hpp"
#include "cases/trace/present_fields.hpp"
#include "protocol/case_type_json.hpp"
#include "protocol/catalog.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

using Words = std::vector<std::string>;

Words words(std::string_view text) {
    std::istringstream in{std::string(text)};
    Words found;
    for (std::string word; in >> word;) {
        found.push_back(word);
    }
    return found;
}

CaseTypeDefinition const& trace_type() {
    static CaseTypeRegistry const registry = protocol::built_in_case_types();
    return *registry.newest("trace_request");
}

// event, from states, target, sides that may do it; "=" stays, "?" is computed.
struct Row {
    char const* event;
    char const* from;
    char const* to;
    char const* sides;
};

constexpr char const* kRunning =
    "IN_PROGRESS AWAITING_REQUESTER PARTIALLY_ANSWERED ANSWERED REOPENED";
constexpr char const* kSubmittedOn =
    "SUBMITTED IN_PROGRESS AWAITING_REQUESTER PARTIALLY_ANSWERED ANSWERED REOPENED";
constexpr char const* kAllRequest =
    "DRAFT NATIONAL_REVIEW RETURNED SUBMITTED IN_PROGRESS AWAITING_REQUESTER PARTIALLY_ANSWERED "
    "ANSWERED CLOSED WITHDRAWN DUPLICATE REOPENED";
constexpr char const* kOpenRequest =
    "DRAFT NATIONAL_REVIEW RETURNED SUBMITTED IN_PROGRESS AWAITING_REQUESTER PARTIALLY_ANSWERED "
    "ANSWERED REOPENED";
constexpr char const* kAllLeg =
    "ROUTED DELIVERED ACKNOWLEDGED SEARCHING ANSWERED_FULL ANSWERED_PARTIAL NO_RECORD REFUSED "
    "FORWARDED EXPIRED CLARIFICATION_REQUESTED DELAYED ESCALATED STOPPED";
constexpr char const* kOpenLeg =
    "ROUTED DELIVERED ACKNOWLEDGED SEARCHING CLARIFICATION_REQUESTED DELAYED ESCALATED "
    "ANSWERED_PARTIAL";
constexpr char const* kAnswered = "ANSWERED_PARTIAL ANSWERED_FULL NO_RECORD";

Row const kRequestRows[] = {
    {"change", "DRAFT RETURNED", "=", "requester"},
    {"submit", "DRAFT", "NATIONAL_REVIEW", "requester"},
    {"return", "NATIONAL_REVIEW", "RETURNED", "requester"},
    {"resubmit", "RETURNED", "NATIONAL_REVIEW", "requester"},
    {"approve", "NATIONAL_REVIEW", "SUBMITTED", "requester"},
    {"auto_approve", "NATIONAL_REVIEW", "SUBMITTED", "system"},
    {"endorse", "NATIONAL_REVIEW", "=", "requester"},
    {"leg_routed", "SUBMITTED", "IN_PROGRESS", "system"},
    {"derive", kRunning, "?", "system"},
    {"add_leg", kRunning, "?", "requester"},
    {"choose_outcome", "AWAITING_REQUESTER ANSWERED", "?", "requester"},
    {"describe", kSubmittedOn, "=", "requester"},
    {"close", "ANSWERED", "CLOSED", "requester"},
    {"auto_close", "ANSWERED", "CLOSED", "system"},
    {"withdraw", kOpenRequest, "WITHDRAWN", "requester"},
    {"suggest_duplicate", kSubmittedOn, "=", "system"},
    {"mark_duplicate", kSubmittedOn, "DUPLICATE", "requester"},
    {"reopen", "CLOSED DUPLICATE WITHDRAWN", "REOPENED", "requester receiver system"},
    {"change_handling", kAllRequest, "=", "originator"},
};

// Here ESCALATED stands over SEARCHING: it takes what SEARCHING takes, except another escalation.
Row const kLegRows[] = {
    {"delivery_late", "ROUTED", "=", "system"},
    {"receipt", "ROUTED", "DELIVERED", "receiver system"},
    {"acknowledge", "DELIVERED", "ACKNOWLEDGED", "receiver system"},
    {"assign", "ACKNOWLEDGED", "SEARCHING", "receiver"},
    {"assign", "SEARCHING CLARIFICATION_REQUESTED DELAYED ANSWERED_PARTIAL", "=", "receiver"},
    {"assign", "ESCALATED", "SEARCHING", "receiver"},
    {"ask", "SEARCHING ESCALATED", "CLARIFICATION_REQUESTED", "receiver"},
    {"reply", "CLARIFICATION_REQUESTED", "SEARCHING", "requester"},
    {"no_reply", "CLARIFICATION_REQUESTED", "NO_RECORD", "system"},
    {"delay", "SEARCHING ESCALATED", "DELAYED", "receiver"},
    {"resume", "DELAYED", "SEARCHING", "receiver"},
    {"refuse", "DELAYED SEARCHING ESCALATED", "REFUSED", "receiver"},
    {"review_due", "DELAYED", "=", "system"},
    {"answer_part", "SEARCHING ESCALATED", "ANSWERED_PARTIAL", "receiver"},
    {"answer_part", "ANSWERED_PARTIAL", "=", "receiver"},
    {"release_part", "SEARCHING ESCALATED", "ANSWERED_PARTIAL", "receiver"},
    {"release_part", "ANSWERED_PARTIAL", "=", "receiver"},
    {"answer", "SEARCHING ESCALATED ANSWERED_PARTIAL", "ANSWERED_FULL", "receiver"},
    {"release", "SEARCHING ESCALATED ANSWERED_PARTIAL", "ANSWERED_FULL", "receiver"},
    {"hold_answer", "SEARCHING ANSWERED_PARTIAL", "=", "receiver"},
    {"hold_answer", "ESCALATED", "SEARCHING", "receiver"},
    {"reject_answer", "SEARCHING ANSWERED_PARTIAL", "=", "receiver"},
    {"reject_answer", "ESCALATED", "SEARCHING", "receiver"},
    {"restrict", kAnswered, "=", "receiver system"},
    {"appeal", "REFUSED ANSWERED_PARTIAL ANSWERED_FULL NO_RECORD", "=", "requester"},
    {"no_record", "SEARCHING ESCALATED", "NO_RECORD", "receiver"},
    {"forward", "SEARCHING ESCALATED", "FORWARDED", "receiver requester"},
    {"offer_forward", "SEARCHING", "=", "receiver"},
    {"offer_forward", "ESCALATED", "SEARCHING", "receiver"},
    {"decline_forward", "SEARCHING ESCALATED", "=", "requester"},
    {"escalate", "DELIVERED ACKNOWLEDGED SEARCHING", "ESCALATED", "system"},
    {"expire", "DELIVERED ACKNOWLEDGED SEARCHING", "ESCALATED", "system"},
    {"expire", "ESCALATED", "EXPIRED", "system"},
    {"take_up", "ESCALATED", "SEARCHING", "receiver"},
    {"uphold_appeal", "REFUSED", "SEARCHING", "receiver"},
    {"uphold_appeal", kAnswered, "=", "receiver"},
    {"dismiss_appeal", "REFUSED ANSWERED_PARTIAL ANSWERED_FULL NO_RECORD", "=", "receiver"},
    {"stop", kOpenLeg, "STOPPED", "system"},
    {"change_handling", kAllLeg, "=", "originator"},
    {"correct_answer", kAllLeg, "=", "originator"},
    {"recall_answer", kAllLeg, "=", "originator"},
};

Environment permissive() {
    return Environment{.guard =
                           [](std::string_view) {
                               return GuardVerdict{true, ""};
                           },
                       .in_list = [](std::string_view, std::string_view) { return true; }};
}

ActorFacts actor_on(Side side) {
    ActorFacts actor;
    actor.principal = "second";
    for (auto role : all_roles()) {
        actor.roles.emplace(to_text(role));
    }
    actor.is_system = side == Side::system;
    if (side != Side::system) {
        actor.sides = {side};
    }
    return actor;
}

Standing standing_of(std::string const& state) {
    return Standing{.state = state,
                    .resume_state = state == "ESCALATED" ? "SEARCHING" : "",
                    .flags = {"RESTRICTED", "APPEALED", "FORWARD_OFFERED", "ANSWER_PENDING"}};
}

Act full_act(std::string const& object, std::string const& event) {
    Act act{.object = object,
            .event = event,
            .inputs = {},
            .reason_code = "some",
            .derived_state = "PARTIALLY_ANSWERED",
            .first_person = "first"};
    for (auto const& row : trace_type().transitions) {
        act.inputs.insert(row.required_inputs.begin(), row.required_inputs.end());
    }
    for (auto const& field : trace_type().find_object(object)->fields) {
        act.inputs.insert(field.name);
    }
    return act;
}

void check_object(std::string const& object, std::span<Row const> rows) {
    std::map<std::tuple<std::string, std::string, Side>, std::string> expected;
    for (auto const& row : rows) {
        for (auto const& state : words(row.from)) {
            for (auto const& side : words(row.sides)) {
                expected[{state, row.event, *parse_side(side)}] = row.to;
            }
        }
    }
    std::set<std::string> events;
    for (auto const& t : trace_type().transitions) {
        if (t.object == object && !t.from.empty()) {
            events.insert(t.event);
        }
    }
    auto const environment = permissive();
    std::size_t allowed = 0;
    for (auto const& state : trace_type().find_object(object)->states) {
        for (auto const& event : events) {
            for (auto side : {Side::requester, Side::receiver, Side::originator, Side::system}) {
                CAPTURE(state.name);
                CAPTURE(event);
                CAPTURE(to_text(side));
                auto const made = decide(trace_type(),
                                         standing_of(state.name),
                                         full_act(object, event),
                                         actor_on(side),
                                         environment);
                auto const want = expected.find({state.name, event, side});
                REQUIRE(made.has_value() == (want != expected.end()));
                if (made) {
                    ++allowed;
                    auto const to = want->second == "="   ? state.name
                                    : want->second == "?" ? "PARTIALLY_ANSWERED"
                                                          : want->second;
                    CHECK(made->to.state == to);
                } else {
                    bool const known = made.error().code() == ProblemCode::transition_not_allowed ||
                                       made.error().code() == ProblemCode::forbidden;
                    CHECK(known);
                }
            }
        }
    }
    CHECK(allowed == expected.size());
}

TransitionDefinition const& row_of(std::string_view id) {
    auto const found = std::ranges::find(trace_type().transitions, id, &TransitionDefinition::id);
    REQUIRE(found != trace_type().transitions.end());
    return *found;
}

}  // namespace

TEST_CASE("request: every state x event x side is as 9.4 says") {
    check_object("request", kRequestRows);
}

TEST_CASE("leg: every state x event x side is as 9.4 says") {
    check_object("leg", kLegRows);
}

TEST_CASE("rows T1 to T30 of 9.4 are all there, with role, guard and clock as in the table") {
    for (int i = 1; i <= 30; ++i) {
        auto const id = "T" + std::to_string(i);
        CAPTURE(id);
        CHECK(std::ranges::any_of(trace_type().transitions, [&](auto const& t) {
            return t.id == id || (t.id.size() == id.size() + 1 && t.id.starts_with(id) &&
                                  std::isalpha(static_cast<unsigned char>(t.id.back())));
        }));
    }
    struct Detail {
        char const* id;
        char const* roles;
        char const* guards;
        char const* starts;
        char const* stops;
        char const* pauses;
        char const* resumes;
    };
    constexpr char const* all_clocks = "delivery acknowledge answer clarification delay_review";
    for (auto const& want : {
             Detail{"T2", "national_contact", "reason_present", "", "", "", ""},
             Detail{"T6a", "", "receipt_signature_valid", "acknowledge", "", "", ""},
             Detail{"T7a",
                    "tracing_analyst agency_supervisor national_contact",
                    "",
                    "answer",
                    "acknowledge",
                    "",
                    ""},
             Detail{"T8", "agency_supervisor national_contact", "handler_named", "", "", "", ""},
             Detail{"T9", "tracing_analyst", "", "", "", "answer", ""},
             Detail{
                 "T10", "agency_user agency_supervisor national_contact", "", "", "", "", "answer"},
             Detail{"T11", "", "deadline_reached", "", all_clocks, "", ""},
             Detail{"T12",
                    "agency_supervisor national_contact",
                    "review_date_in_future",
                    "",
                    "",
                    "answer",
                    ""},
             Detail{"T16a",
                    "tracing_analyst",
                    "chain_valid release_decision_stored",
                    "",
                    all_clocks,
                    "",
                    ""},
             Detail{"T20a",
                    "tracing_analyst national_contact",
                    "forward_consent_given next_country_not_on_path hops_below_limit "
                    "onward_policy_allows",
                    "",
                    all_clocks,
                    "",
                    ""},
             Detail{"T22", "", "deadline_reached", "", all_clocks, "", ""},
             Detail{"T28a", "national_contact", "", "answer", "", "", ""},
         }) {
        CAPTURE(want.id);
        auto const& row = row_of(want.id);
        CHECK(row.roles == words(want.roles));
        CHECK(row.guards == words(want.guards));
        CHECK(row.starts == words(want.starts));
        CHECK(row.stops == words(want.stops));
        CHECK(row.pauses == words(want.pauses));
        CHECK(row.resumes == words(want.resumes));
    }
    CHECK(row_of("T16a").two_person == "discloses_purchaser_or_stock");
    for (auto const* id : {"T14b", "T15b", "T16b"}) {
        CHECK(row_of(id).two_person == "always");
        CHECK(row_of(id).fresh_authentication);
    }
    CHECK(row_of("T12").reason_list == "delay_reason");
    CHECK(row_of("T13b").reason_list == "refusal_reason");
    CHECK(row_of("T19a").reason_list == "refusal_reason");
    CHECK(row_of("T17a").reason_list == "restriction_reason");
}

TEST_CASE("clocks that belong to a state start on entry and stop on leaving") {
    auto const environment = permissive();
    auto const go = [&](std::string const& object,
                        std::string const& state,
                        std::string const& event,
                        Side side,
                        std::string const& derived = "") {
        auto act = full_act(object, event);
        act.derived_state = derived;
        return decide(trace_type(), standing_of(state), act, actor_on(side), environment).value();
    };
    auto const derived = go("request", "IN_PROGRESS", "derive", Side::system, "ANSWERED");
    CHECK(derived.starts.contains("auto_close"));
    CHECK(go("request", "ANSWERED", "add_leg", Side::requester, "PARTIALLY_ANSWERED")
              .stops.contains("auto_close"));
    CHECK(!go("request", "ANSWERED", "derive", Side::system, "ANSWERED")
               .starts.contains("auto_close"));
    CHECK(go("leg", "ROUTED", "receipt", Side::receiver).stops.contains("delivery"));
    CHECK(go("leg", "SEARCHING", "ask", Side::receiver).starts.contains("clarification"));
    CHECK(go("leg", "CLARIFICATION_REQUESTED", "reply", Side::requester)
              .stops.contains("clarification"));
    CHECK(go("leg", "SEARCHING", "delay", Side::receiver).starts.contains("delay_review"));
}

TEST_CASE("an escalated leg allows what its prior state allows and returns to that flow") {
    auto const environment = permissive();
    for (auto const& [prior, event, to] : {std::tuple{"DELIVERED", "acknowledge", "ACKNOWLEDGED"},
                                           std::tuple{"ACKNOWLEDGED", "assign", "SEARCHING"},
                                           std::tuple{"SEARCHING", "answer", "ANSWERED_FULL"},
                                           std::tuple{"DELIVERED", "take_up", "DELIVERED"},
                                           std::tuple{"ACKNOWLEDGED", "take_up", "ACKNOWLEDGED"}}) {
        CAPTURE(prior);
        CAPTURE(event);
        auto const raised = decide(trace_type(),
                                   standing_of(prior),
                                   full_act("leg", "escalate"),
                                   actor_on(Side::system),
                                   environment)
                                .value();
        CHECK(raised.to.state == "ESCALATED");
        CHECK(raised.to.resume_state == prior);
        CHECK(!decide(trace_type(),
                      raised.to,
                      full_act("leg", "escalate"),
                      actor_on(Side::system),
                      environment));
        auto const next = decide(trace_type(),
                                 raised.to,
                                 full_act("leg", event),
                                 actor_on(Side::receiver),
                                 environment)
                              .value();
        CHECK(next.to.state == to);
        CHECK(next.to.resume_state.empty());
    }
    CHECK(!decide(trace_type(),
                  Standing{.state = "ESCALATED", .resume_state = "DELIVERED", .flags = {}},
                  full_act("leg", "answer"),
                  actor_on(Side::receiver),
                  environment));
}

TEST_CASE("state is the fold of events: replaying the record of any walk gives the same standing") {
    auto const environment = permissive();
    std::uint32_t seed = 20260514;
    auto const draw = [&](std::size_t below) {
        seed = seed * 1664525U + 1013904223U;
        return static_cast<std::size_t>(seed >> 8U) % below;
    };
    for (std::string const object : {"request", "leg"}) {
        for (int walk = 0; walk < 60; ++walk) {
            struct Recorded {
                std::string event;
                Side side;
                std::string derived;
                std::string to;
            };
            std::vector<Recorded> record;
            Standing now;
            for (int step = 0; step < 40; ++step) {
                auto const events = events_possible(trace_type(), object, now);
                REQUIRE(!events.empty());
                auto act = full_act(object, events[draw(events.size())]);
                auto const states = words(kRunning);
                act.derived_state = states[draw(states.size())];
                auto const side = std::array{
                    Side::requester, Side::receiver, Side::originator, Side::system}[draw(4)];
                auto const made = decide(trace_type(), now, act, actor_on(side), environment);
                if (made) {
                    CHECK(made->from == now.state);
                    record.push_back({act.event, side, act.derived_state, made->to.state});
                    now = made->to;
                }
            }
            Standing folded;
            for (auto const& r : record) {
                auto act = full_act(object, r.event);
                act.derived_state = r.derived;
                auto const made = decide(trace_type(), folded, act, actor_on(r.side), environment);
                REQUIRE(made.has_value());
                CHECK(made->to.state == r.to);
                folded = made->to;
            }
            CHECK(folded == now);
            auto const* state = trace_type().find_object(object)->find_state(folded.state);
            CHECK((folded.state.empty() ||
                   state->keeps_resume_state == !folded.resume_state.empty()));
        }
    }
}

TEST_CASE("open legs of the definition are those that the derivation counts as open") {
    for (auto const& state : trace_type().find_object("leg")->states) {
        CAPTURE(state.name);
        CHECK(state.open == leg_is_open(state.name));
        CHECK(state.open != state.final);
    }
}

TEST_CASE("every guard that is registered is used, so that none guards nothing") {
    std::set<std::string> used;
    for (auto const& t : trace_type().transitions) {
        used.insert(t.guards.begin(), t.guards.end());
        used.insert(t.two_person);
    }
    for (auto const& guard : trace_guards()) {
        CAPTURE(guard.name);
        CHECK(used.contains(std::string(guard.name)));
    }
}

TEST_CASE("every guard can be told in every language") {
    for (auto language : protocol::all_languages()) {
        for (auto const& guard : trace_guards()) {
            CAPTURE(guard.name);
            CHECK(protocol::catalog_text(language, "violation.guard." + std::string(guard.name)));
        }
    }
}

TEST_CASE("the fields of a content are those of the definition, and those required are enough") {
    TraceRequestContent full;
    std::set<std::string> wanted;
    for (auto const& field : trace_type().find_object("request")->fields) {
        wanted.insert(field.name);
    }
    wanted.erase("attachments");  // kept beside the content
    for (auto* text : {&full.urgent_justification,
                       &full.legal_basis,
                       &full.agreement,
                       &full.intended_use,
                       &full.restrictions_asked,
                       &full.offence_code,
                       &full.project_code,
                       &full.special_instructions,
                       &full.agency_case_no,
                       &full.requester_name,
                       &full.badge_no,
                       &full.unit,
                       &full.contact,
                       &full.firearm.serial_raw,
                       &full.firearm.make_id,
                       &full.firearm.make_text,
                       &full.firearm.calibre_id,
                       &full.firearm.calibre_text,
                       &full.firearm.model_text,
                       &full.firearm.origin_country,
                       &full.firearm.importer_text,
                       &full.firearm.import_country,
                       &full.recovery.country,
                       &full.recovery.area,
                       &full.recovery.place,
                       &full.recovery.circumstances}) {
        *text = "x";
    }
    full.urgent_ground = UrgentGround::terrorism;
    full.illicit_ground = IllicitGround::unmarked;
    full.requested_groups = {"G6"};
    full.firearm.serial_condition = SerialCondition::clear;
    full.firearm.type_code = TypeCode{};
    full.firearm.obliteration = Obliteration{};
    full.firearm.marks = {Mark{}};
    full.recovery.recovered_on =
        Date{std::chrono::year{2026}, std::chrono::May, std::chrono::day{1}};
    full.recovery.crime_gun = true;
    full.persons.resize(2);
    full.persons[1].role = PersonRole::associate;
    full.vehicle = Vehicle{};
    auto const present = present_fields(full);
    CHECK(std::set<std::string>(present.begin(), present.end()) == wanted);

    TraceFacts facts;
    facts.serial_given = true;
    Act act{.object = "request",
            .event = "submit",
            .inputs = present_fields({}),
            .reason_code = {},
            .derived_state = {},
            .first_person = {}};
    auto const submit = [&] {
        return decide(trace_type(),
                      {.state = "DRAFT", .resume_state = {}, .flags = {}},
                      act,
                      actor_on(Side::requester),
                      trace_environment(facts));
    };
    auto const refused = submit();
    REQUIRE(refused.has_error());
    REQUIRE(refused.error().violations().size() == 1);
    CHECK(refused.error().violations()[0].pointer == "/legal_basis");
    act.inputs = present;
    CHECK(submit().value().to.state == "NATIONAL_REVIEW");
    facts.serial_given = false;
    CHECK(submit().error().code() == ProblemCode::guard_not_met);
}
