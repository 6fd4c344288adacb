// Finding out who calls, in the call's own transaction: nothing is cached, so an ended session, a
// disabled account, a taken role or a revoked certificate counts from the next statement on
// (anchors/security.md B05, C02).
#pragma once

#include <chrono>
#include <optional>
#include <set>
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

// The statements that authenticate, to be sent together with others: the first tells row-level
// security which credential was shown, the second finds it and sets agency, country, user and
// access class from it, the third reads the actor.
[[nodiscard]] std::vector<BoundQuery> authentication_queries(ShownCredential const& credential,
                                                             std::string_view access,
                                                             AuthenticationRules const& rules);
// The actor from the results of those statements; nullopt if the credential is not (or no longer)
// good.
[[nodiscard]] std::optional<cases::Actor> read_actor(ShownCredential const& credential,
                                                     Rows const& found,
                                                     Rows const& who);

// The statement that notes that the session was used, at most once a minute; nullopt when none is
// due. `found`: result of the second of authentication_queries, with a row.
[[nodiscard]] std::optional<BoundQuery> session_touch_query(ShownCredential const& credential,
                                                            Rows const& found,
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
