#include "storage/db/storage_error.hpp"

namespace rastro::storage {

StorageFault classify_sqlstate(std::string_view sqlstate) noexcept {
    if (sqlstate == "23505") {
        return StorageFault::unique_violation;
    }
    if (sqlstate.starts_with("23")) {
        return StorageFault::constraint;
    }
    if (sqlstate == "42501") {
        return StorageFault::refused;
    }
    if (sqlstate == "40001" || sqlstate == "40P01") {
        return StorageFault::retry;
    }
    if (sqlstate == "57014" || sqlstate == "55P03") {
        return StorageFault::timeout;
    }
    if (sqlstate.starts_with("08") || sqlstate.starts_with("57P") || sqlstate.starts_with("53") ||
        sqlstate.empty() || sqlstate == "     ") {
        return StorageFault::unavailable;
    }
    return StorageFault::bug;
}

Problem to_problem(StorageError const& error) {
    switch (error.fault()) {
        case StorageFault::unique_violation:
            return ProblemCode::conflict;
        case StorageFault::refused:
            return ProblemCode::not_found;
        case StorageFault::retry:
            return Problem(ProblemCode::overloaded).with_retry_after(1);
        case StorageFault::timeout:
            return Problem(ProblemCode::deadline_exceeded).with_retry_after(1);
        case StorageFault::unavailable:
            return Problem(ProblemCode::storage_unavailable).with_retry_after(2);
        case StorageFault::in_doubt:
            return Problem(ProblemCode::outcome_unknown).with_retry_after(1);
        case StorageFault::constraint:
        case StorageFault::bug:
            break;
    }
    return ProblemCode::internal_error;
}

}  // namespace rastro::storage
