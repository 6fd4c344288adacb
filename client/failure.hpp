// Why a command did not succeed: what to print, what to end with and, if the server said it, the
// problem document itself. Result<T> is a value or such a failure; it works with RASTRO_TRY.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "client/exit_codes.hpp"
#include "client/problem_view.hpp"
#include "common/outcome.hpp"

namespace rastro::client {

struct Failure {
    ExitCode code = ExitCode::refused;
    std::string text;  // complete lines for standard error
    std::optional<ServerProblem> problem;

    Failure() = default;  // what a successful Result::error() gives
    Failure(ExitCode exit_code, std::string message) : code(exit_code), text(std::move(message)) {}
    // Of the own libraries: what their Problem says, as a failure of this machine.
    Failure(Problem const& local);  // NOLINT: implicit by design, RASTRO_TRY converts
    explicit Failure(ServerProblem said);
};

[[noreturn]] void throw_exception_from_error(Failure const& failure, boost::source_location const&);

template <class T>
using Result = boost::system::result<T, Failure>;

}  // namespace rastro::client
