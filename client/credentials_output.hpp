// First credentials of a person, which nobody can see a second time.
#pragma once

#include <string>
#include <vector>

#include "client/context.hpp"

namespace rastro::client {

struct ShownCredentials {
    std::string login;
    std::string password;
    std::string totp_secret;  // base32
    std::string otpauth_uri;
};

// --credentials-file, --credentials-dir
[[nodiscard]] std::vector<Option> credentials_options();

// Into one file, into LOGIN.password and LOGIN.totp of a folder (what --password-file and
// --totp-secret-file take), or on standard output. Files have mode 0600 and are never written over.
[[nodiscard]] Result<ExitCode> hand_out_credentials(Context& context,
                                                    std::vector<ShownCredentials> const& people);

}  // namespace rastro::client
