// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include "engine/pool_script.hpp"

#include <boost/asio/error.hpp>

#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

// Group I: many calls on few connections. Timing is tested on the pool's machine, in the unit tests.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

std::vector<pending_call> start_reads(client_fixture& f, const std::string& name, int n, call_options options = {}) {
    std::vector<pending_call> calls;
    for (int i = 0; i < n; ++i) {
        calls.push_back(f.start_read(name + std::to_string(i), options));
    }
    return calls;
}

TEST(sharing, case_149_ten_calls_one_connection) {
    client_fixture f;
    for (const pending_call& call : start_reads(f, "r", 10)) {
        EXPECT_TRUE(ok(f.wait(call)));
        EXPECT_EQ(f.seen(call.id()), 1U);
    }
    EXPECT_EQ(f.client().stats().connects_started, 1U);
    EXPECT_EQ(f.server.journal().handshakes(), 1U);
    EXPECT_TRUE(f.reuses());
}

TEST(sharing, case_151_after_a_failed_connect_the_next_waiter_gets_a_connection) {
    client_fixture f;
    f.server.next_connection({read_client_hello(), rst()});
    f.server.next_connection({refuse_handshake(SSL_AD_HANDSHAKE_FAILURE)});
    std::size_t lost = 0;
    for (const pending_call& call : start_reads(f, "r", 5, once())) {
        const call_result end = f.wait(call);
        if (end.code) {
            EXPECT_TRUE(failed(end, errc::tls_failed, delivery::not_sent));
            ++lost;
        } else {
            EXPECT_TRUE(ok(end));
        }
        EXPECT_EQ(f.seen(call.id()), end.code ? 0U : 1U);
    }
    EXPECT_EQ(lost, 2U);
    EXPECT_EQ(f.server.accepted(), 3U);
    EXPECT_TRUE(f.reuses());
}

TEST(sharing, case_151_every_connect_fails_and_every_waiter_is_rejected) {
    client_fixture f;
    f.server.stop_listening();
    for (const pending_call& call : start_reads(f, "r", 10, once())) {
        EXPECT_TRUE(failed(f.wait(call), errc::connect_failed, delivery::not_sent, phase::connect));
    }
    EXPECT_EQ(f.client().stats().connects_failed, 10U);
    EXPECT_EQ(f.client().stats().connecting, 0U);
    f.server.listen_again();
    EXPECT_TRUE(f.follow_up());
    EXPECT_TRUE(f.reuses());
}

TEST(sharing, case_152_300_calls_and_a_server_that_closes_after_every_third) {
    client_fixture f;
    f.config.retry.budget_per_second = 1e6;
    f.server.every_connection({loop({expect_request(), response_ok()}, 3), close()});
    for (const pending_call& call : start_reads(f, "r", 300)) {
        ASSERT_TRUE(ok(f.wait(call)));
    }
    EXPECT_GE(f.server.accepted(), 100U);
    EXPECT_EQ(f.client().stats().queued, 0U);
    EXPECT_TRUE(ok(f.read("after"))); // with retries: its connection may be about to be closed
}

TEST(sharing, case_154_a_connect_outlives_its_cancelled_call) {
    client_fixture f;
    f.server.next_connection({read_client_hello(), gate("hello")});
    const pending_call left = f.start_send("a");
    ASSERT_TRUE(f.run_until_gate("hello"));
    left.cancel();
    EXPECT_TRUE(failed(f.wait(left), boost::asio::error::operation_aborted, delivery::not_sent));
    f.server.open_gate("hello");
    ASSERT_TRUE(f.run_until([&f] { return f.client().stats().idle == 1; }));
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.server.accepted(), 1U);
    EXPECT_EQ(f.seen("a"), 0U);
}

TEST(sharing, case_154_a_released_connection_before_the_new_one) {
    client_fixture f;
    f.config.pool.max_connections = 2;
    f.server.next_response({gate("busy"), response_ok()});
    const pending_call a = f.start_send("a");
    ASSERT_TRUE(f.run_until_gate("busy"));
    f.server.next_connection({read_client_hello(), gate("hello")});
    const pending_call b = f.start_send("b");
    ASSERT_TRUE(f.run_until_gate("hello"));
    f.server.open_gate("busy");
    EXPECT_TRUE(ok(f.wait(a)));
    EXPECT_TRUE(ok(f.wait(b)));
    EXPECT_EQ(f.connection_of("b"), 1U) << "it did not wait for its own connection attempt";
    f.server.open_gate("hello");
    EXPECT_TRUE(f.run_until([&f] { return f.client().stats().idle == 2; }));
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.server.accepted(), 2U);
}

TEST(sharing, case_156_one_call_above_the_queue_bound) {
    client_fixture f;
    f.config.pool.max_queued = 2;
    f.server.next_response({gate("busy"), response_ok()});
    const pending_call a = f.start_send("a");
    ASSERT_TRUE(f.run_until_gate("busy"));
    const pending_call b = f.start_send("b");
    const pending_call c = f.start_send("c");
    const pending_call d = f.start_send("d");
    f.run_ready();
    ASSERT_TRUE(d.done()) << "at once";
    EXPECT_TRUE(failed(d.get(), errc::overloaded, delivery::not_sent, phase::queue));
    f.server.open_gate("busy");
    for (const pending_call& call : {a, b, c}) {
        EXPECT_TRUE(ok(f.wait(call)));
    }
    EXPECT_EQ(f.seen("d"), 0U);
    EXPECT_TRUE(f.reuses());
}

TEST(sharing, case_157_the_connection_used_last_is_used_next) {
    client_fixture f;
    f.config.pool.max_connections = 5;
    open_idle(f, 5);
    std::size_t used = 0;
    for (int i = 0; i < 10; ++i) {
        const std::string id = "n" + std::to_string(i);
        ASSERT_TRUE(ok(f.send(id)));
        EXPECT_TRUE(used == 0 || f.connection_of(id) == used);
        used = f.connection_of(id);
    }
    EXPECT_EQ(f.server.accepted(), 5U);
}

TEST(sharing, case_159_idle_timeout) {
    client_fixture f;
    f.config.pool.idle_timeout = 50ms;
    ASSERT_TRUE(f.follow_up());
    ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
    EXPECT_TRUE(f.renews());
}

TEST(sharing, case_161_196_different_configurations_share_neither_connection_nor_session) {
    client_fixture f;
    ASSERT_TRUE(ok(f.send("a")));
    std::vector<client_config> others(5, f.config);
    others[0].token = secret("another-token");
    others[1].tls.tls13_only = true;
    others[2].tls.pins = {f.server.spki_pin()};
    others[3].tls.ca_pem += f.server.ca_pem();
    others[4].user_agent = "another";
    for (const client_config& config : others) {
        const std::size_t before = f.server.accepted();
        std::optional<call_result> end;
        yunhu::client other(f.context, config);
        other.send_message({group("big"), text("hello"), "b"},
                           [&end](error_code code, sent_message sent) { end.emplace(code, std::move(sent)); });
        ASSERT_TRUE(f.run_until([&end] { return end.has_value(); }));
        EXPECT_TRUE(ok(*end));
        EXPECT_EQ(f.server.accepted(), before + 1);
        EXPECT_FALSE(f.server.connection(before + 1).resumption_offered);
    }
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.server.accepted(), others.size() + 1);
}

TEST(sharing, case_164_released_twice) {
    pool_script pool(pool_of(1));
    open_busy(pool, 1);
    EXPECT_EQ(pool.acquire("a"), "");
    EXPECT_EQ(pool.acquire("b"), "");
    EXPECT_EQ(pool.released(0), "assign 0 a");
    EXPECT_EQ(pool.released(0), "assign 0 b") << "a is its owner";
    EXPECT_EQ(pool.released(0), "");
    EXPECT_EQ(pool.released(0), "") << "it has no owner";
    EXPECT_EQ(pool.counts(), "1/1/0/0");
    EXPECT_EQ(pool.acquire("c"), "assign 0 c");
    EXPECT_EQ(pool.acquire("d"), "");
}

} // namespace
} // namespace yunhu::test
