#include "certs/authority.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <set>

#include "certs/identity.hpp"
#include "certs/key_files.hpp"
#include "tests/unit/certs/made_certificate.hpp"

using namespace rastro;
using namespace rastro::certs;
using namespace rastro::certs::test;

namespace {

constexpr auto agency_a = "XA-POLNAC-7";
constexpr auto agency_b = "XB-GUARDA-3";
Instant const now = SystemClock{}.now();

struct Federation {
    Authority root = Authority::create_root(
        root_profile("Test federation").value(), PrivateKey::generate_p256(), now);
    Authority country_a = below(root, country_profile("XA").value());
    Authority country_b = below(root, country_profile("XB").value());
    Authority issuing_a = below(country_a, agency_profile(agency_a).value());
    Authority issuing_b = below(country_b, agency_profile(agency_b).value());

    static Authority below(Authority const& above, CertificateProfile const& profile) {
        return above.create_below(profile, PrivateKey::generate_p256(), now).value();
    }
    [[nodiscard]] std::string crls_a() const {
        return root.crl_pem() + country_a.crl_pem() + issuing_a.crl_pem();
    }
};

IssuedCertificate gateway(Authority const& authority, char const* agency) {
    return authority
        .issue(gateway_profile(agency, "desk").value(),
               PrivateKey::generate_p256().public_key_pem(),
               now)
        .value();
}

unsigned mode_of(std::filesystem::path const& path) {
    struct stat state {};
    REQUIRE(stat(path.c_str(), &state) == 0);
    return state.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a gateway issued three levels down verifies and names its agency") {
    Federation const federation;
    auto const issued = gateway(federation.issuing_a, agency_a);
    CHECK(verify_client(issued.der, federation.issuing_a.chain_pem(), federation.crls_a(), now) ==
          "ok");
    auto const identity = identity_of(issued.der);
    REQUIRE(identity.has_value());
    CHECK(identity->agency == agency_a);
    CHECK(identity->serial == issued.serial);
    CHECK(issued.not_before <= now - std::chrono::minutes{5});
    CHECK(issued.not_before > now - std::chrono::minutes{6});
    CHECK(issued.not_after - now > std::chrono::days{89});
    CHECK(verify_client(issued.der,
                        federation.issuing_a.chain_pem(),
                        federation.crls_a(),
                        issued.not_after + std::chrono::seconds{1}) != "ok");
}

TEST_CASE("an authority refuses to issue outside its agency, country and depth") {
    Federation const federation;
    auto const key = PrivateKey::generate_p256();
    auto const code = [&](Authority const& authority, CertificateProfile const& profile) {
        auto const outcome = authority.issue(profile, key.public_key_pem(), now);
        return outcome ? ProblemCode::none : outcome.error().code();
    };
    CHECK(code(federation.issuing_a, gateway_profile(agency_b, "desk").value()) ==
          ProblemCode::validation_failed);
    CHECK(code(federation.country_a, gateway_profile(agency_b, "desk").value()) ==
          ProblemCode::validation_failed);
    CHECK(code(federation.issuing_a, server_profile({"a.example"}, {}).value()) ==
          ProblemCode::validation_failed);
    CHECK_FALSE(
        federation.country_a.create_below(agency_profile(agency_b).value(), key, now).has_value());
    CHECK_FALSE(
        federation.issuing_a.create_below(agency_profile(agency_a).value(), key, now).has_value());
    CHECK_FALSE(
        federation.country_a.create_below(service_profile("Desk").value(), key, now).has_value());
    CHECK_FALSE(
        federation.country_a.create_below(country_profile("XA").value(), key, now).has_value());
    auto wider = agency_profile(agency_a).value();
    CHECK(federation.country_a.create_below(wider, key, now).has_value());
    wider.client_auth = false;  // no extended key usage: would be good for anything
    CHECK_FALSE(federation.country_a.create_below(wider, key, now).has_value());
    CHECK_FALSE(
        federation.issuing_a.create_below(gateway_profile(agency_a, "desk").value(), key, now)
            .has_value());
}

TEST_CASE("what country A's authorities sign for an agency of country B fails chain verification") {
    Federation const federation;
    Recipe foreign;
    foreign.subject = {{"C", "XB"}, {"O", agency_b}, {"CN", "desk"}};
    foreign.set("subjectAltName", std::string("URI:urn:rastro:agency:") + agency_b + ":gw:desk");
    for (auto const* issuer : {&federation.country_a, &federation.issuing_a}) {
        auto const der = make_der(foreign, issuer->chain_pem(), issuer->key().native());
        CHECK(verify_client(der, issuer->chain_pem(), "", now) == "permitted subtree violation");
    }
    auto const own =
        make_der(foreign, federation.issuing_b.chain_pem(), federation.issuing_b.key().native());
    CHECK(verify_client(own, federation.issuing_b.chain_pem(), "", now) == "ok");

    // The way round the constraint: a subject of A, the URI of B. The chain holds, the identity
    // does not.
    foreign.subject = {{"C", "XA"}, {"O", agency_a}, {"CN", "desk"}};
    auto const disguised =
        make_der(foreign, federation.issuing_a.chain_pem(), federation.issuing_a.key().native());
    CHECK(verify_client(disguised, federation.issuing_a.chain_pem(), "", now) == "ok");
    CHECK_FALSE(identity_of(disguised).has_value());
    foreign.subject.clear();
    auto const nameless =
        make_der(foreign, federation.issuing_a.chain_pem(), federation.issuing_a.key().native());
    CHECK_FALSE(identity_of(nameless).has_value());
}

TEST_CASE(
    "nothing under a country authority can be a server, nothing under the service one a client") {
    Federation const federation;
    Recipe server;
    server.set("extendedKeyUsage", "serverAuth,clientAuth");
    auto const service = Federation::below(federation.root, service_profile("Rastro desk").value());
    auto const der = make_der(server, service.chain_pem(), service.key().native());
    CHECK(verify_client(der, service.chain_pem(), "", now) != "ok");
    CHECK_FALSE(service
                    .issue(gateway_profile(agency_a, "desk").value(),
                           PrivateKey::generate_p256().public_key_pem(),
                           now)
                    .has_value());
    auto disguised = gateway_profile(agency_a, "desk").value();
    disguised.server_auth = true;
    disguised.client_auth = false;
    CHECK_FALSE(
        federation.issuing_a.issue(disguised, PrivateKey::generate_p256().public_key_pem(), now)
            .has_value());
    CHECK(service
              .issue(server_profile({"rastro.example"}, {"127.0.0.1", "::1"}).value(),
                     PrivateKey::generate_p256().public_key_pem(),
                     now)
              .has_value());
}

TEST_CASE("revocation reaches the next list, and survives writing and reading the authority") {
    TemporaryFolder const folder;
    Federation federation;
    auto const issued = gateway(federation.issuing_a, agency_a);
    auto const other = gateway(federation.issuing_a, agency_a);
    REQUIRE(federation.issuing_a.write_new(folder / "a").has_value());
    CHECK(mode_of(folder / "a/authority.key") == 0600);
    CHECK(mode_of(folder / "a/authority.pem") == 0644);
    CHECK(mode_of(folder / "a") == 0700);
    CHECK(federation.issuing_a.write_new(folder / "a").error().code() == ProblemCode::conflict);

    auto read = Authority::read(folder / "a");
    REQUIRE(read.has_value());
    CHECK(read->revoke("not hex", RevocationReason::unspecified, now).error().code() ==
          ProblemCode::validation_failed);
    REQUIRE(read->revoke(issued.serial, RevocationReason::key_compromise, now).has_value());
    CHECK(read->revoke("00" + issued.serial, RevocationReason::superseded, now).error().code() ==
          ProblemCode::duplicate);
    read->publish_revocations(now);
    read->write_revocations(folder / "a");

    auto again = Authority::read(folder / "a");
    REQUIRE(again.has_value());
    again->publish_revocations(now);
    auto const crls = federation.root.crl_pem() + federation.country_a.crl_pem() + again->crl_pem();
    CHECK(verify_client(issued.der, again->chain_pem(), crls, now) == "certificate revoked");
    CHECK(verify_client(other.der, again->chain_pem(), crls, now) == "ok");
    CHECK(verify_client(other.der, again->chain_pem(), crls, now + std::chrono::hours{25}) ==
          "CRL has expired");
    CHECK(verify_client(other.der, again->chain_pem(), again->crl_pem(), now) ==
          "unable to get certificate CRL");
}

TEST_CASE("files of an authority that do not belong together are refused") {
    Federation const f;
    CHECK_FALSE(Authority::from_pem(f.issuing_a.chain_pem(), f.issuing_b.key(), "").has_value());
    CHECK_FALSE(
        Authority::from_pem(f.issuing_a.chain_pem(), f.issuing_a.key(), f.issuing_b.crl_pem())
            .has_value());
    CHECK_FALSE(Authority::from_pem("", f.issuing_a.key(), "").has_value());
    CHECK(Authority::from_pem(f.issuing_a.chain_pem(), f.issuing_a.key(), "").has_value());
    auto const leaf_key = PrivateKey::generate_p256();
    auto const leaf =
        f.issuing_a.issue(gateway_profile(agency_a, "desk").value(), leaf_key.public_key_pem(), now)
            .value();
    CHECK_FALSE(Authority::from_pem(leaf.pem, leaf_key, "").has_value());
    TemporaryFolder const folder;
    REQUIRE(leaf_key.write_new(folder / "open.key").has_value());
    std::filesystem::permissions(folder / "open.key", std::filesystem::perms(0640));
    CHECK(PrivateKey::read(folder / "open.key").error().code() == ProblemCode::forbidden);
}

TEST_CASE("a signing request gives its key and nothing else") {
    Federation const federation;
    auto const key = PrivateKey::generate_p256();
    auto const request = make_signing_request(key, "XB-GUARDA-3 please");
    auto const profile = gateway_profile(agency_a, "desk").value();
    auto const issued = federation.issuing_a.issue_for_request(profile, request, now);
    REQUIRE(issued.has_value());
    auto const identity = identity_of(issued->der);
    REQUIRE(identity.has_value());
    CHECK(identity->agency == agency_a);
    CHECK(identity->public_key_pem == key.public_key_pem());

    auto tampered = request;
    auto const middle = tampered.size() / 2;
    tampered[middle] = tampered[middle] == 'A' ? 'B' : 'A';
    CHECK_FALSE(federation.issuing_a.issue_for_request(profile, tampered, now).has_value());
    CHECK_FALSE(federation.issuing_a
                    .issue_for_request(
                        profile, make_signing_request(PrivateKey::generate_ed25519(), "weak"), now)
                    .has_value());
}

TEST_CASE("no certificate outlives its authority, and serials have 128 random bits") {
    Authority const root = Authority::create_root(
        root_profile("Test federation").value(), PrivateKey::generate_p256(), now);
    auto const country = Federation::below(root, country_profile("XA", days{10}).value());
    auto const agency = Federation::below(country, agency_profile(agency_a).value());
    CHECK(agency.not_after() == country.not_after());
    std::set<std::string> serials;
    std::size_t longest = 0;
    for (int i = 0; i < 20; ++i) {
        auto const issued = gateway(agency, agency_a);
        CHECK(issued.not_after == country.not_after());
        longest = std::max(longest, issued.serial.size());
        serials.insert(issued.serial);
    }
    CHECK(serials.size() == 20);
    CHECK(longest == 32);
}

TEST_CASE("profiles refuse wrong names and periods") {
    CHECK_FALSE(root_profile("").has_value());
    CHECK_FALSE(root_profile(std::string(65, 'x')).has_value());
    CHECK_FALSE(country_profile("xa").has_value());
    CHECK_FALSE(country_profile("XAA").has_value());
    CHECK_FALSE(agency_profile("XA-POLNAC").has_value());
    CHECK_FALSE(gateway_profile(agency_a, "Desk").has_value());
    CHECK_FALSE(gateway_profile(agency_a, "desk:gw").has_value());
    CHECK_FALSE(gateway_profile(agency_a, "desk", days{399}).has_value());
    CHECK_FALSE(gateway_profile(agency_a, "desk", days{0}).has_value());
    CHECK_FALSE(person_profile(agency_a, "somebody").has_value());
    CHECK_FALSE(server_profile({}, {}).has_value());
    CHECK_FALSE(server_profile({"*.example"}, {}).has_value());
    CHECK_FALSE(server_profile({"Example.ORG"}, {}).has_value());
    CHECK_FALSE(server_profile({}, {"127.0.0.256"}).has_value());
    CHECK(person_profile(agency_a, "01890a5d-ac96-774b-bcce-b302099a8057").has_value());
}
