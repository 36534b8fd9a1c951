// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>

YUNHU_NAMESPACE_BEGIN

/// When the library retries a call. Non-idempotent calls are retried only if they provably were not sent.
struct retry_config {
    retry_config() = default;

    /// Including the first one; 1: no retries. A request that provably was not sent, because its connection was stale,
    /// moves to a new connection once: it is still the first attempt.
    unsigned max_attempts = 3;
    std::chrono::nanoseconds base =
        std::chrono::milliseconds(50); ///< delay before the n-th retry: U(0, base * 2^(n-1))
    std::chrono::nanoseconds throttled_base = std::chrono::seconds(1); ///< the same after HTTP 429
    std::chrono::nanoseconds cap = std::chrono::seconds(20);           ///< longest delay
    double budget_ratio = 0.2;                                         ///< retries per successful call
    double budget_per_second = 10;                                     ///< additional retries per second
};

YUNHU_NAMESPACE_END
