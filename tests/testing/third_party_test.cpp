// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The requests of clients that others wrote, byte for byte as they arrived when third_party.sh ran them.

#include "gateway_fixture.hpp"

#include <boost/algorithm/hex.hpp>

#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

struct recorded {
    std::string_view target;
    std::string body; ///< JSON, or the digits of protobuf
};

// yh_user_sdk 0.1.13 with httpx 0.28.1, which sends no content-type for protobuf.
std::vector<recorded> of_yh_user_sdk() {
    return {
        {"/v1/msg/send-message", "120261311a0362696720022a050a036f6e653001"},
        {"/v1/msg/send-message", "120261321a0362696720022a050a0374776f300142026131"},
        {"/v1/msg/send-message",
         "120261331a0362696720022a3a0a0423206d6412325b5b7b2274657874223a2022796573222c2022616374696f6e54797065223a2033"
         "2c202276616c7565223a202279227d5d5d3003"},
        {"/v1/msg/send-message",
         "120261341a0362696720022a074a05612e6a706730024a280a05612e6a70671201681a0a696d6167652f6a"
         "7065672802300338094205612e6a70674a036a7067"},
        {"/v1/msg/list-message", "100a20022a03626967"},
        {"/v1/msg/list-message", "10021a02613220022a03626967"},
        {"/v1/msg/list-message-by-seq", "180220022a03626967"},
        {"/v1/msg/list-message-by-mid-seq", "18ffffffffffffffffff0120022a03626967380142026132"},
        {"/v1/msg/edit-message", "120261321a0362696720022a090a076368616e6765643001"},
        {"/v1/msg/list-message-edit-record", R"({"msgId":"a2","size":10,"page":1})"},
        {"/v1/msg/button-report", "12026133180222036269672a0131320179"},
        {"/v1/conversation/list", ""},
    };
}

std::vector<recorded> recalls_of_yh_user_sdk() {
    return {
        {"/v1/msg/recall-msg", "120261311a036269672002"},
        {"/v1/msg/recall-msg-batch", "12026132120261341a036269672002"},
    };
}

// nanoyunhu 0.5.0 with undici: neither accept nor content-type, not even for JSON.
std::vector<recorded> of_nanoyunhu() {
    return {
        {"/v1/msg/send-message", "12026e311a0362696720022a070a0568656c6c6f3001"},
        {"/v1/msg/list-message-by-mid-seq", "18ffffffffffffffffff0120022a03626967380142026e31"},
        {"/v1/msg/msg-forward", R"({"msgId":"n1","chatType":2,"receive":[{"chatId":"2","chatType":1}]})"},
    };
}

class third_party_test : public gateway_fixture {
protected:
    // Sends it on a connection of its own, as the clients do, and expects the API's success.
    void expect_success(const recorded& request, headers with) {
        SCOPED_TRACE(std::string(request.target) + " " + request.body);
        const bool is_json = request.body.starts_with('{');
        const std::string body = is_json ? request.body : boost::algorithm::unhex(request.body);
        with.emplace_back("Content-Length", std::to_string(body.size()));
        http_client own = connect();
        own.send(request_text("POST", request.target, with, body));
        const response got = own.read();
        ASSERT_EQ(got.status, 200) << got.body;
        if (is_json) {
            EXPECT_EQ(json::parse(got.body).at("code"), 1);
            return;
        }
        wire::StatusReply status; // the others begin with the same field
        ASSERT_TRUE(status.ParseFromString(got.body));
        EXPECT_EQ(status.status().code(), 1);
    }
};

TEST_F(third_party_test, yh_user_sdk) {
    const auto send_all = [this](const std::vector<recorded>& requests) {
        for (const recorded& each : requests) {
            headers with{{"Host", "chat-go.jwzhd.com"},         {"Accept", "*/*"},
                         {"Accept-Encoding", "gzip, deflate"},  {"Connection", "keep-alive"},
                         {"User-Agent", "python-httpx/0.28.1"}, {"token", "test-token"}};
            if (each.body.starts_with('{')) {
                with.emplace_back("Content-Type", "application/json");
            }
            expect_success(each, with);
        }
    };
    send_all(of_yh_user_sdk());
    const std::vector<message> sent = server.messages(big);
    ASSERT_EQ(sent.size(), 4U);
    EXPECT_EQ(sent[0].content->text, "one");
    EXPECT_EQ(sent[1].content->text, "changed");
    EXPECT_EQ(sent[2].content->buttons, R"([[{"text": "yes", "actionType": 3, "value": "y"}]])");
    EXPECT_EQ(sent[3].content_type, content_type::image);
    send_all(recalls_of_yh_user_sdk());
    std::vector<std::string> recalled;
    for (const message& each : server.messages(big)) {
        if (each.msg_delete_time > 0) {
            recalled.push_back(each.msg_id);
        }
    }
    EXPECT_EQ(recalled, (std::vector<std::string>{"a1", "a2", "a4"}));
}

TEST_F(third_party_test, nanoyunhu) {
    const auto ada = session("1", "test-token");
    for (const recorded& each : of_nanoyunhu()) {
        expect_success(each, {{"host", "127.0.0.1:38577"}, {"connection", "keep-alive"}, {"token", "test-token"}});
    }
    EXPECT_EQ(server.messages(user("2")).size(), 1U);
    EXPECT_EQ(ada->next().payload<wire::PushMessage>().content().text(), "hello");
}

// Their sessions: the login and the heartbeats are text, with these members in this order.
TEST_F(third_party_test, logins) {
    for (const std::string_view login :
         {R"({"seq": "5d0b3b5f0c0f4a2c8a3b", "cmd": "login", "data": {"userId": "1", "token": "test-token", )"
          R"("platform": "windows", "deviceId": "0f8f87f86dbd4e3eb9fa3d4d9ee4351b"}})",
          R"({"seq":"1795801632950","cmd":"login","data":{"userId":"1","token":"test-token","platform":"windows",)"
          R"("deviceId":"0f8f87f8-6dbd-4e3e-b9fa-3d4d9ee4351b"}})"}) {
        gateway_client own(server.port(), server.ca_pem());
        own.send(login);
        own.send(R"({"seq": "1", "cmd": "heartbeat", "data": {}})");
        EXPECT_EQ(own.next().cmd(), "heartbeat_ack");
    }
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
