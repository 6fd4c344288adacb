#include "server/pipeline.hpp"

#include "common/digest.hpp"
#include "common/log.hpp"
#include "protocol/header_fields.hpp"
#include "protocol/paging.hpp"
#include "protocol/query_parameters.hpp"
#include "server/credentials.hpp"
#include "server/password_hashing.hpp"
#include "server/replies.hpp"
#include "server/web_client.hpp"
#include "server/worker_call.hpp"
#include "server/worker_unit.hpp"

namespace rastro::server {

using boost::asio::use_awaitable;

// One request on its way; shared between the coroutine and the worker.
struct Pipeline::Prepared {
    HttpRequest request;
    RequestId request_id = RequestId::generate();
    ReplyContext context;
    protocol::Endpoint const* endpoint = nullptr;
    Routes::Match match;
    protocol::QueryParameters query;
    std::optional<storage::ShownCredential> credential;
    std::string idempotency_key;
    Digest fingerprint{};
    std::optional<int> if_match;
    PreparedCall call;
    std::shared_ptr<void const> lane_command;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    // What came of it.
    std::optional<Outcome<Reply>> outcome;
    std::string event_id;

    [[nodiscard]] Arrival arrival() const {
        return {.endpoint = *endpoint,
                .path = match.path,
                .query = query,
                .body = request.body,
                .if_match = if_match};
    }
};

namespace {

constexpr std::uint64_t kUnwantedBody = 4096;  // read, so that the refusal can be told

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

bool accepts_media_type(protocol::Endpoint const& endpoint, HttpRequest const& request) {
    auto const type = protocol::media_type(request.headers.get("content-type"));
    return type == "application/json" ||
           (endpoint.method == "PATCH" && type == "application/merge-patch+json");
}

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

// What no endpoint answers may be a file or an address of the browser client.
std::optional<HttpReply> client_page(HttpRequest const& request,
                                     std::optional<Problem> const& problem) {
    bool const unknown = problem && problem->code() == ProblemCode::not_found;
    return unknown ? web_client_reply(request, web_assets()) : std::nullopt;
}

Problem unavailable() {
    return Problem(ProblemCode::storage_unavailable).with_retry_after(2);
}
Problem overloaded() {
    return Problem(ProblemCode::overloaded).with_retry_after(1);
}

}  // namespace

Pipeline::Pipeline(Services& services,
                   storage::WorkerPool& pool,
                   Routes const& routes,
                   Lanes& lanes,
                   PasswordHashing& hashing)
    : services_(services),
      pool_(pool),
      routes_(routes),
      lanes_(lanes),
      hashing_(hashing),
      per_address_(services.settings.limits.per_address) {}

void Pipeline::set_upgrade(std::string operation, UpgradeStage stage) {
    upgrade_operation_ = std::move(operation);
    upgrade_stage_ = std::move(stage);
}

BodyLimit Pipeline::body_limit(HttpRequest const& head) const {
    auto const match = routes_.find(head.method, head.path);
    if (match.endpoint == nullptr || match.endpoint->request_body.empty()) {
        return BodyLimit{.bytes = kUnwantedBody, .refusal = {}};
    }
    BodyLimit limit{.bytes = services_.settings.net.max_body.bytes, .refusal = {}};
    auto const waiting = pool_.counters().waiting.load();
    if (waiting >= static_cast<std::int64_t>(services_.settings.pool.queue)) {
        auto const context = reply_context(head, RequestId::generate());
        limit.refusal = to_http(overloaded(), context);
        add_security_headers(*limit.refusal, context);
    }
    return limit;
}

HttpReply Pipeline::framing_fault(unsigned status, std::string_view slug) const {
    ProblemCode code = ProblemCode::malformed_request;
    std::string detail(slug);  // what the table has no title of its own for
    for (auto const& row : all_problems()) {
        if (row.status == status) {
            code = row.code;
            if (row.slug == slug) {
                detail.clear();
                break;
            }
        }
    }
    HttpRequest const nothing;
    auto const context = reply_context(nothing, RequestId::generate());
    auto reply = to_http(Problem(code, std::move(detail)), context);
    reply.status = status;
    reply.close = true;
    add_security_headers(reply, context);
    return reply;
}

HttpReply Pipeline::refuse(Problem const& problem, HttpRequest const& request) const {
    return to_http(problem, reply_context(request, RequestId::generate()));
}

// Credential, idempotency key and precondition, as the endpoint asks for them.
std::optional<Problem> Pipeline::read_head(Prepared& prepared) const {
    auto const& endpoint = *prepared.endpoint;
    auto const& headers = prepared.request.headers;
    if (endpoint.credential != protocol::Credential::none) {
        auto shown = shown_credential(prepared.request, endpoint);
        if (!shown) {
            return shown.error();
        }
        prepared.credential = std::move(shown).value();
        if (!prepared.credential) {
            return ProblemCode::authentication_required;
        }
        bool const by_session = std::holds_alternative<storage::SessionToken>(*prepared.credential);
        if ((endpoint.credential == protocol::Credential::session && !by_session) ||
            (endpoint.credential == protocol::Credential::gateway && by_session)) {
            return ProblemCode::authentication_required;
        }
    }
    if (endpoint.idempotency == protocol::Idempotency::key) {
        auto key = protocol::parse_idempotency_key(headers.get("idempotency-key"));
        if (!key) {
            return key.error();
        }
        prepared.idempotency_key = std::move(key).value();
        prepared.fingerprint = fingerprint_of(prepared.request);
    }
    if (endpoint.precondition == protocol::Precondition::if_match) {
        auto version = protocol::parse_if_match(headers.get("if-match"));
        if (!version) {
            return version.error();
        }
        prepared.if_match = version.value();
    }
    return std::nullopt;
}

std::optional<Reply> Pipeline::prepare(Prepared& prepared, std::optional<Problem>& problem) {
    auto const& request = prepared.request;
    auto const rate = per_address_.take(request.connection->remote_address, prepared.started);
    if (!rate.allowed) {
        problem = Problem(ProblemCode::rate_limited).with_retry_after(rate.retry_after_s);
        return std::nullopt;
    }
    prepared.match = routes_.find(request.method, request.path);
    bool const hidden = prepared.match.endpoint != nullptr &&
                        prepared.match.endpoint->operation == "metrics" &&
                        request.connection->listener != ListenerKind::operations;
    if (prepared.match.endpoint == nullptr || hidden) {
        bool const method = !prepared.match.allow.empty();
        problem = method ? ProblemCode::method_not_allowed : ProblemCode::not_found;
        return std::nullopt;
    }
    auto const& endpoint = *prepared.match.endpoint;
    prepared.endpoint = &endpoint;
    auto query =
        protocol::parse_query(request.query, protocol::query_parameters(endpoint.operation));
    if (!query) {
        problem = query.error();
        return std::nullopt;
    }
    prepared.query = std::move(query).value();
    if (endpoint.request_body.empty() && !request.body.empty()) {
        problem = Problem(ProblemCode::malformed_request, "This request takes no body");
        return std::nullopt;
    }
    if (!endpoint.request_body.empty() && !accepts_media_type(endpoint, request)) {
        problem = ProblemCode::unsupported_media_type;
        return std::nullopt;
    }
    problem = read_head(prepared);
    if (problem || prepared.match.flow != nullptr) {
        return std::nullopt;
    }
    auto const arrival = prepared.arrival();
    if (prepared.match.direct != nullptr) {
        auto reply = (*prepared.match.direct)(arrival, request);
        if (!reply) {
            problem = reply.error();
            return std::nullopt;
        }
        return std::move(reply).value();
    }
    if (auto const* lane = lanes_.find(endpoint.operation)) {
        auto command = (*lane)(arrival);
        if (command) {
            prepared.lane_command = std::move(command).value();
        } else {
            problem = command.error();
        }
        return std::nullopt;
    }
    auto call = (*prepared.match.stage)(arrival);
    if (call) {
        prepared.call = std::move(call).value();
    } else {
        problem = call.error();
    }
    return std::nullopt;
}

boost::asio::awaitable<HttpReply> Pipeline::handle(HttpRequest request) {
    auto prepared = std::make_shared<Prepared>();
    prepared->request = std::move(request);
    prepared->context = reply_context(prepared->request, prepared->request_id);
    std::optional<Problem> problem;
    auto early = prepare(*prepared, problem);
    HttpReply reply;
    if (early) {
        reply = to_http(*early);
    } else if (auto page = client_page(prepared->request, problem)) {
        reply = std::move(*page);
    } else if (problem) {
        reply = to_http(*problem, prepared->context);
        if (prepared->endpoint == nullptr && !prepared->match.allow.empty()) {
            reply.headers.add("allow", prepared->match.allow);
        }
    } else {
        auto work = run(prepared);
        reply = co_await std::move(work);
    }
    add_security_headers(reply, prepared->context);
    auto const elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - prepared->started);
    log::debug(
        "request",
        {{"request_id", prepared->context.request_id},
         {"operation",
          prepared->endpoint == nullptr ? std::string_view("-") : prepared->endpoint->operation},
         {"status", reply.status},
         {"bytes_in", prepared->request.body.size()},
         {"bytes_out", reply.body.size()},
         {"us", elapsed.count()}});
    co_return reply;
}

boost::asio::awaitable<HttpReply> Pipeline::call(HttpRequest request,
                                                 protocol::Endpoint const& endpoint,
                                                 PreparedCall prepared_call) {
    auto prepared = std::make_shared<Prepared>();
    prepared->request = std::move(request);
    prepared->context = reply_context(prepared->request, prepared->request_id);
    prepared->endpoint = &endpoint;
    prepared->call = std::move(prepared_call);
    if (auto const problem = read_head(*prepared)) {
        co_return to_http(*problem, prepared->context);
    }
    auto work = run(prepared);
    co_return co_await std::move(work);
}

boost::asio::awaitable<void> Pipeline::run_in_lane(std::shared_ptr<Prepared> prepared) {
    auto lane_call = std::make_shared<LaneCall>(
        services_, *prepared->endpoint, prepared->request, prepared->request_id, prepared->started);
    lane_call->command = prepared->lane_command;
    lane_call->credential = *prepared->credential;
    lane_call->idempotency_key = prepared->idempotency_key;
    lane_call->fingerprint = prepared->fingerprint;
    lane_call->call.set_if_match(prepared->if_match);
    auto const key = lane_key(lanes_, *prepared->credential);
    std::function<bool(std::function<void(bool)>)> start = [this, prepared, lane_call, key](
                                                               std::function<void(bool)> complete) {
        return lanes_.submit(prepared->endpoint->operation, key, lane_call, std::move(complete));
    };
    auto joined = async_elsewhere<bool>(std::move(start), use_awaitable);
    auto const reached = co_await std::move(joined);
    if (!reached) {
        prepared->outcome = Outcome<Reply>(overloaded());
        co_return;
    }
    if (!*reached || !lane_call->outcome) {
        prepared->outcome = Outcome<Reply>(unavailable());
        co_return;
    }
    prepared->outcome = std::move(lane_call->outcome);
    if (!lane_call->call.actor.agency.empty()) {
        prepared->event_id = lane_call->call.event_id.to_string();
        if (auto const* token = std::get_if<storage::SessionToken>(&lane_call->credential)) {
            lanes_.remember_agency(token->hash, lane_call->call.actor.agency);
        }
    }
}

boost::asio::awaitable<void> Pipeline::run_on_worker(std::shared_ptr<Prepared> prepared) {
    auto worker = std::make_shared<WorkerUnit>(
        services_, *prepared->endpoint, prepared->request, prepared->request_id, prepared->started);
    worker->credential = prepared->credential;
    worker->idempotency_key = prepared->idempotency_key;
    worker->fingerprint = prepared->fingerprint;
    worker->if_match = prepared->if_match;
    HashingResult hashing;
    if (prepared->call.before_hashing) {
        std::function<Outcome<HashingWork>(storage::Connection*)> first =
            [worker, prepared](storage::Connection* connection) -> Outcome<HashingWork> {
            if (connection == nullptr) {
                return unavailable();
            }
            return worker->before(*connection, prepared->call);
        };
        auto asked = async_on_worker<Outcome<HashingWork>>(pool_, std::move(first), use_awaitable);
        auto work = co_await std::move(asked);
        if (!work || !*work) {
            prepared->outcome = Outcome<Reply>(work ? work->error() : overloaded());
            prepared->event_id = worker->event_id();
            co_return;
        }
        auto const todo = std::move(*work).value();
        std::function<bool(std::function<void(HashingResult)>)> start =
            [this, todo](std::function<void(HashingResult)> complete) {
                return hashing_.submit(todo, std::move(complete));
            };
        auto hashed = async_elsewhere<HashingResult>(std::move(start), use_awaitable);
        auto result = co_await std::move(hashed);
        if (!result) {
            prepared->outcome = Outcome<Reply>(overloaded());
            co_return;
        }
        hashing = std::move(*result);
    }
    std::function<Outcome<Reply>(storage::Connection*)> job =
        [worker, prepared, hashing](storage::Connection* connection) -> Outcome<Reply> {
        if (connection == nullptr) {
            return unavailable();
        }
        return worker->act(*connection, prepared->call, hashing);
    };
    auto asked = async_on_worker<Outcome<Reply>>(pool_, std::move(job), use_awaitable);
    auto outcome = co_await std::move(asked);
    prepared->outcome = outcome ? std::move(*outcome) : Outcome<Reply>(overloaded());
    prepared->event_id = worker->event_id();
}

boost::asio::awaitable<HttpReply> Pipeline::run(std::shared_ptr<Prepared> prepared) {
    if (prepared->match.flow != nullptr) {
        auto flow = (*prepared->match.flow)(prepared->request, prepared->arrival());
        co_return co_await std::move(flow);
    }
    if (prepared->lane_command) {
        auto work = run_in_lane(prepared);
        co_await std::move(work);
    } else {
        auto work = run_on_worker(prepared);
        co_await std::move(work);
    }
    HttpReply reply;
    auto const& outcome = *prepared->outcome;
    if (!outcome) {
        reply = to_http(outcome.error(), prepared->context);
    } else if (outcome.value().refusal) {
        reply = to_http(*outcome.value().refusal, prepared->context);
    } else {
        reply = to_http(outcome.value());
    }
    if (!prepared->event_id.empty()) {
        reply.headers.add("rastro-audit-event", prepared->event_id);
    }
    co_return reply;
}

boost::asio::awaitable<UpgradeDecision> Pipeline::upgrade(HttpRequest request) {
    UpgradeDecision decision;
    auto const context = reply_context(request, RequestId::generate());
    auto const* endpoint = protocol::find_endpoint(upgrade_operation_);
    auto query =
        protocol::parse_query(request.query, protocol::query_parameters(upgrade_operation_));
    // A page of another origin may not open a stream with the reader's cookie (RFC 6455 10.2).
    auto const origin = request.headers.get("origin");
    auto const own = "https://" + std::string(request.headers.get("host"));
    if (endpoint == nullptr || !upgrade_stage_ || endpoint->path != request.path) {
        decision.refusal = to_http(ProblemCode::not_found, context);
    } else if (!query) {
        decision.refusal = to_http(query.error(), context);
    } else if (!origin.empty() && origin != own) {
        decision.refusal = to_http(Problem(ProblemCode::forbidden, "Foreign origin"), context);
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
        add_security_headers(*decision.refusal, context);
    }
    co_return decision;
}

}  // namespace rastro::server
