#include <doctest/doctest.h>

#include "storage/db/migrator.hpp"
#include "storage/db/storage_error.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using namespace rastro::storage;
using test_support::DatabaseContent;
using test_support::TestDatabase;

namespace {

constexpr Query kOwnedBy{
    "test_owned_by_app",
    "select count(*) as n from pg_class c join pg_roles r on r.oid = c.relowner "
    "where r.rolname = 'rastro_app'"};
constexpr Query kUnforced{
    "test_unforced",
    "select coalesce(string_agg(c.relname, ' '), '') as tables from pg_class c "
    "where c.relnamespace = 'rastro'::regnamespace and c.relkind = 'r' and exists (select 1 from "
    "pg_attribute a where a.attrelid = c.oid and a.attname in ('agency', 'owner_agency', "
    "'asked_agency')) and not (c.relrowsecurity and c.relforcerowsecurity)"};

}  // namespace

TEST_CASE("migrating applies every file once; a second run changes nothing") {
    TestDatabase const database(DatabaseContent::empty);
    Connection connection(database.owner());
    auto const fresh = check_schema(connection);
    REQUIRE_FALSE(fresh.has_value());
    CHECK(fresh.error().code() == ProblemCode::storage_unavailable);
    auto const first = migrate(connection);
    REQUIRE(first.has_value());
    CHECK(first.value().size() == all_migrations().size());
    auto const second = migrate(connection);
    REQUIRE(second.has_value());
    CHECK(second.value().empty());
    CHECK(check_schema(connection).value() == all_migrations().back().version);
    for (auto const& state : migration_state(connection).value()) {
        CHECK(state.applied);
        CHECK_FALSE(state.applied_at.empty());
    }
}

TEST_CASE(
    "a file that changed after it was applied, and a database newer than the program, are "
    "refused") {
    TestDatabase const database;
    Connection connection(database.owner());
    std::vector<Migration> changed(all_migrations().begin(), all_migrations().end());
    auto const text = std::string(changed.front().sql) + "\n-- later thought\n";
    changed.front().sql = text;
    auto const refused = migrate(connection, changed);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == ProblemCode::conflict);
    CHECK(refused.error().detail().find("changed after it was applied") != std::string::npos);
    std::vector<Migration> const older(all_migrations().begin(), all_migrations().end() - 1);
    CHECK(migrate(connection, older).error().detail().find("newer than this program") !=
          std::string::npos);
}

TEST_CASE("a migration that fails leaves the schema as it was") {
    TestDatabase const database;
    Connection connection(database.owner());
    std::vector<Migration> more(all_migrations().begin(), all_migrations().end());
    auto const next = more.back().version + 1;
    more.push_back({next, "half", "create table rastro.half (id int); select 1/0;"});
    CHECK_FALSE(migrate(connection, more).has_value());
    CHECK(check_schema(connection).has_value());
    more.back().sql = "create table rastro.half (id int);";
    CHECK(migrate(connection, more).value() == std::vector<std::string>{"half"});
}

TEST_CASE(
    "the application role owns nothing, and every table with agency data has forced row-level "
    "security") {
    TestDatabase const database;
    Connection connection(database.owner());
    CHECK(connection.sql().run(kOwnedBy).front().integer("n") == 0);
    CHECK(connection.sql().run(kUnforced).front().text("tables") == "");
}
