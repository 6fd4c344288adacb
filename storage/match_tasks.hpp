// What waits to be compared: requests that were sent, records that were entered, searches made for
// a request (migration 0013). Written by the database in the transaction of the statement itself.
// All but queue_search: system access.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/trace/illicit_record.hpp"
#include "cases/trace/matching.hpp"
#include "cases/trace/pointer.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

enum class MatchObject : std::uint8_t { request, record, search };
struct MatchTask {
    Uuid task_id;
    MatchObject object = MatchObject::request;
    CaseId case_id;  // of a search: the request that it was made for
    cases::MatchSide searched;
};
// Oldest first; those that failed before come last. Without locks.
[[nodiscard]] std::vector<MatchTask> waiting_match_tasks(UnitOfWork& unit, int limit);
// Takes it away with this unit of work; false if another server has it.
[[nodiscard]] bool claim_match_task(UnitOfWork& unit, MatchTask const& task);
// Notes a failed attempt and returns how many there were.
int count_failed_match(UnitOfWork& unit, MatchTask const& task);
// A search whose serial was read whole, made for an own request: what the searcher may not know of
// is found later, and told to whom it concerns.
void queue_search(UnitOfWork& unit, CaseId const& case_id, cases::MatchSide const& searched);

// What the rules look at, of one request that was sent.
struct RequestFacts {
    CaseId case_id;
    std::string state;
    std::string agency;
    std::string country;
    std::string handling_code;
    bool sensitive = false;
    bool in_compartment = false;
    Instant sent_at{};
    cases::RecoveryFacts recovery;
    cases::MatchSide firearm;  // by its present description
};
// In no order. Drafts and what waits for approval only if asked for: nobody else knows of them.
enum class Unsent : std::uint8_t { left_out, too };
[[nodiscard]] std::vector<RequestFacts> request_facts_of(UnitOfWork& unit,
                                                         std::vector<CaseId> const& cases,
                                                         Unsent unsent);

}  // namespace rastro::storage
