// Files of dated rules: what is read and what is refused, place by place.
#include <doctest/doctest.h>

#include "cases/linked/money.hpp"
#include "cases/linked/notice_silence.hpp"
#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

template <class Table>
std::vector<std::string> faults(Outcome<Table> const& read) {
    std::vector<std::string> places;
    auto const problem = read ? Problem(ProblemCode::none) : read.error();
    for (auto const& violation : problem.violations()) {
        places.push_back(violation.pointer + " " + violation.code);
    }
    return places;
}

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("exchange rates are read, and each fault has its row and column") {
    auto const read =
        parse_exchange_rates("currency,base,day,rate,source\nEUR,USD,2026-01-02,1.0735,bank\n");
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 1);
    CHECK(convert({1000, "EUR"}, "USD", *parse_iso_date("2026-01-02"), *read)->minor == 1074);
    CHECK(faults(parse_exchange_rates("currency,base,day,rate,source\n"
                                      "EUR,USD,2026-01-02,1.0735,bank\n"
                                      "XXQ,USD,2026-02-30,1.2x,\n")) ==
          Places{"/1/currency not_in_list",
                 "/1/day format_date",
                 "/1/rate format_number",
                 "/1/source required"});
    CHECK(faults(parse_exchange_rates("day,currency\n2026-01-02,EUR\n")) ==
          Places{"/0/base not_in_list", "/0/rate format_number", "/0/source required"});
}

TEST_CASE("the latest rule of a country says what its silence means") {
    auto const rules = parse_silence_rules(
        "country,silence,valid_from,source\nXA,objection,2025-01-01,law 2\n"
        "XA,consent,2020-01-01,law 1\n");
    REQUIRE(rules.has_value());
    CHECK(silence_is_consent(*rules, "XA", *parse_iso_date("2024-12-31")));
    CHECK_FALSE(silence_is_consent(*rules, "XA", *parse_iso_date("2025-01-01")));
    CHECK(faults(parse_silence_rules("country,silence,valid_from,source\nXAX,maybe,soon,\n")) ==
          Places{"/0/country not_in_list",
                 "/0/valid_from format_date",
                 "/0/silence not_in_list",
                 "/0/source required"});
}
