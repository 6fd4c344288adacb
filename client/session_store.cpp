#include "client/session_store.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <system_error>

#include "certs/key_files.hpp"
#include "client/json_view.hpp"

namespace rastro::client {

namespace {

constexpr std::pair<std::string_view, std::string StoredSession::*> kTexts[] = {
    {"server", &StoredSession::server},
    {"ca", &StoredSession::ca},
    {"login", &StoredSession::login},
    {"token", &StoredSession::token},
    {"expires_at", &StoredSession::expires_at},
    {"certificate", &StoredSession::certificate},
    {"key", &StoredSession::key},
    {"acting_for", &StoredSession::acting_for},
    {"totp_secret_file", &StoredSession::totp_secret_file},
    {"password_file", &StoredSession::password_file},
};

}  // namespace

bool is_profile_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 64 && name[0] != '.' &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
           });
}

SessionStore SessionStore::of_environment() {
    auto const* configured = std::getenv("XDG_CONFIG_HOME");
    if (configured != nullptr && configured[0] == '/') {
        return SessionStore(std::filesystem::path(configured) / "rastro");
    }
    auto const* home = std::getenv("HOME");
    return SessionStore(std::filesystem::path(home == nullptr ? "/" : home) / ".config" / "rastro");
}

std::filesystem::path SessionStore::path_of(std::string_view profile) const {
    return folder_ / ("session-" + std::string(profile) + ".json");
}

Result<StoredSession> SessionStore::read(std::string_view profile) const {
    auto const path = path_of(profile);
    auto text = certs::read_secret_file(path);
    if (!text) {
        if (text.error().code() == ProblemCode::not_found) {
            return StoredSession{};
        }
        return Failure(ExitCode::local,
                       path.string() + ": " + text.error().detail() +
                           "\n  Only its owner may read it: chmod 600 " + path.string() + "\n");
    }
    boost::system::error_code fault;
    auto const document = boost::json::parse(text.value(), fault);
    if (fault || !document.is_object()) {
        return Failure(ExitCode::local,
                       path.string() + " is damaged; sign in again after removing it\n");
    }
    StoredSession session;
    for (auto const& [name, member] : kTexts) {
        session.*member = text_at(document, "/" + std::string(name));
    }
    if (auto const* step = find_at(document, "/last_code_step");
        step != nullptr && step->is_int64()) {
        session.last_code_step = step->get_int64();
    }
    return session;
}

Result<void> SessionStore::write(std::string_view profile, StoredSession const& session) const {
    boost::json::object document;
    for (auto const& [name, member] : kTexts) {
        if (!(session.*member).empty()) {
            document[name] = session.*member;
        }
    }
    document["last_code_step"] = session.last_code_step;
    try {
        std::error_code ignored;
        bool const made = std::filesystem::create_directories(folder_);
        if (made) {
            std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
        }
        certs::write_file(path_of(profile),
                          boost::json::serialize(document) + "\n",
                          certs::FileAccess::owner_only);
    } catch (std::system_error const& fault) {
        return Failure(ExitCode::local,
                       "The sign-in cannot be kept: " + std::string(fault.what()) + "\n");
    }
    return boost::system::in_place_value;
}

}  // namespace rastro::client
