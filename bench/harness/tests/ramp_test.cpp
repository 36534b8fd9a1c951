// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "ramp.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

using namespace std::chrono_literals;

// Against a server with that capacity per second; returns the number of rates tried.
int search(ramp& r, double capacity, const ramp_settings& settings) {
    int tried = 0;
    while (const auto rate = r.next()) {
        ramp_step s;
        s.offered = *rate;
        s.rate = std::min(*rate, capacity);
        s.calls = 1000;
        judge(s, settings);
        r.saw(s);
        if (++tried > 100) {
            break;
        }
    }
    return tried;
}

TEST(ramp, finds_the_saturated_rate) {
    for (const double capacity : {600.0, 1000.0, 12'345.0, 90'000.0}) {
        ramp_settings s;
        s.refine = 6;
        s.least_part = 1;
        ramp r(s);
        EXPECT_LT(search(r, capacity, s), 50);
        ASSERT_TRUE(r.sustained());
        EXPECT_LE(*r.sustained(), capacity);
        EXPECT_GE(*r.sustained(), capacity / std::pow(s.factor, 1.0 / 32)) << capacity;
    }
}

TEST(ramp, stops_at_the_highest_rate) {
    ramp_settings s;
    s.from = 100;
    s.to = 1000;
    ramp r(s);
    search(r, 1e9, s);
    EXPECT_EQ(r.sustained(), 1000);
    EXPECT_EQ(r.steps().back().offered, 1000);
}

TEST(ramp, the_first_rate_is_saturated) {
    ramp_settings s;
    ramp r(s);
    EXPECT_EQ(search(r, 10, s), 2); // a saturated rate is tried twice
    EXPECT_FALSE(r.sustained());
    EXPECT_EQ(r.steps().size(), 1U);
}

TEST(ramp, a_saturated_rate_is_tried_again) {
    ramp_settings s;
    s.to = 500;
    ramp r(s);
    ramp_step bad;
    bad.offered = *r.next();
    bad.saturated = true;
    r.saw(bad);
    EXPECT_EQ(r.next(), bad.offered);
    ramp_step good = bad;
    good.saturated = false;
    r.saw(good);
    EXPECT_EQ(r.sustained(), 500);
    EXPECT_EQ(r.steps().size(), 1U);
    EXPECT_FALSE(r.steps()[0].saturated);
    EXPECT_FALSE(r.next());
}

TEST(ramp, judged_by_rate_errors_and_p99) {
    ramp_settings s;
    s.most_p99 = 10ms;
    ramp_step fine;
    fine.offered = 1000;
    fine.rate = 960;
    fine.calls = 5000;
    fine.failed = 50;
    fine.p99 = 10ms;
    judge(fine, s);
    EXPECT_FALSE(fine.saturated) << fine.reason;
    ramp_step slow = fine;
    slow.rate = 940;
    ramp_step failing = fine;
    failing.failed = 51;
    ramp_step late = fine;
    late.p99 = 11ms;
    for (ramp_step step : {slow, failing, late}) {
        judge(step, s);
        EXPECT_TRUE(step.saturated);
        EXPECT_FALSE(step.reason.empty());
    }
}

} // namespace
} // namespace bench
