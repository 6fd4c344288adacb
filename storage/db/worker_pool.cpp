#include "storage/db/worker_pool.hpp"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "common/log.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::storage {

namespace {

// Batches of one lane and key at a time: one computes while the other waits for its commit. More
// would only be smaller (design/performance.md: two connections, 64 requests each, give the most).
constexpr unsigned kBatchesOfOneKey = 2;
// The second one starts when this many wait: fewer are better off in the batch after the one that
// runs, which starts within milliseconds, than in a small one that takes processor time from it.
constexpr std::size_t kWorthASecondBatch = 14;

using SteadyTime = std::chrono::steady_clock::time_point;

std::uint64_t micros_since(SteadyTime start) {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::steady_clock::now() - start)
                                          .count());
}

struct LaneKey {
    std::size_t lane;
    std::string key;
    auto operator<=>(LaneKey const&) const = default;
};

// One place in the queue: a plain job, or the promise that a lane has something waiting.
struct Entry {
    WorkerPool::Job job;
    LaneKey lane{};
    SteadyTime since = std::chrono::steady_clock::now();
};

// What one lane holds for one key.
struct LaneState {
    std::deque<std::shared_ptr<LaneItem>> items;
    unsigned running = 0;   // batches under way
    bool promised = false;  // an entry for it stands in the queue
};

}  // namespace

struct WorkerPool::Impl {
    ConnectionSettings connection;
    PoolSettings settings;
    PoolCounters counters;
    std::vector<LaneJob> lanes;

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Entry> queue;
    std::map<LaneKey, LaneState> waiting;
    std::size_t waiting_items = 0;
    bool draining = false;
    std::vector<std::thread> threads;

    bool is_full() const { return queue.size() + waiting_items >= settings.queue_bound; }

    // A usable connection, or null when the database cannot be reached now. `retry_at` spaces the
    // attempts.
    Connection* ensure(std::unique_ptr<Connection>& held, SteadyTime& retry_at) {
        if (held && held->is_usable()) {
            return held.get();
        }
        if (std::chrono::steady_clock::now() < retry_at) {
            return nullptr;
        }
        try {
            if (held) {
                counters.reconnects.fetch_add(1, std::memory_order_relaxed);
                held->reopen();
            } else {
                held = std::make_unique<Connection>(connection);
            }
            return held.get();
        } catch (StorageError const&) {
            retry_at = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
            log::warning("database_unreachable");
            return nullptr;
        }
    }

    void work() {
        pthread_setname_np(pthread_self(), "rastro-db");
        std::unique_ptr<Connection> held;
        SteadyTime retry_at{};
        while (true) {
            Entry entry;
            std::vector<std::shared_ptr<LaneItem>> items;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return draining || !queue.empty(); });
                if (queue.empty()) {
                    return;
                }
                entry = std::move(queue.front());
                queue.pop_front();
                if (!entry.job) {
                    take_batch(entry.lane, items);
                }
                counters.waiting = static_cast<std::int64_t>(queue.size() + waiting_items);
            }
            counters.queue_wait_us.fetch_add(micros_since(entry.since), std::memory_order_relaxed);
            counters.running.fetch_add(1, std::memory_order_relaxed);
            auto const started = std::chrono::steady_clock::now();
            auto* const link = ensure(held, retry_at);
            if (entry.job) {
                counters.jobs.fetch_add(1, std::memory_order_relaxed);
                entry.job(link);
            } else {
                counters.batches.fetch_add(1, std::memory_order_relaxed);
                counters.batched_items.fetch_add(items.size(), std::memory_order_relaxed);
                lanes[entry.lane.lane](link, std::move(items));
                end_batch(entry.lane);
            }
            counters.run_us.fetch_add(micros_since(started), std::memory_order_relaxed);
            counters.running.fetch_sub(1, std::memory_order_relaxed);
        }
    }

    // Puts an entry for the lane into the queue if it has something to do and may do it now.
    bool promise(LaneKey const& key, LaneState& lane) {
        if (lane.items.empty() || lane.promised || lane.running >= kBatchesOfOneKey ||
            (lane.running > 0 && lane.items.size() < kWorthASecondBatch)) {
            return false;
        }
        lane.promised = true;
        queue.push_back(Entry{.job = {}, .lane = key});
        return true;
    }

    void take_batch(LaneKey const& key, std::vector<std::shared_ptr<LaneItem>>& items) {
        auto& lane = waiting.at(key);
        lane.promised = false;
        ++lane.running;
        while (!lane.items.empty() && items.size() < settings.lane_batch) {
            items.push_back(std::move(lane.items.front()));
            lane.items.pop_front();
        }
        waiting_items -= items.size();
        if (promise(key, lane)) {
            wake.notify_one();
        }
    }

    void end_batch(LaneKey const& key) {
        std::lock_guard const lock(mutex);
        auto const found = waiting.find(key);
        --found->second.running;
        if (promise(key, found->second)) {
            wake.notify_one();
        } else if (found->second.running == 0 && found->second.items.empty()) {
            waiting.erase(found);
        }
    }
};

WorkerPool::WorkerPool(ConnectionSettings connection, PoolSettings settings)
    : impl_(std::make_unique<Impl>()) {
    impl_->connection = std::move(connection);
    impl_->settings = settings;
    impl_->threads.reserve(settings.workers);
    for (unsigned i = 0; i < settings.workers; ++i) {
        impl_->threads.emplace_back([this] { impl_->work(); });
    }
}

WorkerPool::~WorkerPool() {
    drain();
}

bool WorkerPool::submit(Job job) {
    {
        std::lock_guard const lock(impl_->mutex);
        if (impl_->draining || impl_->is_full()) {
            impl_->counters.refused.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        impl_->queue.push_back(Entry{.job = std::move(job), .lane = {}});
        impl_->counters.waiting =
            static_cast<std::int64_t>(impl_->queue.size() + impl_->waiting_items);
    }
    impl_->wake.notify_one();
    return true;
}

std::size_t WorkerPool::add_lane(LaneJob runner) {
    std::lock_guard const lock(impl_->mutex);
    impl_->lanes.push_back(std::move(runner));
    return impl_->lanes.size() - 1;
}

bool WorkerPool::submit_to_lane(std::size_t lane,
                                std::string const& key,
                                std::shared_ptr<LaneItem> item) {
    bool promised = false;
    {
        std::lock_guard const lock(impl_->mutex);
        if (impl_->draining || impl_->is_full()) {
            impl_->counters.refused.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        LaneKey const lane_key{lane, key};
        auto& waiting = impl_->waiting[lane_key];
        waiting.items.push_back(std::move(item));
        ++impl_->waiting_items;
        promised = impl_->promise(lane_key, waiting);
    }
    if (promised) {
        impl_->wake.notify_one();
    }
    return true;
}

void WorkerPool::drain() {
    {
        std::lock_guard const lock(impl_->mutex);
        impl_->draining = true;
    }
    impl_->wake.notify_all();
    for (auto& thread : impl_->threads) {
        if (thread.joinable()) {
            thread.join();
        }
    }
}

PoolCounters const& WorkerPool::counters() const noexcept {
    return impl_->counters;
}

}  // namespace rastro::storage
