// The register in the database: what must hold whatever the server does (domain/tracing.md 4.9).
#include <doctest/doctest.h>

#include "storage/agency_repo.hpp"
#include "storage/bootstrap.hpp"
#include "storage/db/storage_error.hpp"
#include "storage/illicit_record_repo.hpp"
#include "storage/match_tasks.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using namespace rastro::storage;
using test_support::acting_for;
using test_support::in_unit;
using test_support::TestDatabase;

namespace {

constexpr char const* kOwner = "XB-TRACE-5";
constexpr char const* kOther = "XA-POLNAC-C";

NewRecord record_of(std::string const& agency, std::string serial, bool silent = false) {
    NewRecord made;
    auto& row = made.row;
    row.file.case_id = CaseId::generate();
    row.file.number = "T-" + row.file.case_id.to_string();
    row.file.state = "ACTIVE";
    row.file.owner_agency = agency;
    row.file.owner_country = agency.substr(0, 2);
    row.file.handling_code = "H1";
    row.file.created_at = row.file.updated_at = SystemClock().now();
    row.record.silent = silent;
    row.record.event_on = std::chrono::year(2026) / 5 / 14;
    row.record.agency_case_no = "R-1";
    row.record.legal_basis = "Act";
    row.record.firearm.serial_raw = std::move(serial);
    row.record.firearm.make_text = "North Arms";
    row.record.firearm.type_code = cases::TypeCode::pistol;
    row.make_key = "NORTH ARMS";
    row.calibre_group = "9 mm";
    row.author = "somebody";
    return made;
}

SerialQuestion question(std::string canon, bool pointers) {
    SerialQuestion asked;
    asked.canon = std::move(canon);
    asked.pointers = pointers;
    return asked;
}

struct World {
    TestDatabase database;
    SystemClock clock;
    Connection owner{database.owner()};
    Connection app{database.app()};

    World() {
        REQUIRE(load_reference_data(owner, clock).has_value());
        in_unit(app, clock, ActingAs::system(), [&](UnitOfWork& unit) {
            for (auto const* code : {kOwner, kOther}) {
                Agency agency;
                agency.agency = code;
                agency.country = std::string(code).substr(0, 2);
                agency.name = code;
                agency.kind = "police";
                AgencyRepo(unit).insert(agency);
            }
        });
    }
    void as(char const* agency, auto const& work) {
        in_unit(app, clock, acting_for("content", agency), work);
    }
};

}  // namespace

TEST_CASE("4.9: one record of a kind for one firearm and agency, decided by the database") {
    World world;
    auto const first = record_of(kOwner, "NA 81042");
    world.as(kOwner, [&](UnitOfWork& unit) {
        auto const added = add_records(unit, {first, record_of(kOwner, "NA-81042")});
        CHECK(added[0].added);
        CHECK_FALSE(added[1].added);
        CHECK(added[1].case_id == first.row.file.case_id);
    });
    world.as(kOwner, [&](UnitOfWork& unit) {
        auto const seen = look_up_records(
            unit, {record_of(kOwner, "NA81042"), record_of(kOwner, "Z1"), record_of(kOwner, "Z1")});
        CHECK_FALSE(seen[0].added);
        CHECK(seen[0].number == first.row.file.number);
        CHECK(seen[1].added);
        CHECK_FALSE(seen[2].added);
        auto found = find_record(unit, first.row.file.case_id, RecordLock::for_update);
        REQUIRE(found.has_value());
        CHECK(found->record.firearm.serial_raw == "NA 81042");
        found->file.state = "CLEARED";
        found->clear_reason = "recovered";
        found->cleared_at = unit.now();
        store_record(unit, *found);
        CHECK(add_records(unit, {record_of(kOwner, "NA81042")}).front().added);
    });
    // Another agency keeps its own record of it, and cannot write one for others.
    world.as(kOther, [&](UnitOfWork& unit) {
        CHECK(add_records(unit, {record_of(kOther, "NA81042")}).front().added);
        CHECK_FALSE(find_record(unit, first.row.file.case_id, RecordLock::none).has_value());
    });
    CHECK_THROWS_AS(world.as(kOther,
                             [&](UnitOfWork& unit) {
                                 static_cast<void>(add_records(unit, {record_of(kOwner, "Q77")}));
                             }),
                    StorageError);
}

TEST_CASE("4.9: candidates of others are pointers, the silent ones only for the job") {
    World world;
    auto const open = record_of(kOwner, "KX123456");
    auto const silent = record_of(kOwner, "KX123457", true);
    world.as(kOwner, [&](UnitOfWork& unit) {
        static_cast<void>(add_records(unit, {open, silent}));
    });
    auto const found = [&](UnitOfWork& unit, char const* canon, bool pointers) {
        auto asked = question(canon, pointers);
        asked.near = false;
        return find_in_register(unit, asked);
    };
    world.as(kOwner, [&](UnitOfWork& unit) {
        auto const own = found(unit, "KX123457", false);
        REQUIRE(own.size() == 1);
        CHECK(own[0].own);
        CHECK(own[0].number == silent.row.file.number);
    });
    world.as(kOther, [&](UnitOfWork& unit) {
        CHECK(found(unit, "KX123456", false).empty());
        auto const pointed = found(unit, "KX123456", true);
        REQUIRE(pointed.size() == 1);
        CHECK_FALSE(pointed[0].own);
        CHECK(pointed[0].number.empty());
        CHECK(pointed[0].serial_raw.empty());
        CHECK(pointed[0].owner_agency == kOwner);
        CHECK(found(unit, "KX123457", true).empty());
        CHECK(found(unit, "KXI23456", true).size() == 1);  // a look-alike form
    });
    in_unit(world.app, world.clock, ActingAs::system(), [&](UnitOfWork& unit) {
        CHECK(found(unit, "KX123457", true).size() == 1);
        auto near = question("KX123456", true);
        CHECK(find_in_register(unit, near).size() == 2);
    });
}

TEST_CASE(
    "4.9: a record in a compartment is no pointer, and is found by those with clearance only") {
    World world;
    auto sealed = record_of(kOwner, "KX8880001");
    sealed.row.file.compartments = {"op-1"};
    auto cleared = acting_for("content", kOwner);
    cleared.compartments = "op-1";
    auto const found = [](UnitOfWork& unit) {
        return find_in_register(unit, question("KX8880001", true)).size();
    };
    in_unit(world.app, world.clock, cleared, [&](UnitOfWork& unit) {
        CHECK(add_records(unit, {sealed}).front().added);
        CHECK(found(unit) == 1);
        CHECK(list_records(unit, {}, std::nullopt, 10).size() == 1);
    });
    world.as(kOwner, [&](UnitOfWork& unit) {
        CHECK(found(unit) == 0);
        CHECK_FALSE(find_record(unit, sealed.row.file.case_id, RecordLock::none).has_value());
        CHECK(list_records(unit, {}, std::nullopt, 10).empty());
    });
    world.as(kOther, [&](UnitOfWork& unit) { CHECK(found(unit) == 0); });
    auto elsewhere = acting_for("content", kOther);
    elsewhere.compartments = "op-1";
    in_unit(world.app, world.clock, elsewhere, [&](UnitOfWork& unit) { CHECK(found(unit) == 0); });
    in_unit(world.app, world.clock, ActingAs::system(), [&](UnitOfWork& unit) {
        CHECK(found(unit) == 1);
    });
}

TEST_CASE("4.9: every record waits to be compared, once claimed it is gone") {
    World world;
    auto const record = record_of(kOwner, "KX5550001");
    world.as(kOwner, [&](UnitOfWork& unit) { static_cast<void>(add_records(unit, {record})); });
    world.as(kOwner, [&](UnitOfWork& unit) { CHECK(waiting_match_tasks(unit, 10).empty()); });
    in_unit(world.app, world.clock, ActingAs::system(), [&](UnitOfWork& unit) {
        auto const waiting = waiting_match_tasks(unit, 10);
        REQUIRE(waiting.size() == 1);
        CHECK(waiting[0].object == MatchObject::record);
        CHECK(waiting[0].case_id == record.row.file.case_id);
        CHECK(count_failed_match(unit, waiting[0]) == 1);
        CHECK(claim_match_task(unit, waiting[0]));
        CHECK_FALSE(claim_match_task(unit, waiting[0]));
    });
    // Nobody files a search for a case of others.
    CHECK_THROWS_AS(world.as(kOther,
                             [&](UnitOfWork& unit) {
                                 queue_search(unit, record.row.file.case_id, {.canon = "KX1"});
                             }),
                    StorageError);
    world.as(kOwner, [&](UnitOfWork& unit) {
        auto found = find_record(unit, record.row.file.case_id, RecordLock::for_update);
        found->file.state = "EXPIRED";
        store_record(unit, *found);
        found->file.state = "ACTIVE";
        store_record(unit, *found);
    });
    in_unit(world.app, world.clock, ActingAs::system(), [&](UnitOfWork& unit) {
        CHECK(waiting_match_tasks(unit, 10).size() == 1);  // live again
    });
}

TEST_CASE("4.9: what was entered is never changed, and a silent match is its owner's alone") {
    World world;
    auto const record = record_of(kOwner, "KX7770001");
    world.as(kOwner, [&](UnitOfWork& unit) { static_cast<void>(add_records(unit, {record})); });
    for (auto const* column : {"serial_raw", "silent", "event_on", "legal_basis", "kind"}) {
        CAPTURE(column);
        auto const text = std::string("update illicit_record set ") + column + " = " + column;
        CHECK_THROWS_AS(world.as(kOwner,
                                 [&](UnitOfWork& unit) {
                                     unit.sql().run({"test_record_change", text});
                                 }),
                        StorageError);
    }
    CHECK_THROWS_AS(
        in_unit(world.app,
                world.clock,
                ActingAs::system(),
                [&](UnitOfWork& unit) {
                    unit.sql().run(
                        {"test_silent_match",
                         "insert into serial_match (match_id, kind, case_id, case_agency, "
                         "case_handling, record_id, other_agency, other_handling, silent, score, "
                         "band, agreement, agreeing, to_compare, seen_by, decides, found_by, "
                         "found_at) values (gen_random_uuid(), 'record_hit', gen_random_uuid(), "
                         "'XA-POLNAC-C', 'H1', gen_random_uuid(), 'XB-TRACE-5', 'H1', true, 90, "
                         "'MATCH_STRONG', '[]', '{}', '{}', array['XA-POLNAC-C','XB-TRACE-5'], "
                         "'XB-TRACE-5', 'matching', now())"});
                }),
        StorageError);
}
