#include "server/jobs/background.hpp"

#include <pthread.h>

#include <algorithm>

#include "common/log.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::server {

using SteadyClock = std::chrono::steady_clock;

namespace {

// How long a job rests after a step that took that long, to keep to its share.
SteadyClock::duration rest_after(SteadyClock::duration step, int share) {
    return step * (100 - share) / share;
}

}  // namespace

struct BackgroundJobs::Group {
    struct Entry {
        Job job;
        SteadyClock::time_point due;
        SteadyClock::time_point rests_until{};
    };
    std::string name;
    std::vector<Entry> entries;
    std::mutex mutex;
    std::condition_variable wake;
    bool woken = false;
    std::thread thread;
};

BackgroundJobs::BackgroundJobs(storage::ConnectionSettings connection)
    : connection_(std::move(connection)) {
    connection_.application_name = "rastrod-jobs";
}

BackgroundJobs::~BackgroundJobs() {
    stop();
}

void BackgroundJobs::add(std::string const& group, Job job) {
    auto found = std::ranges::find_if(groups_, [&](auto const& g) { return g->name == group; });
    if (found == groups_.end()) {
        groups_.push_back(std::make_unique<Group>());
        groups_.back()->name = group;
        found = std::prev(groups_.end());
    }
    (*found)->entries.push_back({std::move(job), SteadyClock::now()});
}

void BackgroundJobs::start() {
    for (auto& group : groups_) {
        group->thread = std::thread([this, &group] { run(*group); });
    }
}

void BackgroundJobs::wake(std::string const& group) {
    for (auto& candidate : groups_) {
        if (candidate->name == group) {
            {
                std::lock_guard const lock(candidate->mutex);
                candidate->woken = true;
            }
            candidate->wake.notify_one();
        }
    }
}

void BackgroundJobs::stop() {
    stopping_ = true;
    for (auto& group : groups_) {
        {
            std::lock_guard const lock(group->mutex);
            group->woken = true;
        }
        group->wake.notify_one();
    }
    for (auto& group : groups_) {
        if (group->thread.joinable()) {
            group->thread.join();
        }
    }
}

void BackgroundJobs::run(Group& group) {
    pthread_setname_np(pthread_self(), ("rastro-" + group.name).substr(0, 15).c_str());
    std::unique_ptr<storage::Connection> connection;
    bool woken = false;
    while (!stopping_) {
        for (auto& entry : group.entries) {
            auto const began = SteadyClock::now();
            if (stopping_ || began < entry.rests_until || (!woken && began < entry.due)) {
                continue;
            }
            auto next = entry.job.interval;
            try {
                if (!connection) {
                    connection = std::make_unique<storage::Connection>(connection_);
                } else if (!connection->is_usable()) {
                    connection->reopen();
                }
                if (entry.job.step(*connection)) {
                    next = config::Duration{0};
                }
            } catch (...) {
                failures_.fetch_add(1, std::memory_order_relaxed);
                static_cast<void>(storage::problem_of_current_exception(entry.job.name));
                if (connection) {
                    connection->rollback();
                }
                next = std::max(next, config::Duration{500});
            }
            auto const ended = SteadyClock::now();
            entry.rests_until = ended + rest_after(ended - began, entry.job.share);
            entry.due = std::max(ended + next, entry.rests_until);
        }
        auto const earliest =
            std::ranges::min_element(group.entries, {}, [](auto const& e) { return e.due; });
        std::unique_lock lock(group.mutex);
        group.wake.wait_until(lock, earliest->due, [&] { return group.woken || stopping_; });
        woken = std::exchange(group.woken, false);
    }
}

}  // namespace rastro::server
