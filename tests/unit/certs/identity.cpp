#include "certs/identity.hpp"

#include <doctest/doctest.h>
#include <openssl/rsa.h>

#include "certs/agency_uri.hpp"
#include "common/digest.hpp"
#include "tests/unit/certs/made_certificate.hpp"

using namespace rastro;
using namespace rastro::certs;
using rastro::certs::test::make_der;
using rastro::certs::test::Recipe;

namespace {

std::string refusal(Recipe const& recipe) {
    auto const outcome = identity_of(make_der(recipe));
    return outcome ? "accepted" : outcome.error().detail();
}

void check_refused(Recipe const& recipe, std::string const& reason) {
    auto const said = refusal(recipe);
    INFO(said);
    CHECK(said.find(reason) != std::string::npos);
    auto const outcome = identity_of(make_der(recipe));
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code() == ProblemCode::authentication_required);
}

}  // namespace

TEST_CASE("a gateway certificate yields agency, name, issuer, serial and fingerprint") {
    auto const der = make_der(Recipe{});
    auto const identity = identity_of(der);
    REQUIRE(identity.has_value());
    CHECK(identity->kind == SubjectKind::gateway);
    CHECK(identity->agency == "XA-POLNAC-7");
    CHECK(identity->name == "desk");
    CHECK(identity->uri == "urn:rastro:agency:XA-POLNAC-7:gw:desk");
    CHECK(identity->serial == "f");
    CHECK(identity->issuer_key_id.size() == 40);
    CHECK(identity->sha256 == to_hex(sha256(der)));
    CHECK(identity->public_key_pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    CHECK(identity->not_after > SystemClock{}.now());
}

TEST_CASE("a person certificate with a P-384 key, and RSA of 3072 bits, are accepted") {
    Recipe person;
    person.set("subjectAltName",
               "URI:urn:rastro:agency:XA-POLNAC-7:person:01890a5d-ac96-774b-bcce-b302099a8057,"
               "URI:urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057,email:nobody@example.invalid");
    person.make_key = [] { return EVP_EC_gen("P-384"); };
    auto const identity = identity_of(make_der(person));
    REQUIRE(identity.has_value());
    CHECK(identity->kind == SubjectKind::person);
    CHECK(identity->name == "01890a5d-ac96-774b-bcce-b302099a8057");

    Recipe rsa;
    rsa.make_key = [] { return EVP_RSA_gen(3072); };
    CHECK(refusal(rsa) == "accepted");
}

TEST_CASE("client certificates are refused by rule, each with its reason") {
    check_refused(Recipe{}.set("extendedKeyUsage", "serverAuth"), "no clientAuth");
    check_refused(Recipe{}.drop("extendedKeyUsage"), "no clientAuth");
    check_refused(Recipe{}.set("basicConstraints", "critical,CA:TRUE"), "CA:TRUE");
    check_refused(Recipe{}.set("keyUsage", "critical,digitalSignature,keyCertSign"), "authority");
    check_refused(Recipe{}.set("keyUsage", "critical,keyEncipherment"), "digitalSignature");
    check_refused(Recipe{}.set("1.3.6.1.4.1.55555.1", "critical,ASN1:UTF8String:x"),
                  "unknown critical extension");
    check_refused(Recipe{}.drop("authorityKeyIdentifier"), "authority key identifier");

    Recipe weak;
    weak.make_key = [] { return EVP_RSA_gen(2048); };
    check_refused(weak, "RSA under 3072");
    weak.make_key = [] { return EVP_EC_gen("secp256k1"); };
    check_refused(weak, "curve other than P-256 and P-384");
    weak.make_key = [] { return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); };
    check_refused(weak, "neither RSA nor EC");

    Recipe old;
    old.digest = EVP_sha1();
    check_refused(old, "SHA-1");
    old.digest = EVP_sha224();
    check_refused(old, "digest other than");
    old = Recipe{};
    old.version = X509_VERSION_1;
    old.extensions.clear();
    check_refused(old, "version 3");
    Recipe twice;
    twice.extensions.emplace_back("basicConstraints", "critical,CA:FALSE");
    check_refused(twice, "malformed or repeated");
    Recipe zero;
    zero.serial = "0";
    check_refused(zero, "serial");
}

TEST_CASE("the agency is named once, in the right form") {
    auto const with_names = [](std::string const& names) {
        return Recipe{}.set("subjectAltName", names);
    };
    std::string const good = "URI:urn:rastro:agency:XA-POLNAC-7:gw:desk";
    check_refused(Recipe{}.drop("subjectAltName"), "no agency URI");
    check_refused(with_names("DNS:xa-polnac-7.example.invalid"), "no agency URI");
    check_refused(with_names(good + ",URI:urn:rastro:agency:XB-GUARDA-3:gw:desk"),
                  "more than one agency URI");
    check_refused(with_names(good + "," + good), "more than one agency URI");
    check_refused(with_names(good + ",URI:two words"), "alternative name is malformed");
    check_refused(with_names("URI:URN:rastro:agency:XA-POLNAC-7:gw:desk"), "malformed agency URI");
    // The prefix compares without case, or a second agency would pass beside the first.
    check_refused(with_names(good + ",URI:URN:Rastro:agency:XB-GUARDA-3:gw:desk"),
                  "more than one agency URI");
    for (auto const* tail : {"xa-polnac-7:gw:desk",
                             "XA-POLNAC:gw:desk",
                             "XA-PO-7:gw:desk",
                             "XA-POLICENACION-7:gw:desk",
                             "XA-POLNAC-77:gw:desk",
                             "XA-POLNAC-7:gw:",
                             "XA-POLNAC-7:gw:Desk",
                             "XA-POLNAC-7:gw:-desk",
                             "XA-POLNAC-7:gw:desk:more",
                             "XA-POLNAC-7:box:desk",
                             "XA-POLNAC-7:person:desk",
                             "XA-POLNAC-7:person:01890A5D-AC96-774B-BCCE-B302099A8057",
                             "XA-POLNAC-7:person:00000000-0000-0000-0000-000000000000"}) {
        check_refused(with_names(std::string("URI:urn:rastro:agency:") + tail),
                      "malformed agency URI");
    }
}

TEST_CASE("the subject must repeat country and agency, or no name constraint would bind the URI") {
    using Subject = std::vector<std::pair<std::string, std::string>>;
    for (auto const& subject : {Subject{},
                                Subject{{"C", "XA"}},
                                Subject{{"O", "XA-POLNAC-7"}},
                                Subject{{"C", "XB"}, {"O", "XA-POLNAC-7"}},
                                Subject{{"C", "XA"}, {"O", "XB-GUARDA-3"}},
                                Subject{{"C", "XA"}, {"O", "xa-polnac-7"}},
                                Subject{{"C", "XA"}, {"O", "XB-GUARDA-3"}, {"O", "XA-POLNAC-7"}}}) {
        Recipe recipe;
        recipe.subject = subject;
        check_refused(recipe, "does not repeat");
    }
}

TEST_CASE("bytes that are no certificate, or more than one, are refused") {
    auto const der = make_der(Recipe{});
    CHECK_FALSE(identity_of("").has_value());
    CHECK_FALSE(identity_of("-----BEGIN CERTIFICATE-----").has_value());
    CHECK_FALSE(identity_of(der + "x").has_value());
    for (std::size_t cut = 0; cut < der.size(); ++cut) {
        CHECK_FALSE(identity_of(std::string_view(der).substr(0, cut)).has_value());
    }
}
