// Agencies, their certificates, and who receives requests for a country.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/context.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

std::vector<std::string> agency_kinds() {
    return {"police",
            "customs",
            "prosecution",
            "tracing_centre",
            "national_contact",
            "laboratory",
            "oversight",
            "administration",
            "statistics"};
}

std::vector<Option> agency_members() {
    return {value("--name", "TEXT", "Name of the agency"),
            value("--time-zone", "ZONE", "As America/Bogota"),
            one_of(value("--endpoint-kind", "KIND", "Where its requests are worked on"),
                   {"hosted", "peer"}),
            value("--backup-agency", "AGENCY", "Who receives when it does not"),
            value("--contact-email", "ADDRESS", "Address of the office"),
            value("--contact-phone", "NUMBER", "Number of the office"),
            one_of(value("--auto-acknowledge", "YES|NO", "Receipt is acknowledged by the system"),
                   {"yes", "no"}),
            one_of(value("--national-contact", "YES|NO", "It is the country's national contact"),
                   {"yes", "no"}),
            one_of(value("--auto-approve-routine",
                         "YES|NO",
                         "Its routine requests leave without a person's approval"),
                   {"yes", "no"}),
            value("--rule-source", "TEXT", "Where that rule stands")};
}

void set_members(Context const& context, json::value& body) {
    put_text(context,
             body,
             {{"name", "/name"},
              {"time-zone", "/time_zone"},
              {"endpoint-kind", "/endpoint_kind"},
              {"backup-agency", "/backup_agency"},
              {"contact-email", "/contact_email"},
              {"contact-phone", "/contact_phone"},
              {"state", "/state"}});
    put_yes_no(context, body, "auto-acknowledge", "/auto_acknowledge");
    put_yes_no(context, body, "national-contact", "/national_contact");
    if (context.has("auto-approve-routine")) {
        set_at(
            body,
            "/outbound_rules",
            json::array{json::object{
                {"priority", "routine"},
                {"auto_approve", context.text("auto-approve-routine") == "yes"},
                {"source", context.arguments().text_or("rule-source", "set by rastro agency")}}});
    }
}

std::vector<ColumnOf> agency_columns() {
    return {{"AGENCY", {"/agency"}},
            {"NAME", {"/name"}},
            {"KIND", {"/kind"}},
            {"CONTACT", {"/national_contact"}},
            {"STATE", {"/state"}}};
}

Result<ExitCode> list(Context& context) {
    return list_items(
        context,
        {.operation = "agency_list",
         .query = {{"country", context.text("country")}, {"kind", context.text("kind")}}},
        agency_columns());
}

Result<ExitCode> show(Context& context) {
    RASTRO_TRY(
        reply,
        context.call({.operation = "agency_read", .path = {{"agency", context.text("agency")}}}));
    context.print_document(reply);
    return ExitCode::ok;
}

Result<ExitCode> create(Context& context) {
    json::value body = json::object{{"agency", context.text("agency")},
                                    {"name", context.text("name")},
                                    {"kind", context.text("kind")}};
    set_members(context, body);
    if (context.has("route-source")) {
        set_at(body, "/route", json::object{{"source", context.text("route-source")}});
    }
    ApiCall call{.operation = "agency_create"};
    call.body = std::move(body);
    RASTRO_TRY(reply, context.call(call));
    context.print_document(reply);
    return ExitCode::ok;
}

Result<ExitCode> change(Context& context) {
    json::value body = json::object{};
    set_members(context, body);
    if (body.get_object().empty()) {
        return Failure(ExitCode::usage, "Nothing to change was named\n");
    }
    return change_read(context,
                       {.operation = "agency_read", .path = {{"agency", context.text("agency")}}},
                       {.operation = "agency_change",
                        .path = {{"agency", context.text("agency")}},
                        .body = std::move(body)});
}

Result<ExitCode> list_certificates(Context& context) {
    return list_items(
        context,
        {.operation = "certificate_list", .path = {{"agency", context.text("agency")}}},
        {{"CERTIFICATE", {"/certificate_id"}},
         {"KIND", {"/kind"}},
         {"NAME", {"/name"}},
         {"SERIAL", {"/serial"}},
         {"ROLES", {"/roles"}},
         {"ENDS", {"/not_after"}},
         {"REVOKED", {"/revoked_at"}}});
}

// The certificate itself, without the issuers that `rastro certs` writes behind it.
std::string first_certificate(std::string const& pem) {
    constexpr std::string_view end = "-----END CERTIFICATE-----";
    auto const at = pem.find(end);
    return at == std::string::npos ? pem : pem.substr(0, at + end.size()) + "\n";
}

Result<ExitCode> enrol_certificate(Context& context) {
    RASTRO_TRY(pem, read_input(context.text("file"), 64U << 10));
    json::array roles;
    for (auto const& role : context.arguments().all("role")) {
        roles.emplace_back(role);
    }
    ApiCall call{.operation = "certificate_enrol", .path = {{"agency", context.text("agency")}}};
    call.body = json::object{{"certificate_pem", first_certificate(pem)}, {"roles", roles}};
    RASTRO_TRY(reply, context.call(call));
    context.print_document(reply);
    return ExitCode::ok;
}

Result<ExitCode> revoke_certificate(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "certificate_revoke",
                             .path = {{"agency", context.text("agency")},
                                      {"certificate_id", context.text("certificate")}}}));
    context.note("The server no longer accepts this certificate.");
    return ExitCode::ok;
}

Result<ExitCode> list_routes(Context& context) {
    return list_items(context,
                      {.operation = "route_list", .query = {{"country", context.text("country")}}},
                      {{"COUNTRY", {"/country"}},
                       {"PRIORITY", {"/priority"}},
                       {"AGENCY", {"/agency"}},
                       {"BACKUP", {"/backup_agency"}},
                       {"FROM", {"/valid_from"}},
                       {"SOURCE", {"/source"}}});
}

Result<ExitCode> set_route(Context& context) {
    json::value body =
        json::object{{"agency", context.text("agency")}, {"source", context.text("source")}};
    put_text(context,
             body,
             {{"priority", "/priority"},
              {"backup-agency", "/backup_agency"},
              {"valid-from", "/valid_from"}});
    ApiCall call{.operation = "route_put", .path = {{"country", context.text("country")}}};
    call.body = std::move(body);
    RASTRO_TRY(reply, context.call(call));
    context.print_document(reply);
    return ExitCode::ok;
}

Option agency_argument() {
    return positional("agency", "Code, as XA-POLNAC-C");
}

}  // namespace

std::vector<Command> agency_commands() {
    return {
        {.path = "agency list",
         .summary = "Agencies that take part, by country",
         .details = {},
         .options = joined({{value("--country", "CC", "Only of this country"),
                             one_of(value("--kind", "KIND", "Only of this kind"), agency_kinds())},
                            paging_options()}),
         .examples = {"rastro agency list --country XB"},
         .run = list},
        {.path = "agency show",
         .summary = "One agency",
         .details = {},
         .options = {agency_argument()},
         .examples = {"rastro agency show XA-POLNAC-C"},
         .run = show},
        {.path = "agency create",
         .summary = "Register an agency",
         .details = "The last character of the code checks the others; the server names the right "
                    "one if it is wrong.",
         .options =
             joined({{agency_argument(),
                      required(one_of(value("--kind", "KIND", "What it is"), agency_kinds())),
                      value("--route-source",
                            "TEXT",
                            "It receives requests for its country; where that stands")},
                     agency_members()}),
         .examples = {"rastro agency create XB-TRACE-5 --name 'Tracing Centre of XB' --kind "
                      "tracing_centre --route-source 'Decree 12/2024'"},
         .run = create},
        {.path = "agency change",
         .summary = "Change an agency",
         .details = {},
         .options = joined({{agency_argument(),
                             one_of(value("--state", "STATE", "Suspended agencies cannot act"),
                                    {"active", "suspended"})},
                            agency_members()}),
         .examples = {"rastro agency change XB-TRACE-5 --contact-phone '+999 55 0100'"},
         .run = change},
        {.path = "agency certificate list",
         .summary = "Client certificates enrolled for an agency",
         .details = {},
         .options = {agency_argument()},
         .examples = {"rastro agency certificate list XA-POLNAC-C"},
         .run = list_certificates},
        {.path = "agency certificate enrol",
         .summary = "Enrol a client certificate for an agency's system",
         .details = {},
         .options = {agency_argument(),
                     file(positional("file", "Certificate, PEM")),
                     repeated(
                         one_of(value("--role", "ROLE", "What the system may do"), role_names()))},
         .examples = {"rastro agency certificate enrol XA-POLNAC-C gw.pem --role agency_user"},
         .run = enrol_certificate},
        {.path = "agency certificate revoke",
         .summary = "Stop accepting a client certificate",
         .details = {},
         .options = {agency_argument(), positional("certificate", "Id from the list")},
         .examples = {"rastro agency certificate revoke XA-POLNAC-C "
                      "0190c3a2-7f00-7000-8000-000000000001"},
         .run = revoke_certificate},
        {.path = "route list",
         .summary = "Who receives requests for a country",
         .details = {},
         .options = {value("--country", "CC", "Only for this country")},
         .examples = {"rastro route list --country XB"},
         .run = list_routes},
        {.path = "route set",
         .summary = "Set who receives requests for the own country",
         .details = {},
         .options = {positional("country", "ISO 3166-1 alpha-2"),
                     agency_argument(),
                     required(value("--source", "TEXT", "Where that stands: decree, agreement")),
                     one_of(value("--priority", "PRIORITY", "Only for these requests"),
                            {"any", "routine", "urgent"}),
                     value("--backup-agency", "AGENCY", "Who receives when it does not"),
                     value("--valid-from", "DATE", "From this day on; today if not given")},
         .examples = {"rastro route set XB XB-TRACE-5 --source 'Decree 12/2024'"},
         .run = set_route},
    };
}

}  // namespace rastro::client
