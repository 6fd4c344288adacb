#include "cases/audit_verifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace rastro::cases {

std::uint64_t AuditVerifier::signed_size() const noexcept {
    return checkpoints_.empty() ? 0 : checkpoints_.back().verified.checkpoint.size;
}

void AuditVerifier::fault(
    AuditFaultKind kind, std::uint64_t first, std::uint64_t last, bool exact, std::string detail) {
    if (fault_count_[kind]++ < kMaxFaults) {
        faults_.push_back({kind, first, last, exact, std::move(detail)});
    }
}

void AuditVerifier::add_checkpoint(std::string_view note) {
    auto verified = verify_checkpoint(note, options_.keys);
    if (!verified) {
        fault(AuditFaultKind::checkpoint_refused, 0, 0, false, verified.error().detail());
        return;
    }
    auto const& tree = verified->checkpoint;
    if (entries_ != 0 || next_block_ != 0) {
        fault(AuditFaultKind::checkpoint_refused,
              0,
              0,
              false,
              "a checkpoint comes after the first entry");
        return;
    }
    if (tree.size == 0 && tree.root != empty_root()) {
        fault(AuditFaultKind::history_forked,
              0,
              0,
              false,
              "a checkpoint of size 0 has not the empty root");
    }
    for (auto const& known : checkpoints_) {
        auto const& other = known.verified.checkpoint;
        if (other.origin != tree.origin) {
            fault(AuditFaultKind::checkpoint_refused,
                  0,
                  0,
                  false,
                  "the checkpoints are of different logs");
            return;
        }
        if (other.size == tree.size && other.root != tree.root && tree.size != 0) {
            fault(AuditFaultKind::history_forked,
                  0,
                  tree.size - 1,
                  false,
                  fmt::format("two roots are signed for size {}", tree.size));
        }
    }
    auto const at =
        std::ranges::upper_bound(checkpoints_, tree.size, {}, [](CheckedCheckpoint const& c) {
            return c.verified.checkpoint.size;
        });
    bool const proven = tree.size == 0 && tree.root == empty_root();
    checkpoints_.insert(at, {std::move(*verified), proven});
}

void AuditVerifier::add(ExportLine const& line) {
    switch (line.kind) {
        case ExportLineKind::leaf:
            add_leaf(line);
            return;
        case ExportLineKind::tile:
            add_tile_claim(line);
            return;
        case ExportLineKind::checkpoint:
            add_checkpoint(line.note);
            return;
        case ExportLineKind::malformed:
            break;
    }
    if (!broken_) {
        fault(AuditFaultKind::line_malformed,
              expected_,
              expected_,
              true,
              "the line is not one of an export");
    }
    broken_ = true;
}

void AuditVerifier::judge_leaf(ExportLine const& line) {
    if (!options_.check_records) {
        return;
    }
    if (!line.is_record) {
        fault(AuditFaultKind::not_a_record,
              line.index,
              line.index,
              true,
              "the leaf is no canonical audit record");
    } else if (line.time < options_.earliest || line.time > options_.now + std::chrono::days(1)) {
        fault(
            AuditFaultKind::time_implausible, line.index, line.index, true, to_rfc3339(line.time));
    }
}

void AuditVerifier::add_leaf(ExportLine const& line) {
    ++entries_;
    judge_leaf(line);
    if (broken_) {
        return;
    }
    if (line.index != expected_) {
        broken_ = true;
        if (line.index > expected_) {
            fault(AuditFaultKind::entry_missing,
                  expected_,
                  line.index - 1,
                  true,
                  fmt::format("entry {} comes where {} is due", line.index, expected_));
        } else {
            fault(AuditFaultKind::entry_repeated,
                  line.index,
                  line.index,
                  true,
                  fmt::format("entry {} comes again where {} is due", line.index, expected_));
        }
        return;
    }
    if (options_.tiles != nullptr && expected_ < signed_size()) {
        if (expected_ % kTileWidth == 0) {
            open_block(expected_ / kTileWidth);
        }
        auto const offset = static_cast<std::size_t>(expected_ % kTileWidth);
        if (offset < block_.size() && block_[offset] != line.hash) {
            block_agrees_ = false;
            first_difference_ = first_difference_.value_or(expected_);
        }
    }
    leaf_block_.append(line.hash);
    ++expected_;
    check_roots_of_leaves();
    if (expected_ % kTileWidth == 0) {
        close_leaf_block();
    }
}

void AuditVerifier::close_leaf_block() {
    last_block_root_ = leaf_block_.root();
    leaves_.append_subtree(8, last_block_root_);
    leaf_block_ = {};
}

Digest AuditVerifier::leaves_root() const {
    return leaf_block_.size() == 0 ? leaves_.root() : leaves_.root_before(leaf_block_.root());
}

void AuditVerifier::check_roots_of_leaves() {
    while (next_leaf_check_ < checkpoints_.size() &&
           checkpoints_[next_leaf_check_].verified.checkpoint.size < expected_) {
        ++next_leaf_check_;
    }
    for (; next_leaf_check_ < checkpoints_.size(); ++next_leaf_check_) {
        auto& due = checkpoints_[next_leaf_check_];
        if (due.verified.checkpoint.size != expected_) {
            return;
        }
        due.proven = due.verified.checkpoint.root == leaves_root();
        if (due.proven) {
            leaves_proven_ = expected_;
        } else {
            leaves_refuted_ = leaves_refuted_.value_or(expected_);
        }
    }
}

void AuditVerifier::add_tile_claim(ExportLine const& line) {
    auto const full = claims_.size() / kTileWidth;
    if (line.index != full || claims_tail_) {
        claims_usable_ = false;
        return;
    }
    bool const is_tail = line.index == signed_size() / kTileWidth;
    if (is_tail) {
        claims_tail_ = line.hash;
    } else {
        claims_.append_subtree(8, line.hash);
    }
    auto const due = is_tail ? signed_size() : (line.index + 1) * kTileWidth;
    if (broken_ || expected_ != due) {
        return;  // nothing to compare with; the claim may still lead to the signed root
    }
    if (line.hash != (is_tail ? leaf_block_.root() : last_block_root_)) {
        first_claim_difference_ = first_claim_difference_.value_or(line.index);
    }
}

std::optional<std::vector<Digest>> AuditVerifier::load_tile(TileId const& id) {
    constexpr std::size_t kHash = 32;
    auto const entries_each = std::uint64_t{1} << (8 * id.level);
    auto const first = id.index * kTileWidth * entries_each;
    auto const bytes = options_.tiles->tile(id);
    if (!bytes) {
        tiles_usable_ = false;
        fault(AuditFaultKind::tile_missing,
              first,
              first + id.width * entries_each - 1,
              false,
              tile_path(id) + " is not there");
        return std::nullopt;
    }
    std::vector<Digest> hashes(std::min<std::size_t>(bytes->size() / kHash, id.width));
    if (!hashes.empty()) {
        std::memcpy(hashes.data(), bytes->data(), hashes.size() * kHash);
    }
    bool const full_instead = bytes->size() == kTileWidth * kHash;
    if (bytes->size() != id.width * kHash && !full_instead) {
        // The first hash that differs from the leaves is named first, if there is one.
        auto const end = first + hashes.size() * entries_each;
        auto const at = hashes.size() < id.width ? end : end - 1;
        fault(
            AuditFaultKind::tile_missing,
            at,
            at + entries_each - 1,
            false,
            fmt::format("{} has {} bytes, not {}", tile_path(id), bytes->size(), id.width * kHash));
        tiles_usable_ = tiles_usable_ && hashes.size() == id.width;
    }
    return hashes;
}

void AuditVerifier::open_block(std::uint64_t block) {
    close_block();
    next_block_ = block + 1;
    block_agrees_ = true;
    auto hashes = load_tile({0, block, tile_width(signed_size(), 0, block)});
    block_open_ = hashes.has_value();
    block_ = hashes ? std::move(*hashes) : std::vector<Digest>{};
}

void AuditVerifier::close_block() {
    if (!block_open_) {
        return;
    }
    block_open_ = false;
    if (!tiles_usable_) {
        return;
    }
    check_roots_of_tiles();
    if (block_.size() == kTileWidth) {
        auto const index = tiles_.size() / kTileWidth;
        // Equal hashes have an equal root, which the leaves gave already.
        bool const known = block_agrees_ && !broken_ && expected_ == (index + 1) * kTileWidth;
        auto const root = known ? last_block_root_ : root_of(block_);
        tiles_.append_subtree(8, root);
        check_parent(1, index, root);
    } else {
        for (auto const& hash : block_) {
            tiles_.append(hash);
        }
    }
}

void AuditVerifier::check_roots_of_tiles() {
    auto const begin = tiles_.size();
    for (auto& checkpoint : checkpoints_) {
        auto const& tree = checkpoint.verified.checkpoint;
        if (tree.size <= begin || tree.size > begin + block_.size()) {
            continue;
        }
        auto const part = root_of(std::span(block_).first(tree.size - begin));
        bool const holds = tree.root == (begin == 0 ? part : tiles_.root_before(part));
        if (!options_.entries_given) {
            checkpoint.proven = holds;
        }
        if (holds) {
            tiles_proven_ = std::max(tiles_proven_, tree.size);
        } else {
            tiles_refuted_ = std::min(tiles_refuted_.value_or(tree.size), tree.size);
        }
    }
}

void AuditVerifier::check_parent(unsigned level, std::uint64_t index, Digest const& computed) {
    auto const offset = static_cast<std::size_t>(index % kTileWidth);
    if (offset == 0) {
        auto const width = tile_width(signed_size(), level, index / kTileWidth);
        auto hashes = width == 0 ? std::nullopt : load_tile({level, index / kTileWidth, width});
        upper_[level] = hashes ? std::move(*hashes) : std::vector<Digest>{};
    }
    auto const& stored = upper_[level];
    if (offset < stored.size() && stored[offset] != computed && !first_conflict_) {
        first_conflict_ = Conflict{level, index};
    }
    if (offset == kTileWidth - 1 && stored.size() == kTileWidth) {
        check_parent(level + 1, index / kTileWidth, root_of(stored));
    }
}

}  // namespace rastro::cases
