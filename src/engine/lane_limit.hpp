// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>
#include <cstdint>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// A rate limit that all workers of a lane share (GCRA): one time stamp, kept by the store and changed in the
/// transaction of the claim, so that no two workers use the same permit. Pure. Times are of the store's clock, since
/// its epoch.
///
/// In any span of time t at most `burst + per_second * t` permits are reserved. A pause, after the service has asked
/// for one, holds for every worker.
struct lane_limit {
    double per_second = 0; ///< 0: unlimited
    std::uint32_t burst = 1;
    std::chrono::nanoseconds tat{};          ///< theoretical arrival time
    std::chrono::nanoseconds paused_until{}; ///< by `pause`

    struct permit {
        std::uint32_t count = 0;
        std::chrono::nanoseconds wait{}; ///< until the next one, when there is none
    };

    /// Reserves up to `wanted` permits.
    [[nodiscard]] permit reserve(std::uint32_t wanted, std::chrono::nanoseconds now) noexcept;
    /// Reserves none for so long; a longer pause stays.
    void pause(std::chrono::nanoseconds length, std::chrono::nanoseconds now) noexcept;
};

} // namespace engine
YUNHU_NAMESPACE_END
