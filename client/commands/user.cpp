// People of the own agency: accounts, credentials, roles.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/context.hpp"
#include "client/credentials_output.hpp"
#include "common/ids.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

// An id, or the login of somebody of the own agency.
Result<std::string> user_id(Context& context, std::string const& named) {
    if (Uuid::parse(named)) {
        return named;
    }
    ApiCall call{.operation = "user_list", .query = {{"limit", "200"}, {"after", ""}}};
    for (;;) {
        RASTRO_TRY(reply, context.call(call));
        for (auto const* user : items_at(reply.document, "/items")) {
            if (text_at(*user, "/login") == named) {
                return text_at(*user, "/user_id");
            }
        }
        auto const next = text_at(reply.document, "/next");
        if (next.empty()) {
            return Failure(ExitCode::refused,
                           "No user of this agency has the login " + named + "\n");
        }
        call.query[1].second = next;
    }
}

Result<ExitCode> list(Context& context) {
    return list_items(context,
                      {.operation = "user_list",
                       .query = {{"state", context.text("state")}, {"role", context.text("role")}}},
                      {{"LOGIN", {"/login"}},
                       {"NAME", {"/display_name"}},
                       {"STATE", {"/state"}},
                       {"ROLES", {"/roles"}},
                       {"LAST SIGN-IN", {"/last_sign_in_at"}},
                       {"USER", {"/user_id"}}});
}

Result<ExitCode> show(Context& context) {
    RASTRO_TRY(id, user_id(context, context.text("user")));
    RASTRO_TRY(reply, context.call({.operation = "user_read", .path = {{"user_id", id}}}));
    context.print_document(reply);
    return ExitCode::ok;
}

// First credentials are shown once; --json without a file gives the server's reply.
Result<ExitCode> hand_out(Context& context, ApiReply const& reply) {
    if (context.json() && !context.has("credentials-file") && !context.has("credentials-dir")) {
        context.print_document(reply);
        return ExitCode::ok;
    }
    return hand_out_credentials(context,
                                {{.login = text_at(reply.document, "/user/login"),
                                  .password = text_at(reply.document, "/first_password"),
                                  .totp_secret = text_at(reply.document, "/totp/secret"),
                                  .otpauth_uri = text_at(reply.document, "/totp/otpauth_uri")}});
}

Result<ExitCode> create(Context& context) {
    json::value body = json::object{{"login", context.text("login")}};
    put_text(context,
             body,
             {{"name", "/display_name"}, {"email", "/email"}, {"user-language", "/language"}});
    json::array roles;
    for (auto const& role : context.arguments().all("role")) {
        roles.emplace_back(role);
    }
    if (!roles.empty()) {
        set_at(body, "/propose_roles", std::move(roles));
    }
    ApiCall call{.operation = "user_create"};
    call.body = std::move(body);
    RASTRO_TRY(reply, context.call(call));
    return hand_out(context, reply);
}

Result<ExitCode> change(Context& context) {
    RASTRO_TRY(id, user_id(context, context.text("user")));
    json::value body = json::object{};
    put_text(context,
             body,
             {{"name", "/display_name"},
              {"email", "/email"},
              {"user-language", "/language"},
              {"state", "/state"}});
    if (body.get_object().empty()) {
        return Failure(ExitCode::usage, "Nothing to change was named\n");
    }
    return change_read(
        context,
        {.operation = "user_read", .path = {{"user_id", id}}},
        {.operation = "user_change", .path = {{"user_id", id}}, .body = std::move(body)});
}

Result<ExitCode> unlock(Context& context) {
    RASTRO_TRY(id, user_id(context, context.text("user")));
    RASTRO_TRY(reply, context.call({.operation = "user_unlock", .path = {{"user_id", id}}}));
    context.print_document(reply);
    return ExitCode::ok;
}

Result<ExitCode> reset(Context& context) {
    RASTRO_TRY(id, user_id(context, context.text("user")));
    RASTRO_TRY(reply, context.call({.operation = "user_reset", .path = {{"user_id", id}}}));
    return hand_out(context, reply);
}

Result<ExitCode> propose(Context& context, std::string_view kind) {
    RASTRO_TRY(id, user_id(context, context.text("user")));
    ApiCall call{.operation = "role_grant_propose"};
    call.body = json::object{{"user_id", id}, {"role", context.text("role")}, {"kind", kind}};
    RASTRO_TRY(reply, context.call(call));
    context.print_document(reply);
    context.note("A second person decides: rastro user decide " +
                 text_at(reply.document, "/grant_id") + " accepted");
    return ExitCode::ok;
}

Result<ExitCode> list_grants(Context& context) {
    return list_items(
        context,
        {.operation = "role_grant_list", .query = {{"state", context.has("decided") ? "all" : ""}}},
        {{"GRANT", {"/grant_id"}},
         {"KIND", {"/kind"}},
         {"ROLE", {"/role"}},
         {"LOGIN", {"/login"}},
         {"STATE", {"/state"}},
         {"PROPOSED", {"/proposed_at"}}});
}

Result<ExitCode> decide(Context& context) {
    ApiCall call{.operation = "role_grant_decide", .path = {{"grant_id", context.text("grant")}}};
    call.body = json::object{{"decision", context.text("decision")}};
    RASTRO_TRY(reply, context.call(call));
    context.print_document(reply);
    return ExitCode::ok;
}

Option user_argument() {
    return positional("user", "Login or id");
}

std::vector<Option> person_options() {
    return {value("--name", "TEXT", "Name as others see it"),
            value("--email", "ADDRESS", "E-mail address"),
            one_of(value("--user-language", "CODE", "Language of the person"),
                   {"en", "es", "pt", "fr"})};
}

}  // namespace

std::vector<Command> user_commands() {
    return {
        {.path = "user list",
         .summary = "Users of the own agency",
         .details = {},
         .options = joined(
             {{one_of(value("--state", "STATE", "Only these"), {"active", "disabled", "locked"}),
               one_of(value("--role", "ROLE", "Only who has it"), role_names())},
              paging_options()}),
         .examples = {"rastro user list --state locked"},
         .run = list},
        {.path = "user show",
         .summary = "One user",
         .details = {},
         .options = {user_argument()},
         .examples = {"rastro user show ana.xa"},
         .run = show},
        {.path = "user create",
         .summary = "Add a user to the own agency",
         .details = "Prints first password and secret of one-time codes, once. Roles are proposed "
                    "and wait for a second person.",
         .options =
             joined({{positional("login", "Lower-case letters, digits and . _ - @"),
                      repeated(one_of(value("--role", "ROLE", "Role to propose"), role_names()))},
                     person_options(),
                     credentials_options()}),
         .examples = {"rastro user create ana.xa --name 'Ana Example' --role agency_user"},
         .run = create},
        {.path = "user change",
         .summary = "Change a user; disabling ends all sessions",
         .details = {},
         .options = joined(
             {{user_argument(),
               one_of(value("--state", "STATE", "May sign in or not"), {"active", "disabled"})},
              person_options()}),
         .examples = {"rastro user change ana.xa --state disabled"},
         .run = change},
        {.path = "user unlock",
         .summary = "Release an account that failures locked",
         .details = {},
         .options = {user_argument()},
         .examples = {"rastro user unlock ana.xa"},
         .run = unlock},
        {.path = "user reset",
         .summary = "Issue new first credentials",
         .details = {},
         .options = joined({{user_argument()}, credentials_options()}),
         .examples = {"rastro user reset ana.xa --credentials-file ana.txt"},
         .run = reset},
        {.path = "user grant",
         .summary = "Propose to give a role",
         .details = {},
         .options = {user_argument(), one_of(positional("role", "Role"), role_names())},
         .examples = {"rastro user grant ana.xa tracing_analyst"},
         .run = [](Context& context) { return propose(context, "give"); }},
        {.path = "user take",
         .summary = "Propose to take a role away",
         .details = {},
         .options = {user_argument(), one_of(positional("role", "Role"), role_names())},
         .examples = {"rastro user take ana.xa tracing_analyst"},
         .run = [](Context& context) { return propose(context, "take"); }},
        {.path = "user grants",
         .summary = "Role grants waiting for a second person",
         .details = {},
         .options = {flag("--decided", "The decided ones too")},
         .examples = {"rastro user grants"},
         .run = list_grants},
        {.path = "user decide",
         .summary = "As second person, accept or reject a grant",
         .details = {},
         .options = {positional("grant", "Id from rastro user grants"),
                     one_of(positional("decision", "Decision"), {"accepted", "rejected"})},
         .examples = {"rastro user decide 0190c3a2-7f00-7000-8000-000000000001 accepted"},
         .run = decide},
    };
}

}  // namespace rastro::client
