// What a database worker does for one call: find out who calls, claim the idempotency key, let the
// handler act, write the audit record, commit; and record a refusal in a second short unit of work.
#pragma once

#include <optional>
#include <string>

#include "server/audit_trail.hpp"
#include "server/routes.hpp"
#include "storage/authentication.hpp"

namespace rastro::server {

class WorkerUnit {
 public:
    WorkerUnit(Services& services,
               protocol::Endpoint const& endpoint,
               HttpRequest const& request,
               RequestId request_id,
               std::chrono::steady_clock::time_point started)
        : services_(services),
          endpoint_(endpoint),
          request_(request),
          trail_(services, endpoint, request, request_id, started) {}

    std::optional<storage::ShownCredential> credential;
    std::string idempotency_key;
    Digest fingerprint{};
    std::optional<int> if_match;

    // First unit, when password work follows: finds out what to hash or verify. Writes nothing.
    [[nodiscard]] Outcome<HashingWork> before(storage::Connection& connection,
                                              PreparedCall const& prepared);
    [[nodiscard]] Outcome<Reply> act(storage::Connection& connection,
                                     PreparedCall const& prepared,
                                     HashingResult const& hashing);
    // Of the audit record that was written; empty if none was.
    [[nodiscard]] std::string const& event_id() const noexcept { return event_id_; }

 private:
    [[nodiscard]] Outcome<bool> identify(Call& call, storage::UnitOfWork& unit) const;
    [[nodiscard]] Outcome<Reply> replay(Call& call,
                                        storage::UnitOfWork& unit,
                                        std::string stored_event,
                                        Digest const& stored_fingerprint,
                                        Reply stored) const;
    // nullopt when recorded (or nothing is due); otherwise the Problem that the caller gets
    // instead.
    [[nodiscard]] std::optional<Problem> record_refusal(storage::Connection& connection,
                                                        Call& call,
                                                        Problem const& problem);
    void add_audit(Call const& call, storage::UnitOfWork& unit, Reply const& reply) const;

    Services& services_;
    protocol::Endpoint const& endpoint_;
    HttpRequest const& request_;
    AuditTrail trail_;
    std::string event_id_;
};

}  // namespace rastro::server
