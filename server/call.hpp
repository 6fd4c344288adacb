// One call of the interface as a handler sees it: who, which endpoint, with what parameters, and
// what the audit record of it will say. A handler sequences: load, decide, compute, write. It never
// sends anything and never sees a socket.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "cases/access.hpp"
#include "cases/actor.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"
#include "protocol/endpoints.hpp"
#include "server/net/http.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::server {

struct Services;  // server/services.hpp: settings, clock, tables, hashing threads

// A successful answer. `body` is UTF-8 text, JSON unless content_type says otherwise.
struct Reply {
    unsigned status = 200;
    std::string body;
    std::string content_type = "application/json; charset=utf-8";
    std::string etag;      // quoted, "\"7\""
    std::string location;  // path
    std::string link;      // RFC 8288
    std::string set_cookie;
    std::string cache_control = "no-store";
    // Set: the unit of work commits, and the caller gets this Problem instead of the body. For
    // refusals that must leave a mark beside their audit record, as the failure count of a sign-in
    // does.
    std::optional<Problem> refusal{};
    // The body holds a secret that is shown once (first password, one-time code secret): it is
    // never stored, and a repeat with the same Idempotency-Key gets `gone`.
    bool holds_secret = false;
};

// What arrived, before anything of it was believed: input of the parse stage, which runs before a
// database worker is taken and has no side effects.
struct Arrival {
    protocol::Endpoint const& endpoint;
    std::map<std::string, std::string, std::less<>> path;  // path parameters, decoded
    std::map<std::string, std::string, std::less<>>
        query;  // query parameters, decoded; no duplicates
    std::string_view body;
    std::optional<int> if_match;  // version, when the endpoint requires If-Match
};

// The audit part of a call that handlers fill in. The pipeline turns it into the leaf.
struct AuditDraft {
    std::string object_type;
    std::string object_id;
    std::optional<std::uint64_t> object_version;
    std::string object_owner;         // agency that owns the object
    std::vector<std::string> groups;  // field groups disclosed
    std::string legal_basis;
    std::string case_reference;  // case number
    std::string detail;          // names, serial numbers, query text: stored apart, committed to
};

class Call {
 public:
    Call(Services& services,
         protocol::Endpoint const& endpoint,
         HttpRequest const& request,
         Instant now)
        : services_(services), endpoint_(endpoint), request_(request), now_(now) {}

    [[nodiscard]] Services& services() const noexcept { return services_; }
    [[nodiscard]] protocol::Endpoint const& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] HttpRequest const& request() const noexcept { return request_; }
    [[nodiscard]] Instant now() const noexcept { return now_; }
    [[nodiscard]] std::optional<int> if_match() const noexcept { return if_match_; }
    [[nodiscard]] std::string const& idempotency_key() const noexcept { return idempotency_key_; }

    cases::Actor actor;
    AuditDraft audit;
    cases::Decision decision;  // the last one taken
    EventId event_id =
        EventId::generate();  // of the audit record; told to the caller in Rastro-Audit-Event

    // Decides and notes the decision for the audit record. Outside every relation the object does
    // not exist: not_found. Within a relation but not allowed: forbidden, or step_up_required. On
    // success the Decision says which groups.
    [[nodiscard]] Outcome<cases::Decision> authorise(cases::ObjectFacts const& object);
    // The same for another operation of the table (a part of the call that needs a right of its
    // own).
    [[nodiscard]] Outcome<cases::Decision> authorise_as(std::string_view operation,
                                                        cases::ObjectFacts const& object);

    // Names the object for the audit record. Call as soon as it is known, before authorise, so that
    // refusals name it too.
    void about(std::string_view type,
               std::string id,
               std::optional<std::uint64_t> version,
               std::string owner_agency);
    // 412 unless the If-Match version is the present one.
    [[nodiscard]] Outcome<int> check_version(int present) const;

    void set_if_match(std::optional<int> version) { if_match_ = version; }
    void set_idempotency_key(std::string key) { idempotency_key_ = std::move(key); }

 private:
    Services& services_;
    protocol::Endpoint const& endpoint_;
    HttpRequest const& request_;
    Instant now_;
    std::optional<int> if_match_;
    std::string idempotency_key_;
};

}  // namespace rastro::server
