// Every file of commands gives its list here.
#pragma once

#include <vector>

#include "client/command.hpp"

namespace rastro::client {

[[nodiscard]] std::vector<Command> account_commands();    // sign-in, sign-out, whoami, step-up, ...
[[nodiscard]] std::vector<Command> trace_commands();      // trace: the asking side and reading
[[nodiscard]] std::vector<Command> leg_commands();        // trace: the asked side
[[nodiscard]] std::vector<Command> answer_commands();     // trace: answers and what happens to them
[[nodiscard]] std::vector<Command> serial_commands();     // serial, match
[[nodiscard]] std::vector<Command> register_commands();   // register
[[nodiscard]] std::vector<Command> case_type_commands();  // case type
[[nodiscard]] std::vector<Command> linked_case_commands();  // case
[[nodiscard]] std::vector<Command>
linked_case_part_commands();                              // case: team, seals, links, signals
[[nodiscard]] std::vector<Command> randot_commands();     // randot
[[nodiscard]] std::vector<Command> tracker_commands();    // tracker
[[nodiscard]] std::vector<Command> import_commands();     // import
[[nodiscard]] std::vector<Command> agency_commands();     // agency, route
[[nodiscard]] std::vector<Command> user_commands();       // user
[[nodiscard]] std::vector<Command> catalogue_commands();  // catalogue
[[nodiscard]] std::vector<Command> audit_commands();      // audit
[[nodiscard]] std::vector<Command> migrate_commands();    // migrate
[[nodiscard]] std::vector<Command> bootstrap_commands();  // bootstrap
[[nodiscard]] std::vector<Command> certs_commands();      // certs
[[nodiscard]] std::vector<Command> config_commands();     // config
[[nodiscard]] std::vector<Command> program_commands();    // completion, version, health, help

}  // namespace rastro::client
