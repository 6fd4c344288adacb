// Outcome<T>: a value, or the Problem that stood in its way. Never holds an exception.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>

#include "common/problem.hpp"

namespace rastro {

// Thrown only when somebody calls value() on a failed Outcome without looking first: a bug.
class UncheckedOutcome : public std::logic_error {
 public:
    explicit UncheckedOutcome(Problem problem)
        : std::logic_error("value() of a failed Outcome: " + std::string(problem.info().slug)),
          problem_(std::move(problem)) {}
    [[nodiscard]] Problem const& problem() const noexcept { return problem_; }

 private:
    Problem problem_;
};

[[noreturn]] inline void throw_exception_from_error(Problem const& problem,
                                                    boost::source_location const&) {
    throw UncheckedOutcome(problem);
}

template <class T>
using Outcome = boost::system::result<T, Problem>;

}  // namespace rastro

// RASTRO_TRY(name, expression): name = value of the expression, or return its Problem from this
// function.
#define RASTRO_TRY_JOIN2(a, b) a##b
#define RASTRO_TRY_JOIN(a, b) RASTRO_TRY_JOIN2(a, b)
#define RASTRO_TRY(name, ...)                                 \
    auto RASTRO_TRY_JOIN(outcome_, __LINE__) = (__VA_ARGS__); \
    if (!RASTRO_TRY_JOIN(outcome_, __LINE__)) {               \
        return RASTRO_TRY_JOIN(outcome_, __LINE__).error();   \
    }                                                         \
    auto name = std::move(RASTRO_TRY_JOIN(outcome_, __LINE__)).value()
#define RASTRO_CHECK(...)                                         \
    if (auto outcome_checked = (__VA_ARGS__); !outcome_checked) { \
        return outcome_checked.error();                           \
    }                                                             \
    static_cast<void>(0)
