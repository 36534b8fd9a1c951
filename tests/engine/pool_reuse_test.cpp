// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_script.hpp"

#include <gtest/gtest.h>

#include <chrono>

// Who gets which connection, and who does not.

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

TEST(pool_reuse, case_157_the_one_used_last_is_used_next) {
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

TEST(pool_reuse, case_149_one_connection_serves_who_wait_in_their_order) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.dialed(0), "assign 0 a");
    EXPECT_EQ(pool.released(0), "assign 0 b");
    EXPECT_EQ(pool.acquire("d"), "") << "nobody overtakes";
    EXPECT_EQ(pool.released(0), "assign 0 c");
    EXPECT_EQ(pool.released(0), "assign 0 d");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
}

TEST(pool_reuse, case_154_whichever_comes_first_and_the_dial_lands_in_the_pool) {
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
    EXPECT_EQ(pool.dialed(0), "") << "the dial outlives it";
    EXPECT_EQ(pool.acquire("b"), "assign 0 b");
}

TEST(pool_reuse, case_141_a_dial_serves_who_comes_after_the_one_it_was_for) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.cancel("a"), "");
    EXPECT_EQ(pool.acquire("b"), "") << "a dial that nobody waits for is on its way";
    EXPECT_EQ(pool.dialed(0), "assign 0 b");
}

TEST(pool_reuse, case_142_cancelled_at_the_hand_off) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.released(0), "assign 0 b");
    EXPECT_EQ(pool.cancel("b"), "") << "it is no waiter any more";
    EXPECT_EQ(pool.counts(), "1/0/0/1");
    // The call gives the connection back: untouched, or closed because something was sent.
    EXPECT_EQ(pool.released(0), "assign 0 c");
    EXPECT_EQ(pool.acquire("d"), "");
    EXPECT_EQ(pool.broken(0), "close 0, dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 d");
}

TEST(pool_reuse, cancelling_who_does_not_wait_changes_nothing) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.cancel("a"), "");
    open_busy(pool, 1);
    EXPECT_EQ(pool.cancel("w0"), "");
    EXPECT_EQ(pool.counts(), "1/0/0/0");
}

TEST(pool_reuse, an_unusable_connection_is_closed_and_replaced_for_who_waits) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.broken(0), "close 0");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    EXPECT_EQ(pool.acquire("b"), "dial 0");
}

TEST(pool_reuse, case_152_an_idle_one_that_ends_makes_room) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.on_idle_closed(0), "close 0");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    EXPECT_EQ(pool.acquire("b"), "dial 0");
    EXPECT_EQ(pool.acquire("c"), "");
}

TEST(pool_reuse, case_164_what_is_told_twice_counts_once) {
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

TEST(pool_fresh, case_112_a_second_try_gets_a_new_connection_only) {
    pool_script pool(pool_of(3));
    open_busy(pool, 2);
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.acquire_fresh("f"), "dial 2");
    EXPECT_EQ(pool.released(1), "") << "used before";
    EXPECT_EQ(pool.counts(), "2/2/1/1");
    EXPECT_EQ(pool.dialed(2), "assign 2 f");
}

TEST(pool_fresh, it_goes_before_who_waits_for_any) {
    pool_script pool(pool_of(2));
    open_busy(pool, 2);
    EXPECT_EQ(pool.acquire("a"), "");
    EXPECT_EQ(pool.acquire_fresh("f"), "");
    EXPECT_EQ(pool.released(0), "assign 0 a");
    EXPECT_EQ(pool.broken(1), "close 1, dial 1");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.dialed(1), "assign 1 f");
}

TEST(pool_fresh, the_oldest_idle_one_makes_room_when_the_pool_is_full) {
    pool_script pool(pool_of(2));
    open_busy(pool, 2);
    EXPECT_EQ(pool.released(1), "");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.acquire_fresh("f"), "close 1, dial 1");
    EXPECT_EQ(pool.dialed(1), "assign 1 f");
    EXPECT_EQ(pool.counts(), "2/1/0/0");
}

TEST(pool_fresh, a_busy_one_makes_room_when_it_is_given_back) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire_fresh("f"), "");
    EXPECT_EQ(pool.released(0), "close 0, dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 f");
}

TEST(pool_fresh, a_dial_that_is_on_its_way_is_enough) {
    pool_script pool(pool_of(2));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire_fresh("f"), "dial 1");
    EXPECT_EQ(pool.released(0), "") << "nothing to gain by closing it";
    EXPECT_EQ(pool.dialed(1), "assign 1 f");
}

TEST(pool_fresh, cancelled_it_leaves_no_trace) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire_fresh("f"), "");
    EXPECT_EQ(pool.cancel("f"), "");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
}

TEST(pool_stale, case_107_siblings_that_idled_as_long_go_too) {
    pool_script pool(pool_of(5));
    open_busy(pool, 5);
    pool.pass(1s);
    EXPECT_EQ(pool.released(0), "");
    pool.pass(1s);
    EXPECT_EQ(pool.released(1), "");
    EXPECT_EQ(pool.released(2), "");
    EXPECT_EQ(pool.acquire("a"), "assign 2 a");
    pool.pass(1s);
    EXPECT_EQ(pool.released(3), "") << "used after 2 went idle: it may well live";
    EXPECT_EQ(pool.on_stale(2), "close 2, close 0, close 1");
    EXPECT_EQ(pool.counts(), "2/1/0/0");
    EXPECT_EQ(pool.acquire("b"), "assign 3 b");
}

TEST(pool_stale, case_107_fifty_dead_ones_cost_one_dial) {
    pool_script pool(pool_of(50));
    open_busy(pool, 50);
    for (engine::connection_id i = 0; i < 50; ++i) {
        EXPECT_EQ(pool.released(i), "");
        pool.pass(1ms);
    }
    EXPECT_EQ(pool.acquire("a"), "assign 49 a");
    (void)pool.on_stale(49);
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    const std::string actions = pool.acquire_fresh("a");
    EXPECT_EQ(actions.rfind("dial ", 0), 0U) << actions;
    EXPECT_EQ(pool.counts(), "0/0/1/1");
}

TEST(pool_stale, who_waits_gets_the_room) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.on_stale(0), "close 0, dial 0");
    EXPECT_EQ(pool.acquire_fresh("w0"), "");
    EXPECT_EQ(pool.dialed(0), "assign 0 w0") << "it has waited longest, and takes no other";
    EXPECT_EQ(pool.released(0), "assign 0 b");
}
