// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "raw_client.hpp"
#include "sockets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

// The server: selection of scripts, many connections, restarts, and its destruction.
namespace yunhu::test {
namespace {

using namespace steps;

raw_client_options plain() {
    raw_client_options how;
    how.plain = true;
    return how;
}

TEST(server, scripts_are_per_connection) {
    fault_server server;
    server.next_connection({send("first")});
    server.next_connection({send("second")});
    server.every_connection({send("other")});
    for (const char* expected : {"first", "second", "other", "other"}) {
        EXPECT_EQ(raw_client(server.port()).read_once(), expected);
    }
}

TEST(server, responses_are_per_request) {
    fault_server server;
    server.every_connection({expect_request(), send("scripted")});
    server.next_response({send("first")});
    server.next_response({send("second"), fin()});
    raw_client one(server.port());
    ASSERT_TRUE(one.write(request()));
    EXPECT_EQ(one.read_once(), "scripted");
    ASSERT_TRUE(one.write(request()));
    EXPECT_EQ(one.read_once(), "first");
    raw_client two(server.port());
    ASSERT_TRUE(two.write(request()));
    EXPECT_EQ(two.read_once(), "scripted");
    ASSERT_TRUE(two.write(request()));
    EXPECT_EQ(two.read_to_end(), "second");
    EXPECT_TRUE(exchange_ok(one));
    EXPECT_EQ(server.request_count(), 5);
}

TEST(server, many_connections_at_once) {
    fault_server_options options;
    options.body = [](const seen_request& r) { return r.body; };
    fault_server server(std::move(options));
    std::vector<std::thread> clients;
    constexpr std::size_t count = 40;
    for (std::size_t n = 0; n < count; ++n) {
        clients.emplace_back([&server, n] {
            raw_client client(server.port());
            for (int round = 0; round < 5; ++round) {
                const std::string id = std::to_string(n) + "/" + std::to_string(round);
                EXPECT_TRUE(client.write(request(id)));
                EXPECT_EQ(client.read_once(), http_ok(id));
            }
        });
    }
    std::ranges::for_each(clients, &std::thread::join);
    EXPECT_EQ(server.request_count(), count * 5);
    EXPECT_EQ(server.journal().handshakes(), count);
    EXPECT_TRUE(server.wait_until([](const fault_journal& j) { return j.open() == 0; }));
}

TEST(server, can_count_without_recording) {
    fault_server_options options;
    options.remember_requests = false;
    fault_server server(std::move(options));
    raw_client client(server.port());
    EXPECT_TRUE(exchange_ok(client));
    EXPECT_EQ(server.request_count(), 1);
    EXPECT_TRUE(server.journal().requests.empty());
}

TEST(server, plain_tcp) {
    fault_server_options options;
    options.tls = false;
    fault_server server(std::move(options));
    raw_client client(server.port(), plain());
    EXPECT_TRUE(exchange_ok(client));
    EXPECT_EQ(server.base_url(), "http://127.0.0.1:" + std::to_string(server.port()));
}

TEST(server, both_families_on_one_port) {
    fault_server_options options;
    options.ipv6 = true;
    fault_server server(std::move(options));
    raw_client_options how(server.ca_pem());
    how.ipv6 = true;
    how.host = "::1";
    how.host_is_ip = true;
    raw_client six(server.port(), how);
    EXPECT_TRUE(exchange_ok(six));
    raw_client four(server.port());
    EXPECT_TRUE(exchange_ok(four));
    EXPECT_EQ(server.connection(1).local_address, "::1");
    EXPECT_EQ(server.connection(2).local_address, "127.0.0.1");
}

TEST(server, stops_and_restarts_listening) {
    fault_server server;
    raw_client before(server.port());
    EXPECT_TRUE(exchange_ok(before));
    server.stop_listening();
    EXPECT_FALSE(raw_client(server.port()).connected());
    EXPECT_TRUE(exchange_ok(before));
    server.listen_again();
    raw_client after(server.port());
    EXPECT_TRUE(exchange_ok(after));
}

TEST(server, drops_connections) {
    fault_server server;
    for (const auto& [how, end] : {std::pair(drop_by::close, reading::truncated), {drop_by::reset, reading::reset}}) {
        raw_client client(server.port());
        EXPECT_TRUE(exchange_ok(client));
        server.drop_connections(how);
        EXPECT_EQ(client.read_to_end(), "");
        EXPECT_EQ(client.end(), end);
    }
}

TEST(server, can_be_destroyed_in_every_state_of_its_connections) {
    std::vector<std::unique_ptr<raw_client>> clients;
    const std::vector<script> scripts{
        {stall()},       {read_client_hello(), stall()},     {},
        {gate("never")}, {handshake(), hold_open()},         {wait(std::chrono::hours(1))},
        {expect_eof()},  {flood(std::string(1 << 20, 'x'))}, {close_notify()}};
    fault_server_options options;
    options.tls = false;
    fault_server server(std::move(options));
    for (const script& steps : scripts) {
        server.next_connection(steps);
        clients.push_back(std::make_unique<raw_client>(server.port(), plain()));
    }
    EXPECT_TRUE(server.wait_until([&](const fault_journal& j) { return j.accepted() == scripts.size(); }));
}

TEST(server, reports_an_unreadable_request) {
    fault_server server;
    for (const char* bad : {"GET / HTTP/1.0\r\n\r\n", "POST / HTTP/1.1\r\n\r\n", "x\r\n\r\n",
                            "POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nhi"}) {
        raw_client client(server.port());
        ASSERT_TRUE(client.write(bad));
        EXPECT_EQ(client.read_to_end(), "");
        EXPECT_FALSE(server.connection(server.accepted()).trouble.empty());
    }
    EXPECT_EQ(server.request_count(), 0);
}

TEST(server, pipelined_requests_are_separate) {
    fault_server server;
    raw_client client(server.port());
    ASSERT_TRUE(client.write(request("1") + request("2")));
    EXPECT_EQ(client.read(2 * ok_response.size()), std::string(ok_response) + std::string(ok_response));
    EXPECT_EQ(server.journal().requests.at(1).body, "2");
}

TEST(server, requests_are_parsed_at_every_split) {
    const std::string whole = request("body") + request("more");
    for (std::size_t size = 0; size < request("body").size(); ++size) {
        EXPECT_FALSE(parse_request(whole.substr(0, size)).has_value()) << size;
    }
    EXPECT_EQ(parse_request(whole)->size, request("body").size());
}

TEST(ports, closed_port_refuses) {
    const closed_port port;
    EXPECT_FALSE(raw_client(port.port(), plain()).connected());
}

TEST(ports, black_hole_ignores_connections) {
    const black_hole hole;
    const unique_fd socket = bind_loopback(false, 0);
    EXPECT_TRUE(connecting_hangs(socket, hole.port(), std::chrono::milliseconds(200)));
    const closed_port closed;
    const unique_fd other = bind_loopback(false, 0);
    EXPECT_FALSE(connecting_hangs(other, closed.port(), fault_log::wait_limit));
}

} // namespace
} // namespace yunhu::test
