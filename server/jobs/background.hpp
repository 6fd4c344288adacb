// The server's own work between requests: one thread per kind, each with a connection of its own,
// so that a slow one delays no other and none takes a request's worker. Several servers may run the
// same jobs on one database: each job takes its own lock or lease.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/clock.hpp"
#include "config/settings.hpp"
#include "storage/db/connection.hpp"

namespace rastro::server {

// One kind of work. step(connection) does a bounded amount and returns true if there is more to do
// at once; it may throw (StorageError and others): the thread logs it, waits, and goes on with a
// fresh connection if the old one is gone.
struct Job {
    std::string name;
    config::Duration interval;
    std::function<bool(storage::Connection&)> step;
    // Of the time at most this much, in per cent: after a step that took long the job rests, even
    // if there is more to do or it is woken, so that requests keep the processors.
    int share = 100;
};

class BackgroundJobs {
 public:
    explicit BackgroundJobs(storage::ConnectionSettings connection);
    ~BackgroundJobs();  // stops

    // All jobs added before start() in one group share a thread.
    void add(std::string const& group, Job job);
    void start();
    // Wakes a group before its interval is over: there is fresh work. Thread-safe, cheap.
    void wake(std::string const& group);
    // Finishes the running steps and joins.
    void stop();

    // Steps that failed since start, all groups.
    [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }

 private:
    struct Group;
    void run(Group& group);
    storage::ConnectionSettings connection_;
    std::vector<std::unique_ptr<Group>> groups_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> failures_{0};
};

}  // namespace rastro::server
