#include "cases/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace rastro::cases {

namespace {

constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kMaxProofHashes = 63;

Problem bad_checkpoint(std::string_view why) {
    return {ProblemCode::validation_failed, fmt::format("checkpoint: {}", why)};
}
Problem bad_proof(std::string_view why) {
    return {ProblemCode::validation_failed, fmt::format("proof file: {}", why)};
}

// Takes a line off `rest`; nullopt where no line feed follows.
std::optional<std::string_view> take_line(std::string_view& rest) noexcept {
    auto const end = rest.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    auto const line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> read_decimal(std::string_view text) noexcept {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() ||
        (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    return value;
}

std::optional<Digest> read_digest(std::string_view base64) {
    auto const bytes = from_base64(base64);
    if (!bytes || bytes->size() != 32) {
        return std::nullopt;
    }
    Digest digest{};
    std::ranges::copy(*bytes, digest.begin());
    return digest;
}

bool is_text_line(std::string_view line) noexcept {
    return !line.empty() && is_valid_utf8(line) &&
           std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

std::string checkpoint_text(Checkpoint const& checkpoint) {
    auto text =
        fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, to_base64(checkpoint.root));
    bool good = is_text_line(checkpoint.origin);
    for (auto const& line : checkpoint.extensions) {
        good = good && is_text_line(line);
        text.append(line).push_back('\n');
    }
    if (!good) {
        throw std::logic_error("checkpoint line is empty or holds a control character");
    }
    return text;
}

Outcome<Checkpoint> parse_checkpoint_text(std::string_view text) {
    auto const origin = take_line(text);
    auto const size_line = take_line(text);
    auto const root_line = take_line(text);
    if (!origin || !size_line || !root_line) {
        return bad_checkpoint("has fewer than three lines");
    }
    auto const size = read_decimal(*size_line);
    auto const root = read_digest(*root_line);
    if (!is_text_line(*origin)) {
        return bad_checkpoint("the origin is not a line of text");
    }
    if (!size) {
        return bad_checkpoint("the tree size is not a decimal number");
    }
    if (!root) {
        return bad_checkpoint("the root is not base64 of 32 bytes");
    }
    Checkpoint parsed{std::string(*origin), *size, *root, {}};
    while (!text.empty()) {
        auto const line = take_line(text);
        if (!line || !is_text_line(*line)) {
            return bad_checkpoint("an extension is not a line of text");
        }
        parsed.extensions.emplace_back(*line);
    }
    return parsed;
}

Outcome<std::string> sign_checkpoint(Checkpoint const& checkpoint, CheckpointSigner& signer) {
    SignedNote note{checkpoint_text(checkpoint), {}};
    auto const key = signer.verifier_key();
    RASTRO_TRY(signature, signer.sign(as_bytes(note.text)));
    note.signatures.push_back({key.name, key.id, Bytes(signature.begin(), signature.end())});
    return format_note(note);
}

Outcome<std::string> add_note_signature(std::string_view note, NoteSignature signature) {
    RASTRO_TRY(parsed, parse_note(note));
    parsed.signatures.push_back(std::move(signature));
    return format_note(parsed);
}

Outcome<VerifiedCheckpoint> verify_checkpoint(std::string_view note,
                                              std::span<VerifierKey const> known) {
    RASTRO_TRY(parsed, parse_note(note));
    RASTRO_TRY(checkpoint, parse_checkpoint_text(parsed.text));
    RASTRO_TRY(signers, verify_note(parsed, known));
    VerifiedCheckpoint verified{std::move(checkpoint), {}, {}};
    for (auto& signer : signers) {
        auto& names =
            signer.type == SignatureType::ed25519 ? verified.signed_by : verified.witnessed_by;
        names.push_back(std::move(signer.name));
    }
    if (verified.signed_by.empty()) {
        return bad_checkpoint("not signed by a known key of the log");
    }
    return verified;
}

std::string format_tlog_proof(TlogProof const& proof) {
    auto text = fmt::format("{}\n", kProofHeader);
    if (proof.extra) {
        text += fmt::format("extra {}\n", to_base64(*proof.extra));
    }
    text += fmt::format("index {}\n", proof.index);
    for (auto const& hash : proof.inclusion) {
        text += fmt::format("{}\n", to_base64(hash));
    }
    text += '\n';
    text += proof.checkpoint;
    return text;
}

Outcome<TlogProof> parse_tlog_proof(std::string_view text) {
    if (take_line(text) != kProofHeader) {
        return bad_proof("does not start with the format's name");
    }
    TlogProof proof;
    auto line = take_line(text);
    if (line && line->starts_with("extra ")) {
        proof.extra = from_base64(line->substr(6));
        if (!proof.extra) {
            return bad_proof("the extra data is not base64");
        }
        line = take_line(text);
    }
    auto const index =
        line && line->starts_with("index ") ? read_decimal(line->substr(6)) : std::nullopt;
    if (!index) {
        return bad_proof("has no index");
    }
    proof.index = *index;
    for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
        auto const hash = read_digest(*line);
        if (!hash) {
            return bad_proof("a hash is not base64 of 32 bytes");
        }
        if (proof.inclusion.size() == kMaxProofHashes) {
            return bad_proof("has too many hashes");
        }
        proof.inclusion.push_back(*hash);
    }
    if (!line) {
        return bad_proof("has no checkpoint");
    }
    if (text.size() > kMaxNoteBytes) {
        return bad_proof("the checkpoint is too long");
    }
    proof.checkpoint = text;
    return proof;
}

Outcome<VerifiedCheckpoint> verify_tlog_proof(TlogProof const& proof,
                                              std::span<std::uint8_t const> leaf,
                                              std::span<VerifierKey const> known) {
    RASTRO_TRY(verified, verify_checkpoint(proof.checkpoint, known));
    auto const& tree = verified.checkpoint;
    if (!verify_inclusion(leaf_hash(leaf), proof.index, tree.size, proof.inclusion, tree.root)) {
        return bad_proof("the entry is not at this index of the signed tree");
    }
    return verified;
}

}  // namespace rastro::cases
