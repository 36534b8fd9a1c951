// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Several accounts: what one sends, the others receive.

#include "fixture.hpp"

#include <yunhu/push.pb.h>

#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

emulator_options three_accounts() {
    emulator_options options;
    options.user_id = "1";
    options.user_name = "ada";
    options.accounts = {account("2", "ben", "token-of-ben"), account("3", "cem", "token-of-cem")};
    return options;
}

class accounts_test : public emulator_test {
protected:
    accounts_test() : emulator_test(three_accounts()) {}

    template <class Reply = wire::StatusReply> Reply call_as(const std::string& token, std::string_view path,
                                                             const std::string& body,
                                                             std::string_view method = "POST") {
        headers with = valid_headers(protobuf_type, body.size());
        with[1].second = token;
        client.send(request_text(method, path, with, body));
        Reply reply;
        EXPECT_TRUE(reply.ParseFromString(client.read().body));
        return reply;
    }
    int send_as(const std::string& token, const chat& to, const std::string& msg_id) {
        return call_as(token, "/v1/msg/send-message", text_request(to, msg_id, "hi").SerializeAsString())
            .status()
            .code();
    }
    wire::ListReply list_as(const std::string& token, const chat& in) {
        wire::ListMessageRequest request;
        address(request, in);
        request.set_msg_count(10);
        return call_as<wire::ListReply>(token, "/v1/msg/list-message", request.SerializeAsString());
    }
    wire::ConversationListReply conversations(const std::string& token, const std::string& md5 = {}) {
        wire::ConversationListRequest request;
        request.set_md5(md5);
        return call_as<wire::ConversationListReply>(token, "/v1/conversation/list", request.SerializeAsString());
    }

    const std::string ada = "test-token";
    const std::string ben = "token-of-ben";
    const std::string cem = "token-of-cem";
};

TEST_F(accounts_test, each_sees_a_group_message_as_its_own_or_not) {
    ASSERT_EQ(send_as(ben, big, "a"), 1);
    const wire::ListReply to_ben = list_as(ben, big);
    const wire::ListReply to_ada = list_as(ada, big);
    ASSERT_EQ(ids(to_ben), std::vector<std::string>{"a"});
    ASSERT_EQ(ids(to_ada), std::vector<std::string>{"a"});
    EXPECT_EQ(to_ben.msg(0).direction(), "right");
    EXPECT_EQ(to_ada.msg(0).direction(), "left");
    EXPECT_EQ(to_ada.msg(0).sender().chat_id(), "2");
    EXPECT_EQ(to_ada.msg(0).sender().name(), "ben");
    EXPECT_EQ(server.journal().front().user_id, "2");
}

TEST_F(accounts_test, a_private_chat_has_the_others_id_on_each_side) {
    ASSERT_EQ(send_as(ada, user("2"), "a"), 1);
    ASSERT_EQ(send_as(ben, user("1"), "b"), 1);
    EXPECT_EQ(ids(list_as(ada, user("2"))), (std::vector<std::string>{"b", "a"}));
    EXPECT_EQ(ids(list_as(ben, user("1"))), (std::vector<std::string>{"b", "a"}));
    EXPECT_EQ(list_as(cem, user("1")).msg_size(), 0);
    EXPECT_EQ(list_as(ben, user("1")).msg(0).msg_seq(), 2U);
}

TEST_F(accounts_test, only_the_author_edits_and_recalls) {
    ASSERT_EQ(send_as(ada, big, "a"), 1);
    wire::RecallMsgRequest request;
    address(request, big);
    request.set_msg_id("a");
    EXPECT_EQ(call_as(ben, "/v1/msg/recall-msg", request.SerializeAsString()).status().code(), -1);
    EXPECT_EQ(call_as(ben, "/v1/msg/edit-message", text_request(big, "a", "ho").SerializeAsString()).status().code(),
              -1);
    EXPECT_EQ(call_as(ada, "/v1/msg/recall-msg", request.SerializeAsString()).status().code(), 1);
}

TEST_F(accounts_test, a_message_is_deleted_for_one_account_only) {
    ASSERT_EQ(send_as(ada, big, "a"), 1);
    ASSERT_EQ(remove(big, "a"), 1); // as ada
    EXPECT_EQ(list_as(ada, big).msg_size(), 0);
    EXPECT_EQ(list_as(ben, big).msg_size(), 1);
}

TEST_F(accounts_test, a_declared_group_is_closed_to_others) {
    group_profile closed;
    closed.id = "closed";
    closed.members = {"1", "2"};
    server.add_group(closed);
    EXPECT_EQ(send_as(cem, group("closed"), "c"), -1);
    ASSERT_EQ(send_as(ben, group("closed"), "b"), 1);
    EXPECT_EQ(ids(list_as(ada, group("closed"))), std::vector<std::string>{"b"});
    wire::ListMessageByMidSeqRequest by_id;
    address(by_id, group("closed"));
    by_id.set_msg_seq(-1);
    by_id.set_msg_id("b");
    by_id.set_msg_count(1);
    EXPECT_EQ(call_as<wire::ListReply>(cem, "/v1/msg/list-message-by-mid-seq", by_id.SerializeAsString()).msg_size(),
              0);
}

TEST_F(accounts_test, anybody_can_say_something) {
    bot_profile bot99;
    bot99.id = "99";
    bot99.name = "Bo";
    server.add_bot(bot99);
    server.say("2", big, "from an account");
    const message guest = server.say("dan", big, "from a guest");
    server.say("99", big, "from a bot", guest.msg_id);
    server.say("99", user("1"), "in the chat with the bot");
    server.say("2", user("1"), "private");
    const wire::ListReply page = list_as(ben, big);
    ASSERT_EQ(page.msg_size(), 3);
    EXPECT_EQ(page.msg(2).direction(), "right");
    EXPECT_EQ(page.msg(1).sender().chat_id(), "dan");
    EXPECT_EQ(page.msg(0).sender().chat_type(), 3U);
    EXPECT_EQ(page.msg(0).sender().name(), "Bo");
    EXPECT_EQ(page.msg(0).quote_msg_id(), guest.msg_id);
    EXPECT_EQ(list_as(ada, bot_chat("99")).msg_size(), 1);
    EXPECT_EQ(list_as(ben, bot_chat("99")).msg_size(), 0);
    EXPECT_EQ(list_as(ada, user("2")).msg(0).content().text(), "private");
    EXPECT_THROW(server.say("", big, "x"), std::invalid_argument);
}

TEST_F(accounts_test, ids_and_tokens_are_unique) {
    EXPECT_THROW(server.add_account(account("1", "x", "y")), std::invalid_argument);
    EXPECT_THROW(server.add_account(account("4", "x", "token-of-ben")), std::invalid_argument);
    EXPECT_THROW(server.add_account(account("", "x", "y")), std::invalid_argument);
    server.add_account(account("4", "dan", "token-of-dan"));
    EXPECT_EQ(send_as("token-of-dan", big, "d"), 1);
}

TEST_F(accounts_test, user_info_is_that_of_the_token) {
    const auto info = call_as<wire::UserInfoReply>(ben, "/v1/user/info", "", "GET");
    EXPECT_EQ(info.status().code(), 1);
    EXPECT_EQ(info.user().id(), "2");
    EXPECT_EQ(info.user().name(), "ben");
}

TEST_F(accounts_test, conversations_are_listed_once) {
    EXPECT_EQ(conversations(ada).data_size(), 0);
    ASSERT_EQ(send_as(ben, big, "a"), 1);
    ASSERT_EQ(send_as(ben, user("1"), "b"), 1);
    message mention;
    mention.content_type = content_type::text;
    mention.content->text = "look";
    mention.content->mentioned_id = {"1"};
    mention.send_time = 4102444800000; // later than the others
    server.deliver(big, mention);
    const wire::ConversationListReply first = conversations(ada);
    EXPECT_EQ(first.status().code(), 1);
    ASSERT_EQ(first.data_size(), 2);
    EXPECT_EQ(first.total(), 2U);
    EXPECT_EQ(first.data(0).chat_id(), "big");
    EXPECT_EQ(first.data(0).chat_type(), 2U);
    EXPECT_EQ(first.data(0).unread_msg(), 2U);
    EXPECT_EQ(first.data(0).at(), 1U);
    EXPECT_EQ(first.data(0).timestamp_ms(), 4102444800000U);
    EXPECT_EQ(first.data(0).send_timestamp(), 4102444800U);
    EXPECT_EQ(first.data(1).chat_id(), "2");
    EXPECT_EQ(first.data(1).name(), "ben");
    EXPECT_EQ(first.data(1).unread_msg(), 1U);
    EXPECT_EQ(first.md5().size(), 32U);

    const wire::ConversationListReply same = conversations(ada, first.md5());
    EXPECT_EQ(same.data_size(), 0);
    EXPECT_EQ(same.md5(), first.md5());
    ASSERT_EQ(send_as(ada, big, "c"), 1);
    const wire::ConversationListReply moved = conversations(ada, first.md5());
    EXPECT_EQ(moved.data_size(), 2);
    EXPECT_NE(moved.md5(), first.md5());
    EXPECT_EQ(conversations(cem).data_size(), 1);
}

TEST_F(accounts_test, updates_contain_edits_and_recalls) {
    for (int i = 1; i <= 600; ++i) {
        message m;
        m.msg_id = "m" + std::to_string(i);
        m.send_time = static_cast<std::uint64_t>(i);
        m.content_type = content_type::text;
        m.content->text = "x";
        server.deliver(big, m);
    }
    const auto updates = [this](std::uint64_t time, std::uint64_t count) {
        wire::ListMessageByUpdateRequest request;
        address(request, big);
        request.set_update_time(time);
        request.set_msg_count(count);
        return call_as<wire::ListReply>(ada, "/v1/msg/list-message-by-update", request.SerializeAsString());
    };
    EXPECT_EQ(ids(updates(598, 100)), (std::vector<std::string>{"m599", "m600"}));
    EXPECT_EQ(ids(updates(0, 2)), (std::vector<std::string>{"m1", "m2"}));
    EXPECT_EQ(updates(600, 100).msg_size(), 0);
    server.edit("m2", "edited");
    server.recall("m300");
    const wire::ListReply changed = updates(600, 100);
    ASSERT_EQ(changed.msg_size(), 2);
    EXPECT_EQ(changed.msg(0).content().text(), "edited");
    EXPECT_GT(changed.msg(1).msg_delete_time(), 600U);
    EXPECT_EQ(updates(0, 0).status().code(), 1100);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
