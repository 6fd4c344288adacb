#include "server/jobs/integration.hpp"

#include "cases/merkle.hpp"
#include "cases/tiles.hpp"
#include "common/log.hpp"
#include "common/time_text.hpp"

namespace rastro::server {

namespace {

constexpr std::uint64_t kLeavesARound = 5'000;
constexpr std::chrono::seconds kLongestMergeDelay{60};

}  // namespace

AuditIntegration::AuditIntegration(config::AuditSettings const& settings,
                                   Clock const& clock,
                                   std::unique_ptr<certs::CheckpointSigner> signer)
    : settings_(settings),
      clock_(clock),
      signer_(std::move(signer)),
      stepped_us_(to_unix_us(clock.now())) {}

bool AuditIntegration::healthy() const {
    // A step that fails each time never gets to say so.
    auto const since = clock_.now() - from_unix_us(stepped_us_);
    return healthy_ && since < kLongestMergeDelay;
}

bool AuditIntegration::step(storage::Connection& connection) {
    auto const round = storage::integrate_leaves(connection, clock_, kLeavesARound);
    if (!round) {
        stepped_us_ = to_unix_us(clock_.now());
        return false;  // another server integrates; its health is its own to tell
    }
    size_ = round->tree.size;
    if (round->oldest) {
        auto const delay =
            std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - *round->oldest);
        last_delay_ms_ = delay.count();
        if (delay > settings_.merge_delay) {
            log::warning("audit_merge_delay", {{"ms", delay.count()}, {"leaves", round->added}});
        }
    }
    if (signer_ && round->tree.size > 0 && signed_size_ != round->tree.size) {
        sign(connection, round->tree);
    }
    auto const waiting = storage::oldest_unintegrated(connection);
    bool const late = waiting && clock_.now() - *waiting > kLongestMergeDelay;
    if (late) {
        log::error("audit_integration_stalled");
    }
    stepped_us_ = to_unix_us(clock_.now());
    healthy_ = !late && (!signer_ || round->tree.size == 0 || signed_size_ == round->tree.size);
    return round->added == kLeavesARound;
}

void AuditIntegration::sign(storage::Connection& connection, storage::TreeState const& tree) {
    auto const contains = [&](certs::TreeHead const& older, certs::TreeHead const& newer) {
        storage::StoredTiles tiles(connection);
        cases::TiledHashes hashes(tiles, newer.size);
        auto const proof = cases::make_consistency_proof(hashes, older.size, newer.size);
        return proof && cases::verify_consistency(
                            older.size, older.root, newer.size, newer.root, proof.value());
    };
    auto const note = signer_->sign({tree.size, tree.root}, contains);
    if (!note) {
        log::error("checkpoint_refused", {{"size", tree.size}, {"reason", note.error().detail()}});
        healthy_ = false;
        return;
    }
    storage::store_checkpoint(connection, tree, note.value());
    signed_size_ = tree.size;
}

}  // namespace rastro::server
