// Faults of one request, collected so that all are told at once, and the place of each as a JSON
// Pointer (RFC 6901), written only when there is a fault to tell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/problem.hpp"

namespace rastro::protocol {

// More faults than this are not worth telling; further ones are counted as "there are faults" only.
inline constexpr std::size_t kMaxViolations = 100;

class Violations {
 public:
    void add(std::string pointer, std::string_view code, std::vector<std::string> params = {}) {
        if (all_.size() < kMaxViolations) {
            all_.push_back({std::move(pointer), std::string(code), std::move(params)});
        }
    }
    void add_all(std::vector<Violation> more) {
        for (auto& violation : more) {
            add(std::move(violation.pointer), violation.code, std::move(violation.params));
        }
    }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    [[nodiscard]] std::vector<Violation> const& all() const noexcept { return all_; }
    // validation_failed with everything collected; leaves this empty.
    [[nodiscard]] Problem take_problem() {
        return Problem(ProblemCode::validation_failed, std::exchange(all_, {}));
    }

 private:
    std::vector<Violation> all_;
};

// One reference token, with '~' and '/' escaped as RFC 6901 section 3 says, after a '/'.
void append_pointer_token(std::string& pointer, std::string_view name);

// Where a reader stands: a chain of names and indexes up to the root of the body. Lives on the
// stack of the reader; the parent must outlive it.
class Place {
 public:
    Place() = default;
    Place(Place const* parent, std::string_view name) noexcept : parent_(parent), name_(name) {}
    Place(Place const* parent, std::size_t index) noexcept
        : parent_(parent), index_(index), is_index_(true) {}

    [[nodiscard]] std::string pointer() const;
    [[nodiscard]] std::string pointer_to(std::string_view member) const;

 private:
    Place const* parent_ = nullptr;
    std::string_view name_;
    std::size_t index_ = 0;
    bool is_index_ = false;
};

}  // namespace rastro::protocol
