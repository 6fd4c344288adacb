// The one decision point: may this actor do this operation on this object, and which field groups
// does it see? Decision = role AND relation AND conditions AND no forbid rule; everything else is
// denied (design/access.md).
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "cases/actor.hpp"
#include "cases/permission_table.hpp"
#include "common/ids.hpp"

namespace rastro::cases {

// What the decision needs to know of the object. For a new object or a list: the relation under
// which it is asked.
struct ObjectFacts {
    std::string type;              // "trace_request", "leg", "user", ...
    std::set<Relation> relations;  // of the actor's agency to it
    std::string author;            // principal who wrote it; for the condition not_author
    std::string handling_code;
    std::vector<std::string> compartments;
    bool sensitive = false;
    std::vector<std::string> shared_groups;    // what the owner shares with whom it asks
    std::vector<std::string> released_groups;  // what was released in answers
};

struct AccessTime {
    Instant now{};
    std::chrono::microseconds step_up_age{std::chrono::minutes{5}};
};

struct Decision {
    bool allowed = false;
    bool step_up_needed = false;  // would be allowed after a fresh authentication
    std::string id;               // UUIDv7, stored in the audit leaf
    std::string rule;  // the rule that permitted or forbade; "default-deny" if none matched
    std::string role;  // the role by which it was permitted
    std::string policy_version;
    std::set<std::string> groups;  // field groups that may be disclosed
    [[nodiscard]] bool may_see(std::string_view group) const {
        return groups.contains(std::string(group));
    }
};

[[nodiscard]] Decision decide(PermissionTable const& table,
                              Actor const& actor,
                              std::string_view operation,
                              ObjectFacts const& object,
                              AccessTime const& time);

// True if any rule could ever permit the operation to one of the actor's roles: the cheap check
// before work begins.
[[nodiscard]] bool may_ever(PermissionTable const& table,
                            Actor const& actor,
                            std::string_view operation);

// All field groups of domain/tracing.md 8.2.
[[nodiscard]] std::vector<std::string> const& all_field_groups();

}  // namespace rastro::cases
