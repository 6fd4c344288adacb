// Finding out who calls, in the call's own transaction: nothing is cached, so an ended session, a
// disabled account, a taken role or a revoked certificate counts from the next statement on
// (anchors/security.md B05, C02).
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cases/actor.hpp"
#include "common/digest.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct SessionToken {
    Digest hash;  // SHA-256 of the opaque token
};
struct ShownCertificate {
    std::string agency;  // as the certificate's URI names it
    std::string uri;
    std::string issuer_key_id;
    std::string serial;
    std::string acting_for;  // code of the person in the agency's own system; may be empty
};
using ShownCredential = std::variant<SessionToken, ShownCertificate>;

struct AuthenticationRules {
    std::chrono::microseconds idle{};  // a session unused for longer has ended
    Instant now{};
};

// The statement that authenticates the holders of these credentials, to be sent together with
// others. The transaction then acts, with this access class, for the agency and person of the first
// that is good; statements behind it see what that one may see.
[[nodiscard]] BoundQuery authentication_query(std::span<ShownCredential const* const> credentials,
                                              std::string_view access,
                                              AuthenticationRules const& rules);

struct Authenticated {
    cases::Actor actor;
    std::optional<Instant> session_seen_at;  // nullopt: not by a session
};
// From its result, for each credential in order; nullopt if it is not (or no longer) good.
[[nodiscard]] std::vector<std::optional<Authenticated>> read_authenticated(
    std::span<ShownCredential const* const> credentials, Rows const& found);

// The statement that notes that the session was used, at most once a minute; nullopt when none is
// due. To be run while acting for its holder.
[[nodiscard]] std::optional<BoundQuery> session_touch_query(Authenticated const& holder,
                                                            AuthenticationRules const& rules);

// All of it in one round trip; also notes that the session was used (at most once a minute).
[[nodiscard]] std::optional<cases::Actor> authenticate(UnitOfWork& unit,
                                                       ShownCredential const& credential,
                                                       std::string_view access,
                                                       AuthenticationRules const& rules);

// Which of these authentication events (sessions and client certificates, as Actor names them)
// would still be good now. `unit` acts as the system.
[[nodiscard]] std::set<std::string> still_good(UnitOfWork& unit,
                                               std::vector<std::string> const& events,
                                               AuthenticationRules const& rules);

}  // namespace rastro::storage
