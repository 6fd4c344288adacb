#include "cases/trace/import_row.hpp"

#include <doctest/doctest.h>

using namespace rastro;
using namespace rastro::cases;

namespace {

std::vector<std::string> const kHeading{"row",
                                        "manufacturer",
                                        "calibre",
                                        "model",
                                        "serial_number",
                                        "type",
                                        "subtype",
                                        "purchase_country",
                                        "purchase_state",
                                        "purchase_date",
                                        "recovery_date_mexico",
                                        "recovery_area_mexico",
                                        "recovery_date_us",
                                        "recovery_city_us"};

ImportedRow import(std::vector<std::string> cells) {
    static MakeCatalogue const makes(starter_makes());
    cells.resize(kHeading.size());
    return import_row(
        *bind_columns(*find_import_profile("court-case"), kHeading), cells, makes, 2026);
}

bool noted(ImportedRow const& row, CellVerdict verdict, std::string_view reason) {
    for (auto const& note : row.notes) {
        if (note.verdict == verdict && note.reason == reason) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("a complete row is ready, with every cell accounted for") {
    auto const row = import({"7",
                             "Barrett Firearms Mfg",
                             "0.5",
                             "82A1",
                             "ZZ00001",
                             "Rifle",
                             "Sniper",
                             "US",
                             "WI",
                             "2/20/2018",
                             "7/8/2019",
                             "Somewhere",
                             "",
                             ""});
    CHECK(row.verdict == RowVerdict::ready);
    CHECK(row.missing.empty());
    CHECK_FALSE(row.needs_review());
    auto const& d = row.trace.description;
    CHECK(row.trace.source_row == "7");
    CHECK(d.make_id == "barrett");
    CHECK(d.origin_country == "US");
    CHECK(d.calibre_id == "50-unspecified");
    CHECK(d.type_code == TypeCode::rifle);
    CHECK(d.serial_condition == SerialCondition::clear);
    CHECK(d.remarks == "subtype: Sniper");
    CHECK(row.trace.purchase->date->to_string() == "2018-02-20");
    CHECK(row.trace.purchase->admin_area == "WI");
    CHECK(row.trace.recovery->country == "MX");
    CHECK(row.trace.recovery->place_text == "Somewhere");
    CHECK(row.trace.source_cells.empty());
    CHECK(noted(row, CellVerdict::derived, "origin_country"));
}

TEST_CASE("what a file does not say becomes a condition, a kept cell or a question") {
    auto const removed = import({"1", "Unknown", "ZZ", "Unknown", "obliterated", "Pistol"});
    CHECK(removed.verdict == RowVerdict::draft);
    CHECK(removed.trace.description.serial_raw.empty());
    CHECK(removed.trace.description.serial_condition == SerialCondition::obliterated);
    CHECK(removed.trace.description.make_text.empty());
    REQUIRE(removed.trace.source_cells.size() == 4);
    CHECK(removed.trace.source_cells[3].text == "obliterated");

    auto const unlisted = import({"1",
                                  "Invented Works",
                                  ".233 REM",
                                  "22-Oct",
                                  "A1 or A7",
                                  "Multi",
                                  "",
                                  "Mexico",
                                  "",
                                  "soon",
                                  "1/1/2020",
                                  "",
                                  "1/2/2020",
                                  ""});
    CHECK(unlisted.verdict == RowVerdict::draft);
    for (auto const* reason : {"make_not_in_list",
                               "calibre_unrecognised",
                               "model_looks_like_date",
                               "serial_two_readings",
                               "type_not_recognised",
                               "country_code",
                               "date_not_a_date",
                               "second_recovery"}) {
        CAPTURE(reason);
        CHECK(noted(unlisted, CellVerdict::review, reason));
    }
    CHECK(unlisted.trace.description.serial_raw == "A1");
    REQUIRE(unlisted.trace.description.marks.size() == 1);
    CHECK(unlisted.trace.description.marks[0].text == "A7");
    CHECK(unlisted.trace.source_cells.size() == 4);  // serial, country, date, second recovery
}

TEST_CASE("a serial cell with semicolons becomes several marks and waits for review") {
    auto const row = import({"1", "Colt", "45", "1911", "ZZ1;ZZ2", "Pistol"});
    CHECK(row.trace.description.serial_raw == "ZZ1");
    REQUIRE(row.trace.description.marks.size() == 1);
    CHECK(row.trace.description.marks[0].kind == MarkKind::serial);
    CHECK(noted(row, CellVerdict::review, "serial_several_marks"));
    CHECK(noted(import({"1", "Colt", "45", "1911", "ZZ10001;", "Pistol"}),
                CellVerdict::normalised,
                "serial_trimmed"));
}

TEST_CASE("rows that cannot become a draft are rejected with column and reason") {
    auto const reason_of = [](ImportedRow const& row) {
        REQUIRE(row.verdict == RowVerdict::rejected);
        CHECK(row.trace.source_cells.empty());
        return row.notes.back().reason + "@" + std::to_string(row.notes.back().column);
    };
    CHECK(reason_of(import({"1", "Unknown", "9mm", "", "", "Pistol"})) ==
          "identifies_no_firearm@5");
    CHECK(reason_of(import({"1", "Colt", "\xFF"})) == "not_utf8@3");
    CHECK(reason_of(import({"1", "Colt", "", "\x02"})) == "control_characters@4");
    CHECK(reason_of(import({"1", "Colt", "", "", std::string(65, '1')})) == "too_long@5");
    MakeCatalogue const none({});
    auto const bound = *bind_columns(*find_import_profile("court-case"), kHeading);
    CHECK(reason_of(import_row(bound, {"1", "2"}, none, 2026)) == "cell_count@3");
    CHECK(reason_of(import_row(bound, {}, none, 2026)) == "cell_count@1");
}

TEST_CASE("columns are bound by heading; missing and repeated ones are named, foreign ones kept") {
    auto const profile = *find_import_profile("court-case");
    auto heading = kHeading;
    heading[0] = " ROW ";
    heading.emplace_back("docket");
    auto const bound = bind_columns(profile, heading);
    REQUIRE(bound.has_value());
    CHECK((*bound)[14].field == ImportField::unmapped);
    MakeCatalogue const makes(starter_makes());
    auto cells = std::vector<std::string>(15);
    cells[1] = "Colt";
    cells[14] = "D-1";
    auto const row = import_row(*bound, cells, makes, 2026);
    REQUIRE(row.trace.source_cells.size() == 1);
    CHECK(row.trace.source_cells[0].column == "docket");
    auto const faulty = bind_columns(profile, {"row", "row", "calibre"});
    REQUIRE_FALSE(faulty.has_value());
    CHECK(faulty.error().violations().size() == 13);
    CHECK(faulty.error().violations()[0].code == "column_twice");
    CHECK_FALSE(find_import_profile("nothing").has_value());
    CHECK(import_profile_names() == std::vector<std::string>{"court-case", "sheet"});
}

TEST_CASE("our own template: any of its columns, in any order, with headings of four languages") {
    auto const profile = *find_import_profile("sheet");
    MakeCatalogue const makes(starter_makes());
    auto const read = [&](std::vector<std::string> const& heading,
                          std::vector<std::string> const& cells) {
        return import_row(*bind_columns(profile, heading), cells, makes, 2026);
    };
    auto const row = read({"Marca",
                           "recovery_place",
                           "Serial",
                           "country of birth",
                           "recovery_country",
                           "recovery_date",
                           "tipo"},
                          {"Colt", "Harbour", "AB12345", "x", "ca", "2026-05-14", "Pistol"});
    CHECK(row.trace.description.serial_raw == "AB12345");
    CHECK(row.trace.description.make_text == "Colt");
    REQUIRE(row.trace.recovery.has_value());
    CHECK(row.trace.recovery->country == "CA");
    CHECK(row.trace.recovery->place_text == "Harbour");
    CHECK(row.trace.recovery->date->to_string() == "2026-05-14");
    REQUIRE(row.trace.source_cells.size() == 1);
    CHECK(row.trace.source_cells[0].column == "country of birth");

    // Which of 3 and 4 is the month, the template does not say: asked, not guessed.
    CHECK(noted(read({"serial_number", "recovery_date"}, {"AB12345", "3/4/2026"}),
                CellVerdict::review,
                "date_ambiguous_order"));
    CHECK(read({"serial_number", "recovery_place"}, {"AB12345", "Harbour"})
              .trace.recovery->country.empty());

    auto const twice = bind_columns(profile, {"marca", "manufacturer"});
    REQUIRE_FALSE(twice.has_value());
    REQUIRE(twice.error().violations().size() == 2);
    CHECK(twice.error().violations()[0].code == "column_twice");
    CHECK(twice.error().violations()[1].params == std::vector<std::string>{"serial_number"});
}
