#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "cases/trace/import_row.hpp"
#include "protocol/csv.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

std::string file_text(std::string const& name) {
    std::ifstream file(std::string(RASTRO_DATA_DIR) + "/" + name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Tally {
    std::map<std::string, int> verdicts;
    std::map<std::string, int> conditions;
    std::map<std::string, int> make_notes;
    std::map<std::string, int> reasons;  // FIELD:VERDICT:REASON -> cells
};

std::vector<protocol::CsvRow> const& rows() {
    static auto const all = protocol::read_csv(file_text("court_case_firearms.csv"));
    REQUIRE(all.has_value());
    return *all;
}

std::vector<ColumnRule> columns() {
    auto bound = bind_columns(*find_import_profile("court-case"), rows().front().fields);
    REQUIRE(bound.has_value());
    return *bound;
}

Tally tally(MakeCatalogue const& makes) {
    Tally result;
    auto const rules = columns();
    for (std::size_t i = 1; i < rows().size(); ++i) {
        auto const row = import_row(rules, rows()[i].fields, makes, 2026);
        ++result.verdicts[std::string(code_of(row.verdict))];
        for (auto const& note : row.notes) {
            auto const reason = std::string(code_of(note.field)) + ":" +
                                std::string(code_of(note.verdict)) + ":" + note.reason;
            ++result.reasons[reason];
            if (note.field == ImportField::make && note.verdict != CellVerdict::derived) {
                ++result.make_notes[note.reason.empty() ? "make_exact" : note.reason];
            }
        }
        if (row.verdict != RowVerdict::rejected) {
            auto const condition = row.trace.description.serial_condition;
            ++result.conditions[condition ? std::string(code_of(*condition)) : "not stated"];
        }
    }
    return result;
}

MakeCatalogue const& starter() {
    static MakeCatalogue const catalogue(starter_makes());
    return catalogue;
}

using Counts = std::map<std::string, int>;

}  // namespace

TEST_CASE("all 2,112 rows are accounted for, whichever list of makers is used") {
    MakeCatalogue const with_ncic(
        merge_makes(starter_makes(), makes_from_ncic_csv(file_text("ncic_gun_makes.csv"))));
    REQUIRE(rows().size() == 2113);  // with the heading
    for (auto const* makes : {&starter(), &with_ncic}) {
        auto const result = tally(*makes);
        // ready: only 322 rows speak of a recovery at all, and of these the maker must be one that
        // makes all its firearms in one country (the file has no column for the country of origin).
        // rejected: no serial, no condition of one, no maker and no model, so nothing to trace.
        CHECK(result.verdicts == Counts{{"draft", 1910}, {"ready", 93}, {"rejected", 109}});
        // 33 texts say obliterated, 1 says removed, 4 say none; where the condition is not stated
        // the cell is empty or says unknown.
        CHECK(result.conditions ==
              Counts{{"clear", 1399}, {"none", 4}, {"obliterated", 34}, {"not stated", 566}});
    }
}

TEST_CASE("makers are matched to the list or queued for review, none is dropped") {
    // 199 cells say that the maker is not known or only a style ("AR" Style); 69 spellings wait for
    // a person.
    CHECK(tally(starter()).make_notes == Counts{{"make_exact", 832},
                                                {"make_alias", 1010},
                                                {"make_normalised", 2},
                                                {"make_not_stated", 199},
                                                {"make_not_in_list", 69}});
    // The published list knows 14 of these 69 makers; the others are models, countries or typing
    // errors.
    MakeCatalogue const with_ncic(
        merge_makes(starter_makes(), makes_from_ncic_csv(file_text("ncic_gun_makes.csv"))));
    CHECK(tally(with_ncic).make_notes == Counts{{"make_exact", 837},
                                                {"make_alias", 1010},
                                                {"make_normalised", 7},
                                                {"make_prefix", 4},
                                                {"make_not_stated", 199},
                                                {"make_not_in_list", 55}});
}

TEST_CASE(
    "every non-empty cell has a note, and the counts by field add up to the cells of the file") {
    auto const rules = columns();
    std::map<std::string, int> cells;
    std::map<std::string, int> noted;
    for (std::size_t i = 1; i < rows().size(); ++i) {
        auto const& fields = rows()[i].fields;
        auto const row = import_row(rules, fields, starter(), 2026);
        std::set<std::size_t> seen;
        for (auto const& note : row.notes) {
            seen.insert(note.column);
        }
        for (std::size_t c = 0; c < fields.size(); ++c) {
            if (!fields[c].empty()) {
                ++cells[rules[c].column];
                noted[rules[c].column] += seen.contains(c + 1) ? 1 : 0;
            }
        }
        if (row.verdict == RowVerdict::rejected) {
            CHECK(row.notes.back().reason == "identifies_no_firearm");
            CHECK(row.notes.back().column == 5);
        }
    }
    CHECK(cells == noted);
    CHECK(cells["serial_number"] == 1447);
    CHECK(cells["calibre"] == 1840);
}

TEST_CASE("calibres, types and dates: what is read, what is asked") {
    auto const reasons = tally(starter()).reasons;
    // Three cells name two cartridges (357/20 twice, 30-30/20); thirteen name none of the list.
    CHECK(reasons.at("calibre:normalised:calibre_id") == 1775);
    CHECK(reasons.at("calibre:kept:calibre_not_stated") == 49);
    CHECK(reasons.at("calibre:review:calibre_ambiguous") == 3);
    CHECK(reasons.at("calibre:review:calibre_unrecognised") == 13);
    CHECK(reasons.at("type:normalised:type_code") == 2071);
    CHECK(reasons.at("type:review:type_not_recognised") == 2);  // "Multi"; "Machine Gun, replica"
    CHECK(reasons.at("purchase_date:normalised:date") == 945);
    CHECK(reasons.at("purchase_date:normalised:date_annotated") ==
          8);  // "Aug-Dec 2017", "Summer 2010"
    CHECK(reasons.at("recovery_date:normalised:date_annotated") ==
          2);  // "late-2019" in quotes, "*2/6/24"
    CHECK(reasons.at("model:review:model_looks_like_date") == 8);  // "22-Oct" for 10/22
    CHECK(reasons.at("serial:review:serial_two_readings") == 1);
}

TEST_CASE("folding look-alike glyphs makes no two serials of the sample one") {
    auto const rules = columns();
    std::set<std::string> canon;
    std::set<std::string> skeleton;
    std::set<std::string> ncic;
    for (std::size_t i = 1; i < rows().size(); ++i) {
        auto const row = import_row(rules, rows()[i].fields, starter(), 2026);
        if (auto const& raw = row.trace.description.serial_raw; !raw.empty()) {
            auto const forms = serial_forms(raw);
            canon.insert(forms.canon);
            skeleton.insert(forms.skeleton);
            ncic.insert(forms.ncic);
        }
    }
    CHECK(canon.size() == 1386);  // 1,399 serials, 13 of them twice in the file
    CHECK(skeleton.size() == canon.size());
    CHECK(ncic.size() == canon.size());
}

TEST_CASE("the published list of makers is imported without loss") {
    auto const makes = makes_from_ncic_csv(file_text("ncic_gun_makes.csv"));
    auto const source = protocol::read_csv(file_text("ncic_gun_makes.csv"));
    REQUIRE(source.has_value());
    REQUIRE(makes.size() == 4099);
    REQUIRE(source->size() == makes.size() + 1);
    int countries = 0;
    int derived = 0;
    for (std::size_t i = 0; i < makes.size(); ++i) {
        CHECK(makes[i].ncic_code == (*source)[i + 1].fields[0]);
        CHECK(makes[i].source == (*source)[i + 1].fields[1]);
        CHECK_FALSE(makes[i].name.empty());
        countries += makes[i].kind == MakeKind::country_only ? 1 : 0;
        derived += makes[i].name != makes[i].source ? 1 : 0;
    }
    CHECK(countries == 580);  // codes of countries, states and tribes: maker unknown
    CHECK(derived == 2870);   // the name could be told from town and remarks
}
