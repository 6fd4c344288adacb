// What went wrong, as a value: one closed table of codes, each with its HTTP status, title and
// whether a retry can help. Source of the shape: RFC 9457. Codes are never renamed or reused; a
// retired code stays in the table, marked. Expected failures travel as Problem inside Outcome;
// exceptions mean a bug or broken infrastructure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rastro {

enum class ProblemCode : std::uint8_t {
    none,
    // requests that cannot be read
    malformed_request,
    malformed_json,
    validation_failed,
    unsupported_media_type,
    body_too_large,
    headers_too_large,
    target_too_long,
    request_timeout,
    method_not_allowed,
    not_implemented,
    host_not_served,
    expectation_failed,
    version_not_supported,
    websocket_version_not_supported,
    not_found,
    gone,
    // who
    authentication_required,
    sign_in_failed,
    second_factor_required,
    session_expired,
    account_locked,
    step_up_required,
    banner_not_accepted,
    forbidden,
    two_persons_required,
    // state of things
    conflict,
    duplicate,
    precondition_required,
    precondition_failed,
    transition_not_allowed,
    guard_not_met,
    idempotency_key_required,
    idempotency_key_reused,
    idempotency_in_progress,
    // load and infrastructure
    rate_limited,
    overloaded,
    storage_unavailable,
    outcome_unknown,
    deadline_exceeded,
    audit_unavailable,
    internal_error,
};

struct ProblemInfo {
    ProblemCode code;
    std::string_view slug;  // stable, used in "type" and "code"
    unsigned status;        // HTTP status
    std::string_view
        title;       // English; other languages come from the message catalog, key problem.<slug>
    bool retryable;  // the same request may succeed later without a change
};

// Never throws; an unknown value yields the row of internal_error.
[[nodiscard]] ProblemInfo const& problem_info(ProblemCode code) noexcept;
[[nodiscard]] std::vector<ProblemInfo> const& all_problems();

// One fault in one member of a request. `pointer` is a JSON Pointer (RFC 6901) into the request
// body, or "query:/name", "header:/name", "path:/name". `code` is a message key (violation.<code>)
// whose placeholders `params` fill, in order: {0}, {1}.
struct Violation {
    std::string pointer;
    std::string code;
    std::vector<std::string> params;
};

class Problem {
 public:
    Problem() = default;
    Problem(ProblemCode code) : code_(code) {}  // NOLINT: implicit by design, return ProblemCode::x
    Problem(ProblemCode code, std::string detail) : code_(code), detail_(std::move(detail)) {}
    Problem(ProblemCode code, std::vector<Violation> violations)
        : code_(code), violations_(std::move(violations)) {}

    [[nodiscard]] ProblemCode code() const noexcept { return code_; }
    [[nodiscard]] ProblemInfo const& info() const noexcept { return problem_info(code_); }
    // English, free of personal data and serial numbers; may be empty.
    [[nodiscard]] std::string const& detail() const noexcept { return detail_; }
    [[nodiscard]] std::vector<Violation> const& violations() const noexcept { return violations_; }
    // Why access was really refused; for the audit record only, never sent to the caller.
    [[nodiscard]] std::string const& audit_reason() const noexcept { return audit_reason_; }
    // Seconds after which a retry makes sense; 0 means none given.
    [[nodiscard]] unsigned retry_after_s() const noexcept { return retry_after_s_; }

    Problem& with_audit_reason(std::string reason) {
        audit_reason_ = std::move(reason);
        return *this;
    }
    Problem& with_retry_after(unsigned seconds) {
        retry_after_s_ = seconds;
        return *this;
    }
    Problem& add(Violation violation) {
        violations_.push_back(std::move(violation));
        return *this;
    }

 private:
    ProblemCode code_ = ProblemCode::none;
    std::string detail_;
    std::vector<Violation> violations_;
    std::string audit_reason_;
    unsigned retry_after_s_ = 0;
};

}  // namespace rastro
