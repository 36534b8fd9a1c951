// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The gateway: logins, and what reaches the sessions of which account.

#include "gateway_fixture.hpp"

#include <boost/algorithm/hex.hpp>

#include <thread>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

using gateway_test = gateway_fixture;
using kind = received::kind;

TEST_F(gateway_test, a_heartbeat_is_acknowledged_after_the_login_only) {
    gateway_client socket(server.port(), server.ca_pem());
    socket.heartbeat();
    const received refused = socket.next();
    EXPECT_TRUE(refused.text);
    EXPECT_EQ(refused.bytes, "数据不合法");
    socket.log_in("1", "test-token");
    socket.heartbeat();
    const received ack = socket.next();
    EXPECT_EQ(ack.what, kind::frame);
    EXPECT_FALSE(ack.text);
    EXPECT_EQ(ack.cmd(), "heartbeat_ack");
    EXPECT_FALSE(ack.envelope.has_data());
    EXPECT_EQ(server.sessions(), 1U);
    socket.close();
    EXPECT_TRUE(server.wait_until([this] { return server.sessions() == 0; }, wait_limit));
}

TEST_F(gateway_test, a_login_that_is_not_complete_and_right_is_refused) {
    for (
        const char* frame : {
            R"({"seq":"1","cmd":"login","data":{"userId":"1","token":"wrong","platform":"linux","deviceId":"d"}})",
            R"({"seq":"1","cmd":"login","data":{"userId":"2","token":"test-token","platform":"linux","deviceId":"d"}})",
            R"({"seq":"1","cmd":"login","data":{"userId":"1","token":"test-token","platform":"Linux","deviceId":"d"}})",
            R"({"seq":"1","cmd":"login","data":{"userId":"1","token":"test-token","platform":"web","deviceId":"d"}})",
            R"({"seq":"1","cmd":"login","data":{"userId":"1","token":"test-token","platform":"Web"}})",
            R"({"seq":"1","cmd":"login","data":{"userId":1,"token":"test-token","platform":"Web","deviceId":"d"}})",
            R"({"seq":"1","cmd":"login"})",
            R"({"seq":"1"})",
            "hello",
            "[]",
            "",
        }) {
        gateway_client socket(server.port(), server.ca_pem());
        socket.send(frame);
        EXPECT_EQ(socket.next().bytes, "数据不合法") << frame;
        EXPECT_EQ(server.sessions(), 0U);
    }
    gateway_client socket(server.port(), server.ca_pem());
    socket.send_binary("\x0a\x02hi");
    EXPECT_EQ(socket.next().bytes, "数据不合法");
    for (const char* platform : {"windows", "macos", "android", "linux", "ios", "fuchsia", "Web"}) {
        gateway_client allowed(server.port(), server.ca_pem());
        allowed.log_in("1", "test-token", platform);
        allowed.heartbeat();
        EXPECT_EQ(allowed.next().cmd(), "heartbeat_ack") << platform;
    }
}

TEST_F(gateway_test, the_token_is_not_in_the_journal) {
    const auto socket = session("1", "test-token");
    bool seen = false;
    for (const gateway_frame& each : server.frames()) {
        seen = seen || each.cmd == "login";
        EXPECT_EQ(each.bytes.find("test-token"), std::string::npos);
    }
    EXPECT_TRUE(seen);
}

TEST_F(gateway_test, a_group_message_reaches_every_account_and_the_sender) {
    const auto ada = session("1", "test-token");
    const auto phone_of_ada = session("1", "test-token");
    const auto ben = session("2", "token-of-ben");
    ASSERT_EQ(send(big, "a", "hi"), 1); // as ada
    for (const auto& each : {ada, phone_of_ada, ben}) {
        const received got = each->next();
        EXPECT_EQ(got.cmd(), "push_message");
        EXPECT_EQ(got.envelope.data().type_url(), "type.googleapis.com/proto.PushMessage");
        const auto push = got.payload<wire::PushMessage>();
        EXPECT_EQ(push.msg_id(), "a");
        EXPECT_EQ(push.sender().chat_id(), "1");
        EXPECT_EQ(push.sender().name(), "ada");
        EXPECT_EQ(push.recv_id(), each == ben ? "2" : "1");
        EXPECT_EQ(push.chat_id(), "big");
        EXPECT_EQ(push.chat_type(), 2U);
        EXPECT_EQ(push.content().text(), "hi");
        EXPECT_EQ(push.content_type(), 1U);
        EXPECT_EQ(push.timestamp(), server.messages(big).at(0).send_time);
        EXPECT_EQ(push.msg_seq(), 1U);
        EXPECT_EQ(push.delete_timestamp(), 0U);
    }
}

TEST_F(gateway_test, a_private_message_reaches_its_two_accounts) {
    const auto ada = session("1", "test-token");
    const auto ben = session("2", "token-of-ben");
    const auto cem = session("3", "token-of-cem");
    ASSERT_EQ(send(user("2"), "a", "hi"), 1); // as ada
    const auto own = ada->next().payload<wire::PushMessage>();
    EXPECT_EQ(own.chat_id(), "2");
    EXPECT_EQ(own.recv_id(), "1");
    const auto incoming = ben->next().payload<wire::PushMessage>();
    EXPECT_EQ(incoming.chat_id(), "2");
    EXPECT_EQ(incoming.recv_id(), "2");
    EXPECT_EQ(incoming.chat_type(), 1U);
    EXPECT_EQ(incoming.sender().chat_id(), "1");
    cem->heartbeat();
    EXPECT_EQ(cem->next().cmd(), "heartbeat_ack"); // and nothing before it
}

TEST_F(gateway_test, edits_recalls_and_blocks_are_pushed) {
    const auto ada = session("1", "test-token");
    ASSERT_EQ(send(big, "a", "hi"), 1);
    ASSERT_EQ(ada->next().cmd(), "push_message");
    ASSERT_EQ(call("edit-message", text_request(big, "a", "ho")).status().code(), 1);
    const received edited = ada->next();
    EXPECT_EQ(edited.cmd(), "edit_message");
    const auto edit = edited.payload<wire::PushMessage>();
    EXPECT_EQ(edit.msg_id(), "a");
    EXPECT_EQ(edit.recv_id(), "big");
    EXPECT_EQ(edit.chat_id(), "big");
    EXPECT_FALSE(edit.has_sender());
    EXPECT_EQ(edit.chat_type(), 0U);
    EXPECT_EQ(edit.content().text(), "ho");
    EXPECT_EQ(edit.timestamp(), 0U);
    EXPECT_EQ(edit.msg_seq(), 1U);
    EXPECT_GT(edit.edit_time(), 0U);

    server.recall("a", "2");
    const received recalled = ada->next();
    EXPECT_EQ(recalled.cmd(), "push_message");
    const auto recall = recalled.payload<wire::PushMessage>();
    EXPECT_EQ(recall.sender().chat_id(), "2"); // the account that recalled it
    EXPECT_FALSE(recall.has_content());
    EXPECT_GT(recall.delete_timestamp(), 0U);
    EXPECT_EQ(recall.msg_seq(), 1U);

    ASSERT_EQ(send(big, "b", "hi"), 1);
    ASSERT_EQ(ada->next().cmd(), "push_message");
    server.block("b");
    const received blocked = ada->next();
    EXPECT_EQ(blocked.cmd(), "blocked_message");
    wire::PushMessage expected;
    expected.set_msg_id("b");
    expected.set_recv_id("1");
    expected.set_chat_id("big");
    EXPECT_EQ(blocked.envelope.data().value(), expected.SerializeAsString());
}

TEST_F(gateway_test, a_bot_streams_and_shows_a_board) {
    bot_profile bo;
    bo.id = "99";
    bo.name = "Bo";
    server.add_bot(bo);
    const auto ada = session("1", "test-token");
    const std::string msg_id = server.say("99", user("1"), "a").msg_id;
    const auto pushed = ada->next().payload<wire::PushMessage>();
    EXPECT_EQ(pushed.chat_id(), "99");
    EXPECT_EQ(pushed.chat_type(), 3U);
    EXPECT_EQ(pushed.sender().chat_type(), 3U);
    server.stream(msg_id, "bc");
    const received streamed = ada->next();
    EXPECT_EQ(streamed.cmd(), "stream_message");
    const auto delta = streamed.payload<wire::StreamMessage>();
    EXPECT_EQ(delta.msg_id(), msg_id);
    EXPECT_EQ(delta.recv_id(), "1");
    EXPECT_EQ(delta.chat_id(), "99");
    EXPECT_EQ(delta.content(), "bc");
    EXPECT_EQ(server.messages(bot_chat("99")).at(0).content->text, "abc");

    board shown;
    shown.bot_id = "99";
    shown.in = big;
    shown.content = "<b>x</b>";
    shown.content_type = 3;
    server.set_board(shown);
    const received got = ada->next();
    EXPECT_EQ(got.cmd(), "bot_board_message");
    const auto in_big = got.payload<wire::BotBoardMessage>();
    EXPECT_EQ(in_big.bot_id(), "99");
    EXPECT_EQ(in_big.chat_id(), "big");
    EXPECT_EQ(in_big.chat_type(), 2U);
    EXPECT_EQ(in_big.content(), "<b>x</b>");
    EXPECT_EQ(in_big.content_type(), 3U);
    EXPECT_EQ(in_big.bot_name(), "Bo");
}

TEST_F(gateway_test, a_draft_reaches_the_other_devices) {
    const auto ada = session("1", "test-token");
    const auto phone = session("1", "test-token");
    ada->send(R"({"seq":"3","cmd":"inputInfo","data":{"chatId":"big","input":"dr","deviceId":"d-1"}})");
    const received got = phone->next();
    EXPECT_EQ(got.cmd(), "draft_input");
    EXPECT_EQ(got.payload<wire::MsgInput>().chat_id(), "big");
    EXPECT_EQ(got.payload<wire::MsgInput>().input(), "dr");
    ada->heartbeat();
    EXPECT_EQ(ada->next().cmd(), "heartbeat_ack");
}

TEST_F(gateway_test, any_frame_can_be_pushed) {
    const auto ada = session("1", "test-token");
    const std::string golden = boost::algorithm::unhex(std::string("0a110a0131120c696e766974655f6170706c79"));
    server.push("1", golden);
    EXPECT_EQ(ada->next().bytes, golden);
    server.push("1", "{}", true);
    EXPECT_TRUE(ada->next().text);
    server.push_command("1", "invite_apply");
    EXPECT_EQ(ada->next().bytes, golden); // the first of its own frames has the number 1
}

TEST_F(gateway_test, pushes_keep_the_order_of_what_happened) {
    constexpr int count = 500;
    const auto ada = session("1", "test-token");
    std::thread speaker([this] {
        for (int i = 0; i < count; ++i) {
            server.say("2", big, std::to_string(i));
        }
    });
    for (int i = 0; i < count; ++i) {
        const auto push = ada->next().payload<wire::PushMessage>();
        ASSERT_EQ(push.msg_seq(), static_cast<std::uint64_t>(i + 1));
        ASSERT_EQ(push.content().text(), std::to_string(i));
    }
    speaker.join();
}

TEST_F(gateway_test, a_restart_cuts_the_sessions_off) {
    const auto ada = session("1", "test-token");
    server.drop_connections();
    EXPECT_EQ(ada->next().what, kind::cut_off);
    EXPECT_EQ(server.sessions(), 0U);
    const auto again = session("1", "test-token");
    server.say("2", big, "hello");
    EXPECT_EQ(again->next().cmd(), "push_message");
}

TEST_F(gateway_test, the_path_is_for_upgrades_only) {
    client.send(request_text("GET", "/ws", {{"host", "x"}}, ""));
    EXPECT_EQ(client.read().status, 404);
    client.send(request_text("GET", "/v1/misc/configure-distribution", {{"host", "x"}, {"token", "test-token"}}, ""));
    const json::value reply = json::parse(client.read().body);
    EXPECT_EQ(reply.at("data").at("websocketUrl").as_string(), server.gateway_url());
}

class slow_reader_test : public gateway_fixture {
protected:
    static emulator_options small_queue() {
        emulator_options options = people();
        options.gateway_queue_limit = 100;
        return options;
    }
    slow_reader_test() : gateway_fixture(small_queue()) {}
};

TEST_F(slow_reader_test, a_session_that_does_not_read_is_disconnected) {
    const auto ada = session("1", "test-token");
    const std::string large(64U << 10U, 'x');
    for (int i = 0; i < 100'000 && server.sessions() == 1; ++i) {
        server.say("2", big, large);
    }
    EXPECT_EQ(server.sessions(), 0U);
    EXPECT_TRUE(server.frames().back().closed);
    EXPECT_EQ(server.frames().back().problem, "the client reads too slowly");
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
