// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "bytes.hpp"
#include "endpoints/codec.hpp"
#include "golden.hpp"
#include "schema.hpp"
#include "wire_text.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

// Protobuf replies: whole, cut, alien.
namespace yunhu::test {
namespace {

const std::string status_ok = from_hex("0a021001");

struct outcome : call_info {
    error_code ec;
};

outcome status_of(std::string_view body) {
    outcome made;
    made.ec = codec::decode_status(body, made);
    return made;
}

struct page_outcome : message_page {
    error_code ec;
};

page_outcome page_of(std::string_view body) {
    page_outcome made;
    made.ec = codec::decode_page(body, made);
    return made;
}

// Both kinds of protobuf reply end alike.
void expect_bad(std::string_view body, errc code, std::string_view detail) {
    const outcome status = status_of(body);
    EXPECT_EQ(status.ec, code) << testing::PrintToString(body);
    EXPECT_EQ(status.detail, detail);
    const page_outcome page = page_of(body);
    EXPECT_EQ(page.ec, code) << testing::PrintToString(body);
    EXPECT_EQ(page.detail, detail);
    EXPECT_TRUE(page.messages.empty());
}

TEST(decode, an_empty_body_is_no_success) {
    expect_bad("", errc::empty_response, "the body is empty");
}

TEST(decode, a_reply_without_status_is_no_success) {
    expect_bad(from_hex("1801"), errc::bad_response, "status is missing");
    EXPECT_EQ(page_of(field(2, "")).ec, errc::bad_response);
}

TEST(decode, a_status_without_code_is_no_success) {
    expect_bad(from_hex("0a00"), errc::bad_response, "status.code is missing");
    const outcome seen = status_of(field(1, "\x08\x05" + field(3, "success")));
    EXPECT_EQ(seen.ec, errc::bad_response);
    EXPECT_EQ(seen.request_id, 5U);
    EXPECT_EQ(seen.api_msg, "success");
    EXPECT_FALSE(seen.api_code);
}

TEST(decode, says_what_the_code_means) {
    const std::map<std::string, std::pair<std::int64_t, error_code>> codes{
        {"10ffffffffffffffffff01", {-1, errc::refused}},
        {"10f7ffffffffffffffff01", {-9, errc::refused}},
        {"109bffffffffffffffff01", {-101, errc::not_authenticated}},
        {"10cc08", {1100, errc::bad_request}},
        {"10b222", {4402, errc::refused}},
        {"10bc37", {7100, errc::refused}},
        {"1001", {1, error_code()}}};
    for (const auto& [hex, meant] : codes) {
        const outcome seen = status_of(field(1, from_hex(hex)));
        EXPECT_EQ(seen.ec, meant.second) << hex;
        EXPECT_EQ(seen.api_code, meant.first) << hex;
        EXPECT_EQ(page_of(field(1, from_hex(hex))).ec, meant.second) << hex;
    }
}

TEST(decode, does_not_touch_what_the_caller_knows) {
    call_info info;
    info.msg_id = "mine";
    info.endpoint = "send-message";
    info.attempts = 2;
    EXPECT_FALSE(codec::decode_status(from_hex(golden::reply_success), info));
    EXPECT_EQ(info.msg_id, "mine");
    EXPECT_EQ(info.endpoint, "send-message");
    EXPECT_EQ(info.attempts, 2U);
    EXPECT_EQ(info.detail, "");
}

TEST(decode, a_list_may_be_empty) {
    const page_outcome page = page_of(status_ok);
    EXPECT_FALSE(page.ec);
    EXPECT_TRUE(page.messages.empty());
    EXPECT_EQ(page.total, 0U);
}

TEST(decode, a_refused_list_gives_no_messages) {
    const page_outcome page = page_of(from_hex(golden::reply_refused) + field(2, field(1, "id")));
    EXPECT_EQ(page.ec, errc::not_authenticated);
    EXPECT_TRUE(page.messages.empty());
}

TEST(decode, an_absent_command_stays_absent) {
    const page_outcome page = page_of(status_ok + field(2, field(1, "a")) + field(2, field(7, "")));
    ASSERT_EQ(page.messages.size(), 2U);
    EXPECT_FALSE(page.messages[0].cmd);
    EXPECT_TRUE(page.messages[1].cmd);
    EXPECT_EQ(page.find("a"), &page.messages[0]);
    EXPECT_EQ(page.find("b"), nullptr);
}

// A line feed is the first byte of every reply, and a length may look like the start of a text: such a reply is read.
TEST(decode, a_length_that_looks_like_text_is_a_length) {
    for (const char first : {'{', '[', '<', ' ', '\n', '\r', '\t'}) {
        const auto length = static_cast<std::size_t>(first);
        const std::string message(length - 4, 'x');
        const std::string body = field(1, "\x10\x01" + field(3, message));
        ASSERT_EQ(body[0], '\n');
        ASSERT_EQ(body[1], first);
        const outcome seen = status_of(body);
        EXPECT_FALSE(seen.ec) << length << ": " << seen.detail;
        EXPECT_EQ(seen.api_msg, message);
        EXPECT_FALSE(page_of(body).ec) << length;
    }
}

TEST(decode, enumerations_are_open) {
    const page_outcome page =
        page_of(status_ok + field(2, from_hex("20e707") + field(2, from_hex("10ffffffffffffffffff01")) +
                                         field(7, from_hex("20ffffffff0f"))));
    ASSERT_EQ(page.messages.size(), 1U);
    EXPECT_EQ(page.messages[0].content_type, content_type{999});
    EXPECT_EQ(page.messages[0].sender.chat_type, chat_type{-1});
    ASSERT_TRUE(page.messages[0].cmd);
    EXPECT_EQ(page.messages[0].cmd->type, cmd_type{UINT32_MAX});

    const codec::encoded again = codec::encode(send_message_request(chat(page.messages[0].sender.chat_type, "1"),
                                                                    draft(page.messages[0].content_type, {}), "id"));
    ASSERT_TRUE(again);
    const leaves seen = schema::of_the_api().read("SendMessageRequest", *again);
    EXPECT_EQ(seen.at("chat_type"), std::to_string(UINT64_MAX)) << "the field is unsigned in msg.proto";
    EXPECT_EQ(seen.at("content_type"), "999");
}

TEST(decode, negative_numbers_keep_their_sign) {
    const std::string minus_1 = "ffffffffffffffffff01";
    const page_outcome page = page_of(status_ok + from_hex("18" + minus_1) + field(2, from_hex("20" + minus_1)));
    ASSERT_FALSE(page.ec) << page.detail;
    EXPECT_EQ(page.total, -1);
    ASSERT_EQ(page.messages.size(), 1U);
    EXPECT_EQ(page.messages[0].content_type, content_type{-1});
}

TEST(decode, unknown_fields_are_skipped) {
    // Of every wire type, in the reply, the status, the message and its content; a group too.
    const std::string unknown = from_hex("f83f05") + from_hex("fa3f03616263") + from_hex("fd3f01020304") +
                                from_hex("f93f0102030405060708") + from_hex("fb3f0801fc3f");
    const std::string body = unknown + field(1, unknown + from_hex("1001")) +
                             field(2, unknown + field(1, "id") + field(5, unknown + field(1, "text") + unknown)) +
                             unknown;
    const page_outcome page = page_of(body);
    EXPECT_FALSE(page.ec) << page.detail;
    ASSERT_EQ(page.messages.size(), 1U);
    EXPECT_EQ(page.messages[0].msg_id, "id");
    EXPECT_EQ(page.messages[0].content->text, "text");
    EXPECT_FALSE(status_of(body).ec);
}

TEST(decode, a_badly_encoded_text_does_not_fail_the_page) {
    const std::string bad = "a\xff\xfe z";
    const page_outcome page =
        page_of(field(1, "\x10\x01" + field(3, bad)) + field(2, field(5, field(1, bad))) + field(2, field(1, "next")));
    EXPECT_FALSE(page.ec) << page.detail;
    EXPECT_EQ(page.api_msg, bad);
    ASSERT_EQ(page.messages.size(), 2U);
    EXPECT_EQ(page.messages[0].content->text, bad);
    EXPECT_EQ(page.messages[1].msg_id, "next");
}

TEST(decode, a_cut_status_is_never_a_success) {
    for (const std::string_view hex : {golden::reply_success, golden::reply_refused}) {
        const std::string whole = from_hex(hex);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            // A copy of its own, so that reading past its end is seen.
            const std::string part(whole, 0, size);
            const outcome seen = status_of(part);
            EXPECT_EQ(seen.ec, size == 0 ? errc::empty_response : errc::bad_response) << size;
            EXPECT_FALSE(seen.detail.empty());
            EXPECT_FALSE(seen.api_code) << size;
        }
    }
}

TEST(decode, a_cut_list_succeeds_only_between_fields) {
    const std::string whole = from_hex(golden::list_reply);
    const page_outcome meant = page_of(whole);
    constexpr std::size_t after_status = 17;
    const std::size_t after_message = whole.size() - 2;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string part(whole, 0, size);
        const page_outcome seen = page_of(part);
        if (size == after_status) {
            EXPECT_FALSE(seen.ec);
            EXPECT_TRUE(seen.messages.empty());
        } else if (size == after_message) {
            EXPECT_FALSE(seen.ec);
            EXPECT_EQ(seen.messages, meant.messages);
            EXPECT_EQ(seen.total, 0U);
        } else {
            EXPECT_EQ(seen.ec, size == 0 ? errc::empty_response : errc::bad_response) << size;
            EXPECT_TRUE(seen.messages.empty());
        }
    }
}

TEST(decode, alien_bodies) {
    for (const std::string_view text : {"<html><body>502</body></html>", "<!DOCTYPE html>", "[]", "[{\"code\":1}]",
                                        "\r\n<html>", "\n<html>", "  [1]", "\n\n\t<?xml version=\"1.0\"?>"}) {
        expect_bad(text, errc::bad_response, "the body is text (HTML?), not protobuf");
    }
    for (const std::string_view other :
         {"404 page not found", "null", "1", "\n", " ", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
        expect_bad(other, errc::bad_response, "the body is not a protobuf reply");
    }
    expect_bad("\xef\xbb\xbf<html>", errc::bad_response, "the body is text (HTML?), not protobuf");
    expect_bad("\x1f\x8b\x08", errc::bad_response, "the body is compressed (gzip), which the request does not accept");
    expect_bad(std::string_view("\xff\xfe{\0", 4), errc::bad_response, "the body is UTF-16 text");
}

TEST(decode, a_json_refusal_where_protobuf_was_expected) {
    for (const std::string before : {"", " ", "\n", "\r\n\t ", "\xef\xbb\xbf", "\xef\xbb\xbf\r\n"}) {
        const std::string body = before + R"({"code":1100,"msg":"no","data":{}})";
        EXPECT_EQ(status_of(body).ec, errc::bad_request);
        EXPECT_EQ(page_of(body).ec, errc::bad_request);
        EXPECT_EQ(page_of(body).api_msg, "no");
        EXPECT_EQ(page_of(body).detail, "");
    }
    EXPECT_EQ(status_of(R"({"code":-1})").ec, errc::refused);
}

TEST(decode, a_json_success_where_protobuf_was_expected_is_not_trusted) {
    expect_bad(R"({"code":1,"msg":"success"})", errc::bad_response,
               "the body is a JSON success where protobuf was expected");
}

TEST(decode, unreadable_json_where_protobuf_was_expected) {
    expect_bad("{}", errc::bad_response, "code is missing");
    expect_bad(R"({"code":"1"})", errc::bad_response, "code is not a number");
    EXPECT_EQ(status_of("{").ec, errc::bad_response);
    EXPECT_EQ(status_of(R"({"code":-101,"msg":"x"}<html>)").ec, errc::bad_response);
}

TEST(decode, never_quotes_the_body) {
    const std::string secret_text = "s3cret";
    for (const std::string& body : {"<html>" + secret_text, "{" + secret_text, R"({"code":")" + secret_text + "\"}",
                                    secret_text, "\n\x06" + secret_text, "[\"" + secret_text + "\"]"}) {
        EXPECT_EQ(status_of(body).detail.find(secret_text), std::string::npos) << status_of(body).detail;
        EXPECT_EQ(page_of(body).detail.find(secret_text), std::string::npos);
    }
}

// A message as a page has it: one that can be read before and after it.
page_outcome page_around(const std::string& odd) {
    page_outcome page =
        page_of(status_ok + field(2, field(1, "before")) + odd + field(2, field(1, "after")) + from_hex("1803"));
    EXPECT_FALSE(page.ec) << page.detail;
    EXPECT_NE(page.find("before"), nullptr);
    EXPECT_NE(page.find("after"), nullptr);
    EXPECT_EQ(page.total, 3);
    return page;
}

TEST(decode, a_message_that_is_none_is_left_out_and_counted) {
    for (const std::string& odd :
         {std::string("\x0a\x05"), from_hex("ff"), field(5, "\x0a\x05"), field(2, from_hex("ff")),
          field(2, field(7, from_hex("08"))), from_hex("0c"), from_hex("00")}) {
        const page_outcome page = page_around(field(2, odd));
        EXPECT_EQ(page.messages.size(), 2U);
        EXPECT_EQ(page.unreadable, 1U) << testing::PrintToString(odd);
        EXPECT_EQ(page.detail, "msg[1] is not a message");
    }
}

TEST(decode, a_message_with_a_field_of_another_type_is_left_out_and_counted) {
    for (const std::string& odd :
         {from_hex("0801"), field(10, "9"), from_hex("2801"), from_hex("2a020801"), field(2, from_hex("0d01020304")),
          field(2, field(7, field(1, "x"))), field(7, from_hex("1001"))}) {
        const page_outcome page = page_around(field(2, odd));
        EXPECT_EQ(page.messages.size(), 2U);
        EXPECT_EQ(page.unreadable, 1U) << testing::PrintToString(odd);
        EXPECT_EQ(page.detail, "msg[1] has a field of another type");
    }
}

TEST(decode, a_page_of_unreadable_messages_only_is_counted) {
    const page_outcome page = page_of(status_ok + field(2, "\xff") + field(2, "\xff") + field(2, "\x08\x01"));
    EXPECT_FALSE(page.ec);
    EXPECT_TRUE(page.messages.empty());
    EXPECT_EQ(page.unreadable, 3U);
    EXPECT_EQ(page.detail, "msg[0] is not a message");
}

TEST(decode, a_whole_page_has_no_unreadable_message) {
    const page_outcome page = page_of(from_hex(golden::list_reply));
    EXPECT_EQ(page.unreadable, 0U);
    EXPECT_EQ(page.detail, "");
}

TEST(decode, survives_deep_nesting) {
    std::string body;
    for (int i = 0; i < 100'000; ++i) {
        body += "\x23"; // start of a group in an unknown field
    }
    EXPECT_EQ(status_of(body).ec, errc::bad_response);
    EXPECT_EQ(page_of(body).ec, errc::bad_response);
}

} // namespace
} // namespace yunhu::test
