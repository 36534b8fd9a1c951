// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Bodies, field by field: exactly the fields in the tables of the API are accepted.

#include "testing/shape.hpp"

#include <yunhu/msg.pb.h>

#include <gtest/gtest.h>

#include <set>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

// A field with one byte of content, by wire type.
std::string field(unsigned number, unsigned type) {
    const unsigned tag = number << 3U | type;
    std::string made;
    made.push_back(static_cast<char>(tag < 128 ? tag : (tag & 127U) | 128U));
    if (tag >= 128) {
        made.push_back(static_cast<char>(tag >> 7U));
    }
    return made + (type == 2 ? std::string("\x01x") : std::string("\x01"));
}

std::string_view find_deviation(std::string_view body, std::string_view message) {
    return detail::find_deviation(body, message_shapes().find(message)->second);
}

std::set<unsigned> accepted(std::string_view of, unsigned type) {
    std::set<unsigned> numbers;
    for (unsigned number = 1; number < 100; ++number) {
        if (find_deviation(field(number, type), of).empty()) {
            numbers.insert(number);
        }
    }
    return numbers;
}

using numbers = std::set<unsigned>;

TEST(shape, accepts_the_fields_of_the_tables) {
    EXPECT_EQ(accepted("SendMessageRequest", 2), (numbers{2, 3, 8})); // 5 and 9 are messages, and "x" is none
    EXPECT_EQ(accepted("SendMessageRequest", 0), (numbers{4, 6, 7}));
    EXPECT_EQ(accepted("ListMessageBySeqRequest", 2), (numbers{5}));
    EXPECT_EQ(accepted("ListMessageBySeqRequest", 0), (numbers{3, 4}));
    EXPECT_EQ(accepted("ListMessageRequest", 2), (numbers{3, 5}));
    EXPECT_EQ(accepted("ListMessageRequest", 0), (numbers{2, 4}));
    EXPECT_EQ(accepted("ListMessageByMidSeqRequest", 2), (numbers{5, 8}));
    EXPECT_EQ(accepted("ListMessageByMidSeqRequest", 0), (numbers{3, 4, 6, 7}));
    EXPECT_EQ(accepted("PicListMessageByMidSeqRequest", 2), (numbers{5}));
    EXPECT_EQ(accepted("PicListMessageByMidSeqRequest", 0), (numbers{3, 4, 6, 7}));
    EXPECT_EQ(accepted("ButtonReportRequest", 2), (numbers{2, 4, 5, 6}));
    EXPECT_EQ(accepted("ButtonReportRequest", 0), (numbers{3}));
    EXPECT_EQ(accepted("RecallMsgRequest", 2), (numbers{2, 3}));
    EXPECT_EQ(accepted("RecallMsgRequest", 0), (numbers{4}));
    EXPECT_EQ(accepted("RecallMsgBatchRequest", 2), (numbers{2, 3}));
    EXPECT_EQ(accepted("RecallMsgBatchRequest", 0), (numbers{4}));
    EXPECT_EQ(accepted("Content", 2),
              (numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 21, 23, 29, 32, 36, 37}));
    EXPECT_EQ(accepted("Content", 0), (numbers{18, 20, 22, 24, 25, 26, 33, 34}));
    EXPECT_EQ(accepted("Media", 2), (numbers{1, 2, 3, 8, 9}));
    EXPECT_EQ(accepted("Media", 0), (numbers{5, 6, 7}));
}

TEST(shape, checks_nested_messages) {
    wire::SendMessageRequest request;
    request.mutable_content()->set_text("hi");
    request.mutable_media()->set_file_key("key");
    EXPECT_EQ(find_deviation(request.SerializeAsString(), "SendMessageRequest"), "");
    request.mutable_media()->set_file_suffix("\xff");
    EXPECT_EQ(find_deviation(request.SerializeAsString(), "SendMessageRequest"), "text that is not UTF-8");
    request.mutable_media()->clear_file_suffix();
    request.mutable_content()->add_mentioned_id("ok");
    request.mutable_content()->add_mentioned_id("\xff");
    EXPECT_EQ(find_deviation(request.SerializeAsString(), "SendMessageRequest"), "text that is not UTF-8");
}

TEST(shape, readers_skip_what_they_do_not_know) {
    const message_shape& shape = message_shapes().at("SendMessageRequest");
    const auto problem = [&shape](std::string_view body) { return detail::find_problem(body, shape); };
    EXPECT_EQ(problem(field(99, 0) + field(98, 2)), ""); // unknown numbers
    EXPECT_EQ(problem(std::string("\x09"
                                  "12345678"
                                  "\x0d"
                                  "1234")),
              "");                                     // fixed 64 and 32 bits
    EXPECT_EQ(problem("\x0b\x10\x01\x0c"), "");        // a group
    EXPECT_EQ(problem(field(4, 2) + field(2, 0)), ""); // known numbers, other types
    EXPECT_EQ(problem("\x2a\x03\x72\x01x"), "");       // unknown within content
    EXPECT_EQ(problem(field(99, 0) + "\x1a\x02\xc0\x80"), "text that is not UTF-8");
    EXPECT_EQ(problem(field(99, 0) + "\x20"), "not a protobuf message");
    EXPECT_EQ(problem("\x0b\x10\x01"), "not a protobuf message"); // a group without an end
    EXPECT_EQ(problem("{}"), "not a protobuf message");
}

TEST(shape, finds_the_text_of_a_field) {
    wire::RecallMsgRequest request;
    request.set_chat_id("big");
    request.set_msg_id("abc");
    const std::string body = request.SerializeAsString();
    const message_shape& shape = message_shapes().at("RecallMsgRequest");
    EXPECT_EQ(text_of(body, shape, "msg_id"), "abc");
    EXPECT_EQ(text_of(body, shape, "user_id"), "");
    EXPECT_EQ(text_of("", shape, "msg_id"), "");
}

TEST(shape, rejects_truncated_bodies) {
    wire::SendMessageRequest request;
    request.set_msg_id("abc");
    request.set_chat_type(300);
    request.mutable_content()->set_text("hi");
    const std::string whole = request.SerializeAsString();
    int complete = 0;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        wire::SendMessageRequest parsed;
        const bool parses = parsed.ParseFromString(whole.substr(0, size));
        EXPECT_EQ(find_deviation(whole.substr(0, size), "SendMessageRequest").empty(), parses) << size;
        complete += parses ? 1 : 0;
    }
    EXPECT_EQ(complete, 4); // after none, one, two and three fields
    EXPECT_EQ(find_deviation(std::string("\0\0", 2), "RecallMsgRequest"), "not a protobuf message");
    EXPECT_EQ(find_deviation("\x12\xff\xff\xff\xff\x0f", "RecallMsgRequest"), "not a protobuf message");
}

TEST(utf8, accepts_all_code_points) {
    for (const std::string_view text : {"", "plain", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                        "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "云湖 🎉"}) {
        EXPECT_TRUE(valid_utf8(text)) << text;
    }
    EXPECT_TRUE(valid_utf8(std::string_view("\0", 1)));
}

TEST(utf8, rejects_malformed_text) {
    for (const std::string_view text : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf",
                                        "\xe0\xa0", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80",
                                        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "ok\xe4\xba"}) {
        EXPECT_FALSE(valid_utf8(text)) << text.size();
    }
}

} // namespace
} // namespace testing::detail
YUNHU_NAMESPACE_END
