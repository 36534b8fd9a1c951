// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "bytes.hpp"
#include "endpoints/codec.hpp"
#include "golden.hpp"
#include "schema.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {
namespace {

// The encoder gives exactly these bytes, and a decoder other than the library's reads the expected values from them.
template <class Request>
void expect_golden(const Request& request, std::string_view hex, const std::string& wire, const leaves& meant) {
    const codec::encoded body = codec::encode(request);
    ASSERT_TRUE(body) << body.error().detail;
    EXPECT_EQ(to_hex(*body), hex);
    EXPECT_EQ(schema::of_the_api().read(wire, from_hex(hex)), meant);
}

TEST(golden, send_message) {
    send_message_request request(group("big"), text("hi"), "00112233445566778899aabbccddeeff");
    request.content->mentioned_id = {"123", "456"};
    expect_golden(request, golden::send, "SendMessageRequest",
                  {{"msg_id", "00112233445566778899aabbccddeeff"},
                   {"chat_id", "big"},
                   {"chat_type", "2"},
                   {"content", ""},
                   {"content.text", "hi"},
                   {"content.mentioned_id[0]", "123"},
                   {"content.mentioned_id[1]", "456"},
                   {"content_type", "1"}});
}

TEST(golden, edit_message) {
    edit_message_request request(group("big"), "123456", text("123"));
    request.quote_msg_id = "11451419180";
    expect_golden(request, golden::edit, "SendMessageRequest",
                  {{"msg_id", "123456"},
                   {"chat_id", "big"},
                   {"chat_type", "2"},
                   {"content", ""},
                   {"content.text", "123"},
                   {"content_type", "1"},
                   {"quote_msg_id", "11451419180"}});
}

TEST(golden, list_message_by_seq) {
    expect_golden(list_message_by_seq_request(group("big"), 1234), golden::list_by_seq, "ListMessageBySeqRequest",
                  {{"msg_start", "1234"}, {"chat_type", "2"}, {"chat_id", "big"}});
}

TEST(golden, list_message) {
    expect_golden(list_message_request(group("big"), 233, "abcdef"), golden::list, "ListMessageRequest",
                  {{"msg_count", "233"}, {"msg_id", "abcdef"}, {"chat_type", "2"}, {"chat_id", "big"}});
}

TEST(golden, list_message_by_mid_seq) {
    expect_golden(
        list_message_by_mid_seq_request(group("big"), "abcdef", 1), golden::mid_seq, "ListMessageByMidSeqRequest",
        {{"msg_seq", "-1"}, {"chat_type", "2"}, {"chat_id", "big"}, {"msg_count", "1"}, {"msg_id", "abcdef"}});
}

TEST(golden, pic_list_message_by_mid_seq) {
    expect_golden(pic_list_message_by_mid_seq_request(group("418769995"), 110617, 10, 0), golden::pic_list,
                  "PicListMessageByMidSeqRequest",
                  {{"image_id", "110617"}, {"chat_type", "2"}, {"chat_id", "418769995"}, {"earlier_count", "10"}});
}

TEST(golden, button_report) {
    expect_golden(button_report_request(group("123"), "123123123123123123", "123", "测试按钮文本"),
                  golden::button_report, "ButtonReportRequest",
                  {{"msg_id", "123123123123123123"},
                   {"chat_type", "2"},
                   {"chat_id", "123"},
                   {"user_id", "123"},
                   {"button_value", "测试按钮文本"}});
}

TEST(golden, recall_msg) {
    expect_golden(recall_msg_request(group("123"), "123123123123123123"), golden::recall, "RecallMsgRequest",
                  {{"msg_id", "123123123123123123"}, {"chat_id", "123"}, {"chat_type", "2"}});
}

TEST(golden, recall_msg_batch) {
    expect_golden(recall_msg_batch_request(group("big"), {"abcd", "1234"}), golden::recall_batch,
                  "RecallMsgBatchRequest",
                  {{"msg_id[0]", "abcd"}, {"msg_id[1]", "1234"}, {"chat_id", "big"}, {"chat_type", "2"}});
}

TEST(golden, reply_success) {
    call_info info;
    EXPECT_FALSE(codec::decode_status(from_hex(golden::reply_success), info));
    EXPECT_EQ(info.request_id, 123456U);
    EXPECT_EQ(info.api_code, 1);
    EXPECT_EQ(info.api_msg, "success");
}

TEST(golden, reply_refused) {
    call_info info;
    EXPECT_EQ(codec::decode_status(from_hex(golden::reply_refused), info), errc::not_authenticated);
    EXPECT_EQ(info.request_id, 1U);
    EXPECT_EQ(info.api_code, -101);
    EXPECT_EQ(info.api_msg, "未登录");
}

TEST(golden, json_refused_where_protobuf_was_expected) {
    call_info info;
    EXPECT_EQ(codec::decode_status(from_hex(golden::json_refused), info), errc::not_authenticated);
    EXPECT_EQ(info.api_code, -101);
    EXPECT_EQ(info.api_msg, "未登录");

    message_page page;
    EXPECT_EQ(codec::decode_page(from_hex(golden::json_refused), page), errc::not_authenticated);
    EXPECT_EQ(page.api_msg, "未登录");
}

TEST(golden, list_reply) {
    message_page page;
    ASSERT_FALSE(codec::decode_page(from_hex(golden::list_reply), page)) << page.detail;
    EXPECT_EQ(page.request_id, 114514U);
    EXPECT_EQ(page.api_code, 1);
    EXPECT_EQ(page.total, 1U);

    tag label;
    label.id = 114514;
    label.text = "测试成员";
    label.color = "#FFFFFFFF";
    message meant;
    meant.msg_id = "abcdef";
    meant.sender.chat_id = "7356666";
    meant.sender.chat_type = chat_type::user;
    meant.sender.name = "测试";
    meant.sender.avatar_url = "https://chat-img.jwznb.com/a.png";
    meant.sender.tag_old = {"测试成员"};
    meant.sender.tag = {label};
    meant.direction = "left";
    meant.content_type = content_type::text;
    meant.content->text = "ok";
    meant.send_time = 1700000000123;
    cmd used;
    used.cmd_id = 123;
    used.name = "指令名";
    used.type = cmd_type::normal;
    meant.cmd = used;
    meant.quote_msg_id = "abcdef";
    meant.msg_seq = 6666;
    ASSERT_EQ(page.messages.size(), 1U);
    EXPECT_EQ(page.messages[0], meant);
}

} // namespace
} // namespace yunhu::test
