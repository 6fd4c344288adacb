#include "tests/support/test_database.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include "storage/db/migrator.hpp"

namespace rastro::test_support {

namespace {

std::string variable(char const* name) {
    auto const* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

storage::ConnectionSettings settings_for(std::string const& user, std::string const& database) {
    storage::ConnectionSettings settings;
    settings.host = variable("RASTRO_TEST_PGHOST");
    if (settings.host.empty()) {
        throw std::runtime_error(
            "RASTRO_TEST_PGHOST names no cluster: run the tests with ./run test");
    }
    auto const port = variable("RASTRO_TEST_PGPORT");
    settings.port = port.empty() ? 5432U : static_cast<unsigned>(std::stoul(port));
    if (user == "superuser") {
        settings.user = variable("RASTRO_TEST_PGSUPERUSER");
    } else {
        settings.user = "rastro_" + user;
        settings.password =
            variable(user == "owner" ? "RASTRO_TEST_OWNER_PASSWORD" : "RASTRO_TEST_APP_PASSWORD");
    }
    settings.database = database;
    settings.ssl_mode = "disable";
    settings.application_name = "rastro_test";
    return settings;
}

void run_on_cluster(std::string const& user, std::string const& statement) {
    auto settings = settings_for(user, "postgres");
    settings.statement_timeout = std::chrono::minutes(1);
    storage::Connection connection(settings);
    connection.run_script(statement);
}

std::string name_of(std::string const& what) {
    return "rastro_test_" + std::to_string(getpid()) + "_" + what;
}

void drop(std::string const& name) noexcept {
    try {
        // Not as owner: an autovacuum worker belongs to no role, so only a superuser may end it.
        run_on_cluster("superuser", "drop database if exists " + name + " with (force)");
    } catch (std::exception const&) {
        // The cluster of a test run is removed as a whole; there is nobody left to tell.
        static_cast<void>(name);
    }
}

class Template {
 public:
    Template() : name_(name_of("template")) {
        run_on_cluster("owner", "create database " + name_);
        storage::Connection connection(settings_for("owner", name_));
        if (auto const migrated = storage::migrate(connection); !migrated) {
            throw std::runtime_error("migration of the template: " + migrated.error().detail());
        }
    }
    ~Template() { drop(name_); }
    Template(Template const&) = delete;
    Template& operator=(Template const&) = delete;
    [[nodiscard]] std::string const& name() const noexcept { return name_; }

 private:
    std::string name_;
};

}  // namespace

TestDatabase::TestDatabase(DatabaseContent content) {
    static std::atomic<int> counter{0};
    name_ = name_of(std::to_string(++counter));
    if (content == DatabaseContent::empty) {
        run_on_cluster("owner", "create database " + name_);
        return;
    }
    static Template const migrated;
    run_on_cluster("owner", "create database " + name_ + " template " + migrated.name());
}

TestDatabase::~TestDatabase() {
    drop(name_);
}

storage::ConnectionSettings TestDatabase::owner() const {
    return settings_for("owner", name_);
}

storage::ConnectionSettings TestDatabase::app() const {
    return settings_for("app", name_);
}

storage::ActingAs acting_for(std::string access, std::string agency, std::string user) {
    auto actor = storage::ActingAs::system();
    actor.access = std::move(access);
    actor.country = agency.substr(0, 2);
    actor.agency = std::move(agency);
    actor.user = std::move(user);
    return actor;
}

}  // namespace rastro::test_support
