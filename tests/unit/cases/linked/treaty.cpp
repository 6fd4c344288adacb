#include "cases/linked/treaty.hpp"

#include <doctest/doctest.h>

#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

Date day(char const* text) {
    return *parse_iso_date(text);
}

// XA is in everything; XB left the smuggling protocol; XC never joined the Convention but, by a
// fault of the list, a protocol; XD does not take the Convention as basis of extradition.
TreatyTable table() {
    return TreatyTable::parse(
               "instrument,country,in_force_from,in_force_to,declarations,source\n"
               "UNTOC,XA,2003-09-29,,,test\nUNTOC,XB,2003-09-29,,,test\n"
               "UNTOC,XD,2010-01-01,,no_extradition_basis|other,test\n"
               "SOM,XA,2004-01-28,,,test\nSOM,XB,2004-01-28,2020-01-01,,test\n"
               "SOM,XC,2004-01-28,,,test\n")
        .value();
}

}  // namespace

TEST_CASE("a basis carries only what binds both countries on that day") {
    auto const treaties = table();
    struct Row {
        char const* instrument;
        char const* article;
        char const* kind;
        char const* a;
        char const* b;
        char const* on;
        std::optional<BasisFault> want;
    };
    using enum BasisFault;
    for (auto const& row : {
             Row{"UNTOC", "18", "mla", "XA", "XB", "2025-01-01", std::nullopt},
             Row{"UNTOC", "18", "mla", "XA", "XB", "2003-09-28", not_a_party},
             Row{"UNTOC", "18", "mla", "XA", "XC", "2025-01-01", not_a_party},
             Row{"SOM", "6", "mla", "XA", "XB", "2019-12-31", std::nullopt},
             Row{"SOM", "6", "mla", "XA", "XB", "2020-01-01", not_a_party},
             Row{"SOM", "6", "mla", "XA", "XC", "2025-01-01", convention_missing},
             Row{"UNTOC", "16(4)", "extradition", "XA", "XD", "2025-01-01", declared_otherwise},
             Row{"UNTOC", "18", "mla", "XA", "XD", "2025-01-01", std::nullopt},
             Row{"UNTOC", "16", "extradition", "XA", "XB", "2025-01-01", std::nullopt},
             Row{"bilateral", "", "mla", "XA", "XB", "2025-01-01", unknown_instrument},
         }) {
        CAPTURE(row.instrument);
        CAPTURE(row.on);
        CHECK(check_basis(treaties,
                          {row.instrument, row.article, Reliance::sole},
                          row.kind,
                          row.a,
                          row.b,
                          day(row.on)) == row.want);
    }
}

TEST_CASE("faulty rows of the list are told with their place") {
    auto const read = TreatyTable::parse(
        "instrument,country,in_force_from,in_force_to,declarations,source\n"
        "UNTOC,XA,2003-02-30,,,test\n,XAA,2003-01-01,2002-01-01,,\n");
    REQUIRE_FALSE(read.has_value());
    std::vector<std::string> places;
    auto const problem = read.error();
    for (auto const& violation : problem.violations()) {
        places.push_back(violation.pointer);
    }
    CHECK(places ==
          std::vector<std::string>{
              "/0/in_force_from", "/1/instrument", "/1/country", "/1/source", "/1/in_force_to"});
}

TEST_CASE("the list of the house can be read, and every row names its source") {
    for (auto const& row : TreatyTable::built_in().rows()) {
        CHECK_FALSE(row.source.empty());
    }
    CHECK(TreatyTable::built_in().is_party("UNTOC", "BB", day("2014-12-11")));
    CHECK_FALSE(TreatyTable::built_in().is_party("UNTOC", "BB", day("2014-12-10")));
}

TEST_CASE("how far a basis was relied upon, by name") {
    for (auto reliance : {Reliance::sole,
                          Reliance::principal,
                          Reliance::concurrent,
                          Reliance::invoked_not_relied,
                          Reliance::cited_only}) {
        CHECK(parse_reliance(to_text(reliance)) == reliance);
        CHECK(carries(reliance) ==
              (reliance != Reliance::invoked_not_relied && reliance != Reliance::cited_only));
    }
    CHECK_FALSE(parse_reliance("mostly").has_value());
}
