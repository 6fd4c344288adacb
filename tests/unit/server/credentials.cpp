#include "server/credentials.hpp"

#include <doctest/doctest.h>

#include "common/text.hpp"

using namespace rastro;
using namespace rastro::server;

namespace {

std::string const token = to_base64url(Bytes(32, 7));
std::string const bearer = "Bearer " + token;

HttpRequest request(std::initializer_list<std::pair<char const*, std::string>> fields,
                    std::optional<certs::SubjectKind> certificate = {}) {
    HttpRequest made;
    for (auto const& [name, value] : fields) {
        made.headers.add(name, value);
    }
    auto connection = std::make_shared<ConnectionInfo>();
    if (certificate) {
        connection->client_certificate = certs::CertificateIdentity();
        connection->client_certificate->kind = *certificate;
        connection->client_certificate->agency = "XA-POLNAC-7";
    }
    made.connection = connection;
    return made;
}

protocol::Endpoint endpoint(char const* method,
                            protocol::Credential credential = protocol::Credential::any) {
    protocol::Endpoint made{};
    made.method = method;
    made.credential = credential;
    return made;
}

// "none", "token", "certificate", or what is wrong.
std::string shown(HttpRequest const& asked, protocol::Endpoint const& at) {
    auto const found = shown_credential(asked, at);
    if (!found) {
        return std::string(found.error().info().slug);
    }
    if (!*found) {
        return "none";
    }
    return std::holds_alternative<storage::SessionToken>(**found) ? "token" : "certificate";
}

}  // namespace

TEST_CASE("a session is shown as a bearer token or in the cookie") {
    auto const read = endpoint("GET");
    CHECK(shown(request({}), read) == "none");
    CHECK(shown(request({{"authorization", bearer}}), read) == "token");
    CHECK(shown(request({{"authorization", "bearer  " + token + " "}}), read) == "token");
    CHECK(shown(request({{"cookie", "__Host-rastro=" + token}}), read) == "token");
    CHECK(shown(request({{"cookie", "a=b; __Host-rastro=" + token + "; c=d"}}), read) == "token");
    CHECK(shown(request({{"cookie", "__Host-rastroX=" + token}}), read) == "none");
    CHECK(shown(request({{"cookie", "x__Host-rastro=" + token}}), read) == "none");
}

TEST_CASE("the token is kept as its hash only") {
    auto const found = shown_credential(request({{"authorization", bearer}}), endpoint("GET"));
    REQUIRE(found.has_value());
    CHECK(std::get<storage::SessionToken>(**found).hash == sha256(Bytes(32, 7)));
}

TEST_CASE("what cannot be a token is refused") {
    auto const read = endpoint("GET");
    for (auto const& text :
         {std::string("Basic abc"), std::string("Bearer"), token, "Token " + token}) {
        INFO(text);
        CHECK(shown(request({{"authorization", text}}), read) == "authentication-required");
    }
    for (auto const& text : {std::string("Bearer x"),
                             "Bearer " + token + "A",
                             "Bearer " + token.substr(1),
                             "Bearer " + token + "=",
                             "Bearer " + token.substr(0, 42) + "*"}) {
        INFO(text);
        CHECK(shown(request({{"authorization", text}}), read) == "session-expired");
    }
    CHECK(shown(request({{"authorization", bearer}, {"cookie", "__Host-rastro=" + token}}), read) ==
          "authentication-required");
}

TEST_CASE("a cookie changes nothing without the header that a foreign page cannot set") {
    std::string const cookie = "__Host-rastro=" + token;
    for (auto const* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        INFO(method);
        CHECK(shown(request({{"cookie", cookie}}), endpoint(method)) == "forbidden");
        CHECK(shown(request({{"cookie", cookie}, {"rastro-csrf", "0"}}), endpoint(method)) ==
              "forbidden");
        CHECK(shown(request({{"cookie", cookie}, {"rastro-csrf", "1"}}), endpoint(method)) ==
              "token");
        CHECK(shown(request({{"authorization", bearer}}), endpoint(method)) == "token");
    }
}

TEST_CASE("a gateway names the person it acts for, except in its own acts") {
    auto const gateway = certs::SubjectKind::gateway;
    auto const person = certs::SubjectKind::person;
    auto const read = endpoint("GET");
    CHECK(shown(request({}, person), read) == "certificate");
    CHECK(shown(request({}, gateway), read) == "validation-failed");
    CHECK(shown(request({}, gateway), endpoint("POST", protocol::Credential::gateway)) ==
          "certificate");
    CHECK(shown(request({{"rastro-acting-for", "officer-17.b_c"}}, gateway), read) ==
          "certificate");
    for (auto const& name : {std::string("a b"),
                             std::string("a;drop"),
                             std::string("\xc3\xa9"),
                             std::string(65, 'a')}) {
        INFO(name);
        CHECK(shown(request({{"rastro-acting-for", name}}, gateway), read) == "validation-failed");
    }
}

TEST_CASE("a session outranks the certificate of its connection") {
    CHECK(shown(request({{"authorization", bearer}}, certs::SubjectKind::gateway),
                endpoint("GET")) == "token");
}
