#include <doctest/doctest.h>

#include <string>

#include "common/digest.hpp"
#include "common/problem.hpp"
#include "common/text.hpp"

using namespace rastro;

TEST_CASE("base64, base64url, base32 and hex follow RFC 4648 section 10") {
    CHECK(to_base64(as_bytes("")) == "");
    CHECK(to_base64(as_bytes("f")) == "Zg==");
    CHECK(to_base64(as_bytes("fo")) == "Zm8=");
    CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
    CHECK(to_base32(as_bytes("foobar")) == "MZXW6YTBOI");
    CHECK(to_hex(as_bytes("foobar")) == "666f6f626172");
    CHECK(as_text(*from_base64("Zm9vYg==")) == "foob");
    CHECK_FALSE(from_base64("Zm9vYh==").has_value());  // stray bits
    CHECK_FALSE(from_base64("Zm9v=").has_value());
    CHECK_FALSE(from_base64url("a+b").has_value());
    std::string const all_bytes = [] {
        std::string s;
        for (int i = 0; i < 256; ++i) {
            s.push_back(static_cast<char>(i));
        }
        return s;
    }();
    CHECK(as_text(*from_base64url(to_base64url(as_bytes(all_bytes)))) == all_bytes);
    CHECK(as_text(*from_hex(to_hex(as_bytes(all_bytes)))) == all_bytes);
}

TEST_CASE("UTF-8 checks refuse overlong forms, surrogates and controls") {
    CHECK(is_valid_utf8("número ñ 漢"));
    CHECK_FALSE(is_valid_utf8("\xC0\xAF"));
    CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
    CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
    CHECK_FALSE(is_valid_utf8("abc\xE2\x82"));
    CHECK(has_control_characters(std::string_view("a\0b", 3)));
    CHECK(has_control_characters("a\x1B[31m"));
    CHECK(has_control_characters("\xC2\x85"));
    CHECK_FALSE(has_control_characters("two\nlines\tand tab"));
    CHECK(count_code_points("ñandú") == 5);
}

TEST_CASE("SHA-256 and Ed25519 give the published answers") {
    CHECK(to_hex(sha256("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256 stream;
    stream.update(as_bytes("a"));
    stream.update(as_bytes("bc"));
    CHECK(stream.finish() == sha256("abc"));
    // RFC 8032 7.1 test 2
    auto const key = *from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    auto signature = *from_hex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
        "f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00");
    Ed25519PublicKey public_key{};
    std::copy(key.begin(), key.end(), public_key.begin());
    Bytes const message{0x72};
    CHECK(verify_ed25519(public_key, message, signature));
    signature[3] ^= 1;
    CHECK_FALSE(verify_ed25519(public_key, message, signature));
}

TEST_CASE("every problem code has one row with its own slug and an error status") {
    for (auto const& row : all_problems()) {
        CHECK(&problem_info(row.code) == &row);
        CHECK(row.status >= 400);
        for (auto const& other : all_problems()) {
            CHECK((&row == &other || row.slug != other.slug));
        }
    }
}
