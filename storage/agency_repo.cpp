#include "storage/agency_repo.hpp"

#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

constexpr Query kCountry{"country_exists",
                         "select exists (select 1 from country where country = :country) as there"};

#define RASTRO_AGENCY_COLUMNS                                                          \
    "select agency, country, name, kind, national_contact, time_zone, endpoint_kind, " \
    "backup_agency, auto_acknowledge, contact_email, contact_phone, state, version from agency "

constexpr Query kFind{"agency_find", RASTRO_AGENCY_COLUMNS "where agency = :agency"};
constexpr Query kList{"agency_list",
                      RASTRO_AGENCY_COLUMNS
                      "where (:country = '' or country = :country) and (:kind = '' or kind = "
                      ":kind) and agency > :after order by agency limit :limit::integer"};
constexpr Query kInsert{
    "agency_insert",
    "insert into agency (agency, country, name, kind, national_contact, time_zone, endpoint_kind, "
    "backup_agency, auto_acknowledge, contact_email, contact_phone, state, created_at, updated_at) "
    "values (:agency, :country, :name, :kind, :national_contact::boolean, :time_zone, "
    ":endpoint_kind, :backup_agency, :auto_acknowledge::boolean, :contact_email, :contact_phone, "
    ":state, :now::timestamptz, :now::timestamptz)"};
constexpr Query kChange{
    "agency_change",
    "update agency set name = coalesce(:name, name), time_zone = coalesce(:time_zone, time_zone), "
    "endpoint_kind = coalesce(:endpoint_kind, endpoint_kind), "
    "backup_agency = case when :backup_agency::text is null then backup_agency "
    "else nullif(:backup_agency::text, '') end, "
    "auto_acknowledge = coalesce(:auto_acknowledge::boolean, auto_acknowledge), "
    "contact_email = case when :contact_email::text is null then contact_email "
    "else nullif(:contact_email::text, '') end, "
    "contact_phone = case when :contact_phone::text is null then contact_phone "
    "else nullif(:contact_phone::text, '') end, "
    "state = coalesce(:state, state), "
    "national_contact = coalesce(:national_contact::boolean, national_contact), "
    "version = version + 1, updated_at = :now::timestamptz "
    "where agency = :agency and version = :version::integer"};

constexpr Query kRules{
    "outbound_rule_list",
    "select distinct on (priority) priority, auto_approve, valid_from::text as valid_from, source "
    "from outbound_rule where agency = :agency and valid_from <= :day::date "
    "order by priority, outbound_rule.valid_from desc"};
constexpr Query kAddRule{
    "outbound_rule_insert",
    "insert into outbound_rule (agency, priority, auto_approve, valid_from, source) values "
    "(:agency, :priority, :auto_approve::boolean, :valid_from::date, :source)"};

constexpr Query kRoutes{
    "route_list",
    "select distinct on (country, request_kind, priority) country, request_kind, priority, agency, "
    "backup_agency, valid_from::text as valid_from, source from route "
    "where (:country = '' or country = :country) and valid_from <= :day::date "
    "order by country, request_kind, priority, route.valid_from desc"};
constexpr Query kPutRoute{
    "route_put",
    "insert into route (country, request_kind, priority, agency, backup_agency, valid_from, "
    "source) values (:country, :request_kind, :priority, :agency, :backup_agency, "
    ":valid_from::date, :source) on conflict (country, request_kind, priority, valid_from) "
    "do update set agency = excluded.agency, backup_agency = excluded.backup_agency, "
    "source = excluded.source"};

#define RASTRO_CERTIFICATE_COLUMNS                                                             \
    "select certificate_id, agency, kind, user_id, name, uri, issuer_key_id, serial, sha256, " \
    "public_key_pem, roles, enrolled_by, " RASTRO_US("not_after") ", " RASTRO_US(              \
        "enrolled_at") ", " RASTRO_US("revoked_at") " from agency_certificate "

constexpr Query kCertificates{
    "certificate_list",
    RASTRO_CERTIFICATE_COLUMNS
    "where agency = :agency order by agency_certificate.enrolled_at desc, "
    "certificate_id limit 500"};
constexpr Query kFindCertificate{"certificate_find",
                                 RASTRO_CERTIFICATE_COLUMNS "where certificate_id = :id::uuid"};
constexpr Query kEnrol{
    "certificate_insert",
    "insert into agency_certificate (certificate_id, agency, kind, user_id, name, uri, "
    "issuer_key_id, serial, sha256, public_key_pem, roles, not_after, enrolled_by, enrolled_at) "
    "values (:id::uuid, :agency, :kind, :user::uuid, :name, :uri, :issuer, :serial, :sha256, "
    ":public_key, :roles::text[], :not_after::timestamptz, :enrolled_by::uuid, "
    ":now::timestamptz)"};
constexpr Query kRevoke{"certificate_revoke",
                        "update agency_certificate set revoked_at = :now::timestamptz "
                        "where certificate_id = :id::uuid and revoked_at is null"};

Date date_of(Row const& row, std::string_view column) {
    return parse_iso_date(row.view(column)).value_or(Date{});
}

Agency read_agency(Row const& row) {
    Agency agency;
    agency.agency = row.text("agency");
    agency.country = row.text("country");
    agency.name = row.text("name");
    agency.kind = row.text("kind");
    agency.national_contact = row.boolean("national_contact");
    agency.time_zone = row.text("time_zone");
    agency.endpoint_kind = row.text("endpoint_kind");
    agency.backup_agency = row.maybe_text("backup_agency");
    agency.auto_acknowledge = row.boolean("auto_acknowledge");
    agency.contact_email = row.maybe_text("contact_email");
    agency.contact_phone = row.maybe_text("contact_phone");
    agency.state = row.text("state");
    agency.version = static_cast<int>(row.integer("version"));
    return agency;
}

std::optional<UserId> maybe_user(Row const& row, std::string_view column) {
    return row.is_null(column) ? std::nullopt : std::optional<UserId>(row.id<UserId>(column));
}

EnrolledCertificate read_certificate(Row const& row) {
    EnrolledCertificate certificate;
    certificate.id = row.id<CertificateId>("certificate_id");
    certificate.agency = row.text("agency");
    certificate.kind = row.text("kind");
    certificate.user = maybe_user(row, "user_id");
    certificate.name = row.text("name");
    certificate.uri = row.text("uri");
    certificate.issuer_key_id = row.text("issuer_key_id");
    certificate.serial = row.text("serial");
    certificate.sha256 = row.text("sha256");
    certificate.public_key_pem = row.text("public_key_pem");
    certificate.roles = row.texts("roles");
    certificate.not_after = row.instant("not_after");
    certificate.enrolled_by = maybe_user(row, "enrolled_by");
    certificate.enrolled_at = row.instant("enrolled_at");
    certificate.revoked_at = row.maybe_instant("revoked_at");
    return certificate;
}

}  // namespace

bool AgencyRepo::country_exists(std::string_view country) {
    return unit_.sql().run(kCountry, {{"country", country}}).front().boolean("there");
}

std::vector<Agency> AgencyRepo::list(AgencyFilter const& filter) {
    auto const rows = unit_.sql().run(kList,
                                      {{"country", filter.country},
                                       {"kind", filter.kind},
                                       {"after", filter.after},
                                       {"limit", filter.limit}});
    std::vector<Agency> agencies;
    for (auto const row : rows) {
        agencies.push_back(read_agency(row));
    }
    return agencies;
}

std::optional<Agency> AgencyRepo::find(std::string_view agency) {
    auto const rows = unit_.sql().run(kFind, {{"agency", agency}});
    return rows.empty() ? std::nullopt : std::optional<Agency>(read_agency(rows.front()));
}

void AgencyRepo::insert(Agency const& agency) {
    unit_.sql().run(kInsert,
                    {{"agency", agency.agency},
                     {"country", agency.country},
                     {"name", agency.name},
                     {"kind", agency.kind},
                     {"national_contact", agency.national_contact},
                     {"time_zone", agency.time_zone},
                     {"endpoint_kind", agency.endpoint_kind},
                     {"backup_agency", agency.backup_agency},
                     {"auto_acknowledge", agency.auto_acknowledge},
                     {"contact_email", agency.contact_email},
                     {"contact_phone", agency.contact_phone},
                     {"state", agency.state},
                     {"now", unit_.now()}});
}

bool AgencyRepo::change(std::string_view agency, int version, AgencyChanges const& changes) {
    auto const rows = unit_.sql().run(kChange,
                                      {{"name", changes.name},
                                       {"time_zone", changes.time_zone},
                                       {"endpoint_kind", changes.endpoint_kind},
                                       {"backup_agency", changes.backup_agency},
                                       {"auto_acknowledge", changes.auto_acknowledge},
                                       {"contact_email", changes.contact_email},
                                       {"contact_phone", changes.contact_phone},
                                       {"state", changes.state},
                                       {"national_contact", changes.national_contact},
                                       {"now", unit_.now()},
                                       {"agency", agency},
                                       {"version", version}});
    return rows.affected() == 1;
}

std::vector<OutboundRule> AgencyRepo::outbound_rules(std::string_view agency, Date day) {
    auto const rows = unit_.sql().run(kRules, {{"agency", agency}, {"day", to_iso_date(day)}});
    std::vector<OutboundRule> rules;
    for (auto const row : rows) {
        rules.push_back({.priority = row.text("priority"),
                         .auto_approve = row.boolean("auto_approve"),
                         .valid_from = date_of(row, "valid_from"),
                         .source = row.text("source")});
    }
    return rules;
}

void AgencyRepo::add_outbound_rule(std::string_view agency, OutboundRule const& rule) {
    unit_.sql().run(kAddRule,
                    {{"agency", agency},
                     {"priority", rule.priority},
                     {"auto_approve", rule.auto_approve},
                     {"valid_from", to_iso_date(rule.valid_from)},
                     {"source", rule.source}});
}

std::vector<RouteRow> AgencyRepo::routes(std::string_view country, Date day) {
    auto const rows = unit_.sql().run(kRoutes, {{"country", country}, {"day", to_iso_date(day)}});
    std::vector<RouteRow> routes;
    for (auto const row : rows) {
        routes.push_back({.country = row.text("country"),
                          .request_kind = row.text("request_kind"),
                          .priority = row.text("priority"),
                          .agency = row.text("agency"),
                          .backup_agency = row.maybe_text("backup_agency"),
                          .valid_from = date_of(row, "valid_from"),
                          .source = row.text("source")});
    }
    return routes;
}

void AgencyRepo::put_route(RouteRow const& route) {
    unit_.sql().run(kPutRoute,
                    {{"country", route.country},
                     {"request_kind", route.request_kind},
                     {"priority", route.priority},
                     {"agency", route.agency},
                     {"backup_agency", route.backup_agency},
                     {"valid_from", to_iso_date(route.valid_from)},
                     {"source", route.source}});
}

std::vector<EnrolledCertificate> AgencyRepo::certificates(std::string_view agency) {
    auto const rows = unit_.sql().run(kCertificates, {{"agency", agency}});
    std::vector<EnrolledCertificate> certificates;
    for (auto const row : rows) {
        certificates.push_back(read_certificate(row));
    }
    return certificates;
}

std::optional<EnrolledCertificate> AgencyRepo::find_certificate(CertificateId id) {
    auto const rows = unit_.sql().run(kFindCertificate, {{"id", id}});
    return rows.empty() ? std::nullopt
                        : std::optional<EnrolledCertificate>(read_certificate(rows.front()));
}

void AgencyRepo::enrol(EnrolledCertificate const& certificate) {
    unit_.sql().run(kEnrol,
                    {{"id", certificate.id},
                     {"agency", certificate.agency},
                     {"kind", certificate.kind},
                     {"user", certificate.user},
                     {"name", certificate.name},
                     {"uri", certificate.uri},
                     {"issuer", certificate.issuer_key_id},
                     {"serial", certificate.serial},
                     {"sha256", certificate.sha256},
                     {"public_key", certificate.public_key_pem},
                     {"roles", certificate.roles},
                     {"not_after", certificate.not_after},
                     {"enrolled_by", certificate.enrolled_by},
                     {"now", unit_.now()}});
}

bool AgencyRepo::revoke(CertificateId id) {
    return unit_.sql().run(kRevoke, {{"now", unit_.now()}, {"id", id}}).affected() == 1;
}

}  // namespace rastro::storage
