// The declared case types: every state x event of every object, the rows of
// domain/linked-cases.md 4.11 against an independent table, and what a definition is refused for.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cases/lifecycle.hpp"
#include "cases/linked/guards.hpp"
#include "cases/linked/known_names.hpp"
#include "cases/linked/signals.hpp"
#include "cases/trace/code_lists.hpp"
#include "protocol/case_type_json.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

using Words = std::set<std::string, std::less<>>;

CaseTypeRegistry const& registry() {
    static CaseTypeRegistry const all = protocol::built_in_case_types();
    return all;
}

std::vector<CaseTypeDefinition const*> linked_types() {
    auto all = registry().all();
    std::erase_if(all, [](auto const* type) { return !is_declared_case(type->id); });
    return all;
}

Words words(std::string_view text) {
    std::istringstream in{std::string(text)};
    Words found;
    for (std::string word; in >> word;) {
        found.insert(word);
    }
    return found;
}

Environment permissive() {
    return {.guard =
                [](std::string_view) {
                    return GuardVerdict{true, ""};
                },
            .in_list = [](std::string_view, std::string_view) { return true; }};
}

ActorFacts actor_with(Words roles, std::set<Side> sides) {
    ActorFacts actor;
    actor.principal = "second";
    actor.roles = std::move(roles);
    actor.sides = std::move(sides);
    return actor;
}

ActorFacts anybody() {
    Words roles;
    for (auto role : all_roles()) {
        roles.emplace(to_text(role));
    }
    return actor_with(std::move(roles), {Side::requester, Side::receiver});
}

Act full_act(CaseTypeDefinition const& type, std::string const& object, std::string const& event) {
    Act act{.object = object, .event = event, .first_person = "first"};
    for (auto const& field : type.find_object(object)->fields) {
        act.inputs.insert(field.name);
    }
    act.inputs.insert({"reason", "document"});
    return act;
}

Words events_of(CaseTypeDefinition const& type, std::string_view object) {
    Words events;
    for (auto const& row : type.transitions) {
        if (row.object == object) {
            events.insert(row.event);
        }
    }
    return events;
}

std::string file_text(std::string const& path) {
    std::ifstream in(std::string(RASTRO_SOURCE_DIR) + "/" + path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    auto const at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("all declared types are there, with the trace request on the same engine") {
    Words ids;
    for (auto const* type : registry().all()) {
        ids.insert(type->id);
    }
    CHECK(
        ids ==
        words(
            "trace_request illicit_record tip_case som_case specialised_unit asset_case substance "
            "substance_detection ews_alert control_measure precursor_notice "
            "health_measure corruption_case obligation trade_case coop_request judgment "
            "national_strategy partnership good_practice measure_progress operation"));
}

TEST_CASE(
    "every state x event: what has a row is done, what has none is refused and changes nothing") {
    int decided = 0;
    for (auto const* type : linked_types()) {
        for (auto const& object : type->objects) {
            auto const events = events_of(*type, object.name);
            for (auto const& state : object.states) {
                Standing const standing{
                    .state = state.name,
                    .resume_state = state.keeps_resume_state ? object.initial : "",
                    .flags = {}};
                for (auto const& event : events) {
                    CAPTURE(type->id);
                    CAPTURE(object.name);
                    CAPTURE(state.name);
                    CAPTURE(event);
                    auto const row = std::ranges::find_if(type->transitions, [&](auto const& t) {
                        auto const from = [&](std::string const& s) {
                            return std::ranges::find(t.from, s) != t.from.end();
                        };
                        return t.object == object.name && t.event == event &&
                               (from(state.name) ||
                                (!standing.resume_state.empty() && t.to != state.name &&
                                 from(standing.resume_state)));
                    });
                    auto const made = decide(*type,
                                             standing,
                                             full_act(*type, object.name, event),
                                             anybody(),
                                             permissive());
                    if (row == type->transitions.end()) {
                        REQUIRE_FALSE(made.has_value());
                        CHECK(made.error().code() == ProblemCode::transition_not_allowed);
                    } else {
                        REQUIRE(made.has_value());
                        auto const same = row->to == "same" || row->to == "resume";
                        CHECK((same || made->to.state == row->to));
                        CHECK(object.find_state(made->to.state) != nullptr);
                        ++decided;
                    }
                }
            }
        }
    }
    CHECK(decided > 500);
}

namespace {

// domain/linked-cases.md 4.11, typed anew: who may take the step from one state to the other.
struct Row {
    char const* type;
    char const* object;
    char const* from;
    char const* event;
    char const* to;
    char const* who;
    bool two_persons;
    bool reason;
};
Row const kRows[] = {
    {"tip_case", "case", "FLAGGED", "screen", "SCREENING", "investigator", false, false},
    {"tip_case",
     "case",
     "SCREENING",
     "find_no_indication",
     "NOT_INDICATED",
     "unit_lead victim_advocate",
     true,
     true},
    {"tip_case",
     "case",
     "SCREENING",
     "presume",
     "PRESUMED_VICTIM",
     "victim_advocate unit_lead",
     false,
     false},
    {"tip_case",
     "case",
     "PRESUMED_VICTIM",
     "begin_reflection",
     "REFLECTION",
     "victim_advocate",
     false,
     false},
    {"tip_case", "case", "REFLECTION", "cooperate", "COOPERATING", "victim_advocate", false, false},
    {"tip_case",
     "case",
     "REFLECTION",
     "support_only",
     "NOT_COOPERATING_SUPPORTED",
     "victim_advocate",
     false,
     false},
    {"tip_case", "referral", "STARTED", "complete", "COMPLETED", "victim_advocate", false, false},
    {"tip_case", "case", "COOPERATING", "investigate", "INVESTIGATION", "prosecutor", false, false},
    {"tip_case",
     "case",
     "PROSECUTION",
     "judge",
     "JUDGMENT",
     "prosecutor court_liaison",
     false,
     false},
    {"tip_case",
     "case",
     "JUDGMENT",
     "close",
     "CLOSED",
     "victim_advocate agency_supervisor",
     true,
     true},
    {"asset_case", "asset", "IDENTIFIED", "trace", "TRACED", "asset_tracer", false, false},
    {"asset_case", "asset", "TRACED", "freeze", "FROZEN", "prosecutor court_liaison", false, false},
    {"asset_case", "asset", "TRACED", "seize", "SEIZED", "prosecutor court_liaison", false, false},
    {"asset_case", "asset", "SEIZED", "manage", "UNDER_MANAGEMENT", "asset_manager", false, false},
    {"asset_case",
     "asset",
     "UNDER_MANAGEMENT",
     "interim_sell",
     "INTERIM_SOLD",
     "asset_manager prosecutor",
     true,
     false},
    {"asset_case",
     "asset",
     "SEIZED",
     "order_forfeiture",
     "FORFEITURE_ORDERED",
     "court_liaison",
     false,
     false},
    {"asset_case",
     "asset",
     "FORFEITURE_ORDERED",
     "finalise",
     "FORFEITED_FINAL",
     "court_liaison",
     false,
     false},
    {"asset_case",
     "asset",
     "FORFEITED_FINAL",
     "return_to_victim",
     "RETURNED_VICTIM",
     "asset_manager agency_supervisor",
     true,
     false},
    {"asset_case",
     "asset",
     "FROZEN",
     "release",
     "RELEASED",
     "prosecutor court_liaison",
     true,
     true},
    {"substance_detection", "case", "IN_LAB", "confirm", "CONFIRMED", "lab_user", false, false},
    {"substance_detection", "case", "CONFIRMED", "triage", "TRIAGED", "ews_focal", false, false},
    {"ews_alert", "case", "DRAFT", "clear", "CLEARED", "ews_focal health_authority", false, false},
    {"ews_alert", "case", "CLEARED", "issue", "ISSUED", "ews_focal", false, false},
    {"ews_alert", "case", "ISSUED", "retract", "RETRACTED", "ews_focal", false, true},
    {"control_measure",
     "case",
     "APPROVED",
     "enter_into_force",
     "IN_FORCE",
     "national_contact health_authority",
     false,
     false},
    {"precursor_notice",
     "case",
     "WITH_IMPORTER",
     "reply",
     "REPLIED",
     "precursor_authority",
     false,
     false},
    {"corruption_case", "case", "RECEIVED", "assess", "ASSESSED", "integrity_officer", false, true},
    {"corruption_case",
     "case",
     "PRELIMINARY",
     "investigate",
     "INVESTIGATION",
     "agency_supervisor",
     false,
     false},
    {"corruption_case",
     "case",
     "INVESTIGATION",
     "bring_to_charge",
     "CHARGING_DECISION",
     "prosecutor",
     false,
     false},
    {"corruption_case",
     "case",
     "CHARGING_DECISION",
     "decline_charge",
     "CLOSED",
     "prosecutor",
     true,
     true},
    {"trade_case", "case", "TRIAGE", "explain", "EXPLAINED", "customs_analyst", false, true},
    {"trade_case",
     "case",
     "TRIAGE",
     "audit",
     "AUDIT",
     "customs_analyst agency_supervisor",
     false,
     false},
    {"trade_case", "case", "AUDIT", "refer", "CRIMINAL_REFERRAL", "agency_supervisor", false, true},
    {"coop_request",
     "case",
     "CENTRAL_REVIEW",
     "transmit",
     "TRANSMITTED",
     "central_authority",
     false,
     false},
    {"coop_request", "case", "EXECUTING", "refuse", "REFUSED", "central_authority", true, true},
    {"coop_request",
     "case",
     "EXECUTING",
     "postpone",
     "POSTPONED",
     "central_authority",
     false,
     true},
    {"judgment", "finding", "GUILTY", "sentence", "SENTENCED", "court_liaison", false, false},
    {"judgment", "finding", "SENTENCED", "finalise", "FINAL", "court_liaison", false, false},
    {"judgment", "case", "COMPLETE", "verify", "VERIFIED", "statistician", false, false},
    {"partnership", "case", "PROPOSED", "vet", "VETTED", "national_contact", false, false},
    {"good_practice",
     "case",
     "DRAFT",
     "clear",
     "NATIONALLY_CLEARED",
     "national_contact",
     false,
     false},
    {"measure_progress",
     "case",
     "DRAFTED",
     "clear",
     "NATIONALLY_CLEARED",
     "national_contact",
     false,
     false},
    {"measure_progress", "case", "SUBMITTED", "present", "PRESENTED", "secretariat", false, false},
};

}  // namespace

TEST_CASE("the steps of the specification, who may take them, and with whom") {
    for (auto const& want : kRows) {
        CAPTURE(std::string(want.type));
        CAPTURE(std::string(want.event));
        auto const* type = registry().newest(want.type);
        REQUIRE(type != nullptr);
        Standing const standing{.state = want.from};
        auto act = full_act(*type, want.object, want.event);
        auto const allowed = words(want.who);
        for (auto role : all_roles()) {
            CAPTURE(to_text(role));
            std::string const name(to_text(role));
            auto const made = decide(*type,
                                     standing,
                                     act,
                                     actor_with({name}, {Side::requester, Side::receiver}),
                                     permissive());
            if (allowed.contains(name)) {
                REQUIRE(made.has_value());
                CHECK(made->to.state == want.to);
            } else {
                REQUIRE_FALSE(made.has_value());
                CHECK(made.error().code() == ProblemCode::forbidden);
            }
        }
        auto const stranger = decide(*type, standing, act, actor_with(allowed, {}), permissive());
        CHECK_FALSE(stranger.has_value());

        auto alone = act;
        alone.first_person.clear();
        auto const by_one = decide(*type,
                                   standing,
                                   alone,
                                   actor_with(allowed, {Side::requester, Side::receiver}),
                                   permissive());
        CHECK(by_one.has_value() != want.two_persons);
        if (!by_one) {
            CHECK(by_one.error().code() == ProblemCode::two_persons_required);
        }
        auto silent = act;
        silent.inputs.erase("reason");
        CHECK(decide(*type,
                     standing,
                     silent,
                     actor_with(allowed, {Side::requester, Side::receiver}),
                     permissive())
                  .has_value() != want.reason);
    }
}

TEST_CASE("every guard that is registered is used by a definition, so that none guards nothing") {
    Words used;
    for (auto const* type : linked_types()) {
        for (auto const& row : type->transitions) {
            for (auto const& guard : row.guards) {
                used.insert(guard.substr(0, guard.find(':')));
            }
        }
    }
    for (auto const& guard : linked_guards()) {
        CAPTURE(guard.name);
        CHECK(used.contains(guard.name));
    }
}

TEST_CASE("the identity of victims, of who reported and of undercover work is sealed") {
    struct Sealed {
        char const* type;
        char const* object;
        char const* fields;
    };
    for (auto const& want :
         {Sealed{"tip_case",
                 "victim",
                 "name birth_date document_no photo_ref address contact safe_contact_rule"},
          Sealed{"som_case", "migrant", "name document_no contact"},
          Sealed{"tip_case", "referral", "provider_address"},
          Sealed{"corruption_case",
                 "case",
                 "reporting_person reporting_person_protection undercover_details"},
          Sealed{"coop_request", "case", "undercover_details"},
          Sealed{"substance_detection", "case", "tox_case"}}) {
        for (auto const& name : words(want.fields)) {
            CAPTURE(std::string(want.type));
            CAPTURE(name);
            auto const* field =
                registry().newest(want.type)->find_object(want.object)->find_field(name);
            REQUIRE(field != nullptr);
            CHECK(field->group == "S4");
        }
    }
}

TEST_CASE("a faulty definition is refused with the place and the reason") {
    auto const text = file_text("cases/types/asset_case.json");
    struct Fault {
        char const* what;
        char const* by;
        char const* path;
        char const* message;
    };
    for (auto const& fault : {
             Fault{R"("roles": ["asset_tracer", "prosecutor"])",
                   R"("roles": ["wizard"])",
                   "roles/0",
                   "unknown role 'wizard'"},
             Fault{R"("guards": ["recent:value_date=30"])",
                   R"("guards": ["lucky"])",
                   "guards/0",
                   "unknown guard 'lucky'"},
             Fault{R"("validators": ["asset_identifier"])",
                   R"("validators": ["colour"])",
                   "validators/0",
                   "unknown validator 'colour'"},
             Fault{R"("index": "blind_code")",
                   R"("index": "plain")",
                   "index",
                   "unknown index 'plain'"},
             Fault{R"("list": "asset_class")",
                   R"("list": "nothing")",
                   "list",
                   "unknown list 'nothing'"},
             Fault{R"("type": "money")", R"("type": "gold")", "type", "unknown field type 'gold'"},
             Fault{R"("heading": ["predicate_offence"])",
                   R"("heading": ["cash"])",
                   "/heading/0",
                   "the root object has no field 'cash'"},
             Fault{R"("signals": ["asset.order_lapse")",
                   R"("signals": ["asset.magic")",
                   "/signals/0",
                   "unknown signal 'asset.magic'"},
             Fault{R"(, "document": "court_order")",
                   "",
                   "document",
                   "has legal effect: name the document"},
             Fault{R"("to": "TRACED")",
                   R"("to": "FROZEN")",
                   "states/1",
                   "state 'TRACED' cannot be reached"},
             Fault{R"("group": "S2")", R"("group": "S9")", "group", "unknown field group 'S9'"},
             Fault{R"({"name": "asset.revalue", "object": "asset"})",
                   R"({"name": "asset.never", "object": "asset"})",
                   "/clocks",
                   "unknown clock 'asset.never'"},
         }) {
        CAPTURE(std::string(fault.by));
        auto changed = text;
        if (*fault.by == 0) {
            for (auto at = changed.find(fault.what); at != std::string::npos;
                 at = changed.find(fault.what)) {
                changed.erase(at, std::string_view(fault.what).size());
            }
        } else {
            changed = replaced(text, fault.what, fault.by);
        }
        auto const read = protocol::read_case_type(changed);
        REQUIRE(read.has_value());
        auto const faults = check_definition(read.value(), linked_known_names());
        bool const told = std::ranges::any_of(faults, [&](DefinitionFault const& f) {
            return f.path.find(fault.path) != std::string::npos &&
                   f.message.find(fault.message) != std::string::npos;
        });
        CHECK(told);
    }
    auto const tip =
        protocol::read_case_type(replaced(file_text("cases/types/corruption_case.json"),
                                          R"("heading": ["offences")",
                                          R"("heading": ["reporting_person")"));
    REQUIRE(tip.has_value());
    auto const faults = check_definition(tip.value(), linked_known_names());
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].path == "/heading/0");
    CHECK(faults[0].message.find("cannot stand in a heading") != std::string::npos);
}

TEST_CASE("every step of a declared type, and every rule of the catalogue, has a name for people") {
    auto const is_named = [](std::string_view list, std::string_view code) {
        auto const* names = find_code_list(list);
        return names != nullptr && std::ranges::any_of(*names, [&](CodeName const& name) {
                   return name.code == code && !name.en.empty() && !name.es.empty() &&
                          !name.pt.empty() && !name.fr.empty();
               });
    };
    for (auto const* type : linked_types()) {
        for (auto const& transition : type->transitions) {
            CAPTURE(transition.event);
            CHECK(is_named("case_event", transition.event));
        }
    }
    for (auto const& rule : signal_rules()) {
        CAPTURE(rule.key);
        CHECK(is_named("signal_rule", rule.key));
    }
}
