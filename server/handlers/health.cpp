#include <prometheus/counter.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <memory>

#include "protocol/health_json.hpp"
#include "protocol/openapi.hpp"
#include "protocol/problem_json.hpp"
#include "server/readiness.hpp"

namespace rastro::server {

namespace {

constexpr std::string_view kVersion = RASTRO_VERSION;

Outcome<Reply> livez(Arrival const&, HttpRequest const&) {
    Reply reply;
    reply.body = protocol::write_health();
    return reply;
}

// The checks of a server that is ready are told only to whoever asks for them.
Reply readyz(Readiness const& readiness, bool verbose) {
    std::vector<protocol::ReadinessCheck> checks;
    bool ready = true;
    for (auto const& finding : readiness.findings()) {
        ready = ready && finding.good;
        checks.push_back({.name = finding.name, .ok = finding.good, .detail = {}});
    }
    if (ready && !verbose) {
        checks.clear();
    }
    Reply reply;
    reply.status = ready ? 200 : 503;
    reply.body = protocol::write_readiness(checks);
    return reply;
}

std::string metrics_text(std::vector<Metric> const& metrics) {
    std::vector<prometheus::MetricFamily> families;
    for (auto const& metric : metrics) {
        prometheus::MetricFamily family;
        family.name = metric.name;
        family.help = metric.help;
        family.type =
            metric.counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
        prometheus::ClientMetric value;
        (metric.counter ? value.counter.value : value.gauge.value) = metric.value();
        family.metric.push_back(value);
        families.push_back(std::move(family));
    }
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace

void Readiness::add(std::string name, std::function<bool()> good) {
    checks_.emplace_back(std::move(name), std::move(good));
}

std::vector<Readiness::Finding> Readiness::findings() const {
    std::vector<Finding> found{{"serving", !draining_}};
    for (auto const& [name, good] : checks_) {
        found.push_back({name, good()});
    }
    return found;
}

bool Readiness::ready() const {
    return !draining_ &&
           std::ranges::all_of(checks_, [](auto const& check) { return check.second(); });
}

void bind_health(Routes& routes,
                 Readiness const& readiness,
                 std::vector<Metric> metrics,
                 bool demo) {
    routes.bind_direct("livez", livez);
    routes.bind_direct("version", [demo](Arrival const&, HttpRequest const&) -> Outcome<Reply> {
        Reply reply;
        reply.body = protocol::write_version(kVersion, "", demo);
        return reply;
    });
    routes.bind_direct("readyz",
                       [&readiness](Arrival const& arrival, HttpRequest const&) -> Outcome<Reply> {
                           return readyz(readiness, arrival.query.contains("verbose"));
                       });
    auto kept = std::make_shared<std::vector<Metric> const>(std::move(metrics));
    routes.bind_direct("metrics", [kept](Arrival const&, HttpRequest const&) -> Outcome<Reply> {
        Reply reply;
        reply.body = metrics_text(*kept);
        reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
        return reply;
    });
    routes.bind_direct("openapi", [](Arrival const&, HttpRequest const&) -> Outcome<Reply> {
        Reply reply;
        reply.body = protocol::openapi_document();
        reply.cache_control = "public, max-age=300";
        return reply;
    });
    routes.bind_direct("problem_type",
                       [](Arrival const& arrival, HttpRequest const& request) -> Outcome<Reply> {
                           Reply reply;
                           reply.body = protocol::problem_type_json(
                               arrival.path.at("slug"),
                               protocol::choose_language(request.headers.get("accept-language")));
                           if (reply.body.empty()) {
                               return ProblemCode::not_found;
                           }
                           return reply;
                       });
}

}  // namespace rastro::server
