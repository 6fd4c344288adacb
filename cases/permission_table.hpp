// The permission table: operation x role x relation, with conditions and field groups, as data
// (cases/permissions.csv). The engine (access), the OpenAPI document and the generated tests read
// this one source. No row means denied.
//
// Columns: rule, effect (permit | forbid), operation, access, roles, relations, conditions, groups.
// Lists are separated by '|'; '*' in roles or relations means any. `access` is the class of rows
// that row-level security opens for the operation: content, admin, audit. `groups` are the field
// groups that the rule discloses: codes, "*" for all, "shared" for those the owner shares with whom
// it asks, "released" for those of given answers.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/actor.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

// How the actor's agency (or person) stands to the object (design/access.md).
enum class Relation : std::uint8_t {
    self,        // the own account, session, event
    own_agency,  // a thing of the own agency that is no case (users, certificates, imports), or a
                 // new case
    owner,       // the case belongs to the actor's agency
    addressed,   // a leg of the case is addressed to the actor's agency
    approver,    // the actor's agency approves outbound requests of the owner
    national_contact,  // national contact of a country that takes part
    copied,            // by a grant
    linked,            // through another case
    same_country,      // an agency, route or rule of the own country
    directory,  // what every participant may know: agencies that can be asked, routes, code lists
    none,
};
[[nodiscard]] std::string_view to_text(Relation relation) noexcept;
[[nodiscard]] std::optional<Relation> parse_relation(std::string_view text) noexcept;
[[nodiscard]] std::vector<Relation> const& all_relations();

enum class AccessClass : std::uint8_t { content, admin, audit, directory };
[[nodiscard]] std::string_view to_text(AccessClass access) noexcept;

struct PermissionRule {
    std::string id;
    bool permit = true;
    std::string operation;
    AccessClass access = AccessClass::content;
    bool any_role = false;
    std::set<Role> roles;
    bool any_relation = false;
    std::set<Relation> relations;
    std::vector<std::string> conditions;
    std::vector<std::string> groups;
};

class PermissionTable {
 public:
    // Reads the text of the table; the Problem's detail names the line and what is wrong with it.
    [[nodiscard]] static Outcome<PermissionTable> parse(std::string_view csv);
    // The table compiled into the program.
    [[nodiscard]] static PermissionTable const& built_in();

    [[nodiscard]] std::span<PermissionRule const> rules() const noexcept { return rules_; }
    // Rules of one operation, in file order.
    [[nodiscard]] std::vector<PermissionRule const*> for_operation(
        std::string_view operation) const;
    // Class of rows the operation works on; all its rules agree (checked by parse).
    [[nodiscard]] AccessClass access_of(std::string_view operation) const;
    // First 12 hex digits of the SHA-256 of the text: recorded with every decision.
    [[nodiscard]] std::string const& version() const noexcept { return version_; }

 private:
    std::vector<PermissionRule> rules_;
    std::string version_;
};

}  // namespace rastro::cases
