// completion, version, health, help.
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

// Ready: 0. Alive and not ready, or not there: 4.
Result<ExitCode> health(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "readyz"}));
    context.print(reply, [&](json::value const& document) {
        Listing listing;
        listing.add("server", text_at(document, "/status"));
        for (auto const* check : items_at(document, "/checks")) {
            bool const good = text_at(*check, "/ok") == "true";
            listing.add(text_at(*check, "/name"),
                        good ? "ok" : "failed  " + text_at(*check, "/detail"));
        }
        return listing.text(context.width());
    });
    return text_at(reply.document, "/status") == "ok" ? ExitCode::ok : ExitCode::unavailable;
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
