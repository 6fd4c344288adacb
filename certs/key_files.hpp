// Files of certs/: whole-file reads with a bound, and writes that are either complete and on disk
// or absent.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/outcome.hpp"

namespace rastro::certs {

enum class FileAccess : unsigned {
    owner_only = 0600,    // keys and the signer's state
    all_may_read = 0644,  // certificates and revocation lists
};

// not_found if there is no such file, validation_failed if it is longer than `limit` bytes or no
// regular file; throws std::system_error if it exists and cannot be read.
[[nodiscard]] Outcome<std::string> read_file(std::filesystem::path const& path,
                                             std::size_t limit = 16U << 20);

// As read_file, and forbidden unless nobody but the owner may read or write the file.
[[nodiscard]] Outcome<std::string> read_secret_file(std::filesystem::path const& path);

// Writes a new file beside `path`, syncs it, renames it over `path` and syncs the directory. On
// return the text survives a power cut; a reader sees the old text or the new one. Throws
// std::system_error.
void write_file(std::filesystem::path const& path, std::string_view text, FileAccess access);

// As write_file, but conflict if `path` exists already; a key or a state is never overwritten by
// making one.
[[nodiscard]] Outcome<void> create_file(std::filesystem::path const& path,
                                        std::string_view text,
                                        FileAccess access);

}  // namespace rastro::certs
