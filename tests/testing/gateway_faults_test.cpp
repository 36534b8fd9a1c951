// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Faults of the gateway.

#include "gateway_fixture.hpp"

#include <boost/system/system_error.hpp>

#include <future>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

using action = gateway_fault::action;
using kind = received::kind;

class gateway_faults_test : public gateway_fixture {
protected:
    void inject(std::string on, action what, std::string body = {}, std::uint16_t code = 1000) {
        gateway_fault f;
        f.on = std::move(on);
        f.what = what;
        f.times = 1;
        f.body = std::move(body);
        f.close_code = code;
        server.inject(f);
    }
    void say(const std::string& text) { server.say("2", big, text); }
    static std::string text_of(const received& got) { return got.payload<wire::PushMessage>().content().text(); }
};

TEST_F(gateway_faults_test, an_upgrade_can_be_refused) {
    inject("connect", action::drop);
    EXPECT_THROW(gateway_client(server.port(), server.ca_pem()), boost::system::system_error);
    EXPECT_EQ(server.journal().back().status, 403);
    fault busy;
    busy.endpoint = "/ws";
    busy.what = fault::action::response;
    busy.status = 503;
    busy.times = 1;
    server.inject(busy);
    EXPECT_THROW(gateway_client(server.port(), server.ca_pem()), boost::system::system_error);
    EXPECT_NO_THROW(gateway_client(server.port(), server.ca_pem()));
}

TEST_F(gateway_faults_test, a_login_can_be_refused_in_any_form) {
    gateway_fault refusal;
    refusal.on = "login";
    refusal.what = action::replace;
    refusal.body = R"({"code":-101,"msg":"未登录"})";
    refusal.text = true;
    refusal.times = 1;
    server.inject(refusal);
    gateway_client socket(server.port(), server.ca_pem());
    socket.log_in("1", "test-token");
    const received got = socket.next();
    EXPECT_TRUE(got.text);
    EXPECT_EQ(got.bytes, refusal.body);
    EXPECT_EQ(server.sessions(), 0U);
    inject("login", action::close, "bye", 4001);
    socket.log_in("1", "test-token");
    const received closed = socket.next();
    EXPECT_EQ(closed.what, kind::closed);
    EXPECT_EQ(closed.code, 4001);
    EXPECT_EQ(closed.bytes, "bye");
}

TEST_F(gateway_faults_test, a_heartbeat_can_stay_without_an_answer) {
    const auto ada = session("1", "test-token");
    inject("heartbeat_ack", action::drop);
    ada->heartbeat();
    ada->heartbeat();
    EXPECT_EQ(ada->next().cmd(), "heartbeat_ack");
    EXPECT_TRUE(server.wait_until([this] { return server.frames().size() >= 4; }, wait_limit));
    EXPECT_EQ(ada->next(std::chrono::milliseconds(50)).what, kind::nothing); // one answer to two heartbeats
}

TEST_F(gateway_faults_test, pushes_are_dropped_doubled_and_swapped) {
    const auto ada = session("1", "test-token");
    inject("push_message", action::drop);
    say("dropped");
    inject("push_message", action::duplicate);
    say("twice");
    inject("push_message", action::swap);
    say("second");
    say("first");
    say("last");
    for (const char* expected : {"twice", "twice", "first", "second", "last"}) {
        EXPECT_EQ(text_of(ada->next()), expected);
    }
}

TEST_F(gateway_faults_test, frames_are_garbled) {
    const auto ada = session("1", "test-token");
    inject("push_message", action::truncate);
    say("x");
    const received truncated = ada->next();
    EXPECT_EQ(truncated.what, kind::frame);
    EXPECT_FALSE(wire::WsWrapper().ParseFromString(truncated.bytes));
    inject("push_message", action::no_value);
    say("x");
    const received without = ada->next();
    EXPECT_EQ(without.cmd(), "push_message");
    EXPECT_TRUE(without.envelope.has_data());
    EXPECT_EQ(without.envelope.data().value(), "");
    inject("push_message", action::wrong_type_url);
    say("renamed");
    const received renamed = ada->next();
    EXPECT_EQ(renamed.envelope.data().type_url(), "type.googleapis.com/proto.Nothing");
    EXPECT_EQ(text_of(renamed), "renamed");
    inject("heartbeat_ack", action::as_text); // a push may have bytes that are no UTF-8 and end the connection
    ada->heartbeat();
    const received in_text = ada->next();
    EXPECT_TRUE(in_text.text);
    EXPECT_TRUE(wire::WsWrapper().ParseFromString(in_text.bytes));
    inject("push_message", action::insert, "\xff\xff");
    say("after");
    EXPECT_EQ(ada->next().bytes, "\xff\xff");
    EXPECT_EQ(text_of(ada->next()), "after");
    inject("push_message", action::replace, "zz");
    say("x");
    EXPECT_EQ(ada->next().bytes, "zz");
}

TEST_F(gateway_faults_test, a_session_ends_in_every_way) {
    auto ada = session("1", "test-token");
    inject("push_message", action::close, "restart", 1012);
    say("x");
    const received closed = ada->next();
    EXPECT_EQ(closed.what, kind::closed);
    EXPECT_EQ(closed.code, 1012);
    for (const action end : {action::disconnect, action::reset}) {
        EXPECT_TRUE(server.wait_until([this] { return server.sessions() == 0; }, wait_limit));
        ada = session("1", "test-token");
        inject("push_message", end);
        say("x");
        EXPECT_EQ(ada->next().what, kind::cut_off);
    }
}

TEST_F(gateway_faults_test, a_silent_session_stays_open_without_a_frame) {
    const auto ada = session("1", "test-token");
    inject("push_message", action::silence);
    say("x");
    ada->heartbeat();
    EXPECT_TRUE(server.wait_until([this] { return server.frames().back().cmd == "heartbeat"; }, wait_limit));
    EXPECT_EQ(ada->next(std::chrono::milliseconds(50)).what, kind::nothing);
    EXPECT_EQ(server.sessions(), 1U);
}

TEST_F(gateway_faults_test, a_half_open_session_reads_nothing) {
    const auto ada = session("1", "test-token");
    inject("push_message", action::half_open);
    say("x");
    EXPECT_TRUE(
        server.wait_until([this] { return server.frames().back().applied_fault == action::half_open; }, wait_limit));
    const std::size_t frames = server.frames().size();
    ada->heartbeat();
    EXPECT_EQ(ada->next(std::chrono::milliseconds(50)).what, kind::nothing);
    EXPECT_EQ(server.frames().size(), frames);
    server.drop_connections();
    EXPECT_EQ(ada->next().what, kind::cut_off);
}

TEST_F(gateway_faults_test, a_push_arrives_before_the_response) {
    const auto ada = session("1", "test-token");
    fault late;
    late.endpoint = "send-message";
    late.what = fault::action::delay;
    late.delay = std::chrono::hours(1);
    server.inject(late);
    client.send(valid_request("send-message", protobuf_type, text_request(big, "a", "hi").SerializeAsString()));
    EXPECT_EQ(ada->next().payload<wire::PushMessage>().msg_id(), "a"); // the response is an hour away
}

TEST_F(gateway_faults_test, a_delayed_frame_keeps_its_place) {
    const auto ada = session("1", "test-token");
    gateway_fault late;
    late.on = "push_message";
    late.what = action::delay;
    late.times = 1;
    late.delay = std::chrono::milliseconds(30);
    server.inject(late);
    say("first");
    say("second");
    EXPECT_EQ(text_of(ada->next()), "first");
    EXPECT_EQ(text_of(ada->next()), "second");
}

TEST_F(gateway_faults_test, a_fault_can_be_for_one_account) {
    const auto ada = session("1", "test-token");
    const auto ben = session("2", "token-of-ben");
    gateway_fault f;
    f.user_id = "2";
    f.what = action::drop;
    server.inject(f);
    say("x");
    EXPECT_EQ(text_of(ada->next()), "x");
    server.clear_faults();
    say("y");
    EXPECT_EQ(text_of(ben->next()), "y");
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
