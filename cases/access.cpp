#include "cases/access.hpp"

#include <algorithm>

namespace rastro::cases {

namespace {

bool has_role(PermissionRule const& rule, Actor const& actor, std::string& by) {
    if (rule.any_role) {
        by = actor.roles.empty() ? "*" : std::string(to_text(*actor.roles.begin()));
        return true;
    }
    for (auto role : rule.roles) {
        if (actor.has(role)) {
            by = std::string(to_text(role));
            return true;
        }
    }
    return false;
}

bool has_relation(PermissionRule const& rule, ObjectFacts const& object) {
    return rule.any_relation || std::ranges::any_of(rule.relations, [&](Relation r) {
               return object.relations.contains(r);
           });
}

enum class ConditionResult : std::uint8_t { met, not_met, needs_step_up };

// Conditions by name. An unknown name is never met: a misspelt condition denies.
ConditionResult check(std::string_view condition,
                      Actor const& actor,
                      ObjectFacts const& object,
                      AccessTime const& time) {
    auto const met_if = [](bool met) {
        return met ? ConditionResult::met : ConditionResult::not_met;
    };
    if (condition == "person") {
        return met_if(actor.kind == ActorKind::person);
    }
    if (condition == "gateway") {
        return met_if(actor.kind == ActorKind::gateway);
    }
    if (condition == "not_author") {
        return met_if(object.author.empty() || object.author != actor.principal());
    }
    if (condition == "national_contact_agency") {
        return met_if(actor.agency_is_national_contact);
    }
    if (condition == "administration_agency") {
        return met_if(actor.administration_agency);
    }
    if (condition == "oversight_agency") {
        return met_if(actor.oversight_agency);
    }
    if (condition == "compartment") {
        return met_if(std::ranges::all_of(object.compartments, [&](std::string const& c) {
            return std::ranges::find(actor.compartments, c) != actor.compartments.end();
        }));
    }
    if (condition == "outside_compartment") {
        return met_if(!std::ranges::all_of(object.compartments, [&](std::string const& c) {
            return std::ranges::find(actor.compartments, c) != actor.compartments.end();
        }));
    }
    if (condition == "step_up") {
        bool const fresh = time.now - actor.authenticated_at <= time.step_up_age;
        return fresh || actor.kind == ActorKind::gateway ? ConditionResult::met
                                                         : ConditionResult::needs_step_up;
    }
    return ConditionResult::not_met;
}

void add_groups(Decision& decision, PermissionRule const& rule, ObjectFacts const& object) {
    for (auto const& group : rule.groups) {
        if (group == "*") {
            decision.groups.insert(all_field_groups().begin(), all_field_groups().end());
        } else if (group == "shared") {
            decision.groups.insert(object.shared_groups.begin(), object.shared_groups.end());
        } else if (group == "released") {
            decision.groups.insert(object.released_groups.begin(), object.released_groups.end());
        } else {
            decision.groups.insert(group);
        }
    }
}

}  // namespace

std::vector<std::string> const& all_field_groups() {
    static std::vector<std::string> const groups{
        "G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11"};
    return groups;
}

Decision decide(PermissionTable const& table,
                Actor const& actor,
                std::string_view operation,
                ObjectFacts const& object,
                AccessTime const& time) {
    Decision decision;
    decision.id = Uuid::generate_v7().to_string();
    decision.policy_version = table.version();
    decision.rule = "default-deny";
    std::string step_up_rule;
    for (auto const& rule : table.rules()) {
        if (rule.operation != operation && rule.operation != "*") {
            continue;
        }
        std::string role;
        if (!has_role(rule, actor, role) || !has_relation(rule, object)) {
            continue;
        }
        bool met = true;
        bool step_up = false;
        for (auto const& condition : rule.conditions) {
            auto const result = check(condition, actor, object, time);
            met = met && result == ConditionResult::met;
            step_up = step_up || result == ConditionResult::needs_step_up;
            if (result == ConditionResult::not_met) {
                step_up = false;
                break;
            }
        }
        if (!rule.permit && met) {
            decision.allowed = false;
            decision.step_up_needed = false;
            decision.rule = rule.id;
            decision.groups.clear();
            return decision;
        }
        if (rule.permit && met) {
            if (!decision.allowed) {
                decision.allowed = true;
                decision.rule = rule.id;
                decision.role = role;
            }
            add_groups(decision, rule, object);
        } else if (rule.permit && step_up) {
            step_up_rule = rule.id;
        }
    }
    if (!decision.allowed && !step_up_rule.empty()) {
        decision.step_up_needed = true;
        decision.rule = step_up_rule;
    }
    return decision;
}

bool may_ever(PermissionTable const& table, Actor const& actor, std::string_view operation) {
    std::string role;
    return std::ranges::any_of(table.rules(), [&](PermissionRule const& rule) {
        return rule.permit && rule.operation == operation && has_role(rule, actor, role);
    });
}

}  // namespace rastro::cases
