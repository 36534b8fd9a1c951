// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"

#include <boost/asio/error.hpp>

// The checks of the fixture: the response, the connection and the number of calls.
namespace yunhu::test {
namespace {

using namespace steps;

TEST(client_fixture, calls_share_a_connection) {
    client_fixture f;
    EXPECT_TRUE(ok(f.send("one")));
    EXPECT_TRUE(ok(f.read("two")));
    EXPECT_TRUE(f.reuses());
    EXPECT_FALSE(f.server.journal().closed(1));
    EXPECT_EQ(f.seen("one"), 1);
    EXPECT_EQ(f.connection_of("two"), 1);
    EXPECT_EQ(f.connection_of("three"), 0);
}

TEST(client_fixture, bytes_are_delivered_in_every_split) {
    const std::string response = http_ok(read_response("a"));
    EXPECT_EQ(deliveries(response).size(), response.size() + 1);
    client_fixture f;
    for (const step& way : deliveries(response)) {
        f.server.next_response({way});
        EXPECT_TRUE(ok(f.read("a")));
        EXPECT_TRUE(f.reuses());
    }
}

TEST(client_fixture, distinguishes_new_and_reused_connections) {
    client_fixture f;
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Len"), fin()});
    EXPECT_TRUE(failed(f.send("a"), errc::incomplete_response, delivery::answered, phase::first_byte));
    EXPECT_TRUE(f.renews());
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.connection_of("a"), 1);
}

TEST(client_fixture, another_calls_response_is_not_ok) {
    client_fixture f;
    f.server.next_response({send(http_ok(read_response("b")))});
    EXPECT_FALSE(ok(f.read("a")));
    f.server.next_response({send(http_ok(send_response("b")))});
    EXPECT_FALSE(ok(f.send("a")));
}

TEST(client_fixture, cancels_a_call_at_a_gate) {
    client_fixture f;
    f.server.next_response({gate("before the answer")});
    const pending_call call = f.start_send("a");
    ASSERT_TRUE(f.run_until_gate("before the answer"));
    EXPECT_FALSE(call.done());
    call.cancel();
    EXPECT_TRUE(failed(f.wait(call), boost::asio::error::operation_aborted, delivery::maybe_sent));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(client_fixture, configuration_can_be_changed) {
    client_fixture f;
    f.config.tls.ca_pem = certificate_authority().pem();
    EXPECT_TRUE(failed(f.send("a"), errc::certificate_rejected, delivery::not_sent, phase::tls));
    EXPECT_EQ(f.server.journal().bytes, 0);
}

TEST(client_fixture, plain_http) {
    fault_server_options options;
    options.tls = false;
    client_fixture f(std::move(options));
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_TRUE(f.reuses());
}

} // namespace
} // namespace yunhu::test
