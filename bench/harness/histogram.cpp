// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

// Buckets per doubling of the value; below twice that number, each bucket is one value.
constexpr unsigned bits = 7;
constexpr std::size_t per_doubling = 1U << bits;
constexpr std::size_t most_buckets = (63 - bits) * per_doubling + per_doubling; // of 63 bits

} // namespace

std::size_t histogram::bucket_of(std::int64_t value) noexcept {
    const auto v = static_cast<std::uint64_t>(value);
    if (v < 2 * per_doubling) {
        return static_cast<std::size_t>(v);
    }
    const auto shift = static_cast<std::size_t>(std::bit_width(v)) - bits - 1;
    return shift * per_doubling + static_cast<std::size_t>(v >> shift);
}

std::int64_t histogram::highest_in(std::size_t bucket) noexcept {
    if (bucket < 2 * per_doubling) {
        return static_cast<std::int64_t>(bucket);
    }
    const std::size_t shift = bucket / per_doubling - 1;
    const std::uint64_t leading = bucket - shift * per_doubling;
    return static_cast<std::int64_t>(((leading + 1) << shift) - 1);
}

void histogram::record(duration value, std::uint64_t times) {
    if (times == 0) {
        return;
    }
    const std::int64_t v = std::max<std::int64_t>(value.count(), 0);
    const std::size_t bucket = bucket_of(v);
    if (counts_.size() <= bucket) {
        counts_.resize(bucket + 1);
    }
    counts_[bucket] += times;
    min_ = count_ == 0 ? v : std::min(min_, v);
    max_ = std::max(max_, v);
    count_ += times;
    sum_ += static_cast<double>(v) * static_cast<double>(times);
}

void histogram::merge(const histogram& other) {
    if (other.count_ == 0) {
        return;
    }
    if (counts_.size() < other.counts_.size()) {
        counts_.resize(other.counts_.size());
    }
    for (std::size_t i = 0; i < other.counts_.size(); ++i) {
        counts_[i] += other.counts_[i];
    }
    min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    count_ += other.count_;
    sum_ += other.sum_;
}

void histogram::clear() {
    std::fill(counts_.begin(), counts_.end(), 0);
    count_ = 0;
    min_ = 0;
    max_ = 0;
    sum_ = 0;
}

histogram::duration histogram::mean() const noexcept {
    return duration(count_ == 0 ? 0 : static_cast<std::int64_t>(sum_ / static_cast<double>(count_)));
}

histogram::duration histogram::percentile(double percent) const {
    if (count_ == 0) {
        return {};
    }
    // Compensates the rounding error of 99.9 / 100 * 1000.
    const double exact = percent / 100 * static_cast<double>(count_);
    const double rank = std::clamp(std::ceil(exact - 1e-9 * exact), 1.0, static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        seen += counts_[i];
        if (static_cast<double>(seen) >= rank) {
            return duration(std::min(highest_in(i), max_));
        }
    }
    return duration(max_);
}

histogram::contents histogram::get() const {
    contents c;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        if (counts_[i] != 0) {
            c.buckets.emplace_back(i, counts_[i]);
        }
    }
    c.min = min_;
    c.max = max_;
    c.sum = sum_;
    return c;
}

histogram histogram::from(const contents& what) {
    histogram h;
    for (const auto& [bucket, count] : what.buckets) {
        if (bucket >= most_buckets) {
            throw std::invalid_argument("a histogram has no bucket " + std::to_string(bucket));
        }
        if (h.counts_.size() <= bucket) {
            h.counts_.resize(bucket + 1);
        }
        h.counts_[bucket] += count;
        h.count_ += count;
    }
    h.min_ = what.min;
    h.max_ = what.max;
    h.sum_ = what.sum;
    return h;
}

} // namespace bench
