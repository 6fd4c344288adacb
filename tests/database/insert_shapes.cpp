// What an insert names in C++ and what the composite types of the migrations declare is the same:
// the fields of a row travel by their place, so a difference would store one column in another.
#include <doctest/doctest.h>

#include "common/time_text.hpp"
#include "storage/db/insert_batch.hpp"
#include "tests/support/test_database.hpp"

using namespace rastro;
using namespace rastro::storage;
using test_support::TestDatabase;

namespace {

constexpr Query kFields{
    "test_fields_of_type",
    "select coalesce(string_agg(a.attname, ' ' order by a.attnum), '') as names from pg_class c "
    "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
    "where c.relnamespace = 'rastro'::regnamespace and c.relkind = 'c' "
    "and c.relname = 'new_' || :table"};
constexpr Query kOthers{
    "test_fields_of_another_type",
    "select coalesce(string_agg(c.relname || '.' || a.attname, ' '), '') as names from pg_class c "
    "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 "
    "left join pg_attribute b on b.attrelid = ('rastro.' || substr(c.relname, 5))::regclass "
    "and b.attname = a.attname and b.atttypid = a.atttypid "
    "where c.relnamespace = 'rastro'::regnamespace and c.relkind = 'c' "
    "and c.relname like 'new\\_%' and b.attname is null"};

std::string joined(std::vector<std::string_view> const& names) {
    std::string text;
    for (auto const name : names) {
        text += text.empty() ? "" : " ";
        text += name;
    }
    return text;
}

}  // namespace

TEST_CASE("every insert names the fields of its type, in the order of the type") {
    TestDatabase const database;
    Connection connection(database.owner());
    CHECK(InsertShape::all().size() >= 16);  // those of the repositories that this program links
    for (auto const* shape : InsertShape::all()) {
        CAPTURE(shape->table());
        CHECK(connection.sql().run(kFields, {{"table", shape->table()}}).front().text("names") ==
              joined(shape->columns()));
    }
    CHECK(connection.sql().run(kOthers).front().text("names").empty());
}

TEST_CASE("what a row carries comes back as it was, whatever characters it has") {
    TestDatabase const database;
    Connection connection(database.owner());
    connection.run_script(
        "create table rastro.tried (id uuid, said text, many text[], raw bytea, at timestamptz, "
        "day date, count integer, real double precision, good boolean);"
        "create type rastro.new_tried as (id uuid, said text, many text[], raw bytea, "
        "at timestamptz, day date, count integer, real double precision, good boolean)");
    InsertShape const shape("tried",
                            {"id", "said", "many", "raw", "at", "day", "count", "real", "good"});
    constexpr Query kRead{"test_tried",
                          "select id, said, many, raw, " RASTRO_US("at") ", day, count, real, good "
                          "from tried order by count"};
    std::vector<std::string> const texts{"",
                                         "plain",
                                         "comma, (brace) {curly} \"quote\" 'single'",
                                         "back\\slash \\\" both \\\\ twice",
                                         " blanks\tand\nlines ",
                                         "NULL",
                                         "\xC3\xB1 \xE2\x82\xAC \xF0\x9F\x94\x8D",
                                         "\\x41",
                                         "trailing\\"};
    InsertBatch batch(shape);
    CHECK(batch.empty());
    auto const id = Uuid::generate_v7();
    Bytes const raw{0x00, 0x5C, 0x22, 0xFF};
    auto const at = from_unix_us(-1);
    Date const day{std::chrono::year{2024}, std::chrono::February, std::chrono::day{29}};
    int count = 0;
    for (auto const& text : texts) {
        batch.row({id, text, texts, raw, at, day, ++count, 0.1, count % 2 == 0});
    }
    batch.row({std::nullopt,
               Cell::said(""),
               std::vector<std::string>{},
               std::optional<Digest>{},
               std::optional<Instant>{},
               std::optional<Date>{},
               ++count,
               std::optional<double>{},
               std::nullopt});
    CHECK_FALSE(batch.empty());
    auto bound = batch.take();
    CHECK(batch.empty());
    connection.sql().run(bound.query, std::move(bound.params));
    auto const rows = connection.sql().run(kRead);
    REQUIRE(rows.size() == texts.size() + 1);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        CHECK(rows[i].text("said") == texts[i]);
        CHECK_FALSE(rows[i].is_null("said"));
        CHECK(rows[i].texts("many") == texts);
        CHECK(rows[i].bytes("raw") == raw);
        CHECK(rows[i].instant("at") == at);
        CHECK(rows[i].text("day") == "2024-02-29");
        CHECK(rows[i].maybe_real("real") == 0.1);
        CHECK(rows[i].boolean("good") == (i % 2 == 1));
        CHECK(rows[i].uuid("id") == id);
    }
    auto const last = rows[texts.size()];
    for (auto const* column : {"id", "said", "raw", "at", "day", "real", "good"}) {
        CHECK(last.is_null(column));
    }
    CHECK(last.texts("many").empty());
    CHECK_FALSE(last.is_null("many"));
    CHECK_THROWS_AS(batch.row({id, "one field too few"}), std::logic_error);
    CHECK_THROWS_AS(batch.row({id, std::string("a\0b", 3), texts, raw, at, day, 1, 0.1, true}),
                    std::invalid_argument);
    connection.run_script("drop table rastro.tried; drop type rastro.new_tried");
}
