// Lanes: hot operations whose waiting calls share one transaction and one commit. Each call keeps
// its own outcome, its own access decision and its own audit leaf; if a batch fails as a whole, its
// members run one by one.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/audit_trail.hpp"
#include "server/call.hpp"
#include "server/routes.hpp"
#include "storage/authentication.hpp"
#include "storage/db/worker_pool.hpp"

namespace rastro::server {

// One call waiting in a lane.
struct LaneCall {
    LaneCall(Services& services,
             protocol::Endpoint const& endpoint,
             HttpRequest const& request,
             RequestId request_id,
             std::chrono::steady_clock::time_point started)
        : call(services, endpoint, request, services_now(services)),
          trail(services, endpoint, request, request_id, started) {}

    Call call;
    AuditTrail trail;
    std::shared_ptr<void const> command;  // what the lane's parse stage made
    storage::ShownCredential credential;
    std::string idempotency_key;
    Digest fingerprint{};
    // Filled in by the runner.
    std::optional<Outcome<Reply>> outcome;

 private:
    static Instant services_now(Services& services);
};

// Runs the calls of one batch in one transaction on `connection` and fills in every outcome, or
// throws: then the batch is rolled back and each call is run alone. All calls come from the same
// agency.
using LaneBatch = std::function<void(storage::Connection& connection, std::span<LaneCall*> calls)>;

class Lanes {
 public:
    Lanes(Services& services, storage::WorkerPool& pool) : services_(services), pool_(pool) {}

    using LaneParse = std::function<Outcome<std::shared_ptr<void const>>(Arrival const&)>;
    void add(std::string_view operation, LaneParse parse, LaneBatch batch);
    [[nodiscard]] LaneParse const* find(std::string_view operation) const;

    // Queues the call; false if the pool is full. `done` is called once, on a worker.
    [[nodiscard]] bool submit(std::string_view operation,
                              std::string const& agency,
                              std::shared_ptr<LaneCall> call,
                              std::function<void(bool reached_database)> done);

    // Which agency a session token belonged to when last seen: decides only which calls are tried
    // together. The token is looked up again in the transaction; a wrong hint costs a second try,
    // never a wrong answer.
    [[nodiscard]] std::string agency_hint(Digest const& token_hash) const;
    void remember_agency(Digest const& token_hash, std::string const& agency);

 private:
    struct Item;
    void run(std::size_t lane,
             storage::Connection* connection,
             std::vector<std::shared_ptr<storage::LaneItem>> items);

    struct Lane {
        std::string operation;
        LaneParse parse;
        LaneBatch batch;
        std::size_t pool_lane = 0;
    };
    Services& services_;
    storage::WorkerPool& pool_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    mutable std::mutex hints_mutex_;
    std::map<Digest, std::string> hints_;
};

}  // namespace rastro::server
