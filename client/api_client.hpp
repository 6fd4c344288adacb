// Calls of the server's operations by their name in the endpoint table: address, idempotency key,
// repeats that cannot do a thing twice, problem documents.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/failure.hpp"
#include "client/http_client.hpp"
#include "protocol/endpoints.hpp"

namespace rastro::client {

struct ApiCall {
    std::string operation;                                   // "trace_read"
    std::map<std::string, std::string, std::less<>> path;    // of the template: case_id, leg_id
    std::vector<std::pair<std::string, std::string>> query;  // empty values are left out
    std::optional<boost::json::value> body;
    std::string if_match;                  // ETag as it came
    std::string idempotency_key;           // empty: a new one
    std::chrono::milliseconds timeout{0};  // 0: the settings'
    std::function<bool(std::string_view)> sink;
    bool repeat = true;  // false: one attempt, whatever comes of it
};

struct ApiReply {
    unsigned status = 0;
    std::string body;  // as it came
    std::string etag;
    std::string audit_event;      // id of the audit record of this call; empty if none
    boost::json::value document;  // null if the reply has no JSON
};

struct ApiSettings {
    std::string token;
    std::string acting_for;
    std::string language;  // Accept-Language
    std::chrono::milliseconds timeout{30'000};
};

// What a failed attempt means. Pure, so that it can be tested.
struct RetryRule {
    unsigned attempts = 6;  // in all
    std::chrono::milliseconds first_wait{200};
    std::chrono::milliseconds longest_wait{10'000};
};
enum class AttemptResult : std::uint8_t {
    done,      // a reply to hand on, good or bad
    not_sent,  // the server never had it
    unknown,   // it may have taken effect
    busy,      // refused for now
};
[[nodiscard]] AttemptResult result_of(Exchange const& exchange);
// nullopt: do not repeat. A call whose repeat could act twice (neither a read nor under a key) is
// repeated only if the server never had it. `retry_after_s` is the server's wish, 0 if none.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_before_repeat(
    AttemptResult result,
    protocol::Idempotency idempotency,
    unsigned attempt,  // 1 after the first
    unsigned retry_after_s,
    RetryRule const& rule = {});

class ApiClient {
 public:
    // `transport` outlives this.
    ApiClient(Transport& transport, ApiSettings settings, RetryRule rule = {});

    // Asked when the server wants a fresh confirmation of who this is; true if it was given. The
    // call is then made once more.
    void on_step_up(std::function<Result<bool>()> confirm) { confirm_ = std::move(confirm); }
    // Told before each repeat, for a note to the person.
    void on_repeat(std::function<void(std::string const&)> tell) { tell_ = std::move(tell); }
    void set_token(std::string token) { settings_.token = std::move(token); }

    [[nodiscard]] Result<ApiReply> call(ApiCall const& call);

 private:
    [[nodiscard]] Result<ApiReply> call_once(ApiCall const& call,
                                             protocol::Endpoint const& endpoint);

    Transport& transport_;
    ApiSettings settings_;
    RetryRule rule_;
    std::function<Result<bool>()> confirm_;
    std::function<void(std::string const&)> tell_;
};

// The template with its parameters filled in and the query behind it. Throws std::logic_error if a
// parameter is missing.
[[nodiscard]] std::string target_of(protocol::Endpoint const& endpoint, ApiCall const& call);

}  // namespace rastro::client
