// Checkpoints: the signed statement of a log's size and root hash (C2SP tlog-checkpoint), and the
// proof file that makes one entry a self-contained exhibit (C2SP tlog-proof,
// `c2sp.org/tlog-proof@v1`).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/merkle.hpp"
#include "cases/signed_note.hpp"
#include "common/digest.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

struct Checkpoint {
    std::string origin;  // unique name of the log, e.g. "trace.example/audit"
    std::uint64_t size = 0;
    Digest root{};
    std::vector<std::string> extensions;  // opaque lines; none are written by this system

    friend bool operator==(Checkpoint const&, Checkpoint const&) = default;
};

// The text that is signed: origin, size, root in base64, extensions, a line each.
// Throws std::logic_error if the origin or an extension is empty or holds a control character.
[[nodiscard]] std::string checkpoint_text(Checkpoint const& checkpoint);
[[nodiscard]] Outcome<Checkpoint> parse_checkpoint_text(std::string_view text);

// Holds a private key, or knows who does. The one place where a checkpoint becomes binding: whoever
// implements it must refuse a tree that is smaller than, or conflicts with, the last one signed
// (anchors/security.md 2.5).
class CheckpointSigner {
 public:
    virtual ~CheckpointSigner() = default;
    [[nodiscard]] virtual VerifierKey verifier_key() const = 0;
    [[nodiscard]] virtual Outcome<Ed25519Signature> sign(std::span<std::uint8_t const> message) = 0;
};

// The whole note with the signer's one signature.
[[nodiscard]] Outcome<std::string> sign_checkpoint(Checkpoint const& checkpoint,
                                                   CheckpointSigner& signer);
// The note with one more signature line; Problem validation_failed if `note` is no note.
[[nodiscard]] Outcome<std::string> add_note_signature(std::string_view note,
                                                      NoteSignature signature);

struct VerifiedCheckpoint {
    Checkpoint checkpoint;
    std::vector<std::string> signed_by;     // names of the log keys (type 0x01) that signed
    std::vector<std::string> witnessed_by;  // names of the witness keys (type 0x04) that cosigned
};

// Accepts a note that a known log key has signed and on which no known key's signature is wrong.
// Problem validation_failed otherwise; a note with witnesses' cosignatures alone is refused.
[[nodiscard]] Outcome<VerifiedCheckpoint> verify_checkpoint(std::string_view note,
                                                            std::span<VerifierKey const> known);

struct TlogProof {
    std::optional<Bytes> extra;  // not authenticated
    std::uint64_t index = 0;
    Proof inclusion;
    std::string checkpoint;  // the note, verbatim
};

[[nodiscard]] std::string format_tlog_proof(TlogProof const& proof);
[[nodiscard]] Outcome<TlogProof> parse_tlog_proof(std::string_view text);
// Verifies checkpoint and inclusion of these exact leaf bytes.
[[nodiscard]] Outcome<VerifiedCheckpoint> verify_tlog_proof(TlogProof const& proof,
                                                            std::span<std::uint8_t const> leaf,
                                                            std::span<VerifierKey const> known);

}  // namespace rastro::cases
