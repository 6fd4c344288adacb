#include "client/context.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "certs/key_files.hpp"
#include "client/terminal.hpp"
#include "common/time_text.hpp"
#include "common/totp.hpp"

namespace rastro::client {

namespace {

constexpr std::int64_t kStepSeconds = 30;

std::string first_of(std::initializer_list<std::string> candidates) {
    for (auto const& candidate : candidates) {
        if (!candidate.empty()) {
            return candidate;
        }
    }
    return {};
}

std::string first_line(std::string_view text) {
    auto const end = text.find_first_of("\r\n");
    return std::string(text.substr(0, end));
}

}  // namespace

Surroundings real_surroundings() {
    static SystemClock const clock;
    return Surroundings{
        .out =
            [](std::string_view text) {
                std::fwrite(text.data(), 1, text.size(), stdout);
                std::fflush(stdout);
            },
        .err = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); },
        .environment =
            [](char const* name) {
                auto const* found = std::getenv(name);
                return std::string(found == nullptr ? "" : found);
            },
        .sessions = SessionStore::of_environment(),
        .clock = &clock,
        .width = terminal_width(),
        .connect = [](HttpSettings const& settings) -> std::unique_ptr<Transport> {
            return std::make_unique<HttpClient>(settings);
        },
    };
}

Context::Context(Command const& command, Arguments arguments, Surroundings surroundings)
    : command_(command), arguments_(std::move(arguments)), surroundings_(std::move(surroundings)) {}

std::string Context::language() const {
    auto const wanted = first_of({text("language"),
                                  environment("LC_ALL"),
                                  environment("LC_MESSAGES"),
                                  environment("LANG")})
                            .substr(0, 2);
    for (auto const* known : {"en", "es", "pt", "fr"}) {
        if (wanted == known) {
            return wanted;
        }
    }
    return "en";
}

void Context::note(std::string_view text) const {
    if (!quiet()) {
        err(std::string(text) + "\n");
    }
}

std::string Context::profile() const {
    return first_of({text("profile"), environment("RASTRO_PROFILE"), "default"});
}

Result<StoredSession*> Context::session() {
    if (!session_) {
        if (!is_profile_name(profile())) {
            return Failure(ExitCode::usage, "A profile is named with letters, digits, - _ and .\n");
        }
        RASTRO_TRY(stored, surroundings_.sessions.read(profile()));
        auto const absolute = [](std::string const& path) {
            return path.empty() ? path : std::filesystem::absolute(path).string();
        };
        stored.server = first_of({text("server"), environment("RASTRO_URL"), stored.server});
        stored.ca = first_of({absolute(text("ca")), absolute(environment("RASTRO_CA")), stored.ca});
        stored.certificate = first_of({absolute(text("certificate")), stored.certificate});
        stored.key = first_of({absolute(text("key")), stored.key});
        stored.acting_for = first_of({text("acting-for"), stored.acting_for});
        stored.password_file = first_of({absolute(text("password-file")), stored.password_file});
        stored.totp_secret_file =
            first_of({absolute(text("totp-secret-file")), stored.totp_secret_file});
        session_ = std::move(stored);
    }
    return &*session_;
}

Result<void> Context::keep_session() {
    RASTRO_TRY(kept, session());
    return surroundings_.sessions.write(profile(), *kept);
}

Result<ApiClient*> Context::api() {
    if (api_) {
        return api_.get();
    }
    RASTRO_TRY(stored, session());
    if (stored->server.empty()) {
        return Failure(ExitCode::usage,
                       "Which server? Sign in first:\n"
                       "  rastro sign-in --server https://HOST:8443 --ca FILE --login NAME\n");
    }
    if (!stored->server.starts_with("https://")) {
        return Failure(ExitCode::usage, "--server must start with https://\n");
    }
    if (stored->certificate.empty() != stored->key.empty()) {
        return Failure(ExitCode::usage, "--certificate and --key belong together\n");
    }
    unsigned long seconds = 30;
    if (has("timeout")) {
        auto const given = text("timeout");
        seconds = 0;
        for (char c : given) {
            seconds = c >= '0' && c <= '9' && seconds < 100'000
                          ? seconds * 10 + static_cast<unsigned long>(c - '0')
                          : 1'000'000;
        }
        if (seconds == 0 || seconds > 3600) {
            return Failure(ExitCode::usage, "--timeout is a number of seconds from 1 to 3600\n");
        }
    }
    transport_ = surroundings_.connect(HttpSettings{.server = stored->server,
                                                    .ca = stored->ca,
                                                    .certificate = stored->certificate,
                                                    .key = stored->key});
    api_ = std::make_unique<ApiClient>(
        *transport_,
        ApiSettings{.token = stored->certificate.empty() ? stored->token : std::string{},
                    .acting_for = stored->certificate.empty() ? std::string{} : stored->acting_for,
                    .language = language(),
                    .timeout = std::chrono::seconds{seconds}});
    api_->on_repeat([this](std::string const& why) { note("trying again: " + why); });
    if (can_answer()) {
        api_->on_step_up([this] { return confirm_identity(*this); });
    }
    return api_.get();
}

void Context::use_token(std::string const& token) {
    if (api_) {
        api_->set_token(token);
    }
}

Result<ApiReply> Context::call(ApiCall const& call) {
    RASTRO_TRY(client, api());
    return client->call(call);
}

void Context::print(ApiReply const& reply,
                    std::function<std::string(boost::json::value const&)> const& shown) const {
    if (json()) {
        if (!reply.body.empty()) {
            out(reply.body.ends_with('\n') ? reply.body : reply.body + "\n");
        }
        return;
    }
    out(shown(reply.document));
}

void Context::print_document(ApiReply const& reply) const {
    print(reply,
          [this](boost::json::value const& document) { return document_text(document, width()); });
}

bool Context::can_answer() const {
    bool const files =
        session_ && !session_->password_file.empty() && !session_->totp_secret_file.empty();
    return files || input_is_terminal();
}

Result<std::string> Context::password(std::string_view question) {
    RASTRO_TRY(stored, session());
    if (!stored->password_file.empty()) {
        RASTRO_TRY(text, certs::read_secret_file(stored->password_file));
        return first_line(text);
    }
    auto answer = ask_without_echo(question);
    if (!answer) {
        return Failure(ExitCode::usage,
                       "There is no terminal to ask on; give --password-file and "
                       "--totp-secret-file\n");
    }
    return *answer;
}

Result<std::string> Context::one_time_code() {
    RASTRO_TRY(stored, session());
    if (stored->totp_secret_file.empty()) {
        auto answer = ask_without_echo("One-time code: ");
        if (!answer) {
            return Failure(ExitCode::usage,
                           "There is no terminal to ask on; give --totp-secret-file\n");
        }
        return *answer;
    }
    RASTRO_TRY(text, certs::read_secret_file(stored->totp_secret_file));
    auto const secret = from_base32(first_line(text));
    if (!secret || secret->empty()) {
        return Failure(ExitCode::local,
                       stored->totp_secret_file + " does not hold a secret in base32\n");
    }
    // A code counts once, and the server takes the next one up to one step early.
    auto const step_now = [this] { return to_unix_us(clock().now()) / 1'000'000 / kStepSeconds; };
    auto const step = std::max(step_now(), stored->last_code_step + 1);
    if (step > step_now() + 1) {
        note("waiting for the next one-time code");
    }
    while (step > step_now() + 1) {
        if (!sleep_unless_interrupted(std::chrono::milliseconds{200})) {
            return Failure(ExitCode::interrupted, "Interrupted\n");
        }
    }
    stored->last_code_step = step;
    RASTRO_CHECK(keep_session());
    return totp::code_at(*secret, step);
}

Result<bool> confirm_identity(Context& context) {
    context.note("The server wants to be sure that it is you.");
    RASTRO_TRY(password, context.password("Password: "));
    RASTRO_TRY(code, context.one_time_code());
    ApiCall call{.operation = "session_step_up"};
    call.body = boost::json::object{{"password", password}, {"totp", code}};
    RASTRO_TRY(reply, context.call(call));
    RASTRO_TRY(stored, context.session());
    auto const token = text_at(reply.document, "/token");
    if (!token.empty()) {
        stored->token = token;
        context.use_token(token);
        RASTRO_CHECK(context.keep_session());
    }
    return true;
}

Result<std::string> read_input(std::string const& path, std::size_t limit) {
    std::string text;
    if (path == "-") {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
    } else {
        std::ifstream stream(path, std::ios::binary);
        if (!stream || std::filesystem::is_directory(path)) {
            return Failure(ExitCode::local, path + " cannot be read\n");
        }
        text.assign(std::istreambuf_iterator<char>(stream), {});
    }
    if (text.size() > limit) {
        return Failure(ExitCode::local, path + " is too long\n");
    }
    return text;
}

Result<void> write_new(std::filesystem::path const& path,
                       std::string_view text,
                       certs::FileAccess access) {
    try {
        if (!certs::create_file(path, text, access)) {
            return Failure(ExitCode::local, path.string() + " is there already\n");
        }
    } catch (std::system_error const& fault) {
        return Failure(ExitCode::local, path.string() + ": " + fault.what() + "\n");
    }
    return boost::system::in_place_value;
}

Result<boost::json::value> read_json_input(std::string const& path) {
    RASTRO_TRY(text, read_input(path));
    boost::system::error_code fault;
    auto document = boost::json::parse(text, fault);
    if (fault) {
        return Failure(ExitCode::usage, path + " is not JSON: " + fault.message() + "\n");
    }
    return document;
}

std::optional<Bytes> from_base32(std::string_view text) {
    Bytes bytes;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char c : text) {
        std::uint32_t digit = 0;
        if (c == ' ' || c == '=' || c == '-') {
            continue;
        }
        if (c >= 'A' && c <= 'Z') {
            digit = static_cast<std::uint32_t>(c - 'A');
        } else if (c >= 'a' && c <= 'z') {
            digit = static_cast<std::uint32_t>(c - 'a');
        } else if (c >= '2' && c <= '7') {
            digit = static_cast<std::uint32_t>(c - '2') + 26;
        } else {
            return std::nullopt;
        }
        bits = (bits << 5U) | digit;
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::uint8_t>((bits >> count) & 0xFFU));
        }
    }
    return bytes;
}

}  // namespace rastro::client
