#include "certs/blind_key.hpp"

#include "certs/key_files.hpp"
#include "common/digest.hpp"

namespace rastro::certs {

namespace {

constexpr std::size_t kBytes = 32;

}  // namespace

std::string new_blind_key_text() {
    return to_hex(random_bytes(kBytes)) + "\n";
}

Outcome<Bytes> read_blind_key(std::filesystem::path const& path) {
    RASTRO_TRY(text, read_secret_file(path));
    auto key = from_hex(trim(text));
    if (!key || key->size() != kBytes) {
        return Problem(ProblemCode::validation_failed,
                       "no key of 64 hexadecimal digits: " + path.string());
    }
    return std::move(*key);
}

}  // namespace rastro::certs
