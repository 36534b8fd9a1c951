// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"

#include <chrono>
#include <string>

// The phases of a call's duration in `call_info::times`.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

TEST(times, connect_time_is_reported_by_the_first_call_on_a_connection) {
    client_fixture f;
    const auto begin = std::chrono::steady_clock::now();
    const call_result first = f.read("a");
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - begin;
    ASSERT_TRUE(ok(first));
    EXPECT_GT(first.times.connect, 0ns);
    EXPECT_GT(first.times.tls, 0ns);
    EXPECT_GE(first.times.queued, first.times.connect + first.times.tls); // it waited for its connection
    EXPECT_GT(first.times.first_byte, 0ns);
    EXPECT_LE(first.times.queued + first.times.first_byte, elapsed);

    const call_result second = f.read("b");
    ASSERT_TRUE(ok(second));
    EXPECT_EQ(second.times.connect, 0ns);
    EXPECT_EQ(second.times.tls, 0ns);
    EXPECT_GT(second.times.first_byte, 0ns);
}

TEST(times, first_byte_of_an_response_in_pieces) {
    client_fixture f;
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), gate("header sent"), stall()});
    const pending_call call = f.start_read("a");
    ASSERT_TRUE(f.run_until_gate("header sent"));
    f.run_ready();
    call.cancel();
    const call_result o = f.wait(call);
    EXPECT_EQ(o.phase, phase::body);
    EXPECT_GT(o.times.first_byte, 0ns);
}

TEST(times, first_byte_of_no_response) {
    client_fixture f;
    f.server.next_response({gate("asked"), stall()});
    const pending_call call = f.start_read("a");
    ASSERT_TRUE(f.run_until_gate("asked"));
    call.cancel();
    EXPECT_EQ(f.wait(call).times.first_byte, 0ns);
}

TEST(times, a_slow_response_counts_in_first_byte_and_in_the_next_calls_queued) {
    client_fixture f; // one connection
    ASSERT_TRUE(ok(f.read("warm")));
    f.server.next_response({wait(30ms), response_ok()});
    const auto before = std::chrono::steady_clock::now();
    const pending_call slow = f.start_read("a");
    const pending_call behind = f.start_read("b");
    const auto between = std::chrono::steady_clock::now() - before;
    const call_result first = f.wait(slow);
    const call_result second = f.wait(behind);
    ASSERT_TRUE(ok(first));
    ASSERT_TRUE(ok(second));
    EXPECT_GE(first.times.first_byte, 30ms);
    EXPECT_GE(second.times.queued + between, first.times.first_byte);
}

} // namespace
} // namespace yunhu::test
