// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

namespace bench {
namespace {

using ns = std::chrono::nanoseconds;

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

TEST(histogram, buckets_follow_each_other_without_a_gap) {
    std::size_t bucket = 0;
    for (std::int64_t value = 0; value < 100'000; ++value) {
        const std::size_t b = histogram::bucket_of(value);
        ASSERT_TRUE(b == bucket || b == bucket + 1) << value;
        bucket = b;
        ASSERT_GE(histogram::highest_in(b), value);
        ASSERT_EQ(histogram::bucket_of(histogram::highest_in(b)), b);
        ASSERT_EQ(histogram::bucket_of(histogram::highest_in(b) + 1), b + 1);
    }
}

TEST(histogram, error_is_below_0_8_percent_at_any_size) {
    for (std::int64_t value = 1; value < largest / 3; value = value * 3 + 1) {
        const auto high = static_cast<double>(histogram::highest_in(histogram::bucket_of(value)));
        EXPECT_LE(high / static_cast<double>(value), 1.008) << value;
    }
    EXPECT_EQ(histogram::highest_in(histogram::bucket_of(largest)), largest);
}

TEST(histogram, empty) {
    const histogram h;
    EXPECT_EQ(h.count(), 0U);
    EXPECT_EQ(h.percentile(50), ns(0));
    EXPECT_EQ(h.max(), ns(0));
    EXPECT_EQ(h.mean(), ns(0));
}

TEST(histogram, small_numbers_are_exact) {
    histogram h;
    for (int i = 1; i <= 100; ++i) {
        h.record(ns(i));
    }
    EXPECT_EQ(h.percentile(0), ns(1));
    EXPECT_EQ(h.percentile(1), ns(1));
    EXPECT_EQ(h.percentile(50), ns(50));
    EXPECT_EQ(h.percentile(99), ns(99));
    EXPECT_EQ(h.percentile(99.1), ns(100));
    EXPECT_EQ(h.percentile(100), ns(100));
    EXPECT_EQ(h.min(), ns(1));
    EXPECT_EQ(h.max(), ns(100));
    EXPECT_EQ(h.mean(), ns(50));
}

// 99.9 % of 1000 is the 999th: floating point must not make it the 1000th.
TEST(histogram, ranks_are_whole) {
    histogram h;
    h.record(ns(1), 999);
    h.record(ns(200));
    EXPECT_EQ(h.percentile(99.9), ns(1));
    EXPECT_EQ(h.percentile(99.91), ns(200));
}

TEST(histogram, negative_values_count_as_zero) {
    histogram h;
    h.record(ns(-5));
    EXPECT_EQ(h.max(), ns(0));
    EXPECT_EQ(h.count(), 1U);
}

// Compared with the sorted values.
TEST(histogram, percentiles_of_many_values) {
    std::mt19937_64 random(7);
    std::vector<std::int64_t> values;
    histogram h;
    for (int i = 0; i < 50'000; ++i) {
        const double unit = static_cast<double>(random() >> 11U) * 0x1.0p-53;
        values.push_back(static_cast<std::int64_t>(std::pow(10, 2 + 8 * unit)));
        h.record(ns(values.back()));
    }
    std::sort(values.begin(), values.end());
    for (const double p : {1.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(p / 100 * static_cast<double>(values.size()) - 1e-6));
        const auto exact = static_cast<double>(values[rank - 1]);
        const auto reported = static_cast<double>(h.percentile(p).count());
        EXPECT_GE(reported, exact) << p;
        EXPECT_LE(reported, exact * 1.008) << p;
    }
}

TEST(histogram, merged_is_like_recorded_in_one) {
    histogram a;
    histogram b;
    histogram both;
    for (int i = 0; i < 1000; ++i) {
        const ns value(i * i * 37);
        (i % 3 == 0 ? a : b).record(value);
        both.record(value);
    }
    a.merge(b);
    a.merge(histogram());
    EXPECT_EQ(a.get(), both.get());
    histogram none;
    none.merge(both);
    EXPECT_EQ(none.get(), both.get());
}

TEST(histogram, round_trip) {
    histogram h;
    for (int i = 0; i < 1000; ++i) {
        h.record(ns(i * 1'000'003));
    }
    const histogram again = histogram::from(h.get());
    EXPECT_EQ(again.get(), h.get());
    EXPECT_EQ(again.count(), h.count());
    EXPECT_EQ(again.percentile(99.9), h.percentile(99.9));

    histogram::contents bad;
    bad.buckets.emplace_back(1'000'000'000, 1);
    EXPECT_THROW((void)histogram::from(bad), std::invalid_argument);
}

TEST(histogram, cleared) {
    histogram h;
    h.record(ns(12345));
    h.clear();
    EXPECT_EQ(h.count(), 0U);
    h.record(ns(5));
    EXPECT_EQ(h.percentile(100), ns(5));
    EXPECT_EQ(h.min(), ns(5));
}

} // namespace
} // namespace bench
