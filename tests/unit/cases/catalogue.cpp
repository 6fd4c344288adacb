#include "cases/trace/catalogue.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace rastro::cases;

TEST_CASE("spellings of one maker have one key") {
    CHECK(make_key("Remington Arms Company, Inc.") == make_key("REMINGTON ARMS CO"));
    CHECK(make_key("Beretta, Pietro S.P.A.") == "BERETTA PIETRO");
    CHECK(make_key("Smith & Wesson") == "SMITH AND WESSON");
    CHECK(make_key("SPIKE’S TACTICAL  LLC") == "SPIKES TACTICAL");
    CHECK(make_key("Československá Zbrojovka") == "CESKOSLOVENSKA ZBROJOVKA");
    CHECK(make_key("Company") == "COMPANY");
    CHECK(make_key("") == "");
}

TEST_CASE("free text is resolved by name, alias, form and unique prefix, else queued") {
    MakeCatalogue const catalogue(starter_makes());
    struct Row {
        std::string text;
        std::string kind;
        std::string make_id;
    };
    for (auto const& row : {
             Row{"Smith & Wesson", "exact", "smith-wesson"},
             Row{"SMITH AND WESSON", "exact", "smith-wesson"},
             Row{"Ruger", "alias", "ruger"},
             Row{"Strum, Ruger & Co.", "alias", "ruger"},
             Row{"Berreta", "alias", "beretta"},
             Row{"Beretta, Pietro S.P.A,", "alias", "beretta-it"},
             Row{"GLOCK GMBH", "alias", "glock-at"},
             Row{"Glock, Inc.", "exact", "glock-us"},
             Row{"FN", "alias", "fn-herstal"},
             Row{"F.N.", "alias", "fn-herstal"},
             Row{"Kimber Company", "normalised", "kimber"},
             Row{"ROCK RIVER ARMS  INC.", "alias", "rock-river"},
             Row{"Glock", "alias", "glock"},
             Row{"Beretta", "alias", "beretta"},
             Row{"Taurus", "alias", "taurus"},
             Row{"Century Mfg., Inc.", "alias", "century-mfg"},
             Row{"Riley", "prefix", "riley-defense"},
             Row{"Unknown", "not_stated", ""},
             Row{"\"AR\" Style", "not_stated", ""},
             Row{"", "not_stated", ""},
             Row{"  ", "not_stated", ""},
             Row{"Privately Made Firearm (PMF)", "alias", "privately-made"},
             Row{"Smith & Corona", "none", ""},
             Row{"Nova Modul", "none", ""},
             Row{"Ars", "none", ""},
         }) {
        CAPTURE(row.text);
        auto const match = catalogue.resolve(row.text);
        CHECK(code_of(match.kind) == row.kind);
        CHECK((match.make == nullptr ? "" : match.make->make_id) == row.make_id);
    }
    auto const longer = catalogue.resolve("Colt Match Target");
    CHECK(longer.kind == MakeMatchKind::none);
    CHECK(longer.suggestions == std::vector<std::string>{"colt"});
    CHECK(catalogue.find("colt") != nullptr);
    CHECK(catalogue.find("nothing") == nullptr);
}

TEST_CASE("two makers that share a name are never chosen between") {
    MakeCatalogue const catalogue(
        {{"a", "Acme", MakeKind::maker, "XA", "", {}, "", 0},
         {"b", "Acme Inc", MakeKind::maker, "XB", "", {"Acme Arms"}, "", 0},
         {"c", "Acme Guns", MakeKind::maker, "XC", "", {}, "", 0}});
    CHECK(catalogue.resolve("acme").make->make_id == "a");
    CHECK(catalogue.resolve("ACME, Inc.").make->make_id == "b");
    MakeCatalogue const twins({{"a", "Acme", MakeKind::maker, "XA", "", {}, "", 0},
                               {"b", "Acme", MakeKind::maker, "XB", "", {}, "", 0},
                               {"c", "Acme", MakeKind::maker, "XC", "", {}, "", 1}});
    auto const match = twins.resolve("Acme");
    CHECK(match.kind == MakeMatchKind::none);
    CHECK(match.suggestions == std::vector<std::string>{"a", "b"});
}

TEST_CASE(
    "the starter list is sound: unique ids, and every name and alias answers with its own row") {
    MakeCatalogue const catalogue(starter_makes());
    std::set<std::string> ids;
    std::set<std::string> codes;
    for (auto const& entry : catalogue.entries()) {
        CAPTURE(entry.make_id);
        CHECK(ids.insert(entry.make_id).second);
        CHECK((entry.ncic_code.empty() || codes.insert(entry.ncic_code).second));
        CHECK((entry.country.empty() || entry.country.size() == 2));
        CHECK_FALSE(entry.source.empty());
        if (entry.kind == MakeKind::not_stated) {
            continue;
        }
        auto names = entry.aliases;
        names.push_back(entry.name);
        for (auto const& name : names) {
            CAPTURE(name);
            auto const match = catalogue.resolve(name);
            REQUIRE(match.make != nullptr);
            CHECK(match.make->make_id == entry.make_id);
        }
    }
    CHECK(ids.size() >= 120);
}

TEST_CASE("names are taken out of published texts where they can be told, and nothing is lost") {
    struct Row {
        std::string text;
        std::string name;
    };
    for (auto const& row : {
             Row{"ANN ARBOR ARMS ANN ARBOR, MI", "ANN ARBOR ARMS"},
             Row{"JENNINGS FIREARMS CO.CHINO, CA", "JENNINGS FIREARMS CO"},
             Row{"GUN ENVY, LLC COLUMBUS, OHIO", "GUN ENVY, LLC"},
             Row{"DESERT ORDNANCE; CORNVILLE, ARIZONA", "DESERT ORDNANCE"},
             Row{"CBC (CIA BRAZILERIA DE CARTUCHOS)", "CBC"},
             Row{"BBB BRAND OF SOMEBODY", "BBB"},
             Row{"HIGH STANDARD OR SAINT HELENA; USE COUNTRY CODE IF MAKE CANNOT BE DETERMINED",
                 "HIGH STANDARD"},
             Row{"KIMBER", "KIMBER"},
             Row{"KEL-TEC COCOA, FL", "KEL-TEC COCOA, FL"},
             Row{"", ""},
         }) {
        CAPTURE(row.text);
        CHECK(maker_name_in_ncic_text(row.text) == row.name);
    }
    auto const rows = makes_from_ncic_csv(
        "code,name\nAA,ALBANIA CODE BY COUNTRY IF MAKE CAN NOT BE DETERMINED.\nCLT,COLT FIREARMS "
        "(ACE MODEL)\n"
        "QQQ,\"INVENTED ARMS, INC. NOWHERE, OHIO\"\n");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].kind == MakeKind::country_only);
    CHECK(rows[2].source == "INVENTED ARMS, INC. NOWHERE, OHIO");
    auto const own = starter_makes().size();
    MakeCatalogue const merged(merge_makes(starter_makes(), rows));
    CHECK(merged.entries().size() == own + 2);  // CLT joined colt
    CHECK(merged.resolve("Invented Arms").make->ncic_code == "QQQ");
    CHECK(merged.resolve("Colt Firearms").make->make_id == "colt");
}
