#include "storage/idempotency.hpp"

#include <algorithm>

namespace rastro::storage {

namespace {

constexpr Query kClaim{"idempotency_claim",
                       "select pg_try_advisory_xact_lock(hashtextextended(:agency || '/' || "
                       ":principal || '/' || :key, 7)) as mine"};
constexpr Query kFind{
    "idempotency_find",
    "select fingerprint, status, etag, location, body, event_id from idempotency_key "
    "where agency = :agency and principal = :principal and key = :key"};
constexpr Query kStore{"idempotency_store",
                       "insert into idempotency_key (agency, principal, key, operation, "
                       "fingerprint, status, etag, location, body, event_id, "
                       "created_at) values (:agency, :principal, :key, :operation, "
                       ":fingerprint::bytea, :status::smallint, nullif(:etag, ''), "
                       "nullif(:location, ''), :body, :event_id::uuid, :created_at::timestamptz)"};
constexpr Query kForget{"idempotency_forget",
                        "delete from idempotency_key where created_at < :before::timestamptz"};

}  // namespace

Outcome<std::optional<StoredAnswer>> claim_idempotency_key(UnitOfWork& unit,
                                                           IdempotencyOwner const& owner) {
    std::vector<BoundQuery> queries;
    std::vector<Param> const params{
        {"agency", owner.agency}, {"principal", owner.principal}, {"key", owner.key}};
    queries.push_back({kClaim, params});
    queries.push_back({kFind, params});
    auto const results = unit.sql().run_together(queries);
    if (!results[0].front().boolean("mine")) {
        return Problem(ProblemCode::idempotency_in_progress).with_retry_after(1);
    }
    if (results[1].empty()) {
        return std::optional<StoredAnswer>{};
    }
    auto const row = results[1].front();
    StoredAnswer answer;
    auto const fingerprint = row.bytes("fingerprint");
    std::copy_n(fingerprint.begin(),
                std::min(fingerprint.size(), answer.fingerprint.size()),
                answer.fingerprint.begin());
    answer.status = static_cast<unsigned>(row.integer("status"));
    answer.etag = row.text("etag");
    answer.location = row.text("location");
    answer.body = row.text("body");
    answer.event_id = row.text("event_id");
    return std::optional<StoredAnswer>{std::move(answer)};
}

void store_answer(UnitOfWork& unit,
                  IdempotencyOwner const& owner,
                  std::string_view operation,
                  StoredAnswer const& answer) {
    unit.sql().run(kStore,
                   {{"agency", owner.agency},
                    {"principal", owner.principal},
                    {"key", owner.key},
                    {"operation", operation},
                    {"fingerprint", Bytes(answer.fingerprint.begin(), answer.fingerprint.end())},
                    {"status", answer.status},
                    {"etag", answer.etag},
                    {"location", answer.location},
                    {"body", answer.body},
                    {"event_id", answer.event_id},
                    {"created_at", unit.now()}});
}

std::int64_t forget_old_answers(UnitOfWork& unit) {
    return unit.sql().run(kForget, {{"before", unit.now() - std::chrono::days(7)}}).affected();
}

}  // namespace rastro::storage
