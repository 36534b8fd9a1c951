// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The effects of send, edit, recall, delete and forward.

#include "fixture.hpp"

#include <boost/algorithm/hex.hpp>

#include <algorithm>
#include <cctype>
#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

using boost::algorithm::unhex;
using messages_test = emulator_test;

TEST_F(messages_test, sends_the_documented_bytes) {
    const response got = post("send-message", protobuf_type,
                              unhex(std::string("1220303031313232333334343535363637373838393961616262636364646565666"
                                                "61a0362696720022a0e0a026869320331323332033435363001")));
    ASSERT_EQ(got.body, unhex(std::string("0a0d080110011a0773756363657373")));
    const auto stored = server.messages(big);
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].msg_id, "00112233445566778899aabbccddeeff");
    EXPECT_EQ(stored[0].content->text, "hi");
    EXPECT_EQ(stored[0].content->mentioned_id, (std::vector<std::string>{"123", "456"}));
    EXPECT_EQ(stored[0].content_type, content_type::text);
    EXPECT_EQ(stored[0].direction, "right");
    EXPECT_EQ(stored[0].sender.chat_id, server.options().user_id);
    EXPECT_EQ(stored[0].sender.chat_type, chat_type::user);
    EXPECT_EQ(stored[0].sender.name, server.options().user_name);
    EXPECT_EQ(stored[0].msg_seq, 1U);
    EXPECT_FALSE(stored[0].cmd.has_value());
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    EXPECT_NEAR(static_cast<double>(stored[0].send_time), static_cast<double>(now.count()), 3.6e6);
}

TEST_F(messages_test, status_numbers_increase) {
    const auto first = call("send-message", text_request(big, "a", "x")).status().number();
    const auto second = call("send-message", text_request(big, "b", "x")).status().number();
    EXPECT_LT(first, second);
}

TEST_F(messages_test, every_chat_has_its_own_sequence) {
    ASSERT_EQ(send(big, "a"), 1);
    ASSERT_EQ(send(user("big"), "b"), 1); // another chat: the same id with another type
    ASSERT_EQ(send(big, "c"), 1);
    EXPECT_EQ(server.messages(big).back().msg_seq, 2U);
    EXPECT_EQ(server.messages(user("big")).back().msg_seq, 1U);
    EXPECT_TRUE(server.messages(group("small")).empty());
}

TEST_F(messages_test, a_command_and_a_quote_are_kept) {
    ASSERT_EQ(send(big, "quoted"), 1);
    auto request = text_request(big, "a", "x");
    request.set_command_id(9007199254740993); // above 2^53
    request.set_quote_msg_id("quoted");
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    request.set_msg_id("b");
    request.set_quote_msg_id("an unknown id");
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    const auto stored = server.messages(big);
    ASSERT_TRUE(stored[1].cmd.has_value());
    EXPECT_EQ(stored[1].cmd->cmd_id, 9007199254740993U);
    EXPECT_EQ(stored[1].quote_msg_id, "quoted");
    EXPECT_EQ(stored[2].quote_msg_id, "");
}

TEST_F(messages_test, a_voice_message_has_no_quote) {
    ASSERT_EQ(send(big, "quoted"), 1);
    auto request = text_request(big, "a", "");
    request.set_content_type(11);
    request.mutable_content()->set_audio_url("a.m4a");
    request.mutable_content()->set_quote_msg_text("Li: hi");
    request.set_quote_msg_id("quoted");
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    EXPECT_EQ(server.messages(big).back().quote_msg_id, "");
    EXPECT_EQ(server.messages(big).back().content->quote_msg_text, "");
    EXPECT_EQ(server.messages(big).back().content->audio_url, "a.m4a");
}

TEST_F(messages_test, a_send_without_a_required_field_is_rejected) {
    const auto refused = [this](auto change) {
        auto request = text_request(big, "a", "hi");
        change(request);
        return call("send-message", request).status().code() == 1100;
    };
    using request_type = wire::SendMessageRequest;
    EXPECT_TRUE(refused([](request_type& r) { r.clear_msg_id(); }));
    EXPECT_TRUE(refused([](request_type& r) { r.clear_chat_id(); }));
    EXPECT_TRUE(refused([](request_type& r) { r.clear_chat_type(); }));
    EXPECT_TRUE(refused([](request_type& r) { r.clear_content_type(); }));
    for (const std::uint64_t kind : {1U, 3U, 8U}) {
        EXPECT_TRUE(refused([kind](request_type& r) {
            r.set_content_type(kind);
            r.mutable_content()->clear_text();
        })) << kind;
    }
    for (const std::uint64_t kind : {2U, 4U, 5U, 7U, 10U, 11U}) { // a text is not enough for these
        EXPECT_TRUE(refused([kind](request_type& r) { r.set_content_type(kind); })) << kind;
    }
    EXPECT_TRUE(server.messages(big).empty());
}

TEST_F(messages_test, every_kind_is_stored_with_its_required_field) {
    const auto stored = [this](std::uint64_t kind, auto fill) {
        wire::SendMessageRequest request;
        address(request, big);
        request.set_msg_id("kind " + std::to_string(kind));
        request.set_content_type(kind);
        fill(*request.mutable_content());
        return call("send-message", request).status().code() == 1;
    };
    EXPECT_TRUE(stored(2, [](wire::Content& c) { c.set_image("a.png"); }));
    EXPECT_TRUE(stored(4, [](wire::Content& c) { c.set_file_url("a.bin"); }));
    EXPECT_TRUE(stored(5, [](wire::Content& c) { c.set_form("{}"); }));
    EXPECT_TRUE(stored(7, [](wire::Content& c) { c.set_image("a.png"); }));
    EXPECT_TRUE(stored(10, [](wire::Content& c) { c.set_video_url("a.mp4"); }));
    EXPECT_TRUE(stored(11, [](wire::Content& c) { c.set_audio_url("a.m4a"); }));
    EXPECT_TRUE(stored(4711, [](wire::Content&) {})); // an unknown type has no known requirement
    EXPECT_EQ(server.messages(big).size(), 7U);
}

TEST_F(messages_test, a_repeated_msg_id_is_counted_and_not_stored) {
    ASSERT_EQ(send(big, "a", "first"), 1);
    EXPECT_EQ(server.duplicates(), 0U);
    ASSERT_EQ(send(big, "a", "second"), 1);
    EXPECT_EQ(server.duplicates(), 1U);
    ASSERT_EQ(server.messages(big).size(), 1U);
    EXPECT_EQ(server.messages(big)[0].content->text, "first");
    EXPECT_FALSE(server.journal()[0].duplicate);
    EXPECT_TRUE(server.journal()[1].duplicate);
}

TEST_F(messages_test, a_rejected_send_reserves_no_msg_id) {
    ASSERT_EQ(send(big, "a", ""), 1100);
    ASSERT_EQ(send(big, "a", "now with a text"), 1);
    EXPECT_EQ(server.duplicates(), 0U);
}

TEST_F(messages_test, an_edit_replaces_the_whole_content) {
    ASSERT_EQ(send(big, "quoted"), 1);
    auto request = text_request(big, "a", "old");
    request.set_quote_msg_id("quoted");
    request.mutable_content()->set_quote_msg_text("me: hi");
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    auto edit = text_request(big, "a", "new");
    edit.set_content_type(3);
    ASSERT_EQ(call("edit-message", edit).status().code(), 1);
    const message edited = server.messages(big).back();
    EXPECT_EQ(edited.content->text, "new");
    EXPECT_EQ(edited.content_type, content_type::markdown);
    EXPECT_EQ(edited.content->quote_msg_text, "");
    EXPECT_EQ(edited.quote_msg_id, "");
    EXPECT_EQ(edited.msg_seq, 2U);
    EXPECT_GT(edited.edit_time, 0U);
}

TEST_F(messages_test, rejected_edits) {
    message theirs;
    theirs.msg_id = "theirs";
    theirs.content_type = content_type::text;
    theirs.content->text = "hi";
    server.deliver(big, theirs);
    wire::SendMessageRequest picture;
    address(picture, big);
    picture.set_msg_id("picture");
    picture.set_content_type(2);
    picture.mutable_content()->set_image("a.png");
    ASSERT_EQ(call("send-message", picture).status().code(), 1);
    ASSERT_EQ(send(big, "mine"), 1);
    ASSERT_EQ(send(big, "gone"), 1);
    ASSERT_EQ(recall(big, "gone"), 1);

    const auto code = [this](const wire::SendMessageRequest& request) {
        return call("edit-message", request).status().code();
    };
    EXPECT_EQ(code(text_request(big, "unknown", "x")), -1);
    EXPECT_EQ(code(text_request(group("other"), "mine", "x")), -1);
    EXPECT_EQ(code(text_request(big, "theirs", "x")), -1);
    EXPECT_EQ(code(text_request(big, "picture", "x")), -1);
    EXPECT_EQ(code(text_request(big, "gone", "x")), -1);
    EXPECT_EQ(code(text_request(big, "mine", "")), 1100);
    EXPECT_EQ(code(text_request(big, "", "x")), 1100);
    EXPECT_EQ(code(text_request(group(""), "mine", "x")), 1100);
    auto to_voice = text_request(big, "mine", "x");
    to_voice.set_content_type(11);
    EXPECT_EQ(code(to_voice), 1100);
    EXPECT_EQ(server.messages(big)[2].content->text, "hi");
    EXPECT_EQ(server.messages(big)[2].edit_time, 0U);
}

TEST_F(messages_test, a_recalled_message_is_listed_without_its_content) {
    ASSERT_EQ(send(big, "a"), 1);
    ASSERT_EQ(recall(big, "a"), 1);
    const auto page = before(big, 10);
    ASSERT_EQ(page.msg_size(), 1);
    const auto when = page.msg(0).msg_delete_time();
    EXPECT_GT(when, 0U);
    EXPECT_EQ(page.msg(0).content().text(), "");
    EXPECT_EQ(recall(big, "a"), 1); // idempotent
    EXPECT_EQ(before(big, 10).msg(0).msg_delete_time(), when);
}

TEST_F(messages_test, rejected_recalls) {
    message theirs;
    theirs.msg_id = "theirs";
    server.deliver(big, theirs);
    ASSERT_EQ(send(big, "mine"), 1);
    EXPECT_EQ(recall(big, "unknown"), -1);
    EXPECT_EQ(recall(group("other"), "mine"), -1);
    EXPECT_EQ(recall(big, "theirs"), -1);
    EXPECT_EQ(recall(big, ""), 1100);
    EXPECT_EQ(recall(group(""), "mine"), 1100);
    for (const message& each : server.messages(big)) {
        EXPECT_EQ(each.msg_delete_time, 0U) << each.msg_id;
    }
}

TEST_F(messages_test, a_batch_is_recalled_completely_or_not_at_all) {
    send_many(big, 3);
    const auto recall_all = [this](std::initializer_list<const char*> msg_ids) {
        wire::RecallMsgBatchRequest request;
        address(request, big);
        for (const char* msg_id : msg_ids) {
            request.add_msg_id(msg_id);
        }
        return call("recall-msg-batch", request).status().code();
    };
    EXPECT_EQ(recall_all({}), 1100);
    EXPECT_EQ(recall_all({"m1", "unknown"}), -1);
    EXPECT_EQ(server.messages(big)[0].msg_delete_time, 0U);
    EXPECT_EQ(recall_all({"m1", "m3"}), 1);
    const auto stored = server.messages(big);
    EXPECT_GT(stored[0].msg_delete_time, 0U);
    EXPECT_EQ(stored[1].msg_delete_time, 0U);
    EXPECT_GT(stored[2].msg_delete_time, 0U);
    EXPECT_EQ(server.journal().back().msg_id, "m1,m3");
}

TEST_F(messages_test, a_deleted_message_is_hidden_from_this_account_only) {
    send_many(big, 3);
    EXPECT_EQ(remove(big, "m2"), 1);
    EXPECT_EQ(ids(before(big, 10)), (std::vector<std::string>{"m3", "m1"}));
    ASSERT_EQ(server.messages(big).size(), 3U);
    EXPECT_EQ(server.messages(big)[1].content->text, "hi");
    EXPECT_EQ(server.messages(big)[1].msg_delete_time, 0U);
    EXPECT_EQ(remove(big, "m2"), 1); // idempotent
    EXPECT_EQ(remove(big, "unknown"), -1);
    EXPECT_EQ(remove(group("other"), "m1"), -1);
    EXPECT_EQ(remove(big, ""), 1100);
    EXPECT_EQ(remove(group(""), "m1"), 1100);
}

TEST_F(messages_test, a_forward_sends_a_copy_to_every_receiver) {
    message theirs;
    theirs.msg_id = "theirs";
    theirs.content_type = content_type::markdown;
    theirs.content->text = "**hi**";
    theirs.sender.chat_id = "123";
    server.deliver(big, theirs);
    const auto forward = [this](const std::string& msg_id, int from, const json::array& receive) {
        return call_json("msg-forward", {{"msgId", msg_id}, {"chatType", from}, {"receive", receive}});
    };
    const json::array both{{{"chatId", "1"}, {"chatType", 1}}, {{"chatId", "2"}, {"chatType", 3}}};
    EXPECT_EQ(forward("theirs", 2, both), (json::object{{"code", 1}, {"msg", "success"}}));
    const auto first = server.messages(user("1"));
    const auto second = server.messages(bot_chat("2"));
    ASSERT_EQ(first.size(), 1U);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(first[0].content->text, "**hi**");
    EXPECT_EQ(first[0].content_type, content_type::markdown);
    EXPECT_EQ(first[0].direction, "right");
    EXPECT_EQ(first[0].sender.chat_id, server.options().user_id);
    EXPECT_NE(first[0].msg_id, second[0].msg_id);
    EXPECT_EQ(first[0].msg_id.size(), 32U);
    EXPECT_TRUE(std::all_of(first[0].msg_id.begin(), first[0].msg_id.end(),
                            [](unsigned char c) { return std::isxdigit(c) != 0 && std::isupper(c) == 0; }));

    EXPECT_EQ(forward("theirs", 1, both).at("code"), -1); // not in a chat of that type
    EXPECT_EQ(forward("unknown", 2, both).at("code"), -1);
    EXPECT_EQ(forward("theirs", 2, {}).at("code"), 1100);
    EXPECT_EQ(forward("theirs", 2, {{{"chatId", ""}, {"chatType", 1}}}).at("code"), 1100);
    EXPECT_EQ(forward("theirs", 2, {{{"chatId", "1"}}}).at("code"), 1100);
    ASSERT_EQ(remove(big, "theirs"), 1);
    EXPECT_EQ(forward("theirs", 2, both).at("code"), -1);
    EXPECT_EQ(server.messages(user("1")).size(), 1U);
}

TEST_F(messages_test, a_recalled_message_is_not_forwarded) {
    ASSERT_EQ(send(big, "a"), 1);
    ASSERT_EQ(recall(big, "a"), 1);
    EXPECT_EQ(
        call_json("msg-forward", {{"msgId", "a"}, {"chatType", 2}, {"receive", {{{"chatId", "1"}, {"chatType", 1}}}}})
            .at("code"),
        -1);
}

TEST_F(messages_test, deliver_sets_empty_fields) {
    const message first = server.deliver(big, {});
    EXPECT_EQ(first.msg_id.size(), 32U);
    EXPECT_EQ(first.msg_seq, 1U);
    EXPECT_GT(first.send_time, 0U);
    EXPECT_EQ(first.direction, "left");
    message given;
    given.msg_id = "given";
    given.send_time = 123;
    given.direction = "right";
    given.msg_seq = 77; // is overwritten
    const message second = server.deliver(big, given);
    EXPECT_EQ(second.msg_id, "given");
    EXPECT_EQ(second.send_time, 123U);
    EXPECT_EQ(second.direction, "right");
    EXPECT_EQ(second.msg_seq, 2U);
    EXPECT_EQ(recall(big, "given"), 1); // direction "right": one of the account
    EXPECT_THROW(server.deliver(big, given), std::invalid_argument);
    EXPECT_EQ(server.messages(big).size(), 2U);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
