#include "certs/signer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "certs/key_files.hpp"
#include "certs/openssl_handles.hpp"
#include "common/fault_point.hpp"
#include "common/text.hpp"

namespace rastro::certs {

namespace {

constexpr std::string_view state_header = "rastro signer state 1";
constexpr std::uint8_t ed25519_note_type = 0x01;  // C2SP signed-note, signature types

class FileSigningKey final : public SigningKey {
 public:
    explicit FileSigningKey(PrivateKey key) : key_(std::move(key)) {
        std::size_t length = public_key_.size();
        require(EVP_PKEY_get_raw_public_key(key_.native(), public_key_.data(), &length) == 1 &&
                    length == public_key_.size(),
                "read Ed25519 public key");
    }

    [[nodiscard]] Outcome<Ed25519Signature> sign(std::span<std::uint8_t const> message) override {
        std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> const context(EVP_MD_CTX_new());
        Ed25519Signature signature{};
        std::size_t length = signature.size();
        require(
            context != nullptr &&
                EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.native()) == 1 &&
                EVP_DigestSign(
                    context.get(), signature.data(), &length, message.data(), message.size()) ==
                    1 &&
                length == signature.size(),
            "sign with Ed25519");
        return signature;
    }

    [[nodiscard]] Ed25519PublicKey public_key() const override { return public_key_; }

 private:
    PrivateKey key_;
    Ed25519PublicKey public_key_{};
};

// Holds the lock of a state file for as long as it lives.
class StateLock {
 public:
    explicit StateLock(std::filesystem::path const& state_file) {
        auto path = state_file;
        path += ".lock";  // its own file, because the state itself is replaced by renaming
        descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor_ < 0) {
            throw std::system_error(errno, std::generic_category(), "open " + path.string());
        }
        while (::flock(descriptor_, LOCK_EX) != 0) {
            if (errno != EINTR) {
                int const reason = errno;
                ::close(descriptor_);
                throw std::system_error(reason, std::generic_category(), "lock " + path.string());
            }
        }
    }
    ~StateLock() { ::close(descriptor_); }
    StateLock(StateLock const&) = delete;
    StateLock& operator=(StateLock const&) = delete;

 private:
    int descriptor_;
};

Problem unusable(std::string detail) {
    return {ProblemCode::audit_unavailable, std::move(detail)};
}

std::string state_text(std::string_view origin, TreeHead const& head) {
    return std::string(state_header) + "\n" + checkpoint_body(origin, head);
}

Outcome<TreeHead> parse_state(std::string_view text, std::string_view origin) {
    auto const lines = split(text, '\n');
    if (lines.size() != 5 || lines[0] != state_header || !lines[4].empty()) {
        return unusable("the signer's state is malformed");
    }
    if (lines[1] != origin) {
        return unusable("the signer's state is of another log");
    }
    TreeHead head;
    auto const* const end = lines[2].data() + lines[2].size();
    auto const [rest, error] = std::from_chars(lines[2].data(), end, head.size);
    auto const root = from_base64(lines[3]);
    if (error != std::errc{} || rest != end || !root || root->size() != head.root.size()) {
        return unusable("the signer's state is malformed");
    }
    std::copy(root->begin(), root->end(), head.root.begin());
    return head;
}

Outcome<TreeHead> read_state(std::filesystem::path const& path, std::string_view origin) {
    auto const text = read_secret_file(path);
    if (!text) {
        return unusable("the signer's state cannot be used: " + text.error().detail());
    }
    return parse_state(*text, origin);
}

TreeHead empty_tree() {
    return {0, sha256(std::string_view())};
}

std::array<std::uint8_t, 4> key_id(std::string_view name, Ed25519PublicKey const& key) {
    Sha256 hash;
    hash.update(as_bytes(name));
    hash.update(std::array<std::uint8_t, 2>{'\n', ed25519_note_type});
    hash.update(key);
    auto const digest = hash.finish();
    return {digest[0], digest[1], digest[2], digest[3]};
}

Outcome<void> check_step(TreeHead const& last,
                         TreeHead const& next,
                         ConsistencyCheck const& consistent) {
    auto const refused = [](std::string detail) {
        return Problem(ProblemCode::conflict, "the signer refuses: " + std::move(detail));
    };
    if (next.size == 0 && next.root != empty_tree().root) {
        return Problem(ProblemCode::validation_failed, "a tree of size 0 has the root of nothing");
    }
    if (next.size < last.size) {
        return refused("a tree of " + std::to_string(next.size) + " entries after one of " +
                       std::to_string(last.size));
    }
    if (next.size == last.size) {
        return next.root == last.root
                   ? Outcome<void>(boost::system::in_place_value)
                   : refused("a second root for " + std::to_string(next.size) + " entries");
    }
    if (last.size > 0 && (!consistent || !consistent(last, next))) {
        return refused("the tree of " + std::to_string(next.size) +
                       " entries is not proven to contain the one of " + std::to_string(last.size));
    }
    return boost::system::in_place_value;
}

}  // namespace

bool is_origin(std::string_view origin) noexcept {
    return !origin.empty() && origin.size() <= 255 &&
           std::all_of(origin.begin(), origin.end(), [](char c) {
               return c > 0x20 && c < 0x7F && c != '+';
           });
}

Outcome<std::unique_ptr<SigningKey>> signing_key_of(PrivateKey key) {
    if (!key.is_ed25519()) {
        return Problem(ProblemCode::validation_failed, "a checkpoint key is an Ed25519 key");
    }
    return std::unique_ptr<SigningKey>(std::make_unique<FileSigningKey>(std::move(key)));
}

Outcome<std::unique_ptr<SigningKey>> read_signing_key(std::filesystem::path const& path) {
    RASTRO_TRY(key, PrivateKey::read(path));
    return signing_key_of(std::move(key));
}

std::string checkpoint_body(std::string_view origin, TreeHead const& head) {
    return std::string(origin) + "\n" + std::to_string(head.size) + "\n" + to_base64(head.root) +
           "\n";
}

std::string verifier_key(std::string_view name, Ed25519PublicKey const& key) {
    Bytes typed{ed25519_note_type};
    typed.insert(typed.end(), key.begin(), key.end());
    return std::string(name) + "+" + to_hex(key_id(name, key)) + "+" + to_base64(typed);
}

CheckpointSigner::CheckpointSigner(std::string origin,
                                   std::unique_ptr<SigningKey> key,
                                   std::filesystem::path state_file)
    : origin_(std::move(origin)), key_(std::move(key)), state_file_(std::move(state_file)) {}

Outcome<void> CheckpointSigner::create_state(std::filesystem::path const& state_file,
                                             std::string_view origin) {
    if (!is_origin(origin)) {
        return Problem(ProblemCode::validation_failed, "not the origin of a log");
    }
    return create_file(state_file, state_text(origin, empty_tree()), FileAccess::owner_only);
}

Outcome<std::string> sign_note(SigningKey& key, std::string_view name, std::string text) {
    RASTRO_TRY(signature, key.sign(as_bytes(text)));
    auto const id = key_id(name, key.public_key());
    Bytes line(id.begin(), id.end());
    line.insert(line.end(), signature.begin(), signature.end());
    return text + "\n\u2014 " + std::string(name) + " " + to_base64(line) + "\n";
}

Outcome<CheckpointSigner> CheckpointSigner::open(std::string origin,
                                                 std::unique_ptr<SigningKey> key,
                                                 std::filesystem::path state_file) {
    if (!is_origin(origin)) {
        return Problem(ProblemCode::validation_failed, "not the origin of a log");
    }
    RASTRO_TRY(last, read_state(state_file, origin));
    static_cast<void>(last);
    return CheckpointSigner(std::move(origin), std::move(key), std::move(state_file));
}

Outcome<TreeHead> CheckpointSigner::last_signed() const {
    return read_state(state_file_, origin_);
}

Outcome<std::string> CheckpointSigner::sign(TreeHead const& head,
                                            ConsistencyCheck const& consistent) {
    StateLock const lock(state_file_);
    RASTRO_TRY(last, read_state(state_file_, origin_));
    RASTRO_CHECK(check_step(last, head, consistent));
    auto note = checkpoint_body(origin_, head);
    RASTRO_TRY(signed_body, sign_note(*key_, origin_, std::move(note)));
    note = std::move(signed_body);
    RASTRO_FAULT_POINT("signer-before-state");
    if (head != last) {
        write_file(state_file_, state_text(origin_, head), FileAccess::owner_only);
    }
    RASTRO_FAULT_POINT("signer-after-state");
    return note;
}

}  // namespace rastro::certs
