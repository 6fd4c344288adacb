// Matching without reading: a keyed digest of a normalised name, number, phone or plate. Equal
// tokens say "the same", and nothing about what; without the key nothing can be guessed by trying.
// The key belongs to the instance and is never stored beside the tokens. Source:
// domain/linked-cases.md 9 and 12 item 8; HMAC: RFC 2104 with SHA-256.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/text.hpp"

namespace rastro::cases {

// What a value of that index ("blind_name", "blind_phone", "blind_plate", "blind_code") is compared
// by: sound of the name, last eight digits of the phone, letters and digits of the rest. Empty: too
// little to compare (fewer than four signs).
[[nodiscard]] std::string blind_form(std::string_view index, std::string_view value);

// 64 hex digits; nothing if there is too little to compare. The kind of index is part of what is
// digested: a phone never equals a plate.
[[nodiscard]] std::optional<std::string> blind_token(Bytes const& key,
                                                     std::string_view index,
                                                     std::string_view value);

}  // namespace rastro::cases
