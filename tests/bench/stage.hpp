// What the classes are measured on: a database with agencies, people and sessions, and a rastrod of
// its own on it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/test_database.hpp"

namespace rastro::bench {

// A folder for certificates, settings and audit files, removed at the end.
class WorkFolder {
 public:
    explicit WorkFolder(std::filesystem::path const& parent);
    ~WorkFolder();
    WorkFolder(WorkFolder const&) = delete;
    WorkFolder& operator=(WorkFolder const&) = delete;
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

 private:
    std::filesystem::path path_;
};

// Who takes part. Requests of an asking agency to country XB are approved by rule and routed to
// `asked`.
struct People {
    std::vector<std::string> asking;         // agencies of XA
    std::string asked;                       // agency of XB
    std::vector<std::string> asking_tokens;  // sessions of asking users, agency after agency
    std::string asked_token;                 // session of an analyst of `asked`
};
// `sessions` of different persons in each asking agency. Written as the instance's owner would.
[[nodiscard]] People make_people(test_support::TestDatabase const& database,
                                 std::size_t asking_agencies,
                                 std::size_t sessions);

// A server process. The destructor stops it in order, or ends it if it does not stop.
class ServerProcess {
 public:
    ServerProcess(std::filesystem::path const& folder, test_support::TestDatabase const& database);
    ~ServerProcess();
    ServerProcess(ServerProcess const&) = delete;
    ServerProcess& operator=(ServerProcess const&) = delete;

    // From exec until it says that it is ready; throws std::runtime_error after 20 s.
    double wait_until_ready();
    [[nodiscard]] pid_t process() const noexcept { return process_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string authority_file() const;

 private:
    std::filesystem::path folder_;
    std::uint16_t port_;
    pid_t process_ = -1;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace rastro::bench
