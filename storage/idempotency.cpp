#include "storage/idempotency.hpp"

#include <algorithm>

#include "storage/db/insert_batch.hpp"

namespace rastro::storage {

namespace {

constexpr Query kClaim{"idempotency_claim",
                       "select pg_try_advisory_xact_lock(hashtextextended(:agency || '/' || "
                       ":principal || '/' || :key, 7)) as mine"};
// The principals as cases::Actor::principal() makes them, by place, from what authentication found.
constexpr Query kClaimMany{
    "idempotency_claim_many",
    "select coalesce(pg_try_advisory_xact_lock(hashtextextended(actor_agency() || '/' || "
    "p.principals[k.caller] || '/' || k.key, 7)), false) as mine "
    "from (select current_setting('rastro.principals')::text[] as principals) p, "
    "unnest(:callers::integer[], :keys::text[]) with ordinality as k(caller, key, place) "
    "order by k.place"};
constexpr Query kFindMany{
    "idempotency_find_many",
    "select agency, principal, key, fingerprint, status, etag, location, body, event_id "
    "from idempotency_key where agency = (select actor_agency()) "
    // Computed before the table is read: row-level security lets only plain comparisons use the
    // key.
    "and principal = any((select current_setting('rastro.principals')::text[])::text[]) "
    "and key = any(:keys::text[])"};
InsertShape const kAnswerShape("idempotency_key",
                               {"agency",
                                "principal",
                                "key",
                                "operation",
                                "fingerprint",
                                "status",
                                "etag",
                                "location",
                                "body",
                                "event_id",
                                "created_at"});
constexpr Query kFind{
    "idempotency_find",
    "select fingerprint, status, etag, location, body, event_id from idempotency_key "
    "where agency = :agency and principal = :principal and key = :key"};
constexpr Query kForget{"idempotency_forget",
                        "delete from idempotency_key where created_at < :before::timestamptz"};

StoredAnswer to_answer(Row const& row) {
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
    return answer;
}

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
    return std::optional<StoredAnswer>{to_answer(results[1].front())};
}

void store_answer(UnitOfWork& unit,
                  IdempotencyOwner const& owner,
                  std::string_view operation,
                  StoredAnswer const& answer) {
    auto bound = store_answers_query(operation, {{owner, answer}}, unit.now());
    unit.sql().run(bound.query, std::move(bound.params));
}

std::vector<BoundQuery> claim_queries(std::vector<CallersKey> const& keys) {
    ArrayText callers;
    ArrayText texts;
    for (auto const& [caller, key] : keys) {
        callers.add(std::to_string(caller + 1));
        texts.add(key);
    }
    auto const all = texts.take();
    return {{kClaimMany, {{"callers", callers.take()}, {"keys", all}}},
            {kFindMany, {{"keys", all}}}};
}

std::vector<bool> read_claims(Rows const& rows) {
    std::vector<bool> held;
    held.reserve(rows.size());
    for (auto const row : rows) {
        held.push_back(row.boolean("mine"));
    }
    return held;
}

std::vector<OwnedAnswer> read_stored_answers(Rows const& rows) {
    std::vector<OwnedAnswer> answers;
    for (auto const row : rows) {
        answers.push_back({{.agency = row.text("agency"),
                            .principal = row.text("principal"),
                            .key = row.text("key")},
                           to_answer(row)});
    }
    return answers;
}

BoundQuery store_answers_query(std::string_view operation,
                               std::vector<OwnedAnswer> const& answers,
                               Instant now) {
    InsertBatch batch(kAnswerShape);
    for (auto const& [owner, answer] : answers) {
        batch.row({owner.agency,
                   owner.principal,
                   owner.key,
                   operation,
                   answer.fingerprint,
                   answer.status,
                   Cell::said(answer.etag),
                   Cell::said(answer.location),
                   answer.body,
                   answer.event_id,
                   now});
    }
    return batch.take();
}

std::int64_t forget_old_answers(UnitOfWork& unit) {
    return unit.sql().run(kForget, {{"before", unit.now() - std::chrono::days(7)}}).affected();
}

}  // namespace rastro::storage
