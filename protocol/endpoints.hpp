// The endpoint table: every address of the HTTP interface, once. The router, the access check, the
// audit action, the OpenAPI document and the generated tests all read it; an address that is not
// here does not exist.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rastro::protocol {

// How a caller must have identified itself.
enum class Credential : std::uint8_t {
    none,     // health, sign-in, public documents
    any,      // a user session or an enrolled client certificate
    session,  // a person, signed in
    gateway,  // an agency's system with its certificate
};

// How the reply is made safe to repeat (anchors/security.md 4.2 rule 2).
enum class Idempotency : std::uint8_t {
    safe,     // reads
    key,      // Idempotency-Key required; a repeat gets the first answer
    natural,  // repeating has no further effect (DELETE, PUT of the same state)
};

enum class Precondition : std::uint8_t { none, if_match };

// Which part of the database work may share one transaction with others of its kind
// (design/performance.md).
enum class Lane : std::uint8_t { none, submit, status };

struct Endpoint {
    std::string_view operation;  // unique name; also the operation of the permission table and
                                 // OpenAPI operationId
    std::string_view method;
    std::string_view path;  // template: /v1/trace-requests/{case_id}
    Credential credential = Credential::any;
    std::string_view
        audit_action;  // what the audit leaf says; empty: nothing of a case or person is touched
    Idempotency idempotency = Idempotency::safe;
    Precondition precondition = Precondition::none;
    std::string_view request_body;   // schema name in the OpenAPI document; empty: no body allowed
    std::string_view response_body;  // schema name; empty: no content
    unsigned success_status = 200;
    Lane lane = Lane::none;
    std::string_view summary;  // one English line
};

[[nodiscard]] std::span<Endpoint const> endpoints() noexcept;
[[nodiscard]] Endpoint const* find_endpoint(std::string_view operation) noexcept;

}  // namespace rastro::protocol
