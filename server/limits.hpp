// Rate limits: token buckets by address and by actor, in this process. They protect this process
// from floods; limits that must hold across servers (sign-in failures) are kept in the database.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "config/settings.hpp"

namespace rastro::server {

class RateLimiter {
 public:
    explicit RateLimiter(config::Rate rate) : rate_(rate) {}

    struct Answer {
        bool allowed = true;
        unsigned retry_after_s = 0;
        std::uint32_t remaining = 0;
    };
    [[nodiscard]] Answer take(std::string const& who, std::chrono::steady_clock::time_point now);
    [[nodiscard]] config::Rate rate() const noexcept { return rate_; }

 private:
    struct Bucket {
        double tokens = 0;
        std::chrono::steady_clock::time_point at;
    };
    void forget_full_buckets(std::chrono::steady_clock::time_point now);
    config::Rate rate_;
    std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    std::chrono::steady_clock::time_point forget_at_{};
};

}  // namespace rastro::server
