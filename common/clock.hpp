// Time as the server sees it: UTC with microseconds, from an injected source so that tests can move
// it.
#pragma once

#include <chrono>

namespace rastro {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Date = std::chrono::year_month_day;

class Clock {
 public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
    [[nodiscard]] Instant now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now());
    }
};

// For tests: stands still until moved.
class ManualClock final : public Clock {
 public:
    explicit ManualClock(Instant start) : now_(start) {}
    [[nodiscard]] Instant now() const override { return now_; }
    void advance(std::chrono::microseconds by) { now_ += by; }
    void set(Instant to) { now_ = to; }

 private:
    Instant now_;
};

}  // namespace rastro
