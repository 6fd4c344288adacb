// Class A: verifying an audit log offline against hashing it, and integrating new leaves.
#pragma once

#include <cstddef>
#include <filesystem>

#include "tests/support/test_database.hpp"

namespace rastro::bench {

struct VerifySpeed {
    std::size_t leaves = 0;
    std::size_t leaf_bytes = 0;
    double hash_s = 0;           // leaves and tree with OpenSSL, in memory
    double verify_export_s = 0;  // the auditor's program on the export
    double verify_tiles_s = 0;   // the same on tiles with entry bundles
};
// Writes the log into `folder` first. Throws std::runtime_error if it does not verify.
[[nodiscard]] VerifySpeed measure_verify(std::filesystem::path const& folder, std::size_t leaves);

struct IntegrationSpeed {
    std::size_t leaves = 0;
    double seconds = 0;
};
[[nodiscard]] IntegrationSpeed measure_integration(test_support::TestDatabase const& database,
                                                   std::size_t leaves);

}  // namespace rastro::bench
