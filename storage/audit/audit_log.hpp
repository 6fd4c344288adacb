// Reading the audit log: one record with its place in the tree, a run of leaves, the explorer's
// pages. Under row-level security: an agency sees the records that it caused or that are about its
// objects; oversight sees all (migration 0002).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct AuditLeaf {
    EventId event_id;
    Instant occurred_at{};
    std::optional<std::uint64_t> index;  // in the tree; absent until integrated
    Bytes leaf;                          // exact bytes
};

// nullopt: absent, or none of the actor's.
[[nodiscard]] std::optional<AuditLeaf> find_leaf(UnitOfWork& unit, EventId const& event_id);

// Leaves with first <= index < last that the actor may see, in order.
[[nodiscard]] std::vector<AuditLeaf> read_leaves(UnitOfWork& unit,
                                                 std::uint64_t first,
                                                 std::uint64_t last);

// Newest first. Empty texts and absent times: any.
struct AuditFilter {
    std::string action;   // exact, or "leg." for all that begin so
    std::string actor;    // id
    std::string object;   // id
    std::string outcome;  // ok, refused, failed
    std::optional<Instant> from;
    std::optional<Instant> to;
};
struct AuditKey {  // keyset position: entries after this one
    Instant occurred_at{};
    EventId event_id;
};
[[nodiscard]] std::vector<AuditLeaf> search_audit(UnitOfWork& unit,
                                                  AuditFilter const& filter,
                                                  std::optional<AuditKey> const& after,
                                                  int limit);

}  // namespace rastro::storage
