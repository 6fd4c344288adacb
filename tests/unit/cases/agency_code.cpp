#include "cases/agency_code.hpp"

#include <doctest/doctest.h>

using namespace rastro::cases;

TEST_CASE("the check character is ISO 7064 MOD 37,36") {
    // Example of the Global Release Identifier, which uses the same system: A1-2425G-ABC1234002-M.
    CHECK(check_character_of("A12425GABC1234002") == 'M');
    CHECK(check_character_of("XAPOLNAC") == 'C');
    CHECK_FALSE(check_character_of(""));
    CHECK_FALSE(check_character_of("xa"));
    CHECK_FALSE(check_character_of("XA-1"));
}

TEST_CASE("codes are made and checked") {
    CHECK(agency_code_of("XA", "POLNAC") == "XA-POLNAC-C");
    CHECK(fault_of_agency_code("XA-POLNAC-C") == AgencyCodeFault::none);
    CHECK(fault_of_agency_code("XA-POLNAC-7") == AgencyCodeFault::check_character);
    for (auto const* wrong : {"",
                              "XA",
                              "XA-PO-C",
                              "XA-POLNACIONAL-C",
                              "xa-POLNAC-C",
                              "XA-PolNac-C",
                              "XA_POLNAC_C",
                              "XAPOLNAC-C",
                              "X1-POLNAC-C",
                              "XA-POLNAC-c"}) {
        CHECK_MESSAGE(fault_of_agency_code(wrong) == AgencyCodeFault::shape, wrong);
    }
    CHECK_FALSE(agency_code_of("X", "POLNAC"));
    CHECK_FALSE(agency_code_of("XA", "PO"));
    CHECK_FALSE(agency_code_of("XA", "PO LNAC"));
}

TEST_CASE("one wrong character and two swapped neighbours are noticed") {
    std::string const code = "XB-GUARDA12-" + std::string(1, *check_character_of("XBGUARDA12"));
    REQUIRE(fault_of_agency_code(code) == AgencyCodeFault::none);
    for (std::size_t i = 0; i < code.size(); ++i) {
        for (char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
            auto wrong = code;
            wrong[i] = c;
            if (wrong != code) {
                CHECK_MESSAGE(fault_of_agency_code(wrong) != AgencyCodeFault::none, wrong);
            }
        }
        auto swapped = code;
        if (i + 1 < code.size() && code[i] != code[i + 1]) {
            std::swap(swapped[i], swapped[i + 1]);
            CHECK_MESSAGE(fault_of_agency_code(swapped) != AgencyCodeFault::none, swapped);
        }
    }
}
