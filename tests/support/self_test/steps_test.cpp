// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "raw_client.hpp"

#include <gtest/gtest.h>

#include <thread>

// The effect of each step.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

/// A server with a script for its first connection, and a client on it.
struct one_connection {
    explicit one_connection(script steps, fault_server_options options = {}, raw_client_options how = {})
        : server(std::move(options)) {
        server.next_connection(std::move(steps));
        client.emplace(server.port(), std::move(how));
    }
    /// The entry of the journal after the client has closed.
    seen_connection after_close() {
        client->close();
        EXPECT_TRUE(server.wait_until([](const fault_journal& j) { return j.connections[0].over; }));
        return server.connection(1);
    }

    fault_server server;
    std::optional<raw_client> client;
};

TEST(steps, responds_successfully_by_default) {
    one_connection c({});
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_EQ(c.server.request_count(), 2);
    const fault_journal journal = c.server.journal();
    EXPECT_EQ(journal.requests[1].connection, 1);
    EXPECT_EQ(journal.requests[1].on_connection, 2);
    EXPECT_EQ(journal.requests[1].method, "POST");
    EXPECT_EQ(journal.requests[1].target, "/v1/msg/x");
    EXPECT_EQ(journal.requests[1].header("token"), "t");
    EXPECT_EQ(journal.requests[1].header("nothing"), "");
    EXPECT_EQ(journal.requests[1].body, "hi");
    EXPECT_EQ(journal.requests[1].bytes, request());
    EXPECT_EQ(journal.bytes, 2 * request().size());
    const seen_connection seen = c.after_close();
    EXPECT_TRUE(seen.fin);
    EXPECT_FALSE(seen.close_notify);
    EXPECT_FALSE(seen.reset);
    EXPECT_EQ(seen.requests, 2);
}

TEST(steps, send_is_one_record) {
    one_connection c({expect_request(), send("one"), send("two")});
    ASSERT_TRUE(c.client->write(request()));
    EXPECT_EQ(c.client->read_once(), "one");
    EXPECT_EQ(c.client->read_once(), "two");
}

TEST(steps, split_and_byte_by_byte) {
    one_connection c({send_split("abcde", 2), send_byte_by_byte("xyz")});
    for (const char* part : {"ab", "cde", "x", "y", "z"}) {
        EXPECT_EQ(c.client->read_once(), part);
    }
}

TEST(steps, split_at_the_ends_sends_no_empty_record) {
    one_connection c({send_split("ab", 0), send_split("cd", 2)});
    EXPECT_EQ(c.client->read_once(), "ab");
    EXPECT_EQ(c.client->read_once(), "cd");
}

TEST(steps, together_is_one_segment) {
    fault_server_options options;
    options.tls = false;
    raw_client_options how;
    how.plain = true;
    one_connection c({expect_request(), together({send("one"), send("two"), fin()})}, std::move(options), how);
    ASSERT_TRUE(c.client->write(request()));
    EXPECT_EQ(c.client->read_once(), "onetwo");
    EXPECT_EQ(c.client->read_once(), "");
    EXPECT_EQ(c.client->end(), reading::truncated);
}

TEST(steps, together_keeps_records_apart) {
    one_connection c({together({send("one"), send("two"), close_notify()})});
    EXPECT_EQ(c.client->read_once(), "one");
    EXPECT_EQ(c.client->read_once(), "two");
    EXPECT_EQ(c.client->read_once(), "");
    EXPECT_EQ(c.client->end(), reading::close_notify);
}

TEST(steps, fin_truncates) {
    one_connection c({expect_request(), send("HTTP"), fin()});
    ASSERT_TRUE(c.client->write(request()));
    EXPECT_EQ(c.client->read_to_end(), "HTTP");
    EXPECT_EQ(c.client->end(), reading::truncated);
    EXPECT_EQ(c.server.request_count(), 1);
}

TEST(steps, request_after_fin_is_recorded) {
    fault_server_options options;
    options.tls = false;
    raw_client_options how;
    how.plain = true;
    one_connection c({fin()}, std::move(options), how);
    EXPECT_EQ(c.client->read_to_end(), "");
    ASSERT_TRUE(c.client->write(request() + "POST"));
    const seen_connection seen = c.after_close();
    EXPECT_EQ(seen.requests, 1);
    EXPECT_EQ(seen.unfinished, "POST");
    EXPECT_TRUE(seen.script_ended);
}

TEST(steps, close_sends_close_notify) {
    one_connection c({expect_request(), response_ok(), close()});
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_EQ(c.client->read_to_end(), "");
    EXPECT_EQ(c.client->end(), reading::close_notify);
}

TEST(steps, close_notify_leaves_tcp_open) {
    one_connection c({close_notify(), raw_tcp("x")});
    EXPECT_EQ(c.client->read_to_end(), "");
    EXPECT_EQ(c.client->end(), reading::close_notify);
    ASSERT_TRUE(c.client->write(request()));
    c.client->close_notify();
    EXPECT_TRUE(c.server.wait_until([](const fault_journal& j) { return j.connections[0].close_notify; }));
    EXPECT_FALSE(c.server.connection(1).closed_by_client());
    EXPECT_EQ(c.server.request_count(), 1);
}

TEST(steps, reset) {
    one_connection c({expect_request(), send("H"), rst()});
    ASSERT_TRUE(c.client->write(request()));
    EXPECT_EQ(c.client->read_to_end(), "H");
    EXPECT_EQ(c.client->end(), reading::reset);
    EXPECT_EQ(c.server.request_count(), 1);
}

TEST(steps, abrupt_close_resets_on_further_bytes) {
    one_connection c({handshake(), abrupt_close()});
    EXPECT_EQ(c.client->read_to_end(), "");
    EXPECT_EQ(c.client->end(), reading::truncated);
    c.client->write(request());
    EXPECT_EQ(c.server.request_count(), 0);
}

TEST(steps, stall_reads_nothing_and_detects_the_close) {
    one_connection c({handshake(), stall()});
    ASSERT_TRUE(c.client->write(request()));
    const seen_connection seen = c.after_close();
    EXPECT_EQ(seen.bytes, 0);
    EXPECT_TRUE(seen.closed_by_client());
}

TEST(steps, hold_open_outlives_the_client) {
    one_connection c({handshake(), hold_open()});
    c.client->close();
    EXPECT_TRUE(c.server.wait_for_close(1));
    EXPECT_FALSE(c.server.connection(1).over);
    c.server.drop_connections();
    EXPECT_TRUE(c.server.wait_until([](const fault_journal& j) { return j.open() == 0; }));
}

TEST(steps, small_receive_buffer_fills) {
    fault_server_options options;
    options.receive_buffer = 4096;
    one_connection c({handshake(), stall()}, std::move(options));
    constexpr std::size_t much = 64 << 20;
    EXPECT_LT(c.client->write_what_fits(much), much);
}

TEST(steps, expect_header_allows_an_early_response) {
    one_connection c({expect_header(), send("early"), expect_request(), response_ok()});
    const std::string all = request("body");
    ASSERT_TRUE(c.client->write(all.substr(0, all.size() - 2)));
    EXPECT_EQ(c.client->read_once(), "early");
    EXPECT_EQ(c.server.request_count(), 0);
    ASSERT_TRUE(c.client->write(all.substr(all.size() - 2)));
    EXPECT_EQ(c.client->read_once(), ok_response);
    EXPECT_EQ(c.server.request_count(), 1);
}

TEST(steps, slow_reads_are_complete) {
    one_connection c({handshake(), read_slowly()});
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_EQ(c.server.journal().requests.at(0).bytes, request());
}

TEST(steps, expect_eof_sends_nothing) {
    fault_server_options options;
    options.tickets = 0; // closing with one unread would reset
    one_connection c({expect_eof()}, std::move(options));
    ASSERT_TRUE(c.client->write(request()));
    c.client->close_notify();
    const seen_connection seen = c.after_close();
    EXPECT_EQ(seen.requests, 1);
    EXPECT_TRUE(seen.close_notify);
    EXPECT_TRUE(seen.fin);
    EXPECT_TRUE(seen.script_ended);
}

TEST(steps, computed_responses) {
    fault_server_options options;
    options.body = [](const seen_request& r) { return "[" + r.body + "]"; };
    one_connection c({expect_request(), response_ok(), expect_request(),
                      respond([](const seen_request& r) { return "raw " + r.body; })},
                     std::move(options));
    ASSERT_TRUE(c.client->write(request("1")));
    EXPECT_EQ(c.client->read_once(), http_ok("[1]"));
    ASSERT_TRUE(c.client->write(request("2")));
    EXPECT_EQ(c.client->read_once(), "raw 2");
}

TEST(steps, loop_and_flood) {
    one_connection c({loop({expect_request(), send("again")}, 2), flood("x", 3)});
    for (int n = 0; n < 2; ++n) {
        ASSERT_TRUE(c.client->write(request()));
        EXPECT_EQ(c.client->read_once(), "again");
    }
    EXPECT_EQ(c.client->read(3), "xxx");
}

TEST(steps, endless_flood_ends_with_the_client) {
    one_connection c({flood(std::string(16384, 'x'))});
    EXPECT_EQ(c.client->read(1 << 20).substr(0, 1), "x");
    const seen_connection seen = c.after_close();
    EXPECT_TRUE(seen.closed_by_client());
    EXPECT_FALSE(seen.script_ended);
}

TEST(steps, gate_waits_for_the_test) {
    one_connection c({expect_request(), gate("go"), response_ok()});
    ASSERT_TRUE(c.client->write(request()));
    ASSERT_TRUE(c.server.wait_for_gate("go"));
    c.server.open_gate("other");
    c.server.open_gate("go");
    EXPECT_EQ(c.client->read_once(), ok_response);
}

TEST(steps, gate_detects_a_close) {
    one_connection c({handshake(), gate("never")});
    ASSERT_TRUE(c.server.wait_for_gate("never"));
    c.client->close();
    EXPECT_TRUE(c.server.wait_for_close(1));
}

TEST(steps, wait_waits) {
    const auto start = std::chrono::steady_clock::now();
    one_connection c({wait(50ms), send("late")});
    EXPECT_EQ(c.client->read_once(), "late");
    EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
}

TEST(steps, ticket_makes_the_socket_readable_only) {
    fault_server_options options;
    options.tickets = 0;
    one_connection c({expect_request(), response_ok(), send_ticket()}, std::move(options));
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_TRUE(exchange_ok(*c.client)); // reads the ticket, too
    const session_ptr session = c.client->session();
    raw_client_options how;
    how.resume = session.get();
    raw_client second(c.server.port(), how);
    EXPECT_TRUE(exchange_ok(second));
    EXPECT_TRUE(c.server.connection(2).resumed);
}

TEST(steps, key_updates) {
    one_connection c({expect_request(), response_ok(), key_update(true), key_update(false)});
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_TRUE(exchange_ok(*c.client));
    EXPECT_EQ(c.server.connection(1).tls_error, "");
}

TEST(steps, bytes_below_tls) {
    one_connection c({handshake(), raw_tcp(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'))});
    EXPECT_EQ(c.client->read_to_end(), "");
    EXPECT_EQ(c.client->end(), reading::failed);
    // The texts of OpenSSL 3.0 and 3.5.
    const std::string error = c.client->error();
    EXPECT_TRUE(error.find("bad record mac") != std::string::npos || error.find("record layer") != std::string::npos)
        << error;
    EXPECT_EQ(c.after_close().alerts, std::vector<int>{SSL_AD_BAD_RECORD_MAC});
}

TEST(steps, authenticated_alert) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        fault_server_options options;
        options.max_version = version;
        one_connection c({expect_request(), send("HTTP/1.1"), bad_record_mac_alert()}, std::move(options));
        ASSERT_TRUE(c.client->write(request()));
        EXPECT_EQ(c.client->read_to_end(), "HTTP/1.1");
        EXPECT_NE(c.client->error().find("alert bad record mac"), std::string::npos) << c.client->error();
    }
}

TEST(steps, renegotiation_is_requested) {
    fault_server_options options;
    options.max_version = TLS1_2_VERSION;
    one_connection c({expect_request(), response_ok(), renegotiate()}, std::move(options));
    SSL_set_options(c.client->ssl(), SSL_OP_NO_RENEGOTIATION);
    EXPECT_TRUE(exchange_ok(*c.client));
    ASSERT_TRUE(c.client->write(request()));
    EXPECT_EQ(c.client->read_to_end().size() % ok_response.size(), 0);
    EXPECT_EQ(c.after_close().alerts, std::vector<int>{SSL_AD_NO_RENEGOTIATION});
}

} // namespace
} // namespace yunhu::test
