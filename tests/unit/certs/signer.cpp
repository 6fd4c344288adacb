#include "certs/signer.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "certs/key_files.hpp"
#include "common/text.hpp"
#include "tests/unit/certs/made_certificate.hpp"

using namespace rastro;
using namespace rastro::certs;
using rastro::certs::test::TemporaryFolder;

namespace {

constexpr auto origin = "xa.example/audit";

TreeHead head_of(std::uint64_t size, std::string_view what) {
    return {size, sha256(what)};
}

bool never_asked(TreeHead const&, TreeHead const&) {
    FAIL("the consistency check must not be asked");
    return false;
}
bool proven(TreeHead const&, TreeHead const&) {
    return true;
}
bool denied(TreeHead const&, TreeHead const&) {
    return false;
}

struct Log {
    TemporaryFolder folder;
    std::filesystem::path key_file = folder / "checkpoint.key";
    std::filesystem::path state_file = folder / "signer.state";

    Log() {
        REQUIRE(PrivateKey::generate_ed25519().write_new(key_file).has_value());
        REQUIRE(CheckpointSigner::create_state(state_file, origin).has_value());
    }
    [[nodiscard]] CheckpointSigner start() const {
        return CheckpointSigner::open(origin, read_signing_key(key_file).value(), state_file)
            .value();
    }
    [[nodiscard]] std::string state() const { return read_file(state_file).value(); }
};

ProblemCode refusal(CheckpointSigner& signer, TreeHead const& head, ConsistencyCheck const& check) {
    auto const outcome = signer.sign(head, check);
    return outcome ? ProblemCode::none : outcome.error().code();
}

class BrokenKey final : public SigningKey {
 public:
    Outcome<Ed25519Signature> sign(std::span<std::uint8_t const>) override {
        return ProblemCode::audit_unavailable;
    }
    [[nodiscard]] Ed25519PublicKey public_key() const override { return {}; }
};

}  // namespace

TEST_CASE("the note has body, empty line and a signature that the verifier key accepts") {
    Log const log;
    auto signer = log.start();
    auto const head = head_of(1284, "a");
    auto const note = signer.sign(head, never_asked).value();
    auto const body = std::string(origin) + "\n1284\n" + to_base64(head.root) + "\n";
    auto const start = body + "\n\xE2\x80\x94 " + origin + " ";
    REQUIRE(note.starts_with(start));
    REQUIRE(note.ends_with("\n"));
    auto const signature =
        from_base64(std::string_view(note).substr(start.size(), note.size() - start.size() - 1));
    REQUIRE(signature.has_value());
    REQUIRE(signature->size() == 68);

    auto const vkey = signer.vkey();
    auto const parts = split(vkey, '+');
    auto const typed_key = from_base64(vkey.substr(parts[0].size() + parts[1].size() + 2));
    REQUIRE(typed_key.has_value());
    REQUIRE(typed_key->size() == 33);
    CHECK((*typed_key)[0] == 1);
    CHECK(to_hex(std::span(*signature).first(4)) == parts[1]);
    Ed25519PublicKey key{};
    std::copy(typed_key->begin() + 1, typed_key->end(), key.begin());
    CHECK(verify_ed25519(key, as_bytes(body), std::span(*signature).subspan(4)));
    CHECK_FALSE(verify_ed25519(key, as_bytes(body + "x"), std::span(*signature).subspan(4)));
}

TEST_CASE("the verifier key of a published example is printed as published") {
    // The note package of the Go project's sumdb (golang.org/x/mod/sumdb/note): the key of
    // sum.golang.org
    auto const bytes = from_base64("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    REQUIRE(bytes.has_value());
    Ed25519PublicKey key{};
    std::copy(bytes->begin() + 1, bytes->end(), key.begin());
    CHECK(verifier_key("sum.golang.org", key) ==
          "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
}

TEST_CASE("rollback, a second root and an unproven growth are refused, also after a restart") {
    Log const log;
    auto const ten = head_of(10, "ten");
    auto const twenty = head_of(20, "twenty");
    {
        auto signer = log.start();
        REQUIRE(signer.sign(ten, never_asked).has_value());
        CHECK(refusal(signer, twenty, denied) == ProblemCode::conflict);
        CHECK(refusal(signer, twenty, nullptr) == ProblemCode::conflict);
        CHECK(signer.last_signed().value() == ten);
        bool asked = false;
        auto const check = [&](TreeHead const& older, TreeHead const& newer) {
            asked = older == ten && newer == twenty;
            return true;
        };
        REQUIRE(signer.sign(twenty, check).has_value());
        CHECK(asked);
    }
    for (int restart = 0; restart < 2; ++restart) {
        auto signer = log.start();
        auto const before = log.state();
        CHECK(refusal(signer, ten, proven) == ProblemCode::conflict);
        CHECK(refusal(signer, head_of(20, "other"), proven) == ProblemCode::conflict);
        CHECK(refusal(signer, head_of(19, "twenty"), proven) == ProblemCode::conflict);
        CHECK(refusal(signer, {0, sha256("")}, proven) == ProblemCode::conflict);
        CHECK(refusal(signer, head_of(21, "next"), denied) == ProblemCode::conflict);
        CHECK(log.state() == before);
    }
}

TEST_CASE("the last tree can be signed again, with the same note") {
    Log const log;
    auto const head = head_of(7, "seven");
    auto const first = log.start().sign(head, never_asked).value();
    CHECK(log.start().sign(head, never_asked).value() == first);
}

TEST_CASE("two signers with one state see what the other signed") {
    Log const log;
    auto one = log.start();
    auto other = log.start();
    REQUIRE(one.sign(head_of(5, "five"), never_asked).has_value());
    CHECK(refusal(other, head_of(4, "four"), proven) == ProblemCode::conflict);
    CHECK(refusal(other, head_of(5, "fork"), proven) == ProblemCode::conflict);
    CHECK(other.sign(head_of(6, "six"), proven).has_value());
    CHECK(refusal(one, head_of(6, "fork"), proven) == ProblemCode::conflict);
}

TEST_CASE("an empty tree can be signed only with the root of nothing") {
    Log const log;
    auto signer = log.start();
    CHECK(refusal(signer, head_of(0, "something"), proven) == ProblemCode::validation_failed);
    CHECK(signer.sign({0, sha256("")}, never_asked).has_value());
}

TEST_CASE("without its state the signer does not start, and a state is never made anew") {
    Log const log;
    CHECK(CheckpointSigner::create_state(log.state_file, origin).error().code() ==
          ProblemCode::conflict);
    auto const open = [&](char const* name) {
        return CheckpointSigner::open(name, read_signing_key(log.key_file).value(), log.state_file);
    };
    CHECK(open("xb.example/audit").error().code() == ProblemCode::audit_unavailable);
    CHECK(open("with space").error().code() == ProblemCode::validation_failed);
    auto signer = log.start();
    auto const good = log.state();
    auto wrong_size = good;
    wrong_size.replace(wrong_size.find("\n0\n"), 3, "\n0x\n");
    auto wrong_root = good;
    wrong_root.insert(wrong_root.size() - 1, "AAAA");
    CHECK(CheckpointSigner::create_state(log.folder / "other.state", "a+b").error().code() ==
          ProblemCode::validation_failed);
    for (auto const& bad : {wrong_size,
                            wrong_root,
                            std::string(),
                            good + "x",
                            good.substr(1),
                            good.substr(0, good.size() - 5)}) {
        write_file(log.state_file, bad, FileAccess::owner_only);
        CHECK(open(origin).error().code() == ProblemCode::audit_unavailable);
        CHECK(refusal(signer, head_of(1, "one"), proven) == ProblemCode::audit_unavailable);
    }
    std::filesystem::remove(log.state_file);
    CHECK(open(origin).error().code() == ProblemCode::audit_unavailable);
    CHECK(refusal(signer, head_of(1, "one"), proven) == ProblemCode::audit_unavailable);
}

TEST_CASE(
    "the key must be Ed25519 and its file its owner's; a key that fails leaves the state alone") {
    Log const log;
    CHECK(signing_key_of(PrivateKey::generate_p256()).error().code() ==
          ProblemCode::validation_failed);
    CHECK(read_signing_key(log.folder / "none").error().code() == ProblemCode::not_found);
    auto const before = log.state();
    auto broken =
        CheckpointSigner::open(origin, std::make_unique<BrokenKey>(), log.state_file).value();
    CHECK(refusal(broken, head_of(3, "three"), proven) == ProblemCode::audit_unavailable);
    CHECK(log.state() == before);
    std::filesystem::permissions(log.key_file, std::filesystem::perms(0644));
    CHECK(read_signing_key(log.key_file).error().code() == ProblemCode::forbidden);
}
