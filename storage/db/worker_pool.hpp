// A bounded pool of database workers: N threads, one connection each, one queue. Plain jobs run one
// at a time. Jobs of a lane that wait together run as one batch: a worker takes what is there (up
// to a limit) the moment it is free, so an idle server adds no delay and a busy one shares one
// transaction and one commit among many requests (design/performance.md, "What this forces" 2). At
// most two batches of one lane and key run at a time, so that batches grow instead of multiplying
// and other work finds a free worker.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/db/connection.hpp"

namespace rastro::storage {

// One request waiting in a lane. The lane's runner knows the concrete type.
struct LaneItem {
    virtual ~LaneItem() = default;
};

struct PoolSettings {
    unsigned workers = 3;
    std::size_t queue_bound = 256;  // jobs waiting; more are refused
    std::size_t lane_batch = 64;    // items of one lane and key in one batch
};

struct PoolCounters {
    std::atomic<std::uint64_t> jobs{0};
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> batched_items{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> queue_wait_us{0};
    std::atomic<std::uint64_t> run_us{0};
    std::atomic<std::uint64_t> reconnects{0};
    std::atomic<std::int64_t> waiting{0};
    std::atomic<std::int64_t> running{0};
};

class WorkerPool {
 public:
    // A job MUST NOT throw; it is handed a connection that was usable when the job was taken, or,
    // when the database cannot be reached, nullptr.
    using Job = std::function<void(Connection*)>;

    WorkerPool(ConnectionSettings connection, PoolSettings settings);
    ~WorkerPool();  // drains
    WorkerPool(WorkerPool const&) = delete;
    WorkerPool& operator=(WorkerPool const&) = delete;

    // False when the queue is full or draining: answer 503, do not wait.
    [[nodiscard]] bool submit(Job job);

    // Before any submit_to_lane. Items of one batch have the same key. The runner MUST NOT throw;
    // connection may be null.
    using LaneJob = std::function<void(Connection*, std::vector<std::shared_ptr<LaneItem>>)>;
    [[nodiscard]] std::size_t add_lane(LaneJob runner);
    [[nodiscard]] bool submit_to_lane(std::size_t lane,
                                      std::string const& key,
                                      std::shared_ptr<LaneItem> item);

    // Stops taking jobs, finishes those queued, joins the threads. Safe to call twice.
    void drain();
    [[nodiscard]] PoolCounters const& counters() const noexcept;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rastro::storage
