// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/bytes.hpp"
#include "endpoints/wire_text.hpp"
#include "gateway/frame_codec.hpp"
#include "golden_frames.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace yunhu::test {
namespace {

using namespace gateway;
using kind = pushed_message::kind;

constexpr std::uint64_t first_time = 1'767'225'600'000;

boost::system::result<frame, frame_error> decode(std::string_view bytes, bool text = false) {
    return decode_frame(std::as_bytes(std::span(bytes)), text);
}

boost::system::result<frame, frame_error> decode_hex(std::string_view hex) {
    return decode(from_hex(hex));
}

/// The frame, which must be of that type.
template <class T> T get(const boost::system::result<frame, frame_error>& decoded) {
    if (!decoded) {
        ADD_FAILURE() << decoded.error().detail;
        return T();
    }
    const T* const found = std::get_if<T>(&*decoded);
    if (found == nullptr) {
        ADD_FAILURE() << "alternative " << decoded->index();
        return T();
    }
    return *found;
}

template <class T> T golden_of(std::string_view hex) {
    return get<T>(decode_hex(hex));
}

// A wrapper with that command and payload.
std::string wrapped(std::string_view cmd, std::string_view payload) {
    return field(1, field(2, cmd)) + field(2, field(2, payload));
}

TEST(frame, heartbeat_ack) {
    (void)golden_of<heartbeat_ack>(golden::heartbeat_ack);
}

TEST(frame, invite_apply) {
    (void)golden_of<request_event>(golden::invite_apply);
}

TEST(frame, a_message_of_a_group) {
    const auto f = golden_of<pushed_message>(golden::push_group);
    EXPECT_EQ(f.what, kind::message);
    EXPECT_EQ(f.chat, group("big"));
    EXPECT_EQ(f.recv_id, "1234567");
    const message& m = f.message;
    EXPECT_EQ(m.msg_id, "m1");
    EXPECT_EQ(m.sender.chat_id, "7654321");
    EXPECT_EQ(m.sender.chat_type, chat_type::user);
    EXPECT_EQ(m.sender.name, "A");
    ASSERT_EQ(m.sender.tag.size(), 1U);
    EXPECT_EQ(m.sender.tag[0].id, 3U);
    EXPECT_EQ(m.sender.tag[0].text, "T");
    EXPECT_EQ(m.sender.tag[0].color, "#2196F3");
    EXPECT_EQ(m.content->text, "hi");
    EXPECT_EQ(m.content_type, content_type::text);
    EXPECT_EQ(m.send_time, first_time);
    EXPECT_EQ(m.msg_seq, 7U);
    EXPECT_FALSE(m.cmd);
}

TEST(frame, a_private_message) {
    const auto f = golden_of<pushed_message>(golden::push_private);
    EXPECT_EQ(f.what, kind::message);
    EXPECT_EQ(f.chat, user("1234567")) << "as received: the rules of the chat are applied later";
    EXPECT_EQ(f.recv_id, "1234567");
    EXPECT_EQ(f.message.msg_id, "m2");
    EXPECT_EQ(f.message.msg_seq, 8U);
    ASSERT_TRUE(f.message.cmd);
    EXPECT_EQ(f.message.cmd->cmd_id, 42U);
    EXPECT_EQ(f.message.cmd->name, "/go");
    EXPECT_EQ(f.message.cmd->type, cmd_type::normal);
}

TEST(frame, a_recall_is_no_new_message) {
    const auto f = golden_of<pushed_message>(golden::recall);
    EXPECT_EQ(f.what, kind::recall);
    EXPECT_EQ(f.message.msg_id, "m1");
    EXPECT_EQ(f.message.sender.name, "B");
    EXPECT_EQ(f.message.msg_delete_time, first_time + 60'000);
    EXPECT_EQ(f.message.msg_seq, 7U);
}

TEST(frame, an_edit) {
    const auto f = golden_of<pushed_message>(golden::edit);
    EXPECT_EQ(f.what, kind::edit);
    EXPECT_EQ(f.message.msg_id, "m1");
    EXPECT_EQ(f.chat, chat(chat_type{}, "big"));
    EXPECT_EQ(f.recv_id, "big");
    EXPECT_EQ(f.message.content->text, "ho");
    EXPECT_EQ(f.message.edit_time, first_time + 30'000);
    EXPECT_EQ(f.message.msg_seq, 7U);
    EXPECT_TRUE(f.message.sender.chat_id.empty());
}

TEST(frame, an_edit_with_a_recall_time_is_a_recall) {
    // PushMessage {1: "m", 10: 5}
    EXPECT_EQ(get<pushed_message>(decode(wrapped("edit_message", field(1, "m") + "\x50\x05"))).what, kind::recall);
}

TEST(frame, blocked) {
    const auto f = golden_of<pushed_message>(golden::blocked);
    EXPECT_EQ(f.what, kind::blocked);
    EXPECT_EQ(f.message.msg_id, "m1");
    EXPECT_EQ(f.chat.id, "big");
    EXPECT_EQ(f.recv_id, "1234567");
}

TEST(frame, a_delta_of_a_stream) {
    const auto f = golden_of<pushed_delta>(golden::stream);
    EXPECT_EQ(f.msg_id, "m3");
    EXPECT_EQ(f.recv_id, "big");
    EXPECT_EQ(f.chat_id, "big");
    EXPECT_EQ(f.text, "abc");
}

TEST(frame, a_draft) {
    const auto f = golden_of<pushed_draft>(golden::draft);
    EXPECT_EQ(f.chat_id, "big");
    EXPECT_EQ(f.text, "dr");
}

TEST(frame, a_board) {
    const auto f = golden_of<board_event>(golden::board);
    EXPECT_EQ(f.chat, group("big"));
    EXPECT_EQ(f.bot_id, "99");
    EXPECT_EQ(f.bot_name, "Bo");
    EXPECT_EQ(f.content, "<b>x</b>");
    EXPECT_EQ(f.format, board_format::html);
    EXPECT_EQ(f.last_update_time, 1'767'225'600);
}

TEST(frame, a_file_signal_under_another_type_url) {
    const auto f = golden_of<file_event>(golden::file_send);
    EXPECT_EQ(f.send_user_id, "7654321");
    EXPECT_EQ(f.user_id, "1234567");
    EXPECT_EQ(f.temp_code, 5U);
    EXPECT_EQ(f.send_type, "candidate");
    EXPECT_EQ(f.data, "{}");
    EXPECT_EQ(f.send_device_id, "d-2");
}

TEST(frame, a_call_that_ended) {
    const auto f = golden_of<hang_up_event>(golden::hang_up);
    EXPECT_EQ(f.msg_id, "m4");
    EXPECT_EQ(f.cmd, "live_video_user_hang_up");
}

void expect_m5(std::string_view hex) {
    const auto f = golden_of<pushed_message>(hex);
    EXPECT_EQ(f.what, kind::message);
    EXPECT_EQ(f.message.msg_id, "m5");
    EXPECT_EQ(f.message.content->text, "hi");
    EXPECT_EQ(f.chat, group("big"));
    EXPECT_EQ(f.message.msg_seq, 9U);
}

TEST(frame, unusual_envelopes) {
    expect_m5(golden::data_before_info);
    expect_m5(golden::no_type_url);
    expect_m5(golden::short_type_url);
    expect_m5(golden::unknown_fields);
}

TEST(frame, a_repeated_info_merges) {
    const std::string bytes =
        field(1, field(2, "push_message")) + field(1, field(1, "7")) + field(2, field(2, field(1, "m9")));
    EXPECT_EQ(get<pushed_message>(decode(bytes)).message.msg_id, "m9");
}

TEST(frame, a_command_in_upper_case) {
    EXPECT_EQ(get<pushed_message>(decode(wrapped("PUSH_Message", field(1, "m9")))).message.msg_id, "m9");
    (void)get<heartbeat_ack>(decode(wrapped("HEARTBEAT_ACK", "")));
}

void expect_unknown(std::string_view hex, std::string_view cmd) {
    const auto f = golden_of<unknown_event>(hex);
    EXPECT_EQ(f.cmd, cmd);
    EXPECT_EQ(to_hex(f.frame), hex);
}

TEST(frame, without_a_usable_payload) {
    expect_unknown(golden::push_without_data, "push_message");
    expect_unknown(golden::push_without_value, "push_message");
    for (const char* const cmd : {"push_message", "edit_message", "blocked_message", "stream_message", "draft_input",
                                  "bot_board_message", "file_send_message", "live_video_user_hang_up"}) {
        EXPECT_EQ(get<unknown_event>(decode(wrapped(cmd, ""))).cmd, cmd);
    }
}

TEST(frame, an_id_that_is_too_long_is_not_usable) {
    const std::string longest(max_id_size, 'x');
    EXPECT_EQ(get<pushed_message>(decode(wrapped("push_message", field(1, longest)))).message.msg_id, longest);
    for (const unsigned number : {1U, 3U, 4U}) {
        const std::string payload = field(1, "m") + field(number, longest + "x");
        EXPECT_EQ(get<unknown_event>(decode(wrapped("push_message", payload))).cmd, "push_message") << number;
    }
    EXPECT_EQ(get<unknown_event>(decode(wrapped("stream_message", field(1, longest + "x")))).cmd, "stream_message");
}

TEST(frame, unknown_commands) {
    expect_unknown(golden::unknown_cmd, "new_thing");
    expect_unknown(golden::empty_cmd, "");
    const std::string longest(100'000, 'x');
    EXPECT_EQ(get<unknown_event>(decode(wrapped(longest, ""))).cmd, longest);
    EXPECT_EQ(get<unknown_event>(decode("")).cmd, "") << "an empty binary frame is an empty wrapper";
}

TEST(frame, malformed_ones_are_ignored) {
    EXPECT_FALSE(decode_hex(golden::truncated));
    EXPECT_FALSE(decode("", true));
    EXPECT_FALSE(decode("hello", true));
    EXPECT_FALSE(decode("hello"));
    EXPECT_FALSE(decode("{", true));
    EXPECT_FALSE(decode("[1]", true));
    EXPECT_FALSE(decode("<html>", true));
    EXPECT_FALSE(decode("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", false)) << "an overlong varint";
    EXPECT_FALSE(decode(std::string(200, '{'), true)) << "nested too deep";
    std::string nested = "{\"a\":";
    for (int i = 0; i < 1000; ++i) {
        nested += "[";
    }
    EXPECT_FALSE(decode(nested, true));
    EXPECT_FALSE(decode(std::string(100'000, '\x7b'), false)) << "unknown groups in each other";
    EXPECT_FALSE(decode(wrapped("push_message", "\x0a\x05m"))) << "a payload that ends early";
    EXPECT_FALSE(decode(wrapped("stream_message", "\x0a\x05m")));
    EXPECT_FALSE(decode(wrapped("bot_board_message", "\x0a\x05m")));
}

TEST(frame, every_prefix_of_every_golden_frame) {
    for (const std::string_view hex :
         {golden::heartbeat_ack, golden::invite_apply, golden::push_group, golden::push_private, golden::recall,
          golden::edit, golden::blocked, golden::stream, golden::draft, golden::board, golden::file_send,
          golden::hang_up, golden::data_before_info, golden::unknown_fields, golden::unknown_cmd}) {
        const std::string bytes = from_hex(hex);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            for (const bool text : {false, true}) {
                const auto cut = decode(std::string_view(bytes).substr(0, size), text);
                if (cut) {
                    EXPECT_FALSE(std::holds_alternative<rejection>(*cut)) << hex << " " << size;
                }
            }
        }
    }
}

TEST(frame, protobuf_in_a_text_frame) {
    EXPECT_EQ(get<pushed_message>(decode(from_hex(golden::push_group), true)).message.msg_id, "m1");
    (void)get<heartbeat_ack>(decode(from_hex(golden::heartbeat_ack), true));
}

TEST(frame, commands_as_json) {
    (void)get<heartbeat_ack>(decode(R"({"seq":"2","cmd":"heartbeat_ack"})", true));
    (void)get<heartbeat_ack>(decode(R"( {"cmd":"Heartbeat_Ack","code":1,"data":{}} )", true));
    (void)get<request_event>(decode(R"({"cmd":"invite_apply"})", true));
    (void)get<heartbeat_ack>(decode(R"({"cmd":"heartbeat_ack"})", false));
    const auto other = get<unknown_event>(decode(R"({"cmd":"push_message","data":{"msgId":"m1"}})", true));
    EXPECT_EQ(other.cmd, "push_message");
    EXPECT_EQ(other.frame, R"({"cmd":"push_message","data":{"msgId":"m1"}})");
    EXPECT_EQ(get<unknown_event>(decode(R"({"cmd":"login_ack","code":1})", true)).cmd, "login_ack");
    EXPECT_EQ(get<unknown_event>(decode(R"({"code":1,"msg":"success"})", true)).cmd, "");
    EXPECT_EQ(get<unknown_event>(decode(R"({"cmd":7})", true)).cmd, "");
}

TEST(frame, rejections) {
    for (const bool text : {false, true}) {
        const auto f = get<rejection>(decode("数据不合法", text));
        EXPECT_TRUE(f.authentication);
        EXPECT_FALSE(f.code);
        EXPECT_EQ(f.text, "数据不合法");
        EXPECT_TRUE(get<rejection>(decode(from_hex("e695b0e68daee4b88de59088e6b395"), text)).authentication);
        const auto refused = get<rejection>(decode(R"({"code":-101,"msg":"未登录"})", text));
        EXPECT_TRUE(refused.authentication);
        EXPECT_EQ(refused.code, -101);
        EXPECT_EQ(refused.text, "未登录");
        const auto other = get<rejection>(decode(R"({"code":500,"msg":"busy"})", text));
        EXPECT_FALSE(other.authentication);
        EXPECT_EQ(other.code, 500);
    }
    EXPECT_TRUE(get<rejection>(decode(" 数据不合法\n", true)).authentication);
    EXPECT_TRUE(get<rejection>(decode(R"({"code":0,"msg":"数据不合法"})", true)).authentication);
    EXPECT_EQ(get<rejection>(decode(R"({"cmd":"login_ack","code":-101})", true)).code, -101);
}

TEST(frame, the_limit_of_the_size) {
    const std::string bytes = from_hex(golden::push_group);
    EXPECT_TRUE(decode_frame(std::as_bytes(std::span(bytes)), false, bytes.size()));
    const auto refused = decode_frame(std::as_bytes(std::span(bytes)), false, bytes.size() - 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, "the frame exceeds the limit");
}

TEST(frame, the_limit_of_the_items) {
    const auto with_mentions = [](int count) {
        std::string content;
        for (int i = 0; i < count; ++i) {
            content += field(6, "");
        }
        return decode(wrapped("push_message", field(1, "m") + field(6, content)));
    };
    EXPECT_EQ(get<pushed_message>(with_mentions(max_frame_items)).message.content->mentioned_id.size(), 10'000U);
    const auto refused = with_mentions(max_frame_items + 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, "the payload has too many mentions or tags");
}

TEST(frame, texts_that_are_not_utf8_are_kept) {
    const auto f = get<pushed_message>(decode(wrapped("push_message", field(1, "m") + field(6, field(1, "a\xff")))));
    EXPECT_EQ(f.message.content->text, "a\xff");
}

TEST(frame, a_decoder_leaves_nothing_behind) {
    (void)golden_of<pushed_message>(golden::push_private);
    const auto f = golden_of<pushed_message>(golden::blocked);
    EXPECT_FALSE(f.message.cmd);
    EXPECT_TRUE(f.message.sender.name.empty());
    EXPECT_EQ(f.message.msg_seq, 0U);
}

TEST(frame, login) {
    login as;
    as.user_id = "1234567";
    as.token = "t-0";
    as.platform = "windows";
    as.device_id = "d-1";
    EXPECT_EQ(
        yunhu::detail::view_of(encode_login(1, as)),
        R"({"seq":"1","cmd":"login","data":{"userId":"1234567","token":"t-0","platform":"windows","deviceId":"d-1"}})");
    as.device_id = "a\"b\\c\n";
    EXPECT_NE(yunhu::detail::view_of(encode_login(1, as)).find(R"("deviceId":"a\"b\\c\n")"), std::string::npos);
}

TEST(frame, heartbeat) {
    EXPECT_EQ(encode_heartbeat(2), R"({"seq":"2","cmd":"heartbeat","data":{}})");
}

TEST(frame, input_info) {
    EXPECT_EQ(encode_input_info(3, "big", "dr", "d-1"),
              R"({"seq":"3","cmd":"inputInfo","data":{"chatId":"big","input":"dr","deviceId":"d-1"}})");
}

TEST(frame, platforms) {
    for (const char* const good : {"windows", "macos", "android", "linux", "ios", "fuchsia", "Web"}) {
        EXPECT_TRUE(is_platform(good)) << good;
    }
    for (const char* const bad : {"", "Windows", "web", "Linux", "iOS", "harmony", "windows "}) {
        EXPECT_FALSE(is_platform(bad)) << bad;
    }
}

} // namespace
} // namespace yunhu::test
