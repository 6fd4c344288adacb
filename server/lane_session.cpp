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
    }
}

LaneSession::Holders LaneSession::send_first() {
    std::vector<storage::ShownCredential const*> credentials;
    std::vector<storage::CallersKey> keys;
    for (auto const& caller : callers_) {
        for (auto const* call : caller.calls) {
            keys.push_back({credentials.size(), call->idempotency_key});
        }
        credentials.push_back(caller.credential);
    }
    std::vector<storage::BoundQuery> first;
    first.push_back({kBegin, {}});
    first.push_back({kKeepPlans, {}});
    auto const who = first.size();
    first.push_back(storage::authentication_query(credentials, access_, rules_));
    bool const keyed = endpoint_.idempotency == protocol::Idempotency::key;
    if (keyed) {
        std::ranges::move(storage::claim_queries(keys), std::back_inserter(first));
    }
    auto const asked = first.size();
    std::ranges::move(asked_, std::back_inserter(first));
    auto found = connection_.sql().run_together(first);
    auto holders = storage::read_authenticated(credentials, found[who]);
    for (std::size_t i = 0; i < callers_.size(); ++i) {
        admit_calls(callers_[i], holders[i]);
    }
    if (keyed) {
        settle_held_keys(found[who + 1]);
        stored_ = storage::read_stored_answers(found[who + 2]);
    }
    answers_.assign(std::make_move_iterator(found.begin() + static_cast<std::ptrdiff_t>(asked)),
                    std::make_move_iterator(found.end()));
    return holders;
}

void LaneSession::admit_calls(Caller const& caller,
                              std::optional<storage::Authenticated> const& holder) {
    for (auto* call : caller.calls) {
        if (!holder) {
            settle(
                *call,
                Problem(ProblemCode::session_expired).with_audit_reason("credential_not_accepted"));
            continue;
        }
        call->call.actor = holder->actor;
        if (auto admitted = admit(call->call, call->call.request()); !admitted) {
            settle(*call, admitted.error());
        }
    }
}

// Another transaction works on the same key right now.
void LaneSession::settle_held_keys(storage::Rows const& claims) {
    auto const held = storage::read_claims(claims);
    std::size_t at = 0;
    for (auto const& caller : callers_) {
        for (auto* call : caller.calls) {
            if (!held.at(at++) && !call->outcome) {
                settle(*call, Problem(ProblemCode::idempotency_in_progress).with_retry_after(1));
            }
        }
    }
}

// The statements of the operation ran for the first agency that was found, and what is written is
// written under it.
void LaneSession::keep_one_agency(Holders const& holders) {
    std::string const* agency = nullptr;
    for (auto const& holder : holders) {
        if (holder && agency != nullptr && holder->actor.agency != *agency) {
            throw storage::StorageError(
                storage::StorageFault::retry, "40001", "", "lane_of_several_agencies");
        }
        if (holder && agency == nullptr) {
            agency = &holder->actor.agency;
        }
    }
}

// A session is touched by its holder; afterwards the batch acts for the first one again.
void LaneSession::touch_sessions(Holders const& holders) {
    cases::Actor const* first = nullptr;
    bool changed = false;
    for (auto const& holder : holders) {
        if (!holder) {
            continue;
        }
        if (auto touch = storage::session_touch_query(*holder, rules_)) {
            if (first != nullptr) {
                unit_.queue(storage::UnitOfWork::acting_as(acting_as(holder->actor, access_)));
                changed = true;
            }
            unit_.queue(std::move(*touch));
        }
        if (first == nullptr) {
            first = &holder->actor;
        }
    }
    if (changed) {
        unit_.queue(storage::UnitOfWork::acting_as(acting_as(*first, access_)));
    }
}

void LaneSession::open() {
    group_callers();
    auto const holders = send_first();
    keep_one_agency(holders);
    touch_sessions(holders);
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
