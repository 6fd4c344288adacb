#include <doctest/doctest.h>

#include "storage/audit/integrator.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using namespace rastro::storage;
using rastro::test_support::TestDatabase;

namespace {

constexpr Query kPut{
    "test_leaf_put",
    "insert into rastro.audit_leaf (event_id, xid, leaf, occurred_at, action, outcome) "
    "select gen_random_uuid(), x::text::xid8, convert_to(x::text, 'UTF8') || '--'::bytea, now(), "
    "'test', 'ok' from unnest(:numbers::bigint[]) as u(x)"};
constexpr Query kOrder{"test_leaf_order",
                       "select l.xid::text as number from rastro.audit_index i "
                       "join rastro.audit_leaf l on l.event_id = i.event_id order by i.leaf_index"};

}  // namespace

TEST_CASE("leaves are placed in the order of their transactions, also where numbers grow a digit") {
    TestDatabase const database;
    SystemClock const clock;
    Connection owner(database.owner());
    Connection app(database.app());
    test_support::in_unit(owner, clock, ActingAs::system(), [](UnitOfWork& unit) {
        unit.sql().run(kPut, {{"numbers", std::string("{10,9,11,8}")}});
    });
    // A round ends between 9 and 10: the next one begins where it ended.
    auto const first = integrate_leaves(app, clock, 2);
    REQUIRE(first);
    CHECK(first->added == 2);
    auto const second = integrate_leaves(app, clock, 100);
    REQUIRE(second);
    CHECK(second->added == 2);
    CHECK(integrate_leaves(app, clock, 100)->added == 0);
    test_support::in_unit(owner, clock, ActingAs::system(), [](UnitOfWork& unit) {
        std::vector<std::string> numbers;
        for (auto const row : unit.sql().run(kOrder)) {
            numbers.push_back(row.text("number"));
        }
        CHECK(numbers == std::vector<std::string>{"8", "9", "10", "11"});
    });
}
