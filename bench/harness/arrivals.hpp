// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace bench {

enum class arrival_kind : std::uint8_t { constant, poisson };

/// Uniform in [0, 1), the same from every standard library (`std::uniform_real_distribution` is not).
[[nodiscard]] inline double to_unit(std::uint64_t bits) noexcept {
    return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

/// Arrival times of an open loop, relative to its start; the same for the same seed.
class arrivals {
public:
    /// `rate`: calls per second; must be > 0.
    arrivals(arrival_kind kind, double rate, std::uint64_t seed);

    [[nodiscard]] std::chrono::nanoseconds next();

private:
    arrival_kind kind_;
    double mean_gap_; ///< ns
    double at_ = 0;   ///< ns; of the next arrival
    std::uint64_t made_ = 0;
    std::mt19937_64 random_;
};

} // namespace bench
