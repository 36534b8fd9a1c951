// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_script.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

// Dials, bounds, drain.

using namespace yunhu;
using namespace yunhu::test;

TEST(pool_dial, concurrent_dials_are_bounded) {
    pool_script pool(pool_of(10, 2));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "dial 1");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.acquire("d"), "");
    EXPECT_EQ(pool.counts(), "0/0/2/4");
    EXPECT_EQ(pool.dialed(1), "assign 1 a, dial 2") << "the first completed dial serves the first waiter";
    EXPECT_EQ(pool.dialed(0), "assign 0 b, dial 3");
    EXPECT_EQ(pool.dialed(3), "assign 3 c");
    EXPECT_EQ(pool.dialed(2), "assign 2 d");
    EXPECT_EQ(pool.counts(), "4/0/0/0");
}

TEST(pool_dial, connections_are_bounded_dials_included) {
    pool_script pool(pool_of(3));
    open_busy(pool, 2);
    EXPECT_EQ(pool.acquire("a"), "dial 2");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.counts(), "2/0/1/2");
    EXPECT_EQ(pool.dialed(2), "assign 2 a");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.counts(), "3/0/0/2");
}

TEST(pool_dial, case_156_the_queue_is_bounded) {
    pool_config config = pool_of(2);
    config.max_queued = 3;
    pool_script pool(config);
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "dial 1") << "a waiter with its own dial does not count";
    EXPECT_EQ(pool.acquire("q1"), "");
    EXPECT_EQ(pool.acquire("q2"), "");
    EXPECT_EQ(pool.acquire("q3"), "");
    EXPECT_EQ(pool.acquire("x"), "reject x overloaded");
    EXPECT_EQ(pool.counts(), "0/0/2/5");
    EXPECT_EQ(pool.dialed(0), "assign 0 a");
    EXPECT_EQ(pool.acquire("x"), "reject x overloaded") << "three waiters without their own dial";
    EXPECT_EQ(pool.released(0), "assign 0 b");
    EXPECT_EQ(pool.acquire("y"), "") << "one of the three has the second dial now";
    EXPECT_EQ(pool.acquire("x"), "reject x overloaded");
}

TEST(pool_dial, case_156_an_admitted_waiter_is_admitted_again) {
    pool_config config = pool_of(1);
    config.max_queued = 0;
    pool_script pool(config);
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("x"), "reject x overloaded");
    EXPECT_EQ(pool.acquire("a", true), "");
    EXPECT_EQ(pool.released(0), "assign 0 a");
}

TEST(pool_dial, case_156_a_queue_without_bound) {
    pool_config config = pool_of(1);
    config.max_queued = std::numeric_limits<std::size_t>::max();
    pool_script pool(config);
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.dialed(0), "assign 0 a");
    EXPECT_EQ(pool.acquire("c"), "");
}

TEST(pool_dial, case_151_a_failure_rejects_one_and_the_next_dials) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.dial_failed(0, errc::tls_failed), "close 0, reject a tls_failed, dial 0");
    EXPECT_EQ(pool.dial_failed(0, errc::resolve_failed), "close 0, reject b resolve_failed, dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 c");
}

TEST(pool_dial, case_151_a_failure_without_waiters_rejects_none) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.cancel("a"), "");
    EXPECT_EQ(pool.dial_failed(0), "close 0");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    EXPECT_EQ(pool.acquire("b"), "dial 0");
}

TEST(pool_dial, case_151_fewer_waiters_than_dials) {
    pool_script pool(pool_of(3));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "dial 1");
    EXPECT_EQ(pool.cancel("a"), "");
    EXPECT_EQ(pool.dial_failed(0), "close 0, reject b connect_failed")
        << "the failure counts for the first waiter, for which another dial was started";
    EXPECT_EQ(pool.dialed(1), "");
    EXPECT_EQ(pool.counts(), "1/1/0/0");
}

TEST(pool_dial, case_151_a_failure_rejects_a_waiter_for_a_new_connection_first) {
    pool_script pool(pool_of(2, 1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("a"), "dial 1");
    EXPECT_EQ(pool.acquire_new("f"), "");
    EXPECT_EQ(pool.dial_failed(1), "close 1, reject f connect_failed, dial 1");
    EXPECT_EQ(pool.dialed(1), "assign 1 a");
}

// Each step of a hand-off fails once: the waiter eventually gets a connection.
TEST(pool_dial, failure_at_every_step) {
    for (int failing = 0; failing <= 4; ++failing) {
        SCOPED_TRACE(failing);
        pool_script pool(pool_of(1));
        EXPECT_EQ(pool.acquire("a"), "dial 0");
        EXPECT_EQ(pool.acquire("b"), "");
        if (failing == 0) {
            EXPECT_EQ(pool.dial_failed(0), "close 0, reject a connect_failed, dial 0");
            EXPECT_EQ(pool.acquire("a", true), "");
            EXPECT_EQ(pool.dialed(0), "assign 0 b");
            EXPECT_EQ(pool.released(0), "assign 0 a");
        } else {
            EXPECT_EQ(pool.dialed(0), "assign 0 a");
            if (failing == 1) {
                EXPECT_EQ(pool.broken(0), "close 0, dial 0");
                EXPECT_EQ(pool.dialed(0), "assign 0 b");
            } else if (failing == 2) {
                EXPECT_EQ(pool.on_stale(0), "close 0, dial 0");
                EXPECT_EQ(pool.dialed(0), "assign 0 b");
            } else {
                EXPECT_EQ(pool.released(0), "assign 0 b");
            }
        }
        if (failing == 3) {
            EXPECT_EQ(pool.broken(0), "close 0");
        } else {
            EXPECT_EQ(pool.released(0), "");
        }
        if (failing == 4) {
            EXPECT_EQ(pool.on_idle_closed(0), "close 0");
        }
        const bool open = failing < 3;
        EXPECT_EQ(pool.counts(), open ? "1/1/0/0" : "0/0/0/0");
        EXPECT_EQ(pool.acquire("c"), open ? "assign 0 c" : "dial 0");
    }
}

TEST(pool_drain, idle_connections_are_closed_and_busy_ones_after_their_exchange) {
    pool_script pool(pool_of(3));
    open_busy(pool, 3);
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.released(1), "");
    EXPECT_EQ(pool.drain(), "close 1, close 0");
    EXPECT_EQ(pool.counts(), "1/0/0/0");
    EXPECT_EQ(pool.released(2), "close 2");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
    EXPECT_EQ(pool.drain(), "");
}

TEST(pool_drain, waiters_are_still_served) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.drain(), "");
    EXPECT_EQ(pool.released(0), "assign 0 b");
    EXPECT_EQ(pool.broken(0), "close 0, dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 c");
    EXPECT_EQ(pool.released(0), "close 0");
}

TEST(pool_drain, a_dial_that_completes_during_drain_is_closed) {
    pool_script pool(pool_of(1));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.cancel("a"), "");
    EXPECT_EQ(pool.drain(), "");
    EXPECT_EQ(pool.dialed(0), "close 0");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
}

TEST(pool_dial, case_249_warm_up_opens_the_missing_connections) {
    pool_script pool(pool_of(4, 2));
    open_busy(pool, 1);
    EXPECT_EQ(pool.warm_up(9), "dial 1, dial 2") << "within max_connecting and max_connections";
    EXPECT_TRUE(pool.warming());
    EXPECT_EQ(pool.acquire("a"), "") << "it waits for a dial in progress";
    EXPECT_EQ(pool.dialed(1), "assign 1 a, dial 3");
    EXPECT_EQ(pool.dialed(2), "");
    EXPECT_TRUE(pool.warming());
    EXPECT_EQ(pool.dialed(3), "");
    EXPECT_FALSE(pool.warming());
    EXPECT_EQ(pool.counts(), "4/2/0/0");
    EXPECT_EQ(pool.warm_up(4), "");
    EXPECT_FALSE(pool.warming());
    EXPECT_EQ(pool.on_idle_closed(3), "close 3") << "it is not replaced";
}

TEST(pool_dial, case_249_a_failure_ends_a_warm_up) {
    pool_script pool(pool_of(4, 1));
    EXPECT_EQ(pool.warm_up(3), "dial 0");
    EXPECT_EQ(pool.dialed(0), "dial 1");
    EXPECT_EQ(pool.dial_failed(1), "close 1");
    EXPECT_FALSE(pool.warming());
    EXPECT_EQ(pool.acquire("a"), "assign 0 a");
}

TEST(pool_dial, case_249_no_warm_up_with_an_open_circuit_or_during_drain) {
    pool_config config = pool_of(4);
    config.circuit_failures = 1;
    pool_script pool(config);
    EXPECT_EQ(pool.warm_up(1), "dial 0");
    EXPECT_EQ(pool.dial_failed(0), "close 0");
    EXPECT_EQ(pool.warm_up(1), "");
    EXPECT_FALSE(pool.warming());
    pool_script other(pool_of(4));
    EXPECT_EQ(other.warm_up(1), "dial 0");
    EXPECT_EQ(other.drain(), "");
    EXPECT_FALSE(other.warming());
    EXPECT_EQ(other.warm_up(2), "");
    EXPECT_EQ(other.dialed(0), "close 0");
}
