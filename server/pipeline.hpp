// The way of one request (design/architecture.md 3): identify -> limit -> route -> read -> database
// worker (authenticate, decide, act, audit, commit) -> reply. The only place that knows all stages;
// each stage is in a file of its own.
#pragma once

#include <memory>
#include <string>

#include "protocol/problem_json.hpp"
#include "server/lane.hpp"
#include "server/limits.hpp"
#include "server/net/http.hpp"
#include "server/routes.hpp"
#include "server/services.hpp"
#include "storage/db/worker_pool.hpp"

namespace rastro::server {

class PasswordHashing;
class PipelineCounters;

class Pipeline final : public RequestHandler {
 public:
    Pipeline(Services& services, storage::WorkerPool& pool, Routes const& routes, Lanes& lanes);
    ~Pipeline() override;

    [[nodiscard]] BodyLimit body_limit(HttpRequest const& head) const override;
    boost::asio::awaitable<HttpReply> handle(HttpRequest request) override;
    boost::asio::awaitable<UpgradeDecision> upgrade(HttpRequest request) override;
    [[nodiscard]] HttpReply framing_fault(unsigned status, std::string_view slug) const override;

    // Who may open the event stream; set once before the listeners start.
    using UpgradeStage =
        std::function<boost::asio::awaitable<UpgradeDecision>(HttpRequest, Arrival)>;
    void set_upgrade(std::string operation, UpgradeStage stage);

 private:
    struct Prepared;
    // Everything before a database worker is needed. Either a finished reply or a prepared call.
    [[nodiscard]] std::optional<HttpReply> prepare(Prepared& prepared) const;
    boost::asio::awaitable<HttpReply> run(std::shared_ptr<Prepared> prepared);

    Services& services_;
    storage::WorkerPool& pool_;
    Routes const& routes_;
    Lanes& lanes_;
    mutable RateLimiter per_address_;
    std::string upgrade_operation_;
    UpgradeStage upgrade_stage_;
};

}  // namespace rastro::server
