#include "storage/db/unit_of_work.hpp"

#include <stdexcept>

#include "common/digest.hpp"
#include "common/fault_point.hpp"
#include "common/log.hpp"
#include "common/time_text.hpp"
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

constexpr Query kInsertOutbox{
    "outbox_insert",
    "insert into outbox (message_id, agency, kind, case_id, object_type, object_id, "
    "object_version, occurred_at) "
    "select m, a, k, c, t, o, v, :occurred_at::timestamptz "
    "from unnest(:message_ids::uuid[], :agencies::text[], :kinds::text[], :case_ids::uuid[], "
    ":object_types::text[], "
    ":object_ids::text[], :object_versions::integer[]) as x(m, a, k, c, t, o, v)"};

constexpr Query kInsertDetail{
    "audit_detail_insert",
    "insert into audit_detail (event_id, agency, nonce, detail) "
    "select e, a, n, d from unnest(:event_ids::uuid[], :agencies::text[], :nonces::bytea[], "
    ":details::bytea[]) as x(e, a, n, d)"};

constexpr Query kInsertLeaves{"audit_leaf_insert",
                              "insert into audit_leaf (event_id, leaf, occurred_at, action, "
                              "outcome, actor_id, actor_agency, object_type, object_id, "
                              "object_agency, request_id) "
                              "select e, l, to_timestamp(t::double precision / 1000000), a, o, "
                              "nullif(i, ''), nullif(g, ''), nullif(ot, ''), "
                              "nullif(oi, ''), nullif(og, ''), nullif(r, '')::uuid "
                              "from unnest(:event_ids::uuid[], :leaves::bytea[], :times::bigint[], "
                              ":actions::text[], :outcomes::text[], "
                              ":actors::text[], :agencies::text[], :object_types::text[], "
                              ":object_ids::text[], :object_agencies::text[], "
                              ":request_ids::text[]) as x(e, l, t, a, o, i, g, ot, oi, og, r)"};

constexpr Query kCommit{"commit_together", "commit"};

BoundQuery outbox_insert(std::vector<OutboxMessage> const& messages, Instant now) {
    ArrayText ids, agencies, kinds, cases, types, objects, versions;
    for (auto const& message : messages) {
        ids.add(Uuid::generate_v7().to_string());
        agencies.add(message.agency);
        kinds.add(message.kind);
        if (message.case_id) {
            cases.add(message.case_id->to_string());
        } else {
            cases.add_null();
        }
        types.add(message.object_type);
        objects.add(message.object_id);
        versions.add(std::to_string(message.object_version));
    }
    return {kInsertOutbox,
            {{"occurred_at", now},
             {"message_ids", ids.take()},
             {"agencies", agencies.take()},
             {"kinds", kinds.take()},
             {"case_ids", cases.take()},
             {"object_types", types.take()},
             {"object_ids", objects.take()},
             {"object_versions", versions.take()}}};
}

// Fills in the commitments of entries with a detail and returns the statement that stores the
// details.
std::optional<BoundQuery> detail_insert(std::vector<AuditEntry>& entries) {
    ArrayText ids, agencies, nonces, details;
    for (auto& entry : entries) {
        if (entry.detail.empty()) {
            continue;
        }
        auto const nonce = random_bytes(cases::kDetailNonceBytes);
        entry.record.detail = cases::commit_detail(nonce, as_bytes(entry.detail));
        ids.add(entry.record.event_id.to_string());
        agencies.add(entry.detail_agency.empty() ? entry.record.agency : entry.detail_agency);
        nonces.add_bytes(nonce);
        details.add_bytes(as_bytes(entry.detail));
    }
    if (ids.size() == 0) {
        return std::nullopt;
    }
    return BoundQuery{kInsertDetail,
                      {{"event_ids", ids.take()},
                       {"agencies", agencies.take()},
                       {"nonces", nonces.take()},
                       {"details", details.take()}}};
}

BoundQuery leaf_insert(std::vector<AuditEntry> const& entries) {
    ArrayText ids, leaves, times, actions, outcomes, actors, agencies, types, objects, owners,
        requests;
    std::string leaf;
    for (auto const& entry : entries) {
        auto const& record = entry.record;
        leaf.clear();
        cases::append_leaf(leaf, record);
        ids.add(record.event_id.to_string());
        leaves.add_bytes(as_bytes(leaf));
        times.add(std::to_string(to_unix_us(record.time)));
        actions.add(record.action);
        outcomes.add(cases::to_text(record.outcome));
        actors.add(record.actor);
        agencies.add(record.agency);
        types.add(record.object_type);
        objects.add(record.object_id);
        owners.add(record.object_owner);
        requests.add(record.request_id);
    }
    return {kInsertLeaves,
            {{"event_ids", ids.take()},
             {"leaves", leaves.take()},
             {"times", times.take()},
             {"actions", actions.take()},
             {"outcomes", outcomes.take()},
             {"actors", actors.take()},
             {"agencies", agencies.take()},
             {"object_types", types.take()},
             {"object_ids", objects.take()},
             {"object_agencies", owners.take()},
             {"request_ids", requests.take()}}};
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
