#include "storage/db/migrator.hpp"

#include <fmt/format.h>

#include <map>

#include "common/digest.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::storage {

namespace {

constexpr Query kLock{"migration_lock", "select pg_advisory_xact_lock(7225487011)"};
constexpr Query kApplied{
    "migration_applied",
    "select version, name, sha256, "
    "to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as applied_at "
    "from public.rastro_migration order by version"};
constexpr Query kExists{"migration_table_exists",
                        "select to_regclass('public.rastro_migration') is not null as there"};
constexpr Query kRecord{"migration_record",
                        "insert into public.rastro_migration (version, name, sha256) values "
                        "(:version::integer, :name, :sha256)"};
constexpr std::string_view kCreate =
    "create table if not exists public.rastro_migration (version integer primary key, name text "
    "not null, "
    "sha256 text not null, applied_at timestamptz not null default now()); "
    "grant select on public.rastro_migration to rastro_app";

struct Applied {
    std::string name;
    std::string sha256;
    std::string applied_at;
};

std::map<int, Applied> read_applied(Connection& connection) {
    std::map<int, Applied> applied;
    if (!connection.sql().run(kExists).front().boolean("there")) {
        return applied;
    }
    auto const rows = connection.sql().run(kApplied);
    for (auto const row : rows) {
        applied[static_cast<int>(row.integer("version"))] = {
            row.text("name"), row.text("sha256"), row.text("applied_at")};
    }
    return applied;
}

Outcome<int> compare(std::map<int, Applied> const& applied, std::span<Migration const> migrations) {
    int newest = 0;
    for (auto const& [version, row] : applied) {
        bool known = false;
        for (auto const& migration : migrations) {
            if (migration.version == version) {
                known = true;
                if (to_hex(sha256(migration.sql)) != row.sha256) {
                    return Problem(
                        ProblemCode::conflict,
                        fmt::format(
                            "migration {} ({}) changed after it was applied", version, row.name));
                }
            }
        }
        if (!known) {
            return Problem(
                ProblemCode::conflict,
                fmt::format("the database is at schema version {} ({}), newer than this program",
                            version,
                            row.name));
        }
        newest = version;
    }
    return newest;
}

}  // namespace

Outcome<std::vector<std::string>> migrate(Connection& connection,
                                          std::span<Migration const> migrations) {
    std::vector<std::string> done;
    try {
        connection.begin();
        connection.sql().run(kLock);
        connection.run_script(kCreate);
        auto const applied = read_applied(connection);
        if (auto newest = compare(applied, migrations); !newest) {
            connection.rollback();
            return newest.error();
        }
        // All missing files in one transaction: a schema is either the old one or the new one,
        // never between.
        for (auto const& migration : migrations) {
            if (applied.contains(migration.version)) {
                continue;
            }
            connection.run_script(migration.sql);
            connection.sql().run(kRecord,
                                 {{"version", migration.version},
                                  {"name", migration.name},
                                  {"sha256", to_hex(sha256(migration.sql))}});
            done.emplace_back(migration.name);
        }
        connection.commit();
    } catch (StorageError const& error) {
        connection.rollback();
        return Problem(to_problem(error).code(), std::string("migration failed: ") + error.what());
    }
    return done;
}

Outcome<std::vector<MigrationState>> migration_state(Connection& connection,
                                                     std::span<Migration const> migrations) {
    try {
        auto const applied = read_applied(connection);
        if (auto newest = compare(applied, migrations); !newest) {
            return newest.error();
        }
        std::vector<MigrationState> states;
        for (auto const& migration : migrations) {
            auto const found = applied.find(migration.version);
            states.push_back({migration.version,
                              std::string(migration.name),
                              found != applied.end(),
                              found != applied.end() ? found->second.applied_at : ""});
        }
        return states;
    } catch (StorageError const& error) {
        return to_problem(error);
    }
}

Outcome<int> check_schema(Connection& connection, std::span<Migration const> migrations) {
    RASTRO_TRY(states, migration_state(connection, migrations));
    for (auto const& state : states) {
        if (!state.applied) {
            return Problem(ProblemCode::storage_unavailable,
                           fmt::format("schema version {} ({}) is missing: run rastro migrate",
                                       state.version,
                                       state.name));
        }
    }
    return states.empty() ? 0 : states.back().version;
}

}  // namespace rastro::storage
