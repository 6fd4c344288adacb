#include "server/worker_unit.hpp"

#include "server/services.hpp"
#include "storage/idempotency.hpp"

namespace rastro::server {

Outcome<HashingWork> WorkerUnit::before(storage::Connection& connection,
                                        PreparedCall const& prepared) {
    Call call(services_, endpoint_, request_, services_.clock.now());
    auto outcome = storage::run_unit_of_work(
        connection, services_.clock, [&](storage::UnitOfWork& unit) -> Outcome<HashingWork> {
            unit.touches_no_records();
            RASTRO_CHECK(identify(call, unit));
            return prepared.before_hashing(call, unit);
        });
    if (!outcome) {
        if (auto unrecorded = record_refusal(connection, call, outcome.error())) {
            return *unrecorded;
        }
    }
    return outcome;
}

Outcome<Reply> WorkerUnit::act(storage::Connection& connection,
                               PreparedCall const& prepared,
                               HashingResult const& hashing) {
    Call call(services_, endpoint_, request_, services_.clock.now());
    call.set_if_match(if_match);
    call.set_idempotency_key(idempotency_key);
    auto const work = [&](storage::UnitOfWork& unit) -> Outcome<Reply> {
        call.audit = AuditDraft{};
        RASTRO_CHECK(identify(call, unit));
        storage::IdempotencyOwner const owner{.agency = call.actor.agency,
                                              .principal = call.actor.principal(),
                                              .key = idempotency_key};
        bool const keyed = !idempotency_key.empty();
        if (keyed) {
            RASTRO_TRY(stored, storage::claim_idempotency_key(unit, owner));
            if (stored) {
                Reply reply;
                reply.status = stored->status;
                reply.body = stored->body;
                reply.etag = stored->etag;
                reply.location = stored->location;
                return replay(call, unit, stored->event_id, stored->fingerprint, std::move(reply));
            }
        }
        RASTRO_TRY(reply, prepared.run(call, hashing, unit));
        if (keyed && !reply.refusal) {
            storage::store_answer(
                unit,
                owner,
                endpoint_.operation,
                storage::StoredAnswer{.fingerprint = fingerprint,
                                      .status = reply.status,
                                      .etag = reply.etag,
                                      .location = reply.location,
                                      .body = reply.holds_secret ? "" : reply.body,
                                      .event_id = call.event_id.to_string()});
        }
        add_audit(call, unit, reply);
        return reply;
    };
    auto outcome = storage::run_unit_of_work(connection, services_.clock, work);
    if (!outcome) {
        if (auto unrecorded = record_refusal(connection, call, outcome.error())) {
            return *unrecorded;
        }
        return outcome;
    }
    if (!endpoint_.audit_action.empty()) {
        event_id_ = call.event_id.to_string();
    }
    return outcome;
}

Outcome<bool> WorkerUnit::identify(Call& call, storage::UnitOfWork& unit) const {
    if (!credential) {
        return false;
    }
    auto const access = to_text(services_.permissions.access_of(endpoint_.operation));
    storage::AuthenticationRules const rules{.idle = services_.settings.session.idle,
                                             .now = unit.now()};
    auto actor = storage::authenticate(unit, *credential, access, rules);
    if (!actor) {
        return Problem(ProblemCode::session_expired).with_audit_reason("credential_not_accepted");
    }
    call.actor = std::move(*actor);
    RASTRO_CHECK(admit(call, request_));
    if (access == "audit" && call.actor.oversight_agency && call.actor.has(cases::Role::auditor)) {
        unit.act_as(acting_as(call.actor, "oversight"));
    } else if (!call.actor.compartments.empty()) {
        unit.act_as(acting_as(call.actor, access));
    }
    return true;
}

Outcome<Reply> WorkerUnit::replay(Call& call,
                                  storage::UnitOfWork& unit,
                                  std::string stored_event,
                                  Digest const& stored_fingerprint,
                                  Reply stored) const {
    if (stored_fingerprint != fingerprint) {
        return Problem(ProblemCode::idempotency_key_reused)
            .with_audit_reason("idempotency_key_reused");
    }
    call.about("idempotent_answer", std::move(stored_event), std::nullopt, call.actor.agency);
    if (stored.body.empty() && stored.status != 204) {
        return Problem(ProblemCode::gone, "The answer held a secret, which is shown once")
            .with_audit_reason("secret_shown_before");
    }
    add_audit(call, unit, stored);
    return stored;
}

void WorkerUnit::add_audit(Call const& call, storage::UnitOfWork& unit, Reply const& reply) const {
    if (endpoint_.audit_action.empty()) {
        unit.touches_no_records();
        return;
    }
    if (reply.refusal) {
        unit.audit(trail_.entry(
            call, cases::AuditOutcome::refused, reply.refusal->audit_reason(), reply.body.size()));
    } else {
        unit.audit(trail_.entry(call, cases::AuditOutcome::ok, "", reply.body.size()));
    }
}

std::optional<Problem> WorkerUnit::record_refusal(storage::Connection& connection,
                                                  Call& call,
                                                  Problem const& problem) {
    bool const reached = problem.code() != ProblemCode::storage_unavailable &&
                         problem.code() != ProblemCode::outcome_unknown;
    if (!reached || endpoint_.audit_action.empty()) {
        return std::nullopt;
    }
    auto recorded = storage::run_unit_of_work(
        connection, services_.clock, [&](storage::UnitOfWork& unit) -> Outcome<bool> {
            auto const reason = problem.audit_reason().empty()
                                    ? problem.info().slug
                                    : std::string_view(problem.audit_reason());
            auto const outcome = problem.info().status >= 500 ? cases::AuditOutcome::failed
                                                              : cases::AuditOutcome::refused;
            unit.audit(trail_.entry(call, outcome, reason, 0));
            return true;
        });
    if (!recorded) {
        return Problem(ProblemCode::audit_unavailable).with_retry_after(2);
    }
    event_id_ = call.event_id.to_string();
    return std::nullopt;
}

}  // namespace rastro::server
