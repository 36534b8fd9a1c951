// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/lane_limit.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace yunhu::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

lane_limit limit_of(double per_second, std::uint32_t burst) {
    lane_limit l;
    l.per_second = per_second;
    l.burst = burst;
    return l;
}

TEST(lane_limit, unlimited_without_a_rate) {
    lane_limit l;
    EXPECT_EQ(l.reserve(1000, 1h).count, 1000U);
    EXPECT_EQ(l.reserve(1000, 1h).count, 1000U);
}

TEST(lane_limit, a_burst_and_then_the_rate) {
    lane_limit l = limit_of(10, 5);
    nanoseconds now = 1h;
    EXPECT_EQ(l.reserve(50, now).count, 5U);
    const lane_limit::permit none = l.reserve(50, now);
    EXPECT_EQ(none.count, 0U);
    EXPECT_EQ(none.wait, 100ms);
    EXPECT_EQ(l.reserve(50, now + none.wait - 1ns).count, 0U);
    EXPECT_EQ(l.reserve(50, now + none.wait).count, 1U);
    now += 10s;
    EXPECT_EQ(l.reserve(3, now).count, 3U) << "no more than wanted";
    EXPECT_EQ(l.reserve(50, now).count, 2U) << "and no more than a burst after a long rest";
}

TEST(lane_limit, a_clock_that_was_set_back_stops_it_for_a_second_only) {
    lane_limit l = limit_of(10, 2);
    EXPECT_EQ(l.reserve(2, 100h).count, 2U);
    const lane_limit::permit p = l.reserve(1, 1h);
    EXPECT_EQ(p.count, 0U);
    EXPECT_LE(p.wait, 1s + 100ms);
    EXPECT_EQ(l.reserve(1, 1h + p.wait).count, 1U);
}

TEST(lane_limit, a_pause_holds_and_the_longer_one_stays) {
    lane_limit l = limit_of(1000, 10);
    l.pause(10s, 1h);
    l.pause(1s, 1h);
    EXPECT_EQ(l.reserve(1, 1h + 9s).count, 0U);
    EXPECT_EQ(l.reserve(1, 1h + 9s).wait, 1s);
    EXPECT_EQ(l.reserve(1, 1h + 10s).count, 1U);
}

// In any span at most burst + rate * t, whatever is asked for and whenever.
TEST(lane_limit, never_above_the_limit_in_any_span) {
    for (unsigned seed = 0; seed < 50; ++seed) {
        std::mt19937 random(seed);
        const auto up_to = [&random](unsigned n) { return 1 + static_cast<std::uint32_t>(random() % n); };
        const double rate = up_to(2000) - 0.5;
        const std::uint32_t burst = up_to(50);
        lane_limit l = limit_of(rate, burst);
        nanoseconds now = 1000h;
        std::vector<std::pair<nanoseconds, std::uint64_t>> sums{{now, 0}};
        for (int i = 0; i < 300; ++i) {
            now += nanoseconds(up_to(20'000'000));
            sums.emplace_back(now, sums.back().second + l.reserve(up_to(60), now).count);
        }
        for (std::size_t a = 1; a < sums.size(); ++a) {
            for (std::size_t b = a; b < sums.size(); ++b) {
                const double t = std::chrono::duration<double>(sums[b].first - sums[a].first).count();
                const auto used = static_cast<double>(sums[b].second - sums[a - 1].second);
                ASSERT_LE(used, burst + rate * t + 1e-6) << "seed " << seed;
            }
        }
    }
}

} // namespace
} // namespace yunhu::engine
