#include "cases/trace/serial.hpp"

#include <doctest/doctest.h>

#include <set>

#include "cases/trace/serial_query.hpp"
#include "cases/trace/text_fold.hpp"

using namespace rastro;
using namespace rastro::cases;

TEST_CASE("every level of a serial follows rule 4.8") {
    struct Row {
        char const* raw;
        char const* folded;
        char const* canon;
        char const* skeleton;
        char const* ncic;
        char const* core;
    };
    for (auto const& row : {
             Row{" ab-12  345 ", "AB-12 345", "AB12345", "A812345", "AB12345", "12345"},
             Row{"MM-12345 N", "MM-12345 N", "MM12345N", "MM12345N", "MM12345N", "12345"},
             Row{"OIQ-D5B", "OIQ-D5B", "OIQD5B", "010058", "05B", "5"},
             Row{"369J257", "369J257", "369J257", "369J257", "369257", "369"},
             Row{"\xEF\xBC\xA1\xEF\xBC\x91\xEF\xBC\x92", "A12", "A12", "A12", "A12", "12"},
             Row{"Ñú1 2", "NU1 2", "NU12", "NU12", "NU12", "12"},
             Row{"PACl 132428", "PACL 132428", "PACL132428", "PAC1132428", "PACL132428", "132428"},
             Row{"", "", "", "", "", ""},
             Row{"--", "--", "", "", "", ""},
         }) {
        CAPTURE(row.raw);
        auto const forms = serial_forms(row.raw);
        CHECK(forms.raw == row.raw);
        CHECK(forms.folded == row.folded);
        CHECK(forms.canon == row.canon);
        CHECK(forms.skeleton == row.skeleton);
        CHECK(forms.ncic == row.ncic);
        CHECK(forms.core == row.core);
    }
    CHECK(serial_forms("AAAA1").trigrams == std::vector<std::string>{"AA1", "AAA"});
    CHECK(serial_forms("A1").trigrams.empty());
}

TEST_CASE("the 369J257 triple shares the NCIC form, prefix and suffix letters still count") {
    auto const ncic = [](char const* raw) { return serial_forms(raw).ncic; };
    CHECK(ncic("369J257") == ncic("369257"));
    CHECK(ncic("369J257") == ncic("369M257"));
    CHECK(ncic("J369257") != ncic("369257"));
    CHECK(ncic("369257J") != ncic("369257"));
    CHECK(serial_forms("369J257").canon != serial_forms("369M257").canon);
}

TEST_CASE("sequential serials share no form") {
    std::set<std::string> canon;
    std::set<std::string> skeleton;
    std::set<std::string> ncic;
    for (int i = 0; i < 500; ++i) {
        auto const forms = serial_forms("RIA" + std::to_string(1350000 + i));
        canon.insert(forms.canon);
        skeleton.insert(forms.skeleton);
        ncic.insert(forms.ncic);
    }
    CHECK(canon.size() == 500);
    CHECK(skeleton.size() == 500);
    CHECK(ncic.size() == 500);
}

TEST_CASE("placeholders are recognised in every language and give the condition") {
    struct Row {
        char const* text;
        std::optional<SerialCondition> condition;
    };
    using C = SerialCondition;
    for (auto const& row : {
             Row{"UNKNOWN", {}},
             Row{"unknown", {}},
             Row{"None", C::none},
             Row{"N/A", {}},
             Row{"n.a.", {}},
             Row{"OBLITERATED", C::obliterated},
             Row{"Removed", C::obliterated},
             Row{"DEFACED", C::obliterated},
             Row{"SIN MATRICULA", C::none},
             Row{"Sin Matrícula", C::none},
             Row{"IN MATRICULA", C::none},
             Row{"SIN NUMERO", C::none},
             Row{"NO ESPECIFICADO", {}},
             Row{"ILEGIBLE", C::obliterated},
             Row{"SIN AV. PREV.", {}},
             Row{"BORRADO", C::obliterated},
             Row{"LIMADO", C::obliterated},
             Row{"ERRADICADO", C::obliterated},
             Row{"SEM NUMERO", C::none},
             Row{"NUMERACAO RASPADA", C::obliterated},
             Row{"numeração raspada", C::obliterated},
             Row{"SUPRIMIDA", C::obliterated},
             Row{"serial number obliterated", C::obliterated},
             Row{"partially obliterated", C::partial},
             Row{"---", {}},
             Row{"0000", {}},
             Row{"XXXX", {}},
         }) {
        CAPTURE(row.text);
        auto const found = recognise_placeholder(row.text);
        REQUIRE(found.has_value());
        CHECK(found->condition == row.condition);
    }
    for (auto const* serial :
         {"", "  ", "UFHX", "MACHINED", "NAK9", "NONE123", "A0000X", "SNA", "OBL12345"}) {
        CAPTURE(serial);
        CHECK_FALSE(recognise_placeholder(serial).has_value());
    }
}

TEST_CASE("several marks in one cell become several marks") {
    CHECK(split_serial_marks("1A; B2 ;;C3;") == std::vector<std::string>{"1A", "B2", "C3"});
    CHECK(split_serial_marks("SV7097536;") == std::vector<std::string>{"SV7097536"});
    CHECK(split_serial_marks(" ; ").empty());
    CHECK(split_readings("M4-0124234 or M4-\n0129234") ==
          std::vector<std::string>{"M4-0124234", "M4- 0129234"});
    CHECK(split_readings("ORO 123").size() == 1);
    CHECK(split_readings("O 123").size() == 1);
}

TEST_CASE("suspicious shapes are named and ordinary serials are not") {
    auto const warns = [](char const* raw, char const* model, SerialWarning wanted) {
        for (auto warning : serial_warnings(raw, model)) {
            if (warning == wanted) {
                return true;
            }
        }
        return false;
    };
    CHECK(warns("PAT 4539889", "", SerialWarning::patent_number));
    CHECK(warns("U.S. Pat. No. 4,539,889", "", SerialWarning::patent_number));
    CHECK(warns("MOD 10", "", SerialWarning::model_designation));
    CHECK(warns("m 92 pv", "M92PV", SerialWarning::equals_model));
    CHECK(warns("43", "", SerialWarning::too_short));
    CHECK(warns("12345678901234567890123", "", SerialWarning::too_long));
    CHECK(warns("АК12345", "", SerialWarning::non_latin_letters));
    CHECK(warns("AB?45", "", SerialWarning::unreadable_signs));
    CHECK(warns("SN- 000321", "", SerialWarning::starts_with_label));
    CHECK(serial_warnings("KR261180", "Pro Carry II").empty());
    CHECK(serial_warnings("PATRIOT123", "").empty());
}

TEST_CASE("a masked serial shows at most its last four characters and never more than half") {
    CHECK(mask_serial("KR-261180") == "***1180");
    CHECK(mask_serial("12345") == "***45");
    CHECK(mask_serial("7") == "***");
    CHECK(mask_serial("") == "");
}

TEST_CASE("a serial query matches what it describes and nothing else") {
    struct Row {
        char const* query;
        char const* canon;
        bool matches;
    };
    for (auto const& row : {
             Row{"AB?45*", "ABX45", true},
             Row{"AB?45*", "ABX4599", true},
             Row{"AB?45*", "AB45", false},
             Row{"ab?45*", "ABX45", true},
             Row{"AB-12", "AB12", true},
             Row{"12{8B3}45", "12B45", true},
             Row{"12{8B3}45", "12345", true},
             Row{"12{8B3}45", "12445", false},
             Row{"*123*", "A123Z", true},
             Row{"*123*", "123", true},
             Row{"*123*", "1203", false},
             Row{"123", "1234", false},
             Row{"A*B*12*C", "AXXB12B12ZC", true},
         }) {
        CAPTURE(row.query);
        CAPTURE(row.canon);
        auto const query = parse_serial_query(row.query);
        REQUIRE(query.has_value());
        CHECK(query->matches(row.canon) == row.matches);
    }
    auto const hard = parse_serial_query("*11*1*1*1*1*1*1*1*1*1*1*1*1*1*2");
    REQUIRE(hard.has_value());
    CHECK_FALSE(hard->matches(std::string(64, '1')));
    CHECK(parse_serial_query("a{b83}c**12")->to_string() == "A{38B}C*12");
    CHECK(parse_serial_query("12{8}4?")->longest_known_run() == "1284");
}

TEST_CASE("a serial query below the minimum is refused with its reason") {
    struct Row {
        std::string query;
        char const* code;
    };
    for (auto const& row : {
             Row{"", "serial_query_empty"},
             Row{" - ", "serial_query_empty"},
             Row{"12?", "serial_query_few_known"},
             Row{"{12}{34}{56}", "serial_query_few_known"},
             Row{"1?2?3", "serial_query_none_adjacent"},
             Row{"12{3", "serial_query_brace"},
             Row{"12}3", "serial_query_brace"},
             Row{"123{}", "serial_query_brace"},
             Row{"123{4{5}}", "serial_query_brace"},
             Row{"123{4?}", "serial_query_brace"},
             Row{std::string(65, '1'), "serial_query_too_long"},
             Row{std::string(300, ' '), "serial_query_too_long"},
         }) {
        CAPTURE(row.query);
        auto const query = parse_serial_query(row.query);
        REQUIRE_FALSE(query.has_value());
        REQUIRE(query.error().violations().size() == 1);
        CHECK(query.error().violations()[0].code == row.code);
    }
}

TEST_CASE("folding is total and idempotent") {
    for (std::string const& text : {std::string("\xFF\xC3", 2),
                                    std::string("a\0b", 3),
                                    std::string("Łódź ﬀ Ｘ"),
                                    std::string("\xE2\x80\x8B e\xCC\x81")}) {
        auto const once = fold_text(text);
        CHECK(fold_text(once) == once);
        CHECK(fold_words(fold_words(text)) == fold_words(text));
    }
    CHECK(fold_text("Łódź") == "LODZ");
    CHECK(fold_words("Spike's Tactical, LLC") == "SPIKES TACTICAL LLC");
    CHECK(fold_text("7,62×39") == "7,62X39");
}
