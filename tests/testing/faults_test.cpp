// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Every fault over TLS connections: its effect on the client, and whether the request was executed.

#include "fixture.hpp"

#include <yunhu/requests.hpp>

#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

using action = fault::action;

class faults_test : public emulator_test {
protected:
    fault& of(action what) {
        planned = fault();
        planned.what = what;
        return planned;
    }

    void post_send(http_client& to, const std::string& msg_id) {
        to.send(valid_request("send-message", protobuf_type, text_request(big, msg_id, "hi").SerializeAsString()));
    }

    void expect_last(action what, bool executed, int status) {
        const exchange last = server.journal().back();
        EXPECT_EQ(last.applied_fault, what);
        EXPECT_EQ(last.executed, executed);
        EXPECT_EQ(last.status, status);
        EXPECT_EQ(last.code, executed ? 1 : 0);
        EXPECT_EQ(last.msg_id, executed ? "a" : "");
        EXPECT_EQ(server.messages(big).size(), executed ? 1U : 0U);
    }

    bool closes_everything() {
        return server.wait_until([this] { return server.connections_open() == 0; }, wait_limit);
    }

    fault planned;
};

TEST_F(faults_test, response_replaces_the_response) {
    of(action::response).status = 503;
    planned.headers = {{"Retry-After", "7"}};
    planned.body = "later";
    server.inject(planned);
    post_send(client, "a");
    const response got = client.read();
    EXPECT_EQ(got.status, 503);
    EXPECT_EQ(got.header("retry-after"), "7");
    EXPECT_EQ(got.body, "later");
    expect_last(action::response, false, 503);
    server.clear_faults();
    EXPECT_EQ(send(big, "a"), 1); // the connection is still usable
    EXPECT_EQ(server.connections_accepted(), 1U);
}

TEST_F(faults_test, response_can_execute_first) {
    of(action::response).execute = true;
    server.inject(planned);
    post_send(client, "a");
    EXPECT_EQ(client.read().status, 500);
    expect_last(action::response, true, 500);
}

TEST_F(faults_test, response_can_close) {
    of(action::response).headers = {{"Connection", "close"}};
    server.inject(planned);
    post_send(client, "a");
    EXPECT_EQ(client.read().status, 500);
    EXPECT_EQ(client.read_to_end(), ending::close_notify);
}

TEST_F(faults_test, response_keeps_an_explicit_length) {
    of(action::response).headers = {{"Content-Length", "3"}};
    planned.body = "abcHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    server.inject(planned);
    post_send(client, "a");
    EXPECT_EQ(client.read().body, "abc");
    EXPECT_EQ(client.read().status, 200);
}

TEST_F(faults_test, raw_bytes_are_sent_unchanged) {
    of(action::raw_bytes).body = std::string("\0garbage", 8);
    server.inject(planned);
    post_send(client, "a");
    EXPECT_EQ(client.read_some(), planned.body);
    expect_last(action::raw_bytes, false, 0);
    server.clear_faults();
    EXPECT_EQ(send(big, "a"), 1);
}

TEST_F(faults_test, close_before_does_not_execute) {
    server.inject(of(action::close_before));
    post_send(client, "a");
    std::string rest;
    EXPECT_EQ(client.read_to_end(&rest), ending::truncated);
    EXPECT_EQ(rest, "");
    expect_last(action::close_before, false, 0);
    EXPECT_TRUE(closes_everything());
}

TEST_F(faults_test, close_after_executes) {
    server.inject(of(action::close_after));
    post_send(client, "a");
    std::string rest;
    EXPECT_EQ(client.read_to_end(&rest), ending::truncated);
    EXPECT_EQ(rest, "");
    expect_last(action::close_after, true, 0);
    server.clear_faults();
    http_client other = connect();
    post_send(other, "a"); // a retry without idempotency
    EXPECT_EQ(other.read().status, 200);
    EXPECT_EQ(server.duplicates(), 1U);
}

TEST_F(faults_test, close_in_response_sends_half_of_it) {
    post_send(client, "x");
    const std::string whole = client.read_some();
    http_client other = connect();
    server.inject(of(action::close_in_response));
    other.send(valid_request("send-message", protobuf_type, text_request(big, "y", "hi").SerializeAsString()));
    std::string rest;
    EXPECT_EQ(other.read_to_end(&rest), ending::truncated);
    EXPECT_EQ(rest, whole.substr(0, whole.size() / 2));
    EXPECT_TRUE(server.journal().back().executed);
    EXPECT_EQ(server.messages(big).size(), 2U);
}

TEST_F(faults_test, reset_resets) {
    server.inject(of(action::reset));
    post_send(client, "a");
    EXPECT_EQ(client.read_to_end(), ending::reset);
    expect_last(action::reset, false, 0);
}

TEST_F(faults_test, reset_can_execute_first) {
    of(action::reset).execute = true;
    server.inject(planned);
    post_send(client, "a");
    EXPECT_EQ(client.read_to_end(), ending::reset);
    expect_last(action::reset, true, 0);
}

TEST_F(faults_test, stall_executes_and_sends_nothing) {
    server.inject(of(action::stall));
    {
        http_client stalled = connect();
        post_send(stalled, "a");
        ASSERT_TRUE(server.wait_until([this] { return server.requests() == 1; }, wait_limit));
        expect_last(action::stall, true, 0);
        server.clear_faults();
        EXPECT_EQ(send(big, "b"), 1); // other connections are served
        EXPECT_EQ(server.connections_open(), 2U);
    }
    // The server detects the client's close.
    EXPECT_TRUE(server.wait_until([this] { return server.connections_open() == 1; }, wait_limit));
}

TEST_F(faults_test, a_stalled_connection_is_silent) {
    ASSERT_EQ(send(big, "first"), 1); // after it the server has no TLS records to send
    server.inject(of(action::stall));
    post_send(client, "a");
    ASSERT_TRUE(server.wait_until([this] { return server.requests() == 2; }, wait_limit));
    EXPECT_FALSE(client.readable_within(std::chrono::milliseconds(50)));
    server.drop_connections();
    EXPECT_EQ(client.read_to_end(), ending::truncated);
}

TEST_F(faults_test, delay_executes_at_once_and_responds_later) {
    of(action::delay).delay = std::chrono::milliseconds(100);
    server.inject(planned);
    const auto begin = std::chrono::steady_clock::now();
    post_send(client, "a");
    EXPECT_EQ(client.read().status, 200);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, planned.delay);
    expect_last(action::delay, true, 200);
}

TEST_F(faults_test, any_fault_can_be_delayed) {
    of(action::close_before).delay = std::chrono::milliseconds(100);
    server.inject(planned);
    const auto begin = std::chrono::steady_clock::now();
    post_send(client, "a");
    EXPECT_EQ(client.read_to_end(), ending::truncated);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, planned.delay);
}

TEST_F(faults_test, refuse_tls_closes_an_accepted_connection) {
    of(action::refuse_tls).times = 1;
    server.inject(planned);
    EXPECT_THROW(connect(), handshake_failed);
    EXPECT_EQ(send(big, "a"), 1); // an open connection is not affected
    http_client other = connect();
    EXPECT_TRUE(server.wait_until([this] { return server.connections_accepted() == 2; }, wait_limit));
}

TEST_F(faults_test, a_fault_applies_to_its_endpoint_only) {
    of(action::response).endpoint = "recall-msg";
    server.inject(planned);
    EXPECT_EQ(send(big, "a"), 1);
    wire::RecallMsgRequest request;
    EXPECT_EQ(post("recall-msg", protobuf_type, request.SerializeAsString()).status, 500);
    EXPECT_EQ(post("recall-msg-batch", protobuf_type, request.SerializeAsString()).status, 200);
}

TEST_F(faults_test, a_fault_can_emulate_an_unknown_endpoint) {
    of(action::response).endpoint = "/v1/msg/new-endpoint";
    planned.status = 200;
    planned.body = "{}";
    server.inject(planned);
    EXPECT_EQ(post("new-endpoint", json_type, "{}").body, "{}");
}

TEST_F(faults_test, an_endpoint_is_named_by_its_constant) {
    fault planned_for_one(endpoints::recall_msg);
    server.inject(planned_for_one);
    EXPECT_EQ(send(big, "a"), 1);
    EXPECT_EQ(post("recall-msg", protobuf_type, "").status, 500);
}

TEST_F(faults_test, a_fault_for_an_endpoint_that_does_not_exist_is_refused) {
    for (const char* name : {"send_message", "new-endpoint", "v1/msg/send-message"}) {
        of(action::response).endpoint = name;
        try {
            server.inject(planned);
            FAIL() << name;
        } catch (const std::invalid_argument& e) {
            EXPECT_EQ(std::string(e.what()), "no endpoint is named \"" + std::string(name) +
                                                 "\"; an endpoint of your own is given by its path, e.g. /v1/own/call");
        }
    }
    EXPECT_EQ(send(big, "a"), 1); // none of them applies
    server.serve("/v1/own/call", [](std::string_view) { return std::string("{}"); });
    of(action::response).endpoint = "call";
    server.inject(planned);
}

TEST_F(faults_test, the_nth_request_gets_the_fault) {
    of(action::response).nth = 2;
    server.inject(planned);
    EXPECT_EQ(post("nothing", json_type, "").status, 404);
    EXPECT_EQ(post("nothing", json_type, "").status, 500);
    EXPECT_EQ(post("nothing", json_type, "").status, 404);
}

TEST_F(faults_test, drop_connections_closes_all_and_continues_to_listen) {
    http_client other = connect();
    ASSERT_EQ(send(big, "a"), 1);
    ASSERT_TRUE(server.wait_until([this] { return server.connections_open() == 2; }, wait_limit));
    server.drop_connections();
    EXPECT_EQ(server.connections_open(), 0U);
    EXPECT_EQ(client.read_to_end(), ending::truncated);
    EXPECT_EQ(other.read_to_end(), ending::truncated);
    http_client again = connect();
    post_send(again, "b");
    EXPECT_EQ(again.read().status, 200);
    EXPECT_EQ(server.messages(big).size(), 2U); // the stored messages remain
}

TEST_F(faults_test, the_emulator_can_be_destroyed_while_responses_are_delayed) {
    emulator brief;
    of(action::delay).delay = std::chrono::hours(1);
    brief.inject(planned);
    http_client delayed(brief.port(), brief.ca_pem());
    post_send(delayed, "a");
    http_client silent(brief.port(), brief.ca_pem());
    ASSERT_TRUE(brief.wait_until([&] { return brief.requests() == 1; }, wait_limit));
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
