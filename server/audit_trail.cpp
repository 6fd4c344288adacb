#include "server/audit_trail.hpp"

#include <algorithm>
#include <array>

#include "protocol/traceparent.hpp"
#include "server/services.hpp"

namespace rastro::server {

namespace {

// domain/tracing.md 3.3
constexpr std::array<std::string_view, 7> kPurposes{"investigation",
                                                    "prosecution",
                                                    "intelligence",
                                                    "border_control",
                                                    "stock_audit",
                                                    "sanctions_monitoring",
                                                    "statistics"};

bool may_run_with_old_password(std::string_view operation) {
    return operation == "password_change" || operation == "me" || operation == "session_end" ||
           operation == "totp_enrol" || operation == "totp_confirm";
}

// Bounds of the leaf's members (cases/audit_record.hpp); what comes from outside is cut, never
// trusted to fit.
std::string bounded(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) {
        return std::string(text);
    }
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) {
        --bytes;
    }
    return std::string(text.substr(0, bytes));
}

}  // namespace

AuditTrail::AuditTrail(Services& services,
                       protocol::Endpoint const& endpoint,
                       HttpRequest const& request,
                       RequestId request_id,
                       std::chrono::steady_clock::time_point started)
    : services_(services),
      endpoint_(endpoint),
      request_id_(request_id.to_string()),
      source_(request.connection->remote_address + ":" +
              std::to_string(request.connection->remote_port)),
      destination_(request.connection->local_address),
      bytes_in_(request.body.size()),
      started_(started) {
    if (auto const parent = protocol::parse_traceparent(request.headers.get("traceparent"))) {
        traceparent_ = parent->to_string();
    }
}

storage::AuditEntry AuditTrail::entry(Call const& call,
                                      cases::AuditOutcome outcome,
                                      std::string_view reason,
                                      std::size_t bytes_out) const {
    storage::AuditEntry entry;
    auto& record = entry.record;
    record.event_id = call.event_id;
    record.time = call.now();
    record.server = bounded(services_.settings.server.id, 64);
    record.request_id = request_id_;
    record.traceparent = traceparent_;
    record.action = std::string(endpoint_.audit_action);
    record.outcome = outcome;
    if (outcome != cases::AuditOutcome::ok) {
        record.refusal_reason = bounded(reason, 128);
    }
    if (!call.actor.id.empty()) {
        record.actor = call.actor.kind == cases::ActorKind::gateway
                           ? bounded(call.actor.id + "/" + call.actor.acting_for, 64)
                           : call.actor.id;
        record.actor_kind = std::string(to_text(call.actor.kind));
        record.purpose = bounded(call.actor.purpose, 32);
    } else {
        record.actor_kind = "anonymous";
    }
    record.agency = call.actor.agency;
    record.country = call.actor.country;
    record.role = call.decision.role;
    record.authentication_event = call.actor.authentication_event;
    record.legal_basis = bounded(call.audit.legal_basis, 128);
    record.case_reference = bounded(call.audit.case_reference, 128);
    record.object_type = bounded(call.audit.object_type, 64);
    record.object_id = bounded(call.audit.object_id, 128);
    record.object_version = call.audit.object_version;
    record.object_owner = bounded(call.audit.object_owner, 64);
    record.field_groups = call.audit.groups;
    record.decision_id = call.decision.id;
    record.rule = call.decision.rule;
    record.policy_version = call.decision.policy_version;
    record.source = bounded(source_, 64);
    record.destination = bounded(destination_, 64);
    record.bytes_in = bytes_in_;
    record.bytes_out = bytes_out;
    record.duration_us =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                       std::chrono::steady_clock::now() - started_)
                                       .count());
    entry.detail = call.audit.detail;
    entry.detail_agency =
        call.audit.object_owner.empty() ? call.actor.agency : call.audit.object_owner;
    return entry;
}

Outcome<bool> admit(Call& call, HttpRequest const& request) {
    if (call.actor.must_change_password && !may_run_with_old_password(call.endpoint().operation)) {
        return Problem(ProblemCode::forbidden, "Change the password first")
            .with_audit_reason("password_must_change");
    }
    if (call.actor.kind == cases::ActorKind::gateway) {
        call.actor.authenticated_at = call.now();
    }
    auto const purpose = request.headers.get("rastro-purpose");
    if (!purpose.empty()) {
        if (std::ranges::find(kPurposes, purpose) == kPurposes.end()) {
            return Problem(ProblemCode::validation_failed,
                           std::vector<Violation>{{"header:/Rastro-Purpose",
                                                   "unknown_code",
                                                   {std::string(purpose.substr(0, 40))}}});
        }
        call.actor.purpose = std::string(purpose);
    }
    return true;
}

storage::ActingAs acting_as(cases::Actor const& actor, std::string_view access) {
    storage::ActingAs as = storage::ActingAs::system();
    as.access = std::string(access);
    as.agency = actor.agency;
    as.country = actor.country;
    as.user = Uuid::parse(actor.id) && actor.kind == cases::ActorKind::person ? actor.id : "";
    for (auto const& compartment : actor.compartments) {
        as.compartments += (as.compartments.empty() ? "" : ",") + compartment;
    }
    return as;
}

}  // namespace rastro::server
