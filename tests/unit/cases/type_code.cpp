#include "cases/trace/type_code.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "cases/trace/text_fold.hpp"

using namespace rastro::cases;

TEST_CASE("types have complete rows, and no word means two types") {
    REQUIRE(all_types().size() == 16);
    std::set<std::string> words;
    for (auto const& info : all_types()) {
        CAPTURE(info.code);
        CHECK(type_from(info.code) == info.type);
        CHECK(&type_info(info.type) == &info);
        for (auto const& text : {info.label_en,
                                 info.label_es,
                                 info.label_pt,
                                 info.label_fr,
                                 info.atf_report,
                                 info.unodc}) {
            CHECK_FALSE(text.empty());
        }
        CHECK_FALSE(info.ncic_codes.empty());
        for (auto const& word : info.words) {
            CAPTURE(word);
            CHECK(words.insert(word).second);
            CHECK(parse_type(word) == info.type);
        }
    }
    CHECK(type_label(TypeCode::rifle, "pt") == "Fuzil");
    CHECK(type_label(TypeCode::rifle, "xx") == "Rifle");
}

TEST_CASE("free text of four languages gives the type") {
    struct Row {
        std::string text;
        TypeCode type;
    };
    for (auto const& row : {
             Row{"Rifle", TypeCode::rifle},
             Row{"RIFLE", TypeCode::rifle},
             Row{"Assault Rifle", TypeCode::rifle},
             Row{"Semi-automatic rifle", TypeCode::rifle},
             Row{"fuzil", TypeCode::rifle},
             Row{"Lower Receiver", TypeCode::receiver_frame},
             Row{"Receiver/Frame", TypeCode::receiver_frame},
             Row{"armazón", TypeCode::receiver_frame},
             Row{"pistola", TypeCode::pistol},
             Row{"REVÓLVER", TypeCode::revolver},
             Row{"metralleta", TypeCode::submachine_gun},
             Row{"Machinegun", TypeCode::machine_gun},
             Row{"Grenade Launcher", TypeCode::destructive_device},
             Row{"Rifle/Shotgun", TypeCode::combination},
             Row{"silencer", TypeCode::silencer},
             Row{"BARREL", TypeCode::part},
             Row{"HANDGUN", TypeCode::handgun},
             Row{"any_other_weapon", TypeCode::any_other_weapon},
             Row{"unknown", TypeCode::unknown},
         }) {
        CAPTURE(row.text);
        CHECK(parse_type(row.text) == row.type);
    }
    for (std::string const text :
         {"", " ", "Multi", "Machine Gun, replica", "rifles and pistols"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_type(text).has_value());
    }
}

TEST_CASE("NIEM gun types map to ours, unknown second characters by the first") {
    CHECK(type_from_ncic("PR") == TypeCode::revolver);
    CHECK(type_from_ncic("PD") == TypeCode::derringer);
    CHECK(type_from_ncic("P") == TypeCode::pistol);
    CHECK(type_from_ncic("RH") == TypeCode::rifle);
    CHECK(type_from_ncic("RA") == TypeCode::machine_gun);
    CHECK(type_from_ncic("GN") == TypeCode::destructive_device);
    CHECK(type_from_ncic("Z") == TypeCode::any_other_weapon);
    CHECK_FALSE(type_from_ncic("F").has_value());  // ammunition is no firearm
    CHECK_FALSE(type_from_ncic("").has_value());
    CHECK_FALSE(type_from_ncic("PRX").has_value());
}
