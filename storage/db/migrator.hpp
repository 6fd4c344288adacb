// Forward-only migrations: numbered SQL files compiled into the program, each applied once in one
// transaction under an advisory lock, with the SHA-256 of its text kept. A database that is newer
// than the program, or a file that changed after it was applied, is refused. A server never
// migrates by itself.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/outcome.hpp"
#include "storage/db/connection.hpp"

namespace rastro::storage {

struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};
[[nodiscard]] std::span<Migration const> all_migrations();

struct MigrationState {
    int version;
    std::string name;
    bool applied;
    std::string applied_at;  // RFC 3339, empty if not applied
};

// Applies what is missing and returns the names applied. `connection` acts as the owner role.
[[nodiscard]] Outcome<std::vector<std::string>> migrate(
    Connection& connection, std::span<Migration const> migrations = all_migrations());
[[nodiscard]] Outcome<std::vector<MigrationState>> migration_state(
    Connection& connection, std::span<Migration const> migrations = all_migrations());
// ok only if the database is exactly at this program's schema; the Problem's detail says what to
// do.
[[nodiscard]] Outcome<int> check_schema(Connection& connection,
                                        std::span<Migration const> migrations = all_migrations());

}  // namespace rastro::storage
