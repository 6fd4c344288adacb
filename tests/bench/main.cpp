// Measures the work classes against the floors of the same machine in interleaved rounds
// (docs/performance.md). Environment:
//   RASTRO_BENCH_RESULTS   folder for results.json and results.txt; without it everything runs for
//                          a moment only and nothing is kept: a test that the bench works
//   RASTRO_BENCH_ROUNDS    turns over all rows (5)
//   RASTRO_BENCH_MS        length of one round in milliseconds (2000)
//   RASTRO_BENCH_PARTS     letters of the parts to run (SRLAQCG)
//   RASTRO_BENCH_SERIALS   descriptions that class Q searches (1000000)
//   RASTRO_BENCH_CASES     stored cases that class C reports on (100000)
//   RASTRO_BENCH_SET       KEY=VALUE, one setting of the server to try
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "storage/audit/integrator.hpp"
#include "tests/bench/audit_class.hpp"
#include "tests/bench/case_class.hpp"
#include "tests/bench/floor_runner.hpp"
#include "tests/bench/load_generator.hpp"
#include "tests/bench/process_usage.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/requests.hpp"
#include "tests/bench/serial_class.hpp"
#include "tests/bench/signals_class.hpp"
#include "tests/bench/stage.hpp"

namespace rastro::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kConnections = 32;
constexpr std::size_t kFloorClients = 8;
constexpr std::size_t kBatchWorkers = 2;
constexpr std::size_t kBatch = 64;
constexpr std::size_t kMostRequests = 60'000;  // of one round

std::string variable(char const* name, std::string fallback) {
    auto const* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::move(fallback) : std::string(value);
}

struct Plan {
    fs::path results = variable("RASTRO_BENCH_RESULTS", "");
    bool measures = !results.empty();
    int turns = std::stoi(variable("RASTRO_BENCH_ROUNDS", measures ? "5" : "1"));
    Bound bound{std::chrono::milliseconds(
                    std::stoi(variable("RASTRO_BENCH_MS", measures ? "2000" : "200"))),
                kMostRequests};
    std::string parts = variable("RASTRO_BENCH_PARTS", "SRLAQCG");
    std::size_t log_leaves = measures ? 1'000'000 : 2'000;
    std::size_t serials =
        std::stoul(variable("RASTRO_BENCH_SERIALS", measures ? "1000000" : "4000"));
    std::size_t cases = std::stoul(variable("RASTRO_BENCH_CASES", measures ? "100000" : "2000"));
    std::size_t signal_cases = measures ? 5'000 : 100;
    std::size_t new_leaves = measures ? 100'000 : 1'000;

    [[nodiscard]] bool has(char part) const { return parts.find(part) != std::string::npos; }
    [[nodiscard]] fs::path folder() const {
        return measures ? results : fs::path(variable("RASTRO_TEST_WORK", "/tmp"));
    }
};

storage::ConnectionSettings superuser(test_support::TestDatabase const& database) {
    auto settings = database.owner();
    settings.user = variable("RASTRO_TEST_PGSUPERUSER", settings.user);
    settings.password.clear();
    settings.statement_timeout = std::chrono::minutes(10);  // filling a stage takes its time
    return settings;
}

class Bench {
 public:
    explicit Bench(Plan const& plan)
        : plan_(plan),
          people_(make_people(database_, 1, 4)),
          server_(folder_.path(), database_),
          submits_(server_.port(), people_.asking_tokens) {
        storage::Connection connection(superuser(database_));
        auto const rows = connection.sql().run({"bench_backend", "select pg_backend_pid() as pid"});
        postmaster_ = parent_of(static_cast<pid_t>(rows.front().integer("pid")));
    }

    int run() {
        idle_figures();
        if (plan_.parts.find_first_of("SRLG") != std::string::npos) {
            fill();
            for (int turn = 0; turn < plan_.turns; ++turn) {
                one_turn();
            }
        }
        if (plan_.has('G')) {
            signal_rounds();
        }
        if (plan_.has('A')) {
            audit_figures();
        }
        if (plan_.has('Q')) {
            serial_figures();
        }
        if (plan_.has('C')) {
            case_figures();
        }
        report_.add({"server resident memory at the end",
                     static_cast<double>(resident_kib(server_.process())) / 1024,
                     "MiB",
                     ""});
        return finish();
    }

 private:
    // Around every round: what it cost the processes that it ran in.
    template <class Work>
    void measure(std::string const& row, Work const& work) {
        double const server = processor_seconds(server_.process());
        double const postgres = processor_seconds_with_children(postmaster_);
        auto round = work();
        round.server_s = processor_seconds(server_.process()) - server;
        round.postgres_s = processor_seconds_with_children(postmaster_) - postgres;
        std::printf("  %-44s %9.0f /s\n", row.c_str(), round.rate());
        std::fflush(stdout);
        report_.add(row, std::move(round));
    }

    void idle_figures() {
        report_.add({"from exec to ready", server_.wait_until_ready() * 1e3, "ms", "300"});
        std::this_thread::sleep_for(std::chrono::milliseconds(plan_.measures ? 2'000 : 50));
        report_.add({"idle server resident memory",
                     static_cast<double>(resident_kib(server_.process())) / 1024,
                     "MiB",
                     "60"});
    }

    // Requests that the reading classes read, and warm statements everywhere.
    void fill() {
        auto const submitted = submit({plan_.bound.time, 3'000});
        if (submitted.failed > 0) {
            throw std::runtime_error("a submission was not accepted: " + submitted.failure);
        }
        FloorIdentity identity(floor_cases_, people_.asked);
        Bound const warm{plan_.bound.time / 2, 2'000};
        static_cast<void>(runner(submit_statement(RowSet::stored, true), kBatchWorkers, kBatch)
                              .run(identity, warm, &floor_cases_));
        static_cast<void>(runner(submit_statement(RowSet::stored, false), kFloorClients, 1)
                              .run(identity, warm, &floor_cases_));
        // Plans as in a database that has run for a while.
        storage::Connection(superuser(database_)).run_script("analyze");
        storage::Connection(superuser(floor_database_)).run_script("analyze");
        static_cast<void>(read_status({plan_.bound.time / 2, 2'000}));
        settle();
    }

    void one_turn() {
        if (plan_.has('S')) {
            floor(
                "S floor, one by one", submit_statement(RowSet::defined, false), kFloorClients, 1);
            floor(
                "S floor, batched", submit_statement(RowSet::defined, true), kBatchWorkers, kBatch);
            floor("S floor, every stored row, one by one",
                  submit_statement(RowSet::stored, false),
                  kFloorClients,
                  1);
            floor("S floor, every stored row, batched",
                  submit_statement(RowSet::stored, true),
                  kBatchWorkers,
                  kBatch);
            measure("S rastrod", [&] { return submit(plan_.bound); });
            settle();
        }
        if (plan_.has('R')) {
            floor("R floor, one by one", status_statement(false), kFloorClients, 1);
            floor("R floor, batched", status_statement(true), kBatchWorkers, kBatch);
            measure("R rastrod", [&] { return read_status(plan_.bound); });
            settle();
        }
        if (plan_.has('L')) {
            floor("L floor, one by one", inbox_statement(), kFloorClients, 1);
            measure("L rastrod", [&] { return read_inbox(plan_.bound); });
            settle();
        }
    }

    FloorRunner runner(FloorStatement statement, std::size_t connections, std::size_t together) {
        return {superuser(floor_database_), std::move(statement), connections, together};
    }

    void floor(std::string const& row,
               FloorStatement statement,
               std::size_t connections,
               std::size_t together) {
        auto prepared = runner(std::move(statement), connections, together);
        FloorIdentity identity(floor_cases_, kFloorAsked);
        measure(row, [&] { return prepared.run(identity, plan_.bound); });
    }

    LoadPlan load() const {
        LoadPlan load;
        load.port = server_.port();
        load.authority_file = server_.authority_file();
        load.connections = kConnections;
        return load;
    }

    Round submit(Bound const& bound) {
        auto plan = load();
        plan.next = [&](std::size_t connection, std::string& out) {
            submits_.next(connection, out);
        };
        plan.accept = [&](int status, std::string_view body) {
            auto const id = case_id_in(body);
            if (!id.empty()) {
                cases_.emplace_back(id);
            }
            // Sent at once: anything else would be less work than the class asks for.
            return status == 201 && body.find(R"("state":"IN_PROGRESS")") != std::string_view::npos;
        };
        return run_load(plan, bound);
    }

    Round read_status(Bound const& bound) {
        auto plan = load();
        std::size_t count = 0;
        plan.next = [&](std::size_t connection, std::string& out) {
            auto const& id = cases_[++count * 7919 % cases_.size()];
            out = get_request(server_.port(),
                              people_.asking_tokens[connection % people_.asking_tokens.size()],
                              "/v1/trace-requests/" + id + "/status");
        };
        plan.accept = [](int status, std::string_view body) {
            return status == 200 && body.find(R"("legs":[{)") != std::string_view::npos;
        };
        return run_load(plan, bound);
    }

    Round read_inbox(Bound const& bound) {
        auto plan = load();
        auto const request = get_request(server_.port(), people_.asked_token, "/v1/inbox?limit=50");
        plan.next = [&](std::size_t, std::string& out) { out = request; };
        plan.accept = [](int status, std::string_view body) {
            return status == 200 && body.size() > 5'000;
        };
        return run_load(plan, bound);
    }

    // Work that the server does after the answers (delivering legs, placing leaves) ends before the
    // next round, so that no round pays for another. How long it took is told.
    void settle() {
        storage::Connection connection(superuser(database_));
        constexpr storage::Query kUndelivered{
            "bench_undelivered",
            "select exists (select 1 from rastro.leg where state = 'ROUTED') as some"};
        auto const start = Steady::now();
        while (since(start) < 120 && (connection.sql().run(kUndelivered).front().boolean("some") ||
                                      storage::oldest_unintegrated(connection))) {
            std::this_thread::sleep_for(std::chrono::milliseconds(250));
        }
        longest_settling_ = std::max(longest_settling_, since(start));
    }

    void audit_figures() {
        auto const verify = measure_verify(folder_.path(), plan_.log_leaves);
        auto const leaves = fmt::format("{} leaves of {} bytes", verify.leaves, verify.leaf_bytes);
        report_.add({"A hashing " + leaves + " with OpenSSL", verify.hash_s, "s", ""});
        report_.add({"A verifying the export, of that",
                     verify.verify_export_s / verify.hash_s,
                     "x",
                     "1.5"});
        report_.add({"A verifying tiles and entry bundles, of that",
                     verify.verify_tiles_s / verify.hash_s,
                     "x",
                     "1.5"});
        test_support::TestDatabase const database;
        auto const integration = measure_integration(database, plan_.new_leaves);
        report_.add({"A integration of new leaves",
                     static_cast<double>(integration.leaves) / integration.seconds,
                     "leaves/s",
                     "20000"});
    }

    // Last: its requests belong to the same agency as those of the other classes.
    void serial_figures() {
        auto const among = fmt::format("Q among {}: ", plan_.serials);
        for (auto const& speed : measure_serials({.owner = superuser(database_),
                                 .agency = people_.asking.front(),
                                 .token = people_.asking_tokens.front(),
                                 .descriptions = plan_.serials},
                                                 load(),
                                                 plan_.bound)) {
            report_.add({among + speed.kind + ", p50", speed.p50_ms, "ms", ""});
            report_.add({among + speed.kind + ", p99", speed.p99_ms, "ms", speed.goal_ms});
            report_.add({among + speed.kind + ", found", speed.recall, "%", ""});
            if (speed.failed > 0) {
                throw std::runtime_error("class Q: an answer was not as it must be: " + speed.kind);
            }
        }
    }

    // In pairs, the order of the two changing, so that neither always runs on the fuller database.
    void signal_rounds() {
        SignalCases cases(superuser(database_), people_.asking.front(), plan_.signal_cases);
        std::size_t looked_at = 0;
        for (int turn = 0; turn < plan_.turns; ++turn) {
            for (bool const with : {turn % 2 == 0, turn % 2 != 0}) {
                with ? cases.make_due() : cases.put_away();
                measure(with ? "G S while signals are evaluated" : "G S without",
                        [&] { return submit(plan_.bound); });
                looked_at += with ? cases.looked_at() : 0;
                cases.put_away();
                settle();
            }
        }
        compared_["G S while signals are evaluated"] = {"G S without"};
        report_.add({"G cases looked at in those rounds, goal of the ratio 0.95",
                     static_cast<double>(looked_at),
                     "cases",
                     ""});
    }

    void case_figures() {
        auto const speed = measure_cases({.owner = superuser(database_),
                                          .app = database_.app(),
                                          .agency = people_.asking.front(),
                                          .cases = plan_.cases});
        report_.add(
            {fmt::format("C definitions of {} types, parsed and checked", speed.definitions),
             speed.definitions_ms,
             "ms",
             "200"});
        report_.add({fmt::format("C Tables A, B, C among {} cases, facts", plan_.cases),
                     speed.facts_ms,
                     "ms",
                     ""});
        report_.add({"C the same, computing", speed.tables_ms, "ms", ""});
        report_.add({"C the same, in all", speed.facts_ms + speed.tables_ms, "ms", "1000"});
    }

    int finish() {
        for (char const* floor : {"S floor, one by one",
                                  "S floor, batched",
                                  "S floor, every stored row, one by one",
                                  "S floor, every stored row, batched"}) {
            compared_["S rastrod"].emplace_back(floor);
        }
        compared_["R rastrod"] = {"R floor, one by one", "R floor, batched"};
        compared_["L rastrod"] = {"L floor, one by one"};
        for (auto& [row, floors] : compared_) {
            report_.compare(row, floors);
        }
        report_.add({"longest work in the background after a round", longest_settling_, "s", ""});
        auto const table = report_.table();
        std::fputs(("\n" + table).c_str(), stdout);
        if (plan_.measures) {
            std::ofstream(plan_.results / "results.txt") << table;
            std::ofstream(plan_.results / "results.json") << report_.json();
        }
        if (report_.failed() > 0) {
            std::fprintf(stderr,
                         "bench: %zu answers were not as they must be; the first: %s\n",
                         report_.failed(),
                         report_.first_failure().c_str());
            return 1;
        }
        return 0;
    }

    // The agency that the rows of the floors name.
    static constexpr char const* kFloorAsked = "XB-BENCH-X";

    Plan const& plan_;
    test_support::TestDatabase database_;
    test_support::TestDatabase floor_database_;
    WorkFolder folder_{plan_.folder()};
    People people_;
    ServerProcess server_;
    SubmitRequests submits_;
    pid_t postmaster_ = 0;
    std::vector<std::string> cases_;
    std::vector<std::string> floor_cases_;
    Report report_;
    std::map<std::string, std::vector<std::string>> compared_;
    double longest_settling_ = 0;
};

}  // namespace

}  // namespace rastro::bench

int main() {
    try {
        rastro::bench::Plan const plan;
        return rastro::bench::Bench(plan).run();
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench: %s\n", error.what());
        return 1;
    }
}
