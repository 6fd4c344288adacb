// Requests: what a schema allows a reader takes, what a schema refuses a reader refuses. Each
// sample is changed at every place in every way that matters, and both are asked.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <set>

#include "protocol/agency_json.hpp"
#include "protocol/catalogue_json.hpp"
#include "protocol/endpoints.hpp"
#include "protocol/firearm_json.hpp"
#include "protocol/import_json.hpp"
#include "protocol/leg_json.hpp"
#include "protocol/openapi_schemas.hpp"
#include "protocol/people_json.hpp"
#include "protocol/record_json.hpp"
#include "protocol/serial_json.hpp"
#include "protocol/trace_content_json.hpp"
#include "protocol/trace_json.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/unit/protocol/openapi_linked.hpp"

using namespace rastro;
using namespace rastro::protocol;
namespace json = boost::json;

namespace {

using Reading = std::function<std::optional<Problem>(std::string_view)>;

template <class T>
Reading reading(Outcome<T> (*read)(std::string_view)) {
    return [read](std::string_view body) -> std::optional<Problem> {
        auto const outcome = read(body);
        return outcome ? std::nullopt : std::optional<Problem>(outcome.error());
    };
}

// A patch is read in two steps: on its own, and applied to what it changes.
std::optional<Problem> read_and_apply(std::string_view body) {
    auto const change = read_trace_request_change(body);
    if (!change) {
        return change.error();
    }
    auto const changed = apply_change({}, *change);
    return changed ? std::nullopt : std::optional<Problem>(changed.error());
}

struct Message {
    std::string_view schema;
    Reading read;
    std::string_view full;     // every member
    std::string_view minimal;  // only those that are required
};

// Violations that are about form, which the schema must know too. Others are rules between members
// or about stored things.
bool is_about_form(Violation const& violation) {
    std::string_view const code = violation.code;
    // Each line of a file only once: no keyword can say so.
    if (violation.pointer.starts_with("/rows/") && violation.pointer.ends_with("/line")) {
        return code != "repeated_item";
    }
    if (violation.pointer == "/make_id" && code == "required") {
        return true;
    }
    static std::set<std::string_view> const codes{"wrong_type",
                                                  "missing_member",
                                                  "unknown_member",
                                                  "too_short",
                                                  "too_long",
                                                  "out_of_range",
                                                  "not_in_list",
                                                  "too_many_items",
                                                  "too_few_items",
                                                  "repeated_item",
                                                  "country_or_agency"};
    return codes.contains(code) || code.starts_with("format_");
}

bool has_form_fault(std::optional<Problem> const& problem) {
    if (!problem) {
        return false;
    }
    return problem->violations().empty() ||
           std::ranges::any_of(problem->violations(), is_about_form);
}

std::string told(std::optional<Problem> const& problem) {
    std::string all = problem ? std::string(problem->info().slug) : "read";
    if (problem) {
        for (auto const& violation : problem->violations()) {
            all += " " + violation.pointer + "=" + violation.code;
        }
    }
    return all;
}

constexpr std::string_view kFirearm = R"({"serial_raw":"AB12345","serial_condition":"obliterated",
  "make_text":"Glock","make_id":"glock","type_code":"pistol","type_text":"pistol","calibre_text":"9x19",
  "calibre_id":"9x19mm","model_text":"19","origin_country":"XB","importer_text":"Port","importer_id":"port",
  "importer_mark_absent":false,"import_country":"XC","import_country_text":"XC","remarks":"worn",
  "marks":[{"kind":"serial","place":"slide","state":"worn","text":"AB12345","remarks":"left side"}],
  "obliteration":{"method":"filing","partial_characters":"AB?45*","lab_result":"restored","lab_case_no":"L 7",
                  "restored_serial":"AB12345"})";

std::string with_firearm(std::string_view text) {
    std::string whole(text);
    auto const at = whole.find("FIREARM");
    return whole.replace(at, 7, std::string(kFirearm) + "}");
}

// What all requests of an imported file may have in common.
std::string const& shared() {
    static std::string const text =
        R"("purpose":"investigation","priority":"urgent","urgent_ground":"terrorism","urgent_justification":"today","legal_basis":"art. 4",
  "agreement":"treaty","offence_code":"robbery","project_code":"p1","special_instructions":"call first",
  "intended_use":"court","illicit_ground":"unmarked","restrictions_asked":"none","handling_code":"H2",
  "handling_text":"keep","agency_case_no":"2026/1","unit":"north","requester_name":"Ana","badge_no":"7",
  "contact":"ana@example.org","sensitive":false,"forward_consent":true,"requested_groups":["G5","G6"],
  "shared_groups":["G0","G1"],"recipients":[{"country":"XB"},{"agency":"XC-TRACE-H"}])";
    return text;
}

std::string const& content() {
    static std::string const text =
        with_firearm(
            R"("firearm":FIREARM,"recovery":{"recovered_on":"2026-04-03",
  "date_precision":"day","country":"XA","area":"Norte","place":"Calle 5","latitude":-33.5,"longitude":-70,
  "circumstances":"traffic stop","crime_gun":true,"context":["border_seizure"],"seizure_ref":"S 1","custody_ref":"C 1"},
  "possessor":{"family_name":"Diaz","given_names":"Jo","alias":"J","sex":"m","birth_date":"1990-02-28",
   "birth_place":"Sur","nationality":"XA","id_kind":"passport","id_number":"P1","address":"Calle 6","remarks":"none"},
  "associates":[{"family_name":"Sosa","relation":"driver"}],
  "vehicle":{"plate":"AB 123","plate_country":"XA","vin":"1HG","description":"van"},)") +
        shared();
    return text;
}

std::vector<Message> own_messages() {
    static std::string const create = "{\"submit\":false," + content() + "}";
    static std::string const change = "{" + content() + "}";
    static std::string const describe = std::string(kFirearm) + R"(,"change_reason":"seen again"})";
    static std::string const reply = with_firearm(R"({"text":"a B","description":FIREARM})");
    static std::string const pem =
        R"({"certificate_pem":")" + std::string(120, 'x') + R"(","roles":["tracing_analyst"]})";
    static std::string const bare_pem = R"({"certificate_pem":")" + std::string(120, 'x') + R"("})";
    static std::string const sha = std::string(64, 'a');
    static std::string const receipt =
        R"({"received_at":"2026-05-14T09:12:00Z","message_sha256":")" + sha +
        R"(","signature":"AAAA"})";
    static std::string const import_full =
        R"({"file_sha256":")" + sha +
        R"(","file_name":"a.csv","profile":"court","dry_run":true,"submit":false,
            "announced_rows":5,"common":{)" +
        shared() + "}}";
    static std::string const import_bare = R"({"file_sha256":")" + sha + R"(","profile":"court"})";
    constexpr std::string_view kId = R"("01890a5d-ac96-774b-bcce-b302099a8057")";
    static std::string const closure =
        R"({"outcome_code":"too_old","answer_id":)" + std::string(kId) + R"(,"text":"done"})";
    static std::string const duplicate =
        R"({"lead_case_id":)" + std::string(kId) + R"(,"text":"the same"})";
    static std::string const bare_duplicate = R"({"lead_case_id":)" + std::string(kId) + "}";
    static std::string const grant =
        R"({"user_id":)" + std::string(kId) + R"(,"role":"auditor","kind":"give"})";
    static std::string const match_note =
        R"({"case_id":)" + std::string(kId) + R"(,"other_case_id":)" + std::string(kId) + "}";
    std::vector<Message> all{
        {"SignIn",
         reading(read_sign_in),
         R"({"login":"ana.q","password":"x y","totp":"012345","accept_use_banner":true})",
         R"({"login":"ana.q","password":"x y","totp":"012345"})"},
        {"StepUp",
         reading(read_step_up),
         R"({"password":"x y","totp":"012345"})",
         R"({"password":"x y","totp":"012345"})"},
        {"PasswordChange",
         reading(read_password_change),
         R"({"current_password":"x","new_password":"y"})",
         R"({"current_password":"x","new_password":"y"})"},
        {"TotpEnrolment", reading(read_code_enrolment), "{}", "{}"},
        {"TotpConfirmation",
         reading(read_code_confirmation),
         R"({"totp":"012345"})",
         R"({"totp":"012345"})"},
        {"UserCreate",
         reading(read_user_create),
         R"({"login":"b.lee","display_name":"B","email":"b@example.org","language":"es",
             "propose_roles":["auditor"]})",
         R"({"login":"b.lee","display_name":"B"})"},
        {"UserChange",
         reading(read_user_change),
         R"({"display_name":"B","email":"b@example.org","language":"es","state":"disabled"})",
         "{}"},
        {"RoleGrantPropose", reading(read_role_grant_propose), grant, grant},
        {"Decision",
         reading(read_role_grant_decision),
         R"({"decision":"accepted"})",
         R"({"decision":"accepted"})"},
        {"AgencyCreate",
         reading(read_agency_create),
         R"({"agency":"XB-TRACE-H","name":"Centre","kind":"police","national_contact":true,
             "time_zone":"America/Bogota","endpoint_kind":"peer","backup_agency":"XB-TRACE-H",
             "auto_acknowledge":true,"contact_email":"b@example.org","contact_phone":"+57 1",
             "outbound_rules":[{"priority":"routine","auto_approve":true,"valid_from":"2026-01-01",
             "source":"Decree"}],"route":{"request_kind":"trace_request","priority":"any",
             "backup_agency":"XB-TRACE-H","valid_from":"2026-01-01","source":"Decree"}})",
         R"({"agency":"XB-TRACE-H","name":"Centre","kind":"police"})"},
        {"AgencyChange",
         reading(read_agency_change),
         R"({"name":"Centre","time_zone":"UTC","endpoint_kind":"hosted","backup_agency":"XB-TRACE-H",
             "auto_acknowledge":true,"contact_email":"b@example.org","contact_phone":"+57 1",
             "state":"suspended","national_contact":false,"outbound_rules":[{"priority":"urgent",
             "auto_approve":false,"valid_from":"2026-01-01","source":"Decree"}]})",
         "{}"},
        {"RouteChange",
         reading(read_route_change),
         R"({"agency":"XB-TRACE-H","request_kind":"trace_request","priority":"urgent",
             "backup_agency":"XB-TRACE-H","valid_from":"2026-01-01","source":"Decree"})",
         R"({"agency":"XB-TRACE-H","source":"Decree"})"},
        {"CertificateEnrol", reading(read_certificate_enrol), pem, bare_pem},
        {"MakeImport",
         reading(read_make_import),
         R"({"source":"list","makes":[{"make_id":"m-1","name":"M","kind":"brand","country":"XA",
             "ncic_code":"ABC","aliases":["Em"],"wording":"M, Em"}]})",
         R"({"source":"list","makes":[{"name":"M"}]})"},
        {"SerialSearch",
         reading(read_serial_search),
         R"({"serial":"AB?45*","make_text":"Glock","make_id":"glock-at","calibre_text":"9x19",
             "calibre_id":"9x19","type_code":"pistol","model_text":"17","import_country":"XB",
             "case_id":"01890a5d-ac96-774b-bcce-b302099a8057","show_weak":true})",
         R"({"serial":"AB12345"})"},
        {"MatchNote", reading(read_match_note), match_note, match_note},
        {"MatchDecision",
         reading(read_match_decision),
         R"({"decision":"confirmed","compared":["serial","make"],"text":"Same marks"})",
         R"({"decision":"rejected"})"},
        {"NewRecord",
         reading(read_new_record),
         R"({"kind":"stolen","firearm":{"serial_raw":"AB 12","make_text":"Glock","make_id":"glock-at",
             "type_code":"pistol","calibre_text":"9x19","calibre_id":"9x19","model_text":"17",
             "origin_country":"XC","importer_text":"I","import_country":"XB","remarks":"r"},
             "event_on":"2026-05-14","event_country":"XB","agency_case_no":"C-1",
             "purpose":"investigation","legal_basis":"Act","handling_code":"H3",
             "handling_text":"ask","silent":true,"valid_until":"2030-01-01"})",
         R"({"kind":"lost","firearm":{"serial_raw":"AB12","type_code":"pistol"},
             "event_on":"2026-05-14","agency_case_no":"C-1","purpose":"investigation",
             "legal_basis":"Act","handling_code":"H1"})"},
        {"NewRecords",
         reading(read_record_rows),
         R"({"records":[{}],"dry_run":true})",
         R"({"records":[{}]})"},
        {"RecordClearance",
         reading(read_record_clearance),
         R"({"reason":"recovered","text":"Handed in"})",
         R"({"reason":"replaced"})"},
        {"MakeReviewDecision",
         reading(read_make_review_decision),
         R"({"decision":"matched","make_id":"m-1"})",
         R"({"decision":"rejected"})"},
        {"TraceRequestCreate",
         reading(read_trace_request_create),
         create,
         R"({"firearm":{},"purpose":"investigation"})"},
        {"TraceRequestChange", read_and_apply, change, "{}"},
        {"FirearmDescription", reading(read_firearm_description), describe, "{}"},
        {"Reason",
         reading(read_reason),
         R"({"text":"why","reason_code":"new_record"})",
         R"({"text":"why"})"},
        {"Closure", reading(read_closure), closure, R"({"outcome_code":"too_old"})"},
        {"DuplicateOf", reading(read_duplicate_of), duplicate, bare_duplicate},
        {"HandlingChange",
         reading(read_handling_change),
         R"({"handling_code":"H3","handling_text":"keep"})",
         R"({"handling_code":"H2"})"},
        {"LegAdd",
         reading(read_leg_add),
         R"({"country":"XB","text":"please"})",
         R"({"agency":"XB-TRACE-H"})"},
        {"Receipt", reading(read_receipt), receipt, receipt},
        {"Assignment", reading(read_assignment), R"({"handler":"XB-TRACE-H/analyst-3"})", "{}"},
        {"ClarificationAsk",
         reading(read_clarification_ask),
         R"({"fields":["firearm.serial_raw"],"question":"B or 8?"})",
         R"({"fields":["firearm.serial_raw"],"question":"B or 8?"})"},
        {"ClarificationReply", reading(read_clarification_reply), reply, R"({"text":"a B"})"},
        {"Delay",
         reading(read_delay),
         R"({"reason_code":"cost_or_resources","review_on":"2026-09-01","appeal_to":"court",
             "text":"queue"})",
         R"({"reason_code":"cost_or_resources","review_on":"2026-09-01"})"},
        {"Refusal",
         reading(read_refusal),
         R"({"reason_code":"no_legal_basis","review_on":"2026-09-01","appeal_to":"court",
             "text":"none"})",
         R"({"reason_code":"no_legal_basis"})"},
        {"Restriction",
         reading(read_restriction),
         R"({"reason_code":"data_protection","review_on":"2026-09-01","appeal_to":"court",
             "text":"none","groups":["G6","G7"]})",
         R"({"reason_code":"data_protection","groups":["G6"]})"},
        {"AnswerGive",
         reading(read_answer_give),
         R"({"kind":"full","outcome_code":"purchaser_identified","chain":[{"role":"purchaser",
             "party_name":"J. Example","party_country":"XB","party_place":"Sur","party_licence":"L 1",
             "received_on":"2019-06","disposed_on":"2020","document":"invoice 7","source_record":"book",
             "confidence":"stated","second_hand":true}],"remarks":"ok","handling_code":"H3",
             "handling_text":"keep","evaluation":"B2","conditions":"none","next_country":"XC"})",
         R"({"kind":"no_record","outcome_code":"too_old"})"},
        {"Forward",
         reading(read_forward),
         R"({"decline":false,"country":"XC","text":"asked"})",
         R"({"decline":true})"},
        {"CaseDecision",
         reading(read_case_decision),
         R"({"decision":"rejected","text":"no"})",
         R"({"decision":"accepted"})"},
        {"ImportStart", reading(read_import_start), import_full, import_bare},
        {"ImportRows",
         reading(read_import_rows),
         R"({"columns":["Serial","Make"],"rows":[{"line":2,"cells":["A1","M"]}]})",
         R"({"columns":["Serial"],"rows":[{"line":2,"cells":["A1"]}]})"}};
    return all;
}

std::vector<Message> const& messages() {
    static std::vector<Message> const all = [] {
        auto list = own_messages();
        for (auto& body : test::linked_bodies()) {
            list.push_back({body.schema, std::move(body.read), body.full, body.minimal});
        }
        return list;
    }();
    return all;
}

// Every place of a value: the value itself, members, items.
void visit_places(json::value& at, std::function<void(json::value&)> const& visit) {
    visit(at);
    if (auto* members = at.if_object()) {
        for (auto& member : *members) {
            visit_places(member.value(), visit);
        }
    } else if (auto* items = at.if_array()) {
        for (auto& item : *items) {
            visit_places(item, visit);
        }
    }
}

class Agreement {
 public:
    explicit Agreement(Message const& message)
        : message_(message), check_(message_schemas()), root_(json::parse(message.full)) {}

    std::size_t refused() const noexcept { return refused_; }

    void try_everything(std::vector<json::value> const& replacements) {
        visit_places(root_, [&](json::value& place) {
            auto const original = place;
            for (auto const& replacement : replacements) {
                place = replacement;
                ask();
            }
            place = original;
            if (place.is_object()) {
                change_members(place, original);
            } else if (place.is_array()) {
                change_items(place, original);
            }
        });
    }

    void try_texts(std::vector<json::value> const& replacements) {
        visit_places(root_, [&](json::value& place) {
            auto const original = place;
            if (!original.is_string()) {
                return;
            }
            // Where any text is taken, no code can be told from another.
            place = json::string("any text");
            bool const has_list = !ask();
            for (auto const& replacement : replacements) {
                if (has_list) {
                    place = replacement;
                    ask();
                }
            }
            place = original;
        });
    }

 private:
    bool ask() {
        auto const body = json::serialize(root_);
        auto const faults = check_.faults(message_.schema, root_);
        auto const problem = message_.read(body);
        bool const agree = faults.empty() != has_form_fault(problem);
        refused_ += faults.empty() ? 0U : 1U;
        if (!agree) {
            FAIL_CHECK(body.substr(0, 1500)
                       << "\nschema: " << (faults.empty() ? "fits" : faults.front())
                       << "\nreader: " << told(problem));
        }
        return faults.empty();
    }

    void change_members(json::value& place, json::value const& original) {
        place.as_object()["no_such_member"] = 1;
        ask();
        place = original;
        for (auto const& member : original.as_object()) {
            place.as_object().erase(member.key());
            ask();
            place = original;
        }
    }

    void change_items(json::value& place, json::value const& original) {
        if (original.as_array().empty()) {
            return;
        }
        auto const first = original.as_array().front();
        for (std::size_t count : {2U, 3U, 9U, 11U, 13U, 21U, 41U, 50U, 61U, 101U, 257U, 501U}) {
            place = json::array(count, first);
            ask();
        }
        place = original;
    }

    Message const& message_;
    test::SchemaCheck check_;
    json::value root_;
    std::size_t refused_ = 0;
};

std::vector<json::value> replacements() {
    std::vector<json::value> all{nullptr,
                                 true,
                                 7,
                                 -1,
                                 7.5,
                                 1e9,
                                 100'000'001,
                                 -91,
                                 181,
                                 "",
                                 "x",
                                 json::array(),
                                 json::object()};
    for (std::string_view text : {"no such code!",
                                  "2026-02-30",
                                  "2026-02-28",
                                  "2026-13",
                                  "2026",
                                  "a\tb",
                                  "a\nb",
                                  "XA",
                                  "XB-TRACE-H",
                                  "x/y",
                                  "012345",
                                  "H9",
                                  "AAA=",
                                  "AAA"}) {
        all.emplace_back(json::string(text));
    }
    for (std::size_t length :
         {2U,   3U,   4U,    20U,   21U,   32U,   33U,   40U,   41U,   64U,    65U,  100U,
          101U, 120U, 121U,  160U,  161U,  200U,  201U,  254U,  256U,  257U,   300U, 301U,
          500U, 501U, 1000U, 1001U, 2000U, 2001U, 4000U, 4001U, 8193U, 16'385U}) {
        all.emplace_back(json::string(length, 'x'));
    }
    return all;
}

// Every code that stands in a list of this schema or of those it refers to.
void collect_codes(json::value const& schema,
                   std::set<std::string>& names,
                   std::set<std::string>& codes) {
    if (auto const* items = schema.if_array()) {
        for (auto const& item : *items) {
            collect_codes(item, names, codes);
        }
        return;
    }
    for (auto const& member : schema.is_object() ? schema.get_object() : json::object()) {
        if (member.key() == "enum") {
            for (auto const& code : member.value().as_array()) {
                codes.insert(std::string(code.as_string().data(), code.as_string().size()));
            }
        } else if (member.key() == "$ref") {
            std::string const place(member.value().as_string().data(),
                                    member.value().as_string().size());
            auto const name = place.substr(place.rfind('/') + 1);
            if (names.insert(name).second) {
                collect_codes(message_schemas().at(name), names, codes);
            }
        } else {
            collect_codes(member.value(), names, codes);
        }
    }
}

}  // namespace

TEST_CASE("every body of the endpoint table has a sample here") {
    std::set<std::string_view> sampled;
    for (auto const& message : messages()) {
        sampled.insert(message.schema);
    }
    for (auto const& endpoint : endpoints()) {
        CAPTURE(endpoint.operation);
        CHECK((endpoint.request_body.empty() || sampled.contains(endpoint.request_body)));
    }
}

TEST_CASE("full and minimal samples fit their schema and are read") {
    test::SchemaCheck const check(message_schemas());
    for (auto const& message : messages()) {
        CAPTURE(message.schema);
        for (auto sample : {message.full, message.minimal}) {
            CAPTURE(sample);
            auto const value = json::parse(sample);
            auto const faults = check.faults(message.schema, value);
            CHECK_MESSAGE(faults.empty(), (faults.empty() ? "" : faults.front()));
            auto const problem = message.read(sample);
            CHECK_MESSAGE(!has_form_fault(problem), told(problem));
        }
        // The full sample really is: every property of the schema is in it, but alternatives.
        auto const& schema = check.named(message.schema);
        auto const full = json::parse(message.full);
        for (auto const& property : schema.at("properties").as_object()) {
            bool const alternative = schema.contains("oneOf") && property.key() == "agency";
            CHECK((full.as_object().contains(property.key()) || alternative));
        }
    }
}

TEST_CASE("schema and reader agree on every change of a sample") {
    auto const changes = replacements();
    for (auto const& message : messages()) {
        CAPTURE(message.schema);
        Agreement agreement(message);
        agreement.try_everything(changes);
        CHECK(agreement.refused() > 10);
    }
}

TEST_CASE("schema and reader know the same codes") {
    std::set<std::string> codes;
    std::set<std::string> names;
    for (auto const& message : messages()) {
        collect_codes(
            message_schemas().at({message.schema.data(), message.schema.size()}), names, codes);
    }
    CHECK(codes.size() > 150);
    std::vector<json::value> changes;
    for (auto const& code : codes) {
        changes.emplace_back(json::string(code));
    }
    for (auto const& message : messages()) {
        // Their lists are those of TraceRequestCreate and FirearmDescription.
        if (message.schema == "TraceRequestChange" || message.schema == "ClarificationReply") {
            continue;
        }
        CAPTURE(message.schema);
        Agreement(message).try_texts(changes);
    }
}
