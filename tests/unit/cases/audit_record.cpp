#include "cases/audit_record.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <stdexcept>
#include <string>

#include "common/text.hpp"
#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

AuditRecord smallest() {
    AuditRecord record;
    record.event_id = *EventId::parse("01900000-0000-7000-8000-000000000001");
    record.time = *parse_rfc3339("2026-05-14T09:12:00.000123Z");
    record.action = "trace.read";
    return record;
}

AuditRecord full() {
    auto record = smallest();
    record.server = "rastrod-1";
    record.request_id = "01900000-0000-7000-8000-00000000000a";
    record.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    record.outcome = AuditOutcome::refused;
    record.refusal_reason = "no_relation";
    record.actor = "01900000-0000-7000-8000-00000000000b";
    record.actor_kind = "user";
    record.agency = "xa-customs";
    record.country = "XA";
    record.role = "tracing_analyst";
    record.authentication_event = "01900000-0000-7000-8000-00000000000c";
    record.purpose = "investigation";
    record.legal_basis = "XA-CP-12.3";
    record.case_reference = "Exp. 7/2026 \"\\\" ñ";
    record.object_type = "trace_request";
    record.object_id = "01900000-0000-7000-8000-00000000000d";
    record.object_version = 3;
    record.object_owner = "xb-police";
    record.field_groups = {"G1", "G2", "G10"};
    record.decision_id = "01900000-0000-7000-8000-00000000000e";
    record.rule = "owner-agency";
    record.policy_version = "2026-05-01";
    record.source = "192.0.2.7:50111";
    record.destination = "192.0.2.1:8443";
    record.bytes_in = 0;
    record.bytes_out = 1532;
    record.duration_us = 913;
    record.detail = commit_detail(Bytes(32, 1), as_bytes("detail"));
    return record;
}

}  // namespace

TEST_CASE("the smallest record and a full one have these exact bytes") {
    CHECK(to_leaf(smallest()) ==
          R"({"action":"trace.read","bytes_in":0,"bytes_out":0,"duration_us":0,)"
          R"("event_id":"01900000-0000-7000-8000-000000000001","outcome":"ok","schema":1,)"
          R"("time":"2026-05-14T09:12:00.000123Z"})");
    CHECK(
        to_leaf(full()) ==
        R"({"action":"trace.read","actor":"01900000-0000-7000-8000-00000000000b","actor_kind":"user",)"
        R"("agency":"xa-customs","authentication_event":"01900000-0000-7000-8000-00000000000c",)"
        R"("bytes_in":0,"bytes_out":1532,"case_reference":"Exp. 7/2026 \"\\\" ñ","country":"XA",)"
        R"("decision_id":"01900000-0000-7000-8000-00000000000e","destination":"192.0.2.1:8443","detail":")" +
            to_hex(*full().detail) +
            R"(","duration_us":913,"event_id":"01900000-0000-7000-8000-000000000001",)"
            R"("field_groups":["G1","G2","G10"],"legal_basis":"XA-CP-12.3",)"
            R"("object_id":"01900000-0000-7000-8000-00000000000d","object_owner":"xb-police",)"
            R"("object_type":"trace_request","object_version":3,"outcome":"refused",)"
            R"("policy_version":"2026-05-01","purpose":"investigation","refusal_reason":"no_relation",)"
            R"("request_id":"01900000-0000-7000-8000-00000000000a","role":"tracing_analyst",)"
            R"("rule":"owner-agency","schema":1,"server":"rastrod-1","source":"192.0.2.7:50111",)"
            R"("time":"2026-05-14T09:12:00.000123Z",)"
            R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})");
}

TEST_CASE("a leaf reads back into its record") {
    for (auto const& record : {smallest(), full()}) {
        auto const leaf = to_leaf(record);
        auto const parsed = parse_leaf(leaf);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == record);
        auto const head = check_leaf(leaf);
        REQUIRE(head.has_value());
        CHECK(head->event_id == record.event_id);
        CHECK(head->time == record.time);
    }
}

TEST_CASE("what does not fit a leaf is refused by throwing") {
    struct Row {
        char const* what;
        std::function<void(AuditRecord&)> spoil;
    };
    Row const rows[] = {
        {"no action", [](AuditRecord& r) { r.action.clear(); }},
        {"no event id", [](AuditRecord& r) { r.event_id = {}; }},
        {"event id of version 4",
         [](AuditRecord& r) {
             r.event_id = *EventId::parse("01900000-0000-4000-8000-000000000001");
         }},
        {"before 1970", [](AuditRecord& r) { r.time = from_unix_us(-1); }},
        {"after 9999", [](AuditRecord& r) { r.time = from_unix_us(253'402'300'800'000'000); }},
        {"action too long", [](AuditRecord& r) { r.action = std::string(65, 'a'); }},
        {"country too long", [](AuditRecord& r) { r.country = "XAXA"; }},
        {"case reference too long",
         [](AuditRecord& r) { r.case_reference = std::string(129, 'a'); }},
        {"line feed", [](AuditRecord& r) { r.legal_basis = "a\nb"; }},
        {"tab", [](AuditRecord& r) { r.legal_basis = "a\tb"; }},
        {"NUL", [](AuditRecord& r) { r.legal_basis = std::string("a\0b", 3); }},
        {"DEL", [](AuditRecord& r) { r.legal_basis = "a\x7F"; }},
        {"C1 control", [](AuditRecord& r) { r.legal_basis = "a\xC2\x85"; }},
        {"not UTF-8", [](AuditRecord& r) { r.legal_basis = "a\xFF"; }},
        {"number beyond 2^53 - 1", [](AuditRecord& r) { r.bytes_out = kMaxAuditNumber + 1; }},
        {"version beyond 2^53 - 1", [](AuditRecord& r) { r.object_version = kMaxAuditNumber + 1; }},
        {"too many groups",
         [](AuditRecord& r) { r.field_groups.assign(kMaxFieldGroups + 1, "G1"); }},
        {"empty group", [](AuditRecord& r) { r.field_groups = {""}; }},
        {"long group", [](AuditRecord& r) { r.field_groups = {"G23456789"}; }},
    };
    for (auto const& row : rows) {
        CAPTURE(row.what);
        auto record = full();
        row.spoil(record);
        CHECK_THROWS_AS(static_cast<void>(to_leaf(record)), std::logic_error);
    }
    CHECK_THROWS_AS(static_cast<void>(commit_detail(Bytes(31), {})), std::logic_error);
}

TEST_CASE("the longest record fits, and reads back") {
    auto record = full();
    for (auto* text : {&record.action,
                       &record.actor,
                       &record.agency,
                       &record.server,
                       &record.request_id,
                       &record.traceparent,
                       &record.role,
                       &record.authentication_event,
                       &record.object_type,
                       &record.object_owner,
                       &record.decision_id,
                       &record.policy_version,
                       &record.source,
                       &record.destination}) {
        text->assign(64, '"');
    }
    for (auto* text : {&record.refusal_reason,
                       &record.legal_basis,
                       &record.case_reference,
                       &record.object_id,
                       &record.rule}) {
        text->assign(128, 'x');
    }
    record.field_groups.assign(kMaxFieldGroups, "12345678");
    auto const leaf = to_leaf(record);
    CHECK(leaf.size() <= kMaxAuditLeafBytes);
    CHECK(*parse_leaf(leaf) == record);
    for (auto* text : {&record.refusal_reason,
                       &record.legal_basis,
                       &record.case_reference,
                       &record.object_id,
                       &record.rule}) {
        text->assign(128, '\\');
    }
    record.field_groups.assign(kMaxFieldGroups, std::string(8, '"'));
    CHECK_THROWS_AS(static_cast<void>(to_leaf(record)),
                    std::logic_error);  // over 4 KiB with its escapes
}

TEST_CASE("only the canonical form is read") {
    auto const good = to_leaf(full());
    auto const with = [&](std::string_view what, std::string_view by) {
        auto text = good;
        auto const at = text.find(what);
        REQUIRE(at != std::string::npos);
        return text.replace(at, what.size(), by);
    };
    for (std::string const& bad :
         {std::string(),
          std::string("{}"),
          std::string("["),
          std::string(5000, '{'),
          " " + good,
          good + " ",
          good + "}",
          with("\"bytes_in\":0", "\"bytes_in\": 0"),
          with("\"bytes_in\":0", "\"bytes_in\":00"),
          with("\"bytes_in\":0", "\"bytes_in\":-0"),
          with("\"bytes_in\":0", "\"bytes_in\":0.0"),
          with("\"bytes_in\":0", "\"bytes_in\":9007199254740992"),
          with("\"bytes_in\":0,", ""),
          with("\"agency\":\"xa-customs\"", "\"agency\":\"\""),
          with("xa-customs", "xa\\u002dcustoms"),
          with("xa-customs", "xa\\/customs"),
          with("xa-customs", "xa\ncustoms"),
          with("xa-customs", "xa\xFF"),
          with("xa-customs", std::string(65, 'x')),
          with("\"schema\":1", "\"schema\":2"),
          with("\"outcome\":\"refused\"", "\"outcome\":\"maybe\""),
          with("2026-05-14T", "2026-05-14t"),
          with("2026-05-14T", "2026-02-30T"),
          with(".000123Z", ".00012Z"),
          with(".000123Z", ".000123+00:00"),
          with("00000000000b\",\"actor_kind\":\"user\",\"agency\"",
               "00000000000b\",\"agency\":\"x\",\"agency\""),
          with("01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-00000000000A"),
          with("01900000-0000-7000-8000-000000000001", "01900000-0000-1000-8000-000000000001"),
          with("[\"G1\"", "[\"\",\"G1\""),
          with("\"G10\"]", "\"G10\",]"),
          with("[\"G1\",\"G2\",\"G10\"]", "[]"),
          with("{\"action\"", "{\"aaa\":1,\"action\""),
          with("\"trace.read\"", "\"trace.read"),
          with("\"country\":\"XA\"", "\"country\":null")}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_leaf(bad).has_value());
        CHECK_FALSE(check_leaf(bad).has_value());
    }
}

TEST_CASE("whatever reads at all writes back to the same bytes") {
    auto const good = to_leaf(full());
    std::mt19937 random(20260514);  // fixed: the same mutations every run
    std::string_view const alphabet = "{}[]\":,\\0129aGTZ-. \xC3\xB1";
    std::size_t read = 0;
    std::size_t wrong = 0;
    for (int round = 0; round < 40'000; ++round) {
        auto text = good;
        for (unsigned edits = 1 + random() % 2; edits > 0 && !text.empty(); --edits) {
            auto const at = random() % text.size();
            char const c = alphabet[random() % alphabet.size()];
            switch (random() % 3) {
                case 0:
                    text[at] = c;
                    break;
                case 1:
                    text.insert(at, 1, c);
                    break;
                default:
                    text.erase(at, 1 + random() % 3);
                    break;
            }
        }
        auto const parsed = parse_leaf(text);
        wrong += parsed.has_value() == check_leaf(text).has_value() ? 0U : 1U;
        if (parsed) {
            ++read;
            wrong += to_leaf(*parsed) == text ? 0U : 1U;
        }
    }
    CHECK(wrong == 0);
    CHECK(read > 1'000);  // the mutations do reach accepted texts
}

TEST_CASE("a detail's commitment is SHA-256 of nonce and detail") {
    Bytes const nonce(32, 0x11);
    std::string joined(32, '\x11');
    joined += "query text";
    CHECK(commit_detail(nonce, as_bytes("query text")) == sha256(joined));
    CHECK(commit_detail(Bytes(32, 0x12), as_bytes("query text")) != sha256(joined));
}
