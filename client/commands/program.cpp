// completion, version, health, help.
#include <boost/json/parse.hpp>

#include "client/commands/all.hpp"
#include "client/completion.hpp"
#include "client/context.hpp"
#include "client/table.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

Result<ExitCode> completion(Context& context) {
    auto const shell = context.text("shell");
    context.out(shell == "bash" ? bash_completion()
                                : (shell == "zsh" ? zsh_completion() : fish_completion()));
    return ExitCode::ok;
}

Result<ExitCode> version(Context& context) {
    context.out("rastro " RASTRO_VERSION "\n");
    if (!context.has("remote")) {
        return ExitCode::ok;
    }
    RASTRO_TRY(reply, context.call({.operation = "version"}));
    context.print_document(reply);
    return ExitCode::ok;
}

std::string health_text(json::value const& document, std::size_t width) {
    Listing listing;
    listing.add("server", text_at(document, "/status"));
    for (auto const* check : items_at(document, "/checks")) {
        bool const good = text_at(*check, "/ok") == "true";
        listing.add(text_at(*check, "/name"),
                    good ? "ok" : "failed  " + text_at(*check, "/detail"));
    }
    return listing.text(width);
}

// Ready: 0. Alive and not ready (503 with the same document), or not there: 4.
Result<ExitCode> health(Context& context) {
    auto const reply = context.call({.operation = "readyz", .repeat = false});
    if (reply) {
        context.print(reply.value(), [&](json::value const& document) {
            return health_text(document, context.width());
        });
        return ExitCode::ok;
    }
    auto const failure = reply.error();
    boost::system::error_code fault;
    auto const document =
        failure.problem ? json::parse(failure.problem->document, fault) : json::value();
    if (fault || items_at(document, "/checks").empty()) {
        return failure;
    }
    context.out(context.json() ? failure.problem->document + "\n"
                               : health_text(document, context.width()));
    return ExitCode::unavailable;
}

}  // namespace

std::vector<Command> program_commands() {
    return {
        {.path = "health",
         .summary = "Whether the server can do its work",
         .details = {},
         .options = {},
         .examples = {"rastro health --server https://localhost:8443 --ca ca.pem"},
         .run = health},
        {.path = "version",
         .summary = "Version of this program",
         .details = {},
         .options = {flag("--remote", "Also of the server")},
         .examples = {"rastro version --remote"},
         .run = version},
        {.path = "completion",
         .summary = "Completion script for a shell",
         .details = {},
         .options = {one_of(positional("shell", "Shell"), {"bash", "zsh", "fish"})},
         .examples = {"rastro completion bash > ~/.local/share/bash-completion/completions/rastro"},
         .run = completion},
        {.path = "help exit-codes",
         .summary = "What the exit codes mean",
         .details = {},
         .options = {},
         .examples = {"rastro help exit-codes"},
         .run = [](Context& context) -> Result<ExitCode> {
             context.out(exit_codes_text());
             return ExitCode::ok;
         }},
    };
}

}  // namespace rastro::client
