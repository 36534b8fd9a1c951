// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_script.hpp"

#include <gtest/gtest.h>

#include <chrono>

// The assignment of connections to waiters.

using namespace std::chrono_literals;
using namespace yunhu;
using namespace yunhu::test;

TEST(pool_reuse, a_connection_serves_one_call_after_another) {
    pool_script pool(pool_of(4));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.counts(), "0/0/1/1");
    EXPECT_EQ(pool.dialed(0), "assign 0 a");
    EXPECT_EQ(pool.counts(), "1/0/0/0");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
    EXPECT_EQ(pool.acquire("b"), "assign 0 b");
    EXPECT_EQ(pool.counts(), "1/0/0/0");
}

TEST(pool_reuse, case_157_the_connection_used_last_is_used_next) {
    pool_script pool(pool_of(3));
    open_busy(pool, 3);
    EXPECT_EQ(pool.released(1), "");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.released(2), "");
    EXPECT_EQ(pool.acquire("a"), "assign 2 a");
    EXPECT_EQ(pool.released(2), "");
    EXPECT_EQ(pool.acquire("b"), "assign 2 b");
    EXPECT_EQ(pool.acquire("c"), "assign 0 c");
    EXPECT_EQ(pool.acquire("d"), "assign 1 d");
}

TEST(pool_reuse, case_149_one_connection_serves_waiters_in_fifo_order) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.dialed(0), "assign 0 a");
    EXPECT_EQ(pool.released(0), "assign 0 b");
    EXPECT_EQ(pool.acquire("d"), "") << "FIFO";
    EXPECT_EQ(pool.released(0), "assign 0 c");
    EXPECT_EQ(pool.released(0), "assign 0 d");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
}

TEST(pool_reuse, case_154_a_released_connection_is_assigned_before_the_dial_completes) {
    pool_script pool(pool_of(2));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "dial 1");
    EXPECT_EQ(pool.released(0), "assign 0 b");
    EXPECT_EQ(pool.dialed(1), "");
    EXPECT_EQ(pool.counts(), "2/1/0/0");
    EXPECT_EQ(pool.acquire("c"), "assign 1 c");
}

TEST(pool_reuse, case_141_cancelled_while_queued) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.cancel("b"), "");
    EXPECT_EQ(pool.counts(), "1/0/0/1");
    EXPECT_EQ(pool.released(0), "assign 0 c");
}

TEST(pool_reuse, case_141_cancelled_during_its_dial) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.cancel("a"), "");
    EXPECT_EQ(pool.counts(), "0/0/1/0");
    EXPECT_EQ(pool.dialed(0), "") << "the dial outlives its waiter";
    EXPECT_EQ(pool.acquire("b"), "assign 0 b");
}

TEST(pool_reuse, case_141_a_dial_serves_the_waiter_after_a_cancelled_one) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.cancel("a"), "");
    EXPECT_EQ(pool.acquire("b"), "") << "a dial without a waiter is in progress";
    EXPECT_EQ(pool.dialed(0), "assign 0 b");
}

TEST(pool_reuse, case_142_cancelled_at_the_hand_off) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.released(0), "assign 0 b");
    EXPECT_EQ(pool.cancel("b"), "") << "no longer a waiter";
    EXPECT_EQ(pool.counts(), "1/0/0/1");
    // The call returns the connection: unused, or closed because bytes were sent.
    EXPECT_EQ(pool.released(0), "assign 0 c");
    EXPECT_EQ(pool.acquire("d"), "");
    EXPECT_EQ(pool.broken(0), "close 0, dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 d");
}

TEST(pool_reuse, cancelling_without_waiting_has_no_effect) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.cancel("a"), "");
    open_busy(pool, 1);
    EXPECT_EQ(pool.cancel("w0"), "");
    EXPECT_EQ(pool.counts(), "1/0/0/0");
}

TEST(pool_reuse, an_unusable_connection_is_closed_and_replaced_for_a_waiter) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.broken(0), "close 0");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    EXPECT_EQ(pool.acquire("b"), "dial 0");
}

TEST(pool_reuse, case_152_a_closed_idle_connection_frees_its_slot) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.on_idle_closed(0), "close 0");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    EXPECT_EQ(pool.acquire("b"), "dial 0");
    EXPECT_EQ(pool.acquire("c"), "");
}

TEST(pool_reuse, case_164_repeated_reports_count_once) {
    pool_script pool(pool_of(2));
    open_busy(pool, 1);
    EXPECT_EQ(pool.dialed(0), "");
    EXPECT_EQ(pool.dial_failed(0), "");
    EXPECT_EQ(pool.on_idle_closed(0), "");
    EXPECT_EQ(pool.counts(), "1/0/0/0");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.broken(0), "");
    EXPECT_EQ(pool.on_stale(0), "");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
    EXPECT_EQ(pool.acquire("a"), "assign 0 a");
    EXPECT_EQ(pool.acquire("b"), "dial 1") << "it has one owner";
    EXPECT_EQ(pool.broken(0), "close 0");
    EXPECT_EQ(pool.broken(0), "");
    EXPECT_EQ(pool.counts(), "0/0/1/1");
}

TEST(pool_new_connection, case_112_a_retry_after_a_stale_connection_gets_a_new_one_only) {
    pool_script pool(pool_of(3));
    open_busy(pool, 2);
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.acquire_new("f"), "dial 2");
    EXPECT_EQ(pool.released(1), "") << "not a new connection";
    EXPECT_EQ(pool.counts(), "2/2/1/1");
    EXPECT_EQ(pool.dialed(2), "assign 2 f");
}

TEST(pool_new_connection, it_is_served_before_waiters_for_any_connection) {
    pool_script pool(pool_of(2));
    open_busy(pool, 2);
    EXPECT_EQ(pool.acquire("a"), "");
    EXPECT_EQ(pool.acquire_new("f"), "");
    EXPECT_EQ(pool.released(0), "assign 0 a");
    EXPECT_EQ(pool.broken(1), "close 1, dial 1");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.dialed(1), "assign 1 f");
}

TEST(pool_new_connection, in_a_full_pool_the_oldest_idle_connection_is_closed_for_it) {
    pool_script pool(pool_of(2));
    open_busy(pool, 2);
    EXPECT_EQ(pool.released(1), "");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.acquire_new("f"), "close 1, dial 1");
    EXPECT_EQ(pool.dialed(1), "assign 1 f");
    EXPECT_EQ(pool.counts(), "2/1/0/0");
}

TEST(pool_new_connection, a_released_connection_is_closed_for_it) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire_new("f"), "");
    EXPECT_EQ(pool.released(0), "close 0, dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 f");
}

TEST(pool_new_connection, a_dial_in_progress_suffices) {
    pool_script pool(pool_of(2));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire_new("f"), "dial 1");
    EXPECT_EQ(pool.released(0), "") << "closing it is not necessary";
    EXPECT_EQ(pool.dialed(1), "assign 1 f");
}

TEST(pool_new_connection, cancellation_restores_the_state) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire_new("f"), "");
    EXPECT_EQ(pool.cancel("f"), "");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
}

TEST(pool_stale, case_107_connections_idle_for_as_long_are_closed_too) {
    pool_script pool(pool_of(5));
    open_busy(pool, 5);
    pool.pass(1s);
    EXPECT_EQ(pool.released(0), "");
    pool.pass(1s);
    EXPECT_EQ(pool.released(1), "");
    EXPECT_EQ(pool.released(2), "");
    EXPECT_EQ(pool.acquire("a"), "assign 2 a");
    pool.pass(1s);
    EXPECT_EQ(pool.released(3), "") << "used after 2 became idle: possibly alive";
    EXPECT_EQ(pool.on_stale(2), "close 2, close 0, close 1");
    EXPECT_EQ(pool.counts(), "2/1/0/0");
    EXPECT_EQ(pool.acquire("b"), "assign 3 b");
}

TEST(pool_stale, case_107_fifty_stale_connections_cost_one_dial) {
    pool_script pool(pool_of(50));
    open_busy(pool, 50);
    for (engine::connection_id i = 0; i < 50; ++i) {
        EXPECT_EQ(pool.released(i), "");
        pool.pass(1ms);
    }
    EXPECT_EQ(pool.acquire("a"), "assign 49 a");
    (void)pool.on_stale(49);
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    const std::string actions = pool.acquire_new("a");
    EXPECT_EQ(actions.rfind("dial ", 0), 0U) << actions;
    EXPECT_EQ(pool.counts(), "0/0/1/1");
}

TEST(pool_stale, a_waiter_gets_the_slot) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.on_stale(0), "close 0, dial 0");
    EXPECT_EQ(pool.acquire_new("w0"), "");
    EXPECT_EQ(pool.dialed(0), "assign 0 w0") << "waiters for new connections are served first";
    EXPECT_EQ(pool.released(0), "assign 0 b");
}

TEST(pool_reuse, close_all_closes_connections_in_every_state_and_the_pool_goes_on) {
    pool_script pool(pool_of(4));
    open_busy(pool, 3);
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.on_idle_closed(0), "close 0");
    EXPECT_EQ(pool.released(1), "");
    EXPECT_EQ(pool.warm_up(4), "dial 0, dial 3");
    EXPECT_EQ(pool.counts(), "2/1/2/0");
    EXPECT_EQ(pool.close_all(), "close 0, close 1, close 2, close 3");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    EXPECT_EQ(pool.dialed(0), "") << "a late report";
    EXPECT_EQ(pool.released(2), "");
    EXPECT_EQ(pool.acquire("a"), "dial 3");
    EXPECT_EQ(pool.dialed(3), "assign 3 a");
    EXPECT_EQ(pool.counts(), "1/0/0/0");
}
