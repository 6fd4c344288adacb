#include "cases/trace/partial_date.hpp"

#include <doctest/doctest.h>

using namespace rastro::cases;

TEST_CASE("dates are read with the precision they have") {
    struct Row {
        std::string text;
        std::string date;
        bool annotated;
    };
    for (auto const& row : {
             Row{"2/20/2018", "2018-02-20", false},
             Row{"2/13/09", "2009-02-13", false},
             Row{"09/11/2020", "2020-09-11", false},
             Row{" 12/5/06 ", "2006-12-05", false},
             Row{"7/4/31", "1931-07-04", false},
             Row{"7/4/26", "2026-07-04", false},
             Row{"2018-02-20", "2018-02-20", false},
             Row{"2018-02", "2018-02", false},
             Row{"1974", "1974", false},
             Row{"*2/6/24", "2024-02-06", true},
             Row{"Summer 2010", "2010", true},
             Row{"\"late-2019\"", "2019", true},
             Row{"Aug-Dec 2017", "2017", true},
             Row{"August 2017", "2017-08", false},
             Row{"9 ago 2017", "2017-08-09", false},
             Row{"Aug 9, 2017", "2017-08-09", false},
             Row{"9 de março de 2017", "2017-03-09", false},
             Row{"2/29/2020", "2020-02-29", false},
         }) {
        CAPTURE(row.text);
        auto const reading = parse_partial_date(row.text, DateOrder::month_first, 2026);
        REQUIRE(reading.date.has_value());
        CHECK(reading.date->to_string() == row.date);
        CHECK(reading.annotated == row.annotated);
        CHECK_FALSE(reading.fault.has_value());
    }
}

TEST_CASE("what is not one date says why") {
    struct Row {
        std::string text;
        DateOrder order;
        std::string fault;
    };
    constexpr auto mdy = DateOrder::month_first;
    for (auto const& row : {
             Row{"", mdy, "empty"},
             Row{"  ", mdy, "empty"},
             Row{"-", mdy, "not_a_date"},
             Row{"soon", mdy, "not_a_date"},
             Row{"Summer", mdy, "not_a_date"},
             Row{"2/30/2020", mdy, "not_in_calendar"},
             Row{"13/1/2020", mdy, "not_in_calendar"},
             Row{"2/29/2019", mdy, "not_in_calendar"},
             Row{"0/1/2020", mdy, "not_in_calendar"},
             Row{"2020-00-01", mdy, "not_in_calendar"},
             Row{"3/4/2020", DateOrder::unknown, "ambiguous_order"},
             Row{"1/1/2031", mdy, "year_out_of_range"},
             Row{"1/1/0020", mdy, "year_out_of_range"},
             Row{"1/2/3/4", mdy, "not_a_date"},
             Row{"1/1/123", mdy, "not_a_date"},
             Row{"99999999999999999999", mdy, "not_a_date"},
         }) {
        CAPTURE(row.text);
        auto const reading = parse_partial_date(row.text, row.order, 2026);
        CHECK_FALSE(reading.date.has_value());
        REQUIRE(reading.fault.has_value());
        CHECK(code_of(*reading.fault) == row.fault);
    }
}

TEST_CASE("the order of day and month is followed, or seen where only one reading exists") {
    CHECK(parse_partial_date("3/4/2020", DateOrder::day_first, 2026).date->to_string() ==
          "2020-04-03");
    CHECK(parse_partial_date("3/14/2020", DateOrder::unknown, 2026).date->to_string() ==
          "2020-03-14");
    CHECK(parse_partial_date("14.3.2020", DateOrder::unknown, 2026).date->to_string() ==
          "2020-03-14");
    CHECK(parse_partial_date("5/5/2020", DateOrder::unknown, 2026).date->to_string() ==
          "2020-05-05");
}

TEST_CASE("ISO partial dates round-trip and nothing else is taken") {
    for (std::string const text : {"2017", "2017-08", "2017-08-09"}) {
        CHECK(parse_iso_partial_date(text)->to_string() == text);
    }
    for (std::string const text : {"",
                                   "17",
                                   "2017-8",
                                   "2017-13",
                                   "2017-00",
                                   "2017-02-30",
                                   "2017-08-00",
                                   "2017/08",
                                   "2017-08-9",
                                   "20a7"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_iso_partial_date(text).has_value());
    }
}
