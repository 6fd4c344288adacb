// The way of one request (design/architecture.md 3): limit -> route -> read -> database worker
// (authenticate, decide, act, audit, commit; server/worker_unit, server/lane) -> reply. The only
// place that knows all stages.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/lane.hpp"
#include "server/limits.hpp"
#include "server/net/http.hpp"
#include "server/routes.hpp"
#include "server/services.hpp"
#include "storage/db/worker_pool.hpp"

namespace rastro::server {

class Pipeline final : public RequestHandler {
 public:
    Pipeline(Services& services,
             storage::WorkerPool& pool,
             Routes const& routes,
             Lanes& lanes,
             PasswordHashing& hashing);

    [[nodiscard]] BodyLimit body_limit(HttpRequest const& head) const override;
    boost::asio::awaitable<HttpReply> handle(HttpRequest request) override;
    boost::asio::awaitable<UpgradeDecision> upgrade(HttpRequest request) override;
    [[nodiscard]] HttpReply framing_fault(unsigned status, std::string_view slug) const override;

    // Who may open a WebSocket at `operation`; set once before the listeners start.
    using UpgradeStage =
        std::function<boost::asio::awaitable<UpgradeDecision>(HttpRequest, Arrival)>;
    void set_upgrade(std::string operation, UpgradeStage stage);

    // For flows: one prepared call of an endpoint, with authentication, audit and commit, for this
    // request.
    boost::asio::awaitable<HttpReply> call(HttpRequest request,
                                           protocol::Endpoint const& endpoint,
                                           PreparedCall prepared);
    [[nodiscard]] HttpReply refuse(Problem const& problem, HttpRequest const& request) const;

 private:
    struct Prepared;
    // Everything before a database worker is needed: nullopt, or the reply that ends it here.
    [[nodiscard]] std::optional<Reply> prepare(Prepared& prepared, std::optional<Problem>& problem);
    [[nodiscard]] std::optional<Problem> read_head(Prepared& prepared) const;
    boost::asio::awaitable<HttpReply> run(std::shared_ptr<Prepared> prepared);
    boost::asio::awaitable<void> run_in_lane(std::shared_ptr<Prepared> prepared);
    boost::asio::awaitable<void> run_on_worker(std::shared_ptr<Prepared> prepared);

    Services& services_;
    storage::WorkerPool& pool_;
    Routes const& routes_;
    Lanes& lanes_;
    PasswordHashing& hashing_;
    RateLimiter per_address_;
    std::string upgrade_operation_;
    UpgradeStage upgrade_stage_;
};

}  // namespace rastro::server
