#include "client/local_database.hpp"

#include "certs/key_files.hpp"
#include "config/loader.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::client {

std::vector<Option> owner_options() {
    return {file(value("--config", "FILE", "Settings of the server [/etc/rastro/rastro.toml]")),
            repeated(value("--set", "KEY=VALUE", "One setting, over the file and the environment")),
            value("--owner", "ROLE", "Role that owns the schema [RASTRO_OWNER; rastro_owner]"),
            file(value("--owner-password-file",
                       "FILE",
                       "Its password, mode 0600 [RASTRO_OWNER_PASSWORD_FILE]"))};
}

Result<config::Settings> server_settings(Context& context) {
    std::optional<config::Path> named;
    if (context.has("config")) {
        named = context.text("config");
    }
    auto loaded = config::load(config::system_sources(named, context.arguments().all("set")));
    if (!loaded.faults.empty()) {
        std::string text = "The settings of the server are not in order\n";
        for (auto const& fault : loaded.faults) {
            text += "  " + fault.to_string() + "\n";
        }
        return Failure(ExitCode::local, text);
    }
    return std::move(loaded.settings);
}

Result<storage::ConnectionSettings> owner_connection(Context& context,
                                                     config::Settings const& settings) {
    storage::ConnectionSettings connection;
    connection.host = settings.database.host;
    connection.port = settings.database.port;
    connection.database = settings.database.name;
    connection.ssl_mode = std::string(config::sslmode_text(settings.database.sslmode));
    connection.statement_timeout = std::chrono::minutes{10};
    connection.lock_timeout = std::chrono::seconds{30};
    connection.application_name = "rastro";
    auto const role = context.environment("RASTRO_OWNER");
    connection.user = context.arguments().text_or("owner", role.empty() ? "rastro_owner" : role);
    auto const password_file = context.arguments().text_or(
        "owner-password-file", context.environment("RASTRO_OWNER_PASSWORD_FILE"));
    if (!password_file.empty()) {
        auto password = certs::read_secret_file(password_file);
        if (!password) {
            Failure failure(password.error());
            failure.text = password_file + ": " + failure.text;
            return failure;
        }
        connection.password = password.value().substr(0, password.value().find_first_of("\r\n"));
    }
    return connection;
}

Result<ExitCode> with_owner(
    Context& context,
    std::function<Result<ExitCode>(storage::Connection&, config::Settings const&)> const& work) {
    RASTRO_TRY(settings, server_settings(context));
    RASTRO_TRY(how, owner_connection(context, settings));
    try {
        storage::Connection connection(how);
        return work(connection, settings);
    } catch (storage::StorageError const& fault) {
        return Failure(ExitCode::local,
                       "The database " + how.database + " at " + how.host + " as " + how.user +
                           ": " + fault.what() + "\n");
    }
}

}  // namespace rastro::client
