#include "storage/audit/integrator.hpp"

#include <algorithm>
#include <stdexcept>

#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

namespace {

constexpr Query kLock{"integrator_lock", "select pg_try_advisory_xact_lock(7225487012) as mine"};
constexpr Query kTree{
    "audit_tree_read",
    "select size, root, coalesce(last_xid::text, '0') as last_xid, "
    "coalesce(last_event_id, '00000000-0000-0000-0000-000000000000'::uuid) as last_event_id "
    "from audit_tree"};
// The order is that of the numbers: a bare "xid" in the last line would be the text of the first
// one, in which 1000 comes before 999.
constexpr Query kTake{
    "audit_leaves_take",
    "select event_id, xid::text as xid, leaf, " RASTRO_US("occurred_at") " from audit_leaf l "
    "where xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "and (xid, event_id) > (:last_xid::text::xid8, :last_event_id::uuid) "
    "order by l.xid, l.event_id limit :limit::bigint"};
constexpr Query kOldest{
    "audit_leaves_oldest",
    "select " RASTRO_US_AS("min(l.occurred_at)", "oldest") " from (select occurred_at from audit_leaf, audit_tree t "
    "where (xid, event_id) > (coalesce(t.last_xid, '0'::xid8), "
    "coalesce(t.last_event_id, '00000000-0000-0000-0000-000000000000'::uuid)) "
    "order by xid, event_id limit 1) l"};
constexpr Query kEdge{
    "audit_tiles_edge",
    "select level, hashes from audit_tile where (level, tile_index) in "
    "(select l, i from unnest(:levels::smallint[], :indexes::bigint[]) as x(l, i))"};
constexpr Query kIndex{"audit_index_insert",
                       "insert into audit_index (leaf_index, event_id, leaf_hash) "
                       "select i, e, h from unnest(:indexes::bigint[], :event_ids::uuid[], "
                       ":hashes::bytea[]) as x(i, e, h)"};
constexpr Query kTiles{"audit_tiles_store",
                       "insert into audit_tile (level, tile_index, hashes) "
                       "select l, i, h from unnest(:levels::smallint[], :indexes::bigint[], "
                       ":hashes::bytea[]) as x(l, i, h) "
                       "on conflict (level, tile_index) do update set hashes = excluded.hashes"};
constexpr Query kGrow{"audit_tree_grow",
                      "update audit_tree set size = :size::bigint, root = :root::bytea, last_xid = "
                      ":last_xid::text::xid8, "
                      "last_event_id = :last_event_id::uuid, integrated_at = :now::timestamptz"};
constexpr Query kTile{
    "audit_tile_read",
    "select hashes from audit_tile where level = :level::smallint and tile_index = :index::bigint"};
constexpr Query kStoreCheckpoint{"audit_checkpoint_store",
                                 "insert into audit_checkpoint (size, root, note) values "
                                 "(:size::bigint, :root::bytea, :note) on conflict do nothing"};
constexpr Query kNewestCheckpoint{
    "audit_checkpoint_newest",
    "select size, root, note from audit_checkpoint order by size desc limit 1"};

Digest to_digest(Bytes const& bytes) {
    Digest digest{};
    if (bytes.size() != digest.size()) {
        throw std::logic_error("a stored hash has not 32 bytes");
    }
    std::ranges::copy(bytes, digest.begin());
    return digest;
}

Bytes to_bytes(Digest const& digest) {
    return {digest.begin(), digest.end()};
}

cases::TileEdge read_edge(Connection& connection, std::uint64_t size) {
    ArrayText levels;
    ArrayText indexes;
    for (unsigned level = 0; level <= cases::kMaxTileLevel; ++level) {
        auto const hashes = cases::hashes_at_level(size, level);
        if (hashes % cases::kTileWidth != 0) {
            levels.add(std::to_string(level));
            indexes.add(std::to_string(hashes / cases::kTileWidth));
        }
    }
    std::vector<std::vector<Digest>> partial(cases::kMaxTileLevel + 1);
    auto const rows =
        connection.sql().run(kEdge, {{"levels", levels.take()}, {"indexes", indexes.take()}});
    for (auto const row : rows) {
        auto hashes = cases::decode_tile(row.bytes("hashes"));
        if (!hashes) {
            throw std::logic_error("a stored tile is malformed");
        }
        partial[static_cast<std::size_t>(row.integer("level"))] = std::move(*hashes);
    }
    auto edge = cases::TileEdge::resume(size, partial);
    if (!edge) {
        throw std::logic_error("stored tiles do not fit the tree's size");
    }
    return std::move(*edge);
}

BoundQuery tiles_store(std::vector<cases::Tile> const& tiles) {
    ArrayText levels;
    ArrayText indexes;
    ArrayText hashes;
    for (auto const& tile : tiles) {
        levels.add(std::to_string(tile.id.level));
        indexes.add(std::to_string(tile.id.index));
        hashes.add_bytes(cases::encode_tile(tile.hashes));
    }
    return {kTiles,
            {{"levels", levels.take()}, {"indexes", indexes.take()}, {"hashes", hashes.take()}}};
}

}  // namespace

std::optional<IntegrationRound> integrate_leaves(Connection& connection,
                                                 Clock const& clock,
                                                 std::uint64_t limit) {
    connection.begin();
    UnitOfWork unit(connection, clock);
    unit.touches_no_records();
    unit.act_as(ActingAs::system());
    if (!connection.sql().run(kLock).front().boolean("mine")) {
        connection.rollback();
        return std::nullopt;
    }
    auto const tree = connection.sql().run(kTree);
    auto const size = static_cast<std::uint64_t>(tree.front().integer("size"));
    IntegrationRound round;
    round.tree = {size, to_digest(tree.front().bytes("root"))};
    auto const leaves = connection.sql().run(kTake,
                                             {{"last_xid", tree.front().text("last_xid")},
                                              {"last_event_id", tree.front().text("last_event_id")},
                                              {"limit", limit}});
    if (leaves.empty()) {
        connection.rollback();
        return round;
    }
    auto edge = read_edge(connection, size);
    if (size > 0 && edge.root() != round.tree.root) {
        throw std::logic_error("the stored tiles give another root than the stored tree");
    }
    ArrayText indexes;
    ArrayText events;
    ArrayText hashes;
    std::vector<Digest> leaf_hashes;
    leaf_hashes.reserve(leaves.size());
    for (auto const row : leaves) {
        auto const hash = cases::leaf_hash(row.bytes("leaf"));
        indexes.add(std::to_string(size + leaf_hashes.size()));
        events.add(row.view("event_id"));
        hashes.add_bytes(hash);
        leaf_hashes.push_back(hash);
        auto const occurred = row.instant("occurred_at");
        round.oldest = round.oldest ? std::min(*round.oldest, occurred) : occurred;
    }
    auto const tiles = edge.append(leaf_hashes);
    round.tree = {edge.size(), edge.root()};
    round.added = leaf_hashes.size();
    auto const last = leaves[leaves.size() - 1];
    std::vector<BoundQuery> writes;
    writes.push_back(
        {kIndex,
         {{"indexes", indexes.take()}, {"event_ids", events.take()}, {"hashes", hashes.take()}}});
    writes.push_back(tiles_store(tiles));
    writes.push_back({kGrow,
                      {{"size", edge.size()},
                       {"root", to_bytes(edge.root())},
                       {"last_xid", last.text("xid")},
                       {"last_event_id", last.text("event_id")},
                       {"now", clock.now()}}});
    connection.sql().run_together(writes);
    unit.finish();
    return round;
}

std::optional<Instant> oldest_unintegrated(Connection& connection) {
    return connection.sql().run(kOldest).front().maybe_instant("oldest");
}

TreeState read_tree(Connection& connection) {
    auto const rows = connection.sql().run(kTree);
    return {static_cast<std::uint64_t>(rows.front().integer("size")),
            to_digest(rows.front().bytes("root"))};
}

void store_checkpoint(Connection& connection, TreeState const& tree, std::string const& note) {
    connection.sql().run(kStoreCheckpoint,
                         {{"size", tree.size}, {"root", to_bytes(tree.root)}, {"note", note}});
}

std::optional<StoredCheckpoint> newest_checkpoint(Connection& connection) {
    auto const rows = connection.sql().run(kNewestCheckpoint);
    if (rows.empty()) {
        return std::nullopt;
    }
    auto const row = rows.front();
    return StoredCheckpoint{static_cast<std::uint64_t>(row.integer("size")),
                            to_digest(row.bytes("root")),
                            row.text("note")};
}

std::optional<Bytes> StoredTiles::tile(cases::TileId const& id) {
    auto const rows = connection_.sql().run(kTile, {{"level", id.level}, {"index", id.index}});
    if (rows.empty()) {
        return std::nullopt;
    }
    return rows.front().bytes("hashes");
}

}  // namespace rastro::storage
