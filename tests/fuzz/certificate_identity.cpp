// Any bytes as a client certificate: whoever is accepted is named whole.
#include "certs/identity.hpp"

#include "tests/fuzz/expect.hpp"

using rastro::fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const identity = rastro::certs::identity_of(rastro::fuzz::text_of(data, size));
    if (!identity) {
        expect(identity.error().code() == rastro::ProblemCode::authentication_required,
               "a refusal is of the credential");
        return 0;
    }
    expect(!identity->agency.empty() && !identity->name.empty(), "agency and name");
    expect(identity->uri.starts_with("urn:rastro:agency:" + identity->agency + ":"), "one URI");
    expect(identity->uri.find('\0') == std::string::npos, "without NUL");
    expect(!identity->issuer_key_id.empty() && !identity->serial.empty(), "issuer and serial");
    expect(identity->sha256.size() == 64, "fingerprint");
    expect(identity->public_key_pem.starts_with("-----BEGIN PUBLIC KEY-----"), "key");
    return 0;
}
