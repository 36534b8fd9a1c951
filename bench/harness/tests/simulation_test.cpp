// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "load.hpp"
#include "recorder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

// The harness against exactly known servers, in simulated time: independent of the machine.
namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{};

/// When a call that starts at that time ends.
using server = std::function<time_point(time_point)>;

recorder simulate(const load_settings& settings, const server& serve) {
    load l(settings, start);
    recorder r(l.measured_from(), 100ms);
    std::multimap<time_point, planned_call> ends;
    std::map<std::uint64_t, time_point> started;
    time_point now = start;
    while (!l.finished(now)) {
        while (const auto call = l.take(now)) {
            started[call->number] = now;
            ends.emplace(serve(now), *call);
        }
        const auto due = l.next_due();
        if (!ends.empty() && (!due || ends.begin()->first <= *due)) {
            const auto [at, call] = *ends.begin();
            ends.erase(ends.begin());
            now = at;
            l.ended();
            r.record(call, started[call.number], now, {});
        } else {
            now = due.value_or(now + 1ms);
        }
    }
    return r;
}

void expect_near(nanoseconds reported, nanoseconds exact) {
    EXPECT_GE(reported, exact);
    EXPECT_LE(static_cast<double>(reported.count()), 1.008 * static_cast<double>(exact.count()));
}

// Of 100 calls: 50 take 1 ms, 40 take 10 ms, 9 take 100 ms, 1 takes 1 s.
server known_delays() {
    return [n = 0](time_point now) mutable {
        const int i = n++ % 100;
        return now + (i < 50 ? 1ms : i < 90 ? 10ms : i < 99 ? 100ms : 1000ms);
    };
}

void expect_known_delays(const histogram& h) {
    expect_near(h.percentile(1), 1ms);
    expect_near(h.percentile(50), 1ms);
    expect_near(h.percentile(50.1), 10ms);
    expect_near(h.percentile(90), 10ms);
    expect_near(h.percentile(90.1), 100ms);
    expect_near(h.percentile(99), 100ms);
    expect_near(h.percentile(99.1), 1s);
    expect_near(h.max(), 1s);
    expect_near(h.mean(), 23500us);
}

TEST(simulation, open_loop_reports_the_servers_distribution) {
    for (const arrival_kind kind : {arrival_kind::constant, arrival_kind::poisson}) {
        load_settings s;
        s.rate = 2000;
        s.arrivals = kind;
        s.calls = 20'000;
        const recorder r = simulate(s, known_delays());
        EXPECT_EQ(r.all().calls, 20'000U);
        expect_known_delays(r.latency());
        expect_known_delays(r.all().of(timing::service));
    }
}

TEST(simulation, closed_loop_reports_the_servers_distribution) {
    load_settings s;
    s.concurrency = 20;
    s.calls = 20'000;
    expect_known_delays(simulate(s, known_delays()).latency());
}

// One call at a time, 100 µs each; nothing from 5 s to 6 s.
server stalled_once() {
    return [free = start](time_point now) mutable {
        const time_point begin = std::max(now, free);
        const bool stalled = begin >= start + 5s && begin < start + 6s;
        free = (stalled ? start + 6s : begin) + 100us;
        return free;
    };
}

TEST(simulation, a_stall_is_recorded_by_the_open_loop) {
    load_settings s;
    s.rate = 1000;
    s.arrivals = arrival_kind::constant;
    s.duration = 10s;
    const recorder r = simulate(s, stalled_once());
    EXPECT_EQ(r.all().calls, 10'000U);
    // A tenth of the calls arrived during the stall, and more while the queue drained.
    EXPECT_GT(r.latency().percentile(91), 100ms);
    EXPECT_GT(r.latency().percentile(99), 850ms);
    EXPECT_LE(r.latency().max(), 1001ms);
    expect_near(r.latency().percentile(85), 100us);
}

TEST(simulation, a_closed_loop_hides_the_stall) {
    load_settings s;
    s.concurrency = 1; // the next call starts after the last one: none is due in the stall
    s.duration = 10s;
    const recorder r = simulate(s, stalled_once());
    EXPECT_GT(r.all().calls, 80'000U);
    expect_near(r.latency().percentile(99.99), 100us);
    EXPECT_GE(r.latency().max(), 1s);
}

TEST(simulation, late_starts_count_in_latency_and_not_in_service) {
    load_settings s;
    s.rate = 1000;
    s.arrivals = arrival_kind::constant;
    s.calls = 100;
    load l(s, start);
    recorder r(start, 100ms);
    const time_point late = start + 1s; // the harness itself was suspended
    while (const auto call = l.take(late)) {
        r.record(*call, late, late + 1ms, {});
    }
    expect_near(r.all().of(timing::service).max(), 1ms);
    EXPECT_GE(r.latency().min(), 901ms);
    expect_near(r.latency().max(), 1001ms);
}

TEST(simulation, an_overloaded_server_queues_calls) {
    load_settings s;
    s.rate = 2000;
    s.arrivals = arrival_kind::constant;
    s.duration = 2s;
    const recorder r = simulate(s, [free = start](time_point now) mutable {
        free = std::max(now, free) + 1ms; // 1000 a second
        return free;
    });
    expect_near(r.measured_time(), 4s);
    EXPECT_GT(r.latency().max(), 1900ms);
}

} // namespace
} // namespace bench
