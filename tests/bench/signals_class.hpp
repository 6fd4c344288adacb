// Class G: submissions while rules across cases are evaluated, against submissions without
// (domain/linked-cases.md 4.14: signals are not to slow the main work).
#pragma once

#include <cstddef>
#include <string>

#include "storage/db/connection.hpp"

namespace rastro::bench {

// Stored reports of suspected trafficking; pairs of them name the same recruiter, so that every
// look at one reads the other too.
class SignalCases {
 public:
    // `superuser`: writes as the instance's owner would.
    SignalCases(storage::ConnectionSettings superuser,
                std::string const& agency,
                std::size_t cases);

    void make_due();  // all are to be looked at
    void put_away();  // none is
    // How many have been looked at since make_due().
    [[nodiscard]] std::size_t looked_at();

 private:
    storage::Connection connection_;
    std::size_t cases_;
};

}  // namespace rastro::bench
