// The engine on a small case type of its own: which obstacle is told, and what a sound definition
// is.
#include "cases/lifecycle.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "cases/registry.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

Label label(std::string const& text) {
    return {text, text, text, text};
}

// A note is written, checked by a second person, and kept; the clock "check" runs while it waits.
CaseTypeDefinition note_type() {
    CaseTypeDefinition type;
    type.id = "note";
    type.version = 1;
    type.title = label("Note");
    ObjectDefinition note;
    note.name = "note";
    note.label = label("Note");
    note.initial = "DRAFT";
    note.flags = {"MARKED"};
    note.states = {
        {.name = "DRAFT", .label = label("d"), .open = true},
        {.name = "WAITING", .label = label("w"), .open = true, .runs = {"check"}},
        {.name = "RAISED", .label = label("r"), .open = true, .keeps_resume_state = true},
        {.name = "KEPT", .label = label("k"), .final = true}};
    note.fields = {{.name = "body.text",
                    .type = "text",
                    .group = "S1",
                    .required_at = {"send"},
                    .label = label("Text")},
                   {.name = "kind",
                    .type = "code",
                    .list = "kinds",
                    .group = "S0",
                    .required_at = {},
                    .label = label("Kind")}};
    type.objects = {note};
    auto const row = [](std::string id,
                        std::vector<std::string> from,
                        std::string event,
                        std::string to,
                        Side side,
                        std::vector<std::string> roles) {
        TransitionDefinition t;
        t.id = std::move(id);
        t.object = "note";
        t.from = std::move(from);
        t.event = std::move(event);
        t.to = std::move(to);
        t.side = side;
        t.roles = std::move(roles);
        return t;
    };
    type.transitions = {row("N0", {}, "write", "DRAFT", Side::requester, {"writer"}),
                        row("N1", {"DRAFT"}, "send", "WAITING", Side::requester, {"writer"}),
                        row("N2", {"WAITING"}, "keep", "KEPT", Side::receiver, {"checker"}),
                        row("N3", {"WAITING"}, "raise", "RAISED", Side::system, {}),
                        row("N4", {"RAISED"}, "lower", "resume", Side::receiver, {"checker"}),
                        row("N5", {"WAITING", "KEPT"}, "unmark", "same", Side::any, {"checker"})};
    type.transitions[2].guards = {"complete", "signed:twice"};
    type.transitions[2].reason_list = "kinds";
    type.transitions[2].required_inputs = {"seal"};
    type.transitions[2].two_person = "heavy";
    type.transitions[2].fresh_authentication = true;
    type.transitions[2].effects = {"tell"};
    type.transitions[5].needs_flags = {"MARKED"};
    type.transitions[5].clears_flags = {"MARKED"};
    type.clocks = {{.name = "check", .object = "note", .on_due = "raise"}};
    return type;
}

KnownNames known_names() {
    KnownNames known;
    known.roles = {"writer", "checker"};
    known.guards = {"complete", "signed", "heavy"};
    known.lists = {"kinds"};
    known.effects = {"tell"};
    known.clocks = {"check"};
    known.field_groups = {"S0", "S1"};
    known.field_types = {"text", "code"};
    return known;
}

struct World {
    std::set<std::string, std::less<>> unmet;
    ActorFacts actor{.principal = "u2",
                     .roles = {"checker"},
                     .sides = {Side::receiver},
                     .is_system = false,
                     .authentication_age = std::chrono::minutes{1}};
    Act act{.object = "note",
            .event = "keep",
            .inputs = {"seal"},
            .reason_code = "fine",
            .derived_state = {},
            .first_person = "u1"};
    Standing standing{.state = "WAITING", .resume_state = {}, .flags = {}};

    Outcome<Transition> run() {
        static CaseTypeDefinition const type = note_type();
        Environment const environment{
            .guard =
                [this](std::string_view name) {
                    return GuardVerdict{!unmet.contains(name), std::string(name) + " is missing"};
                },
            .in_list = [](std::string_view list,
                          std::string_view code) { return list == "kinds" && code == "fine"; }};
        return decide(type, standing, act, actor, environment);
    }
    ProblemCode code() {
        auto const made = run();
        return made ? ProblemCode::none : made.error().code();
    }
};

}  // namespace

TEST_CASE("the right person in the right state with everything in hand moves the object") {
    World world;
    auto const made = world.run().value();
    CHECK(made.id == "N2");
    CHECK(made.from == "WAITING");
    CHECK(made.to.state == "KEPT");
    CHECK(made.stops == std::set<std::string, std::less<>>{"check"});
    CHECK(made.effects == std::vector<std::string>{"tell"});
}

TEST_CASE("each obstacle has its own problem, the nearest first") {
    World world;
    world.actor.authentication_age = std::chrono::minutes{6};
    CHECK(world.code() == ProblemCode::step_up_required);
    world.act.first_person = "u2";
    CHECK(world.code() == ProblemCode::two_persons_required);
    world.act.first_person = "";
    CHECK(world.code() == ProblemCode::two_persons_required);
    world.unmet = {"complete", "signed:twice"};
    auto const guarded = world.run();
    CHECK(guarded.error().code() == ProblemCode::guard_not_met);
    CHECK(guarded.error().violations().size() == 2);
    CHECK(guarded.error().violations()[1].code == "guard.signed");
    CHECK(guarded.error().detail() == "complete is missing; signed:twice is missing");
    world.act.inputs.clear();
    world.act.reason_code = "odd";
    auto const incomplete = world.run();
    CHECK(incomplete.error().code() == ProblemCode::validation_failed);
    REQUIRE(incomplete.error().violations().size() == 2);
    CHECK(incomplete.error().violations()[0].pointer == "/seal");
    CHECK(incomplete.error().violations()[1].code == "not_in_list");
    world.actor.roles = {"writer"};
    CHECK(world.code() == ProblemCode::forbidden);
    world.actor.roles = {"checker"};
    world.actor.sides = {Side::requester};
    CHECK(world.code() == ProblemCode::forbidden);
    world.standing.state = "KEPT";
    auto const late = world.run();
    CHECK(late.error().code() == ProblemCode::transition_not_allowed);
    CHECK(late.error().detail() == "'keep' is not possible in KEPT; possible: unmark");
}

TEST_CASE("two persons are asked for only under the condition that the row names") {
    World world;
    world.act.first_person = "";
    world.unmet = {"heavy"};
    CHECK(world.code() == ProblemCode::none);
}

TEST_CASE("fields required at an event are asked for with their place") {
    World world;
    world.standing.state = "DRAFT";
    world.act.event = "send";
    world.actor.roles = {"writer"};
    world.actor.sides = {Side::requester};
    auto const made = world.run();
    REQUIRE(made.has_error());
    REQUIRE(made.error().violations().size() == 1);
    CHECK(made.error().violations()[0].pointer == "/body/text");
    world.act.inputs = {"body.text"};
    CHECK(world.run().value().starts.contains("check"));
}

TEST_CASE("flags open an event and go with it; a stranger has no part in 'any'") {
    World world;
    world.act.event = "unmark";
    CHECK(world.code() == ProblemCode::transition_not_allowed);
    world.standing.flags = {"MARKED"};
    auto const made = world.run().value();
    CHECK(made.to.flags.empty());
    CHECK(!made.changes_state());
    world.actor.sides.clear();
    CHECK(world.code() == ProblemCode::forbidden);
}

TEST_CASE("the system does only what is the system's, and nobody else does that") {
    World world;
    world.actor = {.principal = "timer",
                   .roles = {"checker"},
                   .sides = {Side::receiver},
                   .is_system = true,
                   .authentication_age = {}};
    CHECK(world.code() == ProblemCode::forbidden);
    world.act.event = "raise";
    auto const raised = world.run().value();
    CHECK(raised.to.resume_state == "WAITING");
    CHECK(raised.stops.contains("check"));
    world.actor.is_system = false;
    CHECK(world.code() == ProblemCode::forbidden);
}

TEST_CASE("an object comes into being only through a row without 'from'") {
    World world;
    world.standing.state.clear();
    CHECK(world.code() == ProblemCode::transition_not_allowed);
    world.act.event = "write";
    world.actor.roles = {"writer"};
    world.actor.sides = {Side::requester};
    CHECK(world.run().value().to.state == "DRAFT");
    world.standing.state = "DRAFT";
    CHECK(world.code() == ProblemCode::transition_not_allowed);
    CHECK(events_possible(note_type(), "note", world.standing) == std::vector<std::string>{"send"});
    CHECK(events_open_to(note_type(), "note", world.standing, world.actor).size() == 1);
    world.actor.roles = {"checker"};
    CHECK(events_open_to(note_type(), "note", world.standing, world.actor).empty());
}

TEST_CASE(
    "a definition that uses an unknown name or leaves a state dangling is refused with the place") {
    struct Row {
        char const* path;
        std::function<void(CaseTypeDefinition&)> spoil;
    };
    auto const known = known_names();
    CHECK(check_definition(note_type(), known).empty());
    for (auto const& row : {
             Row{"/transitions/1/roles/0", [](auto& t) { t.transitions[1].roles = {"king"}; }},
             Row{"/transitions/2/guards/1",
                 [](auto& t) { t.transitions[2].guards[1] = "sealed:twice"; }},
             Row{"/transitions/2/two_person", [](auto& t) { t.transitions[2].two_person = "big"; }},
             Row{"/transitions/2/reason_list", [](auto& t) { t.transitions[2].reason_list = "x"; }},
             Row{"/transitions/2/effects/0", [](auto& t) { t.transitions[2].effects = {"x"}; }},
             Row{"/transitions/2/hints/0", [](auto& t) { t.transitions[2].hints = {"x"}; }},
             Row{"/transitions/1/starts/0", [](auto& t) { t.transitions[1].starts = {"x"}; }},
             Row{"/transitions/1/sets_flags/0",
                 [](auto& t) { t.transitions[1].sets_flags = {"x"}; }},
             Row{"/transitions/1/from/0", [](auto& t) { t.transitions[1].from[0] = "DRAFTY"; }},
             Row{"/transitions/1/to", [](auto& t) { t.transitions[1].to = "AWAY"; }},
             Row{"/transitions/1/object", [](auto& t) { t.transitions[1].object = "x"; }},
             Row{"/transitions/3/id", [](auto& t) { t.transitions[3].id = "N1"; }},
             Row{"/transitions/3/roles", [](auto& t) { t.transitions[3].roles = {"checker"}; }},
             Row{"/transitions/5/roles", [](auto& t) { t.transitions[5].roles.clear(); }},
             Row{"/transitions/0/to", [](auto& t) { t.transitions[0].to = "KEPT"; }},
             Row{"/transitions/1/may_become",
                 [](auto& t) { t.transitions[1].may_become = {"KEPT"}; }},
             Row{"/transitions/1/to", [](auto& t) { t.transitions[1].to = "resume"; }},
             Row{"/objects/0/states/2",
                 [](auto& t) { t.transitions.erase(t.transitions.begin() + 4); }},
             Row{"/objects/0/states/3",
                 [](auto& t) { t.transitions.erase(t.transitions.begin() + 2); }},
             Row{"/objects/0/states/1/runs/0",
                 [](auto& t) { t.objects[0].states[1].runs = {"x"}; }},
             Row{"/objects/0/initial", [](auto& t) { t.objects[0].initial = "x"; }},
             Row{"/objects/0/parent", [](auto& t) { t.objects[0].parent = "note"; }},
             Row{"/objects/0/fields/1/list", [](auto& t) { t.objects[0].fields[1].list = "x"; }},
             Row{"/objects/0/fields/0/group", [](auto& t) { t.objects[0].fields[0].group = "S9"; }},
             Row{"/objects/0/fields/0/required_at/0",
                 [](auto& t) { t.objects[0].fields[0].required_at = {"x"}; }},
             Row{"/objects/0/fields/1", [](auto& t) { t.objects[0].fields[1].name = "body.text"; }},
             Row{"/objects/0/states/0/label",
                 [](auto& t) { t.objects[0].states[0].label.fr = ""; }},
             Row{"/clocks/0/on_due", [](auto& t) { t.clocks[0].on_due = "keep"; }},
             Row{"/clocks/0/name", [](auto& t) { t.clocks[0].name = "x"; }},
             Row{"/title", [](auto& t) { t.title.pt = ""; }},
         }) {
        CAPTURE(row.path);
        auto type = note_type();
        row.spoil(type);
        auto const faults = check_definition(type, known);
        CHECK(std::ranges::any_of(faults, [&](auto const& f) { return f.path == row.path; }));
    }
}

TEST_CASE("the registry keeps every version, once, and refuses what is not sound") {
    CaseTypeRegistry registry;
    auto const known = known_names();
    REQUIRE(registry.add(note_type(), known).has_value());
    auto second = note_type();
    second.version = 2;
    REQUIRE(registry.add(second, known).has_value());
    CHECK(registry.find("note", 1)->version == 1);
    CHECK(registry.newest("note")->version == 2);
    CHECK(registry.newest("other") == nullptr);
    CHECK(registry.all().size() == 2);
    CHECK(registry.add(note_type(), known).error().code() == ProblemCode::duplicate);
    auto broken = note_type();
    broken.version = 3;
    broken.transitions[1].roles = {"king"};
    auto const refused = registry.add(broken, known);
    REQUIRE(refused.has_error());
    CHECK(refused.error().violations()[0].pointer == "/transitions/1/roles/0");
    CHECK(refused.error().violations()[0].params[0] == "unknown role 'king'");
    CHECK(registry.find("note", 3) == nullptr);
}
