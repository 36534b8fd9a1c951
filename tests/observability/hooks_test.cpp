// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"
#include "observability/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

// The hooks of a call, their order and their arguments.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using lines = std::vector<std::string>;

// A fixture whose client has a recorder as its observer. Its destructor checks that the hooks are balanced.
struct observed_fixture {
    explicit observed_fixture(fault_server_options options = {}) : f(std::move(options)) { f.config.observer = seen; }
    observed_fixture(const observed_fixture&) = delete;
    observed_fixture& operator=(const observed_fixture&) = delete;
    ~observed_fixture() {
        f.close_client();
        EXPECT_TRUE(f.run_until([this] { return seen->open() == 0; }));
        EXPECT_EQ(seen->report(), "");
    }

    /// The lines recorded since the previous `take`.
    lines take() { return std::exchange(seen->lines, {}); }

    std::shared_ptr<recorder> seen = std::make_shared<recorder>();
    client_fixture f;
};

TEST(hooks, of_successful_calls) {
    observed_fixture o;
    EXPECT_TRUE(ok(o.f.send("a")));
    EXPECT_THAT(o.take(), ElementsAre("on_call_start send-message", "on_queue_start", "on_connect_start",
                                      "on_connect_end success", "on_tls_start", "on_tls_end success",
                                      "on_connection_open", "on_queue_end", "on_attempt_start 1 new", "on_first_byte",
                                      "on_attempt_end success 200", "on_call_end success answered"));
    EXPECT_TRUE(ok(o.f.read("b")));
    EXPECT_THAT(o.take(), ElementsAre("on_call_start list-message-edit-record", "on_attempt_start 1 reused",
                                      "on_first_byte", "on_attempt_end success 200", "on_call_end success answered"));
    o.f.close_client();
    ASSERT_TRUE(o.f.run_until([&] { return o.seen->open() == 0; }));
    EXPECT_THAT(o.take(), ElementsAre("on_connection_close 2"));
}

TEST(hooks, over_plain_http_have_no_tls) {
    fault_server_options options;
    options.tls = false;
    observed_fixture o(std::move(options));
    EXPECT_TRUE(ok(o.f.send("a")));
    EXPECT_THAT(o.take(),
                ElementsAre("on_call_start send-message", "on_queue_start", "on_connect_start",
                            "on_connect_end success", "on_connection_open", "on_queue_end", "on_attempt_start 1 new",
                            "on_first_byte", "on_attempt_end success 200", "on_call_end success answered"));
}

TEST(hooks, of_a_response_in_pieces) {
    observed_fixture o;
    o.f.server.next_response(
        {send("HTTP/1.1 200 OK\r\nContent-Le"), gate("rest"), send("ngth: 6\r\n\r\n{\"code"), fin()});
    const pending_call call = o.f.start_read("a");
    EXPECT_TRUE(o.f.run_until([&] { return o.seen->lines.back() == "on_first_byte"; }))
        << "while the response is incomplete";
    o.f.server.open_gate("rest");
    (void)o.f.wait(call);
    EXPECT_EQ(o.seen->seen().at("on_first_byte"), 1U);
    EXPECT_EQ(o.seen->ends.back().code, errc::bad_response);
}

// The attempt has a response; the API's refusal is known only after decoding.
TEST(hooks, of_a_refusal_by_the_api) {
    observed_fixture o;
    o.f.server.next_response({send(http_ok(R"({"code":7,"msg":"no, and fixture-text"})"))});
    EXPECT_TRUE(failed(o.f.read("a"), errc::refused, delivery::answered));
    EXPECT_THAT(o.take(), IsSupersetOf(lines{"on_attempt_end success 200", "on_call_end refused answered"}));
    const call_end_event& end = o.seen->ends.at(0);
    EXPECT_EQ(end.api_code, 7);
    EXPECT_EQ(end.http_status, 200);
    EXPECT_EQ(end.attempts, 1U);
    EXPECT_TRUE(end.delivered);
    EXPECT_GT(end.elapsed, 0ns);
    EXPECT_GE(end.elapsed, end.times.first_byte);
}

TEST(hooks, of_invalid_input) {
    observed_fixture o;
    EXPECT_TRUE(failed(o.f.read(""), errc::invalid_request, delivery::not_sent));
    EXPECT_THAT(o.take(),
                ElementsAre("on_call_start list-message-edit-record", "on_call_end invalid_request not_sent"));
}

TEST(hooks, of_retries) {
    observed_fixture o;
    o.f.config.retry.throttled_base = 1ms;
    o.f.config.retry.base = 1ms;
    o.f.server.next_response({send("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n")});
    o.f.server.next_response({send("HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n")});
    EXPECT_TRUE(ok(o.f.read("a")));
    EXPECT_THAT(o.take(),
                ElementsAre("on_call_start list-message-edit-record", "on_queue_start", "on_connect_start",
                            "on_connect_end success", "on_tls_start", "on_tls_end success", "on_connection_open",
                            "on_queue_end", "on_attempt_start 1 new", "on_first_byte", "on_attempt_end success 429",
                            "on_retry throttled later", "on_attempt_start 2 reused", "on_first_byte",
                            "on_attempt_end success 503", "on_retry server_error later", "on_attempt_start 3 reused",
                            "on_first_byte", "on_attempt_end success 200", "on_call_end success answered"));
    EXPECT_LE(o.seen->retries.at(0).pause, 1ms);
    EXPECT_EQ(o.seen->retries.at(0).attempts, 1U);
}

TEST(hooks, of_a_stale_connection) {
    observed_fixture o;
    ASSERT_TRUE(o.f.follow_up());
    (void)o.take();
    o.f.server.next_response({rst()}); // a safe call on a reused connection may be retried once, at once
    EXPECT_TRUE(ok(o.f.read("a")));
    const lines all = o.take();
    EXPECT_THAT(all, IsSupersetOf(lines{"on_attempt_start 1 reused", "on_attempt_end connection_lost no response",
                                        "on_retry connection_lost at once", "on_connection_close 2", "on_connect_start",
                                        "on_attempt_start 2 new", "on_call_end success answered"}));
}

TEST(hooks, of_an_idle_connection_that_the_server_closes) {
    observed_fixture o;
    o.f.server.next_response({response_ok(), gate("idle"), close()});
    ASSERT_TRUE(ok(o.f.read("a")));
    o.f.server.open_gate("idle");
    ASSERT_TRUE(o.f.run_until_closed(1));
    EXPECT_EQ(o.seen->lines.back(), "on_connection_close 1 evicted");
}

TEST(hooks, of_a_server_that_is_down) {
    observed_fixture o;
    o.f.server.stop_listening();
    call_options once;
    once.max_attempts = 1;
    EXPECT_TRUE(failed(o.f.read("a", once), errc::connect_failed, delivery::not_sent));
    EXPECT_THAT(o.take(),
                ElementsAre("on_call_start list-message-edit-record", "on_queue_start", "on_connect_start",
                            "on_connect_end connect_failed", "on_queue_end", "on_call_end connect_failed not_sent"));
}

TEST(hooks, of_a_handshake_that_fails) {
    observed_fixture o;
    o.f.config.tls.ca_pem = fault_server().ca_pem(); // of another server
    EXPECT_TRUE(failed(o.f.read("a"), errc::certificate_rejected, delivery::not_sent));
    EXPECT_THAT(o.take(), ElementsAre("on_call_start list-message-edit-record", "on_queue_start", "on_connect_start",
                                      "on_connect_end success", "on_tls_start", "on_tls_end certificate_rejected",
                                      "on_queue_end", "on_call_end certificate_rejected not_sent"));
}

TEST(hooks, of_a_resumed_session) {
    observed_fixture o;
    o.f.server.next_response({response_ok(), close()});
    ASSERT_TRUE(ok(o.f.read("a")));
    ASSERT_TRUE(o.f.run_until_closed(1));
    ASSERT_TRUE(o.f.follow_up());
    EXPECT_THAT(o.take(), IsSupersetOf(lines{"on_tls_end success", "on_tls_end success resumed"}));
}

} // namespace
} // namespace yunhu::test
