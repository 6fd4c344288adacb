// Signing in and the own account.
#include "client/commands/all.hpp"
#include "client/context.hpp"
#include "client/table.hpp"
#include "client/terminal.hpp"
#include "common/text.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

// The notice of use, in the person's language, accepted or not.
Result<void> accept_notice(Context& context) {
    if (context.has("accept-notice")) {
        return boost::system::in_place_value;
    }
    RASTRO_TRY(reply, context.call({.operation = "use_banner"}));
    auto const text = text_at(reply.document, "/text/" + context.language());
    context.err(text + "\n");
    auto const answer = ask("Do you accept? [y/N] ");
    auto const said = to_lower_ascii(trim(answer.value_or("")));
    if (said != "y" && said != "yes" && said != "s" && said != "o") {
        return Failure(ExitCode::refused,
                       "Without accepting the notice of use there is no sign-in; scripts give "
                       "--accept-notice\n");
    }
    return boost::system::in_place_value;
}

Result<ExitCode> sign_in(Context& context) {
    RASTRO_TRY(session, context.session());
    if (context.has("login")) {
        session->login = context.text("login");
    }
    if (session->login.empty() && session->certificate.empty()) {
        auto const answer = ask("Login: ");
        session->login = std::string(trim(answer.value_or("")));
        if (session->login.empty()) {
            return Failure(ExitCode::usage, "Who? --login NAME\n");
        }
    }
    session->token.clear();
    if (!session->certificate.empty()) {
        // A certificate signs in by itself; only what it works for is kept.
        RASTRO_TRY(me, context.call({.operation = "me"}));
        RASTRO_CHECK(context.keep_session());
        context.print(me, [&](json::value const& document) {
            return "This system is " + text_at(document, "/agency/agency") + ", acting for " +
                   session->acting_for + ". Kept as profile " + context.profile() + ".\n";
        });
        return ExitCode::ok;
    }
    RASTRO_CHECK(accept_notice(context));
    RASTRO_TRY(password, context.password("Password of " + session->login + ": "));
    RASTRO_TRY(code, context.one_time_code());
    ApiCall call{.operation = "session_create"};
    call.body = json::object{{"login", session->login},
                             {"password", password},
                             {"totp", code},
                             {"accept_use_banner", true}};
    RASTRO_TRY(reply, context.call(call));
    session->token = text_at(reply.document, "/token");
    session->expires_at = text_at(reply.document, "/expires_at");
    RASTRO_CHECK(context.keep_session());
    context.print(reply, [&](json::value const& document) {
        auto text = "Signed in as " + session->login + " until " + short_time(session->expires_at) +
                    " (profile " + context.profile() + ").\n";
        if (text_at(document, "/must_change_password") == "true") {
            text += "The first password has to be changed now: rastro password\n";
        }
        return text;
    });
    return ExitCode::ok;
}

Result<ExitCode> sign_out(Context& context) {
    RASTRO_TRY(session, context.session());
    bool const signed_in = !session->token.empty();
    Result<ApiReply> ended = ApiReply{};
    if (signed_in) {
        ended = context.call({.operation = "session_end", .path = {{"session_id", "current"}}});
    }
    session->token.clear();
    session->expires_at.clear();
    RASTRO_CHECK(context.keep_session());
    if (!ended && (!ended.error().problem || ended.error().problem->status != 401)) {
        return ended.error();
    }
    context.note(signed_in ? "Signed out." : "Nobody was signed in.");
    return ExitCode::ok;
}

Result<ExitCode> who_am_i(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "me"}));
    context.print(reply, [&](json::value const& document) {
        Listing listing;
        auto const name = text_at(document, "/user/display_name");
        if (!name.empty()) {
            listing.add("Person", name + " (" + text_at(document, "/user/login") + ")");
        } else {
            listing.add("System", text_at(document, "/id"));
            listing.add("Acting for", text_at(document, "/acting_for"));
        }
        listing.add("Agency",
                    text_at(document, "/agency/agency") + "  " + text_at(document, "/agency/name"));
        listing.add("Roles", text_at(document, "/roles"));
        listing.add("Step-up until", short_time(text_at(document, "/step_up_until")));
        return listing.text(context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> step_up(Context& context) {
    RASTRO_TRY(confirmed, confirm_identity(context));
    context.note(confirmed ? "Confirmed." : "Not confirmed.");
    return confirmed ? ExitCode::ok : ExitCode::refused;
}

Result<ExitCode> list_sessions(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "session_list"}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"SESSION", {"/session_id"}},
                         {"CURRENT", {"/current"}},
                         {"FROM", {"/remote_address"}},
                         {"SINCE", {"/created_at"}},
                         {"LAST SEEN", {"/last_seen_at"}},
                         {"ENDS", {"/expires_at"}}},
                        context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> end_session(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "session_end",
                             .path = {{"session_id", context.text("session")}}}));
    context.note("Ended.");
    return ExitCode::ok;
}

Result<std::string> new_password(Context& context) {
    if (context.has("new-password-file")) {
        RASTRO_TRY(text, read_input(context.text("new-password-file"), 4096));
        return text.substr(0, text.find_first_of("\r\n"));
    }
    auto const first = ask_without_echo("New password: ");
    auto const second = ask_without_echo("New password again: ");
    if (!first || !second) {
        return Failure(ExitCode::usage,
                       "There is no terminal to ask on; give --new-password-file\n");
    }
    if (*first != *second) {
        return Failure(ExitCode::usage, "The two are not the same; nothing was changed\n");
    }
    return *first;
}

Result<ExitCode> change_password(Context& context) {
    RASTRO_TRY(current, context.password("Present password: "));
    RASTRO_TRY(wanted, new_password(context));
    ApiCall call{.operation = "password_change"};
    call.body = json::object{{"current_password", current}, {"new_password", wanted}};
    RASTRO_TRY(reply, context.call(call));
    context.note("The password is changed; other sessions have ended.");
    return ExitCode::ok;
}

Result<ExitCode> new_code_secret(Context& context) {
    ApiCall call{.operation = "totp_enrol"};
    call.body = json::object{};
    RASTRO_TRY(reply, context.call(call));
    context.print(reply, [](json::value const& document) {
        return "Add this to the authenticator app, then give its next code:\n  " +
               text_at(document, "/otpauth_uri") + "\n  secret " + text_at(document, "/secret") +
               "\n";
    });
    auto const code = context.has("code") ? std::optional(context.text("code"))
                                          : ask_without_echo("One-time code of the new secret: ");
    if (!code) {
        context.note("Confirm it with: rastro totp-confirm CODE");
        return ExitCode::ok;
    }
    ApiCall confirm{.operation = "totp_confirm"};
    confirm.body = json::object{{"totp", *code}};
    RASTRO_TRY(confirmed, context.call(confirm));
    context.note("The new secret counts from now on.");
    return ExitCode::ok;
}

Result<ExitCode> confirm_code_secret(Context& context) {
    ApiCall confirm{.operation = "totp_confirm"};
    confirm.body = json::object{{"totp", context.text("code")}};
    RASTRO_TRY(confirmed, context.call(confirm));
    context.note("The new secret counts from now on.");
    return ExitCode::ok;
}

}  // namespace

std::vector<Command> account_commands() {
    return {
        {.path = "sign-in",
         .summary = "Sign in with password and one-time code, or keep a client certificate",
         .details = "Server, authorities and login are remembered under the profile, so the next "
                    "sign-in needs no options.\nPassword and code are asked for without echo; "
                    "scripts give --password-file and --totp-secret-file (mode 0600) and "
                    "--accept-notice.\nAn agency's system gives --certificate, --key and "
                    "--acting-for instead.",
         .options = {value("--login", "NAME", "Login of the person"),
                     flag("--accept-notice", "The notice of use was read and is accepted")},
         .examples =
             {"rastro sign-in --server https://localhost:8443 --ca demo/ca.pem --login ana.xa",
              "rastro --profile gw sign-in --server https://localhost:8444 --ca ca.pem "
              "--certificate gw.pem --key gw.key --acting-for officer-17"},
         .run = sign_in},
        {.path = "sign-out",
         .summary = "End the session and forget its token",
         .details = {},
         .options = {},
         .examples = {"rastro sign-out"},
         .run = sign_out},
        {.path = "whoami",
         .summary = "Who the server takes you for",
         .details = {},
         .options = {},
         .examples = {"rastro whoami", "rastro whoami --json | jq -r .agency.agency"},
         .run = who_am_i},
        {.path = "step-up",
         .summary = "Confirm who you are again with password and a new code",
         .details = "Commands that need a fresh confirmation ask for it by themselves.",
         .options = {},
         .examples = {"rastro step-up"},
         .run = step_up},
        {.path = "sessions",
         .summary = "Own open sessions",
         .details = {},
         .options = {},
         .examples = {"rastro sessions"},
         .run = list_sessions},
        {.path = "end-session",
         .summary = "End one of the own sessions",
         .details = {},
         .options = {positional("session", "Id from rastro sessions")},
         .examples = {"rastro end-session 0190c3a2-7f00-7000-8000-000000000001"},
         .run = end_session},
        {.path = "password",
         .summary = "Change the own password",
         .details = {},
         .options = {file(
             value("--new-password-file", "FILE", "For scripts; its first line counts"))},
         .examples = {"rastro password"},
         .run = change_password},
        {.path = "totp",
         .summary = "Make a new secret for one-time codes",
         .details = "The old secret counts until the first code of the new one is confirmed.",
         .options = {value(
             "--code", "CODE", "First code of the new secret, if it is known already")},
         .examples = {"rastro totp"},
         .run = new_code_secret},
        {.path = "totp-confirm",
         .summary = "Confirm the new secret with its first code",
         .details = {},
         .options = {positional("code", "Six digits")},
         .examples = {"rastro totp-confirm 123456"},
         .run = confirm_code_secret},
    };
}

}  // namespace rastro::client
