#include "protocol/openapi_problems.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "cases/permission_table.hpp"

namespace rastro::protocol {

namespace {

using enum ProblemCode;
using Problems = std::set<ProblemCode>;

// Before anything is known of the request, and when something breaks.
constexpr std::array kAlways{malformed_request,
                             validation_failed,  // of the query string
                             body_too_large,
                             headers_too_large,
                             target_too_long,
                             request_timeout,
                             rate_limited,
                             overloaded,
                             internal_error};
constexpr std::array kOfDatabase{storage_unavailable, deadline_exceeded, outcome_unknown};
constexpr std::array kOfCaller{authentication_required, session_expired, forbidden, not_found};
constexpr std::array kOfBody{malformed_json, unsupported_media_type};
constexpr std::array kOfKey{
    idempotency_key_required, idempotency_key_reused, idempotency_in_progress};
constexpr std::array kOfVersion{precondition_required, precondition_failed};
// Steps in the life of a request, a leg or an answer (cases/lifecycle).
constexpr std::array kOfStep{transition_not_allowed, guard_not_met, two_persons_required, conflict};

struct Own {
    std::string_view operation;
    std::array<ProblemCode, 3> problems;
};
// What the rules of one operation add; none fills the rest.
constexpr std::array kOwn{
    Own{"session_create", {sign_in_failed, banner_not_accepted, none}},
    Own{"session_step_up", {sign_in_failed, conflict, none}},
    Own{"totp_enrol", {gone, none, none}},
    Own{"totp_confirm", {conflict, none, none}},
    Own{"agency_create", {duplicate, conflict, none}},
    Own{"agency_change", {conflict, none, none}},
    Own{"certificate_enrol", {duplicate, none, none}},
    Own{"route_put", {conflict, none, none}},
    Own{"user_create", {duplicate, conflict, gone}},
    Own{"user_change", {conflict, two_persons_required, none}},
    Own{"user_unlock", {conflict, two_persons_required, none}},
    Own{"user_reset", {gone, two_persons_required, none}},
    Own{"role_grant_propose", {conflict, two_persons_required, none}},
    Own{"role_grant_decide", {conflict, two_persons_required, none}},
    Own{"case_type_version_propose", {conflict, none, none}},
    Own{"case_type_version_decide", {conflict, two_persons_required, none}},
    Own{"case_move", {conflict, none, none}},
    Own{"break_glass_review", {conflict, none, none}},
    Own{"make_import", {conflict, none, none}},
    Own{"make_review_decide", {conflict, none, none}},
    Own{"match_note", {duplicate, none, none}},
    Own{"match_decide", {conflict, none, none}},
    Own{"register_add", {duplicate, none, none}},
    Own{"import_start", {conflict, none, none}},
    Own{"import_rows", {conflict, none, none}},
    Own{"events", {gone, none, none}},
    Own{"stream", {gone, none, none}},
    Own{"audit_proof", {conflict, none, none}},
    Own{"audit_checkpoint", {not_found, none, none}},
    Own{"demo_accounts", {not_found, none, none}},
    Own{"case_link_add", {duplicate, none, none}},
    Own{"randot_snapshot_verify", {conflict, two_persons_required, none}},
    Own{"randot_snapshot_clear", {conflict, guard_not_met, two_persons_required}},
    Own{"randot_public", {guard_not_met, none, none}},
    Own{"randot_pdf", {guard_not_met, none, none}},
    Own{"randot_xlsx", {guard_not_met, none, none}},
};

bool asks_database(Endpoint const& endpoint) {
    return endpoint.credential != Credential::none || !endpoint.audit_action.empty() ||
           endpoint.operation.starts_with("audit_");
}

bool is_step(Endpoint const& endpoint) {
    auto const& action = endpoint.audit_action;
    bool const of_case = action.starts_with("trace_request.") || action.starts_with("leg.") ||
                         action.starts_with("answer.") || action.starts_with("case.") ||
                         action == "register.confirm" || action == "register.clear";
    return of_case && endpoint.idempotency == Idempotency::key;
}

bool needs_fresh_authentication(std::string_view operation) {
    for (auto const* rule : cases::PermissionTable::built_in().for_operation(operation)) {
        if (std::ranges::find(rule->conditions, "step_up") != rule->conditions.end()) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::map<unsigned, std::set<ProblemCode>> problems_of(Endpoint const& endpoint) {
    Problems codes;
    auto const add = [&](auto const& more) { codes.insert(more.begin(), more.end()); };
    add(kAlways);
    if (asks_database(endpoint)) {
        add(kOfDatabase);
    }
    if (!endpoint.audit_action.empty()) {
        codes.insert(audit_unavailable);
    }
    if (endpoint.credential != Credential::none) {
        add(kOfCaller);
    }
    if (endpoint.path.find('{') != std::string_view::npos) {
        codes.insert(not_found);
    }
    if (!endpoint.request_body.empty()) {
        add(kOfBody);
    }
    if (endpoint.idempotency == Idempotency::key) {
        add(kOfKey);
    }
    if (endpoint.precondition == Precondition::if_match) {
        add(kOfVersion);
    }
    if (is_step(endpoint)) {
        add(kOfStep);
    }
    if (needs_fresh_authentication(endpoint.operation)) {
        codes.insert(step_up_required);
    }
    for (auto const& own : kOwn) {
        if (own.operation == endpoint.operation) {
            add(own.problems);
        }
    }
    codes.erase(none);
    std::map<unsigned, Problems> by_status;
    for (auto code : codes) {
        by_status[problem_info(code).status].insert(code);
    }
    return by_status;
}

}  // namespace rastro::protocol
