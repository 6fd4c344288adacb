// The key of the blind index (cases/linked/blind_index): 32 random bytes as hexadecimal digits in a
// file that only its owner may read. Whoever holds it and a copy of the tokens can try names one
// after the other, so it is never kept in the database or in its backup.
#pragma once

#include <filesystem>
#include <string>

#include "common/outcome.hpp"
#include "common/text.hpp"

namespace rastro::certs {

// Of a new key, with a newline at the end.
[[nodiscard]] std::string new_blind_key_text();

// not_found, forbidden unless its mode is 0600 or 0400, validation_failed for another form.
[[nodiscard]] Outcome<Bytes> read_blind_key(std::filesystem::path const& path);

}  // namespace rastro::certs
