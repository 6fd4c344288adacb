// certs: authorities, certificates, revocation, the key of the checkpoint signer.
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <system_error>

#include "certs/authority.hpp"
#include "certs/blind_key.hpp"
#include "certs/key_files.hpp"
#include "certs/revocation.hpp"
#include "certs/signer.hpp"
#include "client/commands/all.hpp"
#include "client/context.hpp"
#include "client/demo_authorities.hpp"
#include "client/table.hpp"
#include "common/time_text.hpp"
#include "config/settings.hpp"

namespace rastro::client {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

Result<std::chrono::days> days_or(Context const& context, std::chrono::days otherwise) {
    if (!context.has("days")) {
        return otherwise;
    }
    int count = 0;
    for (char c : context.text("days")) {
        count = c >= '0' && c <= '9' && count < 100'000 ? count * 10 + (c - '0') : -100'000;
    }
    if (count <= 0) {
        return Failure(ExitCode::usage, "--days is a number of days\n");
    }
    return std::chrono::days{count};
}

// A fault of the file system as a failure of this machine.
template <class Work>
Result<ExitCode> with_files(Work const& work) {
    try {
        return work();
    } catch (std::system_error const& fault) {
        return Failure(ExitCode::local, std::string(fault.what()) + "\n");
    }
}

Result<ExitCode> init_root(Context& context) {
    return with_files([&]() -> Result<ExitCode> {
        RASTRO_TRY(days, days_or(context, std::chrono::days{3653}));
        RASTRO_TRY(profile, certs::root_profile(context.text("name"), days));
        auto const now = context.clock().now();
        auto root = certs::Authority::create_root(profile, certs::PrivateKey::generate_p256(), now);
        root.publish_revocations(now);
        RASTRO_CHECK(root.write_new(context.text("folder")));
        root.write_revocations(context.text("folder"));
        context.note("Root authority in " + context.text("folder") +
                     ". Its key signs countries only: keep it off line.");
        return ExitCode::ok;
    });
}

Result<ExitCode> create_below(Context& context, Outcome<certs::CertificateProfile> const& profile) {
    return with_files([&]() -> Result<ExitCode> {
        RASTRO_TRY(wanted, profile);
        RASTRO_TRY(parent, certs::Authority::read(context.text("issuer")));
        auto const now = context.clock().now();
        RASTRO_TRY(made, parent.create_below(wanted, certs::PrivateKey::generate_p256(), now));
        made.publish_revocations(now);
        RASTRO_CHECK(made.write_new(context.text("folder")));
        made.write_revocations(context.text("folder"));
        context.note("Authority in " + context.text("folder") + ", until " +
                     short_time(to_rfc3339(made.not_after())));
        return ExitCode::ok;
    });
}

// For --request the key of the request; otherwise a new key beside the certificate.
Result<ExitCode> issue(Context& context, certs::CertificateProfile const& profile) {
    return with_files([&]() -> Result<ExitCode> {
        RASTRO_TRY(issuer, certs::Authority::read(context.text("issuer")));
        auto const now = context.clock().now();
        fs::path const pem = context.text("out") + ".pem";
        fs::path const key_file = context.text("out") + ".key";
        Outcome<certs::IssuedCertificate> issued = Problem(ProblemCode::not_found);
        if (context.has("request")) {
            RASTRO_TRY(request, read_input(context.text("request"), 64U << 10));
            issued = issuer.issue_for_request(profile, request, now);
        } else {
            auto const key = certs::PrivateKey::generate_p256();
            RASTRO_CHECK(key.write_new(key_file));
            issued = issuer.issue(profile, key.public_key_pem(), now);
        }
        RASTRO_TRY(certificate, std::move(issued));
        certs::write_file(
            pem, certificate.pem + issuer.chain_pem(), certs::FileAccess::all_may_read);
        if (context.json()) {
            context.out(
                json::serialize(json::object{{"file", pem.string()},
                                             {"serial", certificate.serial},
                                             {"not_after", to_rfc3339(certificate.not_after)}}) +
                "\n");
        } else {
            context.out(pem.string() + "  serial " + certificate.serial + "  until " +
                        short_time(to_rfc3339(certificate.not_after)) + "\n");
        }
        return ExitCode::ok;
    });
}

Result<ExitCode> issue_server(Context& context) {
    RASTRO_TRY(days, days_or(context, std::chrono::days{90}));
    RASTRO_TRY(
        profile,
        certs::server_profile(context.arguments().all("dns"), context.arguments().all("ip"), days));
    return issue(context, profile);
}

Result<ExitCode> issue_gateway(Context& context) {
    RASTRO_TRY(days, days_or(context, std::chrono::days{90}));
    RASTRO_TRY(profile, certs::gateway_profile(context.text("agency"), context.text("name"), days));
    return issue(context, profile);
}

Result<ExitCode> make_request(Context& context) {
    return with_files([&]() -> Result<ExitCode> {
        auto const key = certs::PrivateKey::generate_p256();
        RASTRO_CHECK(key.write_new(context.text("out") + ".key"));
        certs::write_file(context.text("out") + ".csr",
                          certs::make_signing_request(key, context.text("label")),
                          certs::FileAccess::all_may_read);
        context.note("Send " + context.text("out") + ".csr to the authority; the key stays here.");
        return ExitCode::ok;
    });
}

Result<ExitCode> show(Context& context) {
    return with_files([&]() -> Result<ExitCode> {
        std::vector<fs::path> files;
        for (auto const& name : context.arguments().all("file")) {
            files.emplace_back(name);
        }
        RASTRO_TRY(expiries, certs::expiries_of(files, context.clock().now()));
        json::array items;
        Table table({"SUBJECT", "SERIAL", "ENDS", "ALARM", "FILE"});
        for (auto const& one : expiries) {
            auto const alarm = std::string(certs::alarm_text(one.alarm));
            items.push_back(json::object{{"file", one.file.string()},
                                         {"subject", one.subject},
                                         {"serial", one.serial},
                                         {"not_after", to_rfc3339(one.not_after)},
                                         {"alarm", alarm}});
            table.add({one.subject,
                       one.serial,
                       short_time(to_rfc3339(one.not_after)),
                       alarm,
                       one.file.string()});
        }
        context.out(context.json() ? json::serialize(json::object{{"items", items}}) + "\n"
                                   : table.text(context.width()));
        return ExitCode::ok;
    });
}

Result<std::chrono::hours> list_lifetime(Context const& context) {
    RASTRO_TRY(days, days_or(context, std::chrono::days{1}));
    return std::chrono::hours{days};
}

Result<ExitCode> publish(Context& context) {
    return with_files([&]() -> Result<ExitCode> {
        RASTRO_TRY(lifetime, list_lifetime(context));
        RASTRO_TRY(authority, certs::Authority::read(context.text("issuer")));
        authority.publish_revocations(context.clock().now(), lifetime);
        authority.write_revocations(context.text("issuer"));
        if (context.has("to")) {
            certs::write_file(
                context.text("to"), authority.crl_pem(), certs::FileAccess::all_may_read);
        }
        context.note("Revocation list signed.");
        return ExitCode::ok;
    });
}

certs::RevocationReason reason_of(std::string const& text) {
    using enum certs::RevocationReason;
    for (auto const& [name, reason] :
         {std::pair{"key_compromise", key_compromise},
          std::pair{"ca_compromise", ca_compromise},
          std::pair{"affiliation_changed", affiliation_changed},
          std::pair{"superseded", superseded},
          std::pair{"cessation_of_operation", cessation_of_operation}}) {
        if (text == name) {
            return reason;
        }
    }
    return unspecified;
}

Result<ExitCode> revoke(Context& context) {
    return with_files([&]() -> Result<ExitCode> {
        RASTRO_TRY(lifetime, list_lifetime(context));
        RASTRO_TRY(authority, certs::Authority::read(context.text("issuer")));
        auto const now = context.clock().now();
        RASTRO_CHECK(
            authority.revoke(context.text("serial"), reason_of(context.text("reason")), now));
        authority.publish_revocations(now, lifetime);
        authority.write_revocations(context.text("issuer"));
        if (context.has("to")) {
            certs::write_file(
                context.text("to"), authority.crl_pem(), certs::FileAccess::all_may_read);
        }
        context.note("Revoked; the list is signed. Servers read it within tls.crl_reload.");
        return ExitCode::ok;
    });
}

Result<ExitCode> checkpoint_key(Context& context) {
    return with_files([&]() -> Result<ExitCode> {
        auto const origin = context.text("origin");
        if (!certs::is_origin(origin)) {
            return Failure(ExitCode::usage,
                           "--origin is 1 to 255 printable characters without blank and +\n");
        }
        auto const pair = certs::PrivateKey::generate_ed25519();
        RASTRO_CHECK(pair.write_new(context.text("key-out")));
        RASTRO_CHECK(certs::CheckpointSigner::create_state(context.text("state"), origin));
        RASTRO_TRY(key, certs::signing_key_of(pair));
        context.out(certs::verifier_key(origin, key->public_key()) + "\n");
        context.note(
            "Auditors verify with the line above. The state file is never restored from a "
            "backup.");
        return ExitCode::ok;
    });
}

Result<ExitCode> blind_key(Context& context) {
    return with_files([&]() -> Result<ExitCode> {
        RASTRO_CHECK(certs::create_file(
            context.text("key-out"), certs::new_blind_key_text(), certs::FileAccess::owner_only));
        context.note("Keep it apart from the database and its backup; it is never changed.");
        return ExitCode::ok;
    });
}

Result<ExitCode> demo(Context& context) {
    DemoPlan plan;
    plan.agencies = context.arguments().all("agency");
    plan.countries = context.arguments().all("country");
    plan.dns_names = context.arguments().all("dns");
    plan.ip_addresses = context.arguments().all("ip");
    if (plan.countries.empty() && plan.agencies.empty()) {
        plan.countries = {"XA", "XB", "XC"};
    }
    if (plan.dns_names.empty()) {
        plan.dns_names = {"localhost"};
    }
    if (plan.ip_addresses.empty()) {
        plan.ip_addresses = {"127.0.0.1", "::1"};
    }
    plan.audit_origin =
        context.arguments().text_or("origin", config::built_in_settings().audit.origin);
    return with_files([&]() -> Result<ExitCode> {
        RASTRO_TRY(made,
                   make_demo_authorities(context.text("folder"), plan, context.clock().now()));
        for (auto const& line : made) {
            context.out("made  " + line + "\n");
        }
        context.note("Clients trust " + context.text("folder") + "/ca.pem");
        return ExitCode::ok;
    });
}

Option folder_argument() {
    return folder(positional("folder", "Where the new authority lives; its key is made there"));
}
Option issuer_option() {
    return required(folder(value("--issuer", "DIR", "Folder of the authority that signs")));
}
Option days_option(std::string help) {
    return value("--days", "N", std::move(help));
}
std::vector<Option> issue_options() {
    return {
        issuer_option(),
        required(file(value("--out", "PATH", "Writes PATH.pem with its issuers, and PATH.key"))),
        file(value("--request", "FILE", "Sign the key of this request; no key is made")),
        days_option("Validity [90]")};
}
std::vector<Option> list_options() {
    return {issuer_option(),
            days_option("The list is good for so long [1]"),
            file(value("--to", "FILE", "Also write the list there, where the server reads it"))};
}

std::vector<Command> authority_commands() {
    return {
        {.path = "certs init-root",
         .summary = "Make the root authority of a federation",
         .details = {},
         .options = {folder_argument(),
                     required(value("--name", "TEXT", "Name of the federation")),
                     days_option("Validity [3653]")},
         .examples = {"rastro certs init-root pki/root --name 'Andean Tracing Federation'"},
         .run = init_root},
        {.path = "certs country",
         .summary = "Make the authority of a country below the root",
         .details = {},
         .options = {folder_argument(),
                     positional("country", "ISO 3166-1 alpha-2"),
                     issuer_option(),
                     days_option("Validity [1826]")},
         .examples = {"rastro certs country pki/XA XA --issuer pki/root"},
         .run = [](Context& context) -> Result<ExitCode> {
             RASTRO_TRY(days, days_or(context, std::chrono::days{1826}));
             return create_below(context, certs::country_profile(context.text("country"), days));
         }},
        {.path = "certs agency",
         .summary = "Make the authority of an agency below its country",
         .details = {},
         .options = {folder_argument(),
                     positional("agency", "Code, as XA-POLNAC-C"),
                     issuer_option(),
                     days_option("Validity [1096]")},
         .examples = {"rastro certs agency pki/XA-POLNAC-C XA-POLNAC-C --issuer pki/XA"},
         .run = [](Context& context) -> Result<ExitCode> {
             RASTRO_TRY(days, days_or(context, std::chrono::days{1096}));
             return create_below(context, certs::agency_profile(context.text("agency"), days));
         }},
        {.path = "certs service",
         .summary = "Make the authority for servers below the root",
         .details = {},
         .options = {folder_argument(),
                     required(value("--name", "TEXT", "Name of the operator")),
                     issuer_option(),
                     days_option("Validity [1096]")},
         .examples = {"rastro certs service pki/service --name Operators --issuer pki/root"},
         .run = [](Context& context) -> Result<ExitCode> {
             RASTRO_TRY(days, days_or(context, std::chrono::days{1096}));
             return create_below(context, certs::service_profile(context.text("name"), days));
         }},
        {.path = "certs demo",
         .summary = "Make everything that a demonstration needs, below one folder",
         .details =
             "Root, countries, agencies, server, a gateway for each agency, revocation lists and "
             "the key of the checkpoint signer. Run again, it renews what is near its end.",
         .options = {folder(positional("folder", "Where")),
                     repeated(value("--agency", "CODE", "An agency")),
                     repeated(value("--country", "CC", "A country without an agency yet")),
                     repeated(value("--dns", "NAME", "Name of the server [localhost]")),
                     repeated(value("--ip", "ADDRESS", "Address of the server [127.0.0.1, ::1]")),
                     value("--origin", "NAME", "Name of the audit log")},
         .examples = {"rastro certs demo pki --agency XA-POLNAC-C --agency XB-TRACE-5"},
         .run = demo},
    };
}

}  // namespace

std::vector<Command> certs_commands() {
    auto all = authority_commands();
    std::vector<Command> const others{
        {.path = "certs server",
         .summary = "Issue the certificate of a server",
         .details = {},
         .options = joined({{repeated(value("--dns", "NAME", "Name of the server")),
                             repeated(value("--ip", "ADDRESS", "Address of the server"))},
                            issue_options()}),
         .examples = {"rastro certs server --issuer pki/service --dns trace.example --out server"},
         .run = issue_server},
        {.path = "certs gateway",
         .summary = "Issue the client certificate of an agency's system",
         .details = {},
         .options = joined({{positional("agency", "Code, as XA-POLNAC-C"),
                             positional("name", "Name of the system, as gw1")},
                            issue_options()}),
         .examples = {"rastro certs gateway XA-POLNAC-C gw1 --issuer pki/XA-POLNAC-C --out gw1"},
         .run = issue_gateway},
        {.path = "certs request",
         .summary = "Make a key and a signing request, where the key stays",
         .details = {},
         .options = {required(file(value("--out", "PATH", "Writes PATH.key and PATH.csr"))),
                     required(value("--label", "TEXT", "For the people at the authority"))},
         .examples = {"rastro certs request --out gw1 --label 'gateway of XA-POLNAC-C'"},
         .run = make_request},
        {.path = "certs show",
         .summary = "Certificates of PEM files, soonest end first",
         .details = {},
         .options = {file(repeated(positional("file", "PEM")))},
         .examples = {"rastro certs show pki/server.pem pki/gateways/*.pem"},
         .run = show},
        {.path = "certs revoke",
         .summary = "Revoke a certificate and sign the list",
         .details = {},
         .options = joined({{positional("serial", "Hex, from rastro certs show"),
                             one_of(value("--reason", "CODE", "Why"),
                                    {"unspecified",
                                     "key_compromise",
                                     "ca_compromise",
                                     "affiliation_changed",
                                     "superseded",
                                     "cessation_of_operation"})},
                            list_options()}),
         .examples =
             {"rastro certs revoke 5b1f... --issuer pki/XA-POLNAC-C --reason key_compromise"},
         .run = revoke},
        {.path = "certs publish",
         .summary = "Sign the revocation list of an authority anew",
         .details = {},
         .options = list_options(),
         .examples = {"rastro certs publish --issuer pki/XA --to /etc/rastro/tls/crl/XA.crl"},
         .run = publish},
        {.path = "certs checkpoint-key",
         .summary = "Make the key that signs checkpoints, and its state",
         .details = "Prints the line that auditors verify with (rastro audit verify --vkey).",
         .options = {required(value("--origin", "NAME", "Name of the audit log (audit.origin)")),
                     required(file(value("--key-out", "FILE", "audit.signing_key"))),
                     required(file(value("--state", "FILE", "audit.signer_state")))},
         .examples = {"rastro certs checkpoint-key --origin trace.example/audit --key-out "
                      "checkpoint.key --state signer.state"},
         .run = checkpoint_key},
        {.path = "certs blind-key",
         .summary = "Make the key by which identifiers in cases are compared unread",
         .details = "Of an instance, once: with another key nothing equals what was stated before.",
         .options = {required(file(value("--key-out", "FILE", "cases.blind_key")))},
         .examples = {"rastro certs blind-key --key-out blind.key"},
         .run = blind_key},
    };
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

}  // namespace rastro::client
