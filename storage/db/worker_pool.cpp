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

}  // namespace

struct WorkerPool::Impl {
    ConnectionSettings connection;
    PoolSettings settings;
    PoolCounters counters;
    std::vector<LaneJob> lanes;

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Entry> queue;
    std::map<LaneKey, std::deque<std::shared_ptr<LaneItem>>> waiting;
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
                    take_batch(entry, items);
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
            }
            counters.run_us.fetch_add(micros_since(started), std::memory_order_relaxed);
            counters.running.fetch_sub(1, std::memory_order_relaxed);
        }
    }

    void take_batch(Entry const& entry, std::vector<std::shared_ptr<LaneItem>>& items) {
        auto const found = waiting.find(entry.lane);
        if (found == waiting.end()) {
            return;
        }
        auto& lane = found->second;
        while (!lane.empty() && items.size() < settings.lane_batch) {
            items.push_back(std::move(lane.front()));
            lane.pop_front();
        }
        waiting_items -= items.size();
        if (lane.empty()) {
            waiting.erase(found);
        } else {
            queue.push_back(Entry{.job = {}, .lane = entry.lane});
            wake.notify_one();
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
    bool first = false;
    {
        std::lock_guard const lock(impl_->mutex);
        if (impl_->draining || impl_->is_full()) {
            impl_->counters.refused.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        auto& waiting = impl_->waiting[LaneKey{lane, key}];
        first = waiting.empty();
        waiting.push_back(std::move(item));
        ++impl_->waiting_items;
        if (first) {
            impl_->queue.push_back(Entry{.job = {}, .lane = LaneKey{lane, key}});
        }
    }
    if (first) {
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
