#include "protocol/people_json.hpp"

#include <doctest/doctest.h>

#include <map>

#include "protocol/agency_json.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

using Faults = std::map<std::string, std::string>;  // pointer -> code

template <class T>
Faults faults_of(Outcome<T> const& outcome) {
    Faults faults;
    if (!outcome) {
        auto const problem = outcome.error();
        for (auto const& violation : problem.violations()) {
            faults[violation.pointer] = violation.code;
        }
    }
    return faults;
}

}  // namespace

TEST_CASE("signing in takes login, password, code and the notice") {
    auto const good = read_sign_in(
        R"({"login":"ana.q","password":"a b c","totp":"012345","accept_use_banner":true})");
    REQUIRE(good.has_value());
    CHECK(good.value().login == "ana.q");
    CHECK(good.value().code == "012345");
    CHECK(good.value().banner_accepted);
    CHECK_FALSE(read_sign_in(R"({"login":"ana.q","password":"x","totp":"012345"})")
                    .value()
                    .banner_accepted);
    CHECK(faults_of(read_sign_in(R"({"login":"ANA","password":"","totp":"12345a","extra":1})")) ==
          Faults{{"/login", "format_login"},
                 {"/password", "too_short"},
                 {"/totp", "format_digits"},
                 {"/extra", "unknown_member"}});
    CHECK(faults_of(read_step_up("{}")) ==
          Faults{{"/password", "missing_member"}, {"/totp", "missing_member"}});
    CHECK(faults_of(read_password_change(R"({"current_password":"x"})")) ==
          Faults{{"/new_password", "missing_member"}});
    CHECK(read_code_enrolment("{}").has_value());
    CHECK(faults_of(read_code_enrolment(R"({"a":1})")) == Faults{{"/a", "unknown_member"}});
    CHECK(read_code_confirmation(R"({"totp":"000001"})").value() == "000001");
}

TEST_CASE("users are created, changed and given roles") {
    auto const created = read_user_create(
        R"({"login":"b.lee","display_name":"B. Lee","propose_roles":["tracing_analyst"]})");
    REQUIRE(created.has_value());
    CHECK(created.value().language == "en");
    CHECK_FALSE(created.value().email);
    CHECK(created.value().propose_roles == std::vector{cases::Role::tracing_analyst});
    CHECK(
        faults_of(read_user_create(
            R"({"login":"b.lee","display_name":"B","propose_roles":["king","auditor","auditor"]})")) ==
        Faults{{"/propose_roles/0", "not_in_list"}, {"/propose_roles/2", "repeated_item"}});
    auto const change = read_user_change(R"({"email":null,"state":"disabled"})");
    REQUIRE(change.has_value());
    CHECK(change.value().email == "");
    CHECK(change.value().state == "disabled");
    CHECK_FALSE(change.value().display_name);
    CHECK_FALSE(read_user_change("{}").value().email);
    CHECK(faults_of(read_user_change(R"({"state":"locked","email":7})")) ==
          Faults{{"/state", "not_in_list"}, {"/email", "wrong_type"}});
    auto const grant = read_role_grant_propose(
        R"({"user_id":"01933a50-0000-7000-8000-000000000001","role":"auditor","kind":"take"})");
    REQUIRE(grant.has_value());
    CHECK_FALSE(grant.value().gives);
    CHECK(read_role_grant_decision(R"({"decision":"accepted"})").value());
    CHECK_FALSE(read_role_grant_decision(R"({"decision":"rejected"})").value());
    CHECK(faults_of(read_role_grant_decision(R"({"decision":"perhaps"})")) ==
          Faults{{"/decision", "not_in_list"}});
}

TEST_CASE("an agency needs a code whose check character is right") {
    auto const good = read_agency_create(
        R"({"agency":"XA-POLNAC-C","name":"National police","kind":"police",)"
        R"("outbound_rules":[{"priority":"routine","auto_approve":true,"source":"order 7"}],)"
        R"("route":{"source":"notification of 2026"}})");
    REQUIRE(good.has_value());
    CHECK(good.value().agency.country == "XA");
    CHECK(good.value().route->agency == "XA-POLNAC-C");
    CHECK(good.value().route->country == "XA");
    CHECK(good.value().route->priority == "any");
    auto const wrong = read_agency_create(
        R"({"agency":"XA-POLNAC-7","name":"National police","kind":"navy",)"
        R"("outbound_rules":[{"priority":"urgent","auto_approve":true,"source":"order 7"}]})");
    CHECK(faults_of(wrong) == Faults{{"/agency", "check_character"},
                                     {"/kind", "not_in_list"},
                                     {"/outbound_rules/0/auto_approve", "urgent_needs_a_person"}});
    auto const problem = wrong.error();
    CHECK(problem.violations().front().params == std::vector<std::string>{"XA-POLNAC-C"});
    CHECK(faults_of(read_agency_create(R"({"agency":"POLNAC","name":"No","kind":"police"})")) ==
          Faults{{"/agency", "too_short"}});
    auto const change =
        read_agency_change(R"({"backup_agency":null,"contact_email":"a@x.example"})");
    CHECK(change.value().backup_agency == "");
    CHECK(change.value().contact_email == "a@x.example");
    CHECK_FALSE(change.value().contact_phone);
    CHECK(faults_of(read_route_change(R"({"agency":"XA-POLNAC-C"})")) ==
          Faults{{"/source", "missing_member"}});
    CHECK(faults_of(read_certificate_enrol(R"({"certificate_pem":"no"})")) ==
          Faults{{"/certificate_pem", "too_short"}});
}

TEST_CASE("what is written, byte for byte") {
    UserMessage user;
    user.id = *UserId::parse("01933a50-0000-7000-8000-000000000001");
    user.agency = "XA-POLNAC-C";
    user.login = "ana.q";
    user.display_name = "Ana \"Q\"";
    user.language = "es";
    user.state = "active";
    user.roles = {"agency_user"};
    std::string const text =
        R"({"user_id":"01933a50-0000-7000-8000-000000000001","agency":"XA-POLNAC-C",)"
        R"("login":"ana.q","display_name":"Ana \"Q\"","language":"es","state":"active",)"
        R"("must_change_password":false,"has_second_factor":false,"roles":["agency_user"],)"
        R"("created_at":"1970-01-01T00:00:00.000000Z","version":1})";
    CHECK(write_users({user}, "") == R"({"items":[)" + text + "]}");
    CHECK(write_users({}, "abc") == R"({"items":[],"next":"abc"})");
    CHECK(write_user_created({.user = user,
                              .first_password = "aaaa-bbbb",
                              .code = {.secret = "JBSW", .otpauth_uri = "otpauth://totp/x"}}) ==
          R"({"user":)" + text +
              R"(,"first_password":"aaaa-bbbb","totp":{"secret":"JBSW",)"
              R"("otpauth_uri":"otpauth://totp/x","algorithm":"SHA1","digits":6,"period_s":30}})");
    SessionMessage session;
    session.id = *SessionId::parse("01933a50-0000-7000-8000-000000000002");
    session.factors = "password+totp";
    session.idle = std::chrono::minutes{30};
    std::string out;
    append_session(out, session);
    CHECK(out.find("token") == std::string::npos);
    CHECK(out.find(R"("idle_timeout_s":1800)") != std::string::npos);
}
