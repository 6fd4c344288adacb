// The audit log's own work: integrate leaves, sign and store the checkpoint, watch the delay
// (design/audit-log.md, "Tree").
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "certs/signer.hpp"
#include "common/clock.hpp"
#include "config/settings.hpp"
#include "storage/audit/integrator.hpp"

namespace rastro::server {

class AuditIntegration {
 public:
    // `signer` may be null: leaves are integrated and nothing is signed (a server without the key).
    AuditIntegration(config::AuditSettings const& settings,
                     Clock const& clock,
                     std::unique_ptr<certs::CheckpointSigner> signer);

    // One round; true if there is more at once. Throws StorageError.
    [[nodiscard]] bool step(storage::Connection& connection);

    // False when the oldest record not in a signed checkpoint is older than the longest merge delay
    // (60 s), or the signer refuses, or no step has come to its end for as long: then the server is
    // not ready.
    [[nodiscard]] bool healthy() const;
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::int64_t last_delay_ms() const noexcept { return last_delay_ms_; }

 private:
    void sign(storage::Connection& connection, storage::TreeState const& tree);

    config::AuditSettings settings_;
    Clock const& clock_;
    std::unique_ptr<certs::CheckpointSigner> signer_;
    std::optional<std::uint64_t> signed_size_;
    std::atomic<bool> healthy_{true};
    std::atomic<std::uint64_t> size_{0};
    std::atomic<std::int64_t> last_delay_ms_{0};
    std::atomic<std::int64_t> stepped_us_;  // when the last step ended well
};

}  // namespace rastro::server
