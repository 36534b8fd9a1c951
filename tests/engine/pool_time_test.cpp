// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_script.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

// The expiry of connections.

using namespace std::chrono_literals;
using namespace yunhu;
using namespace yunhu::test;

namespace {

pool_config lasting(std::chrono::nanoseconds idle_timeout, std::chrono::nanoseconds max_connection_age) {
    pool_config config = pool_of(4);
    config.idle_timeout = idle_timeout;
    config.max_connection_age = max_connection_age;
    return config;
}

constexpr auto forever = std::chrono::nanoseconds::max();

} // namespace

TEST(pool_time, case_159_idle_timeout_is_applied_by_tick_and_by_acquire) {
    for (const bool by_tick : {true, false}) {
        pool_script pool(lasting(20s, 1h));
        open_busy(pool, 1);
        EXPECT_EQ(pool.next_tick(), std::nullopt);
        EXPECT_EQ(pool.released(0), "");
        EXPECT_EQ(pool.next_tick(), 20s);
        pool.pass(20s - 1ns);
        EXPECT_EQ(pool.tick(), "");
        EXPECT_EQ(pool.next_tick(), 1ns);
        pool.pass(1ns);
        EXPECT_EQ(by_tick ? pool.tick() : pool.acquire("a"), by_tick ? "close 0" : "close 0, dial 0");
        EXPECT_EQ(pool.next_tick(), std::nullopt);
    }
}

TEST(pool_time, case_159_use_keeps_it_alive) {
    pool_script pool(lasting(1s, 1h));
    open_busy(pool, 1);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(pool.released(0), "");
        pool.pass(500ms);
        EXPECT_EQ(pool.tick(), "");
        EXPECT_EQ(pool.acquire("a"), "assign 0 a");
    }
    EXPECT_EQ(pool.released(0), "");
    pool.pass(1500ms);
    EXPECT_EQ(pool.tick(), "close 0");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
}

TEST(pool_time, case_157_after_a_burst_one_connection_remains) {
    pool_script pool(lasting(20s, 1h));
    open_busy(pool, 4);
    for (engine::connection_id i = 0; i < 4; ++i) {
        EXPECT_EQ(pool.released(i), "");
    }
    for (int second = 0; second < 20; ++second) {
        EXPECT_EQ(pool.acquire("a"), "assign 3 a");
        pool.pass(1s);
        EXPECT_EQ(pool.released(3), "");
    }
    EXPECT_EQ(pool.tick(), "close 0, close 1, close 2");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
    EXPECT_EQ(pool.next_tick(), 20s);
}

TEST(pool_time, case_091_the_servers_timeout_less_2_seconds) {
    pool_script pool(lasting(20s, 1h));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0, 5s), "");
    EXPECT_EQ(pool.next_tick(), 3s);
    pool.pass(3s - 1ns);
    EXPECT_EQ(pool.acquire("a"), "assign 0 a");
    EXPECT_EQ(pool.released(0, 5s), "");
    pool.pass(3s);
    EXPECT_EQ(pool.acquire("b"), "close 0, dial 0");
}

TEST(pool_time, case_091_it_never_extends_idle_timeout) {
    pool_script pool(lasting(20s, 1h));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0, 24h * 366), "");
    EXPECT_EQ(pool.next_tick(), 20s);
}

TEST(pool_time, case_091_too_short_for_reuse) {
    for (const auto limit : {0s, 1s, 2s}) {
        pool_script pool(lasting(20s, 1h));
        open_busy(pool, 1);
        EXPECT_EQ(pool.released(0, limit), "close 0") << limit.count();
    }
}

TEST(pool_time, case_091_a_waiter_is_assigned_the_connection_nevertheless) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.released(0, 0s), "assign 0 b");
}

TEST(pool_time, an_unused_dial_has_the_same_idle_timeout) {
    pool_script pool(lasting(20s, 1h));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.cancel("a"), "");
    EXPECT_EQ(pool.dialed(0), "");
    EXPECT_EQ(pool.next_tick(), 20s);
    pool.pass(20s);
    EXPECT_EQ(pool.tick(), "close 0");
}

TEST(pool_time, buffers_are_released_once_until_the_next_use) {
    pool_script pool(lasting(20s, 1h), 0.5, 1s);
    open_busy(pool, 2);
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.next_tick(), 1s);
    pool.pass(500ms);
    EXPECT_EQ(pool.released(1), "");
    pool.pass(500ms);
    EXPECT_EQ(pool.tick(), "rest 0");
    EXPECT_EQ(pool.next_tick(), 500ms);
    EXPECT_EQ(pool.acquire("a"), "assign 1 a") << "before idle_grace";
    pool.pass(500ms);
    EXPECT_EQ(pool.tick(), "");
    EXPECT_EQ(pool.next_tick(), 18500ms);
    EXPECT_EQ(pool.acquire("b"), "assign 0 b");
    EXPECT_EQ(pool.released(0), "");
    pool.pass(1s);
    EXPECT_EQ(pool.tick(), "rest 0") << "again";
    pool.pass(19s);
    EXPECT_EQ(pool.tick(), "close 0");
}

TEST(pool_time, case_122_max_connection_age_while_idle) {
    for (const double jitter : {0.0, 0.5, 0x1.fffffffffffffp-1}) {
        const auto max_connection_age =
            std::chrono::duration_cast<std::chrono::nanoseconds>(600s * (0.9 + 0.2 * jitter));
        pool_script pool(lasting(1h, 600s), jitter);
        open_busy(pool, 1);
        EXPECT_EQ(pool.released(0), "");
        pool.pass(max_connection_age - 1us);
        EXPECT_EQ(pool.tick(), "");
        EXPECT_LE(pool.next_tick(), 1us + 1ns);
        pool.pass(1us + 1ns);
        EXPECT_EQ(pool.tick(), "close 0");
    }
}

TEST(pool_time, case_122_max_connection_age_while_busy) {
    pool_script pool(lasting(1h, 600s));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "dial 1");
    pool.pass(600s + 1ns);
    EXPECT_EQ(pool.tick(), "") << "the exchange may complete";
    EXPECT_EQ(pool.released(0), "close 0") << "not assigned again, although there is a waiter";
    EXPECT_EQ(pool.dialed(1), "assign 1 b");
}

TEST(pool_time, case_122_use_does_not_extend_max_connection_age) {
    pool_script pool(lasting(20s, 600s), 0.5);
    open_busy(pool, 1);
    for (int i = 0; i < 60; ++i) {
        EXPECT_EQ(pool.released(0), "");
        pool.pass(9999ms);
        EXPECT_EQ(pool.acquire("a"), "assign 0 a");
    }
    pool.pass(1s);
    EXPECT_EQ(pool.released(0), "close 0");
}

TEST(pool_time, case_121_idle_during_a_suspend) {
    pool_script pool(lasting(20s, 1h));
    open_busy(pool, 2);
    EXPECT_EQ(pool.released(0), "");
    pool.suspend(1h);
    EXPECT_EQ(pool.released(1), "") << "used after the suspend";
    EXPECT_EQ(pool.acquire("a"), "assign 1 a");
    EXPECT_EQ(pool.acquire("b"), "close 0, dial 0");
}

TEST(pool_time, case_121_tick_closes_connections_after_a_suspend) {
    pool_script pool(lasting(20s, 1h));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0), "");
    pool.suspend(1h);
    EXPECT_EQ(pool.tick(), "close 0");
}

TEST(pool_time, case_121_max_connection_age_includes_a_suspend) {
    pool_script pool(lasting(forever, 600s));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0), "");
    pool.suspend(1h);
    EXPECT_EQ(pool.acquire("a"), "close 0, dial 0");
}

TEST(pool_time, case_121_small_steps_of_the_wall_clock_have_no_effect) {
    pool_script pool(lasting(20s, 1h));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0), "");
    pool.suspend(21s);
    EXPECT_EQ(pool.acquire("a"), "assign 0 a");
    EXPECT_EQ(pool.released(0), "");
    pool.suspend(-24h);
    EXPECT_EQ(pool.acquire("b"), "assign 0 b");
    EXPECT_EQ(pool.released(0), "");
    pool.pass(20s);
    EXPECT_EQ(pool.acquire("c"), "close 0, dial 0") << "the steady clock still counts";
}

TEST(pool_time, case_134_infinite_timeouts) {
    pool_config config = lasting(forever, forever);
    config.connect_timeout = forever;
    config.response_timeout = forever;
    for (const double jitter : {0.0, 0.5, 0x1.fffffffffffffp-1}) {
        pool_script pool(config, jitter);
        open_busy(pool, 1);
        EXPECT_EQ(pool.released(0, forever), "");
        pool.pass(24h * 365 * 20);
        EXPECT_EQ(pool.tick(), "");
        EXPECT_EQ(pool.acquire("a"), "assign 0 a");
        pool.pass(24h * 365 * 20);
        EXPECT_EQ(pool.released(0), "");
        EXPECT_EQ(pool.acquire("b"), "assign 0 b");
    }
}

TEST(pool_time, zero_idle_timeout) {
    pool_script pool(lasting(0s, 1h));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0), "close 0");
}

TEST(pool_time, an_expired_connection_is_replaced_for_a_waiter_for_a_new_one) {
    pool_script pool(lasting(20s, 1h));
    open_busy(pool, 4);
    EXPECT_EQ(pool.acquire_new("f"), "");
    EXPECT_EQ(pool.released(0, 1s), "close 0, dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 f");
}
