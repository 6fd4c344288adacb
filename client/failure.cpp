#include "client/failure.hpp"

#include <stdexcept>

namespace rastro::client {

namespace {

std::string text_of(Problem const& problem) {
    std::string text(problem.info().title);
    if (!problem.detail().empty()) {
        text += ": " + problem.detail();
    }
    text += '\n';
    for (auto const& violation : problem.violations()) {
        text += "  " + violation.pointer + "  " + violation.code;
        for (auto const& param : violation.params) {
            text += " " + param;
        }
        text += '\n';
    }
    return text;
}

}  // namespace

Failure::Failure(Problem const& local) : code(ExitCode::local), text(text_of(local)) {}

Failure::Failure(ServerProblem said)
    : code(said.status >= 500 ? ExitCode::unavailable : ExitCode::refused),
      text(problem_text(said)),
      problem(std::move(said)) {}

void throw_exception_from_error(Failure const& failure, boost::source_location const&) {
    throw std::logic_error("value() of a failed Result: " + failure.text);
}

}  // namespace rastro::client
