#include "protocol/trace_json.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "protocol/firearm_json.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/trace_content_json.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

std::string faults_of(Problem const& problem) {
    std::string all = std::string(problem.info().slug) + ":";
    for (auto const& violation : problem.violations()) {
        all += " " + violation.pointer + "=" + violation.code;
    }
    return all;
}

template <class T>
std::string result_of(Outcome<T> const& outcome) {
    return outcome.has_value() ? std::string("ok") : faults_of(outcome.error());
}

constexpr std::string_view kComplete = R"({
  "submit": true, "purpose": "investigation", "legal_basis": "Bilateral agreement, art. 4",
  "offence_code": "robbery", "intended_use": "Identify the first buyer",
  "illicit_ground": "illicit_under_local_law", "recipients": [{"country": "XB"}],
  "agency_case_no": "2026/118", "requester_name": "Ana Lima", "requested_groups": ["G5", "G6"],
  "forward_consent": true,
  "firearm": {"serial_raw": "AB12345", "serial_condition": "clear", "make_text": "Glock",
              "model_text": "19", "calibre_text": "9x19", "type_code": "pistol",
              "origin_country": "XB",
              "marks": [{"kind": "serial", "place": "slide", "text": "AB12345"}]},
  "recovery": {"recovered_on": "2026-04-03", "country": "XA", "area": "Norte",
               "latitude": -33.5, "longitude": -70},
  "possessor": {"family_name": "Díaz", "sex": "m"},
  "associates": [{"family_name": "Sosa", "relation": "driver"}],
  "vehicle": {"plate": "AB 123", "plate_country": "XA"}
})";

std::string written(cases::TraceRequestContent const& content) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    write_content_members(json, content);
    json.end_object();
    return out;
}

}  // namespace

TEST_CASE("a complete request is read, and its content written as it was") {
    auto const read = read_trace_request_create(kComplete);
    REQUIRE_MESSAGE(read.has_value(), result_of(read));
    CHECK(read->submit);
    CHECK(read->content.firearm.serial_raw == "AB12345");
    CHECK(read->content.persons.size() == 2);
    CHECK(read->content.persons[1].relation == "driver");
    CHECK(read->content.recovery.longitude == -70.0);
    CHECK(read->content.handling_code == "H1");
    auto const first = written(read->content);
    auto const again = read_trace_request_create(first);
    REQUIRE_MESSAGE(again.has_value(), result_of(again));
    CHECK(written(again->content) == first);
}

TEST_CASE("a draft may be nearly empty, a submission tells everything that is missing") {
    CHECK(result_of(read_trace_request_create(R"({"purpose":"prosecution","firearm":{}})")) ==
          "ok");
    CHECK(result_of(read_trace_request_create("{}")) ==
          "validation-failed: /firearm=missing_member /purpose=missing_member");
    auto const bare =
        read_trace_request_create(R"({"submit":true,"purpose":"prosecution","firearm":{}})");
    REQUIRE(bare.has_error());
    auto const faults = faults_of(bare.error());
    for (std::string_view const pointer : {"/firearm/serial_raw=",
                                           "/firearm/make_text=",
                                           "/legal_basis=",
                                           "/intended_use=",
                                           "/illicit_ground=",
                                           "/recovery/country=",
                                           "/recipients="}) {
        CAPTURE(pointer);
        CHECK(faults.find(pointer) != std::string::npos);
    }
}

TEST_CASE("faults of form and of rules come together, each member once") {
    auto const read = read_trace_request_create(
        R"({"submit":true,"purpose":"sport","firearm":{"serial_raw":"UNKNOWN","type_code":7},
            "legal_basis":5,"recovery":[],"recipients":[{"country":"XB","agency":"XB-CUSTOMS-7"}],
            "priority":"urgent","colour":"black"})");
    REQUIRE(read.has_error());
    auto const faults = faults_of(read.error());
    auto count = [&](std::string_view text) {
        std::size_t found = 0;
        for (auto at = faults.find(text); at != std::string::npos; at = faults.find(text, at + 1)) {
            ++found;
        }
        return found;
    };
    CHECK(count(" /purpose=not_in_list") == 1);
    CHECK(count(" /colour=unknown_member") == 1);
    CHECK(count(" /firearm/serial_raw=serial_placeholder") == 1);
    CHECK(count(" /firearm/type_code=") == 1);
    CHECK(count(" /legal_basis=") == 1);
    CHECK(count(" /recovery") == 1);
    CHECK(count(" /recipients/0=country_or_agency") == 1);
    CHECK(count(" /urgent_ground=required") == 1);
    CHECK(count(" /urgent_justification=required") == 1);
}

TEST_CASE("a merge patch changes what it names, removes what is null and keeps the rest") {
    auto stored = read_trace_request_create(kComplete).value().content;
    stored.source_cells = R"({"Note":"x"})";
    auto const change = read_trace_request_change(
        R"({"legal_basis":null,"firearm":{"model_text":"17","marks":null},"possessor":null,
            "recipients":[{"agency":"XB-CUSTOMS-7"}],"shared_groups":[]})");
    REQUIRE_MESSAGE(change.has_value(), result_of(change));
    auto const changed = apply_change(stored, *change);
    REQUIRE_MESSAGE(changed.has_value(), result_of(changed));
    CHECK(changed->legal_basis.empty());
    CHECK(changed->firearm.model_text == "17");
    CHECK(changed->firearm.serial_raw == "AB12345");
    CHECK(changed->firearm.marks.empty());
    CHECK(changed->persons.size() == 1);
    CHECK(changed->recipients.at(0).agency == "XB-CUSTOMS-7");
    CHECK(changed->shared_groups.empty());
    CHECK(changed->agency_case_no == "2026/118");
    CHECK(changed->source_cells == stored.source_cells);
    // Applying the same change again changes nothing more.
    CHECK(written(*apply_change(*changed, *change)) == written(*changed));

    CHECK(result_of(read_trace_request_change(R"({"purpos":null})")) ==
          "validation-failed: /purpos=unknown_member");
    CHECK(result_of(read_trace_request_change(R"({"marks":[null]})")) ==
          "validation-failed: /marks=unknown_member");
    CHECK(result_of(read_trace_request_change(R"({"firearm":{"marks":[null]}})")) ==
          "validation-failed: /firearm/marks/0=wrong_type");
    CHECK(result_of(read_trace_request_change("[]")) == "validation-failed: =wrong_type");
    auto const placeholder =
        read_trace_request_change(R"({"firearm":{"serial_raw":"OBLITERATED"}})");
    REQUIRE(placeholder.has_value());
    CHECK(result_of(apply_change(stored, *placeholder)).find("serial_placeholder") !=
          std::string::npos);
}

TEST_CASE("bodies of acts keep the rules that need no stored data") {
    CHECK(result_of(read_reason(R"({"text":"Photo missing"})")) == "ok");
    CHECK(result_of(read_reason(R"({"text":""})")) == "validation-failed: /text=too_short");
    CHECK(result_of(read_handling_change(R"({"handling_code":"H3"})")) ==
          "validation-failed: /handling_text=handling_text_required");
    CHECK(result_of(read_leg_add("{}")) == "validation-failed: =country_or_agency");
    CHECK(result_of(read_forward(R"({"country":"XC","agency":"XC-CUSTOMS-7"})")) ==
          "validation-failed: =country_or_agency");
    CHECK(result_of(read_delay(R"({"reason_code":"cost_or_resources"})")) ==
          "validation-failed: /review_on=missing_member");
    CHECK(result_of(read_refusal(R"({"reason_code":"cost_or_resources"})")) ==
          "validation-failed: /reason_code=reason_not_for_stage");
    CHECK(result_of(read_restriction(R"({"reason_code":"data_protection","groups":[]})")) ==
          "validation-failed: /groups=too_few_items");
    CHECK(result_of(read_clarification_reply(
              R"({"text":"Read again","description":{"serial_raw":"NONE"}})")) ==
          "validation-failed: /description/serial_raw=serial_placeholder");
    CHECK(result_of(read_receipt(R"({"received_at":"2026-05-14T09:12:00Z","signature":"*abc",
        "message_sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})")) ==
          "validation-failed: /signature=format_base64");
    auto const answer = read_answer_give(
        R"({"kind":"full","outcome_code":"purchaser_identified","evaluation":"A1",
            "chain":[{"role":"manufacturer","party_name":"Works","disposed_on":"2011-03"}]})");
    REQUIRE_MESSAGE(answer.has_value(), result_of(answer));
    CHECK(answer->outcome == cases::OutcomeCode::purchaser_identified);
    CHECK(answer->chain.at(0).disposed_on == "2011-03");
}

TEST_CASE("a status is short and complete") {
    TraceStatusMessage status;
    status.case_id = *CaseId::parse("01890a5d-ac96-774b-bcce-b302099a8057");
    status.number = "XA-2026-0000001-K";
    status.state = "IN_PROGRESS";
    status.version = 3;
    status.legs.push_back({*LegId::parse("01890a5d-ac96-774b-bcce-b302099a8058"),
                           "XB-CUSTOMS-7",
                           "XB",
                           "SEARCHING",
                           {},
                           true,
                           2,
                           "",
                           Instant{},
                           Instant{}});
    CHECK(
        write_trace_status(status) ==
        R"({"case_id":"01890a5d-ac96-774b-bcce-b302099a8057","number":"XA-2026-0000001-K",)"
        R"("state":"IN_PROGRESS","version":3,"updated_at":"1970-01-01T00:00:00.000000Z",)"
        R"("legs":[{"leg_id":"01890a5d-ac96-774b-bcce-b302099a8058","asked_agency":"XB-CUSTOMS-7",)"
        R"("asked_country":"XB","state":"SEARCHING","open":true,"version":2,)"
        R"("due_at":"1970-01-01T00:00:00.000000Z","updated_at":"1970-01-01T00:00:00.000000Z"}]})");
}
