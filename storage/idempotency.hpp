// One effect for each Idempotency-Key: the key, a fingerprint of the request and the first answer
// are stored in the transaction of the effect (anchors/security.md 4.2 rule 2). Keys of one
// principal are never seen by another.
#pragma once

#include <optional>
#include <string>

#include "common/digest.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct IdempotencyOwner {
    std::string agency;
    std::string principal;
    std::string key;
};
struct StoredAnswer {
    Digest fingerprint{};
    unsigned status = 0;
    std::string etag;
    std::string location;
    std::string body;
    std::string event_id;  // audit record of the first run
};

// Claims the key for this transaction. Problem idempotency_in_progress if another transaction holds
// it right now; the stored answer if there is one.
[[nodiscard]] Outcome<std::optional<StoredAnswer>> claim_idempotency_key(
    UnitOfWork& unit, IdempotencyOwner const& owner);
void store_answer(UnitOfWork& unit,
                  IdempotencyOwner const& owner,
                  std::string_view operation,
                  StoredAnswer const& answer);

// ---------------------------------------------------------------- many calls in one transaction

// Whose key: the place, from 0, of the caller's credential in the authentication_query before.
struct CallersKey {
    std::size_t caller = 0;
    std::string key;
};
// Statements to be sent behind authentication_query: the first claims each key, the second finds
// earlier answers to any of these callers and keys.
[[nodiscard]] std::vector<BoundQuery> claim_queries(std::vector<CallersKey> const& keys);
// Results of the first: whether each key, in order, is held by this transaction; none is for a
// caller who is not known.
[[nodiscard]] std::vector<bool> read_claims(Rows const& rows);
struct OwnedAnswer {
    IdempotencyOwner owner;
    StoredAnswer answer;
};
// Results of the second.
[[nodiscard]] std::vector<OwnedAnswer> read_stored_answers(Rows const& rows);
[[nodiscard]] BoundQuery store_answers_query(std::string_view operation,
                                             std::vector<OwnedAnswer> const& answers,
                                             Instant now);

// Removes keys older than 7 days; returns how many.
std::int64_t forget_old_answers(UnitOfWork& unit);

}  // namespace rastro::storage
