// What the verifier concludes once everything is read: which of entries, tiles and checkpoints is
// wrong, and where.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "cases/audit_verifier.hpp"

namespace rastro::cases {

std::string_view to_text(AuditFaultKind kind) noexcept {
    switch (kind) {
        case AuditFaultKind::line_malformed:
            return "line_malformed";
        case AuditFaultKind::entry_missing:
            return "entry_missing";
        case AuditFaultKind::entry_repeated:
            return "entry_repeated";
        case AuditFaultKind::entries_missing:
            return "entries_missing";
        case AuditFaultKind::entry_unproven:
            return "entry_unproven";
        case AuditFaultKind::entry_changed:
            return "entry_changed";
        case AuditFaultKind::entry_or_tile_changed:
            return "entry_or_tile_changed";
        case AuditFaultKind::history_changed:
            return "history_changed";
        case AuditFaultKind::not_a_record:
            return "not_a_record";
        case AuditFaultKind::time_implausible:
            return "time_implausible";
        case AuditFaultKind::tile_missing:
            return "tile_missing";
        case AuditFaultKind::tile_changed:
            return "tile_changed";
        case AuditFaultKind::checkpoint_refused:
            return "checkpoint_refused";
        case AuditFaultKind::history_forked:
            return "history_forked";
        case AuditFaultKind::no_checkpoint:
            return "no_checkpoint";
    }
    return "unknown";
}

bool AuditVerifier::explained(std::uint64_t first, std::uint64_t last) const {
    return std::ranges::any_of(faults_, [&](AuditFault const& f) {
        return f.exact && f.kind != AuditFaultKind::not_a_record &&
               f.kind != AuditFaultKind::time_implausible &&
               f.kind != AuditFaultKind::tile_changed && f.first >= first && f.first <= last;
    });
}

void AuditVerifier::judge_end() {
    auto const size = signed_size();
    if (checkpoints_.empty()) {
        fault(AuditFaultKind::no_checkpoint, 0, 0, false, "no checkpoint is signed by a given key");
    } else if (!options_.entries_given || broken_) {
        return;
    } else if (expected_ > size) {
        fault(AuditFaultKind::entry_unproven,
              size,
              expected_ - 1,
              true,
              fmt::format("only {} entries are signed, {} are here", size, expected_));
    } else if (expected_ < size) {
        // Too few rows: the end is missing if all before it is proven; else any row since the last
        // proof may be.
        bool const compared = leaves_proven_ == expected_ || tiles_proven_ == size;
        auto const claimed = proven_claim_difference().value_or(0) * kTileWidth;
        fault(AuditFaultKind::entries_missing,
              compared ? expected_ : std::max(leaves_proven_, claimed),
              size - 1,
              compared,
              fmt::format("{} entries are signed, {} are here", size, expected_));
    }
}

void AuditVerifier::judge_difference() {
    if (!first_difference_) {
        return;
    }
    auto const at = *first_difference_;
    if (at < leaves_proven_) {
        fault(AuditFaultKind::tile_changed,
              at,
              at,
              true,
              fmt::format(
                  "{} does not hold the hash of this entry, and the entry is proven",
                  tile_path({0, at / kTileWidth, tile_width(signed_size(), 0, at / kTileWidth)})));
    } else if (at < tiles_proven_) {
        fault(
            AuditFaultKind::entry_changed, at, at, true, "the leaf is not the one that was signed");
    } else {
        fault(AuditFaultKind::entry_or_tile_changed,
              at,
              at,
              true,
              "leaf and tile differ, and neither leads to the signed root");
    }
}

std::optional<std::uint64_t> AuditVerifier::proven_claim_difference() const {
    auto const size = signed_size();
    bool const whole = claims_.size() == size - size % kTileWidth &&
                       claims_tail_.has_value() == (size % kTileWidth != 0);
    if (!claims_usable_ || !whole || !first_claim_difference_ || size == 0) {
        return std::nullopt;
    }
    auto const root = !claims_tail_         ? claims_.root()
                      : claims_.size() == 0 ? *claims_tail_
                                            : claims_.root_before(*claims_tail_);
    return root == checkpoints_.back().verified.checkpoint.root ? first_claim_difference_
                                                                : std::nullopt;
}

void AuditVerifier::judge_roots() {
    auto const proven = options_.entries_given ? leaves_proven_ : tiles_proven_;
    for (auto const& checkpoint : checkpoints_) {
        auto const size = checkpoint.verified.checkpoint.size;
        if (!checkpoint.proven && size != 0 && size <= proven) {
            fault(
                AuditFaultKind::history_forked,
                0,
                size - 1,
                false,
                fmt::format("the checkpoint of size {} is of another history than that of size {}",
                            size,
                            proven));
        }
    }
    auto const refuted = options_.entries_given ? leaves_refuted_ : tiles_refuted_;
    if (!refuted || *refuted <= proven || explained(proven, *refuted - 1)) {
        return;
    }
    auto first = proven;
    auto last = *refuted - 1;
    if (auto const tile = proven_claim_difference()) {
        first = std::max(first, *tile * kTileWidth);
        last = std::min(last, *tile * kTileWidth + kTileWidth - 1);
    } else if (first_conflict_) {
        auto const each = std::uint64_t{1} << (8 * first_conflict_->level);
        first = std::max(first, first_conflict_->index * each);
        last = std::min(last, first_conflict_->index * each + each - 1);
    }
    fault(AuditFaultKind::history_changed,
          first,
          last,
          first == last,
          fmt::format("the root computed at size {} is not the signed one", *refuted));
}

void AuditVerifier::judge_conflict() {
    if (!first_conflict_) {
        return;
    }
    auto const [level, index] = *first_conflict_;
    auto const each = std::uint64_t{1} << (8 * level);
    auto const size = signed_size();
    if (std::max(leaves_proven_, tiles_proven_) < std::min((index + 1) * each, size)) {
        return;  // a changed child explains it; judged with the roots
    }
    bool const child_changed = first_difference_ && *first_difference_ / each == index;
    if (!child_changed || level > 1 || tiles_proven_ == size) {
        fault(AuditFaultKind::tile_changed,
              index * each,
              (index + 1) * each - 1,
              false,
              fmt::format(
                  "hash {} of {} is not that of the tile below it",
                  index % kTileWidth,
                  tile_path(
                      {level, index / kTileWidth, tile_width(size, level, index / kTileWidth)})));
    }
}

AuditReport AuditVerifier::finish() {
    auto const size = signed_size();
    if (options_.tiles != nullptr) {
        for (auto block = next_block_; block * kTileWidth < size; ++block) {
            open_block(block);
        }
        close_block();
    }
    judge_end();
    judge_difference();
    judge_roots();
    judge_conflict();

    // At one place, what breaks the history comes before what is merely odd in it.
    auto const rank = [](AuditFault const& f) {
        bool const of_whole =
            f.kind == AuditFaultKind::checkpoint_refused || f.kind == AuditFaultKind::no_checkpoint;
        bool const of_content =
            f.kind == AuditFaultKind::not_a_record || f.kind == AuditFaultKind::time_implausible;
        return std::tuple(of_whole, f.first, !f.exact, of_content, f.last);
    };
    std::ranges::stable_sort(faults_, {}, rank);
    AuditReport report;
    report.good = faults_.empty();
    report.faults = std::move(faults_);
    report.entries = entries_;
    report.size = size;
    report.root = options_.entries_given ? leaves_root() : tiles_.root();
    report.tiles_compared = options_.tiles != nullptr;
    report.checkpoints = std::move(checkpoints_);
    return report;
}

}  // namespace rastro::cases
