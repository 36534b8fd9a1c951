// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "ramp.hpp"

#include "units.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bench {

void judge(ramp_step& step, const ramp_settings& by) {
    step.reason.clear();
    if (step.rate < by.least_part * step.offered) {
        step.reason = "served " + human(step.rate) + "/s";
    } else if (static_cast<double>(step.failed) > by.most_errors * static_cast<double>(step.calls)) {
        step.reason = std::to_string(step.failed) + " errors";
    } else if (by.most_p99 && step.p99 > *by.most_p99) {
        step.reason = "p99 " + human(step.p99);
    }
    step.saturated = !step.reason.empty();
}

std::optional<double> ramp::next() const {
    if (doubted_) {
        return steps_.back().offered;
    }
    if (!bad_) {
        if (!good_) {
            return settings_.from;
        }
        const double higher = *good_ * settings_.factor;
        if (!settings_.to) {
            return higher;
        }
        return *good_ < *settings_.to ? std::optional(std::min(higher, *settings_.to)) : std::nullopt;
    }
    if (!good_ || refined_ >= settings_.refine) {
        return std::nullopt;
    }
    return std::sqrt(*good_ * *bad_);
}

void ramp::saw(ramp_step step) {
    if (!std::exchange(doubted_, false)) {
        doubted_ = step.saturated;
        steps_.push_back(std::move(step));
    } else if (!step.saturated) {
        steps_.back() = std::move(step);
    }
    if (!doubted_) {
        const ramp_step& last = steps_.back();
        refined_ += bad_ ? 1 : 0;
        (last.saturated ? bad_ : good_) = last.offered;
    }
}

} // namespace bench
