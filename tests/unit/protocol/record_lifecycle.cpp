// The register's records through their lifecycle, as the definition in cases/types says: every
// state x event (domain/tracing.md 1.6 row 31: expiry and review of records).
#include <doctest/doctest.h>

#include <map>

#include "cases/trace/illicit_record.hpp"
#include "protocol/case_type_json.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

struct World {
    CaseTypeRegistry registry = protocol::built_in_case_types();
    CaseTypeDefinition const& type = *registry.newest("illicit_record");
    RecordFacts facts;
    ActorFacts owner{.principal = "u1", .roles = {"records_officer"}, .sides = {Side::originator}};
    ActorFacts clock{.principal = "timers", .is_system = true};

    Outcome<Transition> run(std::string const& state, std::string const& event) {
        Act act;
        act.object = "record";
        act.event = event;
        act.reason_code = event == "clear" ? "recovered" : "";
        if (event == "enter") {
            for (auto const& field : type.objects.front().fields) {
                act.inputs.insert(field.name);
            }
        }
        bool const by_clock = event == "expire" || event == "validation_due";
        facts.deadline_reached = by_clock;
        return decide(type,
                      {.state = state, .resume_state = {}, .flags = {}},
                      act,
                      by_clock ? clock : owner,
                      record_environment(facts));
    }
};

}  // namespace

TEST_CASE("1.6 row 31: every state x event of a record") {
    World world;
    std::map<std::pair<std::string, std::string>, std::string> const allowed{
        {{"", "enter"}, "ACTIVE"},
        {{"ACTIVE", "confirm"}, "ACTIVE"},
        {{"UNCONFIRMED", "confirm"}, "ACTIVE"},
        {{"EXPIRED", "confirm"}, "ACTIVE"},
        {{"ACTIVE", "validation_due"}, "UNCONFIRMED"},
        {{"UNCONFIRMED", "expire"}, "EXPIRED"},
        {{"ACTIVE", "expire"}, "EXPIRED"},
        {{"ACTIVE", "clear"}, "CLEARED"},
        {{"UNCONFIRMED", "clear"}, "CLEARED"},
        {{"EXPIRED", "clear"}, "CLEARED"}};
    for (auto const* state : {"", "ACTIVE", "UNCONFIRMED", "EXPIRED", "CLEARED"}) {
        for (auto const* event : {"enter", "confirm", "validation_due", "expire", "clear"}) {
            auto const done = world.run(state, event);
            auto const expected = allowed.find({state, event});
            auto const where = std::string(state) + " x " + event;
            if (expected == allowed.end()) {
                REQUIRE_MESSAGE(!done, where);
                CHECK_MESSAGE(done.error().code() == ProblemCode::transition_not_allowed, where);
            } else {
                REQUIRE_MESSAGE(done.has_value(), where);
                CHECK_MESSAGE(done->to.state == expected->second, where);
            }
        }
    }
}

TEST_CASE("1.6 row 31: the clocks of a record follow its kind and its state") {
    World world;
    CHECK(world.run("", "enter")->starts.contains("record_first_validation"));
    CHECK(world.run("ACTIVE", "validation_due")->starts.contains("record_grace"));
    auto const confirmed = world.run("UNCONFIRMED", "confirm");
    CHECK(confirmed->starts.contains("record_validation"));
    CHECK(confirmed->stops.contains("record_grace"));
    CHECK(world.run("EXPIRED", "confirm")->starts.contains("record_validity"));
    world.facts.kind = RecordKind::destroyed;
    auto const destroyed = world.run("", "enter");
    CHECK(destroyed->starts == std::set<std::string, std::less<>>{"record_validity"});
    CHECK(world.run("ACTIVE", "confirm").error().code() == ProblemCode::guard_not_met);
}

TEST_CASE("4.9: only the owner ends a record, and says why") {
    World world;
    world.owner.sides.clear();
    CHECK(world.run("ACTIVE", "clear").error().code() == ProblemCode::forbidden);
    world.owner.sides = {Side::originator};
    world.owner.roles = {"liaison"};
    CHECK(world.run("ACTIVE", "clear").error().code() == ProblemCode::forbidden);
    world.owner.roles = {"agency_user"};
    CHECK(world.run("ACTIVE", "clear").has_value());
    CHECK(world.run("ACTIVE", "confirm").error().code() == ProblemCode::forbidden);
    Act act;
    act.object = "record";
    act.event = "clear";
    act.reason_code = "bored";
    auto const refused = decide(world.type,
                                {.state = "ACTIVE", .resume_state = {}, .flags = {}},
                                act,
                                world.owner,
                                record_environment(world.facts));
    CHECK(refused.error().code() == ProblemCode::validation_failed);
}
