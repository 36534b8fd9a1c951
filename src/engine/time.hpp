// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

/// `from + by` that stops at the end of time instead of wrapping: a time-out of `duration::max` is a long one.
[[nodiscard]] inline time_point later(time_point from, std::chrono::nanoseconds by) noexcept {
    return by > time_point::max() - from ? time_point::max() : from + by;
}

/// Both clocks: the steady one may stand still while the machine sleeps, and connections age all the same.
struct moment {
    time_point steady;
    std::chrono::system_clock::time_point wall;
};

} // namespace engine
YUNHU_NAMESPACE_END
