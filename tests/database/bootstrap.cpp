#include "storage/bootstrap.hpp"

#include <doctest/doctest.h>

#include "cases/agency_code.hpp"
#include "storage/people_repo.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using namespace rastro::storage;
using test_support::in_unit;
using test_support::TestDatabase;

namespace {

PasswordCost const kCheap{.memory_kib = 64, .iterations = 1, .parallelism = 1};

BootstrapPlan instance_plan() {
    BootstrapPlan plan;
    plan.agency.agency = "XA-RASTRO-I";
    plan.agency.country = "XA";
    plan.agency.name = "Operators of the exercise";
    plan.agency.kind = "administration";
    plan.administrators = {{.login = "ines.admin", .display_name = "Inés", .email = {}},
                           {.login = "otto.admin", .display_name = "Otto", .email = {}}};
    return plan;
}

constexpr Query kLeaves{"test_leaves",
                        "select count(*) as n from audit_leaf where action in ('agency.create', "
                        "'user.create') and actor_id = 'bootstrap'"};
constexpr Query kMembers{
    "test_members",
    "select count(*) filter (where oas_member) as members, count(*) filter (where synthetic) as "
    "synthetic from country"};

}  // namespace

TEST_CASE("reference data is loaded once; a second run writes nothing") {
    TestDatabase const database;
    Connection owner(database.owner());
    SystemClock const clock;
    auto const first = load_reference_data(owner, clock);
    REQUIRE(first.has_value());
    CHECK(first.value().countries == 59);
    CHECK(first.value().holidays > 200);
    auto const second = load_reference_data(owner, clock);
    CHECK(second.value().countries == 0);
    CHECK(second.value().holidays == 0);
    CHECK(first.value().makes > 151);  // makes of the starter list, and their spellings
    CHECK(second.value().makes == 0);
    auto const rows = owner.sql().run(kMembers);
    CHECK(rows.front().integer("members") == 35);
    CHECK(rows.front().integer("synthetic") == 3);
    Connection app(database.app());
    CHECK_FALSE(load_reference_data(app, clock).has_value());
}

TEST_CASE("the instance starts with its agency and two administrators, once") {
    TestDatabase const database;
    Connection owner(database.owner());
    SystemClock const clock;
    REQUIRE(load_reference_data(owner, clock).has_value());
    auto const plan = instance_plan();
    auto const first = bootstrap(owner, clock, plan, kCheap);
    REQUIRE(first.has_value());
    CHECK(first.value().agency_created);
    REQUIRE(first.value().credentials.size() == 2);
    auto const& credentials = first.value().credentials.front();
    CHECK(credentials.password.size() == 19);
    CHECK(credentials.password != first.value().credentials.back().password);
    in_unit(owner, clock, ActingAs::system(), [&](UnitOfWork& unit) {
        auto const account = PeopleRepo(unit).account_by_login("ines.admin");
        REQUIRE(account);
        CHECK(account->must_change_password);
        CHECK(account->code_secret == credentials.code_secret);
        CHECK(password_matches(credentials.password, account->password_hash));
        CHECK(PeopleRepo(unit).find(credentials.user)->roles ==
              std::vector<std::string>{"system_admin"});
        CHECK(unit.sql().run(kLeaves).front().integer("n") == 3);
    });
    auto const second = bootstrap(owner, clock, plan, kCheap);
    REQUIRE(second.has_value());
    CHECK_FALSE(second.value().agency_created);
    CHECK(second.value().credentials.empty());
    in_unit(owner, clock, ActingAs::system(), [&](UnitOfWork& unit) {
        CHECK(unit.sql().run(kLeaves).front().integer("n") == 3);
    });
}

TEST_CASE("what bootstrap refuses leaves nothing behind") {
    TestDatabase const database;
    Connection owner(database.owner());
    SystemClock const clock;
    REQUIRE(load_reference_data(owner, clock).has_value());
    auto const refused = [&](BootstrapPlan const& plan) {
        auto const result = bootstrap(owner, clock, plan, kCheap);
        REQUIRE_FALSE(result.has_value());
        auto const problem = result.error();
        return problem.violations().empty() ? std::string(problem.info().slug)
                                            : problem.violations().front().code;
    };
    auto one = instance_plan();
    one.administrators.pop_back();
    CHECK(refused(one) == "two_administrators_needed");
    auto wrong = instance_plan();
    wrong.agency.agency = "XA-RASTRO-8";
    CHECK(refused(wrong) == "format_agency");
    auto unknown = instance_plan();
    unknown.agency.country = "QQ";
    unknown.agency.agency = cases::agency_code_of("QQ", "RASTRO").value();
    CHECK(refused(unknown) == "unknown_country");
    REQUIRE(bootstrap(owner, clock, instance_plan(), kCheap).has_value());
    auto further = instance_plan();
    further.administrators.push_back(
        {.login = "third.admin", .display_name = "Third", .email = {}});
    CHECK(refused(further) == "conflict");
    auto other = instance_plan();
    other.agency.agency = cases::agency_code_of("XB", "GUARDA").value();
    other.agency.country = "XB";
    CHECK(refused(other) == "login_taken");
    in_unit(owner, clock, ActingAs::system(), [&](UnitOfWork& unit) {
        CHECK_FALSE(PeopleRepo(unit).account_by_login("third.admin"));
        CHECK_FALSE(AgencyRepo(unit).find(other.agency.agency));
    });
}
