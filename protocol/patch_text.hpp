// Text members of a merge patch (RFC 7396) that a record may be without.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/object_reader.hpp"

namespace rastro::protocol {

// nullopt: absent, stays as it is. Empty text: null, to be removed. Otherwise the new text, checked
// as `rule` says.
[[nodiscard]] std::optional<std::string> read_patch_text(ObjectReader& reader,
                                                         std::string_view name,
                                                         TextRule rule);

}  // namespace rastro::protocol
