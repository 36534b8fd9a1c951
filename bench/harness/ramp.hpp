// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace bench {

struct ramp_settings {
    double from = 500;                   ///< calls a second
    std::optional<double> to;            ///< upper limit
    double factor = 1.5;                 ///< ratio of successive rates; must be > 1
    unsigned refine = 3;                 ///< rates tried between the last served and the first saturated one
    double least_part = 0.95;            ///< of the offered rate: less is saturated
    double most_errors = 0.01;           ///< part of the calls: more is saturated
    std::optional<nanoseconds> most_p99; ///< more is saturated
};

/// Sets `saturated` and `reason` of the step.
void judge(ramp_step& step, const ramp_settings& by);

/// Searches for the highest rate that is served: rises to saturation, then bisects. A saturated rate
/// is tried twice, because of noise; the better try counts. Pure.
class ramp {
public:
    explicit ramp(const ramp_settings& settings) : settings_(settings) {}

    /// The rate to try next; none: the search is over.
    [[nodiscard]] std::optional<double> next() const;
    /// The result of the last rate.
    void saw(ramp_step step);

    /// Highest rate that was served, if any.
    [[nodiscard]] std::optional<double> sustained() const noexcept { return good_; }
    [[nodiscard]] const std::vector<ramp_step>& steps() const noexcept { return steps_; }

private:
    ramp_settings settings_;
    std::optional<double> good_;
    std::optional<double> bad_;
    unsigned refined_ = 0;
    bool doubted_ = false; ///< the last rate is tried a second time
    std::vector<ramp_step> steps_;
};

} // namespace bench
