// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "load.hpp"

#include "units.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {
namespace {

using namespace std::chrono_literals;

std::vector<nanoseconds> some_arrivals(arrival_kind kind, double rate, std::uint64_t seed, std::size_t count) {
    arrivals a(kind, rate, seed);
    std::vector<nanoseconds> all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back(a.next());
    }
    return all;
}

TEST(arrivals, constant_arrivals_are_equidistant) {
    const auto all = some_arrivals(arrival_kind::constant, 3000, 1, 30'001);
    EXPECT_EQ(all[0], 0ns);
    EXPECT_EQ(all[3000], 1s);
    EXPECT_EQ(all[30'000], 10s); // rounding errors do not accumulate
}

TEST(arrivals, a_seed_gives_the_same_arrivals) {
    const auto all = some_arrivals(arrival_kind::poisson, 1000, 5, 1000);
    EXPECT_EQ(all, some_arrivals(arrival_kind::poisson, 1000, 5, 1000));
    EXPECT_NE(all, some_arrivals(arrival_kind::poisson, 1000, 6, 1000));
    // The same with every standard library and in every release.
    EXPECT_EQ(some_arrivals(arrival_kind::poisson, 1000, 1, 1)[0],
              nanoseconds(std::llround(-1e6 * std::log1p(-to_unit(std::mt19937_64(1)())))));
}

// Of 200,000 exponential gaps, mean and standard deviation are both 1/rate, to 1 % (more than four standard errors).
TEST(arrivals, poisson_gaps_are_exponential) {
    constexpr int count = 200'000;
    const auto all = some_arrivals(arrival_kind::poisson, 1000, 3, count + 1);
    double sum = 0;
    double squares = 0;
    int longer_than_mean = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
        const double gap = std::chrono::duration<double, std::milli>(all[i] - all[i - 1]).count();
        ASSERT_GE(gap, 0);
        sum += gap;
        squares += gap * gap;
        longer_than_mean += gap > 1 ? 1 : 0;
    }
    const double mean = sum / count;
    EXPECT_NEAR(mean, 1, 0.01);
    EXPECT_NEAR(std::sqrt(squares / count - mean * mean), 1, 0.015);
    EXPECT_NEAR(static_cast<double>(longer_than_mean) / count, std::exp(-1), 0.005);
}

TEST(mix, weights_are_kept) {
    const mix m("send-message=8,list-message=2");
    std::mt19937_64 random(1);
    int sends = 0;
    for (int i = 0; i < 100'000; ++i) {
        const endpoint e = m.pick(to_unit(random()));
        ASSERT_TRUE(e == endpoint::send_message || e == endpoint::list_message);
        sends += e == endpoint::send_message ? 1 : 0;
    }
    EXPECT_NEAR(sends, 80'000, 600);
    EXPECT_EQ(m.pick(0), endpoint::send_message);
    EXPECT_EQ(m.pick(0.999999), endpoint::list_message);
    EXPECT_TRUE(m.has(endpoint::list_message));
    EXPECT_FALSE(m.has(endpoint::delete_msg));
}

TEST(mix, all_endpoints_by_name) {
    std::string all;
    for (const std::string_view name : endpoint_names) {
        all += (all.empty() ? "" : ",") + std::string(name);
    }
    const mix m(all);
    for (std::size_t i = 0; i < endpoint_names.size(); ++i) {
        EXPECT_EQ(name_of(m.pick((static_cast<double>(i) + 0.5) / 13)), endpoint_names[i]);
    }
}

TEST(mix, invalid_input_is_refused) {
    for (const char* const text : {"", "send", "send-message=0", "send-message=-1", "send-message=x", "send-message=1x",
                                   "send-message,", "send-message=1,send-message=2", "send-message=nan"}) {
        EXPECT_THROW(mix{text}, std::invalid_argument) << text;
    }
}

TEST(units, durations) {
    EXPECT_EQ(parse_duration("5s"), 5s);
    EXPECT_EQ(parse_duration("1.5ms"), 1500us);
    EXPECT_EQ(parse_duration("80 us"), 80us);
    EXPECT_EQ(parse_duration("7ns"), 7ns);
    EXPECT_EQ(parse_duration("2m"), 2min);
    EXPECT_EQ(parse_duration("0"), 0ns);
    for (const char* const text : {"", "5", "s", "5 parsecs", "-1s", "infs", "1e300s", "nan s"}) {
        EXPECT_THROW((void)parse_duration(text), std::invalid_argument) << text;
    }
    EXPECT_EQ(human(nanoseconds(999)), "999 ns");
    EXPECT_EQ(human(1234us), "1.23 ms");
    EXPECT_EQ(human(12'345.0), "12.3 k");
}

constexpr time_point start{};

load_settings closed(std::size_t concurrency) {
    load_settings s;
    s.concurrency = concurrency;
    s.calls = 1000;
    return s;
}

TEST(load, closed_loop_keeps_its_concurrency) {
    load l(closed(3), start);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(l.take(start));
    }
    EXPECT_FALSE(l.take(start + 1h));
    EXPECT_FALSE(l.next_due());
    l.ended();
    const auto next = l.take(start + 5ms);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->intended, start + 5ms);
    EXPECT_EQ(next->number, 3U);
    EXPECT_FALSE(l.take(start + 5ms));
}

TEST(load, open_loop_does_not_wait_for_responses) {
    load_settings s;
    s.rate = 1000;
    s.arrivals = arrival_kind::constant;
    s.duration = 1s;
    load l(s, start);
    EXPECT_EQ(l.next_due(), start);
    // After a stall of 10 ms all due calls start late and keep their scheduled times.
    for (int i = 0; i <= 10; ++i) {
        const auto call = l.take(start + 10ms);
        ASSERT_TRUE(call);
        EXPECT_EQ(call->intended, start + i * 1ms);
    }
    EXPECT_FALSE(l.take(start + 10ms));
    EXPECT_EQ(l.next_due(), start + 11ms);
    EXPECT_EQ(l.in_flight(), 11U);
}

TEST(load, the_same_seed_gives_the_same_calls) {
    const auto calls_of = [](std::uint64_t seed) {
        load_settings s;
        s.calls_of = mix("send-message=3,list-message,delete");
        s.rate = 100;
        s.calls = 200;
        s.seed = seed;
        load l(s, start);
        std::vector<std::array<std::int64_t, 3>> all;
        while (const auto call = l.take(start + 1h)) {
            all.push_back({static_cast<std::int64_t>(call->what), static_cast<std::int64_t>(call->choice),
                           call->intended.time_since_epoch().count()});
        }
        return all;
    };
    EXPECT_EQ(calls_of(1).size(), 200U);
    EXPECT_EQ(calls_of(1), calls_of(1));
    EXPECT_NE(calls_of(1), calls_of(2));
}

TEST(load, warm_up_is_not_measured_and_not_counted) {
    load_settings s;
    s.rate = 1000;
    s.arrivals = arrival_kind::constant;
    s.warm_up = 100ms;
    s.calls = 50;
    load l(s, start);
    int warm = 0;
    int measured = 0;
    while (const auto call = l.take(start + 1h)) {
        EXPECT_EQ(call->measured, call->intended >= start + 100ms);
        (call->measured ? measured : warm) += 1;
    }
    EXPECT_EQ(warm, 100);
    EXPECT_EQ(measured, 50);
    EXPECT_EQ(l.measured_from(), start + 100ms);
}

TEST(load, ends_by_time_when_the_last_call_has_ended) {
    load_settings s = closed(2);
    s.calls.reset();
    s.warm_up = 1s;
    s.duration = 2s;
    load l(s, start);
    EXPECT_TRUE(l.take(start + 2999ms));
    EXPECT_FALSE(l.take(start + 3s));
    EXPECT_FALSE(l.finished(start + 3s));
    EXPECT_EQ(l.progress(start + 1500ms), 0.5);
    l.ended();
    EXPECT_TRUE(l.finished(start + 3s));
    EXPECT_FALSE(l.finished(start + 2s));
}

TEST(load, stopped) {
    load l(closed(2), start);
    EXPECT_TRUE(l.take(start));
    l.stop();
    EXPECT_FALSE(l.take(start));
    EXPECT_FALSE(l.finished(start));
    l.ended();
    EXPECT_TRUE(l.finished(start));
}

} // namespace
} // namespace bench
