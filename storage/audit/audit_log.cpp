#include "storage/audit/audit_log.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_LEAF_COLUMNS                                   \
    "select l.event_id, l.leaf, i.leaf_index, " RASTRO_US_AS( \
        "l.occurred_at",                                      \
        "occurred_at") " from audit_leaf l left join audit_index i on i.event_id = l.event_id "

constexpr Query kFind{"audit_leaf_find", RASTRO_LEAF_COLUMNS "where l.event_id = :event_id::uuid"};
constexpr Query kRun{
    "audit_leaf_run",
    "select l.event_id, l.leaf, i.leaf_index, " RASTRO_US_AS("l.occurred_at", "occurred_at")
    " from audit_index i join audit_leaf l on l.event_id = i.event_id "
    "where i.leaf_index >= :first::bigint and i.leaf_index < :last::bigint order by i.leaf_index"};
constexpr Query kSearch{
    "audit_leaf_search",
    RASTRO_LEAF_COLUMNS
    "where (l.occurred_at, l.event_id) < (:after_time::timestamptz, :after_id::uuid) "
    "and (:action = '' or l.action = :action or (right(:action, 1) = '.' "
    "and starts_with(l.action, :action))) and (:actor = '' or l.actor_id = :actor) "
    "and (:object = '' or l.object_id = :object) and (:outcome = '' or l.outcome = :outcome) "
    "and (:from::timestamptz is null or l.occurred_at >= :from::timestamptz) "
    "and (:to::timestamptz is null or l.occurred_at < :to::timestamptz) "
    "order by l.occurred_at desc, l.event_id desc limit :limit::integer"};

std::vector<AuditLeaf> to_leaves(Rows const& rows) {
    std::vector<AuditLeaf> leaves;
    leaves.reserve(rows.size());
    for (auto const row : rows) {
        AuditLeaf leaf;
        leaf.event_id = row.id<EventId>("event_id");
        leaf.occurred_at = row.instant("occurred_at");
        if (auto const index = row.maybe_integer("leaf_index")) {
            leaf.index = static_cast<std::uint64_t>(*index);
        }
        leaf.leaf = row.bytes("leaf");
        leaves.push_back(std::move(leaf));
    }
    return leaves;
}

}  // namespace

std::optional<AuditLeaf> find_leaf(UnitOfWork& unit, EventId const& event_id) {
    auto leaves = to_leaves(unit.sql().run(kFind, {{"event_id", event_id}}));
    if (leaves.empty()) {
        return std::nullopt;
    }
    return std::move(leaves.front());
}

std::vector<AuditLeaf> read_leaves(UnitOfWork& unit, std::uint64_t first, std::uint64_t last) {
    return to_leaves(unit.sql().run(kRun, {{"first", first}, {"last", last}}));
}

std::vector<AuditLeaf> search_audit(UnitOfWork& unit,
                                    AuditFilter const& filter,
                                    std::optional<AuditKey> const& after,
                                    int limit) {
    return to_leaves(unit.sql().run(
        kSearch,
        {{"after_time", after ? Value(after->occurred_at) : Value("infinity")},
         {"after_id",
          after ? Value(after->event_id) : Value("ffffffff-ffff-ffff-ffff-ffffffffffff")},
         {"action", filter.action},
         {"actor", filter.actor},
         {"object", filter.object},
         {"outcome", filter.outcome},
         {"from", filter.from},
         {"to", filter.to},
         {"limit", limit}}));
}

}  // namespace rastro::storage
