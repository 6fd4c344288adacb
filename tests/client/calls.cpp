// Repeats, keys, versions, steps up: what the program says to the server.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <fstream>

#include "tests/client/scripted_transport.hpp"

using namespace rastro;
using namespace rastro::client;
using test_support::header_of;
using test_support::ProgramRun;
using test_support::Script;
using test_support::ScriptedTransport;
using Kind = TransportFault::Kind;

namespace {

constexpr RetryRule kFast{.attempts = 4,
                          .first_wait = std::chrono::milliseconds{1},
                          .longest_wait = std::chrono::milliseconds{2}};
constexpr auto kBusy = R"({"type":"/problems/overloaded","title":"Busy","code":"overloaded"})";
constexpr auto kCase = "0190c3a2-7f00-7000-8000-000000000001";

std::string problem(std::string const& slug) {
    return R"({"type":"/problems/)" + slug + R"(","title":"T","code":")" + slug + R"("})";
}

}  // namespace

TEST_CASE("who may be repeated, and how long to wait") {
    using protocol::Idempotency;
    using std::chrono::milliseconds;
    struct Row {
        AttemptResult result;
        Idempotency idempotency;
        unsigned attempt;
        unsigned retry_after;
        std::optional<milliseconds> wait;
    };
    std::optional<milliseconds> const never;
    for (auto const& row :
         {Row{AttemptResult::done, Idempotency::key, 1, 0, never},
          Row{AttemptResult::unknown, Idempotency::key, 1, 0, milliseconds{200}},
          Row{AttemptResult::unknown, Idempotency::key, 3, 0, milliseconds{800}},
          Row{AttemptResult::unknown, Idempotency::key, 6, 0, never},
          Row{AttemptResult::unknown, Idempotency::natural, 1, 0, never},
          Row{AttemptResult::not_sent, Idempotency::natural, 1, 0, milliseconds{200}},
          Row{AttemptResult::not_sent, Idempotency::safe, 3, 0, never},
          Row{AttemptResult::busy, Idempotency::safe, 1, 3, milliseconds{3000}},
          Row{AttemptResult::busy, Idempotency::safe, 1, 61, never}}) {
        CAPTURE(row.attempt);
        CHECK(wait_before_repeat(row.result, row.idempotency, row.attempt, row.retry_after) ==
              row.wait);
    }
    RetryRule const many{.attempts = 50};
    CHECK(wait_before_repeat(AttemptResult::unknown, Idempotency::key, 40, 0, many) ==
          std::optional(milliseconds{10'000}));
}

TEST_CASE("a call whose answer was lost is repeated under the same key") {
    Script script;
    script.fault(Kind::lost);
    script.reply(503, problem("outcome-unknown"));
    script.reply(409, problem("idempotency-in-progress"));
    script.reply(201, R"({"case_id":"c"})", "\"1\"");
    ScriptedTransport transport(script);
    ApiClient api(transport, {.token = "t"}, kFast);
    ApiCall call{.operation = "trace_create"};
    call.body = boost::json::object{};
    auto const reply = api.call(call);
    REQUIRE(reply.has_value());
    CHECK(reply.value().etag == "\"1\"");
    REQUIRE(script.calls.size() == 4);
    auto const key = header_of(script.calls[0], "Idempotency-Key");
    CHECK(Uuid::parse(key).has_value());
    for (auto const& made : script.calls) {
        CHECK(header_of(made, "Idempotency-Key") == key);
        CHECK(header_of(made, "Authorization") == "Bearer t");
        CHECK(header_of(made, "traceparent").size() == 55);
    }
    script.reply(200, "{}");
    REQUIRE(api.call(call).has_value());
    CHECK(header_of(script.calls[4], "Idempotency-Key") != key);
}

TEST_CASE("what is not safe to repeat is not, and what is refused is told at once") {
    Script script;
    ScriptedTransport transport(script);
    ApiClient api(transport, {.token = "t"}, kFast);
    ApiCall sign_in{.operation = "session_create"};
    sign_in.body = boost::json::object{};
    script.fault(Kind::lost);
    auto const lost = api.call(sign_in);
    REQUIRE_FALSE(lost.has_value());
    CHECK(lost.error().code == ExitCode::unavailable);
    CHECK(script.calls.size() == 1);
    CHECK(header_of(script.calls[0], "Authorization").empty());

    script.reply(422, problem("validation-failed"));
    auto const refused = api.call({.operation = "me"});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ExitCode::refused);
    CHECK(script.calls.size() == 2);

    for (unsigned i = 0; i < kFast.attempts; ++i) {
        script.reply(503, kBusy);
    }
    auto const busy = api.call({.operation = "me"});
    REQUIRE_FALSE(busy.has_value());
    CHECK(busy.error().code == ExitCode::unavailable);
    CHECK(script.calls.size() == 2 + kFast.attempts);
    CHECK(api.call({.operation = "me"}).error().code == ExitCode::unavailable);
}

TEST_CASE("a step up is asked for once, and the call then made again under a new key") {
    Script script;
    ScriptedTransport transport(script);
    ApiClient api(transport, {.token = "t"}, kFast);
    int asked = 0;
    api.on_step_up([&]() -> Result<bool> { return ++asked == 1; });
    script.reply(403, problem("step-up-required"));
    script.reply(200, "{}");
    REQUIRE(api.call({.operation = "user_unlock", .path = {{"user_id", "u"}}}).has_value());
    CHECK(asked == 1);
    CHECK(header_of(script.calls[0], "Idempotency-Key") !=
          header_of(script.calls[1], "Idempotency-Key"));
    script.reply(403, problem("step-up-required"));
    CHECK(api.call({.operation = "me"}).error().code == ExitCode::refused);
}

TEST_CASE("addresses are made of the endpoint table") {
    auto const& endpoint = *protocol::find_endpoint("certificate_revoke");
    ApiCall call{.operation = "certificate_revoke",
                 .path = {{"agency", "XA-A/B"}, {"certificate_id", "1"}},
                 .query = {{"a", "x y"}, {"none", ""}, {"b", "é"}}};
    CHECK(target_of(endpoint, call) == "/v1/agencies/XA-A%2FB/certificates/1?a=x%20y&b=%C3%A9");
    call.path.clear();
    CHECK_THROWS_AS(static_cast<void>(target_of(endpoint, call)), std::logic_error);
}

TEST_CASE("a change is sent with the version that was read; a newer one is explained") {
    ProgramRun program;
    program.script.reply(200, R"({"number":"N"})", "\"7\"");
    program.script.reply(412, problem("precondition-failed"));
    auto const code = program.run({"trace", "withdraw", kCase, "--reason", "solved"});
    CHECK(code == ExitCode::refused);
    REQUIRE(program.script.calls.size() == 2);
    CHECK(header_of(program.script.calls[1], "If-Match") == "\"7\"");
    CHECK(program.script.calls[1].body == R"({"text":"solved"})");
    CHECK(program.err.find("Somebody else changed it") != std::string::npos);
    CHECK(program.out.empty());
}

TEST_CASE("with --json the document of the server is not touched, refusals included") {
    ProgramRun program;
    program.script.reply(200, R"({ "z" : 1, "a":"2" })");
    CHECK(program.run({"--json", "trace", "show", kCase}) == ExitCode::ok);
    CHECK(program.out == "{ \"z\" : 1, \"a\":\"2\" }\n");
    program.script.reply(404, problem("not-found"));
    CHECK(program.run({"trace", "show", kCase, "--json"}) == ExitCode::refused);
    CHECK(program.out.empty());
    CHECK(program.err == problem("not-found") + "\n");
}

TEST_CASE("a request is written from options, over what the file says") {
    ProgramRun program;
    std::filesystem::create_directories(program.folder());
    auto const file = program.folder() / "r.json";
    std::ofstream(file)
        << R"({"firearm":{"serial_raw":"OLD","model_text":"17"},"legal_basis":"L"})";
    program.script.reply(201, "{}");
    CHECK(program.run({"trace",
                       "submit",
                       "--file",
                       file.string(),
                       "--serial",
                       "AB1",
                       "--to",
                       "XB",
                       "--to",
                       "XC-TRACE-1",
                       "--mark",
                       "kind=proof_house,text=P",
                       "--recovered-on",
                       "2026-05"}) == ExitCode::ok);
    REQUIRE(program.script.calls.size() == 1);
    CHECK(boost::json::parse(program.script.calls[0].body) == boost::json::parse(R"({
        "firearm":{"serial_raw":"AB1","model_text":"17","marks":[{"kind":"proof_house","text":"P"}]},
        "legal_basis":"L","recovery":{"recovered_on":"2026-05-01","date_precision":"month"},
        "recipients":[{"country":"XB"},{"agency":"XC-TRACE-1"}],"purpose":"investigation","submit":true})"));
    CHECK(program.run({"trace", "submit"}) == ExitCode::usage);
    CHECK(program.run({"trace", "submit", "--serial", "A", "--recovered-on", "5/14"}) ==
          ExitCode::usage);
}

TEST_CASE("health tells what is not ready, at once, and ends with 4") {
    ProgramRun program;
    program.script.reply(
        503,
        R"({"status":"failed","checks":[{"name":"database","ok":false,"detail":"gone"},{"name":"schema","ok":true}]})");
    CHECK(program.run({"health"}) == ExitCode::unavailable);
    CHECK(program.script.calls.size() == 1);
    CHECK(program.out == "server    failed\ndatabase  failed  gone\nschema    ok\n");
    program.script.reply(200, R"({"status":"ok","checks":[]})");
    CHECK(program.run({"health"}) == ExitCode::ok);
}

TEST_CASE("a number stands for the only leg that waits") {
    ProgramRun program;
    program.script.reply(
        200,
        R"({"items":[{"leg_id":"l1","state":"SEARCHING"},{"leg_id":"l2","state":"DELIVERED"}]})");
    program.script.reply(200, "{}", "\"1\"");
    program.script.reply(200, "{}");
    CHECK(program.run({"trace", "acknowledge", "XA-N"}) == ExitCode::ok);
    CHECK(program.script.calls[0].target == "/v1/inbox?number=XA-N");
    CHECK(program.script.calls[2].target == "/v1/legs/l2/acknowledgement");
    program.script.reply(
        200,
        R"({"items":[{"leg_id":"l1","state":"DELIVERED"},{"leg_id":"l2","state":"DELIVERED"}]})");
    CHECK(program.run({"trace", "acknowledge", "XA-N"}) == ExitCode::usage);
    CHECK(program.err.find("l2") != std::string::npos);
}

TEST_CASE(
    "an import sends every row once, counts what became of them, and ends with 3 if any was "
    "rejected") {
    ProgramRun program;
    std::filesystem::create_directories(program.folder());
    auto const file = program.folder() / "f.csv";
    std::ofstream(file) << "row,serial_number\n1,AB1\n2,\"C\nD\"\n";
    auto const results =
        R"({"items":[{"line":2,"result":"draft","number":"N-1","notes":[]},
            {"line":3,"result":"rejected","notes":[{"column":2,"field":"serial","verdict":"rejected","reason":"control_characters"}]}]})";
    program.script.reply(
        201, R"({"import_id":"i","counts":{"submitted":0,"draft":1,"duplicate":0,"rejected":0}})");
    program.script.reply(200, results);
    CHECK(program.run({"import", file.string(), "--dry-run"}) == ExitCode::partial);
    CHECK(
        boost::json::parse(program.script.calls[1].body) ==
        boost::json::parse(
            R"({"columns":["row","serial_number"],"rows":[{"line":2,"cells":["1","AB1"]},{"line":3,"cells":["2","C\nD"]}]})"));
    CHECK(program.out.find("rejected  1") != std::string::npos);
    CHECK(program.out.find("serial  refused  holds control characters") != std::string::npos);
    CHECK(program.err.find("1 rows of this file are done") != std::string::npos);

    program.script.reply(201, R"({"import_id":"i"})");
    program.script.reply(200, R"({"items":[{"line":2,"result":"draft"}]})");
    CHECK(program.run({"import", file.string()}) == ExitCode::unavailable);
    CHECK(program.err.find("1 of 2 rows") != std::string::npos);
}

TEST_CASE("a sign-in is kept for its owner only, and a file open to others is refused") {
    ProgramRun program;
    std::filesystem::create_directories(program.folder());
    auto const password = program.folder() / "p";
    auto const secret = program.folder() / "s";
    std::ofstream(password) << "correct horse\n";
    std::ofstream(secret) << "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n";
    using std::filesystem::perms;
    std::filesystem::permissions(password, perms::owner_read | perms::owner_write);
    std::filesystem::permissions(secret, perms::owner_read | perms::owner_write);
    program.script.reply(201, R"({"token":"tok","expires_at":"2026-05-14T09:12:00Z"})");
    std::vector<std::string> const words{"sign-in",
                                         "--login",
                                         "ana.xa",
                                         "--accept-notice",
                                         "--password-file",
                                         password.string(),
                                         "--totp-secret-file",
                                         secret.string()};
    REQUIRE(program.run(words) == ExitCode::ok);
    auto const sent = boost::json::parse(program.script.calls[0].body);
    CHECK(text_at(sent, "/password") == "correct horse");
    CHECK(text_at(sent, "/totp").size() == 6);
    CHECK(text_at(sent, "/accept_use_banner") == "true");
    auto const kept = program.folder() / "session-default.json";
    CHECK(std::filesystem::status(kept).permissions() == (perms::owner_read | perms::owner_write));
    program.script.reply(200, "{}");
    CHECK(program.run({"whoami"}) == ExitCode::ok);
    CHECK(header_of(program.script.calls[1], "Authorization") == "Bearer tok");
    std::filesystem::permissions(kept, perms::others_read, std::filesystem::perm_options::add);
    CHECK(program.run({"whoami"}) == ExitCode::local);
    CHECK(program.run({"--profile", "../x", "whoami"}) == ExitCode::usage);
}
