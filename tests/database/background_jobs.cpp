// The server's own work between requests keeps to its share of the time.
#include "server/jobs/background.hpp"

#include <doctest/doctest.h>

#include "tests/support/test_database.hpp"

using namespace rastro;

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto kStep = milliseconds(10);

struct Count {
    int steps = 0;
    steady_clock::duration elapsed{};
};

// A job that always has more to do, and is woken all the time, until it has been told to stop.
Count run_for(storage::ConnectionSettings const& link, int share, milliseconds time) {
    std::atomic<int> steps{0};
    server::BackgroundJobs jobs(link);
    server::Job job{.name = "busy",
                    .interval = std::chrono::seconds(60),
                    .step =
                        [&](storage::Connection&) {
                            std::this_thread::sleep_for(kStep);
                            ++steps;
                            return true;
                        },
                    .share = share};
    jobs.add("busy", std::move(job));
    auto const began = steady_clock::now();
    jobs.start();
    while (steady_clock::now() - began < time) {
        jobs.wake("busy");
        std::this_thread::sleep_for(milliseconds(1));
    }
    jobs.stop();
    return {steps, steady_clock::now() - began};
}

}  // namespace

TEST_CASE("a job rests after each step as long as its share asks for, woken or not") {
    test_support::TestDatabase const database;
    auto const resting = run_for(database.app(), 10, milliseconds(500));
    CHECK(resting.steps >= 1);
    // Every step but the last is followed by nine times its own length.
    CHECK((resting.steps - 1) * 10 * kStep <= resting.elapsed);
    auto const busy = run_for(database.app(), 100, milliseconds(500));
    CHECK(busy.steps > resting.steps);
}
