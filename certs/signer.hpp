// Signs checkpoints of the audit log, and is the one place that cannot be talked into signing two
// histories (anchors/security.md 2.2, 2.5): it keeps the last tree it signed in a file of its own,
// apart from the database, and refuses a smaller tree, another root for the same size, and a larger
// tree that does not contain the last one. The state file is never restored from a backup: an older
// one would allow what this prevents.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "certs/keys.hpp"
#include "common/digest.hpp"
#include "common/outcome.hpp"

namespace rastro::certs {

// Where the Ed25519 key lives: a file, or a token that never gives it away. Thread-safe.
class SigningKey {
 public:
    virtual ~SigningKey() = default;
    // RFC 8032 pure Ed25519. audit_unavailable if the key cannot be used now.
    [[nodiscard]] virtual Outcome<Ed25519Signature> sign(std::span<std::uint8_t const> message) = 0;
    [[nodiscard]] virtual Ed25519PublicKey public_key() const = 0;
};

// validation_failed unless the key is Ed25519; from a file also not_found, and forbidden unless its
// mode is 0600.
[[nodiscard]] Outcome<std::unique_ptr<SigningKey>> signing_key_of(PrivateKey key);
[[nodiscard]] Outcome<std::unique_ptr<SigningKey>> read_signing_key(
    std::filesystem::path const& path);

// A tree: RFC 6962 section 2.1. The root of size 0 is the SHA-256 of nothing.
struct TreeHead {
    std::uint64_t size = 0;
    Digest root{};
    friend bool operator==(TreeHead const&, TreeHead const&) = default;
};

// True if the newer tree contains the older one, proven, not believed. Called with older.size > 0
// only.
using ConsistencyCheck = std::function<bool(TreeHead const& older, TreeHead const& newer)>;

// "<origin>\n<size>\n<root base64>\n", the text that is signed (C2SP tlog-checkpoint).
[[nodiscard]] std::string checkpoint_body(std::string_view origin, TreeHead const& head);
// Name, '+', 8 hex digits of the key id, '+', base64 of 0x01 and the key (C2SP signed-note,
// verifier key).
[[nodiscard]] std::string verifier_key(std::string_view name, Ed25519PublicKey const& key);
// True if the origin can be a checkpoint's: 1 to 255 printable ASCII characters without space and
// '+'.
[[nodiscard]] bool is_origin(std::string_view origin) noexcept;

// The text (which ends in a line feed), an empty line and one signature line of the key under that
// name: C2SP signed-note. audit_unavailable if the key cannot be used now.
[[nodiscard]] Outcome<std::string> sign_note(SigningKey& key,
                                             std::string_view name,
                                             std::string text);

// Signs notes that are no checkpoints, under the name of the log. Thread-safe.
class NoteSigner {
 public:
    NoteSigner(std::string name, std::unique_ptr<SigningKey> key)
        : name_(std::move(name)), key_(std::move(key)) {}
    [[nodiscard]] Outcome<std::string> sign(std::string text) {
        return sign_note(*key_, name_, std::move(text));
    }

 private:
    std::string name_;
    std::unique_ptr<SigningKey> key_;
};

// Thread-safe, and safe beside other processes with the same state file: each signing holds a file
// lock.
class CheckpointSigner {
 public:
    // Makes the state of a log that has signed nothing yet. conflict if there is a state already:
    // starting anew with the same key and origin would be a second history.
    [[nodiscard]] static Outcome<void> create_state(std::filesystem::path const& state_file,
                                                    std::string_view origin);

    // audit_unavailable if the state is missing, malformed or of another origin.
    [[nodiscard]] static Outcome<CheckpointSigner> open(std::string origin,
                                                        std::unique_ptr<SigningKey> key,
                                                        std::filesystem::path state_file);

    // The signed note: body, empty line, one signature line. The state is on disk before the note
    // is returned; signing the last tree again gives the same note. conflict for a smaller tree,
    // another root or a tree that `consistent` denies; validation_failed for size 0 with another
    // root than that of nothing.
    [[nodiscard]] Outcome<std::string> sign(TreeHead const& head,
                                            ConsistencyCheck const& consistent);

    [[nodiscard]] Outcome<TreeHead> last_signed() const;
    [[nodiscard]] std::string vkey() const { return verifier_key(origin_, key_->public_key()); }
    [[nodiscard]] std::string const& origin() const noexcept { return origin_; }

 private:
    CheckpointSigner(std::string origin,
                     std::unique_ptr<SigningKey> key,
                     std::filesystem::path state_file);

    std::string origin_;
    std::unique_ptr<SigningKey> key_;
    std::filesystem::path state_file_;
};

}  // namespace rastro::certs
