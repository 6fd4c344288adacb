#include "storage/db/unit_of_work.hpp"

#include <stdexcept>

#include "common/digest.hpp"
#include "common/fault_point.hpp"
#include "common/log.hpp"
#include "common/time_text.hpp"
#include "storage/db/insert_batch.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::storage {

namespace {

constexpr Query kActAs{
    "act_as",
    "select set_config('rastro.access', :access, true), set_config('rastro.agency', :agency, "
    "true), "
    "set_config('rastro.country', :country, true), set_config('rastro.user', :user, true), "
    "set_config('rastro.compartments', :compartments, true), "
    "set_config('rastro.credential', :credential, true)"};

InsertShape const kOutboxShape("outbox",
                               {"message_id",
                                "agency",
                                "kind",
                                "case_id",
                                "object_type",
                                "object_id",
                                "object_version",
                                "occurred_at"});

InsertShape const kDetailShape("audit_detail", {"event_id", "agency", "nonce", "detail"});

InsertShape const kLeafShape("audit_leaf",
                             {"event_id",
                              "leaf",
                              "occurred_at",
                              "action",
                              "outcome",
                              "actor_id",
                              "actor_agency",
                              "object_type",
                              "object_id",
                              "object_agency",
                              "request_id"});

constexpr Query kCommit{"commit_together", "commit"};

BoundQuery outbox_insert(std::vector<OutboxMessage> const& messages, Instant now) {
    InsertBatch batch(kOutboxShape);
    for (auto const& message : messages) {
        batch.row({Uuid::generate_v7(),
                   message.agency,
                   message.kind,
                   message.case_id,
                   message.object_type,
                   message.object_id,
                   message.object_version,
                   now});
    }
    return batch.take();
}

// Fills in the commitments of entries with a detail and returns the statement that stores the
// details.
std::optional<BoundQuery> detail_insert(std::vector<AuditEntry>& entries) {
    InsertBatch batch(kDetailShape);
    for (auto& entry : entries) {
        if (entry.detail.empty()) {
            continue;
        }
        auto const nonce = random_bytes(cases::kDetailNonceBytes);
        entry.record.detail = cases::commit_detail(nonce, as_bytes(entry.detail));
        batch.row({entry.record.event_id,
                   entry.detail_agency.empty() ? entry.record.agency : entry.detail_agency,
                   nonce,
                   as_bytes(entry.detail)});
    }
    return batch.empty() ? std::nullopt : std::optional(batch.take());
}

BoundQuery leaf_insert(std::vector<AuditEntry> const& entries) {
    InsertBatch batch(kLeafShape);
    std::string leaf;
    for (auto const& entry : entries) {
        auto const& record = entry.record;
        leaf.clear();
        cases::append_leaf(leaf, record);
        batch.row({record.event_id,
                   as_bytes(leaf),
                   record.time,
                   record.action,
                   cases::to_text(record.outcome),
                   Cell::said(record.actor),
                   Cell::said(record.agency),
                   Cell::said(record.object_type),
                   Cell::said(record.object_id),
                   Cell::said(record.object_owner),
                   Cell::said(record.request_id)});
    }
    return batch.take();
}

}  // namespace

BoundQuery UnitOfWork::acting_as(ActingAs const& actor) {
    return {kActAs,
            {{"access", actor.access},
             {"agency", actor.agency},
             {"country", actor.country},
             {"user", actor.user},
             {"compartments", actor.compartments},
             {"credential", actor.credential}}};
}

void UnitOfWork::act_as(ActingAs const& actor) {
    auto bound = acting_as(actor);
    sql().run(bound.query, std::move(bound.params));
}

void UnitOfWork::finish() {
    if (entries_.empty() && !exempt_) {
        throw std::logic_error("a unit of work without an audit record");
    }
    std::vector<BoundQuery> last = std::exchange(queued_, {});
    if (!messages_.empty()) {
        last.push_back(outbox_insert(messages_, now_));
    }
    if (auto details = detail_insert(entries_)) {
        last.push_back(std::move(*details));
    }
    if (!entries_.empty()) {
        last.push_back(leaf_insert(entries_));
    }
    RASTRO_FAULT_POINT("before_commit");
    if (last.empty()) {
        connection_.commit();
        return;
    }
    last.push_back({kCommit, {}});
    try {
        sql().run_together(last);
    } catch (StorageError const& error) {
        // The answer to COMMIT may have been lost with the link: nobody knows, and nobody may
        // guess.
        if (error.fault() == StorageFault::unavailable) {
            throw StorageError(
                StorageFault::in_doubt, error.sqlstate(), error.constraint(), "commit");
        }
        throw;
    }
    if (connection_.in_transaction()) {
        throw std::logic_error("COMMIT left the transaction open");
    }
    RASTRO_FAULT_POINT("after_commit");
}

Problem problem_of_current_exception(std::string_view what) noexcept {
    try {
        throw;
    } catch (StorageError const& error) {
        if (error.fault() == StorageFault::bug || error.fault() == StorageFault::constraint) {
            log::error("storage_fault",
                       {{"where", what}, {"what", std::string_view(error.what())}});
        } else {
            log::warning("storage_fault",
                         {{"where", what}, {"what", std::string_view(error.what())}});
        }
        return to_problem(error);
    } catch (UncheckedOutcome const& error) {
        log::error("unchecked_outcome",
                   {{"where", what}, {"what", std::string_view(error.what())}});
    } catch (std::exception const& error) {
        log::error("internal_error", {{"where", what}, {"what", std::string_view(error.what())}});
    } catch (...) {
        log::error("internal_error", {{"where", what}});
    }
    return ProblemCode::internal_error;
}

bool current_exception_is_retryable() noexcept {
    try {
        throw;
    } catch (StorageError const& error) {
        return error.fault() == StorageFault::retry;
    } catch (...) {
        return false;
    }
}

}  // namespace rastro::storage
