#include "server/pipeline.hpp"

#include <boost/asio/this_coro.hpp>

#include "common/digest.hpp"
#include "common/log.hpp"
#include "protocol/paging.hpp"
#include "server/credentials.hpp"
#include "server/password_hashing.hpp"
#include "server/worker_call.hpp"
#include "server/worker_unit.hpp"

namespace rastro::server {

using boost::asio::use_awaitable;

// One request on its way; shared between the coroutine and the worker.
struct Pipeline::Prepared {
    HttpRequest request;
    RequestId request_id = RequestId::generate();
    std::string language;
    protocol::Endpoint const* endpoint = nullptr;
    Routes::Match match;
    std::optional<storage::ShownCredential> credential;
    std::string idempotency_key;
    Digest fingerprint{};
    std::optional<int> if_match;
    PreparedCall call;
    std::shared_ptr<void const> lane_command;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

namespace {

void add_security_headers(HttpReply& reply, std::string const& request_id) {
    reply.headers.add("strict-transport-security", "max-age=31536000; includeSubDomains");
    reply.headers.add("x-content-type-options", "nosniff");
    reply.headers.add("referrer-policy", "no-referrer");
    reply.headers.add("cross-origin-opener-policy", "same-origin");
    reply.headers.add("cross-origin-resource-policy", "same-origin");
    if (!reply.headers.has("content-security-policy")) {
        reply.headers.add("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    }
    reply.headers.add("x-request-id", request_id);
}

HttpReply to_http(Reply const& reply) {
    HttpReply http;
    http.status = reply.status;
    http.body = reply.body;
    if (!reply.body.empty()) {
        http.headers.add("content-type", reply.content_type);
    }
    http.headers.add("cache-control", reply.cache_control);
    if (!reply.etag.empty()) {
        http.headers.add("etag", reply.etag);
    }
    if (!reply.location.empty()) {
        http.headers.add("location", reply.location);
    }
    if (!reply.link.empty()) {
        http.headers.add("link", reply.link);
    }
    if (!reply.set_cookie.empty()) {
        http.headers.add("set-cookie", reply.set_cookie);
    }
    return http;
}

HttpReply to_http(Problem const& problem,
                  HttpRequest const& request,
                  std::string const& language,
                  RequestId const& id) {
    HttpReply http;
    http.status = problem.info().status;
    protocol::ProblemContext const context{
        .language = language, .instance = request.path, .request_id = id.to_string()};
    http.body = protocol::problem_body(problem, context);
    http.headers.add("content-type", "application/problem+json; charset=utf-8");
    http.headers.add("content-language", language);
    http.headers.add("cache-control", "no-store");
    if (problem.retry_after_s() > 0) {
        http.headers.add("retry-after", std::to_string(problem.retry_after_s()));
    }
    if (http.status == 401) {
        http.headers.add("www-authenticate", "Bearer realm=\"rastro\"");
    }
    return http;
}

// What of a request decides whether a repeated Idempotency-Key means the same request.
Digest fingerprint_of(HttpRequest const& request) {
    Sha256 hash;
    for (auto part : {std::string_view(request.method),
                      std::string_view(request.path),
                      request.headers.get("if-match"),
                      std::string_view(request.body)}) {
        auto const length = std::to_string(part.size()) + ":";
        hash.update(as_bytes(length));
        hash.update(as_bytes(part));
    }
    return hash.finish();
}

}  // namespace

Pipeline::Pipeline(Services& services,
                   storage::WorkerPool& pool,
                   Routes const& routes,
                   Lanes& lanes)
    : services_(services),
      pool_(pool),
      routes_(routes),
      lanes_(lanes),
      per_address_(services.settings.limits.per_address) {}

Pipeline::~Pipeline() = default;

void Pipeline::set_upgrade(std::string operation, UpgradeStage stage) {
    upgrade_operation_ = std::move(operation);
    upgrade_stage_ = std::move(stage);
}

BodyLimit Pipeline::body_limit(HttpRequest const& head) const {
    auto const match = routes_.find(head.method, head.path);
    if (match.endpoint == nullptr || match.endpoint->request_body.empty()) {
        return BodyLimit{.bytes = 4096};  // small enough to be read and refused with a clear answer
    }
    return BodyLimit{.bytes = services_.settings.net.max_body.bytes};
}

HttpReply Pipeline::framing_fault(unsigned status, std::string_view slug) const {
    ProblemCode code = ProblemCode::malformed_request;
    for (auto const& row : all_problems()) {
        if (row.status == status && (slug.empty() || row.slug == slug)) {
            code = row.code;
            break;
        }
    }
    RequestId const id = RequestId::generate();
    HttpRequest nothing;
    auto reply = to_http(Problem(code, std::string(slug)), nothing, "en", id);
    reply.status = status;
    reply.close = true;
    add_security_headers(reply, id.to_string());
    return reply;
}

std::optional<HttpReply> Pipeline::prepare(Prepared& prepared) const {
    auto const& request = prepared.request;
    auto const fail = [&](Problem const& problem) {
        return std::optional<HttpReply>(
            to_http(problem, request, prepared.language, prepared.request_id));
    };
    prepared.language = protocol::choose_language(request.headers.get("accept-language"));
    auto const rate = per_address_.take(request.connection->remote_address, prepared.started);
    if (!rate.allowed) {
        return fail(Problem(ProblemCode::rate_limited).with_retry_after(rate.retry_after_s));
    }
    prepared.match = routes_.find(request.method, request.path);
    if (prepared.match.endpoint == nullptr) {
        if (prepared.match.allow.empty()) {
            return fail(ProblemCode::not_found);
        }
        auto reply = to_http(
            ProblemCode::method_not_allowed, request, prepared.language, prepared.request_id);
        reply.headers.add("allow", prepared.match.allow);
        return reply;
    }
    auto const& endpoint = *prepared.match.endpoint;
    prepared.endpoint = &endpoint;
    if (endpoint.operation == "metrics" &&
        request.connection->listener != ListenerKind::operations) {
        return fail(ProblemCode::not_found);
    }
    std::vector<Violation> violations;
    auto query = protocol::parse_query(request.query);
    if (!query) {
        return fail(query.error());
    }
    if (endpoint.request_body.empty() && !request.body.empty()) {
        return fail(Problem(ProblemCode::malformed_request, "This request takes no body"));
    }
    if (!endpoint.request_body.empty() &&
        !protocol::is_accepted_content_type(request.headers.get("content-type"), endpoint.method)) {
        return fail(ProblemCode::unsupported_media_type);
    }
    if (endpoint.credential != protocol::Credential::none) {
        auto shown = shown_credential(request, endpoint);
        if (!shown) {
            return fail(shown.error());
        }
        prepared.credential = std::move(shown).value();
        if (!prepared.credential) {
            return fail(ProblemCode::authentication_required);
        }
        bool const by_session = std::holds_alternative<storage::SessionToken>(*prepared.credential);
        if ((endpoint.credential == protocol::Credential::session && !by_session) ||
            (endpoint.credential == protocol::Credential::gateway && by_session)) {
            return fail(ProblemCode::authentication_required);
        }
    }
    if (endpoint.idempotency == protocol::Idempotency::key) {
        auto key = protocol::parse_idempotency_key(request.headers.get("idempotency-key"));
        if (!key) {
            return fail(key.error());
        }
        prepared.idempotency_key = std::move(key).value();
        prepared.fingerprint = fingerprint_of(request);
    }
    if (endpoint.precondition == protocol::Precondition::if_match) {
        auto version = protocol::parse_if_match(request.headers.get("if-match"));
        if (!version) {
            return fail(version.error());
        }
        prepared.if_match = version.value();
    }
    Arrival const arrival{.endpoint = endpoint,
                          .path = prepared.match.path,
                          .query = std::move(query).value(),
                          .body = request.body,
                          .if_match = prepared.if_match};
    if (prepared.match.direct != nullptr) {
        auto reply = (*prepared.match.direct)(arrival, request);
        return reply ? std::optional<HttpReply>(to_http(reply.value())) : fail(reply.error());
    }
    if (prepared.match.flow != nullptr) {
        return std::nullopt;
    }
    if (auto const* lane = lanes_.find(endpoint.operation)) {
        auto command = (*lane)(arrival);
        if (!command) {
            return fail(command.error());
        }
        prepared.lane_command = std::move(command).value();
        return std::nullopt;
    }
    auto call = (*prepared.match.stage)(arrival);
    if (!call) {
        return fail(call.error());
    }
    prepared.call = std::move(call).value();
    return std::nullopt;
}

boost::asio::awaitable<HttpReply> Pipeline::handle(HttpRequest request) {
    auto prepared = std::make_shared<Prepared>();
    prepared->request = std::move(request);
    auto early = prepare(*prepared);
    HttpReply reply;
    if (early) {
        reply = std::move(*early);
    } else {
        auto work = run(prepared);
        reply = co_await std::move(work);
    }
    auto const id = prepared->request_id.to_string();
    add_security_headers(reply, id);
    auto const elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - prepared->started);
    log::debug(
        "request",
        {{"request_id", id},
         {"operation",
          prepared->endpoint == nullptr ? std::string_view("-") : prepared->endpoint->operation},
         {"method", prepared->request.method},
         {"status", reply.status},
         {"bytes_in", prepared->request.body.size()},
         {"bytes_out", reply.body.size()},
         {"us", elapsed.count()}});
    co_return reply;
}

namespace {

// Which calls are tried together: those of one agency, as far as it is known before the database is
// asked.
std::string lane_key(Lanes const& lanes, storage::ShownCredential const& credential) {
    if (auto const* certificate = std::get_if<storage::ShownCertificate>(&credential)) {
        return certificate->agency;
    }
    auto const& hash = std::get<storage::SessionToken>(credential).hash;
    auto agency = lanes.agency_hint(hash);
    return agency.empty() ? to_hex(hash) : agency;
}

void remember_agency(Lanes& lanes,
                     storage::ShownCredential const& credential,
                     std::string const& agency) {
    if (auto const* token = std::get_if<storage::SessionToken>(&credential)) {
        lanes.remember_agency(token->hash, agency);
    }
}

struct Answer {
    Outcome<Reply> outcome = Problem(ProblemCode::internal_error);
    std::string event_id;
};

}  // namespace

boost::asio::awaitable<HttpReply> Pipeline::run(std::shared_ptr<Prepared> prepared) {
    if (prepared->match.flow != nullptr) {
        Arrival arrival{.endpoint = *prepared->endpoint,
                        .path = prepared->match.path,
                        .query = {},
                        .body = {},
                        .if_match = {}};
        auto query = protocol::parse_query(prepared->request.query);
        arrival.query = std::move(query).value();
        auto flow = (*prepared->match.flow)(prepared->request, std::move(arrival));
        co_return co_await std::move(flow);
    }
    auto worker = std::make_shared<WorkerUnit>(
        services_, *prepared->endpoint, prepared->request, prepared->request_id, prepared->started);
    worker->credential = prepared->credential;
    worker->idempotency_key = prepared->idempotency_key;
    worker->fingerprint = prepared->fingerprint;
    worker->if_match = prepared->if_match;
    auto const unavailable = Problem(ProblemCode::storage_unavailable).with_retry_after(2);
    Problem const overloaded = Problem(ProblemCode::overloaded).with_retry_after(1);

    std::optional<Answer> answer;
    if (prepared->lane_command) {
        auto lane_call = std::make_shared<LaneCall>(services_,
                                                    *prepared->endpoint,
                                                    prepared->request,
                                                    prepared->request_id,
                                                    prepared->started);
        lane_call->command = prepared->lane_command;
        lane_call->credential = *prepared->credential;
        lane_call->idempotency_key = prepared->idempotency_key;
        lane_call->fingerprint = prepared->fingerprint;
        lane_call->call.set_if_match(prepared->if_match);
        auto const key = lane_key(lanes_, *prepared->credential);
        std::function<bool(std::function<void(bool)>)> start =
            [this, prepared, lane_call, key](std::function<void(bool)> complete) {
                return lanes_.submit(
                    prepared->endpoint->operation, key, lane_call, std::move(complete));
            };
        auto joined = async_elsewhere<bool>(std::move(start), use_awaitable);
        auto const reached = co_await std::move(joined);
        if (reached) {
            answer = Answer{};
            answer->outcome =
                *reached && lane_call->outcome ? *lane_call->outcome : Outcome<Reply>(unavailable);
            if (*reached && !lane_call->call.actor.agency.empty()) {
                answer->event_id = lane_call->call.event_id.to_string();
                remember_agency(lanes_, *prepared->credential, lane_call->call.actor.agency);
            }
        }
    } else {
        HashingResult hashing;
        std::optional<Problem> stopped;
        if (prepared->call.before_hashing) {
            std::function<Outcome<HashingWork>(storage::Connection*)> first =
                [worker, prepared, unavailable](
                    storage::Connection* connection) -> Outcome<HashingWork> {
                if (connection == nullptr) {
                    return unavailable;
                }
                return worker->before(*connection, prepared->call);
            };
            auto asked =
                async_on_worker<Outcome<HashingWork>>(pool_, std::move(first), use_awaitable);
            auto work = co_await std::move(asked);
            if (!work) {
                stopped = overloaded;
            } else if (!*work) {
                stopped = work->error();
            } else {
                HashingWork todo = std::move(*work).value();
                std::function<bool(std::function<void(HashingResult)>)> start =
                    [this, todo](std::function<void(HashingResult)> complete) {
                        return services_.password_hashing.submit(todo, std::move(complete));
                    };
                auto hashed = async_elsewhere<HashingResult>(std::move(start), use_awaitable);
                auto result = co_await std::move(hashed);
                if (result) {
                    hashing = std::move(*result);
                } else {
                    stopped = overloaded;
                }
            }
        }
        if (stopped) {
            answer = Answer{};
            answer->outcome = *stopped;
            answer->event_id = worker->event_id();
        } else {
            std::function<Answer(storage::Connection*)> job =
                [worker, prepared, hashing, unavailable](storage::Connection* connection) {
                    Answer made;
                    if (connection == nullptr) {
                        made.outcome = unavailable;
                    } else {
                        made.outcome = worker->act(*connection, prepared->call, hashing);
                        made.event_id = worker->event_id();
                    }
                    return made;
                };
            auto asked = async_on_worker<Answer>(pool_, std::move(job), use_awaitable);
            answer = co_await std::move(asked);
        }
    }
    HttpReply reply;
    if (!answer) {
        reply = to_http(overloaded, prepared->request, prepared->language, prepared->request_id);
    } else if (!answer->outcome) {
        reply = to_http(
            answer->outcome.error(), prepared->request, prepared->language, prepared->request_id);
    } else if (answer->outcome.value().refusal) {
        reply = to_http(*answer->outcome.value().refusal,
                        prepared->request,
                        prepared->language,
                        prepared->request_id);
    } else {
        reply = to_http(answer->outcome.value());
    }
    if (answer && !answer->event_id.empty()) {
        reply.headers.add("rastro-audit-event", answer->event_id);
    }
    co_return reply;
}

boost::asio::awaitable<UpgradeDecision> Pipeline::upgrade(HttpRequest request) {
    auto const match = routes_.find(request.method, request.path);
    UpgradeDecision decision;
    RequestId const id = RequestId::generate();
    auto const language = protocol::choose_language(request.headers.get("accept-language"));
    auto const* endpoint = protocol::find_endpoint(upgrade_operation_);
    auto query = protocol::parse_query(request.query);
    if (endpoint == nullptr || !upgrade_stage_ || endpoint->path != request.path) {
        decision.refusal = to_http(ProblemCode::not_found, request, language, id);
    } else if (!query) {
        decision.refusal = to_http(query.error(), request, language, id);
    } else {
        Arrival arrival{.endpoint = *endpoint,
                        .path = {},
                        .query = std::move(query).value(),
                        .body = {},
                        .if_match = {}};
        auto stage = upgrade_stage_(std::move(request), std::move(arrival));
        decision = co_await std::move(stage);
    }
    if (decision.refusal) {
        add_security_headers(*decision.refusal, id.to_string());
    }
    co_return decision;
}

}  // namespace rastro::server
