#include "server/password_hashing.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "common/log.hpp"
#include "storage/password_hash.hpp"

namespace rastro::server {

namespace {

struct Job {
    HashingWork work;
    std::function<void(HashingResult)> complete;
};

}  // namespace

struct PasswordHashing::Impl {
    storage::PasswordCost cost;
    std::string hash_of_nobody;
    std::size_t queue_bound;
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Job> queue;  // guarded by mutex
    bool draining = false;  // guarded by mutex
    std::vector<std::thread> threads;

    HashingResult run(HashingWork const& work) const {
        HashingResult result;
        try {
            if (work.verify_password) {
                bool const exists = !work.verify_hash.empty();
                bool const matches = storage::password_matches(
                    *work.verify_password, exists ? work.verify_hash : hash_of_nobody);
                result.verified = exists && matches;
                result.verified_hash = work.verify_hash;
            }
            if (work.hash_password) {
                result.new_hash = storage::hash_password(*work.hash_password, cost);
            }
        } catch (std::exception const& error) {
            log::error("password_hashing_failed", {{"what", std::string_view(error.what())}});
            result = HashingResult{};
            result.failed = true;
        }
        return result;
    }

    void work() {
        pthread_setname_np(pthread_self(), "rastro-hash");
        while (true) {
            Job job;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return draining || !queue.empty(); });
                if (queue.empty()) {
                    return;
                }
                job = std::move(queue.front());
                queue.pop_front();
            }
            job.complete(run(job.work));
        }
    }
};

PasswordHashing::PasswordHashing(config::PasswordSettings const& settings, std::size_t queue_bound)
    : impl_(std::make_unique<Impl>()) {
    impl_->cost = {.memory_kib = settings.memory_kib,
                   .iterations = settings.iterations,
                   .parallelism = settings.parallelism};
    impl_->hash_of_nobody = storage::hash_password(storage::new_first_password(), impl_->cost);
    impl_->queue_bound = queue_bound;
    auto const threads = std::max(1U, settings.hash_threads);
    impl_->threads.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) {
        impl_->threads.emplace_back([this] { impl_->work(); });
    }
}

PasswordHashing::~PasswordHashing() {
    drain();
}

bool PasswordHashing::submit(HashingWork work, std::function<void(HashingResult)> complete) {
    {
        std::lock_guard const lock(impl_->mutex);
        if (impl_->draining || impl_->queue.size() >= impl_->queue_bound) {
            return false;
        }
        impl_->queue.push_back({.work = std::move(work), .complete = std::move(complete)});
    }
    impl_->wake.notify_one();
    return true;
}

void PasswordHashing::drain() {
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

}  // namespace rastro::server
