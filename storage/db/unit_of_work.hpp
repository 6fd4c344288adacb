// One transaction with its actor and its audit records. Contract:
//  * run_unit_of_work begins, calls `work`, writes the audit leaves as the last statement, commits
//  (checked).
//  * If `work` returns a Problem, everything is rolled back; recording a refusal is the caller's
//  second unit of work.
//  * On 40001 and 40P01 the whole unit runs again, at most 3 times: `work` keeps no state between
//  runs.
//  * Never retried after an unknown COMMIT outcome: the Problem is outcome_unknown and the caller
//  repeats with its key.
//  * A unit that touched case data and queued no audit record is a bug and fails: no audit, no
//  answer.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cases/actor.hpp"
#include "cases/audit_record.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"
#include "storage/db/connection.hpp"

namespace rastro::storage {

// What row-level security is told (migration 0001). `access`: content, admin, audit, oversight,
// system, credential.
struct ActingAs {
    std::string access;
    std::string agency;
    std::string country;
    std::string user;          // uuid or empty
    std::string compartments;  // comma-separated
    std::string credential;

    [[nodiscard]] static ActingAs system() {
        return {.access = "system",
                .agency = {},
                .country = {},
                .user = {},
                .compartments = {},
                .credential = {}};
    }
};

// A message to an agency's event feed: ids and versions only.
struct OutboxMessage {
    std::string agency;
    std::string kind;  // "leg.routed", "leg.acknowledged", "answer.given", ...
    std::optional<CaseId> case_id;
    std::string object_type;
    std::string object_id;
    int object_version = 0;
};

// A leaf ready to be stored, with the columns the explorer filters on.
struct AuditEntry {
    cases::AuditRecord record;
    std::string
        detail;  // names, serial numbers, query text; empty: none. Committed to, stored apart
    std::string detail_agency;  // whose auditors may open the detail
};

class UnitOfWork {
 public:
    UnitOfWork(Connection& connection, Clock const& clock)
        : connection_(connection), now_(clock.now()) {}

    [[nodiscard]] Sql sql() { return connection_.sql(); }
    // For what is read by functions that also serve jobs without a unit of work (storage/audit).
    [[nodiscard]] Connection& connection() noexcept { return connection_; }
    // One moment for the whole unit, so that everything it writes agrees.
    [[nodiscard]] Instant now() const noexcept { return now_; }

    // Sets the transaction-local actor. May be called again: first `credential`, then who that
    // turned out to be.
    void act_as(ActingAs const& actor);
    // The statement act_as sends, for lanes that send it together with others.
    [[nodiscard]] static BoundQuery acting_as(ActingAs const& actor);

    // A statement whose result nobody waits for: sent by finish(), in order, before outbox rows and
    // audit leaves.
    void queue(BoundQuery query) { queued_.push_back(std::move(query)); }
    void audit(AuditEntry entry) { entries_.push_back(std::move(entry)); }
    void publish(OutboxMessage message) { messages_.push_back(std::move(message)); }
    [[nodiscard]] bool has_audit() const noexcept { return !entries_.empty(); }
    [[nodiscard]] std::size_t message_count() const noexcept { return messages_.size(); }
    // The unit reads and writes nothing of cases, people or agencies (health, catalogues): no audit
    // record is due.
    void touches_no_records() noexcept { exempt_ = true; }

    // Sends what was queued, outbox rows and audit leaves (last) and commits, in one round trip.
    // Called by run_unit_of_work and lanes.
    void finish();

 private:
    Connection& connection_;
    Instant now_;
    std::vector<BoundQuery> queued_;
    std::vector<AuditEntry> entries_;
    std::vector<OutboxMessage> messages_;
    bool exempt_ = false;
};

// Turns what escapes from a unit of work into the Problem for the caller; logs bugs. To be called
// in a catch block.
[[nodiscard]] Problem problem_of_current_exception(std::string_view what) noexcept;
// True if the current exception asks for the whole unit to run again.
[[nodiscard]] bool current_exception_is_retryable() noexcept;

// `work`: Outcome<T>(UnitOfWork&).
template <class Work>
auto run_unit_of_work(Connection& connection, Clock const& clock, Work const& work)
    -> decltype(work(std::declval<UnitOfWork&>())) {
    using Result = decltype(work(std::declval<UnitOfWork&>()));
    for (int attempt = 1;; ++attempt) {
        try {
            connection.begin();
            UnitOfWork unit(connection, clock);
            Result result = work(unit);
            if (!result) {
                connection.rollback();
                return result;
            }
            unit.finish();
            return result;
        } catch (...) {
            bool const again = attempt < 3 && current_exception_is_retryable();
            if (!again) {
                auto problem = problem_of_current_exception("unit_of_work");
                connection.rollback();
                return problem;
            }
            connection.rollback();
        }
    }
}

}  // namespace rastro::storage
