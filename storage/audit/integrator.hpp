// Gives committed leaves their place in the tree (design/audit-log.md, "Tree"). One at a time, by
// advisory lock; any server may hold it. A crash repeats harmlessly: indexes, tiles and tree head
// change in one transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cases/merkle.hpp"
#include "cases/tiles.hpp"
#include "common/clock.hpp"
#include "storage/db/connection.hpp"

namespace rastro::storage {

struct TreeState {
    std::uint64_t size = 0;
    Digest root{};
};

struct IntegrationRound {
    TreeState tree;  // after the round
    std::uint64_t added = 0;
    std::optional<Instant> oldest;  // time of the oldest leaf added: its delay is now - oldest
};

// One round: takes up to `limit` leaves whose transaction is below the snapshot's xmin, in (xid,
// event id) order. nullopt if another server is integrating. Throws StorageError.
[[nodiscard]] std::optional<IntegrationRound> integrate_leaves(Connection& connection,
                                                               Clock const& clock,
                                                               std::uint64_t limit);

// Time of the oldest leaf that is not in the tree yet; nullopt if all are. For readiness and
// alarms.
[[nodiscard]] std::optional<Instant> oldest_unintegrated(Connection& connection);

[[nodiscard]] TreeState read_tree(Connection& connection);

// Checkpoints are stored before they are published; storing the same size again changes nothing.
void store_checkpoint(Connection& connection, TreeState const& tree, std::string const& note);
struct StoredCheckpoint {
    std::uint64_t size = 0;
    Digest root{};
    std::string note;
};
[[nodiscard]] std::optional<StoredCheckpoint> newest_checkpoint(Connection& connection);

// Tiles from the table, for proofs. Reads within whatever transaction the connection is in.
class StoredTiles final : public cases::TileSource {
 public:
    explicit StoredTiles(Connection& connection) : connection_(connection) {}
    [[nodiscard]] std::optional<Bytes> tile(cases::TileId const& id) override;

 private:
    Connection& connection_;
};

}  // namespace rastro::storage
