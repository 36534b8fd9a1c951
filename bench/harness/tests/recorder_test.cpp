// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "recorder.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{};

planned_call call_at(nanoseconds when, endpoint what = endpoint::send_message, bool measured = true) {
    planned_call c;
    c.what = what;
    c.intended = start + when;
    c.measured = measured;
    return c;
}

TEST(recorder, counts_by_endpoint_and_by_kind) {
    recorder r(start, 100ms);
    outcome good;
    good.attempts = 1;
    good.reused = true;
    good.queue = 5us;
    good.first_byte = 10us;
    outcome bad;
    bad.attempts = 3;
    bad.error = "timed_out";
    r.record(call_at(0ms), start, start + 1ms, good);
    r.record(call_at(1ms), start + 2ms, start + 5ms, bad);
    r.record(call_at(2ms, endpoint::delete_msg), start + 2ms, start + 3ms, good);

    const section all = r.all();
    EXPECT_EQ(all.name, "all");
    EXPECT_EQ(all.calls, 3U);
    EXPECT_EQ(all.failed, 1U);
    EXPECT_EQ(all.attempts, 5U);
    EXPECT_EQ(all.retries, 2U);
    EXPECT_EQ(all.reused, 2U);
    EXPECT_EQ(all.errors.at("timed_out"), 1U);
    EXPECT_EQ(all.of(timing::latency).count(), 3U);
    EXPECT_EQ(all.of(timing::latency).max(), 4ms);
    EXPECT_EQ(all.of(timing::service).max(), 3ms);
    EXPECT_EQ(all.of(timing::queue).count(), 2U);
    EXPECT_EQ(all.of(timing::first_byte).max(), 10us);
    EXPECT_EQ(all.of(timing::tls).count(), 0U);
    const std::vector<section> each = r.endpoints();
    ASSERT_EQ(each.size(), 2U);
    EXPECT_EQ(each[0].name, "send-message");
    EXPECT_EQ(each[0].calls, 2U);
    EXPECT_EQ(each[1].name, "delete");
    EXPECT_EQ(r.measured_time(), 5ms);
}

TEST(recorder, of_the_warm_up_only_dials_count) {
    recorder r(start + 1s, 100ms);
    outcome dialed;
    dialed.error = "timed_out";
    dialed.dial = 1ms;
    dialed.tls = 2ms;
    r.record(call_at(0ms, endpoint::send_message, false), start, start + 900ms, dialed);
    EXPECT_EQ(r.all().calls, 0U);
    EXPECT_EQ(r.all().failed, 0U);
    EXPECT_EQ(r.latency().count(), 0U);
    EXPECT_EQ(r.all().of(timing::dial).count(), 1U);
    EXPECT_EQ(r.all().of(timing::tls).max(), 2ms);
    EXPECT_TRUE(r.series().empty());
    // The live view includes the warm-up.
    EXPECT_EQ(r.take_recent().calls, 1U);
    EXPECT_EQ(r.take_recent().calls, 0U);
    EXPECT_EQ(r.errors().at("timed_out"), 1U);
}

TEST(recorder, a_series_by_the_time_of_the_end) {
    recorder r(start, 100ms);
    r.record(call_at(0ms), start, start + 50ms, {});
    r.record(call_at(0ms), start, start + 250ms, {});
    r.record(call_at(240ms), start, start + 260ms, {});
    ASSERT_EQ(r.series().size(), 3U);
    EXPECT_EQ(r.series()[0].calls, 1U);
    EXPECT_EQ(r.series()[1].calls, 0U);
    EXPECT_EQ(r.series()[2].calls, 2U);
    EXPECT_EQ(r.series()[2].latency.max(), 250ms);
}

TEST(recorder, intervals_of_a_long_series_are_merged) {
    recorder r(start, 100ms);
    constexpr int count = 10'000;
    for (int i = 0; i < count; ++i) {
        const nanoseconds at = i * 100ms;
        r.record(call_at(at), start + at, start + at + 1ms, {});
    }
    EXPECT_LE(r.series().size(), recorder::most_intervals);
    EXPECT_GT(r.series().size(), recorder::most_intervals / 2);
    std::uint64_t calls = 0;
    for (const interval& each : r.series()) {
        calls += each.calls;
        EXPECT_EQ(each.latency.count(), each.calls);
    }
    EXPECT_EQ(calls, static_cast<std::uint64_t>(count));
    EXPECT_EQ(r.series()[0].calls, static_cast<std::uint64_t>(r.interval_length() / 100ms));
}

} // namespace
} // namespace bench
