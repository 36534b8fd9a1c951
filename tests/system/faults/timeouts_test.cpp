// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include "sockets.hpp"
#include "support/resolver_double.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Group G: each phase has a timeout, and a connection that timed out is not reused.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

fault_server_options named(const std::string& host) {
    fault_server_options options;
    options.certificate.dns_names = {host};
    return options;
}

TEST(timeouts, case_126_no_response_to_syn) {
    resolver_double names;
    client_fixture f(named("server.test"));
    const black_hole syn_sink(false, f.server.port(), 2);
    names.set("server.test", {"127.0.0.2"});
    f.config.base_url = f.server.base_url("server.test");
    f.config.pool.connect_timeout = 500ms;
    EXPECT_TRUE(failed(f.read("a"), errc::timed_out, delivery::not_sent, phase::connect));
    EXPECT_TRUE(failed(f.send("b"), errc::timed_out, delivery::not_sent, phase::connect));
    EXPECT_EQ(f.server.accepted(), 0U);
    names.set("server.test", {"127.0.0.1"});
    EXPECT_TRUE(f.follow_up());
    EXPECT_TRUE(f.reuses());
}

TEST(timeouts, case_127_no_server_hello) {
    client_fixture f;
    f.config.pool.connect_timeout = 1s;
    f.server.next_connection({read_client_hello(), stall()});
    EXPECT_TRUE(failed(f.send("a"), errc::timed_out, delivery::not_sent, phase::tls));
    EXPECT_EQ(f.seen("a"), 0U);
    EXPECT_TRUE(f.renews()) << "its slot in the pool is free";
    EXPECT_TRUE(f.reuses());
}

TEST(timeouts, case_127_the_calls_own_deadline_in_the_handshake) {
    client_fixture f;
    f.server.next_connection({read_client_hello(), gate("hello")});
    const call_result late = f.send("a", within(300ms));
    EXPECT_TRUE(failed(late, errc::timed_out, delivery::not_sent));
    f.server.open_gate("hello");
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.seen("a"), 0U);
    EXPECT_EQ(f.server.accepted(), 1U) << "the connection attempt continued";
}

TEST(timeouts, case_129_header_section_without_its_body) {
    client_fixture f;
    f.config.pool.response_timeout = 500ms;
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"), stall()});
    EXPECT_TRUE(failed(f.read("a"), errc::timed_out, delivery::answered, phase::body));
    EXPECT_EQ(f.seen("a"), 1U);
    EXPECT_TRUE(f.renews());
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), stall()});
    EXPECT_TRUE(failed(f.send("b"), errc::timed_out, delivery::answered, phase::body));
    EXPECT_EQ(f.seen("b"), 1U);
    EXPECT_TRUE(f.renews());
}

TEST(timeouts, case_129_no_response_at_all) {
    client_fixture f;
    f.config.pool.response_timeout = 500ms;
    f.server.next_response({stall()});
    EXPECT_TRUE(failed(f.read("a", once()), errc::timed_out, delivery::maybe_sent, phase::first_byte));
    EXPECT_TRUE(f.renews());
    f.server.next_response({stall()});
    EXPECT_TRUE(ok(f.read("b"))) << "a safe call has time for another attempt";
    EXPECT_EQ(f.seen("b"), 2U);
    f.server.next_response({stall()});
    EXPECT_TRUE(unknown(f.send("c"), errc::timed_out));
    EXPECT_EQ(f.seen("c"), 1U);
    EXPECT_TRUE(f.renews());
}

/// The test's thread, which runs the client, does other work until the server has sent `responses` responses and the
/// timeouts of their calls have passed.
void block_the_loop(client_fixture& f, std::size_t responses, std::chrono::steady_clock::time_point due) {
    ASSERT_TRUE(f.server.wait_for_gate("sent", responses));
    std::this_thread::sleep_until(due);
}

/// Opens connections that serve no call; the socket of each is still waited for.
void open_unused(client_fixture& f, std::size_t connections) {
    std::optional<std::size_t> open;
    f.client().async_warm_up(connections, [&open](std::size_t n) { open = n; });
    ASSERT_TRUE(f.run_until([&open] { return open.has_value(); }));
    ASSERT_EQ(open, connections);
}

// Responses that had arrived when the timeout passed are not lost, although the client looks at the clock only later.
// 140 connections: more events than Asio takes from the kernel at once.
TEST(timeouts, a_response_that_arrived_while_the_loop_was_blocked_counts) {
    for (const std::size_t calls : {1U, 8U, 140U}) {
        for (const bool used : {true, false}) {
            SCOPED_TRACE(std::to_string(calls) + (used ? " used connections" : " unused connections"));
            fault_server_options options;
            options.tls = calls < 100;
            client_fixture f(std::move(options));
            f.config.pool.max_connections = calls;
            f.config.pool.max_connecting = calls;
            f.server.open_gate("sent");
            if (used) {
                open_idle(f, calls);
            } else {
                open_unused(f, calls);
            }
            std::vector<pending_call> started;
            for (std::size_t i = 0; i < calls; ++i) { // sent at once, by this thread
                f.server.next_response({response_ok(), gate("sent")});
                started.push_back(f.start_send("s" + std::to_string(i), within(200ms)));
            }
            block_the_loop(f, calls, std::chrono::steady_clock::now() + 200ms);
            for (const pending_call& call : started) {
                EXPECT_TRUE(ok(f.wait(call)));
            }
            EXPECT_TRUE(f.follow_up());
            EXPECT_EQ(f.server.accepted(), calls);
        }
    }
}

TEST(timeouts, a_part_of_a_response_that_arrived_while_the_loop_was_blocked_is_answered) {
    client_fixture f;
    ASSERT_TRUE(f.follow_up());
    f.server.open_gate("sent");
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"), gate("sent"), stall()});
    const pending_call call = f.start_send("a", within(200ms));
    block_the_loop(f, 1, std::chrono::steady_clock::now() + 200ms);
    EXPECT_TRUE(failed(f.wait(call), errc::timed_out, delivery::answered, phase::body));
    EXPECT_TRUE(f.renews());
}

TEST(timeouts, case_131_the_server_does_not_read) {
    fault_server_options options;
    options.receive_buffer = 4096;
    client_fixture f(std::move(options));
    f.config.pool.response_timeout = 1s;
    f.server.next_connection({handshake(), stall()});
    const call_result stuck = send_text(f, "a", 8U << 20U);
    EXPECT_TRUE(unknown(stuck, errc::timed_out));
    EXPECT_EQ(stuck.phase, phase::write);
    EXPECT_EQ(f.server.request_count(), 0U);
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.server.accepted(), 2U);
}

TEST(timeouts, case_132_the_deadline_has_passed) {
    client_fixture f;
    for (const auto time :
         {std::chrono::nanoseconds(0), std::chrono::nanoseconds(-1), std::chrono::nanoseconds::min()}) {
        EXPECT_TRUE(failed(f.read("a", within(time)), errc::timed_out, delivery::not_sent));
        EXPECT_TRUE(failed(f.send("b", within(time)), errc::timed_out, delivery::not_sent));
    }
    EXPECT_EQ(f.client().stats().connects_started, 0U);
    EXPECT_EQ(f.server.accepted(), 0U);
    ASSERT_TRUE(f.follow_up());
    EXPECT_TRUE(failed(f.send("c", within(0s)), errc::timed_out, delivery::not_sent));
    EXPECT_EQ(f.seen("c"), 0U);
    EXPECT_TRUE(f.reuses());
}

TEST(timeouts, case_134_infinite_timeouts) {
    constexpr auto ever = std::chrono::nanoseconds::max();
    client_fixture f;
    f.config.timeout = ever;
    f.config.pool.connect_timeout = ever;
    f.config.pool.response_timeout = ever;
    f.config.pool.idle_timeout = ever;
    f.config.pool.max_connection_age = ever;
    f.config.retry.cap = ever;
    EXPECT_TRUE(ok(f.read("a", within(ever))));
    EXPECT_TRUE(ok(f.send("b", within(ever))));
    EXPECT_TRUE(f.reuses());
}

TEST(timeouts, case_136_the_resolver_is_slow) {
    resolver_double names;
    client_fixture f(named("slow.test"));
    names.set("slow.test", {"127.0.0.1"});
    names.block();
    f.config.base_url = f.server.base_url("slow.test");
    f.config.pool.connect_timeout = 500ms;
    EXPECT_TRUE(failed(f.send("a", once()), errc::timed_out, delivery::not_sent, phase::resolve));
    names.release(); // the late result has no waiter
    ASSERT_TRUE(f.run_until([&names] { return names.answered() == 1; }));
    f.run_ready();
    EXPECT_EQ(f.server.accepted(), 0U);
    EXPECT_TRUE(f.follow_up());
    EXPECT_TRUE(f.reuses());
}

TEST(timeouts, case_136_the_client_is_destroyed_while_resolving) {
    resolver_double names;
    client_fixture f(named("slow.test"));
    names.set("slow.test", {"127.0.0.1"});
    names.block();
    f.config.base_url = f.server.base_url("slow.test");
    const pending_call call = f.start_send("a");
    ASSERT_TRUE(f.run_until([&names] { return names.queries() == 1; }));
    f.close_client();
    EXPECT_TRUE(failed(f.wait(call), errc::client_closed, delivery::not_sent));
    names.release();
    EXPECT_EQ(f.server.accepted(), 0U);
}

TEST(timeouts, case_136_the_context_is_destroyed_while_resolving) {
    resolver_double names;
    client_fixture f(named("slow.test"));
    names.set("slow.test", {"127.0.0.1"});
    names.block();
    f.config.base_url = f.server.base_url("slow.test");
    bool handled = false;
    {
        boost::asio::io_context own;
        yunhu::client bot(own, f.config);
        bot.send_message({group("big"), text("x"), "a"},
                         [&handled](error_code /*ec*/, const sent_message& /*sent*/) { handled = true; });
        own.poll();
        ASSERT_TRUE(f.run_until([&names] { return names.queries() == 1; }));
    } // does not wait for the thread of the resolver
    EXPECT_EQ(names.answered(), 0U);
    EXPECT_FALSE(handled);
    names.release();
    ASSERT_TRUE(f.run_until([&names] { return names.answered() == 1; }));
    EXPECT_EQ(f.server.accepted(), 0U);
}

TEST(timeouts, case_136_a_cancelled_call_while_resolving) {
    resolver_double names;
    client_fixture f(named("slow.test"));
    names.set("slow.test", {"127.0.0.1"});
    names.block();
    f.config.base_url = f.server.base_url("slow.test");
    const pending_call call = f.start_send("a");
    ASSERT_TRUE(f.run_until([&names] { return names.queries() == 1; }));
    call.cancel();
    EXPECT_TRUE(failed(f.wait(call), boost::asio::error::operation_aborted, delivery::not_sent));
    names.release();
    EXPECT_TRUE(f.follow_up()) << "its connection";
    EXPECT_EQ(f.seen("a"), 0U);
}

TEST(timeouts, case_136_a_slow_name_does_not_delay_another_client_of_the_context) {
    resolver_double names;
    fault_server_options options = named("slow.test");
    options.certificate.dns_names.emplace_back("quick.test");
    client_fixture f(std::move(options));
    names.set("slow.test", {"127.0.0.1"});
    names.set("quick.test", {"127.0.0.1"});
    names.block("slow.test");
    f.config.base_url = f.server.base_url("slow.test");
    const pending_call slow = f.start_send("slow");
    ASSERT_TRUE(f.run_until([&names] { return names.queries("slow.test") == 1; }));
    client_config config = f.config;
    config.base_url = f.server.base_url("quick.test");
    std::optional<error_code> quick;
    const yunhu::client other(f.context, config);
    other.send_message({group("big"), text("x"), "quick"},
                       [&quick](error_code ec, const sent_message& /*sent*/) { quick = ec; });
    ASSERT_TRUE(f.run_until([&quick] { return quick.has_value(); }));
    EXPECT_EQ(*quick, error_code());
    EXPECT_FALSE(slow.done());
    names.release();
    EXPECT_TRUE(ok(f.wait(slow)));
}

// Without locks in the context no other thread may post to it.
TEST(timeouts, a_context_without_locks_resolves_names) {
    resolver_double names;
    client_fixture f(named("server.test"));
    names.set("server.test", {"127.0.0.1"});
    f.config.base_url = f.server.base_url("server.test");
    std::optional<error_code> end;
    boost::asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    std::optional<yunhu::client> bot(std::in_place, context, f.config);
    bot->send_message({group("big"), text("x"), "a"}, [&](error_code ec, const sent_message& /*sent*/) {
        end = ec;
        bot.reset();
    });
    context.run_for(fault_log::wait_limit);
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(*end, error_code());
    EXPECT_EQ(f.seen("a"), 1U);
}

TEST(timeouts, case_137_retries_end_before_the_deadline) {
    const std::string busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    client_fixture f;
    f.config.retry.max_attempts = 1000;
    f.config.retry.budget_per_second = 1e6;
    f.server.every_connection({loop({expect_request(), send(busy)})});
    const auto start = std::chrono::steady_clock::now();
    const call_result end = f.read("a", within(700ms));
    EXPECT_TRUE(end.code == errc::server_error || end.code == errc::timed_out) << end;
    EXPECT_LT(end.attempts, 1000U);
    EXPECT_GT(end.attempts, 1U);
    if (end.code == errc::timed_out) {
        EXPECT_GE(std::chrono::steady_clock::now() - start, 700ms);
    }
}

TEST(timeouts, case_137_a_backoff_beyond_the_deadline_is_not_started) {
    client_fixture f;
    f.server.next_response(
        {send("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")});
    EXPECT_TRUE(failed(f.read("a"), errc::server_error, delivery::answered));
    EXPECT_EQ(f.seen("a"), 1U);
    EXPECT_TRUE(f.reuses());
}

} // namespace
} // namespace yunhu::test
