// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace bench {

/// Counts durations in buckets whose width grows with the value: exact below 256 ns, less than 0.8 % wide above, so
/// that every percentile of any number of calls is known with that error. (No Debian release has HdrHistogram_c.)
class histogram {
public:
    using duration = std::chrono::nanoseconds;

    /// Negative values count as 0.
    void record(duration value, std::uint64_t times = 1);
    void merge(const histogram& other);
    void clear();

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] duration min() const noexcept { return duration(count_ == 0 ? 0 : min_); }
    [[nodiscard]] duration max() const noexcept { return duration(max_); }
    [[nodiscard]] duration mean() const noexcept;
    /// The smallest recorded bound that covers `percent` of all values, in [0, 100]: never less than the exact
    /// percentile, and less than 0.8 % above it. 0 if nothing was recorded.
    [[nodiscard]] duration percentile(double percent) const;

    /// The counts as (bucket, count) in ascending order, with min, max and sum, for serialisation.
    struct contents {
        contents() = default;
        bool operator==(const contents&) const = default;

        std::vector<std::pair<std::size_t, std::uint64_t>> buckets;
        std::int64_t min = 0;
        std::int64_t max = 0;
        double sum = 0;
    };
    [[nodiscard]] contents get() const;
    /// Throws `std::invalid_argument` for an invalid bucket.
    [[nodiscard]] static histogram from(const contents& what);

    /// The largest value of a bucket.
    [[nodiscard]] static std::int64_t highest_in(std::size_t bucket) noexcept;
    [[nodiscard]] static std::size_t bucket_of(std::int64_t value) noexcept;

private:
    std::vector<std::uint64_t> counts_; ///< up to the bucket of the largest value
    std::uint64_t count_ = 0;
    std::int64_t min_ = 0;
    std::int64_t max_ = 0;
    double sum_ = 0;
};

} // namespace bench
