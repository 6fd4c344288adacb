// A small federation in a folder of its own: a server certificate, an agency's gateway and the
// revocation lists between them.
#pragma once

#include <filesystem>
#include <string>

#include "certs/authority.hpp"
#include "server/net/net_server.hpp"

namespace rastro::test_support {

class TestCertificates {
 public:
    TestCertificates();
    ~TestCertificates();
    TestCertificates(TestCertificates const&) = delete;
    TestCertificates& operator=(TestCertificates const&) = delete;

    // Certificate chain, key and trusted roots as PEM files.
    [[nodiscard]] std::string path(std::string const& name) const {
        return (folder_ / name).string();
    }
    [[nodiscard]] server::TlsSettings for_browsers() const;
    [[nodiscard]] server::TlsSettings for_agencies() const;

    // Makes NAME.pem and NAME.key: a gateway of the agency.
    std::string make_gateway(std::string const& name);
    void renew_server_certificate();
    void revoke(std::string const& serial);

 private:
    void write_lists() const;

    std::filesystem::path folder_;
    Instant now_;
    certs::Authority root_;
    certs::Authority country_;
    certs::Authority agency_;
    certs::Authority service_;
};

inline constexpr char const* test_agency = "XA-POLNAC-7";

}  // namespace rastro::test_support
