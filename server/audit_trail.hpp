// Turns a call into its audit record (design/audit-log.md, "Records"): who, what, when, where, why,
// on what, outcome.
#pragma once

#include <chrono>
#include <string_view>

#include "server/call.hpp"

namespace rastro::server {

class AuditTrail {
 public:
    AuditTrail(Services& services,
               protocol::Endpoint const& endpoint,
               HttpRequest const& request,
               RequestId request_id,
               std::chrono::steady_clock::time_point started);

    // `reason`: code, only for refusals and failures. `bytes_out`: size of the reply's body.
    [[nodiscard]] storage::AuditEntry entry(Call const& call,
                                            cases::AuditOutcome outcome,
                                            std::string_view reason,
                                            std::size_t bytes_out) const;

 private:
    Services& services_;
    protocol::Endpoint const& endpoint_;
    std::string request_id_;
    std::string traceparent_;
    std::string source_;
    std::string destination_;
    std::size_t bytes_in_;
    std::chrono::steady_clock::time_point started_;
};

// What must hold of an authenticated caller before any handler runs: the password is not to be
// changed first, the purpose header is one of domain/tracing.md 3.3. Also notes the handshake as
// the moment of a gateway's authentication.
[[nodiscard]] Outcome<bool> admit(Call& call, HttpRequest const& request);

// The transaction-local actor for row-level security.
[[nodiscard]] storage::ActingAs acting_as(cases::Actor const& actor, std::string_view access);

}  // namespace rastro::server
