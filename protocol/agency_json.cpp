#include "protocol/agency_json.hpp"

#include <array>

#include "cases/agency_code.hpp"
#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"
#include "protocol/patch_text.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kAgencyName{TextKind::line, 200, 2};
constexpr TextRule kPhone{TextKind::line, 40, 3};
constexpr TextRule kSource{TextKind::line, 300, 3};
constexpr TextRule kPem{TextKind::text, 16'384, 100};
constexpr std::array<std::string_view, 9> kAgencyKinds{"police",
                                                       "customs",
                                                       "prosecution",
                                                       "tracing_centre",
                                                       "national_contact",
                                                       "laboratory",
                                                       "oversight",
                                                       "administration",
                                                       "statistics"};
constexpr std::array<std::string_view, 2> kEndpointKinds{"hosted", "peer"};
constexpr std::array<std::string_view, 2> kAgencyStates{"active", "suspended"};
constexpr std::array<std::string_view, 2> kRulePriorities{"routine", "urgent"};
constexpr std::array<std::string_view, 3> kRoutePriorities{"any", "routine", "urgent"};
constexpr std::array<std::string_view, 1> kRequestKinds{"trace_request"};

std::optional<std::string> or_nothing(std::string text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

std::string or_else(std::string text, std::string_view fallback) {
    return text.empty() ? std::string(fallback) : text;
}

OutboundRuleMessage read_rule(ObjectReader& reader) {
    OutboundRuleMessage rule;
    rule.priority = reader.listed("priority", kRulePriorities);
    rule.auto_approve = reader.boolean("auto_approve");
    rule.valid_from = reader.optional_date("valid_from");
    rule.source = reader.text("source", kSource);
    if (rule.auto_approve && rule.priority == "urgent") {
        reader.violate("auto_approve", "urgent_needs_a_person");
    }
    return rule;
}

// Members that a route has whether it stands alone or beside a new agency.
RouteMessage read_route_members(ObjectReader& reader) {
    RouteMessage route;
    route.request_kind =
        or_else(reader.optional_listed("request_kind", kRequestKinds), "trace_request");
    route.priority = or_else(reader.optional_listed("priority", kRoutePriorities), "any");
    route.backup_agency = or_nothing(reader.optional_text("backup_agency", kAgency));
    route.valid_from = reader.optional_date("valid_from");
    route.source = reader.text("source", kSource);
    return route;
}

AgencyMessage read_agency_members(ObjectReader& reader) {
    AgencyMessage agency;
    agency.agency = reader.text("agency", kAgency);
    agency.country = agency.agency.substr(0, 2);
    if (!agency.agency.empty() &&
        cases::fault_of_agency_code(agency.agency) != cases::AgencyCodeFault::none) {
        auto const name = agency.agency.substr(3, agency.agency.size() - 5);
        reader.violate("agency",
                       "check_character",
                       {cases::agency_code_of(agency.country, name).value_or("")});
    }
    agency.name = reader.text("name", kAgencyName);
    agency.kind = reader.listed("kind", kAgencyKinds);
    agency.national_contact = reader.boolean_or("national_contact", false);
    agency.time_zone = or_else(reader.optional_text("time_zone", kTimeZone), "UTC");
    agency.endpoint_kind =
        or_else(reader.optional_listed("endpoint_kind", kEndpointKinds), "hosted");
    agency.backup_agency = or_nothing(reader.optional_text("backup_agency", kAgency));
    agency.auto_acknowledge = reader.boolean_or("auto_acknowledge", false);
    agency.contact_email = or_nothing(reader.optional_text("contact_email", kEmail));
    agency.contact_phone = or_nothing(reader.optional_text("contact_phone", kPhone));
    return agency;
}

}  // namespace

void append_agency(std::string& out, AgencyMessage const& agency) {
    JsonWriter json(out);
    json.begin_object();
    json.text("agency", agency.agency);
    json.text("country", agency.country);
    json.text("name", agency.name);
    json.text("kind", agency.kind);
    json.boolean("national_contact", agency.national_contact);
    json.text("time_zone", agency.time_zone);
    json.text("endpoint_kind", agency.endpoint_kind);
    json.text_if("backup_agency", agency.backup_agency.value_or(""));
    json.boolean("auto_acknowledge", agency.auto_acknowledge);
    json.text_if("contact_email", agency.contact_email.value_or(""));
    json.text_if("contact_phone", agency.contact_phone.value_or(""));
    json.text("state", agency.state);
    json.integer("version", agency.version);
    if (agency.outbound_rules) {
        json.begin_array("outbound_rules");
        for (auto const& rule : *agency.outbound_rules) {
            json.begin_object();
            json.text("priority", rule.priority);
            json.boolean("auto_approve", rule.auto_approve);
            json.date_if("valid_from", rule.valid_from);
            json.text("source", rule.source);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
}

std::string write_agencies(std::vector<AgencyMessage> const& agencies, std::string_view next) {
    return write_items(agencies, append_agency, next);
}

void append_route(std::string& out, RouteMessage const& route) {
    JsonWriter json(out);
    json.begin_object();
    json.text("country", route.country);
    json.text("request_kind", route.request_kind);
    json.text("priority", route.priority);
    json.text("agency", route.agency);
    json.text_if("backup_agency", route.backup_agency.value_or(""));
    json.date_if("valid_from", route.valid_from);
    json.text("source", route.source);
    json.end_object();
}

std::string write_routes(std::vector<RouteMessage> const& routes) {
    return write_items(routes, append_route, "");
}

Outcome<RouteMessage> read_route_change(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        auto route = read_route_members(reader);
        route.agency = reader.text("agency", kAgency);
        return route;
    });
}

Outcome<AgencyCreate> read_agency_create(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        AgencyCreate message;
        message.agency = read_agency_members(reader);
        message.outbound_rules = reader.objects("outbound_rules", {.max = 2}, read_rule);
        message.route = reader.optional_object("route", read_route_members);
        if (message.route) {
            message.route->country = message.agency.country;
            message.route->agency = message.agency.agency;
        }
        return message;
    });
}

Outcome<AgencyChange> read_agency_change(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        AgencyChange message;
        message.name = or_nothing(reader.optional_text("name", kAgencyName));
        message.time_zone = or_nothing(reader.optional_text("time_zone", kTimeZone));
        message.endpoint_kind = or_nothing(reader.optional_listed("endpoint_kind", kEndpointKinds));
        message.backup_agency = read_patch_text(reader, "backup_agency", kAgency);
        message.auto_acknowledge = reader.optional_boolean("auto_acknowledge");
        message.contact_email = read_patch_text(reader, "contact_email", kEmail);
        message.contact_phone = read_patch_text(reader, "contact_phone", kPhone);
        message.state = or_nothing(reader.optional_listed("state", kAgencyStates));
        message.national_contact = reader.optional_boolean("national_contact");
        message.outbound_rules = reader.objects("outbound_rules", {.max = 2}, read_rule);
        return message;
    });
}

Outcome<CertificateEnrol> read_certificate_enrol(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        CertificateEnrol message;
        message.certificate_pem = reader.text("certificate_pem", kPem);
        message.roles = reader.codes("roles", {.max = 12}, cases::parse_role);
        return message;
    });
}

void append_certificate(std::string& out, CertificateMessage const& certificate) {
    JsonWriter json(out);
    json.begin_object();
    json.text("certificate_id", certificate.id.to_string());
    json.text("agency", certificate.agency);
    json.text("kind", certificate.kind);
    if (certificate.user) {
        json.id("user_id", *certificate.user);
    }
    json.text("name", certificate.name);
    json.text("uri", certificate.uri);
    json.text("issuer_key_id", certificate.issuer_key_id);
    json.text("serial", certificate.serial);
    json.text("sha256", certificate.sha256);
    json.texts("roles", certificate.roles);
    json.time("not_after", certificate.not_after);
    if (certificate.enrolled_by) {
        json.id("enrolled_by", *certificate.enrolled_by);
    }
    json.time("enrolled_at", certificate.enrolled_at);
    json.time_if("revoked_at", certificate.revoked_at);
    json.end_object();
}

std::string write_certificates(std::vector<CertificateMessage> const& certificates) {
    return write_items(certificates, append_certificate, "");
}

}  // namespace rastro::protocol
