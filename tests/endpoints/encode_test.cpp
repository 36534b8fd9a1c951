// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "bytes.hpp"
#include "endpoints/codec.hpp"
#include "schema.hpp"

#include <boost/json.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace yunhu::test {
namespace {

namespace json = boost::json;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t largest_kind = std::numeric_limits<std::int64_t>::max();

template <class Request> std::string body_of(const Request& request) {
    const codec::encoded body = codec::encode(request);
    EXPECT_TRUE(body) << body.error().detail;
    return body ? *body : "";
}

leaves sent(const send_message_request& request) {
    return schema::of_the_api().read("SendMessageRequest", body_of(request));
}

TEST(encode, leaves_out_defaults) {
    EXPECT_EQ(to_hex(body_of(list_message_by_seq_request(user("1"), 0))), "20012a0131");
    EXPECT_EQ(to_hex(body_of(list_message_request(user("1"), 1))), "100120012a0131");
}

TEST(encode, leaves_out_media_unless_set) {
    send_message_request request(user("1"), image("a.jpg"), "id");
    EXPECT_FALSE(sent(request).contains("media"));
    request.media->file_key = "";
    EXPECT_FALSE(sent(request).contains("media")) << "nothing is set";
    request.media->file_key = "a.jpg";
    EXPECT_TRUE(sent(request).contains("media"));
}

TEST(encode, keeps_64_bits) {
    send_message_request request(chat(chat_type{-1}, "1"), draft(content_type{largest_kind}, {}), "id");
    request.command_id = largest;
    request.content->file_size = largest;
    request.content->sticker_item_id = (std::uint64_t{1} << 53U) + 1;
    const leaves seen = sent(request);
    EXPECT_EQ(seen.at("chat_type"), std::to_string(largest));
    EXPECT_EQ(seen.at("content_type"), std::to_string(largest_kind));
    EXPECT_EQ(seen.at("command_id"), std::to_string(largest));
    EXPECT_EQ(seen.at("content.file_size"), std::to_string(largest));
    EXPECT_EQ(seen.at("content.sticker_item_id"), "9007199254740993");
}

TEST(encode, keeps_negative_sequence_numbers) {
    list_message_by_mid_seq_request request(user("1"), "id", 1);
    request.msg_seq = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(schema::of_the_api().read("ListMessageByMidSeqRequest", body_of(request)).at("msg_seq"),
              "-9223372036854775808");
}

TEST(encode, keeps_empty_items_of_a_list) {
    send_message_request request(user("1"), text("a"), "id");
    request.content->mentioned_id = {"", "2"};
    const leaves seen = sent(request);
    EXPECT_EQ(seen.at("content.mentioned_id[0]"), "");
    EXPECT_EQ(seen.at("content.mentioned_id[1]"), "2");
}

TEST(encode, does_not_touch_the_request) {
    const send_message_request request(user("1"), text("a text that is longer than any small buffer"), "id");
    EXPECT_EQ(body_of(request), body_of(request));
    EXPECT_EQ(request.content->text, "a text that is longer than any small buffer");
}

// JSON endpoints: every field, read back with Boost.JSON.

TEST(encode_json, list_message_edit_record) {
    const json::value meant = {{"msgId", "12312312312312312312312313"}, {"size", 10}, {"page", 2}};
    EXPECT_EQ(json::parse(body_of(list_message_edit_record_request("12312312312312312312312313", 10, 2))), meant);
}

TEST(encode_json, file_download_record) {
    const std::string path = "/storage/emulated/0/Download/云湖/\"恶臭\"\\(1).txt\n";
    const json::value meant = {{"msgId", "5040d27fc975416680a14e5a1b37ef06"}, {"downloadPath", path}};
    EXPECT_EQ(json::parse(body_of(file_download_record_request("5040d27fc975416680a14e5a1b37ef06", path))), meant);
}

TEST(encode_json, msg_forward) {
    const std::vector<chat> to{user("1234567"), group("big"), bot_chat("7")};
    const json::value meant = {{"msgId", "e22342a5a1a54f03bc3"},
                               {"chatType", 2},
                               {"receive",
                                {{{"chatId", "1234567"}, {"chatType", 1}},
                                 {{"chatId", "big"}, {"chatType", 2}},
                                 {{"chatId", "7"}, {"chatType", 3}}}}};
    EXPECT_EQ(json::parse(body_of(msg_forward_request(chat_type::group, "e22342a5a1a54f03bc3", to))), meant);
}

TEST(encode_json, msg_forward_to_one_is_still_a_list) {
    const json::value meant = {
        {"msgId", "id"}, {"chatType", 2}, {"receive", json::array{json::value{{"chatId", "1"}, {"chatType", 1}}}}};
    EXPECT_EQ(json::parse(body_of(msg_forward_request(chat_type::group, "id", user("1")))), meant);
}

TEST(encode_json, delete_msg) {
    const json::value meant = {{"chatId", "123"}, {"msgId", "456"}, {"chatType", 1}};
    EXPECT_EQ(json::parse(body_of(delete_msg_request(user("123"), "456"))), meant);
}

TEST(encode_json, keeps_64_bits) {
    const json::value page = json::parse(body_of(list_message_edit_record_request("id", largest, largest - 1)));
    EXPECT_EQ(page.at("size").as_uint64(), largest);
    EXPECT_EQ(page.at("page").as_uint64(), largest - 1);
    for (const std::int64_t kind : {largest_kind, std::int64_t{-1}}) {
        const json::value gone = json::parse(body_of(delete_msg_request(chat(chat_type{kind}, "1"), "2")));
        EXPECT_EQ(gone.at("chatType").as_int64(), kind);
    }
}

} // namespace
} // namespace yunhu::test
