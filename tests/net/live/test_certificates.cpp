#include "tests/net/live/test_certificates.hpp"

#include <stdlib.h>

#include <fstream>
#include <stdexcept>

#include "certs/key_files.hpp"
#include "certs/profiles.hpp"

namespace rastro::test_support {

using namespace certs;

namespace {

std::filesystem::path new_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "rastro-net-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no folder for certificates");
    }
    return pattern;
}

Authority below(Authority const& above, CertificateProfile const& profile, Instant now) {
    return above.create_below(profile, PrivateKey::generate_p256(), now).value();
}

}  // namespace

TestCertificates::TestCertificates()
    : folder_(new_folder()),
      now_(SystemClock{}.now()),
      root_(Authority::create_root(
          root_profile("Net test").value(), PrivateKey::generate_p256(), now_)),
      country_(below(root_, country_profile("XA").value(), now_)),
      agency_(below(country_, agency_profile(test_agency).value(), now_)),
      service_(below(root_, service_profile("Net test").value(), now_)) {
    write_file(folder_ / "root.pem", root_.chain_pem(), FileAccess::all_may_read);
    for (auto* authority : {&root_, &country_, &agency_}) {
        authority->publish_revocations(now_);
    }
    write_lists();
    renew_server_certificate();
}

TestCertificates::~TestCertificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void TestCertificates::write_lists() const {
    std::filesystem::create_directories(folder_ / "lists");
    write_file(folder_ / "lists/root.crl", root_.crl_pem(), FileAccess::all_may_read);
    write_file(folder_ / "lists/country.crl", country_.crl_pem(), FileAccess::all_may_read);
    write_file(folder_ / "lists/agency.crl", agency_.crl_pem(), FileAccess::all_may_read);
}

void TestCertificates::renew_server_certificate() {
    auto const key = PrivateKey::generate_p256();
    auto const issued =
        service_
            .issue(server_profile({"localhost"}, {"127.0.0.1"}).value(), key.public_key_pem(), now_)
            .value();
    std::filesystem::remove(folder_ / "server.key");
    key.write_new(folder_ / "server.key").value();
    write_file(folder_ / "server.pem", issued.pem + service_.chain_pem(), FileAccess::all_may_read);
}

std::string TestCertificates::make_gateway(std::string const& name) {
    auto const key = PrivateKey::generate_p256();
    auto const issued =
        agency_.issue(gateway_profile(test_agency, name).value(), key.public_key_pem(), now_)
            .value();
    key.write_new(folder_ / (name + ".key")).value();
    write_file(
        folder_ / (name + ".pem"), issued.pem + agency_.chain_pem(), FileAccess::all_may_read);
    return issued.serial;
}

void TestCertificates::revoke(std::string const& serial) {
    agency_.revoke(serial, RevocationReason::key_compromise, now_).value();
    agency_.publish_revocations(now_);
    write_lists();
}

server::TlsSettings TestCertificates::for_browsers() const {
    server::TlsSettings tls;
    tls.certificate_chain = folder_ / "server.pem";
    tls.private_key = folder_ / "server.key";
    return tls;
}

server::TlsSettings TestCertificates::for_agencies() const {
    auto tls = for_browsers();
    tls.client_certificates = server::ClientCertificates::required;
    tls.client_authorities = folder_ / "root.pem";
    tls.revocation_lists = {folder_ / "lists"};
    return tls;
}

}  // namespace rastro::test_support
