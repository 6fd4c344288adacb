// migrate and bootstrap: what the owner of the database does.
#include <boost/json/serialize.hpp>

#include "cases/agency_code.hpp"
#include "client/commands/all.hpp"
#include "client/credentials_output.hpp"
#include "client/local_database.hpp"
#include "client/table.hpp"
#include "common/time_text.hpp"
#include "common/totp.hpp"
#include "storage/bootstrap.hpp"
#include "storage/db/migrator.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

Result<ExitCode> migrate_up(Context& context, storage::Connection& connection) {
    RASTRO_TRY(applied, storage::migrate(connection));
    RASTRO_TRY(counts, storage::load_reference_data(connection, context.clock()));
    if (context.json()) {
        json::array names;
        for (auto const& name : applied) {
            names.emplace_back(name);
        }
        context.out(json::serialize(json::object{{"applied", names},
                                                 {"countries_written", counts.countries},
                                                 {"holidays_written", counts.holidays}}) +
                    "\n");
        return ExitCode::ok;
    }
    for (auto const& name : applied) {
        context.out("applied  " + name + "\n");
    }
    context.out((applied.empty() ? "The schema was up to date" : "The schema is up to date") +
                std::string("; reference data: ") + std::to_string(counts.countries) +
                " countries and " + std::to_string(counts.holidays) + " holidays written\n");
    return ExitCode::ok;
}

Result<ExitCode> migrate_status(Context& context, storage::Connection& connection) {
    RASTRO_TRY(states, storage::migration_state(connection));
    bool all = true;
    if (context.json()) {
        json::array items;
        for (auto const& state : states) {
            items.push_back(json::object{{"version", state.version},
                                         {"name", state.name},
                                         {"applied", state.applied},
                                         {"applied_at", state.applied_at}});
            all = all && state.applied;
        }
        context.out(json::serialize(json::object{{"items", items}}) + "\n");
        return all ? ExitCode::ok : ExitCode::refused;
    }
    Table table({"VERSION", "NAME", "APPLIED"});
    for (auto const& state : states) {
        table.add({std::to_string(state.version),
                   state.name,
                   state.applied ? short_time(state.applied_at) : "not yet"});
        all = all && state.applied;
    }
    context.out(table.text(context.width()));
    return all ? ExitCode::ok : ExitCode::refused;
}

Result<ExitCode> migrate_verify(Context& context, storage::Connection& connection) {
    auto const version = storage::check_schema(connection);
    if (!version) {
        return Failure(ExitCode::refused, version.error().detail() + "\n");
    }
    context.out("The database is exactly at version " + std::to_string(version.value()) +
                " of this program\n");
    return ExitCode::ok;
}

Result<ExitCode> run_migrate(Context& context) {
    auto const action = context.arguments().text_or("action", "up");
    return with_owner(context, [&](storage::Connection& connection, config::Settings const&) {
        if (action == "status") {
            return migrate_status(context, connection);
        }
        return action == "verify" ? migrate_verify(context, connection)
                                  : migrate_up(context, connection);
    });
}

Result<storage::FirstAdministrator> administrator_of(std::string const& text) {
    auto const equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
        return Failure(ExitCode::usage, "--admin is LOGIN=NAME: " + text + "\n");
    }
    return storage::FirstAdministrator{.login = text.substr(0, equals),
                                       .display_name = text.substr(equals + 1),
                                       .email = {},
                                       .language = "en"};
}

Result<storage::BootstrapPlan> plan_of(Context const& context) {
    storage::BootstrapPlan plan;
    plan.agency.agency = context.text("agency");
    if (cases::fault_of_agency_code(plan.agency.agency) != cases::AgencyCodeFault::none) {
        auto const& code = plan.agency.agency;
        auto const right = code.size() > 5 ? cases::agency_code_of(code.substr(0, 2),
                                                                   code.substr(3, code.size() - 5))
                                           : std::nullopt;
        return Failure(ExitCode::usage,
                       code + " is no agency code" +
                           (right ? "; with its check character it is " + *right : "") + "\n");
    }
    plan.agency.country = plan.agency.agency.substr(0, 2);
    plan.agency.name = context.text("name");
    plan.agency.kind = context.arguments().text_or("kind", "administration");
    plan.agency.national_contact = context.has("national-contact");
    plan.agency.time_zone = context.arguments().text_or("time-zone", "UTC");
    for (auto const& text : context.arguments().all("admin")) {
        RASTRO_TRY(person, administrator_of(text));
        person.language = context.language();
        plan.administrators.push_back(std::move(person));
    }
    auto const today = std::chrono::floor<std::chrono::days>(context.clock().now());
    if (context.has("auto-approve-routine")) {
        plan.outbound_rules.push_back({.priority = "routine",
                                       .auto_approve = true,
                                       .valid_from = Date{today},
                                       .source = context.text("auto-approve-routine")});
    }
    if (context.has("route-source")) {
        plan.route = storage::RouteRow{.country = plan.agency.country,
                                       .agency = plan.agency.agency,
                                       .backup_agency = {},
                                       .valid_from = Date{today},
                                       .source = context.text("route-source")};
    }
    return plan;
}

Result<ExitCode> run_bootstrap(Context& context) {
    RASTRO_TRY(plan, plan_of(context));
    return with_owner(
        context,
        [&](storage::Connection& connection, config::Settings const& settings) -> Result<ExitCode> {
            storage::PasswordCost const cost{.memory_kib = settings.password.memory_kib,
                                             .iterations = settings.password.iterations,
                                             .parallelism = settings.password.parallelism};
            RASTRO_TRY(made, storage::bootstrap(connection, context.clock(), plan, cost));
            context.note(made.agency_created
                             ? "Agency " + plan.agency.agency + " is registered."
                             : "Agency " + plan.agency.agency + " was there already.");
            if (made.credentials.empty()) {
                context.note("Its administrators were there already; nobody got new credentials.");
                return ExitCode::ok;
            }
            std::vector<ShownCredentials> people;
            for (auto const& person : made.credentials) {
                people.push_back(
                    {.login = person.login,
                     .password = person.password,
                     .totp_secret = to_base32(person.code_secret),
                     .otpauth_uri = totp::otpauth_uri(person.code_secret, "Rastro", person.login)});
            }
            return hand_out_credentials(context, people);
        });
}

}  // namespace

std::vector<Command> migrate_commands() {
    return {{
        .path = "migrate",
        .summary = "Bring the schema of the database to this version, or look at it",
        .details =
            "up applies what is missing, each migration in one transaction, and loads countries "
            "and holidays. status lists them (exit code 1 if any is missing). verify checks that "
            "the database is exactly what this program needs. A server never migrates by itself.",
        .options = joined({{optional(one_of(positional("action", "up if not given"),
                                            {"up", "status", "verify"}))},
                           owner_options()}),
        .examples =
            {"rastro migrate --config /etc/rastro/rastro.toml --owner-password-file owner.password",
             "rastro migrate status"},
        .run = run_migrate,
    }};
}

std::vector<Command> bootstrap_commands() {
    return {{
        .path = "bootstrap",
        .summary = "Register the first agency with its first two administrators",
        .details =
            "Every grant of a role takes two persons, so a new agency starts with two. Safe to "
            "repeat: what is there stays, and nobody's credentials are made anew.",
        .options =
            joined({{required(value("--agency", "CODE", "Code, as XA-POLNAC-C")),
                     required(value("--name", "TEXT", "Name of the agency")),
                     value("--kind", "KIND", "What it is [administration]"),
                     value("--time-zone", "ZONE", "As America/Bogota [UTC]"),
                     flag("--national-contact", "It is the country's national contact"),
                     value("--auto-approve-routine",
                           "SOURCE",
                           "Its routine requests leave without a person; where that stands"),
                     value("--route-source",
                           "TEXT",
                           "It receives requests for its country; where that stands"),
                     required(repeated(value("--admin", "LOGIN=NAME", "First administrator")))},
                    credentials_options(),
                    owner_options()}),
        .examples =
            {"rastro bootstrap --agency XA-RASTRO-I --name 'Operators' --admin ines.admin=Ines "
             "--admin otto.admin=Otto --credentials-dir first"},
        .run = run_bootstrap,
    }};
}

}  // namespace rastro::client
