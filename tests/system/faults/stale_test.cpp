// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include <algorithm>
#include <random>

// Group F: connections that were closed while idle, and the retries that follow.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

bool over(const fault_journal& journal, std::size_t connections) {
    return std::all_of(journal.connections.begin(),
                       journal.connections.begin() + static_cast<std::ptrdiff_t>(connections),
                       [](const seen_connection& c) { return c.over; });
}

TEST(stale, case_106_reset_while_idle) {
    client_fixture f;
    f.server.next_response({response_ok(), gate("idle"), rst()});
    ASSERT_TRUE(ok(f.send("a")));
    f.server.open_gate("idle");
    EXPECT_TRUE(renews_after_loss(f));
    f.server.next_response({response_ok(), rst()});
    ASSERT_TRUE(ok(f.send("b")));
    ASSERT_TRUE(f.server.wait_until([](const fault_journal& journal) { return over(journal, 2); }));
    EXPECT_TRUE(ok(f.send("c", once()))) << "only the call itself can detect it";
    EXPECT_EQ(f.connection_of("c"), 3U);
    EXPECT_EQ(f.seen("c"), 1U);
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.client().stats().retries, 0U);
}

TEST(stale, case_107_fifty_stale_connections_cost_one_connect) {
    for (const bool detected : {true, false}) {
        client_fixture f;
        f.config.pool.max_connections = 50;
        f.config.retry.budget_ratio = 0;
        f.config.retry.budget_per_second = 0;
        open_idle(f, 50);
        ASSERT_EQ(f.client().stats().connections, 50U);
        f.server.drop_connections();
        ASSERT_TRUE(f.server.wait_until([](const fault_journal& journal) { return over(journal, 50); }));
        if (detected) {
            ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
        }
        EXPECT_TRUE(ok(f.send("a", once())));
        EXPECT_EQ(f.seen("a"), 1U);
        EXPECT_EQ(f.server.accepted(), 51U);
        EXPECT_EQ(f.client().stats().connections, 1U);
        EXPECT_TRUE(f.reuses());
    }
}

const std::vector<step>& connection_ends() {
    static const std::vector<step> all{close(), fin(), rst(), abrupt_close()};
    return all;
}

TEST(stale, case_109_written_on_a_reused_connection_and_not_answered) {
    for (const step& hang_up : connection_ends()) {
        client_fixture f;
        ASSERT_TRUE(f.follow_up());
        f.server.next_response({hang_up});
        EXPECT_TRUE(ok(f.read("a")));
        EXPECT_EQ(f.seen("a"), 2U);
        EXPECT_EQ(f.connection_of("a"), 2U);
        EXPECT_TRUE(f.reuses());
        f.server.next_response({hang_up});
        const call_result unsure = f.send("b");
        EXPECT_TRUE(failed(unsure, errc::outcome_unknown, delivery::maybe_sent, phase::first_byte));
        EXPECT_TRUE(unsure.cause) << "has a cause";
        EXPECT_EQ(unsure.attempts, 1U);
        EXPECT_EQ(f.seen("b"), 1U);
        EXPECT_TRUE(renews_after_loss(f));
    }
}

// The timeout of the first attempt ends with it: the second one may wait for its connection until the call's deadline.
TEST(stale, case_109_the_second_attempt_waits_for_its_connection_beyond_response_timeout) {
    client_fixture f;
    f.config.pool.response_timeout = 400ms;
    ASSERT_TRUE(f.follow_up());
    f.server.next_connection({read_client_hello(), wait(1200ms)});
    f.server.next_response({close()});
    EXPECT_TRUE(ok(f.read("a")));
    EXPECT_EQ(f.seen("a"), 2U);
    EXPECT_TRUE(f.reuses());
}

TEST(stale, case_111_written_on_a_new_connection_and_not_answered) {
    for (const step& hang_up : connection_ends()) {
        client_fixture f;
        f.server.next_response({hang_up});
        EXPECT_TRUE(failed(f.read("a"), errc::connection_lost, delivery::maybe_sent, phase::first_byte));
        EXPECT_EQ(f.seen("a"), 1U);
        EXPECT_TRUE(renews_after_loss(f));
        f.server.drop_connections();
        ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
        f.server.next_response({hang_up});
        EXPECT_TRUE(failed(f.send("b"), errc::outcome_unknown, delivery::maybe_sent, phase::first_byte));
        EXPECT_EQ(f.seen("b"), 1U);
        EXPECT_TRUE(renews_after_loss(f));
    }
}

TEST(stale, case_112_the_second_attempt_is_on_a_new_connection_and_the_last) {
    client_fixture f;
    f.config.pool.max_connections = 2;
    f.config.retry.max_attempts = 10;
    open_idle(f, 2);
    f.server.next_connection({expect_request(), close()});
    f.server.next_response({close()});
    EXPECT_TRUE(failed(f.read("a"), errc::connection_lost, delivery::maybe_sent));
    EXPECT_EQ(f.seen("a"), 2U);
    EXPECT_EQ(f.connection_of("a"), 3U) << "not the other idle connection";
    EXPECT_TRUE(f.renews());
    EXPECT_TRUE(f.reuses());
}

TEST(stale, case_114_closed_inside_a_response) {
    for (const bool reused : {false, true}) {
        client_fixture f;
        if (reused) {
            ASSERT_TRUE(f.follow_up());
        }
        f.server.next_response({send("H"), rst()});
        EXPECT_TRUE(failed(f.read("a"), errc::incomplete_response, delivery::answered, phase::first_byte));
        EXPECT_EQ(f.seen("a"), 1U);
        EXPECT_TRUE(renews_after_loss(f));
        f.server.next_response({send("H"), rst()});
        EXPECT_TRUE(failed(f.send("b"), errc::incomplete_response, delivery::answered, phase::first_byte));
        EXPECT_EQ(f.seen("b"), 1U);
        EXPECT_TRUE(renews_after_loss(f));
    }
}

TEST(stale, case_116_fin_with_the_response_twenty_times) {
    client_fixture f;
    for (int i = 0; i < 20; ++i) {
        const std::string n = std::to_string(i);
        f.server.next_response({response_ok(), fin()});
        ASSERT_TRUE(ok(f.send("bad-" + n)));
        ASSERT_TRUE(ok(f.read("good-" + n))) << "whether the close was detected before or not";
        ASSERT_LE(f.seen("good-" + n), 2U);
        ASSERT_EQ(f.seen("bad-" + n), 1U);
        f.server.next_response({together({response_ok(), close()})});
        ASSERT_TRUE(ok(f.read("end-" + n)));
        ASSERT_TRUE(f.renews());
    }
}

// The server's idle timeout races with the next request, as often as a test of seconds allows.
TEST(stale, case_117_idle_timeout_races_with_requests) {
    std::mt19937 random(117);
    client_fixture f;
    f.config.retry.budget_per_second = 1e6;
    std::size_t unsure = 0;
    for (int i = 0; i < 300; ++i) {
        const std::string n = std::to_string(i);
        f.server.next_response({response_ok(), wait(std::chrono::milliseconds(random() % 3)), close()});
        ASSERT_TRUE(ok(f.read("r" + n, within(20s))));
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 3000);
        (void)f.run_until([until] { return std::chrono::steady_clock::now() >= until; });
        if (i % 2 == 0) {
            ASSERT_TRUE(ok(f.read("again" + n)));
            ASSERT_LE(f.seen("again" + n), 2U);
            continue;
        }
        const call_result sent = f.send("s" + n);
        if (sent.code) {
            ASSERT_TRUE(failed(sent, errc::outcome_unknown, delivery::maybe_sent));
            ++unsure;
        } else {
            ASSERT_TRUE(ok(sent));
            ASSERT_EQ(f.seen("s" + n), 1U);
        }
        ASSERT_LE(f.seen("s" + n), 1U);
    }
    RecordProperty("unsure_of_150", static_cast<int>(unsure));
    EXPECT_TRUE(f.follow_up());
}

TEST(stale, case_119_connection_close_on_the_hundredth) {
    client_fixture f;
    f.server.next_connection(
        {loop({expect_request(), response_ok()}, 99), expect_request(), respond([](const seen_request& request) {
             const std::string body = echo_id(request);
             return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body;
         }),
         close()});
    for (int i = 0; i < 150; ++i) {
        ASSERT_TRUE(ok(f.send(std::to_string(i), once())));
    }
    EXPECT_EQ(f.server.accepted(), 2U);
    EXPECT_EQ(f.connection_of("99"), 1U);
    EXPECT_EQ(f.connection_of("100"), 2U);
    EXPECT_EQ(f.server.request_count(), 150U);
    EXPECT_TRUE(f.reuses());
}

TEST(stale, case_122_max_connection_age_while_busy) {
    client_fixture f;
    f.config.pool.max_connection_age = 1ns;
    f.server.next_response({gate("busy"), response_ok()});
    const pending_call call = f.start_send("a");
    ASSERT_TRUE(f.run_until_gate("busy"));
    f.server.open_gate("busy");
    EXPECT_TRUE(ok(f.wait(call)));
    EXPECT_TRUE(f.renews());
    EXPECT_TRUE(f.renews());
    EXPECT_EQ(f.seen("a"), 1U);
}

} // namespace
} // namespace yunhu::test
