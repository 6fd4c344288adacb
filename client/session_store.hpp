// What a sign-in leaves behind for the next command: one file a profile, readable by its owner
// only, $XDG_CONFIG_HOME/rastro/session-<profile>.json (or ~/.config).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "client/failure.hpp"

namespace rastro::client {

struct StoredSession {
    std::string server;
    std::string ca;
    std::string login;
    std::string token;  // empty: signed out, the rest is kept
    std::string expires_at;
    std::string certificate;
    std::string key;
    std::string acting_for;
    std::string totp_secret_file;     // scripts: codes are computed from it
    std::string password_file;        // scripts
    std::int64_t last_code_step = 0;  // each one-time code counts once
};

// [A-Za-z0-9_.-]{1,64}, not starting with a dot
[[nodiscard]] bool is_profile_name(std::string_view name) noexcept;

class SessionStore {
 public:
    explicit SessionStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
    // By XDG_CONFIG_HOME and HOME.
    [[nodiscard]] static SessionStore of_environment();

    [[nodiscard]] std::filesystem::path path_of(std::string_view profile) const;
    // An empty session if there is none; a failure if the file is damaged or open to others.
    [[nodiscard]] Result<StoredSession> read(std::string_view profile) const;
    [[nodiscard]] Result<void> write(std::string_view profile, StoredSession const& session) const;

 private:
    std::filesystem::path folder_;
};

}  // namespace rastro::client
