#include "common/problem.hpp"

namespace rastro {

std::vector<ProblemInfo> const& all_problems() {
    using enum ProblemCode;
    static std::vector<ProblemInfo> const table{
        {malformed_request, "malformed-request", 400, "The request could not be read", false},
        {malformed_json, "malformed-json", 400, "The body is not valid JSON", false},
        {validation_failed, "validation-failed", 422, "Some values need attention", false},
        {unsupported_media_type,
         "unsupported-media-type",
         415,
         "The content type is not accepted here",
         false},
        {body_too_large, "body-too-large", 413, "The body is larger than allowed", false},
        {headers_too_large,
         "headers-too-large",
         431,
         "The header fields are larger than allowed",
         false},
        {target_too_long, "target-too-long", 414, "The address is longer than allowed", false},
        {request_timeout, "request-timeout", 408, "The request took too long to arrive", true},
        {method_not_allowed, "method-not-allowed", 405, "The method is not allowed here", false},
        {not_implemented, "not-implemented", 501, "The method is not known", false},
        {not_found, "not-found", 404, "Not found", false},
        {gone, "gone", 410, "No longer available", false},
        {authentication_required, "authentication-required", 401, "Sign in first", false},
        {sign_in_failed, "sign-in-failed", 401, "The sign-in was not accepted", false},
        {second_factor_required, "second-factor-required", 401, "A second factor is needed", false},
        {session_expired, "session-expired", 401, "The session has ended", false},
        {account_locked, "account-locked", 403, "The account is locked", false},
        {step_up_required, "step-up-required", 403, "Confirm who you are again", false},
        {banner_not_accepted, "banner-not-accepted", 403, "Accept the notice of use first", false},
        {forbidden, "forbidden", 403, "Not permitted", false},
        {two_persons_required,
         "two-persons-required",
         403,
         "A second person has to decide this",
         false},
        {conflict, "conflict", 409, "The present state does not allow this", false},
        {duplicate, "duplicate", 409, "This exists already", false},
        {precondition_required,
         "precondition-required",
         428,
         "State the version you are changing",
         false},
        {precondition_failed,
         "precondition-failed",
         412,
         "Somebody changed this in the meantime",
         false},
        {transition_not_allowed,
         "transition-not-allowed",
         409,
         "This step is not possible in the present state",
         false},
        {guard_not_met, "guard-not-met", 422, "A condition of this step is not met", false},
        {idempotency_key_required,
         "idempotency-key-required",
         400,
         "An Idempotency-Key is needed",
         false},
        {idempotency_key_reused,
         "idempotency-key-reused",
         422,
         "The Idempotency-Key was used for another request",
         false},
        {idempotency_in_progress,
         "idempotency-in-progress",
         409,
         "The first request with this key is still running",
         true},
        {rate_limited, "rate-limited", 429, "Too many requests", true},
        {overloaded, "overloaded", 503, "The server is busy", true},
        {storage_unavailable, "storage-unavailable", 503, "The database cannot be reached", true},
        {outcome_unknown,
         "outcome-unknown",
         503,
         "It is not known whether the change was made; repeat it with the same key",
         true},
        {deadline_exceeded, "deadline-exceeded", 503, "The work took longer than allowed", true},
        {audit_unavailable,
         "audit-unavailable",
         503,
         "The audit record could not be written",
         true},
        {internal_error, "internal-error", 500, "Something failed on our side", false},
    };
    return table;
}

ProblemInfo const& problem_info(ProblemCode code) noexcept {
    auto const& table = all_problems();
    for (auto const& row : table) {
        if (row.code == code) {
            return row;
        }
    }
    return table.back();
}

}  // namespace rastro
