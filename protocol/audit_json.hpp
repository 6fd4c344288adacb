// Replies of the audit log that are JSON; checkpoints, proofs, tiles and the export are files of
// their own formats.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/read_anomaly.hpp"
#include "common/clock.hpp"
#include "common/digest.hpp"

namespace rastro::protocol {

struct AuditEntryMessage {
    std::optional<std::uint64_t> index;  // in the tree; absent until integrated
    std::string leaf;                    // exact bytes: canonical JSON (cases/audit_record)
};
// "leaf" is the record as an object; "leaf_base64" holds the exact bytes for whoever checks a hash.
[[nodiscard]] std::string write_audit_entries(std::vector<AuditEntryMessage> const& entries,
                                              std::string_view next);

// Who read unusually much on a day, or at night.
[[nodiscard]] std::string write_read_anomalies(Date day,
                                               std::vector<cases::ReadAnomaly> const& anomalies);

// RFC 6962 section 2.1.2, hashes in base64.
struct ConsistencyProofMessage {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::vector<Digest> hashes;
};
[[nodiscard]] std::string write_consistency_proof(ConsistencyProofMessage const& proof);

}  // namespace rastro::protocol
