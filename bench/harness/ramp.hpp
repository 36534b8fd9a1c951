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
    std::optional<double> to;            ///< no further than this
    double factor = 1.5;                 ///< from one rate to the next, above 1
    unsigned refine = 3;                 ///< rates tried between the last that went well and the first that did not
    double least_part = 0.95;            ///< of the offered rate: less is saturated
    double most_errors = 0.01;           ///< part of the calls: more is saturated
    std::optional<nanoseconds> most_p99; ///< more is saturated
};

/// Says in `step` whether the rate was more than could be served, and why.
void judge(ramp_step& step, const ramp_settings& by);

/// Looks for the highest rate that is served: rises until one is not, then halves the gap. A rate that was not served
/// is tried a second time, for other programs disturb; the better of the two counts. Pure.
class ramp {
public:
    explicit ramp(const ramp_settings& settings) : settings_(settings) {}

    /// The rate to try next; none: the search is over.
    [[nodiscard]] std::optional<double> next() const;
    /// What came of the last one.
    void saw(ramp_step step);

    /// Highest rate that was served; none: not even the first.
    [[nodiscard]] std::optional<double> sustained() const noexcept { return good_; }
    [[nodiscard]] const std::vector<ramp_step>& steps() const noexcept { return steps_; }

private:
    ramp_settings settings_;
    std::optional<double> good_;
    std::optional<double> bad_;
    unsigned refined_ = 0;
    bool doubted_ = false; ///< the last step is to be tried again
    std::vector<ramp_step> steps_;
};

} // namespace bench
