// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/token_bucket.hpp"

#include <algorithm>
#include <cmath>

YUNHU_NAMESPACE_BEGIN
namespace engine {
namespace {

// Rounded up: the limit must not be exceeded.
std::chrono::nanoseconds interval_of(double per_second) {
    constexpr double longest = 1e18; // 30 years
    return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(std::ceil(1e9 / per_second), longest)));
}

} // namespace

token_bucket::token_bucket(double per_second, unsigned burst) : interval_(interval_of(per_second)), burst_(burst) {}

void token_bucket::enqueue(permit& t) {
    queue_.push_back(t);
    t.state_ = permit::state::waiting;
}

void token_bucket::release(permit& t) noexcept {
    if (t.state_ == permit::state::waiting) {
        queue_.erase(queue_.iterator_to(t));
    } else if (t.state_ == permit::state::granted) {
        --reserved_;
    }
    t.state_ = permit::state::none;
}

void token_bucket::consume(permit& t, time_point now) noexcept {
    release(t);
    full_at_ = later(std::max(full_at_, now), interval_);
}

permit* token_bucket::grant_next(time_point now) noexcept {
    const auto at = due();
    if (!at || *at > now) {
        return nullptr;
    }
    permit& t = queue_.front();
    queue_.pop_front();
    t.state_ = permit::state::granted;
    ++reserved_;
    return &t;
}

std::optional<time_point> token_bucket::due() const noexcept {
    if (queue_.empty() || reserved_ >= burst_) {
        return std::nullopt;
    }
    return when(reserved_ + 1);
}

time_point token_bucket::when(std::uint64_t tokens) const noexcept {
    // One token per interval, the last one at `full_at_`; none before the epoch of the clock.
    const std::uint64_t missing_then = burst_ - tokens;
    const std::chrono::nanoseconds room = full_at_.time_since_epoch();
    if (missing_then > static_cast<std::uint64_t>(room / interval_)) {
        return {};
    }
    return full_at_ - interval_ * static_cast<std::int64_t>(missing_then);
}

} // namespace engine
YUNHU_NAMESPACE_END
