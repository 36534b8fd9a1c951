// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/bytes.hpp"
#include "gateway/conversation_codec.hpp"
#include "golden_frames.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace yunhu::test {
namespace {

using namespace gateway;

// Made with protoc from the service's documents: big, 3 unread, mentioned by 7654321 at seq 7; md5 "ab".
constexpr std::string_view reply =
    "0a0d080110011a077375636365737312500a036269671002220268692880d0eab6b733300338014a0f68747470733a2f2f612f622e706e67"
    "6080f2d6ca06721c12073132333435363722036269673207373635343332313a014140077a03426967180122026162";

TEST(conversations, the_request) {
    EXPECT_EQ(to_hex(encode_list_conversations("d41d8cd98f00b204e9800998ecf8427e")),
              "12206434316438636439386630306232303465393830303939386563663834323765");
    EXPECT_EQ(encode_list_conversations(""), "") << "an empty body is a valid request";
}

TEST(conversations, the_reply) {
    const auto list = decode_conversations(from_hex(reply));
    ASSERT_TRUE(list);
    EXPECT_EQ(list->md5, "ab");
    ASSERT_EQ(list->chats.size(), 1U);
    EXPECT_EQ(list->chats[0].chat, group("big"));
    EXPECT_EQ(list->chats[0].time, 1'767'225'600'000U);
}

TEST(conversations, unchanged) {
    const auto list = decode_conversations(from_hex("0a02100122026162"));
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->chats.empty());
    EXPECT_EQ(list->md5, "ab");
}

TEST(conversations, entries_that_can_not_be_used) {
    const std::string status = "0a021001";
    EXPECT_TRUE(decode_conversations(from_hex(status + "1200"))->chats.empty()) << "no id";
    EXPECT_TRUE(decode_conversations(from_hex(status + "12030a0162"))->chats.empty()) << "no type";
    // chat_id "b", type 2, send_timestamp 5 s
    const auto seconds = decode_conversations(from_hex(status + "12070a0162100260" + "05"));
    ASSERT_TRUE(seconds);
    ASSERT_EQ(seconds->chats.size(), 1U);
    EXPECT_EQ(seconds->chats[0].time, 5'000U);
}

TEST(conversations, every_cut_of_the_reply) {
    const std::string bytes = from_hex(reply);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto list = decode_conversations(std::string_view(bytes).substr(0, size));
        EXPECT_TRUE(!list || list->chats.size() <= 1U) << size;
    }
    EXPECT_EQ(decode_conversations("\xff").error().detail, "the body is not a protobuf reply");
}

TEST(conversations, list_changes) {
    EXPECT_EQ(to_hex(encode_list_changes(group("big"), 1'767'225'600'000, 100)), golden::list_changes);
}

} // namespace
} // namespace yunhu::test
