// Certificates, keys and revocation lists as OpenSSL objects, read from PEM files. Every failure is
// a Problem whose detail names the file. Private to net/.
#pragma once

#include <filesystem>
#include <vector>

#include "common/outcome.hpp"
#include "server/net/openssl_deleters.hpp"

namespace rastro::server {

// At least one certificate, in the order of the file.
[[nodiscard]] Outcome<std::vector<X509Ptr>> read_certificates(std::filesystem::path const& path);
[[nodiscard]] Outcome<std::vector<X509CrlPtr>> read_revocation_lists(
    std::filesystem::path const& path);

// The files that these paths stand for: a folder stands for the *.crl and *.pem in it, by name.
[[nodiscard]] std::vector<std::filesystem::path> revocation_files(
    std::vector<std::filesystem::path> const& paths);

// Null unless the text is one certificate and nothing else.
[[nodiscard]] X509Ptr certificate_from_der(std::string_view der);
[[nodiscard]] std::string der_of(X509 const& certificate);

}  // namespace rastro::server
