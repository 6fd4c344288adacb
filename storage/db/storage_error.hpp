// What the database said no with, by SQLSTATE (PostgreSQL 15 appendix A). what() holds the query's
// name, the SQLSTATE and the constraint, never SQL text, bound values or server detail: those may
// hold serial numbers and names.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/problem.hpp"

namespace rastro::storage {

enum class StorageFault : std::uint8_t {
    unique_violation,  // 23505
    constraint,        // other 23xxx: a rule that must survive a bug
    refused,           // 42501: grants or row-level security
    retry,             // 40001, 40P01: run the whole unit of work again
    timeout,           // 57014, 55P03
    unavailable,       // 08xxx, 57P0x, 53xxx: connection lost, server stopping, no resources
    in_doubt,          // the connection was lost during COMMIT: it may or may not have happened
    bug,               // everything else
};

class StorageError : public std::runtime_error {
 public:
    StorageError(StorageFault fault,
                 std::string sqlstate,
                 std::string constraint,
                 std::string_view query)
        : std::runtime_error("query " + std::string(query) + " failed: SQLSTATE " + sqlstate +
                             (constraint.empty() ? "" : ", constraint " + constraint)),
          fault_(fault),
          sqlstate_(std::move(sqlstate)),
          constraint_(std::move(constraint)) {}

    [[nodiscard]] StorageFault fault() const noexcept { return fault_; }
    [[nodiscard]] std::string const& sqlstate() const noexcept { return sqlstate_; }
    [[nodiscard]] std::string const& constraint() const noexcept { return constraint_; }

 private:
    StorageFault fault_;
    std::string sqlstate_;
    std::string constraint_;
};

[[nodiscard]] StorageFault classify_sqlstate(std::string_view sqlstate) noexcept;
// The Problem a caller gets for a fault that no rule turned into something better.
[[nodiscard]] Problem to_problem(StorageError const& error);

}  // namespace rastro::storage
