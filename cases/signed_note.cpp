#include "cases/signed_note.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace rastro::cases {

namespace {

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t kEd25519Bytes = 64;
constexpr std::size_t kCosignatureBytes = 8 + kEd25519Bytes;

Problem bad_note(std::string_view why) {
    return {ProblemCode::validation_failed, fmt::format("signed note: {}", why)};
}
Problem bad_vkey(std::string_view why) {
    return {ProblemCode::validation_failed, fmt::format("verifier key: {}", why)};
}

// Unicode White_Space beyond ASCII, as UTF-8.
constexpr std::string_view kWideSpaces[] = {"\xC2\x85",
                                            "\xC2\xA0",
                                            "\xE1\x9A\x80",
                                            "\xE2\x80\x80",
                                            "\xE2\x80\x81",
                                            "\xE2\x80\x82",
                                            "\xE2\x80\x83",
                                            "\xE2\x80\x84",
                                            "\xE2\x80\x85",
                                            "\xE2\x80\x86",
                                            "\xE2\x80\x87",
                                            "\xE2\x80\x88",
                                            "\xE2\x80\x89",
                                            "\xE2\x80\x8A",
                                            "\xE2\x80\xA8",
                                            "\xE2\x80\xA9",
                                            "\xE2\x80\xAF",
                                            "\xE2\x81\x9F",
                                            "\xE3\x80\x80"};

std::uint32_t big_endian_32(std::span<std::uint8_t const> bytes) noexcept {
    return (std::uint32_t{bytes[0]} << 24) | (std::uint32_t{bytes[1]} << 16) |
           (std::uint32_t{bytes[2]} << 8) | bytes[3];
}

Outcome<NoteSignature> parse_signature_line(std::string_view line) {
    if (!line.starts_with(kSignaturePrefix)) {
        return bad_note("a signature line does not start with an em dash and a space");
    }
    line.remove_prefix(kSignaturePrefix.size());
    auto const space = line.find(' ');
    auto const name = line.substr(0, space);
    if (space == std::string_view::npos || !is_key_name(name)) {
        return bad_note("a signature line names no key");
    }
    auto const bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5) {
        return bad_note("a signature is not base64 of a key id and a signature");
    }
    return NoteSignature{
        std::string(name), big_endian_32(*bytes), Bytes(bytes->begin() + 4, bytes->end())};
}

bool verify_one(NoteSignature const& signature, VerifierKey const& key, std::string const& text) {
    std::span<std::uint8_t const> const bytes = signature.signature;
    if (key.type == SignatureType::ed25519) {
        return verify_ed25519(key.key, as_bytes(text), bytes);
    }
    if (bytes.size() != kCosignatureBytes) {
        return false;
    }
    std::uint64_t time = 0;
    for (auto b : bytes.first(8)) {
        time = (time << 8) | b;
    }
    return verify_ed25519(key.key, as_bytes(cosigned_text(time, text)), bytes.subspan(8));
}

}  // namespace

std::uint32_t note_key_id(std::string_view name, SignatureType type, Ed25519PublicKey const& key) {
    std::string message(name);
    message.push_back('\n');
    message.push_back(static_cast<char>(type));
    message.append(as_text(key));
    return big_endian_32(sha256(message));
}

bool is_key_name(std::string_view name) noexcept {
    return !name.empty() && is_valid_utf8(name) && !has_control_characters(name) &&
           name.find_first_of(" +\t\n") == std::string_view::npos &&
           std::ranges::none_of(kWideSpaces, [&](std::string_view space) {
               return name.find(space) != std::string_view::npos;
           });
}

VerifierKey make_verifier_key(std::string name, SignatureType type, Ed25519PublicKey const& key) {
    if (!is_key_name(name)) {
        throw std::logic_error("not a key name");
    }
    auto const id = note_key_id(name, type, key);
    return {std::move(name), id, type, key};
}

std::string format_vkey(VerifierKey const& key) {
    Bytes encoded{static_cast<std::uint8_t>(key.type)};
    encoded.insert(encoded.end(), key.key.begin(), key.key.end());
    return fmt::format("{}+{:08x}+{}", key.name, key.id, to_base64(encoded));
}

Outcome<VerifierKey> parse_vkey(std::string_view text) {
    auto const first = text.find('+');
    auto const second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos) {
        return bad_vkey("not of the form name+id+key");
    }
    auto const name = text.substr(0, first);
    auto const id = text.substr(first + 1, second - first - 1);
    auto const encoded = from_base64(text.substr(second + 1));
    if (!is_key_name(name)) {
        return bad_vkey("the name is empty or holds a space");
    }
    if (!encoded || encoded->size() != 33) {
        return bad_vkey("the key is not base64 of a type byte and 32 bytes");
    }
    auto const type = static_cast<SignatureType>(encoded->front());
    if (type != SignatureType::ed25519 && type != SignatureType::ed25519_cosignature) {
        return bad_vkey("only Ed25519 keys (types 0x01 and 0x04) are known");
    }
    Ed25519PublicKey key{};
    std::copy(encoded->begin() + 1, encoded->end(), key.begin());
    auto made = make_verifier_key(std::string(name), type, key);
    if (fmt::format("{:08x}", made.id) != id) {
        return bad_vkey("the id does not belong to this name and key");
    }
    return made;
}

std::string format_note(SignedNote const& note) {
    std::string out = note.text;
    out.push_back('\n');
    for (auto const& signature : note.signatures) {
        Bytes bytes;
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.push_back(static_cast<std::uint8_t>(signature.key_id >> shift));
        }
        bytes.insert(bytes.end(), signature.signature.begin(), signature.signature.end());
        out.append(kSignaturePrefix);
        out.append(signature.name);
        out.push_back(' ');
        out.append(to_base64(bytes));
        out.push_back('\n');
    }
    return out;
}

Outcome<SignedNote> parse_note(std::string_view note) {
    if (note.size() > kMaxNoteBytes) {
        return bad_note("too long");
    }
    if (!is_valid_utf8(note)) {
        return bad_note("not UTF-8");
    }
    if (std::ranges::any_of(
            note, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; })) {
        return bad_note("holds a control character");
    }
    auto const split_at = note.rfind("\n\n");
    if (split_at == std::string_view::npos || !note.ends_with('\n')) {
        return bad_note("has no signatures");
    }
    SignedNote parsed;
    parsed.text = note.substr(0, split_at + 1);
    auto rest = note.substr(split_at + 2);
    if (rest.empty()) {
        return bad_note("has no signatures");
    }
    while (!rest.empty()) {
        auto const end = rest.find('\n');  // there is one: the note ends in a line feed
        RASTRO_TRY(signature, parse_signature_line(rest.substr(0, end)));
        if (parsed.signatures.size() == kMaxNoteSignatures) {
            return bad_note("has too many signatures");
        }
        parsed.signatures.push_back(std::move(signature));
        rest.remove_prefix(end + 1);
    }
    return parsed;
}

std::string cosigned_text(std::uint64_t time, std::string_view note_text) {
    return fmt::format("cosignature/v1\ntime {}\n{}", time, note_text);
}

Outcome<std::vector<VerifierKey>> verify_note(SignedNote const& note,
                                              std::span<VerifierKey const> known) {
    std::vector<VerifierKey> signers;
    for (auto const& signature : note.signatures) {
        for (auto const& key : known) {
            if (key.name != signature.name || key.id != signature.key_id) {
                continue;
            }
            if (!verify_one(signature, key, note.text)) {
                return bad_note(fmt::format("the signature of {} is wrong", key.name));
            }
            bool const counted = std::ranges::any_of(signers, [&](VerifierKey const& signer) {
                return signer.name == key.name && signer.id == key.id;
            });
            if (!counted) {
                signers.push_back(key);
            }
        }
    }
    if (signers.empty()) {
        return bad_note("not signed by a known key");
    }
    return signers;
}

}  // namespace rastro::cases
