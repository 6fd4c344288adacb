// The search in the database: every way of it goes by its index, on tables of a size at which it
// matters, and the limits hold.
#include <doctest/doctest.h>

#include <set>

#include "cases/trace/serial.hpp"
#include "storage/agency_repo.hpp"
#include "storage/bootstrap.hpp"
#include "storage/serial_index.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using namespace rastro::storage;
using test_support::acting_for;
using test_support::in_unit;
using test_support::TestDatabase;

namespace {

constexpr char const* kAgency = "XA-POLNAC-C";

// 8,000 requests with the serials of runs: letters by the thousand, then a number.
constexpr Query kCases{
    "test_serial_cases",
    "insert into case_file (case_id, case_type, type_version, number, state, owner_agency, "
    "owner_country, handling_code, created_at, updated_at) select md5('c' || n)::uuid, "
    "'trace_request', 1, 'T' || n, 'SUBMITTED', 'XA-POLNAC-C', 'XA', 'H0', now(), now() "
    "from generate_series(6001, 14000) n"};
constexpr Query kRequests{
    "test_serial_requests",
    "insert into trace_request (case_id, priority, purpose) select md5('c' || n)::uuid, 'routine', "
    "'investigation' from generate_series(6001, 14000) n"};
constexpr Query kDescriptions{
    "test_serial_descriptions",
    "insert into firearm_description (case_id, version, stated_by, stated_at, serial_raw, "
    "serial_canon, serial_skeleton, serial_ncic, make_id, calibre_group) "
    "select md5('c' || n)::uuid, 1, 'test', now(), s, s, translate(s, 'OQDILZSGB', '000112568'), "
    "regexp_replace(replace(s, 'O', '0'), '(?<=[0-9])[A-Z]+(?=[0-9])', '', 'g'), "
    "(array['colt', 'beretta', 'glock-at', null])[1 + n % 4], '9 mm' "
    "from (select n, chr(65 + n / 1000 % 26) || chr(65 + n / 500 % 26) || lpad(n::text, 6, '0') "
    "|| case when n % 10 = 0 then 'K7' else '' end as s from generate_series(6001, 14000) n) x"};
constexpr Query kScans{
    "test_serial_scans",
    "select pg_stat_get_xact_numscans('rastro.firearm_description'::regclass) as whole, "
    "pg_stat_get_xact_numscans(('rastro.firearm_description_by_' || :name)::regclass) as by_index"};

// On a table of this size reading all of it would be as good; the bench measures large ones.
constexpr Query kAsIfLarge{"test_serial_as_if_large",
                           "select set_config('enable_seqscan', 'off', true) as done"};

struct Way {
    SerialQuestion question;
    std::string index;
    std::size_t found;
};

SerialQuestion pattern(std::string_view text) {
    SerialQuestion question;
    question.pattern = cases::parse_serial_query(text).value();
    question.make_ids = {"colt", "beretta", "glock-at"};
    return question;
}

SerialQuestion whole(std::string_view text, bool near) {
    SerialQuestion question;
    question.canon = cases::serial_canon(text);
    question.near = near;
    return question;
}

}  // namespace

TEST_CASE("every way of searching goes by its index and finds what it should") {
    TestDatabase database;
    SystemClock const clock;
    Connection owner(database.owner());
    REQUIRE(load_reference_data(owner, clock).has_value());
    Connection app(database.app());
    in_unit(app, clock, ActingAs::system(), [&](UnitOfWork& unit) {
        Agency agency;
        agency.agency = kAgency;
        agency.country = "XA";
        agency.name = "Police";
        agency.kind = "police";
        AgencyRepo(unit).insert(agency);
        unit.sql().run(kCases);
        unit.sql().run(kRequests);
        unit.sql().run(kDescriptions);
    });
    // As the server's job does: what waits for its place in the index is found too, but not by it.
    in_unit(app, clock, ActingAs::system(), [&](UnitOfWork& unit) {
        CHECK(find_serial(unit, pattern("M?012?77")).found.empty());
        CHECK(settle_serial_index(unit) > 0);
    });
    owner.sql().run({"test_serial_analyze", "analyze rastro.firearm_description"});
    for (auto const& way : std::vector<Way>{
             {whole("MZ012777", false), "skeleton", 1},
             {whole("M2O12777", false), "skeleton", 1},
             {whole("MZ012777", true), "skeleton", 22},  // 21 by one of the last three digits
             {whole("MY0124707", false), "ncic", 1},     // stands as MY012470K7
             {pattern("MZ0127*"), "skeleton", 100},
             {pattern("*Z012777"), "reversed", 1},
             {pattern("*Z0127?7"), "trigrams", 10},
             {pattern("M?012?77"), "trigrams", 10},
         }) {
        CAPTURE(way.index);
        CAPTURE(way.question.canon);
        in_unit(app, clock, acting_for("content", kAgency), [&](UnitOfWork& unit) {
            unit.sql().run(kAsIfLarge);
            auto const candidates = find_serial(unit, way.question);
            CHECK(candidates.found.size() == way.found);
            CHECK_FALSE(candidates.capped);
            auto const scans = unit.sql().run(kScans, {{"name", way.index}});
            CHECK(scans.front().integer("whole") == 0);
            CHECK(scans.front().integer("by_index") > 0);
        });
    }
    in_unit(app, clock, acting_for("content", kAgency), [&](UnitOfWork& unit) {
        auto const many = find_serial(unit, pattern("MZ01*"));
        CHECK(many.found.size() == static_cast<std::size_t>(kMostCandidates));
        CHECK(many.capped);
        auto missing = pattern("MZ0127*");
        missing.make_ids = {"walther"};
        CHECK(find_serial(unit, missing).found.size() == 25);  // those whose maker is not known
    });
    // Nobody else finds anything; with pointers wanted only what a pointer may hold.
    in_unit(app, clock, acting_for("content", "XB-TRACES-1"), [&](UnitOfWork& unit) {
        CHECK(find_serial(unit, whole("MZ012777", true)).found.empty());
        auto question = whole("MZ012777", false);
        question.pointers = true;
        auto const candidates = find_serial(unit, question);
        REQUIRE(candidates.found.size() == 1);
        auto const& pointer = candidates.found.front();
        CHECK(pointer.relations.empty());
        CHECK(pointer.number.empty());
        CHECK(pointer.serial_raw.empty());
        CHECK_FALSE(pointer.recovered_on);
        CHECK(pointer.owner_agency == kAgency);
    });
    for (auto const* access : {"admin", "audit", ""}) {
        in_unit(app, clock, acting_for(access, kAgency), [&](UnitOfWork& unit) {
            CHECK(find_serial(unit, whole("MZ012777", true)).found.empty());
        });
    }
}
