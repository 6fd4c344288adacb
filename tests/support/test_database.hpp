// A migrated database for a test, in the cluster that the environment names
// (deploy/run/postgres.sh, with_test_cluster): RASTRO_TEST_PGHOST, RASTRO_TEST_PGPORT (5432),
// RASTRO_TEST_OWNER_PASSWORD and RASTRO_TEST_APP_PASSWORD (none where the cluster trusts its
// socket). Without RASTRO_TEST_PGHOST every test that asks for a database fails: a suite that skips
// proves nothing.
#pragma once

#include <string>

#include "common/clock.hpp"
#include "storage/db/connection.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::test_support {

enum class DatabaseContent { migrated, empty };

// Cloned from a template that the process migrates once; dropped at the end of its scope.
class TestDatabase {
 public:
    explicit TestDatabase(DatabaseContent content = DatabaseContent::migrated);
    ~TestDatabase();
    TestDatabase(TestDatabase const&) = delete;
    TestDatabase& operator=(TestDatabase const&) = delete;

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    [[nodiscard]] storage::ConnectionSettings owner() const;
    // As the server connects: owns nothing, row-level security applies.
    [[nodiscard]] storage::ConnectionSettings app() const;

 private:
    std::string name_;
};

// Runs `work`(UnitOfWork&) as `actor` in a transaction of its own that needs no audit record, and
// commits it.
template <class Work>
void in_unit(storage::Connection& connection,
             Clock const& clock,
             storage::ActingAs const& actor,
             Work const& work) {
    connection.begin();
    try {
        storage::UnitOfWork unit(connection, clock);
        unit.touches_no_records();
        unit.act_as(actor);
        work(unit);
        unit.finish();
    } catch (...) {
        connection.rollback();
        throw;
    }
}

[[nodiscard]] storage::ActingAs acting_for(std::string access,
                                           std::string agency,
                                           std::string user = "");

}  // namespace rastro::test_support
