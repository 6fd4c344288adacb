// The database as its owner, for the commands that run on the server's machine.
#pragma once

#include <vector>

#include "client/context.hpp"
#include "config/settings.hpp"
#include "storage/db/connection.hpp"

namespace rastro::client {

// --config, --set, --owner, --owner-password-file
[[nodiscard]] std::vector<Option> owner_options();

// The server's settings from --config, the environment and --set; all faults in one failure.
[[nodiscard]] Result<config::Settings> server_settings(Context& context);

// The database of those settings, as the role of --owner (RASTRO_OWNER, rastro_owner) with the
// password in --owner-password-file (RASTRO_OWNER_PASSWORD_FILE; none: peer authentication).
[[nodiscard]] Result<storage::ConnectionSettings> owner_connection(
    Context& context, config::Settings const& settings);

// Runs `work`, a StorageError becoming a failure of this machine.
[[nodiscard]] Result<ExitCode> with_owner(
    Context& context,
    std::function<Result<ExitCode>(storage::Connection&, config::Settings const&)> const& work);

}  // namespace rastro::client
