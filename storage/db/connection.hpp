// One PostgreSQL session, opened and owned through SOCI. Knows nothing of what a transaction means
// (unit_of_work does).
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "storage/db/sql.hpp"

namespace rastro::storage {

struct ConnectionSettings {
    std::string host;  // directory of the unix socket, or a host name
    unsigned port = 5432;
    std::string database;
    std::string user;
    std::string password;  // empty: peer or certificate
    std::string ssl_mode = "prefer";
    std::chrono::milliseconds statement_timeout{10'000};
    std::chrono::milliseconds lock_timeout{5'000};
    std::string application_name = "rastrod";
};

class Connection {
 public:
    explicit Connection(ConnectionSettings settings);  // opens; throws StorageError(unavailable)
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;
    ~Connection();

    [[nodiscard]] Sql sql() { return Sql(*this); }
    // False once the link is lost; then only reopen() helps.
    [[nodiscard]] bool is_usable() const noexcept;
    void reopen();

    void begin();
    void rollback() noexcept;
    // COMMIT, checked: an aborted transaction or a lost link is an error (StorageFault::in_doubt
    // when the answer to COMMIT was lost), never a silent success.
    void commit();
    [[nodiscard]] bool in_transaction() const noexcept;
    // Runs text of any number of statements without parameters: migrations and test fixtures only.
    void run_script(std::string_view script);

 private:
    friend class Sql;
    struct Session;
    std::unique_ptr<Session> session_;
    ConnectionSettings settings_;
};

}  // namespace rastro::storage
