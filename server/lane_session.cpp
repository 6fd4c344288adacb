#include "server/lane_session.hpp"

#include <algorithm>

#include "server/services.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::server {

namespace {

constexpr storage::Query kBegin{"begin_together", "begin"};
// The statements of a lane are few and always the same, and planning one under row-level security
// costs more than running it: they are planned once for a connection, not for each batch.
constexpr storage::Query kKeepPlans{
    "keep_plans", "select set_config('plan_cache_mode', 'force_generic_plan', true)"};
constexpr std::size_t kAuthenticationQueries = 3;

bool same(storage::ShownCredential const& a, storage::ShownCredential const& b) {
    if (a.index() != b.index()) {
        return false;
    }
    if (auto const* token = std::get_if<storage::SessionToken>(&a)) {
        return token->hash == std::get<storage::SessionToken>(b).hash;
    }
    auto const& x = std::get<storage::ShownCertificate>(a);
    auto const& y = std::get<storage::ShownCertificate>(b);
    return x.serial == y.serial && x.issuer_key_id == y.issuer_key_id && x.agency == y.agency &&
           x.uri == y.uri && x.acting_for == y.acting_for;
}

std::string acting_for(storage::ShownCredential const& credential) {
    auto const* certificate = std::get_if<storage::ShownCertificate>(&credential);
    return certificate == nullptr ? std::string() : certificate->acting_for;
}

}  // namespace

LaneSession::LaneSession(Services& services,
                         storage::Connection& connection,
                         std::span<LaneCall*> calls)
    : services_(services),
      connection_(connection),
      calls_(calls),
      unit_(connection, services.clock),
      endpoint_(calls.front()->call.endpoint()),
      access_(to_text(services.permissions.access_of(endpoint_.operation))),
      rules_{.idle = services.settings.session.idle, .now = unit_.now()} {}

std::size_t LaneSession::ask(storage::BoundQuery query) {
    asked_.push_back(std::move(query));
    return asked_.size() - 1;
}

void LaneSession::group_callers() {
    for (auto* call : calls_) {
        auto known = std::ranges::find_if(callers_, [&](Caller const& caller) {
            return same(*caller.credential, call->credential);
        });
        if (known == callers_.end()) {
            callers_.emplace_back().credential = &call->credential;
            known = callers_.end() - 1;
        }
        known->calls.push_back(call);
        known->keys.push_back(call->idempotency_key);
    }
}

void LaneSession::send_first() {
    bool const keyed = endpoint_.idempotency == protocol::Idempotency::key;
    first_.push_back({kBegin, {}});
    first_.push_back({kKeepPlans, {}});
    for (auto& caller : callers_) {
        caller.at = first_.size();
        std::ranges::move(storage::authentication_queries(*caller.credential, access_, rules_),
                          std::back_inserter(first_));
        if (keyed) {
            std::ranges::move(storage::claim_queries(acting_for(*caller.credential), caller.keys),
                              std::back_inserter(first_));
        }
        if (&caller == &callers_.front()) {
            std::ranges::copy(asked_, std::back_inserter(first_));
        }
    }
    found_ = connection_.sql().run_together(first_);
}

void LaneSession::read_caller(Caller& caller) {
    caller.actor =
        storage::read_actor(*caller.credential, found_[caller.at + 1], found_[caller.at + 2]);
    if (endpoint_.idempotency != protocol::Idempotency::key || !caller.actor) {
        return;
    }
    auto const claims = storage::read_claims(found_[caller.at + kAuthenticationQueries]);
    for (std::size_t i = 0; i < caller.calls.size(); ++i) {
        if (!claims.at(i)) {
            caller.calls[i]->call.actor = *caller.actor;
            settle(*caller.calls[i],
                   Problem(ProblemCode::idempotency_in_progress).with_retry_after(1));
        }
    }
    std::ranges::move(storage::read_stored_answers(found_[caller.at + kAuthenticationQueries + 1]),
                      std::back_inserter(stored_));
}

void LaneSession::admit_calls(Caller& caller) {
    for (auto* call : caller.calls) {
        if (!caller.actor) {
            settle(
                *call,
                Problem(ProblemCode::session_expired).with_audit_reason("credential_not_accepted"));
            continue;
        }
        call->call.actor = *caller.actor;
        if (auto admitted = admit(call->call, call->call.request()); !call->outcome && !admitted) {
            settle(*call, admitted.error());
        }
    }
}

// The statements of the operation were sent behind the first caller's authentication. If that one
// failed they saw nothing; and what is written must be written under the agency that was found.
void LaneSession::keep_visible_agency() {
    auto const good = std::ranges::find_if(
        callers_, [](Caller const& caller) { return caller.actor.has_value(); });
    if (good == callers_.end()) {
        return;
    }
    for (auto const& caller : callers_) {
        if (caller.actor && caller.actor->agency != good->actor->agency) {
            throw storage::StorageError(
                storage::StorageFault::retry, "40001", "", "lane_of_several_agencies");
        }
    }
    if (good != callers_.begin()) {
        std::vector<storage::BoundQuery> again;
        again.push_back(storage::UnitOfWork::acting_as(acting_as(*good->actor, access_)));
        std::ranges::copy(asked_, std::back_inserter(again));
        answers_ = connection_.sql().run_together(again);
        answers_.erase(answers_.begin());
    }
    for (auto& caller : callers_) {
        if (!caller.actor) {
            continue;
        }
        if (auto touch =
                storage::session_touch_query(*caller.credential, found_[caller.at + 1], rules_)) {
            if (callers_.size() > 1) {
                unit_.queue(storage::UnitOfWork::acting_as(acting_as(*caller.actor, access_)));
            }
            unit_.queue(std::move(*touch));
        }
    }
    if (callers_.size() > 1) {
        unit_.queue(storage::UnitOfWork::acting_as(acting_as(*good->actor, access_)));
    }
}

void LaneSession::open() {
    group_callers();
    send_first();
    auto const asked_at = callers_.front().at + kAuthenticationQueries +
                          (endpoint_.idempotency == protocol::Idempotency::key ? 2U : 0U);
    for (auto& caller : callers_) {
        read_caller(caller);
        admit_calls(caller);
    }
    keep_visible_agency();
    if (answers_.empty()) {
        for (std::size_t i = 0; i < asked_.size(); ++i) {
            answers_.push_back(std::move(found_[asked_at + i]));
        }
    }
}

std::span<storage::Rows const> LaneSession::results(std::size_t at, std::size_t count) const {
    return std::span<storage::Rows const>(answers_).subspan(at, count);
}

std::optional<Outcome<Reply>> LaneSession::earlier_answer(LaneCall& call) {
    if (call.idempotency_key.empty()) {
        return std::nullopt;
    }
    auto const principal = call.call.actor.principal();
    storage::StoredAnswer const* answer = nullptr;
    for (auto const& one : stored_) {
        if (one.owner.key == call.idempotency_key && one.owner.principal == principal) {
            answer = &one.answer;
        }
    }
    for (auto const& one : fresh_) {
        if (one.owner.key == call.idempotency_key && one.owner.principal == principal) {
            answer = &one.answer;
        }
    }
    if (answer == nullptr) {
        return std::nullopt;
    }
    if (answer->fingerprint != call.fingerprint) {
        return Outcome<Reply>(Problem(ProblemCode::idempotency_key_reused)
                                  .with_audit_reason("idempotency_key_reused"));
    }
    call.call.about("idempotent_answer", answer->event_id, std::nullopt, call.call.actor.agency);
    Reply reply;
    reply.status = answer->status;
    reply.body = answer->body;
    reply.etag = answer->etag;
    reply.location = answer->location;
    return Outcome<Reply>(std::move(reply));
}

void LaneSession::settle(LaneCall& call, Outcome<Reply> outcome) {
    if (outcome) {
        unit_.audit(
            call.trail.entry(call.call, cases::AuditOutcome::ok, "", outcome.value().body.size()));
    } else {
        auto const problem = outcome.error();
        auto const reason = problem.audit_reason().empty()
                                ? problem.info().slug
                                : std::string_view(problem.audit_reason());
        unit_.audit(call.trail.entry(call.call,
                                     problem.info().status >= 500 ? cases::AuditOutcome::failed
                                                                  : cases::AuditOutcome::refused,
                                     reason,
                                     0));
    }
    call.outcome = std::move(outcome);
}

void LaneSession::each(std::function<Outcome<Reply>(LaneCall&)> const& act) {
    for (auto* call : calls_) {
        if (call->outcome) {
            continue;
        }
        call->call.audit = {};
        call->call.decision = {};
        if (auto earlier = earlier_answer(*call)) {
            settle(*call, std::move(*earlier));
            continue;
        }
        auto outcome = act(*call);
        if (outcome && !call->idempotency_key.empty()) {
            auto const& reply = outcome.value();
            fresh_.push_back({{.agency = call->call.actor.agency,
                               .principal = call->call.actor.principal(),
                               .key = call->idempotency_key},
                              {.fingerprint = call->fingerprint,
                               .status = reply.status,
                               .etag = reply.etag,
                               .location = reply.location,
                               .body = reply.body,
                               .event_id = call->call.event_id.to_string()}});
        }
        settle(*call, std::move(outcome));
    }
}

void LaneSession::close() {
    if (!fresh_.empty()) {
        unit_.queue(storage::store_answers_query(endpoint_.operation, fresh_, unit_.now()));
    }
    unit_.finish();
}

}  // namespace rastro::server
