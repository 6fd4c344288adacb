// What an entry into the register must hold (domain/tracing.md 4.9, NCIC's mandatory fields; 8.5).
#include "cases/trace/illicit_record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

using namespace rastro;
using namespace rastro::cases;

namespace {

constexpr Date kToday = std::chrono::year(2026) / 6 / 1;

IllicitRecord good() {
    IllicitRecord record;
    record.kind = RecordKind::stolen;
    record.firearm.serial_raw = "NA-81042";
    record.firearm.make_text = "North Arms";
    record.firearm.type_code = TypeCode::pistol;
    record.firearm.calibre_text = "9x19";
    record.event_on = std::chrono::year(2026) / 5 / 14;
    record.agency_case_no = "C-17/26";
    record.legal_basis = "Code of Procedure art. 12";
    return record;
}

}  // namespace

TEST_CASE("4.9: each mandatory field of an entry, all faults at once") {
    CHECK(check_record(good(), true, kToday).empty());
    auto const empty = check_record({}, true, kToday);
    for (auto const* pointer : {"/firearm/serial_raw",
                                "/firearm/make_text",
                                "/firearm/type_code",
                                "/firearm/calibre_text",
                                "/event_on",
                                "/agency_case_no",
                                "/legal_basis"}) {
        CHECK_MESSAGE(std::ranges::count(empty, pointer, &Violation::pointer) == 1, pointer);
    }
    CHECK(empty.size() == 7);
}

TEST_CASE("4.9: one thing wrong with an entry, one violation") {
    struct Case {
        char const* pointer;
        char const* code;
        std::function<void(IllicitRecord&)> spoil;
    };
    std::vector<Case> const cases{
        {"/firearm/serial_raw",
         "serial_placeholder",
         [](auto& r) { r.firearm.serial_raw = "obliterated"; }},
        {"/firearm/serial_raw",
         "serial_several_marks",
         [](auto& r) { r.firearm.serial_raw = "A1234; B5678"; }},
        {"/event_on",
         "in_the_future",
         [](auto& r) { r.event_on = std::chrono::year(2026) / 6 / 2; }},
        {"/valid_until",
         "in_the_past",
         [](auto& r) { r.valid_until = std::chrono::year(2026) / 5 / 31; }},
        {"/handling_code", "unknown_code", [](auto& r) { r.handling_code = "H7"; }},
        {"/handling_text", "required", [](auto& r) { r.handling_code = "H3"; }},
        {"/legal_basis", "required", [](auto& r) { r.legal_basis = "  "; }},
    };
    for (auto const& c : cases) {
        auto record = good();
        c.spoil(record);
        auto const found = check_record(record, true, kToday);
        REQUIRE_MESSAGE(found.size() == 1, c.pointer);
        CHECK(found[0].pointer == c.pointer);
        CHECK(found[0].code == c.code);
    }
}

TEST_CASE("4.9: remarks are mandatory when the catalogue does not know the maker (NCIC ZZZ)") {
    auto record = good();
    auto const found = check_record(record, false, kToday);
    REQUIRE(found.size() == 1);
    CHECK(found[0].pointer == "/firearm/remarks");
    CHECK(found[0].code == "remarks_for_unknown_make");
    record.firearm.remarks = "Stamped NORTH ARMS on the slide";
    CHECK(check_record(record, false, kToday).empty());
}

TEST_CASE("1.6 row 31: every kind but a destruction has to be confirmed again") {
    for (auto kind : {RecordKind::lost,
                      RecordKind::stolen,
                      RecordKind::trafficked,
                      RecordKind::smuggled,
                      RecordKind::wanted}) {
        CHECK(needs_validation(kind));
        CHECK(record_kind_from(code_of(kind)) == kind);
    }
    CHECK_FALSE(needs_validation(RecordKind::destroyed));
    CHECK(is_live_record_state("ACTIVE"));
    CHECK(is_live_record_state("UNCONFIRMED"));
    CHECK_FALSE(is_live_record_state("EXPIRED"));
    CHECK_FALSE(is_live_record_state("CLEARED"));
}
