#include "cases/password_rules.hpp"

#include <doctest/doctest.h>

#include <set>

#include "common/text.hpp"

using namespace rastro::cases;

namespace {

PasswordOwner const kOwner{.login = "ana.quiroga",
                           .display_name = "Ana Quiroga Núñez",
                           .agency = "XA-POLNAC-7",
                           .agency_name = "Policía Nacional de Xandria"};

using Faults = std::vector<std::string_view>;

}  // namespace

TEST_CASE(
    "every common word with every common ending is refused: more than three thousand passwords") {
    std::set<std::string> tried;
    for (auto word : common_password_words()) {
        auto const lower = rastro::to_lower_ascii(word);
        auto capital = lower;
        capital[0] = word[0];
        for (auto const& base : {lower, capital, lower + lower}) {
            for (auto const* ending :
                 {"1234", "12345", "123456", "12345678", "2024", "2025!", "2026",
                  "!",    "!!",    "1",      "123!",     "@123", "_1990", "1234567890",
                  "321",  "000",   "111",    "1!",       "#1",   "**"}) {
                auto const password = base + ending;
                tried.insert(password);
                CHECK_MESSAGE(is_common_password(password), password);
            }
        }
    }
    CHECK(tried.size() >= 3000);
}

TEST_CASE("what is wrong with a password") {
    struct Row {
        std::string_view password;
        Faults faults;
    };
    std::string const long_phrase(128, 'k');
    Row const rows[]{
        {"correct horse battery staple", {}},
        {"a passphrase of sixty-four characters, with spaces - and a bird.", {}},
        {"ñandú küszöb журавль", {}},
        {"73940275918365", {}},
        {"xK9#vQ2mT4pL", {}},
        {"xK9#vQ2mT4p", {"password_too_short"}},
        {"Password2024!", {"password_common"}},
        {"P4$$w0rd-P4$$w0rd", {"password_common"}},
        {"contraseña1234", {"password_common"}},
        {"MotDePasse2026", {"password_common"}},
        {"senhasenha123", {"password_common"}},
        {"qwertyuiop[]", {"password_common"}},
        {"123456789012", {"password_common"}},
        {"abcdefghijklm", {"password_common"}},
        {"xqkxqkxqkxqk", {"password_common"}},
        {"aaaaaaaaaaaaaaaaaaaa", {"password_common"}},
        {"Firearm-Tracing-2026", {"password_common"}},
        {"the quiroga treasure map", {"password_has_name"}},
        {"anaquiroga river stone", {"password_has_name"}},
        {"blue polnac umbrella", {"password_has_name"}},
        {"over the xandria hills", {"password_has_name"}},
        {"nunez walks at noon", {"password_has_name"}},
        {"short\x01one", {"password_too_short", "password_has_control_characters"}},
        {"a control\x07 character", {"password_has_control_characters"}},
        {"not\xC3utf-8 at all", {"password_has_control_characters"}},
    };
    for (auto const& row : rows) {
        CHECK_MESSAGE(faults_of_password(row.password, kOwner) == row.faults, row.password);
    }
    CHECK(faults_of_password(long_phrase, kOwner) == Faults{"password_common"});
    CHECK(faults_of_password(long_phrase + "k", kOwner) == Faults{"password_too_long"});
}

TEST_CASE("the words are written as they are compared") {
    for (auto word : common_password_words()) {
        CHECK(word.size() >= 3);
        for (char c : word) {
            CHECK_MESSAGE(((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')), word);
        }
    }
}
