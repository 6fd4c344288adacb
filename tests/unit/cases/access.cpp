#include "cases/access.hpp"

#include <doctest/doctest.h>

#include <map>
#include <vector>

using namespace rastro::cases;
using namespace std::chrono_literals;

namespace {

Actor actor_with(Role role, ActorKind kind = ActorKind::person) {
    Actor actor;
    actor.kind = kind;
    actor.id = "u1";
    actor.agency = "XA-POLNAC-7";
    actor.country = "XA";
    actor.roles = {role};
    actor.authenticated_at = rastro::Instant{1h};
    return actor;
}

ObjectFacts object_with(Relation relation) {
    ObjectFacts object;
    object.relations = {relation};
    object.author = "somebody else";
    object.shared_groups = {"G0", "G1"};
    return object;
}

AccessTime const kFresh{.now = rastro::Instant{1h + 1min}, .step_up_age = 5min};
AccessTime const kStale{.now = rastro::Instant{2h}, .step_up_age = 5min};

}  // namespace

TEST_CASE("an operation without a row is denied to every role in every relation") {
    auto const& table = PermissionTable::built_in();
    for (auto role : all_roles()) {
        for (auto relation : all_relations()) {
            auto const decision =
                decide(table, actor_with(role), "no_such_operation", object_with(relation), kFresh);
            CHECK_FALSE(decision.allowed);
            CHECK(decision.rule == "default-deny");
        }
    }
}

TEST_CASE("removing any permit rule changes at least one decision") {
    auto const& table = PermissionTable::built_in();
    for (auto const& removed : table.rules()) {
        if (!removed.permit) {
            continue;
        }
        bool decides = false;
        for (auto role : all_roles()) {
            for (auto relation : all_relations()) {
                for (auto kind : {ActorKind::person, ActorKind::gateway}) {
                    auto actor = actor_with(role, kind);
                    actor.oversight_agency = true;
                    actor.administration_agency = true;
                    actor.agency_is_national_contact = true;
                    auto const decision =
                        decide(table, actor, removed.operation, object_with(relation), kFresh);
                    decides = decides || (decision.allowed && decision.rule == removed.id);
                }
            }
        }
        CHECK_MESSAGE(decides, "rule ", removed.id, " decides nothing");
    }
}

TEST_CASE("administrators and auditors read no case content") {
    auto const& table = PermissionTable::built_in();
    for (auto role : {Role::system_admin,
                      Role::auditor,
                      Role::statistician,
                      Role::policy_officer,
                      Role::holder_user}) {
        for (auto const* operation :
             {"trace_read", "trace_list", "trace_status", "leg_read", "inbox", "trace_timeline"}) {
            for (auto relation : all_relations()) {
                CHECK_FALSE(
                    decide(table, actor_with(role), operation, object_with(relation), kFresh)
                        .allowed);
            }
        }
    }
}

TEST_CASE("sensitive operations need a fresh authentication and say so") {
    auto const& table = PermissionTable::built_in();
    auto const stale = decide(table,
                              actor_with(Role::system_admin),
                              "user_create",
                              object_with(Relation::own_agency),
                              kStale);
    CHECK_FALSE(stale.allowed);
    CHECK(stale.step_up_needed);
    CHECK(decide(table,
                 actor_with(Role::system_admin),
                 "user_create",
                 object_with(Relation::own_agency),
                 kFresh)
              .allowed);
}

TEST_CASE("nobody approves what they wrote") {
    auto const& table = PermissionTable::built_in();
    auto object = object_with(Relation::owner);
    auto const actor = actor_with(Role::agency_supervisor);
    CHECK(decide(table, actor, "trace_approve", object, kFresh).allowed);
    object.author = actor.principal();
    CHECK_FALSE(decide(table, actor, "trace_approve", object, kFresh).allowed);
}

TEST_CASE("an addressed agency sees what the owner shares and no more") {
    auto const& table = PermissionTable::built_in();
    auto const decision = decide(table,
                                 actor_with(Role::tracing_analyst),
                                 "trace_read",
                                 object_with(Relation::addressed),
                                 kFresh);
    REQUIRE(decision.allowed);
    CHECK(decision.groups == std::set<std::string>{"G0", "G1"});
    CHECK(decision.may_see("G0"));
    CHECK_FALSE(decision.may_see("G6"));
}

TEST_CASE("a compartment the actor is not in forbids, whatever is permitted") {
    auto const& table = PermissionTable::built_in();
    auto object = object_with(Relation::owner);
    object.compartments = {"op-heron"};
    auto actor = actor_with(Role::agency_user);
    auto const outside = decide(table, actor, "trace_read", object, kFresh);
    CHECK_FALSE(outside.allowed);
    CHECK(outside.rule == "F01");
    actor.compartments = {"op-heron"};
    CHECK(decide(table, actor, "trace_read", object, kFresh).allowed);
}

TEST_CASE("laws: a forbid never allows more, fewer roles never allow more") {
    auto const& table = PermissionTable::built_in();
    std::string const extra =
        "rule,effect,operation,access,roles,relations,conditions,groups\nX1,forbid,trace_read,"
        "content,*,addressed,,\n"
        "X2,permit,trace_read,content,agency_user,owner,,*\n";
    auto const with_forbid = PermissionTable::parse(extra).value();
    CHECK_FALSE(decide(with_forbid,
                       actor_with(Role::agency_user),
                       "trace_read",
                       object_with(Relation::addressed),
                       kFresh)
                    .allowed);
    auto const both = [&] {
        auto object = object_with(Relation::owner);
        object.relations.insert(Relation::addressed);
        return decide(with_forbid, actor_with(Role::agency_user), "trace_read", object, kFresh);
    }();
    CHECK_FALSE(both.allowed);
    CHECK(both.rule == "X1");
    for (auto const& rule : table.rules()) {
        Actor nobody = actor_with(Role::agency_user);
        nobody.roles.clear();
        for (auto relation : all_relations()) {
            if (decide(table, nobody, rule.operation, object_with(relation), kFresh).allowed) {
                auto const richer = decide(table,
                                           actor_with(Role::agency_user),
                                           rule.operation,
                                           object_with(relation),
                                           kFresh);
                CHECK(richer.allowed);
            }
        }
    }
}

TEST_CASE("a faulty table is refused with its line") {
    auto const header =
        std::string("rule,effect,operation,access,roles,relations,conditions,groups\n");
    std::map<std::string, std::string> const faults{
        {"P1,permit,x,content,king,owner,,", "unknown role"},
        {"P1,permit,x,content,auditor,cousin,,", "unknown relation"},
        {"P1,maybe,x,content,auditor,owner,,", "effect"},
        {"P1,permit,x,treasure,auditor,owner,,", "access class"},
        {"P1,permit,x,content,auditor,owner,", "eight columns"},
        {"P1,permit,x,content,auditor,owner,,\nP1,permit,y,content,auditor,owner,,", "twice"},
        {"P1,permit,x,content,auditor,owner,,\nP2,permit,x,admin,auditor,owner,,",
         "access classes"},
    };
    for (auto const& [text, reason] : faults) {
        auto const parsed = PermissionTable::parse(header + text);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().detail().find(reason) != std::string::npos);
        CHECK(parsed.error().detail().find("line ") != std::string::npos);
    }
}
