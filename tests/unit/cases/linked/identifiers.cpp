#include "cases/linked/identifiers.hpp"

#include <doctest/doctest.h>

#include "cases/linked/blind_index.hpp"
#include "cases/linked/field_value.hpp"

using namespace rastro;
using namespace rastro::cases;

TEST_CASE("check digits") {
    struct Row {
        bool (*check)(std::string_view);
        char const* good;
        char const* bad;
    };
    auto const cas = [](std::string_view t) { return is_cas_number(t); };
    auto const key = [](std::string_view t) { return is_inchikey(t); };
    auto const hs = [](std::string_view t) { return is_hs_code(t); };
    for (auto const& row : {
             Row{cas, "437-38-7", "437-38-8"},
             Row{cas, "39742-60-4", "39742-60-5"},
             Row{cas, "21409-26-7", "21409-6-27"},
             Row{cas, "7732-18-5", "7732-18-"},
             Row{key, "PJMPHNIQZUBGLI-UHFFFAOYSA-N", "PJMPHNIQZUBGLI-UHFFFAOYSA-n"},
             Row{is_vin, "1M8GDM9AXKP042788", "1M8GDM9A1KP042788"},
             Row{is_vin, "WVWZZZ1JZ3W386752", "WVWZZZ1JZ3W38675O"},
             Row{is_imo_number, "IMO 9074729", "9074728"},
             Row{is_container_number, "CSQU3054383", "CSQU3054384"},
             Row{is_iban, "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"},
             Row{is_lei, "529900T8BM49AURSDO55", "529900T8BM49AURSDO56"},
             Row{hs, "293333", "2933.33"},
         }) {
        CAPTURE(std::string(row.good));
        CHECK(row.check(row.good));
        CHECK_FALSE(row.check(row.bad));
        CHECK_FALSE(row.check(""));
    }
}

TEST_CASE("names compare without order and accents, and by sound") {
    CHECK(name_key("García López, Ana María") == "ANA GARCIA LOPEZ MARIA");
    CHECK(name_key("ana maria lopez garcia") == name_key("García López, Ana María"));
    for (auto const& [a, b] : {std::pair{"Baldés", "Valdez"},
                               std::pair{"Hernández", "Ernandes"},
                               std::pair{"Villa", "Viya"},
                               std::pair{"Quesada", "Kesada"},
                               std::pair{"Magalhães", "Magallaes"},
                               std::pair{"Jiménez", "Gimenes"}}) {
        CAPTURE(std::string(a));
        CHECK(phonetic_name_key(a) == phonetic_name_key(b));
    }
    CHECK(phonetic_name_key("Ana Ruiz") != phonetic_name_key("Eva Ruiz"));
}

TEST_CASE("tokens match what is the same, tell nothing, and depend on key and kind") {
    Bytes const key(32, 7);
    auto const token = [&](char const* index, char const* value) {
        return blind_token(key, index, value);
    };
    CHECK(token("blind_name", "García López, Ana") == token("blind_name", "ana lopez garcia"));
    CHECK(token("blind_phone", "+54 9 11 5555-1234") == token("blind_phone", "11 55551234"));
    CHECK(token("blind_plate", "ab-123 cd") == token("blind_plate", "AB123CD"));
    CHECK(token("blind_plate", "55551234") != token("blind_phone", "55551234"));
    CHECK(token("blind_code", "AB123CD") != blind_token(Bytes(32, 8), "blind_code", "AB123CD"));
    CHECK_FALSE(token("blind_name", "Li").has_value());
    CHECK(token("blind_code", "AB123CD")->size() == 64);
    CHECK(token("blind_code", "AB123CD")->find("AB123") == std::string::npos);
}

TEST_CASE("values of declared fields, by type") {
    struct Row {
        char const* type;
        char const* list;
        char const* good;
        char const* bad;
    };
    for (auto const& row : {
             Row{"text", "", "words", "bell \a"},
             Row{"code", "sex", "female", "f"},
             Row{"codes", "tip_act", "recruitment|receipt", "recruitment|"},
             Row{"country", "", "XA", "ZZ"},
             Row{"countries", "", "XA|XB", "XA|ZZ"},
             Row{"subdivision", "", "XA-12", "XA12"},
             Row{"date", "", "2025-02-28", "2025-02-29"},
             Row{"flag", "", "true", "yes"},
             Row{"integer", "", "-12", "1.0"},
             Row{"decimal", "", "0.5", ".5"},
             Row{"money", "", "12.50 USD", "12.505 USD"},
         }) {
        CAPTURE(std::string(row.type));
        FieldDefinition field{.name = "f", .type = row.type, .list = row.list, .group = "S1"};
        CHECK_FALSE(check_field_value(field, row.good, {}).has_value());
        CHECK(check_field_value(field, row.bad, {}).has_value());
        CHECK(check_field_value(field, "", {}).has_value());
    }
    CHECK(field_types().size() == 11);
    FieldDefinition identifier{
        .name = "identifier", .type = "text", .validators = {"asset_identifier"}};
    CHECK(check_field_value(identifier, "9074728", {{"identifier_kind", "imo"}})->code ==
          "check_failed");
    CHECK_FALSE(check_field_value(identifier, "9074729", {{"identifier_kind", "imo"}}).has_value());
    CHECK_FALSE(
        check_field_value(identifier, "anything", {{"identifier_kind", "serial"}}).has_value());
}
