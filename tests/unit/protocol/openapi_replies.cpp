// Replies: what the writers write, with all members and with as few as there can be, is what the
// schemas say; a schema requires exactly what is always written and names nothing that never is.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <map>
#include <set>

#include "cases/audit_record.hpp"
#include "common/time_text.hpp"
#include "protocol/agency_json.hpp"
#include "protocol/audit_json.hpp"
#include "protocol/catalogue_json.hpp"
#include "protocol/endpoints.hpp"
#include "protocol/event_json.hpp"
#include "protocol/firearm_json.hpp"
#include "protocol/health_json.hpp"
#include "protocol/import_json.hpp"
#include "protocol/openapi_schemas.hpp"
#include "protocol/people_json.hpp"
#include "protocol/problem_json.hpp"
#include "protocol/record_json.hpp"
#include "protocol/serial_json.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/unit/protocol/openapi_linked.hpp"
#include "tests/unit/protocol/openapi_record_sample.hpp"
#include "tests/unit/protocol/openapi_samples.hpp"

using namespace rastro;
using namespace rastro::protocol;
using namespace rastro::test;
namespace json = boost::json;

namespace {

struct Reply {
    std::string_view schema;
    std::string full;
    std::string minimal;
};

template <class Message>
std::string one(void (*append)(std::string&, Message const&), Message const& message) {
    std::string out;
    append(out, message);
    return out;
}

UserMessage full_user() {
    UserMessage user;
    user.id = UserId::generate();
    user.agency = kAsked;
    user.login = "ana.q";
    user.display_name = "Ana";
    user.email = "ana@example.org";
    user.language = "es";
    user.state = "active";
    user.roles = {"agency_user"};
    user.last_sign_in_at = sample_time();
    user.created_at = sample_time();
    return user;
}
UserMessage bare_user() {
    auto user = full_user();
    user.email.reset();
    user.last_sign_in_at.reset();
    return user;
}

SessionMessage bare_session() {
    SessionMessage session;
    session.id = SessionId::generate();
    session.factors = "password+totp";
    return session;
}
SessionMessage full_session() {
    auto session = bare_session();
    session.token = std::string(43, 'x');
    session.current = true;
    session.remote_address = "127.0.0.1";
    session.must_change_password = false;
    return session;
}

CodeSecret secret() {
    return {"JBSWY3DP", "otpauth://totp/Rastro:ana.q?secret=JBSWY3DP"};
}

Me me(bool full) {
    Me me;
    me.actor.id = UserId::generate().to_string();
    me.actor.agency = kAsked;
    me.actor.country = "XB";
    me.agency_name = "Centre";
    if (full) {
        me.actor.roles = {cases::Role::auditor};
        me.actor.acting_for = "officer-17";
        me.user = full_user();
        me.step_up_until = sample_time();
        me.operations = {"me"};
    }
    return me;
}

RoleGrantMessage grant(bool full) {
    RoleGrantMessage grant;
    grant.id = Uuid::generate_v7();
    grant.agency = kAsked;
    grant.user = UserId::generate();
    grant.login = "ana.q";
    grant.role = "auditor";
    grant.kind = "give";
    grant.proposed_by = UserId::generate();
    grant.state = full ? "accepted" : "open";
    if (full) {
        grant.decided_by = UserId::generate();
        grant.decided_at = sample_time();
    }
    return grant;
}

AgencyMessage agency(bool full) {
    AgencyMessage agency;
    agency.agency = kAsked;
    agency.country = "XB";
    agency.name = "Centre";
    agency.kind = "tracing_centre";
    if (full) {
        agency.backup_agency = kAsked;
        agency.contact_email = "b@example.org";
        agency.contact_phone = "+57 1";
        agency.outbound_rules = {{"routine", true, sample_date(), "Decree"}};
    }
    return agency;
}

RouteMessage route(bool full) {
    RouteMessage route;
    route.country = "XB";
    route.agency = kAsked;
    route.source = "Decree";
    if (full) {
        route.backup_agency = kAsked;
        route.valid_from = sample_date();
    }
    return route;
}

CertificateMessage certificate(bool full) {
    CertificateMessage certificate;
    certificate.id = Uuid::generate_v7();
    certificate.agency = kAsked;
    certificate.kind = "gateway";
    certificate.name = "gw1";
    if (full) {
        certificate.user = UserId::generate();
        certificate.roles = {"tracing_analyst"};
        certificate.enrolled_by = UserId::generate();
        certificate.revoked_at = sample_time();
    }
    return certificate;
}

cases::Assessment assessment() {
    cases::Assessment made;
    made.score = 94;
    made.band = cases::MatchBand::strong;
    made.fields = {{cases::MatchField::serial, cases::Agreement::alike, "serial_look_alike", 52}};
    return made;
}

SerialSearchResult search_result(bool full) {
    SerialSearchResult result;
    result.serial = "AB12345";
    if (!full) {
        return result;
    }
    result.make_id = "glock-at";
    result.calibre_group = "9 mm";
    SerialHitMessage hit;
    hit.number = kNumber;
    hit.state = "SUBMITTED";
    hit.owner_agency = kAsking;
    hit.assessment = assessment();
    auto bare = hit;
    hit.created_at = sample_time();
    hit.serial_raw = "AB12345";
    hit.make_text = "Glock";
    hit.model_text = "17";
    hit.calibre_text = "9x19";
    hit.type_code = "pistol";
    hit.import_country = "XB";
    hit.recovery_country = "XA";
    hit.recovered_on = sample_date();
    result.hits = {hit, bare};
    RecordHitMessage kept;
    kept.number = kNumber;
    kept.state = "ACTIVE";
    kept.kind = "stolen";
    kept.assessment = assessment();
    auto bare_kept = kept;
    kept.serial_raw = "AB12345";
    kept.make_text = "Glock";
    kept.model_text = "17";
    kept.calibre_text = "9x19";
    kept.type_code = "pistol";
    result.records = {kept, bare_kept};
    PointerMessage pointer;
    pointer.kind = "record_hit";
    pointer.country = "XB";
    pointer.agreeing = {"serial"};
    pointer.agency = kAsked;
    pointer.agency_name = "Centre";
    pointer.handling_code = "H1";
    result.pointers.push_back(pointer);
    pointer.contact_email = "b@example.org";
    pointer.contact_phone = "+57 1";
    result.pointers.push_back(pointer);
    return result;
}

MatchMessage match(bool full) {
    MatchMessage made;
    made.kind = "record_hit";
    made.state = "open";
    made.band = "MATCH_STRONG";
    made.found_by = "matching";
    made.found_at = sample_time();
    if (!full) {
        return made;
    }
    made.state = "confirmed";
    made.agreeing = {"serial"};
    made.agreement = agreement_json(assessment());
    MatchSideMessage side;
    side.case_id = CaseId::generate();
    side.record_id = Uuid::generate_v7();
    side.agency = kAsked;
    side.agency_name = "Centre";
    side.country = "XB";
    side.contact_email = "b@example.org";
    side.contact_phone = "+57 1";
    side.handling_code = "H1";
    side.recovery_country = "XA";
    side.recovered_on = sample_date();
    side.lead = true;
    made.newer = side;
    made.older = side;
    made.to_compare = {"serial"};
    made.decided_agency = kAsked;
    made.decided_by = UserId::generate().to_string();
    made.decided_at = sample_time();
    made.compared = {"serial"};
    made.decision_text = "Same marks";
    return made;
}

MakeReviewMessage review(bool full) {
    MakeReviewMessage review;
    review.review_id = Uuid::generate_v7();
    review.raw_text = "Glok";
    review.state = full ? "matched" : "open";
    if (full) {
        review.make_id = "glock";
        review.suggestions = {"glock"};
        review.decided_by = "somebody";
        review.decided_at = sample_time();
    }
    return review;
}

cases::AuditRecord record(bool full) {
    cases::AuditRecord record;
    record.event_id = EventId::generate();
    record.time = sample_time();
    record.action = "leg.read";
    if (full) {
        for (auto* text :
             {&record.server,         &record.request_id,  &record.traceparent,
              &record.refusal_reason, &record.actor,       &record.actor_kind,
              &record.agency,         &record.role,        &record.authentication_event,
              &record.purpose,        &record.legal_basis, &record.case_reference,
              &record.object_type,    &record.object_id,   &record.object_owner,
              &record.decision_id,    &record.rule,        &record.policy_version,
              &record.source,         &record.destination}) {
            *text = "x";
        }
        record.country = "XA";
        record.outcome = cases::AuditOutcome::refused;
        record.object_version = 1;
        record.field_groups = {"G0"};
        record.detail = Digest{};
    }
    return record;
}

DescriptionVersionMessage described(bool full) {
    DescriptionVersionMessage version;
    version.stated_by = "somebody";
    version.stated_at = sample_time();
    if (full) {
        version.change_reason = "seen again";
        version.firearm = full_content().firearm;
    }
    return version;
}

EventMessage event(bool full) {
    EventMessage event;
    event.seq = 1;
    event.kind = "leg.routed";
    event.object_type = "leg";
    event.object_id = "x";
    if (full) {
        event.case_id = CaseId::generate();
    }
    return event;
}

void add_people(std::vector<Reply>& all) {
    all.push_back(
        {"Session", one(append_session, full_session()), one(append_session, bare_session())});
    all.push_back({"SessionList", write_sessions({full_session()}), write_sessions({})});
    all.push_back({"TotpSecret", write_code_secret(secret()), write_code_secret(secret())});
    UseBanner const banner{"1", "a", "b", "c", "d"};
    all.push_back({"UseBanner", write_use_banner(banner), write_use_banner(banner)});
    all.push_back({"User", one(append_user, full_user()), one(append_user, bare_user())});
    all.push_back({"UserList", write_users({full_user()}, "abc"), write_users({}, "")});
    all.push_back({"UserCreated",
                   write_user_created({full_user(), "first", secret()}),
                   write_user_created({bare_user(), "first", secret()})});
    all.push_back({"Me", write_me(me(true)), write_me(me(false))});
    all.push_back(
        {"RoleGrant", one(append_role_grant, grant(true)), one(append_role_grant, grant(false))});
    all.push_back({"RoleGrantList", write_role_grants({grant(true)}), write_role_grants({})});
}

void add_agencies(std::vector<Reply>& all) {
    all.push_back({"Agency", one(append_agency, agency(true)), one(append_agency, agency(false))});
    all.push_back({"AgencyList", write_agencies({agency(true)}, "abc"), write_agencies({}, "")});
    all.push_back({"Route", one(append_route, route(true)), one(append_route, route(false))});
    all.push_back({"RouteList", write_routes({route(true)}), write_routes({})});
    all.push_back({"Certificate",
                   one(append_certificate, certificate(true)),
                   one(append_certificate, certificate(false))});
    all.push_back(
        {"CertificateList", write_certificates({certificate(true)}), write_certificates({})});
}

void add_lists(std::vector<Reply>& all) {
    all.push_back({"CodeList",
                   write_code_list("outcome", {{"too_old", "a", "b", "c", "d", "fail"}}),
                   write_code_list("outcome", {{"too_old", "a", "b", "c", "d", ""}})});
    MakeMessage make{"glock", "Glock", "", "", "", {}, ""};
    MakeMessage const full_make{"glock", "Glock", "maker", "AT", "GLC", {"Glok"}, "ncic"};
    all.push_back({"MakeList", write_makes({full_make}, "abc"), write_makes({make}, "")});
    all.push_back({"MakeImportResult", write_make_import_result({}), write_make_import_result({})});
    all.push_back({"MakeReview",
                   one(append_make_review, review(true)),
                   one(append_make_review, review(false))});
    all.push_back(
        {"MakeReviewList", write_make_reviews({review(true)}, "abc"), write_make_reviews({}, "")});
    ImportMessage import;
    import.file_sha256 = std::string(64, 'a');
    import.profile = "court";
    auto full_import = import;
    full_import.file_name = "a.csv";
    full_import.announced_rows = 3;
    full_import.missing = {{"/common/legal_basis", "required", {}}};
    all.push_back({"Import", write_import(full_import), write_import(import)});
    ImportRowResult row{2, "rejected", {}, "", {}, {}};
    row.notes = {{1, "", "rejected", "", {}}};
    auto full_row = row;
    full_row.result = "draft";
    full_row.case_id = CaseId::generate();
    full_row.number = kNumber;
    full_row.notes = {{1, "make", "review", "unknown_make", {"glock"}}};
    full_row.missing = {{"/serial_raw", "too_long", {"64"}}};
    all.push_back({"ImportRowResults",
                   write_import_results({full_row}, "abc"),
                   write_import_results({row}, "")});
}

void add_rest(std::vector<Reply>& all) {
    all.push_back({"Health", write_health(), write_health()});
    all.push_back({"Readiness",
                   write_readiness({{"database", false, "gone"}}),
                   write_readiness({{"database", true, ""}})});
    all.push_back({"Version", write_version("1.0", "abc", true), write_version("1.0", "", false)});
    auto const kind = problem_type_json("not-found", Language::en);
    all.push_back({"ProblemType", kind, kind});
    Problem full_problem(ProblemCode::rate_limited, "Too fast");
    full_problem.with_retry_after(3).add({"/a", "required", {}});
    std::string const request_id = RequestId::generate().to_string();
    all.push_back({"Problem",
                   problem_json(full_problem,
                                {.instance = "/v1/me",
                                 .request_id = request_id,
                                 .trace_id = "0af7651916cd43dd8448eb211c80319c"}),
                   problem_json(ProblemCode::not_found, {})});
    all.push_back({"Event", one(append_event, event(true)), one(append_event, event(false))});
    all.push_back({"SerialSearchResult",
                   write_serial_search_result(search_result(true)),
                   write_serial_search_result(search_result(false))});
    all.push_back({"Record",
                   one(append_record, record_of_register(true)),
                   one(append_record, record_of_register(false))});
    all.push_back(
        {"RecordList", write_records({record_of_register(true)}, "abc"), write_records({}, "")});
    RecordRowResult row{
        .row = 0, .result = "rejected", .record_id = {}, .number = {}, .violations = {}};
    auto full_row = row;
    full_row.record_id = CaseId::generate();
    full_row.number = kNumber;
    full_row.violations = {{"/kind", "not_in_list", {"stolen"}}};
    all.push_back({"NewRecordResults",
                   write_record_row_results({full_row}),
                   write_record_row_results({row})});
    all.push_back({"Match", one(append_match, match(true)), one(append_match, match(false))});
    all.push_back({"MatchList", write_matches({match(true)}, "abc"), write_matches({}, "")});
    all.push_back({"EventList", write_events({event(true)}, 1, 1), write_events({}, 0, 7)});
    all.push_back({"AuditEntryList",
                   write_audit_entries({{7, to_leaf(record(true))}}, "abc"),
                   write_audit_entries({{std::nullopt, to_leaf(record(false))}}, "")});
    cases::ReadAnomaly anomaly{
        .of = {"0190c3a2-7f00-7000-8000-000000000001", "investigation", 90, 30},
        .median = 14,
        .limit = 20.5,
        .more_than_others = true,
        .outside_hours = true};
    auto const day = Date{std::chrono::floor<std::chrono::days>(sample_time())};
    auto without_purpose = anomaly;
    without_purpose.of.purpose.clear();
    all.push_back({"ReadAnomalyList",
                   write_read_anomalies(day, {anomaly}),
                   write_read_anomalies(day, {without_purpose})});
    all.push_back({"ConsistencyProof",
                   write_consistency_proof({1, 2, {Digest{}}}),
                   write_consistency_proof({})});
    all.push_back({"FirearmDescriptionList",
                   write_descriptions({described(true)}),
                   write_descriptions({described(false)})});
}

void add_cases(std::vector<Reply>& all) {
    all.push_back({"Leg", one(append_leg, full_leg()), one(append_leg, bare_leg())});
    all.push_back({"LegList",
                   write_inbox({full_inbox_entry()}, "abc"),
                   write_inbox({bare_inbox_entry()}, "")});
    all.push_back(
        {"TraceRequest", write_trace_request(full_request()), write_trace_request(bare_request())});
    all.push_back(
        {"TraceStatus", write_trace_status(full_status()), write_trace_status(bare_status())});
    all.push_back({"TraceRequestList",
                   write_trace_list({full_summary()}, "abc"),
                   write_trace_list({bare_summary()}, "")});
    all.push_back(
        {"Timeline", write_timeline({full_entry()}, "abc"), write_timeline({bare_entry()}, "")});
}

std::vector<Reply> replies() {
    std::vector<Reply> all;
    add_people(all);
    add_agencies(all);
    add_lists(all);
    add_rest(all);
    add_cases(all);
    for (auto& reply : linked_replies()) {
        all.push_back({reply.schema, std::move(reply.full), std::move(reply.minimal)});
    }
    return all;
}

std::string text_of(json::string_view text) {
    return {text.data(), text.size()};
}

// Goes over a value beside its schema and calls visit(schema, members, place) for each object.
template <class Visit>
void visit_objects(SchemaCheck const& check,
                   json::object const& schema,
                   json::value const& value,
                   std::string const& place,
                   Visit const& visit) {
    auto const& resolved = check.resolved(schema);
    auto const at = schema.contains("$ref") ? text_of(schema.at("$ref").as_string()) : place;
    if (auto const* items = value.if_array()) {
        for (auto const& item : *items) {
            visit_objects(check, resolved.at("items").as_object(), item, at + "[]", visit);
        }
    }
    auto const* properties = resolved.if_contains("properties");
    if (!value.is_object() || properties == nullptr) {
        return;
    }
    visit(resolved, value.get_object(), at);
    for (auto const& member : value.get_object()) {
        auto const* known = properties->as_object().if_contains(member.key());
        if (known != nullptr) {
            visit_objects(
                check, known->as_object(), member.value(), at + "/" + text_of(member.key()), visit);
        }
    }
}

// Properties that requests share with replies but that a writer never leaves standing alone.
bool always_written(json::object const& schema, json::string_view name) {
    auto const* required = schema.if_contains("required");
    return required != nullptr && std::ranges::any_of(required->as_array(), [&](auto const& entry) {
               return entry == name;
           });
}

}  // namespace

TEST_CASE("every JSON reply of the endpoint table has a sample here") {
    // Tested on their own; the accounts are a file, see tests/api/test_openapi.py.
    std::set<std::string_view> sampled{"OpenApi", "DemoAccounts"};
    for (std::string_view not_json :
         {"Metrics", "TlogProof", "Checkpoint", "Tile", "AuditExport", "PdfDocument", "Workbook"}) {
        sampled.insert(not_json);
    }
    auto const all = replies();
    for (auto const& reply : all) {
        sampled.insert(reply.schema);
    }
    for (auto const& endpoint : endpoints()) {
        CAPTURE(endpoint.operation);
        CHECK((endpoint.response_body.empty() || sampled.contains(endpoint.response_body)));
    }
}

TEST_CASE("what is written fits the schema") {
    SchemaCheck const check(message_schemas());
    for (auto const& reply : replies()) {
        CAPTURE(reply.schema);
        for (auto const* text : {&reply.full, &reply.minimal}) {
            auto const faults = check.faults(reply.schema, json::parse(*text));
            CHECK_MESSAGE(faults.empty(), (faults.empty() ? "" : faults.front()));
        }
        // A writer that would add a member is found out.
        auto more = json::parse(reply.full);
        more.as_object()["no_such_member"] = 1;
        CHECK_FALSE(check.faults(reply.schema, more).empty());
    }
}

TEST_CASE("required is exactly what is always written, and all else is written at times") {
    SchemaCheck const check(message_schemas());
    std::map<std::string, std::set<std::string>> known;
    std::map<std::string, std::set<std::string>> written;
    std::map<std::string, std::set<std::string>> in_every;
    for (auto const& reply : replies()) {
        for (auto const* text : {&reply.full, &reply.minimal}) {
            visit_objects(check,
                          check.named(reply.schema),
                          json::parse(*text),
                          std::string(reply.schema),
                          [&](json::object const& schema,
                              json::object const& members,
                              std::string const& at) {
                              std::set<std::string> present;
                              for (auto const& member : members) {
                                  present.insert(text_of(member.key()));
                              }
                              for (auto const& property : schema.at("properties").as_object()) {
                                  known[at].insert(text_of(property.key()));
                              }
                              written[at].insert(present.begin(), present.end());
                              auto const [entry, first] = in_every.emplace(at, present);
                              if (!first) {
                                  std::erase_if(entry->second, [&](auto const& name) {
                                      return !present.contains(name);
                                  });
                              }
                          });
        }
        visit_objects(
            check,
            check.named(reply.schema),
            json::parse(reply.minimal),
            std::string(reply.schema),
            [&](json::object const& schema, json::object const& members, std::string const& at) {
                for (auto const& member : members) {
                    CAPTURE(at);
                    CAPTURE(text_of(member.key()));
                    CHECK(always_written(schema, member.key()));
                }
            });
    }
    for (auto const& [at, names] : known) {
        CAPTURE(at);
        for (auto const& name : names) {
            CAPTURE(name);
            CHECK(written[at].contains(name));
        }
    }
}
