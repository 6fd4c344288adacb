#include "client/command.hpp"

#include <algorithm>
#include <iterator>

#include "client/commands/all.hpp"

namespace rastro::client {

void Arguments::set(std::string const& name, std::vector<std::string> values) {
    values_[name] = std::move(values);
}

bool Arguments::has(std::string_view name) const {
    return values_.find(name) != values_.end();
}

std::string Arguments::text(std::string_view name) const {
    return text_or(name, {});
}

std::string Arguments::text_or(std::string_view name, std::string_view otherwise) const {
    auto const found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::string(otherwise)
                                                           : found->second.back();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
    auto const found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::vector<Command> const& all_commands() {
    static std::vector<Command> const commands = [] {
        std::vector<Command> all;
        for (auto const& list :
             {account_commands(),   trace_commands(),       leg_commands(),
              answer_commands(),    serial_commands(),      register_commands(),
              case_type_commands(), linked_case_commands(), linked_case_part_commands(),
              randot_commands(),    tracker_commands(),     import_commands(),
              agency_commands(),    user_commands(),        catalogue_commands(),
              audit_commands(),     migrate_commands(),     bootstrap_commands(),
              certs_commands(),     config_commands(),      program_commands()}) {
            all.insert(all.end(), list.begin(), list.end());
        }
        return all;
    }();
    return commands;
}

std::vector<Group> const& all_groups() {
    static std::vector<Group> const groups{
        {"trace", "Trace requests: write, send, follow, answer"},
        {"serial", "Serial numbers: search"},
        {"match", "Matches: two statements about one firearm"},
        {"register", "Register of lost, stolen, wanted and destroyed firearms"},
        {"case", "Declared cases: open, act, share, link"},
        {"randot", "The RANDOT report and its kept versions"},
        {"tracker", "The follow-up of the RANDOT measures for a meeting"},
        {"agency", "Agencies that take part, and their certificates"},
        {"agency certificate", "Client certificates of an agency's systems"},
        {"user", "People of the own agency, their roles and credentials"},
        {"route", "Who receives requests for a country"},
        {"catalogue", "Makes of firearms, and names that wait for a person"},
        {"audit", "The audit log: export and verify"},
        {"certs", "Authorities, certificates and revocation (on the operator's machine)"},
        {"config", "Settings of the server"},
        {"help", "Texts that belong to no single command"},
    };
    return groups;
}

std::vector<Option> const& global_options() {
    static std::vector<Option> const options{
        value("--server", "URL", "Server, https://host:port [RASTRO_URL]"),
        file(value("--ca",
                   "FILE",
                   "Certificates of the authorities that may name the server [RASTRO_CA]")),
        value("--profile", "NAME", "Which stored sign-in to use [RASTRO_PROFILE; default]"),
        file(value("--certificate", "FILE", "Client certificate of an agency's system, PEM")),
        file(value("--key", "FILE", "Its private key, PEM, readable by its owner only")),
        value("--acting-for", "PERSON", "The person for whom an agency's system acts"),
        file(value("--password-file", "FILE", "Password, for scripts; its first line counts")),
        file(value("--totp-secret-file",
                   "FILE",
                   "Secret of the one-time codes in base32, for scripts and demonstrations")),
        one_of(value("--language", "CODE", "Language of messages [LANG]"),
               {"en", "es", "pt", "fr"}),
        value("--timeout", "SECONDS", "Longest wait for one reply [30]"),
        flag("--json", "The server's JSON, unchanged, as one document"),
        flag("--quiet", "No progress, no notes; results and errors only"),
    };
    return options;
}

Command const* find_command(std::string_view path) {
    auto const& commands = all_commands();
    auto const found = std::ranges::find_if(
        commands, [&](Command const& command) { return command.path == path; });
    return found == commands.end() ? nullptr : &*found;
}

Option positional(std::string name, std::string help) {
    return Option{.name = std::move(name),
                  .value_name = {},
                  .help = std::move(help),
                  .required = true,
                  .choices = {}};
}
Option flag(std::string name, std::string help) {
    return Option{
        .name = std::move(name), .value_name = {}, .help = std::move(help), .choices = {}};
}
Option value(std::string name, std::string value_name, std::string help) {
    return Option{.name = std::move(name),
                  .value_name = std::move(value_name),
                  .help = std::move(help),
                  .choices = {}};
}
Option required(Option option) {
    option.required = true;
    return option;
}
Option repeated(Option option) {
    option.repeated = true;
    return option;
}
Option optional(Option option) {
    option.required = false;
    return option;
}
Option one_of(Option option, std::vector<std::string> choices) {
    option.choices = std::move(choices);
    return option;
}
Option file(Option option) {
    option.completion = Completion::files;
    return option;
}
Option folder(Option option) {
    option.completion = Completion::folders;
    return option;
}

std::string key_of(Option const& option) {
    return option.is_positional() ? option.name : option.name.substr(2);
}

std::vector<Option> joined(std::vector<std::vector<Option>> lists) {
    std::vector<Option> all;
    for (auto& list : lists) {
        std::ranges::move(list, std::back_inserter(all));
    }
    return all;
}

}  // namespace rastro::client
