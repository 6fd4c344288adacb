#include "cases/trace/calibre.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace rastro::cases;

TEST_CASE("calibres are read in every spelling met in real lists") {
    struct Row {
        std::string text;
        std::string id;
        std::string group;
        std::string ncic;
    };
    for (auto const& row : {
             Row{"0.22", "22-rimfire", ".22", "22"},
             Row{"22", "22-rimfire", ".22", "22"},
             Row{".22LR", "22-rimfire", ".22", "22"},
             Row{".22 Mag", "22-wmr", ".22", "22"},
             Row{"9mm", "9mm-unspecified", "9 mm", "9"},
             Row{"9 mm", "9mm-unspecified", "9 mm", "9"},
             Row{"9", "9mm-unspecified", "9 mm", "9"},
             Row{"9x19 mm", "9mm-luger", "9 mm", "9"},
             Row{"7.62x39mm", "762x39", "7.62x39 mm", "762"},
             Row{"7.62 x 39mm", "762x39", "7.62x39 mm", "762"},
             Row{"7.62 x39mm", "762x39", "7.62x39 mm", "762"},
             Row{"7,62x39", "762x39", "7.62x39 mm", "762"},
             Row{"7.62×39", "762x39", "7.62x39 mm", "762"},
             Row{"7.62", "762-unspecified", "7.62 mm", "762"},
             Row{"7.62 mm", "762-unspecified", "7.62 mm", "762"},
             Row{".762", "762-unspecified", "7.62 mm", "762"},
             Row{"5.56", "223-remington", "5.56 mm", "556"},
             Row{"5.56 (.223)", "223-remington", "5.56 mm", "556"},
             Row{"5.56/.223", "223-remington", "5.56 mm", "556"},
             Row{"0.223", "223-remington", "5.56 mm", "556"},
             Row{".308 (7.62)", "308-winchester", "7.62x51 mm", "308"},
             Row{"7.62 (.308)", "308-winchester", "7.62x51 mm", "308"},
             Row{"0..308", "308-winchester", "7.62x51 mm", "308"},
             Row{"0.5", "50-unspecified", ".50", "50"},
             Row{".50 BMG", "50-bmg", ".50 BMG", "50"},
             Row{".5 BMG", "50-bmg", ".50 BMG", "50"},
             Row{"0.4", "40-sw", ".40", "40"},
             Row{"0.38", "38-unspecified", ".38", "38"},
             Row{",45", "45-acp", ".45", "45"},
             Row{"0..45", "45-acp", ".45", "45"},
             Row{"12 ga", "12-gauge", "12 gauge", "12"},
             Row{"12-gauge", "12-gauge", "12 gauge", "12"},
             Row{"12 guage", "12-gauge", "12 gauge", "12"},
             Row{"12", "12-gauge", "12 gauge", "12"},
             Row{"calibre 12", "12-gauge", "12 gauge", "12"},
             Row{"410", "410-bore", ".410", "410"},
             Row{"30-30", "30-30", ".30", "30"},
             Row{"30-06", "30-06", ".30", "3006"},
             Row{"8x57", "8mm-mauser", "8 mm", "8"},
             Row{"45/410", "45-410", ".45", "45"},
             Row{"22-250", "22-250", ".22 centrefire", "22"},
             Row{"57", "57x28", "5.7 mm", ""},
             Row{"5.7×28mm", "57x28", "5.7 mm", ""},
             Row{"10mm", "10mm-auto", "10 mm", "10"},
             Row{"10 guage", "10-gauge", "10 gauge", "10"},
             Row{"Multi", "multi", "multi", ""},
             Row{"MULTI", "multi", "multi", ""},
         }) {
        CAPTURE(row.text);
        auto const reading = parse_calibre(row.text);
        CHECK(code_of(reading.status) == "recognised");
        CHECK(reading.id == row.id);
        CHECK(reading.group == row.group);
        CHECK((reading.ncic_codes.empty() ? "" : reading.ncic_codes.front()) == row.ncic);
    }
}

TEST_CASE("texts that state no calibre, two calibres or none known are told apart") {
    for (std::string const text : {"",
                                   "  ",
                                   "Unknown",
                                   "ZZ",
                                   "zz",
                                   "Not provided",
                                   "None stated",
                                   "N/A",
                                   "-",
                                   "Does not have a caliber"}) {
        CAPTURE(text);
        CHECK(parse_calibre(text).status == CalibreStatus::not_stated);
    }
    auto const both = parse_calibre("357/20");
    CHECK(both.status == CalibreStatus::ambiguous);
    CHECK(both.candidates == std::vector<std::string>{"357-magnum", "20-gauge"});
    for (std::string const text :
         {".233 REM", "7.672x51mm", "640", "4mm", "bang", ".", "0", "((((", "x", "///"}) {
        CAPTURE(text);
        CHECK(parse_calibre(text).status != CalibreStatus::recognised);
    }
}

TEST_CASE("the calibre list has unique ids, and every alias leads back to its own row") {
    std::set<std::string> ids;
    for (auto const& calibre : all_calibres()) {
        CAPTURE(calibre.id);
        CHECK(ids.insert(calibre.id).second);
        CHECK_FALSE(calibre.group.empty());
        CHECK(parse_calibre(calibre.designation).status != CalibreStatus::unrecognised);
        for (auto const& alias : calibre.aliases) {
            CAPTURE(alias);
            auto const reading = parse_calibre(alias);
            CHECK(reading.id == calibre.id);
        }
    }
    CHECK(ids.size() >= 60);
}
