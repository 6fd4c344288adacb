#include "cases/trace/matching.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "cases/trace/serial.hpp"

using namespace rastro::cases;

namespace {

MakeCatalogue const& makes() {
    static MakeCatalogue const catalogue(starter_makes());
    return catalogue;
}

FirearmDescription pistol(std::string serial) {
    FirearmDescription firearm;
    firearm.serial_raw = std::move(serial);
    firearm.make_text = "Glock GmbH";
    firearm.calibre_text = "9x19";
    firearm.type_code = TypeCode::pistol;
    firearm.model_text = "17";
    firearm.import_country = "US";
    return firearm;
}

Assessment compare(FirearmDescription const& a, FirearmDescription const& b) {
    MakeComparison const make(makes(), a.make_id, a.make_text);
    return assess(match_side(a), nullptr, make, match_side(b));
}

std::string relation(std::string_view a, std::string_view b) {
    auto const forwards = compare_serials(a, b);
    CHECK(forwards == compare_serials(b, a));
    return std::string(code_of(forwards));
}

bool shown(Assessment const& assessment) {
    return assessment.band == MatchBand::strong || assessment.band == MatchBand::possible;
}

std::string rule_of(Assessment const& assessment, MatchField field) {
    auto const found = std::ranges::find(assessment.fields, field, &FieldMatch::field);
    return found == assessment.fields.end() ? "" : found->rule;
}

}  // namespace

TEST_CASE("how two serials stand to each other") {
    struct Pair {
        std::string_view a, b, relation;
    };
    for (auto const& [a, b, wanted] : {
             Pair{"AB12345", "AB12345", "equal"},
             Pair{"NAB51042", "NA8SIO42", "look_alike"},
             Pair{"369J257", "369257", "ncic"},
             Pair{"369J257", "369M257", "ncic"},
             Pair{"369M257", "369257", "ncic"},
             Pair{"J369257", "369257", "neighbour"},  // prefix letters count
             Pair{"369257J", "369257", "neighbour"},
             Pair{"MK1234", "NK1234", "confusable"},
             Pair{"CK41567", "GK41567", "confusable"},
             Pair{"WK7788", "VVK7788", "confusable"},
             Pair{"7234567", "1234567", "confusable"},  // six million apart: no run
             Pair{"AB12345", "BA12345", "swapped"},
             Pair{"1A23456", "A123456", "swapped"},
             Pair{"1245678", "2145678", "swapped"},
             Pair{"AB12345", "AB12346", "neighbour"},
             Pair{"AB12341", "AB12347", "neighbour"},  // 1 and 7, but two numbers of one run
             Pair{"AB12343", "AB12348", "neighbour"},
             Pair{"AB12312", "AB12321", "neighbour"},
             Pair{"AB1234", "AB12345", "neighbour"},
             Pair{"AB12345", "AB19845", "unrelated"},
             Pair{"", "AB12345", "not_compared"},
         }) {
        CHECK_MESSAGE(relation(a, b) == wanted, a << " " << b);
    }
}

TEST_CASE("everything that may be the same serial is among the skeletons one error away") {
    std::mt19937 random(20260514);
    std::string_view const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    auto const any = [&](std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
    };
    std::map<std::string, int> seen;
    for (int round = 0; round < 4000; ++round) {
        std::string a;
        for (auto n = 3 + any(9); n > 0; --n) {
            a.push_back(letters[any(letters.size())]);
        }
        auto b = a;
        switch (any(5)) {
            case 0:
                b[any(b.size())] = letters[any(letters.size())];
                break;
            case 1:
                b.insert(any(b.size() + 1), 1, letters[any(letters.size())]);
                break;
            case 2:
                b.erase(any(b.size()), 1);
                break;
            case 3: {
                auto const at = any(b.size() - 1);
                std::swap(b[at], b[at + 1]);
                break;
            }
            default:
                if (auto const at = b.find('W'); at != std::string::npos) {
                    b.replace(at, 1, "VV");
                }
        }
        auto const code = relation(a, b);
        ++seen[code];
        CHECK(code != "unrelated");
        if (code == "confusable" || code == "swapped" || code == "neighbour") {
            auto const near = skeletons_one_error_away(serial_skeleton_of(a));
            CHECK(near.size() <= 56 * a.size() + 27);
            CHECK_MESSAGE(std::ranges::binary_search(near, serial_skeleton_of(b)), a << " " << b);
        }
    }
    for (auto const* code : {"confusable", "swapped", "neighbour", "look_alike", "equal", "ncic"}) {
        CHECK_MESSAGE(seen[code] > 5, code);
    }
}

TEST_CASE("numbers of one run never match each other, however alike they are") {
    for (std::string const prefix : {"", "ABC", "K", "MM"}) {
        for (int first : {100, 1000, 33000, 170000, 987000}) {
            for (int a = first; a < first + 900; a += 7) {
                for (int b = first; b < first + 900; ++b) {
                    auto const x = prefix + std::to_string(a);
                    auto const y = prefix + std::to_string(b);
                    if (a == b || x.size() != y.size()) {
                        continue;
                    }
                    auto const code = compare_serials(x, y);
                    bool const apart =
                        code == SerialRelation::neighbour || code == SerialRelation::unrelated;
                    if (!apart) {
                        FAIL_CHECK(x << " and " << y << ": " << code_of(code));
                    }
                }
            }
        }
    }
    // With everything else alike they stay neighbours, and neighbours are never shown unasked.
    auto const next = compare(pistol("ABC1231"), pistol("ABC1237"));
    CHECK(next.band == MatchBand::neighbour);
    CHECK(next.score < 65);
    CHECK(rule_of(next, MatchField::serial) == "serial_neighbour");
}

TEST_CASE("scores and bands of 4.8") {
    auto const gun = pistol("BGH123");
    auto const same = compare(gun, gun);
    CHECK(same.score == 100);  // 60 + 20 + 8 + 6 + 6 + 4, at most 100
    CHECK(same.band == MatchBand::strong);
    CHECK(same.fields.size() == 6);
    CHECK(same.agreeing() ==
          std::vector<std::string>{"serial", "make", "calibre", "type", "model", "import_country"});

    FirearmDescription bare;
    bare.serial_raw = "BGH123";
    auto const serial_only = compare(bare, gun);
    CHECK(serial_only.score == 60);  // a serial is unique only per maker
    CHECK(serial_only.band == MatchBand::weak);
    CHECK(fields_to_compare(serial_only) == std::vector<MatchField>{MatchField::serial});

    bare.make_text = "Glock GmbH";
    CHECK(compare(bare, gun).score == 80);
    CHECK(compare(bare, gun).band == MatchBand::possible);
    bare.serial_raw = "8GHI23";  // B as 8, 1 as I
    CHECK(compare(bare, gun).score == 72);
    bare.calibre_text = "9 mm Parabellum";
    bare.type_code = TypeCode::handgun;  // may be a pistol
    CHECK(compare(bare, gun).score == 80);
    CHECK(rule_of(compare(bare, gun), MatchField::type) == "type_compatible");
    bare.type_code = TypeCode::rifle;
    CHECK(compare(bare, gun).score == 70);

    auto other = gun;
    other.make_text = "Colt";
    auto const conflict = compare(gun, other);
    CHECK(conflict.score == 60 - 25 + 8 + 6 + 6 + 4);
    CHECK(conflict.band == MatchBand::weak);
    other.make_text = "Zzyzx Works";  // nobody knows it: says nothing
    CHECK(rule_of(compare(gun, other), MatchField::make) == "make_not_compared");
    auto unknown = pistol("BGH123");
    unknown.make_text = "ZZYZX WORKS, Inc.";
    CHECK(rule_of(compare(unknown, other), MatchField::make) == "make_equal");
    other.make_text = "Unknown";
    unknown.make_text = "Unknown";
    CHECK(rule_of(compare(unknown, other), MatchField::make) == "make_not_compared");

    auto no_number = pistol("OBLITERATED");
    CHECK(rule_of(compare(no_number, no_number), MatchField::serial) == "serial_not_compared");
    CHECK_FALSE(shown(compare(no_number, no_number)));
}

TEST_CASE("makers that one spelling or the beginning of a name may mean are one alias group") {
    auto const in = [](char const* a, char const* b) {
        bool const there = makes().alias_group(a).contains(b);
        CHECK(there == makes().alias_group(b).contains(a));
        return there;
    };
    CHECK(in("beretta", "beretta-us"));
    CHECK(in("beretta", "beretta-it"));
    CHECK(in("century-arms", "century-international"));
    CHECK(in("colt", "colt"));
    CHECK_FALSE(in("colt", "beretta"));
    CHECK_FALSE(in("beretta", "not-stated"));
    CHECK(makes().alias_group("nobody").empty());
    auto a = pistol("BGH123");
    auto b = a;
    a.make_text = "Beretta";
    b.make_text = "Beretta USA Corp";
    CHECK(rule_of(compare(a, b), MatchField::make) == "make_alias_group");
}

TEST_CASE("a query with unknown characters, as asked and with look-alikes") {
    auto const query = parse_serial_query("AB?45*").value();
    CHECK(compare_pattern(query, "AB145X") == SerialRelation::pattern);
    CHECK(compare_pattern(query, "A8I4S") == SerialRelation::pattern_look_alike);
    CHECK(compare_pattern(query, "AC145X") == SerialRelation::unrelated);
    CHECK(compare_pattern(query, "") == SerialRelation::not_compared);
    auto gun = pistol("");
    MakeComparison const make(makes(), "", gun.make_text);
    auto side = match_side(gun);
    side.calibre_group.clear();
    side.type.reset();
    side.model.clear();
    side.import_country.clear();
    auto const found = assess(side, &query, make, match_side(pistol("AB1451")));
    CHECK(found.score == 65);
    CHECK(found.band == MatchBand::possible);

    struct Like {
        std::string_view query, like, prefix, suffix;
        std::size_t trigrams;
    };
    for (auto const& [text, like, prefix, suffix, trigrams] : {
             Like{"AB?45*", "A8_45%", "A8", "", 2},
             Like{"*45123", "%45123", "", "45123", 4},
             Like{"A{8B3}CD", "A_C0", "A", "C0", 2},
             Like{"A{8B}C12", "A8C12", "A8C12", "A8C12", 6},
             Like{"*ABC*", "%A8C%", "", "", 1},
             Like{"?A?BC?", "_A_8C_", "", "", 0},
         }) {
        auto const pattern = pattern_of(parse_serial_query(text).value());
        CHECK(pattern.like == like);
        CHECK_MESSAGE(pattern.prefix == prefix, text);
        CHECK_MESSAGE(pattern.suffix == suffix, text);
        CHECK_MESSAGE(pattern.trigrams == trigrams, text);
    }
}

TEST_CASE("the rules are a table that every comparison finds itself in") {
    std::map<std::string, int> seen;
    for (auto const& rule : match_rules()) {
        CHECK_MESSAGE(++seen[rule.code] == 1, rule.code);
        CHECK_MESSAGE(rule.code.starts_with(code_of(rule.field)), rule.code);
        CHECK_FALSE(rule.source.empty());
    }
    // No serial that is not the same may by itself be shown, and all that speaks for a neighbour is
    // not enough.
    int without_serial = 0;
    for (auto const* code : {"make", "calibre", "type", "model", "import_country"}) {
        auto const rule =
            std::ranges::find(match_rules(), std::string(code) + "_equal", &MatchRule::code);
        REQUIRE(rule != match_rules().end());
        without_serial += rule->points;
    }
    CHECK(without_serial < 65);
}
