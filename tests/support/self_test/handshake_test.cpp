// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "raw_client.hpp"

#include <gtest/gtest.h>

// The steps before, during and instead of a handshake, and the observations of the server.
namespace yunhu::test {
namespace {

using namespace steps;

TEST(handshakes, records_name_protocol_and_version) {
    fault_server server;
    raw_client_options how;
    how.alpn = {"http/1.1"};
    raw_client client(server.port(), how);
    ASSERT_TRUE(client.handshake_done());
    ASSERT_TRUE(server.wait_until([](const fault_journal& j) { return j.handshakes() == 1; }));
    const seen_connection seen = server.connection(1);
    EXPECT_EQ(seen.sni, "localhost");
    EXPECT_EQ(seen.alpn_offered, std::vector<std::string>{"http/1.1"});
    EXPECT_EQ(seen.alpn, "http/1.1");
    EXPECT_EQ(seen.version, "TLSv1.3");
    EXPECT_EQ(seen.local_address, "127.0.0.1");
    EXPECT_FALSE(seen.resumption_offered);
    EXPECT_FALSE(seen.early_data);
    EXPECT_FALSE(seen.over);
}

TEST(handshakes, no_name_for_an_address_and_no_protocol) {
    fault_server_options options;
    options.alpn.clear();
    fault_server server(std::move(options));
    raw_client_options how;
    how.host = "127.0.0.1";
    how.host_is_ip = true;
    how.alpn = {"http/1.1"};
    raw_client client(server.port(), how);
    ASSERT_TRUE(exchange_ok(client));
    EXPECT_EQ(server.connection(1).sni, std::nullopt);
    EXPECT_EQ(server.connection(1).alpn, "");
}

TEST(handshakes, versions) {
    fault_server_options old;
    old.min_version = TLS1_1_VERSION;
    old.max_version = TLS1_1_VERSION;
    fault_server server(std::move(old));
    EXPECT_FALSE(raw_client(server.port()).handshake_done());
    raw_client_options how;
    how.min_version = TLS1_1_VERSION;
    EXPECT_TRUE(raw_client(server.port(), how).handshake_done());
    EXPECT_EQ(server.connection(2).version, "TLSv1.1");
}

TEST(handshakes, resumption) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const bool with_tickets : {true, false}) {
            fault_server_options options;
            options.max_version = version;
            options.tickets = with_tickets ? 1 : 0;
            fault_server server(std::move(options));
            raw_client_options how;
            raw_client first(server.port(), how);
            ASSERT_TRUE(exchange_ok(first)); // reads the ticket, too
            const session_ptr session = first.session();
            how.resume = session.get();
            raw_client second(server.port(), how);
            ASSERT_TRUE(exchange_ok(second));
            const bool expected = with_tickets || version == TLS1_2_VERSION;
            EXPECT_EQ(server.journal().resumed(), expected ? 1 : 0);
            EXPECT_EQ(server.connection(2).resumed, expected);
            EXPECT_EQ(server.connection(2).resumption_offered, with_tickets);
        }
    }
}

TEST(handshakes, no_resumption_without_cache_and_tickets) {
    fault_server_options options;
    options.max_version = TLS1_2_VERSION;
    options.tickets = 0;
    options.session_cache = false;
    fault_server server(std::move(options));
    raw_client_options how;
    raw_client first(server.port(), how);
    ASSERT_TRUE(exchange_ok(first));
    const session_ptr session = first.session();
    how.resume = session.get();
    raw_client second(server.port(), how);
    EXPECT_TRUE(exchange_ok(second));
    EXPECT_FALSE(server.connection(2).resumed);
}

TEST(handshakes, records_early_data) {
    fault_server_options options;
    options.offer_early_data = true;
    fault_server server(std::move(options));
    raw_client_options how;
    raw_client first(server.port(), how);
    ASSERT_TRUE(exchange_ok(first));
    const session_ptr session = first.session();
    ASSERT_GT(SSL_SESSION_get_max_early_data(session.get()), 0U);
    how.resume = session.get();
    how.early_data = "early";
    raw_client second(server.port(), how);
    EXPECT_FALSE(server.connection(1).early_data);
    EXPECT_TRUE(server.connection(2).early_data);
}

TEST(handshakes, refused_with_an_alert) {
    fault_server server;
    server.next_connection({refuse_handshake(SSL_AD_HANDSHAKE_FAILURE)});
    raw_client client(server.port());
    EXPECT_FALSE(client.handshake_done());
    EXPECT_NE(client.error().find("handshake failure"), std::string::npos) << client.error();
    EXPECT_TRUE(server.connection(1).client_hello);
    EXPECT_EQ(server.journal().handshakes(), 0);
}

TEST(handshakes, closed_before_after_hello_and_reset) {
    const std::vector<script> scripts{
        {fin()}, {abrupt_close()}, {rst()}, {read_client_hello(), fin()}, {read_client_hello(), rst()}};
    fault_server server;
    for (const script& steps : scripts) {
        server.next_connection(steps);
        EXPECT_FALSE(raw_client(server.port()).handshake_done());
    }
    raw_client last(server.port());
    EXPECT_TRUE(exchange_ok(last));
    EXPECT_EQ(server.accepted(), scripts.size() + 1);
    EXPECT_EQ(server.journal().handshakes(), 1);
}

TEST(handshakes, plain_http_instead) {
    fault_server server;
    server.next_connection({read_client_hello(), raw_tcp("HTTP/1.1 400 Bad Request\r\n\r\n"), fin()});
    raw_client client(server.port());
    EXPECT_FALSE(client.handshake_done());
    EXPECT_NE(client.error().find("wrong version number"), std::string::npos) << client.error();
}

TEST(handshakes, hello_is_answered_after_the_gate_opens) {
    fault_server server;
    server.next_connection({read_client_hello(), gate("response")});
    std::thread opener([&server] {
        EXPECT_TRUE(server.wait_for_gate("response"));
        EXPECT_FALSE(server.connection(1).handshake);
        server.open_gate("response");
    });
    raw_client client(server.port());
    opener.join();
    EXPECT_TRUE(exchange_ok(client));
}

TEST(handshakes, stalled_until_the_client_closes) {
    fault_server server;
    server.next_connection({stall()});
    server.next_connection({read_client_hello(), stall()});
    raw_client_options plain;
    plain.plain = true;
    for (std::size_t number = 1; number <= 2; ++number) {
        raw_client client(server.port(), plain);
        ASSERT_TRUE(client.write(std::string("\x16\x03\x01\x00\x02hi", 7)));
        client.close();
        EXPECT_TRUE(server.wait_for_close(number));
    }
}

} // namespace
} // namespace yunhu::test
