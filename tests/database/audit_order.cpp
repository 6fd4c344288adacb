#include <doctest/doctest.h>

#include "storage/audit/integrator.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using namespace rastro::storage;
using test_support::in_unit;
using test_support::TestDatabase;

namespace {

// Two leaves of each transaction number; the numbers lie long before those of the test itself.
constexpr Query kLeaves{
    "test_leaves_of",
    "insert into audit_leaf (event_id, xid, leaf, occurred_at, action, outcome) "
    "select gen_random_uuid(), n::text::xid8, '{}'::bytea, now(), 'test', 'ok' "
    "from generate_series(:first::bigint, :last::bigint) n, generate_series(1, 2)"};
constexpr Query kOrder{
    "test_order",
    "select count(*) as n, coalesce(bool_and(xid >= before), true) as rises from (select l.xid, "
    "coalesce(lag(l.xid) over (order by i.leaf_index), '0'::xid8) as before from audit_index i "
    "join audit_leaf l using (event_id)) o"};

void add_leaves(Connection& connection, Clock const& clock, int first, int last) {
    in_unit(connection, clock, ActingAs::system(), [&](UnitOfWork& unit) {
        unit.sql().run(kLeaves, {{"first", first}, {"last", last}});
    });
}

}  // namespace

TEST_CASE("leaves keep the order of their transactions where the numbers get a digit more") {
    TestDatabase const database;
    SystemClock const clock;
    Connection owner(database.owner());
    int const rounds[][2] = {{7, 9}, {10, 12}, {95, 104}, {105, 120}};
    std::uint64_t expected = 0;
    for (auto const& [first, last] : rounds) {
        add_leaves(owner, clock, first, last);
        expected += static_cast<std::uint64_t>(last - first + 1) * 2;
        for (auto round = integrate_leaves(owner, clock, 7); round && round->added > 0;) {
            round = integrate_leaves(owner, clock, 7);
        }
        CHECK(read_tree(owner).size == expected);
        CHECK_FALSE(oldest_unintegrated(owner).has_value());
    }
    in_unit(owner, clock, ActingAs::system(), [&](UnitOfWork& unit) {
        auto const order = unit.sql().run(kOrder);
        CHECK(order.front().integer("n") == static_cast<std::int64_t>(expected));
        CHECK(order.front().boolean("rises"));
    });
}
