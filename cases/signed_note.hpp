// Signed notes and verifier keys: C2SP signed-note v1. A note is text ending in a line feed, an
// empty line, and signature lines "— NAME BASE64(4-byte key id || signature)". The text means
// nothing until a signature of a key that the reader's operator trusts has been verified.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/digest.hpp"
#include "common/outcome.hpp"
#include "common/text.hpp"

namespace rastro::cases {

// Refused above these; C2SP asks for at least 16 signatures.
inline constexpr std::size_t kMaxNoteBytes = 256 * 1024;
inline constexpr std::size_t kMaxNoteSignatures = 64;

enum class SignatureType : std::uint8_t {
    ed25519 = 0x01,  // over the note text
    ed25519_cosignature =
        0x04,  // C2SP tlog-cosignature: 8-byte time || Ed25519 over a prefix and the text
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    Bytes signature;  // without the key id
};

struct SignedNote {
    std::string text;  // ends in a line feed; what is signed
    std::vector<NoteSignature> signatures;
};

// A public key by which a note is judged.
struct VerifierKey {
    std::string name;
    std::uint32_t id = 0;
    SignatureType type = SignatureType::ed25519;
    Ed25519PublicKey key{};
};

// First 4 bytes, big-endian, of SHA-256(name || 0x0A || type || key).
[[nodiscard]] std::uint32_t note_key_id(std::string_view name,
                                        SignatureType type,
                                        Ed25519PublicKey const& key);
// Non-empty valid UTF-8 without spaces, controls and '+'.
[[nodiscard]] bool is_key_name(std::string_view name) noexcept;
// Throws std::logic_error if `name` is no key name.
[[nodiscard]] VerifierKey make_verifier_key(std::string name,
                                            SignatureType type,
                                            Ed25519PublicKey const& key);

// "NAME+HHHHHHHH+BASE64(type || key)"; the id must be the one that name, type and key give.
[[nodiscard]] std::string format_vkey(VerifierKey const& key);
[[nodiscard]] Outcome<VerifierKey> parse_vkey(std::string_view text);

[[nodiscard]] std::string format_note(SignedNote const& note);
[[nodiscard]] Outcome<SignedNote> parse_note(std::string_view note);

// The bytes that a witness signs: "cosignature/v1\ntime T\n" and the text; T in seconds since 1970.
[[nodiscard]] std::string cosigned_text(std::uint64_t time, std::string_view note_text);

// The keys of `known` by which the note is signed, each once. Signatures of other keys are ignored.
// Problem validation_failed if a known key's signature is wrong or no known key has signed.
[[nodiscard]] Outcome<std::vector<VerifierKey>> verify_note(SignedNote const& note,
                                                            std::span<VerifierKey const> known);

}  // namespace rastro::cases
