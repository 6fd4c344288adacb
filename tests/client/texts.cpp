#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include "client/commands/import.hpp"
#include "client/commands/trace_content.hpp"
#include "client/commands/trace_watch.hpp"
#include "client/context.hpp"
#include "client/problem_view.hpp"
#include "client/table.hpp"
#include "client/terminal.hpp"
#include "common/text.hpp"
#include "common/totp.hpp"

using namespace rastro;
using namespace rastro::client;
namespace json = boost::json;

TEST_CASE("columns are as wide as their code points, and lines end without blanks") {
    Table table({"NAME", "CC"});
    table.add({"Bogotá", "XA"});
    table.add({"Ñ", ""});
    CHECK(table.text(0) == "NAME    CC\nBogotá  XA\nÑ\n");
    CHECK_THROWS_AS(table.add({"a", "b", "c"}), std::logic_error);
}

TEST_CASE("a table wider than the terminal gives way in its widest column") {
    Table table({"NAME", "CC"});
    table.add({"áéíóúáéíóúáéíóú", "XA"});
    auto const text = table.text(14);
    CHECK(text == "NAME        CC\náéíóúáéíó…  XA\n");
    for (auto line : split(text, '\n')) {
        CHECK(count_code_points(line) <= 14);
    }
}

TEST_CASE("nothing in a reply reaches the terminal as a command") {
    CHECK(printable("a\x1b[2Jb\x7f") == "a?[2Jb?");
    CHECK(printable("a\nb\tc") == "a b c");
    CHECK(printable("\xC2\x9B"
                    "31m") == "?31m");
    CHECK(printable("\xff\xfe") == "??");
    CHECK(printable("niño") == "niño");
    CHECK(cut_to("niño", 3) == "ni…");
    CHECK(cut_to("niño", 4) == "niño");
}

TEST_CASE("a listing keeps its values in one column and wraps them") {
    Listing listing;
    listing.add("a", "one two three four five six");
    listing.add("long", "x");
    CHECK(listing.text(26) == "a     one two three four\n      five six\nlong  x\n");
}

TEST_CASE("a problem document shows each fault on its own line, in the words of the server") {
    auto const body =
        R"({"type":"/problems/validation-failed","title":"Algunos valores","status":422,
            "code":"validation-failed","detail":"dos","request_id":"r-1","errors":[
            {"pointer":"/firearm/serial_raw","code":"required","message":"hace falta"},
            {"pointer":"/purpose","code":"not_in_list","message":""}]})";
    auto const problem = parse_problem(422, "application/problem+json; charset=utf-8", body);
    CHECK(problem.code == "validation-failed");
    CHECK(problem.fields.size() == 2);
    CHECK(problem_text(problem) ==
          "Algunos valores: dos\n"
          "  /firearm/serial_raw  hace falta\n"
          "  /purpose             not_in_list\n"
          "  request r-1\n");
    CHECK(parse_problem(409, "application/problem+json", R"({"type":"/problems/conflict"})").code ==
          "conflict");
}

TEST_CASE("a refusal that is no problem document is told as it is") {
    for (auto const* body : {"<html>bad gateway</html>", "{", "[]", ""}) {
        auto const problem = parse_problem(502, "application/json", body);
        CHECK(problem.title == "HTTP 502");
        CHECK(problem.detail == body);
    }
}

TEST_CASE("members of a document are found, joined and set") {
    auto document =
        json::parse(R"({"a":{"b":["x",1,true]},"n":null,"t":"2026-05-14T09:12:00.1Z"})");
    CHECK(text_at(document, "/a/b") == "x, 1, true");
    CHECK(text_at(document, "/a/b/1") == "1");
    CHECK(text_at(document, "/n").empty());
    CHECK(text_at(document, "/none/at/all").empty());
    CHECK(short_time(text_at(document, "/t")) == "2026-05-14 09:12Z");
    CHECK(short_time("2026-05-14T09:12:00+02:00") == "2026-05-14 09:12+02:00");
    CHECK(short_time("T") == "T");
    set_at(document, "/c/d", 7);
    CHECK(text_at(document, "/c/d") == "7");
    CHECK_THROWS_AS(set_at(document, "/t/x", 1), std::logic_error);
}

TEST_CASE("a document leaves out what says nothing, and shows lists of objects as tables") {
    auto const document = json::parse(
        R"({"state":"DRAFT","empty":"","list":[{"a":"1","b":null},{"a":"2"}],"in":{"x":"y"}})");
    CHECK(document_text(document, 0) == "State  DRAFT\n\nList\nA\n1\n2\n\nIn\nX  y\n");
}

TEST_CASE("pairs are read with escaped commas; what is no pair is refused") {
    auto const pairs = read_pairs("--link", R"(role=retailer,name=A\, B,place=x=y)");
    REQUIRE(pairs.has_value());
    CHECK(pairs.value().at("name") == "A, B");
    CHECK(pairs.value().at("place") == "x=y");
    for (auto const* wrong : {"", "role", "=x", "role=a,", "role=a,,b=c"}) {
        CHECK_FALSE(read_pairs("--link", wrong).has_value());
    }
}

TEST_CASE("watching tells the request and the legs that changed, and no others") {
    auto const before = json::parse(
        R"({"number":"N","state":"IN_PROGRESS","legs":[{"leg_id":"1","asked_agency":"B","state":"ROUTED"},
            {"leg_id":"2","asked_agency":"C","state":"ROUTED"}]})");
    auto const after = json::parse(
        R"({"number":"N","state":"ANSWERED","outcome_code":"too_old","legs":[
            {"leg_id":"1","asked_agency":"B","state":"ROUTED"},
            {"leg_id":"2","asked_agency":"C","state":"SEARCHING","flags":["LATE"]}]})");
    CHECK(changes_between(before, after) ==
          std::vector<std::string>{"N  ANSWERED (too_old)", "N  leg C  SEARCHING  [LATE]"});
    CHECK(changes_between(after, after).empty());
    CHECK(changes_between(json::value(), before).size() == 3);
    CHECK(is_settled("CLOSED"));
    CHECK_FALSE(is_settled("ANSWERED"));
}

TEST_CASE("base32 is read as authenticator apps write it") {
    auto const secret = totp::new_secret();
    CHECK(from_base32(to_base32(secret)) == std::optional<Bytes>(secret));
    CHECK(from_base32("mzxw 6ytb OI======") ==
          std::optional<Bytes>(Bytes{'f', 'o', 'o', 'b', 'a', 'r'}));
    CHECK_FALSE(from_base32("M1").has_value());
}

TEST_CASE("progress never runs over its end") {
    CHECK(progress_text("x", 0, 10) == "x [>                       ] 0 of 10  0 %");
    CHECK(progress_text("x", 10, 10) == "x [========================] 10 of 10  100 %");
    CHECK(progress_text("x", 0, 0) == "x [========================] 0 of 0  100 %");
}

TEST_CASE("batches hold at most 200 rows, bounded bytes, and every row once, in order") {
    std::vector<protocol::CsvRow> rows;
    for (std::uint64_t i = 0; i < 450; ++i) {
        rows.push_back({.number = i + 2, .line = i + 2, .fields = {"a", "b"}});
    }
    rows[10].fields[0] = std::string(kBytesPerBatch, 'x');
    auto const batches = batches_of(rows);
    std::uint64_t line = 2;
    for (auto const& batch : batches) {
        CHECK(batch.size() <= kRowsPerBatch);
        for (auto const& row : batch) {
            CHECK(row.line == line++);
        }
    }
    CHECK(line == 452);
    REQUIRE(batches.size() == 5);
    CHECK(batches[0].size() == 10);
    CHECK(batches[1].size() == 1);
    CHECK(batches_of({}).empty());
    auto const body = rows_body({"x", "y"}, std::span(rows).first(1));
    CHECK(body == json::parse(R"({"columns":["x","y"],"rows":[{"line":2,"cells":["a","b"]}]})"));
}
