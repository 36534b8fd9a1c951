// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <map>
#include <random>

// Group E: unsolicited bytes, and the assignment of responses to calls.
namespace yunhu::test {
namespace {

using namespace steps;

constexpr const char* response_408 = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";

/// `events` on an idle connection end it; the client notices before its next call, or at the reuse check.
void ends_an_idle_connection(const script& events) {
    {
        SCOPED_TRACE("detected while idle");
        client_fixture f;
        script steps{response_ok(), gate("idle")};
        steps.insert(steps.end(), events.begin(), events.end());
        f.server.next_response(steps);
        ASSERT_TRUE(ok(f.send("a")));
        ASSERT_TRUE(f.run_until_gate("idle"));
        f.server.open_gate("idle");
        EXPECT_TRUE(f.renews());
        EXPECT_TRUE(f.reuses());
        EXPECT_EQ(f.client().stats().evicted, 1U);
        EXPECT_EQ(f.client().stats().retries, 0U);
        EXPECT_EQ(f.seen("a"), 1U);
    }
    {
        SCOPED_TRACE("detected by the next call");
        client_fixture f;
        script steps{response_ok(), gate("idle")};
        steps.insert(steps.end(), events.begin(), events.end());
        steps.push_back(gate("done"));
        f.server.next_response(steps);
        ASSERT_TRUE(ok(f.send("a")));
        ASSERT_TRUE(f.run_until_gate("idle"));
        f.server.open_gate("idle");
        ASSERT_TRUE(f.server.wait_for_gate("done")); // without running the client
        EXPECT_TRUE(ok(f.send("b", once())));
        EXPECT_EQ(f.connection_of("b"), 2U);
        EXPECT_EQ(f.seen("b"), 1U);
        EXPECT_TRUE(f.reuses());
    }
}

TEST(unsolicited, case_094_poison_in_the_record_of_the_response) {
    client_fixture f;
    f.server.next_response({send(http_ok(read_response("a")) + http_ok(read_response("EVIL")))});
    EXPECT_TRUE(ok(f.read("a")));
    EXPECT_TRUE(f.renews());
    f.server.next_response({send(http_ok(send_response("b")) + http_ok(send_response("EVIL")))});
    EXPECT_TRUE(ok(f.send("b")));
    EXPECT_TRUE(f.renews());
    f.server.next_response({together({send(http_ok(send_response("c"))), send(http_ok(send_response("EVIL")))})});
    EXPECT_TRUE(ok(f.send("c")));
    EXPECT_TRUE(f.renews()) << "two records in one segment";
}

TEST(unsolicited, case_096_408_on_an_idle_connection) {
    ends_an_idle_connection({send(response_408), close()});
}

TEST(unsolicited, case_097_408_crosses_a_request) {
    client_fixture f;
    ASSERT_TRUE(f.follow_up());
    f.server.next_response({send(response_408), close()});
    EXPECT_TRUE(ok(f.read("a")));
    EXPECT_EQ(f.seen("a"), 2U);
    EXPECT_EQ(f.connection_of("a"), 2U);
    EXPECT_TRUE(f.reuses());
    f.server.next_response({send(response_408), close()});
    const call_result unsure = f.send("b");
    EXPECT_TRUE(unknown(unsure, errc::connection_lost));
    EXPECT_EQ(unsure.http_status, 408);
    EXPECT_EQ(f.seen("b"), 1U);
    EXPECT_TRUE(f.renews());
}

TEST(unsolicited, case_097_on_a_new_connection_it_is_the_response) {
    client_fixture f;
    f.server.next_response({send(response_408), close()});
    const call_result refused = f.read("a");
    EXPECT_TRUE(failed(refused, errc::unexpected_status, delivery::answered));
    EXPECT_EQ(refused.http_status, 408);
    EXPECT_EQ(f.seen("a"), 1U);
    EXPECT_TRUE(f.renews());
}

TEST(unsolicited, case_099_garbage_on_an_idle_connection) {
    ends_an_idle_connection({send(std::string("\0\1", 2))});
    ends_an_idle_connection({send(http_ok(read_response("EVIL")))});
    ends_an_idle_connection({raw_tcp("HTTP/1.1 200 OK\r\n\r\n")});
}

TEST(unsolicited, case_101_key_update_on_an_idle_connection) {
    for (const bool of_client_too : {true, false}) {
        client_fixture f;
        f.server.next_response({response_ok(), gate("idle"), key_update(of_client_too), gate("updated")});
        ASSERT_TRUE(ok(f.read("a")));
        f.server.open_gate("idle");
        ASSERT_TRUE(f.run_until_gate("updated"));
        f.server.open_gate("updated");
        EXPECT_TRUE(f.reuses());
        EXPECT_TRUE(f.reuses());
        EXPECT_EQ(f.server.accepted(), 1U);
        EXPECT_EQ(f.client().stats().evicted, 0U);
    }
}

TEST(unsolicited, case_101_key_update_and_ticket_that_only_the_next_call_reads) {
    client_fixture f;
    f.server.next_response({response_ok(), gate("idle"), send_ticket(), key_update(true), gate("updated")});
    ASSERT_TRUE(ok(f.read("a")));
    f.server.open_gate("idle");
    ASSERT_TRUE(f.server.wait_for_gate("updated"));
    f.server.open_gate("updated");
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.server.accepted(), 1U);
}

TEST(unsolicited, case_102_close_notify_with_tcp_left_open) {
    ends_an_idle_connection({close_notify()});
}

/// A random script for one exchange, mostly a successful one.
script some_response(std::mt19937& random) {
    switch (random() % 40) {
    case 0:
        return {close()};
    case 1:
        return {rst()};
    case 2:
        return {send("HTTP/1.1 200 OK\r\nContent-Len"), fin()};
    case 3:
        return {send("HTTP/1.1 100 Continue\r\n\r\n"), response_ok()};
    case 4:
        // In one segment: a whole response that arrives later is indistinguishable from the response to the next call.
        return {together({response_ok(), send(http_ok(read_response("EVIL")))})};
    case 5:
        return {response_ok(), close()};
    case 6:
        return {response_ok(), send(response_408), fin()};
    case 7:
        return {stall()};
    default:
        return {response_ok()};
    }
}

// 104 and, as far as a test of seconds allows, 162: random faults, cancellations and timeouts.
TEST(unsolicited, case_104_162_every_response_goes_to_its_own_call) {
    constexpr std::size_t calls = 3000;
    constexpr std::size_t at_once = 20;
    std::mt19937 random(104);
    client_fixture f;
    f.config.pool.max_connections = 4;
    f.config.pool.response_timeout = std::chrono::milliseconds(500);
    f.config.pool.circuit_failures = 0;
    std::vector<pending_call> running;
    std::size_t good = 0;
    std::size_t bad = 0;
    const auto check = [&](const pending_call& call) {
        const call_result& end = call.get();
        if (!end.code) {
            ASSERT_TRUE(ok(end));
            ++good;
        } else {
            ASSERT_NE(end.code, errc::bad_response);
            ++bad;
        }
    };
    for (std::size_t i = 0; i < calls; ++i) {
        f.server.next_response(some_response(random));
        const std::string id = (i % 2 == 0 ? "s" : "r") + std::to_string(i);
        const auto options = random() % 50 == 0 ? within(std::chrono::milliseconds(random() % 5)) : call_options();
        running.push_back(i % 2 == 0 ? f.start_send(id, options) : f.start_read(id, options));
        if (random() % 50 == 0) {
            running[random() % running.size()].cancel();
        }
        const auto over = [](const pending_call& call) { return call.done(); };
        ASSERT_TRUE(
            f.run_until([&] { return running.size() < at_once || std::any_of(running.begin(), running.end(), over); }));
        for (const pending_call& call : running) {
            if (call.done()) {
                check(call);
            }
        }
        std::erase_if(running, over);
    }
    for (const pending_call& call : running) {
        (void)f.wait(call);
        check(call);
    }
    EXPECT_EQ(good + bad, calls);
    EXPECT_GT(good, calls / 2);
    EXPECT_GT(bad, 0U);
    std::map<std::string, std::size_t> times;
    for (const seen_request& request : f.server.journal().requests) {
        ++times[id_of(request)];
    }
    for (const auto& [id, n] : times) {
        EXPECT_TRUE(n == 1 || id.front() != 's') << id << " was received " << n << " times";
    }
    f.close_client();
    EXPECT_TRUE(f.run_until_seen([](const fault_journal& journal) {
        return std::all_of(journal.connections.begin(), journal.connections.end(),
                           [](const seen_connection& c) { return c.over || c.closed_by_client(); });
    }));
}

} // namespace
} // namespace yunhu::test
