// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "arrivals.hpp"

#include <cmath>

namespace bench {

arrivals::arrivals(arrival_kind kind, double rate, std::uint64_t seed)
    : kind_(kind), mean_gap_(1e9 / rate), random_(seed) {}

std::chrono::nanoseconds arrivals::next() {
    if (kind_ == arrival_kind::constant) { // multiplied, so that rounding errors do not accumulate
        return std::chrono::nanoseconds(std::llround(mean_gap_ * static_cast<double>(made_++)));
    }
    at_ -= mean_gap_ * std::log1p(-to_unit(random_())); // an exponential gap
    return std::chrono::nanoseconds(std::llround(at_));
}

} // namespace bench
