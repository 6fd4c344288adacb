#include "certs/revocation.hpp"

#include <doctest/doctest.h>

#include "certs/authority.hpp"
#include "certs/key_files.hpp"
#include "tests/unit/certs/made_certificate.hpp"

using namespace rastro;
using namespace rastro::certs;
using namespace std::chrono_literals;
using rastro::certs::test::TemporaryFolder;

namespace {

Instant const now = SystemClock{}.now();

struct Agency {
    Authority root = Authority::create_root(
        root_profile("Test federation").value(), PrivateKey::generate_p256(), now);
    Authority country =
        root.create_below(country_profile("XA").value(), PrivateKey::generate_p256(), now).value();
    Authority issuing =
        country
            .create_below(agency_profile("XA-POLNAC-7").value(), PrivateKey::generate_p256(), now)
            .value();

    [[nodiscard]] CertificateIdentity gateway(char const* name) const {
        auto const issued = issuing
                                .issue(gateway_profile("XA-POLNAC-7", name).value(),
                                       PrivateKey::generate_p256().public_key_pem(),
                                       now)
                                .value();
        return identity_of(issued.der).value();
    }
};

}  // namespace

TEST_CASE("lists are loaded from files and folders, and say who is revoked") {
    TemporaryFolder const folder;
    Agency agency;
    auto const revoked = agency.gateway("old");
    auto const kept = agency.gateway("desk");
    REQUIRE(agency.issuing.revoke(revoked.serial, RevocationReason::superseded, now).has_value());
    agency.issuing.publish_revocations(now);
    std::filesystem::create_directory(folder / "crl");
    write_file(folder / "crl/agency.crl", agency.issuing.crl_pem(), FileAccess::all_may_read);
    write_file(folder / "crl/note.txt", "not a list", FileAccess::all_may_read);
    write_file(folder / "others.pem",
               agency.root.crl_pem() + agency.country.crl_pem(),
               FileAccess::all_may_read);

    auto const loaded =
        RevocationLists::load({folder / "crl", folder / "others.pem"}, agency.issuing.chain_pem());
    REQUIRE(loaded.has_value());
    REQUIRE(loaded->lists().size() == 3);
    auto const& list = loaded->lists()[0];
    CHECK(list.file == folder / "crl/agency.crl");
    CHECK(list.issuer == "CN=Agency authority,O=XA-POLNAC-7,C=XA");
    CHECK(list.issuer_key_id == revoked.issuer_key_id);
    CHECK(list.number == "2");
    CHECK(list.revoked == 1);
    CHECK(list.verified);
    CHECK(list.this_update <= now);
    CHECK(loaded->is_revoked(revoked));
    CHECK_FALSE(loaded->is_revoked(kept));
    auto other_issuer = revoked;
    other_issuer.issuer_key_id = loaded->lists()[1].issuer_key_id;
    CHECK_FALSE(loaded->is_revoked(other_issuer));
    CHECK(loaded->pem() ==
          agency.issuing.crl_pem() + agency.root.crl_pem() + agency.country.crl_pem());
}

TEST_CASE("a list is stale once its next update has passed") {
    TemporaryFolder const folder;
    Agency agency;
    agency.root.publish_revocations(now, 720h);
    write_file(folder / "a.crl", agency.issuing.crl_pem(), FileAccess::all_may_read);
    write_file(folder / "root.crl", agency.root.crl_pem(), FileAccess::all_may_read);
    auto const loaded =
        RevocationLists::load({folder / "a.crl", folder / "root.crl"}, agency.root.chain_pem())
            .value();
    CHECK(loaded.lists()[0].verified == false);  // its authority was not given
    CHECK(loaded.lists()[1].verified);
    CHECK(loaded.stale(now).empty());
    CHECK(loaded.stale(now + 23h).empty());
    auto const stale = loaded.stale(now + 24h);
    REQUIRE(stale.size() == 1);
    CHECK(stale[0].file == folder / "a.crl");
    CHECK(loaded.stale(now + 721h).size() == 2);
}

TEST_CASE("files that are no lists, cut lists and forged lists are refused by name") {
    TemporaryFolder const folder;
    Agency const agency;
    auto const refusal = [&](std::string const& text) {
        write_file(folder / "x.crl", text, FileAccess::all_may_read);
        auto const outcome = RevocationLists::load({folder / "x.crl"}, agency.issuing.chain_pem());
        return outcome ? std::string("accepted") : outcome.error().detail();
    };
    auto const name = (folder / "x.crl").string();
    auto const good = agency.issuing.crl_pem();
    CHECK(refusal(good) == "accepted");
    CHECK(refusal("") == name + ": not a revocation list in PEM");
    CHECK(refusal(agency.issuing.chain_pem()) == name + ": not a revocation list in PEM");
    CHECK(refusal(good.substr(0, good.size() / 2)) == name + ": not a revocation list in PEM");
    CHECK(refusal(good + good.substr(0, good.size() / 2)) ==
          name + ": not a revocation list in PEM");

    // The last characters before the padding belong to the signature.
    auto forged = good;
    auto const end = forged.find("\n-----END");
    auto const at = forged.find_last_not_of("=\n", end) - 6;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    CHECK(refusal(forged) == name + ": a revocation list that its issuer did not sign");
    CHECK_FALSE(RevocationLists::load({folder / "missing"}, "").has_value());
    CHECK(RevocationLists::load({}, "").value().lists().empty());
}

TEST_CASE("alarms are raised at 30, 14, 7 and 1 days and at the end") {
    struct Row {
        std::chrono::seconds left;
        char const* text;
    };
    for (auto const& [left, text] : {Row{720h + 1s, ""},
                                     Row{720h, "30 days"},
                                     Row{336h + 1s, "30 days"},
                                     Row{336h, "14 days"},
                                     Row{168h, "7 days"},
                                     Row{24h + 1s, "7 days"},
                                     Row{24h, "1 day"},
                                     Row{1s, "1 day"},
                                     Row{0s, "expired"},
                                     Row{-1h, "expired"}}) {
        CHECK(alarm_text(expiry_alarm(now + left, now)) == std::string(text));
    }
}

TEST_CASE("every certificate of a file is listed, soonest end first") {
    TemporaryFolder const folder;
    Agency const agency;
    write_file(folder / "chain.pem", agency.issuing.chain_pem(), FileAccess::all_may_read);
    auto const found =
        expiries_of({folder / "chain.pem"}, agency.issuing.not_after() - 100h).value();
    REQUIRE(found.size() == 3);
    CHECK(found[0].subject == "CN=Agency authority,O=XA-POLNAC-7,C=XA");
    CHECK(found[0].alarm == ExpiryAlarm::days_7);
    CHECK(found[2].subject == "CN=Root authority,O=Test federation");
    CHECK(found[2].alarm == ExpiryAlarm::none);
    CHECK(expiries_of({folder / "none.pem"}, now).error().code() == ProblemCode::not_found);
    write_file(folder / "empty.pem", "", FileAccess::all_may_read);
    CHECK(expiries_of({folder / "empty.pem"}, now).error().code() ==
          ProblemCode::validation_failed);
}
