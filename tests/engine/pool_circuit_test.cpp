// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_script.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

// The circuit breaker: after repeated failed dials waiters are rejected instead of waiting for another dial.

using namespace std::chrono_literals;
using namespace yunhu;
using namespace yunhu::test;

namespace {

pool_config breaking_at(unsigned failures, std::size_t max_connections = 1) {
    pool_config config = pool_of(max_connections);
    config.circuit_failures = failures;
    config.circuit_reset_timeout = 5s;
    return config;
}

// Opens the circuit of a pool `breaking_at(3)`.
void open_circuit(pool_script& pool) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(pool.acquire("a"), "dial 0");
        EXPECT_EQ(pool.dial_failed(0), "close 0, reject a connect_failed");
    }
}

} // namespace

TEST(pool_circuit, case_212_opens_at_the_nth_failure_and_rejects_at_once) {
    pool_script pool(breaking_at(3));
    open_circuit(pool);
    EXPECT_EQ(pool.acquire("b"), "reject b circuit_open");
    pool.pass(5s - 1ns);
    EXPECT_EQ(pool.acquire("b"), "reject b circuit_open");
    EXPECT_EQ(pool.acquire("b", true), "reject b circuit_open");
    EXPECT_EQ(pool.acquire_new("f"), "reject f circuit_open");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
}

TEST(pool_circuit, case_212_rejects_waiters) {
    pool_script pool(breaking_at(2));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.acquire("d"), "");
    EXPECT_EQ(pool.dial_failed(0), "close 0, reject a connect_failed, dial 0");
    EXPECT_EQ(pool.dial_failed(0), "close 0, reject b connect_failed, reject c circuit_open, reject d circuit_open");
    EXPECT_EQ(pool.counts(), "0/0/0/0");
}

TEST(pool_circuit, case_212_one_probe_per_reset_timeout) {
    pool_script pool(breaking_at(3, 4));
    open_circuit(pool);
    for (int round = 0; round < 3; ++round) {
        pool.pass(5s);
        EXPECT_EQ(pool.acquire("p"), "dial 0");
        EXPECT_EQ(pool.acquire("b"), "reject b circuit_open") << "while the probe is in progress";
        pool.pass(1s);
        EXPECT_EQ(pool.dial_failed(0), "close 0, reject p connect_failed");
        pool.pass(5s - 1ns);
        EXPECT_EQ(pool.acquire("b"), "reject b circuit_open") << "the reset timeout starts again";
        pool.pass(-(5s - 1ns));
    }
}

TEST(pool_circuit, case_212_closes_on_success) {
    pool_script pool(breaking_at(3, 4));
    open_circuit(pool);
    pool.pass(5s);
    EXPECT_EQ(pool.acquire("p"), "dial 0");
    EXPECT_EQ(pool.dialed(0), "assign 0 p");
    EXPECT_EQ(pool.acquire("a"), "dial 1");
    EXPECT_EQ(pool.acquire("b"), "dial 2");
    // Failures are counted from 0 again.
    EXPECT_EQ(pool.dial_failed(1), "close 1, reject a connect_failed");
    EXPECT_EQ(pool.dial_failed(2), "close 2, reject b connect_failed");
    EXPECT_EQ(pool.acquire("c").substr(0, 5), "dial ");
}

TEST(pool_circuit, case_212_a_success_resets_the_count_of_failures) {
    pool_script pool(breaking_at(2));
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(pool.acquire("a"), "dial 0");
        EXPECT_EQ(pool.dial_failed(0), "close 0, reject a connect_failed");
        EXPECT_EQ(pool.acquire("a"), "dial 0");
        EXPECT_EQ(pool.dialed(0), "assign 0 a");
        EXPECT_EQ(pool.broken(0), "close 0");
    }
}

TEST(pool_circuit, case_212_a_probe_whose_waiter_was_cancelled_still_counts) {
    pool_script pool(breaking_at(3));
    open_circuit(pool);
    pool.pass(5s);
    EXPECT_EQ(pool.acquire("p"), "dial 0");
    EXPECT_EQ(pool.cancel("p"), "");
    EXPECT_EQ(pool.acquire("b"), "reject b circuit_open");
    EXPECT_EQ(pool.dialed(0), "");
    EXPECT_EQ(pool.acquire("b"), "assign 0 b");
}

TEST(pool_circuit, a_dial_in_progress_when_it_opens_may_close_it) {
    pool_script pool(breaking_at(2, 3));
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "dial 1");
    EXPECT_EQ(pool.acquire("c"), "dial 2");
    EXPECT_EQ(pool.dial_failed(0), "close 0, reject a connect_failed");
    EXPECT_EQ(pool.dial_failed(1), "close 1, reject b connect_failed");
    EXPECT_EQ(pool.acquire("d"), "reject d circuit_open");
    EXPECT_EQ(pool.dialed(2), "assign 2 c");
    EXPECT_EQ(pool.acquire("d").substr(0, 5), "dial ");
}

TEST(pool_circuit, when_it_closes_all_waiters_get_their_dials) {
    pool_config config = breaking_at(1, 4);
    config.max_connecting = 2;
    pool_script pool(config);
    EXPECT_EQ(pool.acquire("a"), "dial 0");
    EXPECT_EQ(pool.acquire("b"), "dial 1");
    EXPECT_EQ(pool.acquire("c"), "");
    EXPECT_EQ(pool.acquire("d"), "");
    EXPECT_EQ(pool.dial_failed(0), "close 0, reject a connect_failed");
    EXPECT_EQ(pool.dialed(1), "assign 1 b, dial 0, dial 2");
}

TEST(pool_circuit, open_connections_stay_in_use) {
    pool_script pool(breaking_at(2, 2));
    open_busy(pool, 1);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(pool.acquire("a"), "dial 1");
        EXPECT_EQ(pool.dial_failed(1), "close 1, reject a connect_failed");
    }
    EXPECT_EQ(pool.acquire("b"), "reject b circuit_open");
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.acquire("b"), "assign 0 b");
}

TEST(pool_circuit, disabled) {
    pool_script pool(breaking_at(0));
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(pool.acquire("a"), "dial 0");
        EXPECT_EQ(pool.dial_failed(0), "close 0, reject a connect_failed");
    }
}

TEST(pool_circuit, case_134_an_infinite_reset_timeout) {
    pool_config config = breaking_at(3);
    config.circuit_reset_timeout = std::chrono::nanoseconds::max();
    pool_script pool(config);
    open_circuit(pool);
    pool.pass(24h * 365);
    EXPECT_EQ(pool.acquire("b"), "reject b circuit_open");
}
