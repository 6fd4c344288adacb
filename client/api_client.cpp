#include "client/api_client.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "client/terminal.hpp"
#include "common/digest.hpp"
#include "common/ids.hpp"

namespace rastro::client {

namespace {

// W3C Trace Context: version, trace id, parent id, sampled.
std::string new_traceparent() {
    return "00-" + to_hex(random_bytes(16)) + "-" + to_hex(random_bytes(8)) + "-01";
}

unsigned retry_after_of(Exchange const& exchange) {
    auto const* reply = std::get_if<HttpReply>(&exchange);
    if (reply == nullptr) {
        return 0;
    }
    unsigned seconds = 0;
    for (char c : reply->header("retry-after")) {
        if (c < '0' || c > '9' || seconds > 100'000) {
            return 0;  // a date (RFC 9110 10.2.3): our own waits are good enough
        }
        seconds = seconds * 10 + static_cast<unsigned>(c - '0');
    }
    return seconds;
}

std::string said_by(Exchange const& exchange) {
    if (auto const* fault = std::get_if<TransportFault>(&exchange)) {
        return fault->text;
    }
    auto const& reply = std::get<HttpReply>(exchange);
    auto const problem = parse_problem(reply.status, reply.header("content-type"), reply.body);
    return problem.title;
}

Failure failure_of(TransportFault const& fault) {
    using Kind = TransportFault::Kind;
    switch (fault.kind) {
        case Kind::interrupted:
            return {ExitCode::interrupted, "Interrupted\n"};
        case Kind::sink_full:
            return {ExitCode::local, fault.text + "\n"};
        case Kind::refused_tls:
            return {ExitCode::unavailable,
                    "No secure connection to the server: " + fault.text +
                        "\n  --server and --ca say which server and whose certificates\n"};
        case Kind::not_connected:
            return {ExitCode::unavailable, "The server cannot be reached: " + fault.text + "\n"};
        case Kind::lost:
            break;
    }
    return {ExitCode::unavailable,
            "The connection to the server broke: " + fault.text +
                "\n  It is not known whether the change was made: look before repeating\n"};
}

}  // namespace

AttemptResult result_of(Exchange const& exchange) {
    if (auto const* fault = std::get_if<TransportFault>(&exchange)) {
        switch (fault->kind) {
            case TransportFault::Kind::not_connected:
                return AttemptResult::not_sent;
            case TransportFault::Kind::lost:
                return AttemptResult::unknown;
            default:
                return AttemptResult::done;
        }
    }
    auto const& reply = std::get<HttpReply>(exchange);
    if (reply.status == 429) {
        return AttemptResult::busy;
    }
    if (reply.status == 503 || reply.status == 409) {
        auto const problem = parse_problem(reply.status, reply.header("content-type"), reply.body);
        if (reply.status == 503) {
            return problem.code == "outcome-unknown" ? AttemptResult::unknown : AttemptResult::busy;
        }
        return problem.code == "idempotency-in-progress" ? AttemptResult::busy
                                                         : AttemptResult::done;
    }
    return reply.status == 502 || reply.status == 504 ? AttemptResult::unknown
                                                      : AttemptResult::done;
}

std::optional<std::chrono::milliseconds> wait_before_repeat(AttemptResult result,
                                                            protocol::Idempotency idempotency,
                                                            unsigned attempt,
                                                            unsigned retry_after_s,
                                                            RetryRule const& rule) {
    if (result == AttemptResult::done || attempt >= rule.attempts) {
        return std::nullopt;
    }
    if (idempotency == protocol::Idempotency::natural && result != AttemptResult::not_sent) {
        return std::nullopt;
    }
    // A server that is not there is not waited for as long as one that is busy.
    if (result == AttemptResult::not_sent && attempt >= 3) {
        return std::nullopt;
    }
    std::chrono::milliseconds const asked = std::chrono::seconds{retry_after_s};
    if (asked > std::chrono::seconds{60}) {
        return std::nullopt;
    }
    std::chrono::milliseconds const doubled = rule.first_wait * (1LL << std::min(attempt - 1, 16U));
    auto const own = std::min(rule.longest_wait, doubled);
    return std::max(asked, own);
}

std::string target_of(protocol::Endpoint const& endpoint, ApiCall const& call) {
    std::string target;
    auto rest = endpoint.path;
    while (!rest.empty()) {
        auto const open = rest.find('{');
        target += rest.substr(0, open);
        if (open == std::string_view::npos) {
            break;
        }
        auto const close = rest.find('}', open);
        auto const found = call.path.find(rest.substr(open + 1, close - open - 1));
        if (found == call.path.end()) {
            throw std::logic_error("no value for a part of " + std::string(endpoint.path));
        }
        target += percent_encoded(found->second);
        rest.remove_prefix(close + 1);
    }
    char separator = '?';
    for (auto const& [name, value] : call.query) {
        if (!value.empty()) {
            target += separator + percent_encoded(name) + "=" + percent_encoded(value);
            separator = '&';
        }
    }
    return target;
}

ApiClient::ApiClient(Transport& transport, ApiSettings settings, RetryRule rule)
    : transport_(transport), settings_(std::move(settings)), rule_(rule) {}

Result<ApiReply> ApiClient::call(ApiCall const& call) {
    auto const* endpoint = protocol::find_endpoint(call.operation);
    if (endpoint == nullptr) {
        throw std::logic_error("no operation " + call.operation);
    }
    auto first = call_once(call, *endpoint);
    if (first || !confirm_ || !first.error().problem ||
        first.error().problem->code != "step-up-required") {
        return first;
    }
    RASTRO_TRY(confirmed, confirm_());
    if (!confirmed) {
        return first;
    }
    return call_once(call, *endpoint);
}

Result<ApiReply> ApiClient::call_once(ApiCall const& call, protocol::Endpoint const& endpoint) {
    HttpCall http;
    http.method = std::string(endpoint.method);
    http.target = target_of(endpoint, call);
    http.timeout = call.timeout.count() > 0 ? call.timeout : settings_.timeout;
    http.sink = call.sink;
    http.headers.emplace_back("Accept", "application/json, application/problem+json, */*;q=0.5");
    http.headers.emplace_back("traceparent", new_traceparent());
    if (!settings_.language.empty()) {
        http.headers.emplace_back("Accept-Language", settings_.language);
    }
    if (!settings_.token.empty() && endpoint.credential != protocol::Credential::none) {
        http.headers.emplace_back("Authorization", "Bearer " + settings_.token);
    }
    if (!settings_.acting_for.empty()) {
        http.headers.emplace_back("Rastro-Acting-For", settings_.acting_for);
    }
    if (endpoint.idempotency == protocol::Idempotency::key) {
        http.headers.emplace_back(
            "Idempotency-Key",
            call.idempotency_key.empty() ? Uuid::generate_v7().to_string() : call.idempotency_key);
    }
    if (!call.if_match.empty()) {
        http.headers.emplace_back("If-Match", call.if_match);
    }
    if (call.body) {
        http.headers.emplace_back(
            "Content-Type",
            endpoint.method == "PATCH" ? "application/merge-patch+json" : "application/json");
        http.body = boost::json::serialize(*call.body);
    }
    Exchange exchange;
    for (unsigned attempt = 1;; ++attempt) {
        exchange = transport_.exchange(http);
        auto const wait = wait_before_repeat(
            result_of(exchange), endpoint.idempotency, attempt, retry_after_of(exchange), rule_);
        if (!wait || !call.repeat) {
            break;
        }
        if (tell_) {
            tell_(said_by(exchange));
        }
        if (!sleep_unless_interrupted(*wait)) {
            return Failure(ExitCode::interrupted, "Interrupted\n");
        }
    }
    if (auto const* fault = std::get_if<TransportFault>(&exchange)) {
        return failure_of(*fault);
    }
    auto& reply = std::get<HttpReply>(exchange);
    if (reply.status / 100 != 2) {
        return Failure(parse_problem(reply.status, reply.header("content-type"), reply.body));
    }
    ApiReply made;
    made.status = reply.status;
    made.etag = reply.header("etag");
    made.audit_event = reply.header("rastro-audit-event");
    made.body = std::move(reply.body);
    if (!made.body.empty() && reply.header("content-type").starts_with("application/json")) {
        boost::system::error_code fault;
        made.document = boost::json::parse(made.body, fault);
        if (fault) {
            return Failure(ExitCode::unavailable, "The server's reply is not JSON\n");
        }
    }
    return made;
}

}  // namespace rastro::client
