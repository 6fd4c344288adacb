// A complete set of certificates for a demonstration or an exercise: root, countries, agencies,
// a server, a gateway for each agency, revocation lists, and the key that signs checkpoints.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/failure.hpp"
#include "common/clock.hpp"

namespace rastro::client {

struct DemoPlan {
    std::string federation = "Rastro demonstration";
    std::vector<std::string> agencies;   // codes; their countries get an authority each
    std::vector<std::string> countries;  // further ones
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    std::string gateway = "gw1";
    std::string audit_origin;
};

// Below `folder`:
//   ca.pem                          the root: what clients trust
//   server.pem, server.key          certificate of the server with its issuers
//   clients.pem                     authorities whose client certificates the server accepts
//   crl/*.crl                       their revocation lists, good for 30 days
//   gateways/CODE.pem, CODE.key     client certificate of each agency's system with its issuers
//   checkpoint.key, checkpoint.vkey, signer.state
//   authorities/root, service, XA, XA-POLNAC-C   what `rastro certs` works on
// Run again: what is there stays; missing parts are made, certificates with less than 30 days left
// are renewed, revocation lists are signed anew. Returns a line for each thing that was made.
[[nodiscard]] Result<std::vector<std::string>> make_demo_authorities(
    std::filesystem::path const& folder, DemoPlan const& plan, Instant now);

}  // namespace rastro::client
