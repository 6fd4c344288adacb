// Roles of users, and the grants by which two different persons give or take one (design/access.md,
// "Two persons"; the database refuses a grant decided by its proposer or by the person it is
// about).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cases/actor.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

using RoleGrantId = Id<struct RoleGrantTag>;

struct RoleGrant {
    RoleGrantId id;
    std::string agency;
    UserId user;
    std::string user_login;
    std::string role;
    std::string kind;  // give, take
    UserId proposed_by;
    Instant proposed_at{};
    std::optional<UserId> decided_by;
    std::optional<Instant> decided_at;
    std::string decision;  // accepted, rejected; empty while open
};

class RoleRepo {
 public:
    explicit RoleRepo(UnitOfWork& unit) : unit_(unit) {}

    [[nodiscard]] std::set<cases::Role> roles_of(UserId user);
    // Nothing happens if the user has the role already.
    void give(UserId user,
              std::string_view agency,
              cases::Role role,
              std::optional<UserId> granted_by,
              std::optional<UserId> approved_by);
    // False if the user did not have it.
    bool take(UserId user, cases::Role role);
    [[nodiscard]] std::int64_t count_holders(std::string_view agency, cases::Role role);

    void propose(RoleGrant const& grant);
    [[nodiscard]] std::optional<RoleGrant> find_grant(RoleGrantId id);
    // The same and locks it until the end of the transaction.
    [[nodiscard]] std::optional<RoleGrant> lock_grant(RoleGrantId id);
    [[nodiscard]] bool has_open_grant(UserId user, std::string_view role);
    // Newest first; `open_only` leaves out the decided ones. At most 200.
    [[nodiscard]] std::vector<RoleGrant> list_grants(bool open_only);
    void decide(RoleGrantId id, UserId by, bool accepted);

 private:
    UnitOfWork& unit_;
};

}  // namespace rastro::storage
