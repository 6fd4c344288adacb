#include "protocol/csv.hpp"

#include <doctest/doctest.h>

using namespace rastro;
using namespace rastro::protocol;

namespace {

using Fields = std::vector<std::vector<std::string>>;

Fields fields_of(std::vector<CsvRow> const& rows) {
    Fields all;
    for (auto const& row : rows) {
        all.push_back(row.fields);
    }
    return all;
}

}  // namespace

TEST_CASE("RFC 4180 text gives the same rows however it is cut into pieces") {
    struct Row {
        std::string text;
        Fields expected;
    };
    for (auto const& row : {
             Row{"a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
             Row{"\xEF\xBB\xBF"
                 "a,b\n1,2",
                 {{"a", "b"}, {"1", "2"}}},
             Row{"a,b\r1,2\r", {{"a", "b"}, {"1", "2"}}},
             Row{"\"a,\r\nb\",\"c\"\"d\"\n", {{"a,\r\nb", "c\"d"}}},
             Row{"\n\r\n,\n\"\"\n", {{"", ""}, {""}}},
             Row{"a,\n", {{"a", ""}}},
             Row{" a , b \n", {{" a ", " b "}}},
             Row{"", {}},
             Row{"ñ,漢\n", {{"ñ", "漢"}}},
         }) {
        CAPTURE(row.text);
        for (std::size_t cut = 1; cut <= row.text.size() + 1; ++cut) {
            CsvReader reader;
            std::vector<CsvRow> rows;
            for (std::size_t at = 0; at < row.text.size(); at += cut) {
                REQUIRE(reader.feed(std::string_view(row.text).substr(at, cut), rows).has_value());
            }
            REQUIRE(reader.finish(rows).has_value());
            CHECK(fields_of(rows) == row.expected);
        }
    }
}

TEST_CASE("rows know their number and the line they start on") {
    auto const rows = read_csv("h\r\n\"two\r\nlines\"\r\n\r\nlast");
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 3);
    CHECK((*rows)[1].line == 2);
    CHECK((*rows)[2].number == 3);
    CHECK((*rows)[2].line == 5);
}

TEST_CASE("what is not RFC 4180 is refused with line and column") {
    CsvLimits const small{.field_bytes = 8, .row_bytes = 20, .fields = 3};
    struct Row {
        std::string text;
        char const* code;
        char const* pointer;
    };
    for (auto const& row : {
             Row{"a\nb,c\"d\n", "csv_stray_quote", "csv:/2/2"},
             Row{"\"a\"b\n", "csv_text_after_quote", "csv:/1/1"},
             Row{std::string("x,a\0b\n", 6), "csv_nul", "csv:/1/2"},
             Row{"ok\n\xC0\xAF\n", "csv_not_utf8", "csv:/2/1"},
             Row{"\xEF\xBB", "csv_not_utf8", "csv:/1/1"},
             Row{"a\n\"b\nc", "csv_unclosed_quote", "csv:/3/1"},
             Row{"123456789\n", "csv_field_too_long", "csv:/1/1"},
             Row{"\"12345678\",\"1234567\",\"1\"", "csv_row_too_long", "csv:/1/2"},
             Row{"1,2,3,4\n", "csv_too_many_fields", "csv:/1/4"},
         }) {
        CAPTURE(row.code);
        CsvReader reader(small);
        std::vector<CsvRow> rows;
        auto outcome = reader.feed(row.text, rows);
        if (outcome) {
            outcome = reader.finish(rows);
        }
        REQUIRE_FALSE(outcome.has_value());
        REQUIRE(outcome.error().violations().size() == 1);
        CHECK(outcome.error().violations()[0].code == row.code);
        CHECK(outcome.error().violations()[0].pointer == row.pointer);
        CHECK_FALSE(reader.feed("more\n", rows).has_value());
    }
}

TEST_CASE("written fields survive reading and never start a formula") {
    for (char const* const text :
         {"plain", "a,b", "say \"x\"", "two\r\nlines", " blank ", "", "ñ"}) {
        std::vector<std::string> const fields{text, "end"};
        auto const rows = read_csv(csv_row(fields));
        REQUIRE(rows.has_value());
        REQUIRE(rows->size() == 1);
        CHECK((*rows)[0].fields == fields);
    }
    for (auto const* formula : {"=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "--1", "-", "-1.2.3"}) {
        CAPTURE(formula);
        CHECK(csv_field(formula) == std::string("'") + formula);
    }
    CHECK(csv_field("\rx") == "\"'\rx\"");
    CHECK(csv_field("-12.5") == "-12.5");
    CHECK(csv_field("+3") == "+3");
}
