// Strict reading of a JSON text (RFC 8259) that came from outside. On top of the grammar it refuses
// what Boost.JSON lets through and a legal record must not hold: repeated member names in any
// spelling, NUL and other control characters in names and strings (tab and line feed are allowed),
// integers that do not fit 64 bits and numbers that are not finite. Total on any input; the time is
// linear in the length of the text, save for the sorting of the names of one object.
#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/outcome.hpp"
#include "protocol/violations.hpp"

namespace rastro::protocol {

inline constexpr std::size_t kMaxJsonDepth = 32;  // anchors/security.md 4.2 rule 5

// A parsed text and what is wrong with it. The tree lives in memory of this object: it ends with
// it.
class JsonBody {
 public:
    explicit JsonBody(std::string_view text);
    JsonBody(JsonBody const&) = delete;
    JsonBody& operator=(JsonBody const&) = delete;

    // Set when the text is not JSON at all, too deep or empty: malformed_json with the place as
    // line and column (from 1, in bytes) and the JSON Pointer of the member being read. Then root()
    // is null.
    [[nodiscard]] std::optional<Problem> const& fault() const noexcept { return fault_; }
    [[nodiscard]] boost::json::value const& root() const noexcept;
    // Starts with the faults that the strict reading found; typed reading adds its own.
    [[nodiscard]] Violations& violations() noexcept { return violations_; }

 private:
    alignas(std::max_align_t) std::array<unsigned char, 12 * 1024> first_block_;
    boost::json::monotonic_resource memory_;
    std::optional<Problem> fault_;
    Violations violations_;
    std::optional<boost::json::value> root_;
};

// The tree in its own memory; malformed_json or validation_failed with all faults otherwise.
[[nodiscard]] Outcome<boost::json::value> parse_json(std::string_view text);

}  // namespace rastro::protocol
