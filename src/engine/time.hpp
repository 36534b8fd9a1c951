// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

/// `from + by`, saturated at `time_point::max()`: a timeout of `duration::max` must not wrap.
[[nodiscard]] inline time_point later(time_point from, std::chrono::nanoseconds by) noexcept {
    return by > time_point::max() - from ? time_point::max() : from + by;
}

/// One reading of both clocks. Connections also age while the machine is suspended, when the steady clock may stop.
struct clock_reading {
    time_point steady;
    std::chrono::system_clock::time_point wall;
};

} // namespace engine
YUNHU_NAMESPACE_END
