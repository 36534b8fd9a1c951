// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/lane_limit.hpp"

#include <algorithm>
#include <cmath>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using std::chrono::nanoseconds;

namespace {

// Rounded up: never faster than the limit.
nanoseconds interval_of(double per_second) noexcept {
    constexpr double longest = 1e15; // some 11 days: `burst` of them don't overflow
    return nanoseconds(static_cast<std::int64_t>(std::ceil(std::min(1e9 / per_second, longest))));
}

} // namespace

lane_limit::permit lane_limit::reserve(std::uint32_t wanted, nanoseconds now) noexcept {
    permit given;
    if (now < paused_until) {
        given.wait = paused_until - now;
        return given;
    }
    if (per_second <= 0) {
        given.count = wanted;
        return given;
    }
    const nanoseconds interval = interval_of(per_second);
    const nanoseconds tolerance = interval * std::max<std::uint32_t>(burst, 1);
    // A clock that was set back must not stop the lane for as long.
    const nanoseconds from = std::clamp(tat, now, now + tolerance + std::chrono::seconds(1));
    if (from + interval > now + tolerance) {
        tat = from;
        given.wait = from + interval - now - tolerance;
        return given;
    }
    const auto there = static_cast<std::uint64_t>((now + tolerance - from) / interval);
    given.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(there, wanted));
    tat = from + interval * given.count;
    return given;
}

void lane_limit::pause(nanoseconds length, nanoseconds now) noexcept {
    paused_until = std::max(paused_until, now + length);
}

} // namespace engine
YUNHU_NAMESPACE_END
