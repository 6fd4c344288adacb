// A server without the application's own access check: everybody may do everything. Linked in the
// place of cases/access.cpp into rastrod_unchecked, which only tests build, so that what row-level
// security holds by itself can be seen from outside (design/access.md, "Second wall").
#include "cases/access.hpp"

namespace rastro::cases {

std::vector<std::string> const& all_field_groups() {
    static std::vector<std::string> const groups{
        "G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11"};
    return groups;
}

Decision decide(PermissionTable const& table,
                Actor const&,
                std::string_view,
                ObjectFacts const&,
                AccessTime const&) {
    Decision decision;
    decision.allowed = true;
    decision.id = Uuid::generate_v7().to_string();
    decision.rule = "unchecked";
    decision.policy_version = table.version();
    decision.groups.insert(all_field_groups().begin(), all_field_groups().end());
    return decision;
}

bool may_ever(PermissionTable const&, Actor const&, std::string_view) {
    return true;
}

}  // namespace rastro::cases
