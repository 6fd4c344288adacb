// What a running command has at hand: its arguments, the server, and where results, notes and
// questions go.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/key_files.hpp"
#include "client/api_client.hpp"
#include "client/command.hpp"
#include "client/json_view.hpp"
#include "client/session_store.hpp"
#include "common/clock.hpp"
#include "common/text.hpp"

namespace rastro::client {

// The outside world, replaceable in tests.
struct Surroundings {
    std::function<void(std::string_view)> out;            // standard output
    std::function<void(std::string_view)> err;            // standard error
    std::function<std::string(char const*)> environment;  // empty if not set
    SessionStore sessions;
    Clock const* clock = nullptr;
    std::size_t width = 0;  // of tables; 0: not limited
    std::function<std::unique_ptr<Transport>(HttpSettings const&)> connect;
};
[[nodiscard]] Surroundings real_surroundings();

class Context {
 public:
    Context(Command const& command, Arguments arguments, Surroundings surroundings);

    [[nodiscard]] Command const& command() const noexcept { return command_; }
    [[nodiscard]] Arguments const& arguments() const noexcept { return arguments_; }
    [[nodiscard]] std::string text(std::string_view name) const { return arguments_.text(name); }
    [[nodiscard]] bool has(std::string_view name) const { return arguments_.has(name); }
    [[nodiscard]] bool json() const { return has("json"); }
    [[nodiscard]] bool quiet() const { return has("quiet"); }
    [[nodiscard]] std::size_t width() const noexcept { return surroundings_.width; }
    [[nodiscard]] Clock const& clock() const noexcept { return *surroundings_.clock; }
    [[nodiscard]] std::string environment(char const* name) const {
        return surroundings_.environment(name);
    }
    [[nodiscard]] std::string language() const;  // en, es, pt or fr

    void out(std::string_view text) const { surroundings_.out(text); }
    void err(std::string_view text) const { surroundings_.err(text); }
    void note(std::string_view text) const;  // on standard error, unless --quiet

    // The profile in use, with what the command line and the environment say put over it.
    [[nodiscard]] Result<StoredSession*> session();
    [[nodiscard]] std::string profile() const;
    [[nodiscard]] Result<void> keep_session();
    // Opens the connection settings; a failure says how to name a server.
    [[nodiscard]] Result<ApiClient*> api();
    // Signs requests with this token from now on (after signing in).
    void use_token(std::string const& token);
    [[nodiscard]] Result<ApiReply> call(ApiCall const& call);

    // --json: the reply's body; otherwise `shown(document)`.
    void print(ApiReply const& reply,
               std::function<std::string(boost::json::value const&)> const& shown) const;
    void print_document(ApiReply const& reply) const;  // every member

    // Password and one-time code of --password-file, --totp-secret-file, or asked for.
    [[nodiscard]] Result<std::string> password(std::string_view question);
    [[nodiscard]] Result<std::string> one_time_code();
    [[nodiscard]] bool can_answer() const;  // both can be had

 private:
    Command const& command_;
    Arguments arguments_;
    Surroundings surroundings_;
    std::optional<StoredSession> session_;
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<ApiClient> api_;
};

// A whole file, or standard input for "-".
[[nodiscard]] Result<std::string> read_input(std::string const& path,
                                             std::size_t limit = 64U << 20);
[[nodiscard]] Result<boost::json::value> read_json_input(std::string const& path);
// A file that is not there yet; what is there is never overwritten.
[[nodiscard]] Result<void> write_new(std::filesystem::path const& path,
                                     std::string_view text,
                                     certs::FileAccess access);
// Base32 (RFC 4648 section 6) with or without padding, blanks and case; nullopt otherwise.
[[nodiscard]] std::optional<Bytes> from_base32(std::string_view text);

// Asks for a confirmation of who this is and gives it to the server (POST /v1/me/step-up).
[[nodiscard]] Result<bool> confirm_identity(Context& context);

}  // namespace rastro::client
