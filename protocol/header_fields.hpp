// Header fields with a grammar of their own. Values come trimmed, without the field's name. All
// functions are total.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/outcome.hpp"

namespace rastro::protocol {

// Strong entity tag of a row version (RFC 9110 section 8.8.3): "7" with the quotes.
[[nodiscard]] std::string format_etag(int version);

// Exactly one strong tag as format_etag writes it. Empty: precondition_required. A list, "*" or a
// weak tag: validation_failed at header:/if-match, because a change must say which version it was
// made for.
[[nodiscard]] Outcome<int> parse_if_match(std::string_view value);

// RFC 8941 section 3.3.3 string, or the same characters bare; 1 to 255 of visible ASCII and blanks,
// no leading or trailing blank. Empty: idempotency_key_required. Gives the text without quotes and
// escapes.
[[nodiscard]] Outcome<std::string> parse_idempotency_key(std::string_view value);

// RFC 7240. What is not known is ignored, as section 2 says; of repeated preferences the first
// counts.
struct Preferences {
    bool respond_async = false;
    bool count_estimated = false;
    std::optional<unsigned> wait_s;
};
[[nodiscard]] Preferences parse_prefer(std::string_view value);

// Media type of a content-type field, lower case, without parameters: "application/json". A charset
// other than utf-8 gives "".
[[nodiscard]] std::string media_type(std::string_view content_type);

}  // namespace rastro::protocol
