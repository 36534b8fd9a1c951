// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

// Group Q: shutdown and destruction of clients.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

/// The number of calls that `async_shutdown` aborted.
std::optional<std::size_t> shut_down(client_fixture& f, std::chrono::nanoseconds deadline) {
    std::optional<std::size_t> cut;
    f.client().async_shutdown(deadline, [&cut](std::size_t n) { cut = n; });
    (void)f.run_until([&cut] { return cut.has_value(); });
    return cut;
}

/// Flags of the descriptors that are connected to that port of this machine.
std::vector<int> descriptor_flags(std::uint16_t peer_port) {
    std::vector<int> all;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int fd = std::stoi(entry.path().filename().string());
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 && peer.sin_family == AF_INET &&
            ntohs(peer.sin_port) == peer_port) {
            all.push_back(::fcntl(fd, F_GETFD));
        }
    }
    return all;
}

// A live connection carries the token.
TEST(life_cycle, a_started_program_does_not_inherit_connections) {
    client_fixture f;
    f.server.next_response({response_ok()});
    EXPECT_TRUE(ok(f.send("a")));
    const std::vector<int> flags = descriptor_flags(f.server.port());
    ASSERT_EQ(flags.size(), 1U);
    EXPECT_EQ(flags.front() & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(life_cycle, case_244_shutdown_waits_for_running_calls) {
    client_fixture f;
    f.server.next_response({gate("busy"), response_ok()});
    const pending_call running = f.start_send("a");
    const pending_call queued = f.start_send("b");
    ASSERT_TRUE(f.run_until_gate("busy"));
    std::optional<std::size_t> cut;
    f.client().async_shutdown(20s, [&cut](std::size_t n) { cut = n; });
    const call_result late = f.send("c");
    EXPECT_TRUE(failed(late, errc::client_closed, delivery::not_sent));
    EXPECT_FALSE(cut);
    f.server.open_gate("busy");
    ASSERT_TRUE(f.run_until([&cut] { return cut.has_value(); }));
    EXPECT_EQ(cut, 0U);
    EXPECT_TRUE(ok(f.wait(running)));
    EXPECT_TRUE(ok(f.wait(queued)));
    EXPECT_EQ(f.seen("c"), 0U);
    EXPECT_TRUE(f.run_until_closed(1));
    EXPECT_EQ(shut_down(f, 0s), 0U) << "again";
    EXPECT_TRUE(failed(f.read("d"), errc::client_closed, delivery::not_sent));
}

TEST(life_cycle, case_244_shutdown_aborts_calls_at_its_deadline) {
    for (const auto deadline :
         {std::chrono::nanoseconds(1ms), std::chrono::nanoseconds(0), std::chrono::nanoseconds(-1)}) {
        client_fixture f;
        f.server.next_response({expect_eof()});
        const pending_call running = f.start_send("a");
        const pending_call queued = f.start_send("b");
        ASSERT_TRUE(f.run_until_seen([](const fault_journal& journal) { return journal.request_count == 1; }));
        EXPECT_EQ(shut_down(f, deadline), 2U);
        EXPECT_TRUE(unknown(f.wait(running), errc::client_closed));
        EXPECT_TRUE(failed(f.wait(queued), errc::client_closed, delivery::not_sent));
        EXPECT_TRUE(f.run_until_closed(1));
        EXPECT_EQ(f.server.accepted(), 1U) << "no connection is opened for an aborted call";
        EXPECT_EQ(shut_down(f, 1h), 0U);
    }
}

// The thread that runs the client does other work until the server has sent the response and the deadline has passed.
TEST(life_cycle, case_244_a_response_that_arrived_before_the_deadline_counts) {
    for (const auto deadline : {std::chrono::nanoseconds(0), std::chrono::nanoseconds(200ms)}) {
        client_fixture f;
        f.server.open_gate("sent");
        f.server.next_response({gate("received"), response_ok(), gate("sent")});
        const pending_call answered = f.start_send("a");
        ASSERT_TRUE(f.run_until_gate("received"));
        std::optional<std::size_t> cut;
        f.client().async_shutdown(deadline, [&cut](std::size_t n) { cut = n; });
        const auto due = std::chrono::steady_clock::now() + deadline;
        f.server.open_gate("received");
        ASSERT_TRUE(f.server.wait_for_gate("sent"));
        std::this_thread::sleep_until(due);
        ASSERT_TRUE(f.run_until([&cut] { return cut.has_value(); }));
        EXPECT_TRUE(ok(f.wait(answered)));
        EXPECT_EQ(cut, 0U);
    }
}

// A failed attempt that such a response ends is not repeated.
TEST(life_cycle, case_244_no_retry_is_started_after_the_deadline) {
    client_fixture f;
    f.config.retry.base = 1h;
    f.config.retry.cap = 1h;
    f.config.timeout = 24h;
    f.server.open_gate("sent");
    f.server.next_response({gate("received"), send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), gate("sent")});
    const pending_call call = f.start_read("a");
    ASSERT_TRUE(f.run_until_gate("received"));
    std::optional<std::size_t> cut;
    f.client().async_shutdown(0s, [&cut](std::size_t n) { cut = n; });
    f.server.open_gate("received");
    ASSERT_TRUE(f.server.wait_for_gate("sent"));
    ASSERT_TRUE(f.run_until([&cut] { return cut.has_value(); }));
    EXPECT_EQ(cut, 1U);
    EXPECT_TRUE(failed(f.wait(call), errc::client_closed, delivery::answered));
}

TEST(life_cycle, case_244_a_cancelled_shutdown_aborts_calls_at_once) {
    client_fixture f;
    f.server.next_response({gate("busy"), response_ok()});
    const pending_call running = f.start_send("a");
    const pending_call queued = f.start_send("b");
    ASSERT_TRUE(f.run_until_gate("busy"));
    boost::asio::cancellation_signal stop;
    std::optional<std::size_t> cut;
    f.client().async_shutdown(1h, boost::asio::bind_cancellation_slot(stop.slot(), [&cut](std::size_t n) { cut = n; }));
    f.run_ready();
    EXPECT_FALSE(cut);
    stop.emit(boost::asio::cancellation_type::terminal);
    ASSERT_TRUE(f.run_until([&cut] { return cut.has_value(); }));
    EXPECT_EQ(cut, 2U);
    EXPECT_TRUE(unknown(f.wait(running), errc::client_closed));
    EXPECT_TRUE(failed(f.wait(queued), errc::client_closed, delivery::not_sent));
    EXPECT_TRUE(f.run_until_closed(1)) << "the busy connection too";
}

// A call's backoff ends while the client is shut down, with an open circuit.
TEST(life_cycle, case_244_shutdown_races_with_the_end_of_a_backoff) {
    for (int i = 0; i < 50; ++i) {
        client_fixture f;
        f.config.pool.circuit_failures = 1;
        f.config.retry.base = 0s;
        f.server.stop_listening();
        const std::vector<pending_call> calls{f.start_send("a"), f.start_send("b"), f.start_send("c")};
        f.context.restart();
        for (int steps = 0; steps < i / 5; ++steps) {
            f.context.run_one_for(1ms);
        }
        ASSERT_TRUE(shut_down(f, 0s));
        for (const pending_call& call : calls) {
            ASSERT_EQ(f.wait(call).delivery, delivery::not_sent);
        }
    }
}

TEST(life_cycle, case_246_a_handler_destroys_the_client) {
    for (const bool good : {true, false}) {
        fault_server_options options;
        options.body = &echo_id;
        fault_server server(std::move(options));
        if (!good) {
            server.every_connection({expect_request(), close()});
        }
        boost::asio::io_context context;
        client_config config(secret("token"));
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        config.pool.max_connections = 1;
        auto bot = std::make_unique<yunhu::client>(context, config);
        std::size_t ended = 0;
        for (int i = 0; i < 5; ++i) {
            bot->send_message({group("big"), text("hello")}, [&](error_code, const sent_message&) {
                ++ended;
                bot.reset();
            });
        }
        context.run_for(fault_log::wait_limit);
        EXPECT_TRUE(context.stopped());
        EXPECT_EQ(ended, 5U);
        EXPECT_LE(server.request_count(), 2U);
        EXPECT_TRUE(server.wait_until([](const fault_journal& journal) { return journal.open() == 0; }));
    }
}

TEST(life_cycle, case_246_a_handler_starts_a_call_and_then_destroys_the_client) {
    fault_server server;
    boost::asio::io_context context;
    client_config config(secret("token"));
    config.base_url = server.base_url();
    config.tls.ca_pem = server.ca_pem();
    std::optional<yunhu::client> bot(std::in_place, context, config);
    std::size_t ended = 0;
    bot->send_message({group("big"), text("hello")}, [&](error_code, const sent_message&) {
        bot->send_message({group("big"), text("hello")}, [&](error_code code, const sent_message&) {
            EXPECT_TRUE(code == errc::client_closed || code == errc::outcome_unknown) << code;
            ++ended;
        });
        bot.reset();
        ++ended;
    });
    context.run_for(fault_log::wait_limit);
    EXPECT_TRUE(context.stopped());
    EXPECT_EQ(ended, 2U);
    EXPECT_LE(server.request_count(), 2U);
}

TEST(life_cycle, case_247_close_notify_is_sent_and_the_peers_is_not_awaited) {
    client_fixture f;
    f.server.next_response({response_ok(), gate("deaf"), hold_open()});
    ASSERT_TRUE(ok(f.send("a")));
    EXPECT_EQ(shut_down(f, 20s), 0U);
    EXPECT_EQ(f.client().stats().connections, 0U);
    f.server.open_gate("deaf");
    client_fixture polite;
    ASSERT_TRUE(ok(polite.send("a")));
    EXPECT_EQ(shut_down(polite, 20s), 0U);
    ASSERT_TRUE(polite.server.wait_for_close(1));
    EXPECT_TRUE(polite.server.connection(1).close_notify);
    EXPECT_TRUE(polite.server.connection(1).fin);
    EXPECT_FALSE(polite.server.connection(1).reset);
}

/// The number of open connections that `async_warm_up` reports.
std::optional<std::size_t> warm_up(client_fixture& f, std::size_t connections) {
    std::optional<std::size_t> open;
    f.client().async_warm_up(connections, [&open](std::size_t n) { open = n; });
    EXPECT_FALSE(open) << "never called inline";
    (void)f.run_until([&open] { return open.has_value(); });
    return open;
}

TEST(life_cycle, case_249_warm_up) {
    client_fixture f;
    f.config.pool.max_connections = 3;
    EXPECT_EQ(warm_up(f, 2), 2U);
    EXPECT_EQ(f.client().stats().idle, 2U);
    EXPECT_EQ(f.client().stats().handshakes, 2U);
    EXPECT_EQ(warm_up(f, 2), 2U) << "already open";
    EXPECT_EQ(warm_up(f, 9), 3U) << "at most max_connections";
    EXPECT_EQ(warm_up(f, 0), 3U);
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_EQ(f.client().stats().handshakes, 3U);
}

TEST(life_cycle, case_249_warm_up_over_shards) {
    client_fixture f;
    f.config.pool.max_connections = 2;
    f.config.shards = 2;
    EXPECT_EQ(warm_up(f, 3), 3U);
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.client().stats().handshakes, 3U);
}

TEST(life_cycle, case_249_a_failed_warm_up_is_no_error) {
    client_fixture f;
    f.config.pool.max_connections = 3;
    f.config.pool.max_connecting = 1;
    f.server.next_connection({});
    f.server.next_connection({read_client_hello(), rst()});
    EXPECT_EQ(warm_up(f, 3), 1U);
    EXPECT_EQ(f.client().stats().connects_failed, 1U);
    f.server.stop_listening();
    EXPECT_EQ(warm_up(f, 3), 1U);
    f.server.listen_again();
    EXPECT_TRUE(f.follow_up());
}

TEST(life_cycle, case_249_a_cancelled_warm_up_continues_to_connect) {
    client_fixture f;
    boost::asio::cancellation_signal signal;
    std::optional<std::size_t> open;
    f.server.next_connection({read_client_hello(), gate("hello")});
    f.client().async_warm_up(1,
                             boost::asio::bind_cancellation_slot(signal.slot(), [&open](std::size_t n) { open = n; }));
    ASSERT_TRUE(f.run_until_gate("hello"));
    signal.emit(boost::asio::cancellation_type::total);
    ASSERT_TRUE(f.run_until([&open] { return open.has_value(); }));
    EXPECT_EQ(open, 0U);
    f.server.open_gate("hello");
    ASSERT_TRUE(f.run_until([&f] { return f.client().stats().idle == 1; }));
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.client().stats().handshakes, 1U);
}

TEST(life_cycle, case_249_a_cancelled_warm_up_ends_no_other_one) {
    client_fixture f;
    boost::asio::cancellation_signal signal;
    std::optional<std::size_t> first;
    std::optional<std::size_t> second;
    f.server.next_connection({read_client_hello(), gate("hello")});
    f.client().async_warm_up(1, boost::asio::bind_cancellation_slot(signal.slot(), [&](std::size_t n) { first = n; }));
    f.client().async_warm_up(1, [&](std::size_t n) { second = n; });
    ASSERT_TRUE(f.run_until_gate("hello"));
    signal.emit(boost::asio::cancellation_type::total);
    signal.emit(boost::asio::cancellation_type::total);
    ASSERT_TRUE(f.run_until([&first] { return first.has_value(); }));
    f.run_ready();
    EXPECT_EQ(first, 0U);
    EXPECT_FALSE(second.has_value());
    f.server.open_gate("hello");
    ASSERT_TRUE(f.run_until([&second] { return second.has_value(); }));
    EXPECT_EQ(second, 1U);
}

TEST(life_cycle, case_249_shutdown_and_destruction_end_a_warm_up) {
    for (const bool shut : {true, false}) {
        client_fixture f;
        std::optional<std::size_t> open;
        f.server.next_connection({read_client_hello(), gate("hello")});
        f.client().async_warm_up(1, [&open](std::size_t n) { open = n; });
        ASSERT_TRUE(f.run_until_gate("hello"));
        if (shut) {
            EXPECT_EQ(shut_down(f, 20s), 0U);
        } else {
            f.close_client();
        }
        ASSERT_TRUE(f.run_until([&open] { return open.has_value(); }));
        EXPECT_EQ(open, 0U);
        f.server.open_gate("hello");
    }
}

} // namespace
} // namespace yunhu::test
