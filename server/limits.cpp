#include "server/limits.hpp"

#include <algorithm>
#include <cmath>

namespace rastro::server {

namespace {
constexpr std::size_t kManyBuckets = 50'000;
constexpr double kRounding = 1e-6;  // whoever waited as long as told is not sent away again
}  // namespace

RateLimiter::Answer RateLimiter::take(std::string const& who,
                                      std::chrono::steady_clock::time_point now) {
    if (rate_.count == 0) {
        return {};
    }
    double const per_second = rate_.count / std::chrono::duration<double>(rate_.period).count();
    std::lock_guard const lock(mutex_);
    if (buckets_.size() > kManyBuckets && now >= forget_at_) {
        forget_full_buckets(now);
        forget_at_ = now + rate_.period / 4;  // looking at all of them is dear
    }
    auto const [found, fresh] =
        buckets_.try_emplace(who, Bucket{static_cast<double>(rate_.count), now});
    auto& bucket = found->second;
    double const elapsed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens =
        std::min(static_cast<double>(rate_.count), bucket.tokens + elapsed * per_second);
    bucket.at = now;
    if (bucket.tokens < 1.0 - kRounding) {
        auto const wait = static_cast<unsigned>(std::ceil((1.0 - bucket.tokens) / per_second));
        return {.allowed = false, .retry_after_s = std::max(1U, wait), .remaining = 0};
    }
    bucket.tokens = std::max(0.0, bucket.tokens - 1.0);
    return {.allowed = true,
            .retry_after_s = 0,
            .remaining = static_cast<std::uint32_t>(bucket.tokens)};
}

void RateLimiter::forget_full_buckets(std::chrono::steady_clock::time_point now) {
    std::erase_if(buckets_,
                  [&](auto const& entry) { return now - entry.second.at > rate_.period; });
}

}  // namespace rastro::server
