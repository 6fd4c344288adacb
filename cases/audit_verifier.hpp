// Verifies an exported audit log without trusting who exported it: recomputes the tree from the
// leaves, holds it against checkpoints signed by keys that the verifier's operator gives, and names
// the first bad entry. Streaming: memory does not grow with the log.
//
// How exactly a bad entry is named depends on what there is to compare with:
//   index missing, repeated or out of order, leaf that is no record, leaf of impossible time:
//   exactly, always; leaf changed, with tiles that lead to a signed root: exactly; leaf changed,
//   with tile lines in the export that lead to a signed root: the 256 entries of that tile; leaf
//   changed, with checkpoints alone: from the last size whose root holds to the first whose root
//   does not.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/audit_export.hpp"
#include "cases/checkpoint.hpp"
#include "cases/merkle.hpp"
#include "cases/tiles.hpp"
#include "common/clock.hpp"
#include "common/time_text.hpp"

namespace rastro::cases {

enum class AuditFaultKind : std::uint8_t {
    line_malformed,   // not a line of an export; stands where entry `first` was expected
    entry_missing,    // the sequence jumps from `first`, which is due, over `last`
    entry_repeated,   // index `first` comes again
    entries_missing,  // there are fewer entries than were signed; `first` is due next if exact
    entry_unproven,   // entries beyond the largest signed size
    entry_changed,    // the leaf is not the one whose hash the proven tile holds
    entry_or_tile_changed,  // leaf and tile differ, and neither leads to the signed root
    history_changed,        // something in the range is not what was signed
    not_a_record,           // the leaf is not a canonical audit record
    time_implausible,       // before `earliest` or more than a day after `now`
    tile_missing,           // a tile is not there, or shorter or longer than the tree demands
    tile_changed,           // a tile is wrong, the entries are right
    checkpoint_refused,     // unreadable, or not signed as it must be
    history_forked,         // two signed checkpoints cannot both be of one log
    no_checkpoint,          // nothing signed to verify against
};
[[nodiscard]] std::string_view to_text(AuditFaultKind kind) noexcept;  // "entry_missing"

struct AuditFault {
    AuditFaultKind kind = AuditFaultKind::no_checkpoint;
    std::uint64_t first = 0;  // the first bad entry; or, if not exact, the first that may be it
    std::uint64_t last = 0;   // the last that is, or may be, bad
    bool exact = true;
    std::string detail;  // English, for people
};

struct CheckedCheckpoint {
    VerifiedCheckpoint verified;
    bool proven = false;  // the entries (or, without entries, the tiles) lead to its root
};

struct AuditReport {
    bool good = false;
    std::vector<AuditFault>
        faults;  // the one to look at first comes first; at most kMaxFaults of a kind
    std::uint64_t entries = 0;  // leaves read
    std::uint64_t size = 0;     // of the largest checkpoint
    Digest root{};  // of the leaves read in sequence; of the tiles if there are no leaves
    bool tiles_compared = false;
    std::vector<CheckedCheckpoint> checkpoints;  // by size
};

struct VerifierOptions {
    std::vector<VerifierKey> keys;  // trusted, given by the operator
    TileSource* tiles = nullptr;    // reference; may be absent
    bool entries_given = true;      // false: verify the tiles alone
    bool check_records = true;      // false: any bytes may be a leaf
    Instant now{};
    Instant earliest = from_unix_us(1'577'836'800'000'000);  // 2020-01-01
};

class AuditVerifier {
 public:
    static constexpr std::size_t kMaxFaults = 16;

    explicit AuditVerifier(VerifierOptions options) : options_(std::move(options)) {}

    // Checkpoints come before the first leaf; a later one is refused.
    void add_checkpoint(std::string_view note);
    void add(ExportLine const& line);
    [[nodiscard]] AuditReport finish();
    // Largest signed size so far; tells a caller how many entries to look for.
    [[nodiscard]] std::uint64_t signed_size() const noexcept;

 private:
    struct Conflict {
        unsigned level = 0;  // of the tile that holds the hash
        std::uint64_t index = 0;
    };

    void add_leaf(ExportLine const& line);
    void add_tile_claim(ExportLine const& line);
    void judge_leaf(ExportLine const& line);
    void close_leaf_block();
    void fault(AuditFaultKind kind,
               std::uint64_t first,
               std::uint64_t last,
               bool exact,
               std::string detail);
    void check_roots_of_leaves();
    [[nodiscard]] Digest leaves_root() const;

    // The reference tiles, read block by block beside the leaves.
    void open_block(std::uint64_t block);
    void close_block();
    void check_roots_of_tiles();
    void check_parent(unsigned level, std::uint64_t index, Digest const& computed);
    [[nodiscard]] std::optional<std::vector<Digest>> load_tile(TileId const& id);

    void judge_end();
    void judge_difference();
    void judge_roots();
    void judge_conflict();
    [[nodiscard]] std::optional<std::uint64_t> proven_claim_difference() const;
    [[nodiscard]] bool explained(std::uint64_t first, std::uint64_t last) const;

    VerifierOptions options_;
    std::vector<CheckedCheckpoint> checkpoints_;  // by size
    std::vector<AuditFault> faults_;
    std::map<AuditFaultKind, std::size_t> fault_count_;

    std::uint64_t entries_ = 0;
    std::uint64_t expected_ = 0;  // next index
    bool broken_ = false;         // the sequence of leaves has a fault; they are not hashed on
    TreeAccumulator leaves_;      // whole blocks of 256
    TreeAccumulator leaf_block_;  // the block being read
    Digest last_block_root_{};
    std::size_t next_leaf_check_ = 0;
    std::uint64_t leaves_proven_ = 0;
    std::optional<std::uint64_t>
        leaves_refuted_;  // smallest size whose root the leaves do not give

    bool tiles_usable_ = true;
    std::uint64_t next_block_ = 0;  // blocks before it are opened
    std::vector<Digest> block_;     // level-0 hashes of the open block
    bool block_open_ = false;
    bool block_agrees_ = true;
    TreeAccumulator tiles_;
    std::uint64_t tiles_proven_ = 0;
    std::optional<std::uint64_t> tiles_refuted_;
    std::optional<std::uint64_t> first_difference_;  // leaf hash against level-0 hash
    std::map<unsigned, std::vector<Digest>> upper_;  // the open tile of each upper level
    std::optional<Conflict> first_conflict_;

    TreeAccumulator claims_;  // tile lines of the export
    std::optional<Digest> claims_tail_;
    bool claims_usable_ = true;
    std::optional<std::uint64_t> first_claim_difference_;
};

}  // namespace rastro::cases
