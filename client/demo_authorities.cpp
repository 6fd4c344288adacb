#include "client/demo_authorities.hpp"

#include <set>

#include "certs/agency_uri.hpp"
#include "certs/authority.hpp"
#include "certs/blind_key.hpp"
#include "certs/key_files.hpp"
#include "certs/revocation.hpp"
#include "certs/signer.hpp"

namespace rastro::client {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::hours kListLifetime{24 * 30};

class DemoFolder {
 public:
    DemoFolder(fs::path folder, Instant now) : folder_(std::move(folder)), now_(now) {}

    Result<certs::Authority> root(std::string const& federation) {
        auto const place = authorities() / "root";
        if (fs::exists(place / "authority.key")) {
            RASTRO_TRY(known, certs::Authority::read(place));
            return known;
        }
        RASTRO_TRY(profile, certs::root_profile(federation));
        auto made =
            certs::Authority::create_root(profile, certs::PrivateKey::generate_p256(), now_);
        RASTRO_CHECK(made.write_new(place));
        told_.push_back("authority of " + federation);
        return made;
    }

    Result<certs::Authority> below(certs::Authority const& parent,
                                   certs::CertificateProfile const& profile,
                                   std::string const& name) {
        auto const place = authorities() / name;
        if (fs::exists(place / "authority.key")) {
            RASTRO_TRY(known, certs::Authority::read(place));
            return known;
        }
        RASTRO_TRY(made, parent.create_below(profile, certs::PrivateKey::generate_p256(), now_));
        RASTRO_CHECK(made.write_new(place));
        told_.push_back("authority of " + name);
        return made;
    }

    // `name`.pem with its issuers and `name`.key, if missing or near its end.
    Result<void> certificate(certs::Authority const& issuer,
                             certs::CertificateProfile const& profile,
                             fs::path const& name) {
        auto const pem = fs::path(folder_ / name).concat(".pem");
        auto const key = fs::path(folder_ / name).concat(".key");
        if (fs::exists(pem) && fs::exists(key)) {
            RASTRO_TRY(expiries, certs::expiries_of({pem}, now_));
            if (expiries.front().alarm == certs::ExpiryAlarm::none) {
                return boost::system::in_place_value;
            }
        }
        fs::create_directories(pem.parent_path());
        auto const pair = certs::PrivateKey::generate_p256();
        RASTRO_TRY(issued, issuer.issue(profile, pair.public_key_pem(), now_));
        certs::write_file(key, pair.to_pem(), certs::FileAccess::owner_only);
        certs::write_file(pem, issued.pem + issuer.chain_pem(), certs::FileAccess::all_may_read);
        told_.push_back("certificate " + name.string());
        return boost::system::in_place_value;
    }

    void revocations(certs::Authority& authority, std::string const& name) {
        authority.publish_revocations(now_, kListLifetime);
        authority.write_revocations(authorities() / name);
        fs::create_directories(folder_ / "crl");
        certs::write_file(folder_ / "crl" / (name + ".crl"),
                          authority.crl_pem(),
                          certs::FileAccess::all_may_read);
    }

    void text(fs::path const& name, std::string const& text) {
        certs::write_file(folder_ / name, text, certs::FileAccess::all_may_read);
    }

    // A key and the state of a log that has signed nothing yet; both are made once.
    Result<void> checkpoint_key(std::string const& origin) {
        auto const key_file = folder_ / "checkpoint.key";
        if (!fs::exists(key_file)) {
            RASTRO_CHECK(certs::PrivateKey::generate_ed25519().write_new(key_file));
            told_.push_back("key of the checkpoint signer");
        }
        if (!fs::exists(folder_ / "signer.state")) {
            RASTRO_CHECK(certs::CheckpointSigner::create_state(folder_ / "signer.state", origin));
        }
        RASTRO_TRY(key, certs::read_signing_key(key_file));
        text("checkpoint.vkey", certs::verifier_key(origin, key->public_key()) + "\n");
        return boost::system::in_place_value;
    }

    // Made once: another key would compare nothing with what was there before.
    Result<void> blind_key() {
        auto const key_file = folder_ / "blind.key";
        if (!fs::exists(key_file)) {
            RASTRO_CHECK(certs::create_file(
                key_file, certs::new_blind_key_text(), certs::FileAccess::owner_only));
            told_.push_back("key of the blind index");
        }
        return boost::system::in_place_value;
    }

    [[nodiscard]] std::vector<std::string> take_told() { return std::move(told_); }

 private:
    [[nodiscard]] fs::path authorities() const { return folder_ / "authorities"; }

    fs::path folder_;
    Instant now_;
    std::vector<std::string> told_;
};

// The first certificate of a chain.
std::string first_of(std::string const& chain) {
    constexpr std::string_view end = "-----END CERTIFICATE-----";
    auto const at = chain.find(end);
    return at == std::string::npos ? chain : chain.substr(0, at + end.size()) + "\n";
}

}  // namespace

Result<std::vector<std::string>> make_demo_authorities(fs::path const& folder,
                                                       DemoPlan const& plan,
                                                       Instant now) {
    std::set<std::string> countries(plan.countries.begin(), plan.countries.end());
    for (auto const& agency : plan.agencies) {
        if (!certs::is_agency_code(agency)) {
            return Failure(ExitCode::usage, agency + " is no agency code, as XA-POLNAC-C\n");
        }
        countries.insert(std::string(certs::country_of(agency)));
    }
    fs::create_directories(folder);
    DemoFolder demo(folder, now);
    RASTRO_TRY(root, demo.root(plan.federation));
    RASTRO_TRY(service_profile, certs::service_profile(plan.federation + " operators"));
    RASTRO_TRY(service, demo.below(root, service_profile, "service"));
    RASTRO_TRY(server_profile, certs::server_profile(plan.dns_names, plan.ip_addresses));
    RASTRO_CHECK(demo.certificate(service, server_profile, "server"));
    demo.revocations(root, "root");
    demo.revocations(service, "service");
    auto clients = root.chain_pem();
    for (auto const& country : countries) {
        RASTRO_TRY(profile, certs::country_profile(country));
        RASTRO_TRY(authority, demo.below(root, profile, country));
        demo.revocations(authority, country);
        clients += first_of(authority.chain_pem());
        for (auto const& agency : plan.agencies) {
            if (certs::country_of(agency) != country) {
                continue;
            }
            RASTRO_TRY(agency_profile, certs::agency_profile(agency));
            RASTRO_TRY(issuer, demo.below(authority, agency_profile, agency));
            demo.revocations(issuer, agency);
            clients += first_of(issuer.chain_pem());
            RASTRO_TRY(gateway, certs::gateway_profile(agency, plan.gateway));
            RASTRO_CHECK(demo.certificate(issuer, gateway, fs::path("gateways") / agency));
        }
    }
    demo.text("ca.pem", root.chain_pem());
    demo.text("clients.pem", clients);
    RASTRO_CHECK(demo.checkpoint_key(plan.audit_origin));
    RASTRO_CHECK(demo.blind_key());
    return demo.take_told();
}

}  // namespace rastro::client
