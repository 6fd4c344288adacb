// config: settings of the server, as files and as they take effect.
#include "config/loader.hpp"

#include <boost/json/serialize.hpp>

#include "client/commands/all.hpp"
#include "client/context.hpp"
#include "config/example.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

config::Configuration loaded(Context const& context) {
    std::optional<config::Path> named;
    if (context.has("config")) {
        named = context.text("config");
    }
    return config::load(config::system_sources(named, context.arguments().all("set")));
}

Result<ExitCode> check(Context& context) {
    auto const configuration = loaded(context);
    if (!configuration.faults.empty()) {
        std::string text = "The settings are not in order\n";
        for (auto const& fault : configuration.faults) {
            text += "  " + fault.to_string() + "\n";
        }
        return Failure(ExitCode::refused, text);
    }
    context.out(std::to_string(configuration.shown.size()) + " settings, all in order\n");
    return ExitCode::ok;
}

Result<ExitCode> show(Context& context) {
    auto const configuration = loaded(context);
    if (context.json()) {
        json::array items;
        for (auto const& setting : configuration.shown) {
            items.push_back(json::object{
                {"name", setting.name}, {"value", setting.value}, {"origin", setting.origin}});
        }
        context.out(json::serialize(json::object{{"items", items}}) + "\n");
        return ExitCode::ok;
    }
    context.out(config::shown_text(configuration.shown, context.has("origin")));
    return ExitCode::ok;
}

std::vector<Option> source_options() {
    return {
        file(value("--config", "FILE", "Settings of the server [/etc/rastro/rastro.toml]")),
        repeated(value("--set", "KEY=VALUE", "One setting, over the file and the environment"))};
}

}  // namespace

std::vector<Command> config_commands() {
    return {
        {.path = "config check",
         .summary = "Whether the server would start with these settings; all faults at once",
         .details = {},
         .options = source_options(),
         .examples = {"rastro config check --config rastro.toml"},
         .run = check},
        {.path = "config show",
         .summary = "Every setting as it takes effect; secrets as ***",
         .details = {},
         .options =
             joined({{flag("--origin", "Say where each value comes from")}, source_options()}),
         .examples = {"rastro config show --origin"},
         .run = show},
        {.path = "config example",
         .summary = "The commented file of settings",
         .details = {},
         .options = {},
         .examples = {"rastro config example > rastro.toml"},
         .run = [](Context& context) -> Result<ExitCode> {
             context.out(config::example_text());
             return ExitCode::ok;
         }},
    };
}

}  // namespace rastro::client
