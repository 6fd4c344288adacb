#include "cases/checkpoint.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "tests/support/ed25519_signer.hpp"

using namespace rastro;
using namespace rastro::cases;
using rastro::test::Ed25519Signer;

namespace {

Checkpoint example() {
    Checkpoint checkpoint{"trace.example/audit", 1284, {}, {}};
    auto const root = *from_base64("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
    std::copy(root.begin(), root.end(), checkpoint.root.begin());
    return checkpoint;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    auto const at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

std::string cosign(std::string const& note, Ed25519Signer& witness, std::uint64_t time) {
    auto const text = parse_note(note)->text;
    auto const signature = *witness.sign(as_bytes(cosigned_text(time, text)));
    NoteSignature line{witness.verifier_key().name, witness.verifier_key().id, {}};
    for (int shift = 56; shift >= 0; shift -= 8) {
        line.signature.push_back(static_cast<std::uint8_t>(time >> shift));
    }
    line.signature.insert(line.signature.end(), signature.begin(), signature.end());
    return *add_note_signature(note, line);
}

}  // namespace

TEST_CASE("the published example of a signed note verifies") {
    // golang.org/x/mod/sumdb/note, package documentation
    std::string const text =
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n";
    std::string const note =
        text +
        "\n\xE2\x80\x94 PeterNeumann "
        "x08go/ZJkuBS9UG/"
        "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    std::string const vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    auto const key = parse_vkey(vkey);
    REQUIRE(key.has_value());
    CHECK(key->id == 0xc74f20a3);
    CHECK(format_vkey(*key) == vkey);
    auto const parsed = parse_note(note);
    REQUIRE(parsed.has_value());
    CHECK(parsed->text == text);
    CHECK(verify_note(*parsed, std::span(&*key, 1)).has_value());
    CHECK(format_note(*parsed) == note);
}

TEST_CASE("verifier keys with a wrong id, type, name or length are refused") {
    Ed25519Signer const signer("trace.example/audit", "a");
    auto const good = format_vkey(signer.verifier_key());
    CHECK(parse_vkey(good).has_value());
    CHECK(parse_vkey(good)->key == signer.verifier_key().key);
    for (std::string const& bad : {std::string(),
                                   std::string("name"),
                                   std::string("name+00000000"),
                                   replaced(good, "trace", "other"),
                                   replaced(good, "trace", "tr ce"),
                                   good + "A",
                                   good.substr(0, good.size() - 4),
                                   std::string("name+00000000+") + to_base64(Bytes(33, 2)),
                                   "+" + good}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_vkey(bad).has_value());
    }
}

TEST_CASE("a checkpoint has the bytes of tlog-checkpoint and reads back") {
    auto const checkpoint = example();
    auto const text = checkpoint_text(checkpoint);
    CHECK(text == "trace.example/audit\n1284\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
    CHECK(*parse_checkpoint_text(text) == checkpoint);
    auto extended = checkpoint;
    extended.extensions = {"one", "two"};
    CHECK(*parse_checkpoint_text(checkpoint_text(extended)) == extended);
    auto empty = checkpoint;
    empty.size = 0;
    CHECK(parse_checkpoint_text(checkpoint_text(empty))->size == 0);
    empty.origin = "two\nlines";
    CHECK_THROWS_AS(static_cast<void>(checkpoint_text(empty)), std::logic_error);
    for (std::string const& bad : {std::string(),
                                   std::string("\n1284\n"),
                                   replaced(text, "1284", "01284"),
                                   replaced(text, "1284", "-1"),
                                   replaced(text, "1284", ""),
                                   replaced(text, "1284", "18446744073709551616"),
                                   replaced(text, "2I=\n", "2I="),
                                   replaced(text, "2I=", "2J="),
                                   replaced(text, "CsUY", ""),
                                   text + "\n",
                                   text + "line without end",
                                   replaced(text, "trace.example/audit", "")}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_checkpoint_text(bad).has_value());
    }
}

TEST_CASE("a checkpoint is accepted by its log key, beside unknown keys and with witnesses") {
    Ed25519Signer log("trace.example/audit", "log");
    Ed25519Signer stranger("stranger.example", "stranger");
    Ed25519Signer namesake("trace.example/audit", "namesake");
    Ed25519Signer witness("witness.example", "w", SignatureType::ed25519_cosignature);
    auto note = *sign_checkpoint(example(), log);
    auto const text = parse_note(note)->text;
    for (auto* other : {&stranger, &namesake}) {
        auto const signature = *other->sign(as_bytes(text));
        note = *add_note_signature(note,
                                   {other->verifier_key().name,
                                    other->verifier_key().id,
                                    Bytes(signature.begin(), signature.end())});
    }
    note = cosign(note, witness, 1'790'000'000);

    std::vector<VerifierKey> const log_only{log.verifier_key()};
    auto const accepted = verify_checkpoint(note, log_only);
    REQUIRE(accepted.has_value());
    CHECK(accepted->checkpoint == example());
    CHECK(accepted->signed_by == std::vector<std::string>{"trace.example/audit"});
    CHECK(accepted->witnessed_by.empty());

    std::vector<VerifierKey> const both{log.verifier_key(), witness.verifier_key()};
    CHECK(verify_checkpoint(note, both)->witnessed_by ==
          std::vector<std::string>{"witness.example"});
    CHECK_FALSE(
        verify_checkpoint(note, std::span(both).subspan(1)).has_value());  // a witness alone
    CHECK_FALSE(verify_checkpoint(note, {}).has_value());
}

TEST_CASE("a known key's wrong signature refuses the note, an unknown key's does not") {
    Ed25519Signer log("trace.example/audit", "log");
    Ed25519Signer other("other.example", "other");
    std::vector<VerifierKey> const log_only{log.verifier_key()};
    std::vector<VerifierKey> const both{log.verifier_key(), other.verifier_key()};
    auto const note =
        *add_note_signature(*sign_checkpoint(example(), log),
                            {other.verifier_key().name, other.verifier_key().id, Bytes(64, 9)});
    CHECK(verify_checkpoint(note, log_only).has_value());
    CHECK_FALSE(verify_checkpoint(note, both).has_value());
    CHECK_FALSE(verify_checkpoint(replaced(note, "\n1284\n", "\n1285\n"), log_only).has_value());
    CHECK_FALSE(verify_checkpoint(replaced(note, "CsUY", "DsUY"), log_only).has_value());
    // every single flipped bit of the signed text is noticed
    auto const text_size = parse_note(note)->text.size();
    for (std::size_t at = 0; at < text_size; ++at) {
        auto changed = note;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK_FALSE(verify_checkpoint(changed, log_only).has_value());
    }
}

TEST_CASE("notes: sixteen signatures are read, malformed notes are refused") {
    Ed25519Signer log("trace.example/audit", "log");
    auto note = *sign_checkpoint(example(), log);
    for (int i = 0; i < 15; ++i) {
        note = *add_note_signature(note, {"unknown" + std::to_string(i), 7, Bytes(64, 1)});
    }
    std::vector<VerifierKey> const keys{log.verifier_key()};
    CHECK(verify_checkpoint(note, keys).has_value());
    auto crowded = *parse_note(note);
    crowded.signatures.resize(kMaxNoteSignatures + 1, crowded.signatures.front());
    CHECK_FALSE(parse_note(format_note(crowded)).has_value());

    auto const good = *sign_checkpoint(example(), log);
    for (std::string const& bad : {std::string(),
                                   std::string("\n"),
                                   std::string("\n\n"),
                                   std::string("text\n"),
                                   std::string("text\n\n"),
                                   replaced(good, "\n\n", "\n"),
                                   good.substr(0, good.size() - 1),
                                   good + "\n",
                                   good + "junk\n",
                                   replaced(good, "\xE2\x80\x94 ", "- "),
                                   replaced(good, "1284", "12\r84"),
                                   replaced(good, "1284", "12\xFF"),
                                   std::string("a\n\n\xE2\x80\x94 name AAAAAA==\n"),
                                   std::string("a\n\n\xE2\x80\x94 na+me AAAAAAAA\n"),
                                   std::string("a\n\n\xE2\x80\x94 name\n"),
                                   std::string(kMaxNoteBytes + 1, 'a')}) {
        CAPTURE(bad.substr(0, 200));
        CHECK_FALSE(parse_note(bad).has_value());
    }
    CHECK(parse_note("a\n\nb\n\n\xE2\x80\x94 name AAAAAAA=\n")->text ==
          "a\n\nb\n");  // the last empty line splits
}

TEST_CASE("a proof file is a self-contained exhibit and reads back") {
    Ed25519Signer log("trace.example/audit", "log");
    auto const sibling = leaf_hash(as_bytes("left"));
    auto const root = node_hash(sibling, leaf_hash(as_bytes("right")));
    TlogProof proof{
        std::nullopt, 1, {sibling}, *sign_checkpoint({"trace.example/audit", 2, root, {}}, log)};
    std::vector<VerifierKey> const keys{log.verifier_key()};
    auto const text = format_tlog_proof(proof);
    CHECK(text.starts_with("c2sp.org/tlog-proof@v1\nindex 1\n" + to_base64(sibling) +
                           "\n\ntrace.example/audit\n2\n"));
    auto const parsed = parse_tlog_proof(text);
    REQUIRE(parsed.has_value());
    CHECK(format_tlog_proof(*parsed) == text);
    CHECK(verify_tlog_proof(*parsed, as_bytes("right"), keys)->checkpoint.size == 2);
    CHECK_FALSE(verify_tlog_proof(*parsed, as_bytes("wrong"), keys).has_value());
    auto moved = *parsed;
    moved.index = 0;
    CHECK_FALSE(verify_tlog_proof(moved, as_bytes("right"), keys).has_value());

    proof.extra = Bytes{1, 2, 3};
    auto const with_extra = format_tlog_proof(proof);
    CHECK(parse_tlog_proof(with_extra)->extra == Bytes{1, 2, 3});
    for (std::string const& bad : {std::string(),
                                   replaced(text, "@v1", "@v2"),
                                   replaced(text, "index 1", "index 01"),
                                   replaced(text, "index 1\n", ""),
                                   replaced(text, "=\n\n", "=\n"),
                                   replaced(with_extra, "AQID", "AQI"),
                                   std::string("c2sp.org/tlog-proof@v1\nindex 1\n")}) {
        CAPTURE(bad);
        auto const read = parse_tlog_proof(bad);
        CHECK_FALSE((read && verify_tlog_proof(*read, as_bytes("right"), keys)));
    }
}
