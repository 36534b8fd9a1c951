// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <ctime>

// Group L: responses that ask for a later retry, the bounds on retries, and unreachable servers.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

std::string status(const std::string& line, const std::string& fields = {}) {
    return "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n" + fields + "\r\n";
}

TEST(retries, case_201_503_twice_then_200) {
    client_fixture f;
    for (int i = 0; i < 2; ++i) {
        f.server.next_response({send(status("503 Service Unavailable"))});
    }
    EXPECT_TRUE(ok(f.read("a")));
    EXPECT_EQ(f.seen("a"), 3U);
    f.server.next_response({send(status("503 Service Unavailable"))});
    EXPECT_TRUE(failed(f.send("b"), errc::server_error, delivery::answered));
    EXPECT_EQ(f.seen("b"), 1U);
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.server.accepted(), 1U);
}

/// The duration of a call that gets one 429 with these fields.
std::chrono::nanoseconds pause_after(const std::string& fields, std::chrono::nanoseconds base) {
    client_fixture f;
    f.config.retry.throttled_base = base;
    f.server.next_response({send(status("429 Too Many Requests", fields))});
    const auto start = std::chrono::steady_clock::now();
    const call_result end = f.send("a");
    EXPECT_TRUE(ok(end));
    EXPECT_EQ(end.attempts, 2U) << "a 429 counts as an attempt";
    EXPECT_EQ(f.seen("a"), 2U) << "the first request was refused";
    EXPECT_TRUE(f.reuses());
    return std::chrono::steady_clock::now() - start;
}

std::string http_date(std::chrono::system_clock::time_point at) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

TEST(retries, case_202_retry_after) {
    EXPECT_GE(pause_after("Retry-After: 1\r\n", 0s), 1s);
    EXPECT_GE(pause_after("Retry-After: " + http_date(std::chrono::system_clock::now() + 2s) + "\r\n", 0s), 900ms);
}

TEST(retries, case_202_retry_after_without_a_pause) {
    for (const char* const value : {"0", "Sun, 06 Nov 1994 08:49:37 GMT", "soon", "-1", "-3600", "1e9", ""}) {
        SCOPED_TRACE(value);
        (void)pause_after(std::string("Retry-After: ") + value + "\r\n", 0s);
    }
}

TEST(retries, case_202_retry_after_beyond_the_deadline) {
    client_fixture f;
    f.server.next_response({send(status("429 Too Many Requests", "Retry-After: 31\r\n"))});
    EXPECT_TRUE(failed(f.send("a"), errc::throttled, delivery::answered));
    EXPECT_EQ(f.seen("a"), 1U);
    EXPECT_TRUE(f.reuses());
}

// The outcome of the second attempt counts: the first request was refused.
TEST(retries, case_202_a_non_idempotent_call_that_is_lost_after_a_refusal) {
    client_fixture f;
    f.config.retry.throttled_base = 0s;
    f.server.next_response({send(status("429 Too Many Requests"))});
    f.server.next_response({close()});
    EXPECT_TRUE(failed(f.send("a"), errc::outcome_unknown, delivery::maybe_sent));
    EXPECT_EQ(f.seen("a"), 2U);
    EXPECT_TRUE(f.renews());
}

TEST(retries, case_204_connect_refused_twice_then_up) {
    for (const bool non_idempotent : {true, false}) {
        client_fixture f;
        f.server.stop_listening();
        const pending_call call = non_idempotent ? f.start_send("a") : f.start_read("a");
        ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connects_failed == 2; }));
        EXPECT_FALSE(call.done());
        f.server.listen_again();
        const call_result end = f.wait(call);
        EXPECT_TRUE(ok(end));
        EXPECT_EQ(end.attempts, 1U) << "assigned a connection once";
        EXPECT_EQ(f.seen("a"), 1U);
        EXPECT_TRUE(f.reuses());
    }
}

TEST(retries, case_204_connect_refused_until_max_attempts) {
    client_fixture f;
    f.server.stop_listening();
    EXPECT_TRUE(failed(f.send("a"), errc::connect_failed, delivery::not_sent, phase::connect));
    EXPECT_EQ(f.client().stats().connects_failed, 3U);
    f.server.listen_again();
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.seen("a"), 0U);
}

TEST(retries, case_206_retries_are_a_share_of_successes) {
    constexpr std::size_t calls = 300;
    client_fixture f;
    f.config.retry.base = 0s;
    f.config.retry.max_attempts = 10;
    f.config.retry.budget_per_second = 0;
    f.config.retry.budget_ratio = 0.2;
    f.server.every_connection({loop({expect_request(), send(status("500 Internal Server Error"))})});
    for (std::size_t i = 0; i < calls; ++i) {
        EXPECT_TRUE(failed(f.read(std::to_string(i)), errc::server_error, delivery::answered));
    }
    const std::size_t saved = 10; // before the first failure
    EXPECT_EQ(f.server.request_count(), calls + saved) << "without successes only the saved retries";
    EXPECT_EQ(f.server.accepted(), 1U);
}

TEST(retries, case_207_successes_refill_the_budget) {
    client_fixture f;
    f.config.retry.base = 0s;
    f.config.retry.max_attempts = 100;
    f.config.retry.budget_per_second = 0;
    f.config.retry.budget_ratio = 0.5;
    const auto fails = [&f](const std::string& id, std::size_t responses) {
        for (std::size_t i = 0; i < responses; ++i) {
            f.server.next_response({send(status("500 Internal Server Error"))});
        }
        return f.read(id);
    };
    EXPECT_TRUE(failed(fails("a", 11), errc::server_error, delivery::answered));
    EXPECT_EQ(f.seen("a"), 11U) << "all saved retries";
    EXPECT_TRUE(failed(fails("b", 1), errc::server_error, delivery::answered));
    EXPECT_EQ(f.seen("b"), 1U) << "the budget is empty";
    ASSERT_TRUE(f.follow_up());
    ASSERT_TRUE(f.follow_up());
    EXPECT_TRUE(ok(fails("c", 1))) << "two successes pay for one retry";
    EXPECT_EQ(f.seen("c"), 2U);
    EXPECT_TRUE(f.reuses());
}

TEST(retries, case_209_cancelled_during_backoff) {
    client_fixture f;
    f.config.timeout = 24h;
    f.server.next_response({send(status("503 Service Unavailable", "Retry-After: 3600\r\n"))});
    const pending_call call = f.start_read("a");
    ASSERT_TRUE(f.run_until([&f] { return f.client().stats().idle == 1; }));
    EXPECT_FALSE(call.done());
    call.cancel();
    EXPECT_TRUE(failed(f.wait(call), boost::asio::error::operation_aborted, delivery::answered, phase::backoff));
    EXPECT_EQ(f.seen("a"), 1U);
    EXPECT_TRUE(f.reuses());
    // The fixture's destructor checks that no timer is pending.
}

TEST(retries, case_211_refused_by_the_api) {
    client_fixture f;
    for (const char* const id : {"a", "b"}) {
        const bool non_idempotent = id[0] == 'a';
        const std::string refused =
            non_idempotent ? std::string("\x0a\x05\x10\xea\x07\x1a\x00", 7) : R"({"code":1002,"msg":"no","data":{}})";
        f.server.next_response({send(http_ok(refused))});
        const call_result end = non_idempotent ? f.send(id) : f.read(id);
        EXPECT_TRUE(failed(end, errc::refused, delivery::answered));
        EXPECT_EQ(end.api_code, 1002);
        EXPECT_EQ(f.seen(id), 1U);
        EXPECT_TRUE(f.reuses());
    }
    EXPECT_EQ(f.client().stats().retries, 0U);
}

TEST(retries, case_212_the_circuit_opens_probes_and_closes) {
    client_fixture f;
    f.config.pool.circuit_failures = 20;
    f.config.pool.circuit_reset_timeout = 1h;
    f.config.timeout = 24h;
    f.server.stop_listening();
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(failed(f.send("down-" + std::to_string(i), once()), errc::connect_failed, delivery::not_sent));
    }
    f.server.listen_again();
    for (int i = 0; i < 5; ++i) {
        const pending_call call = f.start_send("open-" + std::to_string(i));
        f.run_ready();
        ASSERT_TRUE(call.done()) << "at once";
        EXPECT_TRUE(failed(call.get(), errc::circuit_open, delivery::not_sent));
    }
    EXPECT_EQ(f.client().stats().connects_started, 20U);
    EXPECT_EQ(f.server.accepted(), 0U);
}

TEST(retries, case_212_one_probe_at_a_time) {
    client_fixture f;
    f.config.pool.max_connections = 10;
    f.config.pool.circuit_failures = 2;
    f.config.pool.circuit_reset_timeout = 0s; // over at once
    f.server.stop_listening();
    for (int i = 0; i < 2; ++i) {
        EXPECT_TRUE(failed(f.send("down-" + std::to_string(i), once()), errc::connect_failed, delivery::not_sent));
    }
    f.server.listen_again();
    f.server.next_connection({read_client_hello(), gate("probe")});
    const pending_call probe = f.start_send("probe");
    ASSERT_TRUE(f.run_until_gate("probe"));
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(failed(f.send("beside-" + std::to_string(i)), errc::circuit_open, delivery::not_sent));
    }
    EXPECT_EQ(f.client().stats().connects_started, 3U);
    f.server.open_gate("probe");
    EXPECT_TRUE(ok(f.wait(probe)));
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.seen("probe"), 1U);
}

} // namespace
} // namespace yunhu::test
