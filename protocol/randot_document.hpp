// A kept RANDOT report as a document in one of the four languages, each figure with what it means
// (domain/linked-cases.md 6.2). Made from the bytes that were kept and hashed, so that paper and
// record agree; the same report gives the same document.
#pragma once

#include <string>

#include "protocol/document.hpp"
#include "protocol/randot_snapshot_json.hpp"

namespace rastro::protocol {

enum class Audience : std::uint8_t { internal, published };

// `report`: the kept bytes for that audience, as write_randot() wrote them. Throws
// std::invalid_argument if it is none.
[[nodiscard]] Document randot_document(SnapshotMessage const& snapshot,
                                       std::string_view report,
                                       Audience audience,
                                       Language language);

}  // namespace rastro::protocol
