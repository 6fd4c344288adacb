#include "server/replies.hpp"

#include "protocol/problem_json.hpp"
#include "protocol/traceparent.hpp"

namespace rastro::server {

ReplyContext reply_context(HttpRequest const& request, RequestId const& id) {
    ReplyContext context;
    context.path = request.path;
    context.request_id = id.to_string();
    context.language = protocol::choose_language(request.headers.get("accept-language"));
    if (auto const trace = protocol::parse_traceparent(request.headers.get("traceparent"))) {
        context.trace_id = trace->trace_id_text();
    }
    return context;
}

HttpReply to_http(Reply const& reply) {
    HttpReply http;
    http.status = reply.status;
    http.body = reply.body;
    auto const add_if = [&](char const* name, std::string const& value) {
        if (!value.empty()) {
            http.headers.add(name, value);
        }
    };
    if (!reply.body.empty()) {
        http.headers.add("content-type", reply.content_type);
    }
    add_if("cache-control", reply.cache_control);
    add_if("etag", reply.etag);
    add_if("location", reply.location);
    add_if("link", reply.link);
    add_if("set-cookie", reply.set_cookie);
    return http;
}

HttpReply to_http(Problem const& problem, ReplyContext const& context) {
    HttpReply http;
    http.status = problem.info().status;
    http.body = protocol::problem_json(problem,
                                       protocol::ProblemContext{.instance = context.path,
                                                                .request_id = context.request_id,
                                                                .trace_id = context.trace_id,
                                                                .language = context.language});
    http.headers.add("content-type", std::string(protocol::kProblemMediaType));
    http.headers.add("content-language", std::string(code_of(context.language)));
    http.headers.add("cache-control", "no-store");
    if (problem.retry_after_s() > 0) {
        http.headers.add("retry-after", std::to_string(problem.retry_after_s()));
    }
    if (http.status == 401) {
        http.headers.add("www-authenticate", "Bearer realm=\"rastro\"");
    }
    return http;
}

void add_security_headers(HttpReply& reply, ReplyContext const& context) {
    reply.headers.add("strict-transport-security", "max-age=31536000; includeSubDomains");
    reply.headers.add("x-content-type-options", "nosniff");
    reply.headers.add("referrer-policy", "no-referrer");
    reply.headers.add("cross-origin-opener-policy", "same-origin");
    reply.headers.add("cross-origin-resource-policy", "same-origin");
    if (!reply.headers.has("content-security-policy")) {
        reply.headers.add("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    }
    reply.headers.add("x-request-id", context.request_id);
}

}  // namespace rastro::server
