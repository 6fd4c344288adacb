#include "protocol/object_reader.hpp"

#include <doctest/doctest.h>

using namespace rastro;
using namespace rastro::protocol;

namespace {

struct Inner {
    std::string name;
};

struct Sample {
    std::string line;
    std::string remark;
    std::int64_t count = 0;
    bool urgent = false;
    std::string kind;
    std::vector<std::string> groups;
    std::vector<Inner> items;
    std::optional<Inner> inner;
    std::optional<double> latitude;
};

constexpr std::string_view kKinds[] = {"routine", "urgent"};
constexpr std::string_view kGroups[] = {"G5", "G6", "G7"};

Inner read_inner(ObjectReader& in) {
    return {in.text("name", {TextKind::line, 5})};
}

Sample read_sample(ObjectReader& in) {
    Sample s;
    s.line = in.text("line", {TextKind::line, 10, 2});
    s.remark = in.optional_text("remark", {TextKind::text, 4});
    s.count = in.integer("count", 1, 8);
    s.urgent = in.boolean_or("urgent", true);
    s.kind = in.listed("kind", kKinds);
    s.groups = in.listed_set("groups", {4}, kGroups);
    s.items = in.objects("items", {2, 1}, read_inner);
    s.inner = in.optional_object("inner", read_inner);
    s.latitude = in.optional_number("latitude", -90, 90);
    return s;
}

// "pointer code params" of each violation, one a line.
std::string faults(std::string_view text) {
    auto const read = read_body(text, read_sample);
    std::string all;
    if (!read) {
        auto const problem = read.error();  // by value: what it returns must be kept
        for (auto const& violation : problem.violations()) {
            std::string row = violation.pointer + " " + violation.code;
            for (auto const& param : violation.params) {
                row += " " + param;
            }
            all += row + "\n";
        }
    }
    return all;
}

using Faults = std::vector<std::string>;

std::string lines(Faults const& rows) {
    std::string all;
    for (auto const& row : rows) {
        all += row + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("a body that fits is read") {
    auto const read = read_body(
        R"({"line":"año","count":3,"urgent":false,"kind":"urgent","groups":["G6","G5"],
            "items":[{"name":"a"}],"inner":{"name":"b"},"latitude":-33})",
        read_sample);
    REQUIRE(read.has_value());
    CHECK(read->line == "año");
    CHECK(read->count == 3);
    CHECK(!read->urgent);
    CHECK(read->kind == "urgent");
    CHECK(read->groups == Faults{"G6", "G5"});
    CHECK(read->items.at(0).name == "a");
    CHECK(read->inner->name == "b");
    CHECK(read->latitude == -33.0);
    CHECK(read->remark.empty());
}

TEST_CASE("all violations are told at once, each with its pointer") {
    CHECK(faults(R"({"line":"x","remark":"12345","count":9,"urgent":"yes","kind":"soon",
                     "groups":["G6","G6","G9",1],"items":[{"name":"toolong"},{"nam":"x"}],
                     "inner":[],"latitude":91,"~/":0})") == lines({"/line too_short 2",
                                                                   "/remark too_long 4",
                                                                   "/count out_of_range 1 8",
                                                                   "/urgent wrong_type boolean",
                                                                   "/kind not_in_list",
                                                                   "/groups/1 repeated_item",
                                                                   "/groups/2 not_in_list",
                                                                   "/groups/3 wrong_type string",
                                                                   "/items/0/name too_long 5",
                                                                   "/items/1/name missing_member",
                                                                   "/items/1/nam unknown_member",
                                                                   "/inner wrong_type object",
                                                                   "/latitude out_of_range -90 90",
                                                                   "/~0~1 unknown_member"}));
    CHECK(faults("{}") == lines({"/line missing_member",
                                 "/count missing_member",
                                 "/kind missing_member",
                                 "/items missing_member"}));
    CHECK(faults("[]") == lines({" wrong_type object"}));
    CHECK(faults(R"({"line":"ab","line":"ab","count":1.0,"kind":null,"items":[]})") ==
          lines({"/line duplicate_member",
                 "/count wrong_type integer",
                 "/kind wrong_type string",
                 "/items too_few_items 1"}));
    CHECK(faults(R"({"line":"a\nb","count":18446744073709551615,"kind":"routine",
                     "items":[{"name":"a"},{"name":"a"},{"name":"a"}]})") ==
          lines({"/line format_line", "/count out_of_range 1 8", "/items too_many_items 2"}));
}

TEST_CASE("kinds of text") {
    struct Row {
        TextKind kind;
        std::vector<std::string_view> good;
        std::vector<std::string_view> bad;
    };
    for (Row const& row : {
             Row{TextKind::country, {"XA", "BR"}, {"", "xa", "XAA", "X1", "É"}},
             Row{TextKind::agency,
                 {"XA-PNC-7", "XB-CUSTOMS001-A"},
                 {"XA-PN-7", "xa-PNC-7", "XA-PNC-77", "XA-ABCDEFGHIJK-1", "XAPNC-7", "XA--PNC-7"}},
             Row{TextKind::date,
                 {"2024-02-29", "1999-12-31"},
                 {"2023-02-29", "2024-2-9", "2024-13-01", "20240101", "2024-01-01T00:00:00Z"}},
             Row{TextKind::partial_date,
                 {"2024", "2024-02", "2024-02-29"},
                 {"24", "2024-00", "2024-13", "2024-1", "2024-02-30", "0000", "2024-2 "}},
             Row{TextKind::date_time,
                 {"2024-02-29T10:00:00Z", "2024-02-29T10:00:00.5+02:00"},
                 {"2024-02-29T10:00:00", "2024-02-29 10:00", "2024-02-30T10:00:00Z"}},
             Row{TextKind::uuid,
                 {"01890a5d-ac96-774b-bcce-b302099a8057"},
                 {"01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a805g"}},
             Row{TextKind::email,
                 {"a@b", "first.last+tag@agency.example"},
                 {"a", "@b", "a@", "a@@b", "a b@c", ".a@b", "a.@b", "a@b..c", "a@-b", "ñ@b"}},
             Row{TextKind::login, {"ana.lima", "a-1_b@x"}, {"Ana", "a b", "á"}},
             Row{TextKind::code, {"urgent", "5212", "AB.c:d/e-f_g"}, {"", "-a", "a b", "é"}},
             Row{TextKind::line, {"a b"}, {"a\tb", "a\nb"}},
             Row{TextKind::digits, {"0123"}, {"", "12a", "١"}},
             Row{TextKind::sha256,
                 {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                 {"e3b0", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"}},
             Row{TextKind::language, {"en", "es", "pt", "fr"}, {"de", "EN", ""}},
             Row{TextKind::time_zone, {"America/Bogota", "UTC"}, {"", "/x", "A//B", "A/", "a b"}},
         }) {
        CAPTURE(violation_of(row.kind));
        for (auto const text : row.good) {
            CAPTURE(text);
            CHECK(is_of_kind(row.kind, text));
        }
        for (auto const text : row.bad) {
            CAPTURE(text);
            CHECK(!is_of_kind(row.kind, text));
        }
    }
}
