// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// One constraint per test, with its message.
namespace yunhu::test {
namespace {

using namespace std::string_literals;

const std::string bad_utf8 = "\xff\xfe";

template <class Request> std::string why_refused(const Request& request) {
    const codec::encoded body = codec::encode(request);
    return body ? "" : body.error().detail;
}

send_message_request send_of(content_type kind) {
    return {group("big"), draft(kind, {}), "id"};
}

// Gives `check` each request that names a chat, with that chat, otherwise valid.
template <class Check> void with_each_request_of(const chat& in, Check check) {
    check(send_message_request(in, text("a"), "id"));
    check(edit_message_request(in, "id", text("a")));
    check(list_message_by_seq_request(in, 0));
    check(list_message_request(in, 1));
    check(list_message_by_mid_seq_request(in, "id", 1));
    check(button_report_request(in, "id", "user", "value"));
    check(recall_msg_request(in, "id"));
    check(recall_msg_batch_request(in, {"id"}));
    check(pic_list_message_by_mid_seq_request(in, 1, 1, 0));
    check(delete_msg_request(in, "id"));
}

// The same for each request that names a message.
template <class Check> void with_each_request_about(const std::string& id, Check check) {
    const chat in = group("big");
    check(send_message_request(in, text("a"), id));
    check(edit_message_request(in, id, text("a")));
    check(list_message_by_mid_seq_request(in, id, 1));
    check(list_message_edit_record_request(id, 1, 1));
    check(button_report_request(in, id, "user", "value"));
    check(recall_msg_request(in, id));
    check(file_download_record_request(id, "/tmp/a"));
    check(msg_forward_request(chat_type::group, id, user("1")));
    check(delete_msg_request(in, id));
}

TEST(validation_error, none_of_a_valid_request) {
    with_each_request_of(group("big"), [](const auto& request) { EXPECT_EQ(why_refused(request), ""); });
    with_each_request_about("id", [](const auto& request) { EXPECT_EQ(why_refused(request), ""); });
}

TEST(validation_error, of_an_empty_chat_id) {
    with_each_request_of(group(""),
                         [](const auto& request) { EXPECT_EQ(why_refused(request), "chat_id must not be empty"); });
}

TEST(validation_error, of_chat_type_0) {
    with_each_request_of(chat(chat_type{}, "big"),
                         [](const auto& request) { EXPECT_EQ(why_refused(request), "chat_type must be > 0"); });
    EXPECT_EQ(why_refused(msg_forward_request(chat_type{}, "id", user("1"))), "chat_type must be > 0");
}

TEST(validation_error, of_a_default_chat_names_the_id_first) {
    with_each_request_of(chat(),
                         [](const auto& request) { EXPECT_EQ(why_refused(request), "chat_id must not be empty"); });
}

TEST(validation_error, not_of_an_unknown_chat_type) {
    with_each_request_of(chat(chat_type{9}, "big"), [](const auto& request) { EXPECT_EQ(why_refused(request), ""); });
}

TEST(validation_error, of_control_characters_in_ids) {
    for (const std::string& id : {"\0"s, "a\0b"s, "a\n"s, "\x7f"s, "\x1f"s}) {
        with_each_request_of(group(id), [](const auto& request) {
            EXPECT_EQ(why_refused(request), "chat_id must not contain control characters");
        });
        with_each_request_about(id, [](const auto& request) {
            EXPECT_EQ(why_refused(request), "msg_id must not contain control characters");
        });
    }
    send_message_request quoting(group("big"), text("a"), "id");
    quoting.quote_msg_id = "\0"s;
    EXPECT_EQ(why_refused(quoting), "quote_msg_id must not contain control characters");
    EXPECT_EQ(why_refused(list_message_request(group("big"), 1, "\n")), "msg_id must not contain control characters");
}

// Two ids that look the same would be two chats; a C1 character is a control as well.
TEST(validation_error, of_invisible_characters_in_ids) {
    for (const auto& [id, why] : std::vector<std::pair<std::string, std::string>>{
             {"big\u200B", "invisible characters: U+200B"}, // zero-width space
             {"\u200Dbig", "invisible characters: U+200D"},
             {"b\u00ADig", "invisible characters: U+00AD"},
             {"\uFEFFbig", "invisible characters: U+FEFF"},
             {"b\u202Eig", "invisible characters: U+202E"},
             {"b\u2066ig", "invisible characters: U+2066"},
             {"big\U000E0041", "invisible characters: U+E0041"},
             {"你好\u200B", "invisible characters: U+200B"},
             {"big\u009B", "control characters"},
             {"big\u2028", "control characters"}}) {
        with_each_request_of(group(id), [&](const auto& request) {
            EXPECT_EQ(why_refused(request), "chat_id must not contain " + why);
        });
        with_each_request_about(
            id, [&](const auto& request) { EXPECT_EQ(why_refused(request), "msg_id must not contain " + why); });
    }
    for (const std::string& id : {std::string("你好"), std::string("\u00E9\u00DF"), std::string("\U0001F600")}) {
        with_each_request_of(group(id), [](const auto& request) { EXPECT_EQ(why_refused(request), ""); });
    }
    EXPECT_EQ(why_refused(send_message_request(group("big"), text("zero\u200Bwidth"), "id")), ""); // a text may
}

TEST(validation_error, of_ids_that_are_not_utf8) {
    with_each_request_of(group(bad_utf8),
                         [](const auto& request) { EXPECT_EQ(why_refused(request), "chat_id must be UTF-8"); });
    with_each_request_about(bad_utf8,
                            [](const auto& request) { EXPECT_EQ(why_refused(request), "msg_id must be UTF-8"); });
}

TEST(validation_error, of_an_empty_msg_id) {
    with_each_request_about("",
                            [](const auto& request) { EXPECT_EQ(why_refused(request), "msg_id must not be empty"); });
}

TEST(validation_error, of_an_empty_batch) {
    EXPECT_EQ(why_refused(recall_msg_batch_request(group("big"), {})), "msg_id must not be empty");
    EXPECT_EQ(why_refused(recall_msg_batch_request(group("big"), {"a", ""})), "msg_id[1] must not be empty");
    EXPECT_EQ(why_refused(recall_msg_batch_request(group("big"), {"a", "b", bad_utf8})), "msg_id[2] must be UTF-8");
    EXPECT_EQ(why_refused(recall_msg_batch_request(group("big"), {"\0"s})),
              "msg_id[0] must not contain control characters");
}

TEST(validation_error, of_a_forward_without_receiver) {
    EXPECT_EQ(why_refused(msg_forward_request(chat_type::group, "id", std::vector<chat>())),
              "receive must not be empty");
    EXPECT_EQ(why_refused(msg_forward_request(chat_type::group, "id", {user("1"), user("2"), user("")})),
              "receive[2].chat_id must not be empty");
    EXPECT_EQ(why_refused(msg_forward_request(chat_type::group, "id", {user("1"), chat(chat_type{}, "2")})),
              "receive[1].chat_type must be > 0");
}

TEST(validation_error, of_a_page_size_of_0) {
    EXPECT_EQ(why_refused(list_message_request(group("big"), 0)), "msg_count must be > 0");
    EXPECT_EQ(why_refused(list_message_by_mid_seq_request(group("big"), "id", 0)), "msg_count must be > 0");
    EXPECT_EQ(why_refused(list_message_edit_record_request("id", 0, 1)), "size must be > 0");
    EXPECT_EQ(why_refused(pic_list_message_by_mid_seq_request(group("big"), 1, 0, 0)),
              "one of earlier_count and later_count must be > 0");
    EXPECT_EQ(why_refused(pic_list_message_by_mid_seq_request(group("big"), 1, 0, 1)), "");
}

TEST(validation_error, of_page_0) {
    EXPECT_EQ(why_refused(list_message_edit_record_request("id", 1, 0)), "page must be > 0");
}

TEST(validation_error, of_a_look_up_without_id_but_not_of_a_sequence_number_without) {
    list_message_by_mid_seq_request request(group("big"), "", 1);
    EXPECT_EQ(why_refused(request), "msg_id must not be empty");
    request.msg_seq = 5;
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, of_a_button_report_without_user) {
    EXPECT_EQ(why_refused(button_report_request(group("big"), "id", "", "value")), "user_id must not be empty");
    EXPECT_EQ(why_refused(button_report_request(group("big"), "id", "1", "")), "");
    EXPECT_EQ(why_refused(button_report_request(group("big"), "id", "1", bad_utf8)), "button_value must be UTF-8");
}

TEST(validation_error, of_a_path_that_is_not_utf8) {
    EXPECT_EQ(why_refused(file_download_record_request("id", bad_utf8)), "download_path must be UTF-8");
}

TEST(validation_error, of_content_type_0) {
    EXPECT_EQ(why_refused(send_of(content_type{})), "content_type must be > 0");
    EXPECT_EQ(why_refused(edit_message_request(group("big"), "id", draft())), "content_type must be > 0");
}

TEST(validation_error, of_text_kinds_without_text) {
    for (const content_type kind : {content_type::text, content_type::markdown, content_type::html}) {
        send_message_request request = send_of(kind);
        EXPECT_EQ(why_refused(request), "content.text must not be empty");
        request.content->text = "a";
        EXPECT_EQ(why_refused(request), "");
    }
}

TEST(validation_error, of_an_image_without_image) {
    EXPECT_EQ(why_refused(send_of(content_type::image)),
              "one of content.image, content.image_url and media must not be empty");
    send_message_request request = send_of(content_type::image);
    request.content->image = "a.jpg";
    EXPECT_EQ(why_refused(request), "");
    request = send_of(content_type::image);
    request.content->image_url = "a.jpg";
    EXPECT_EQ(why_refused(request), "");
    request = send_of(content_type::image);
    request.media->file_key = "a.jpg";
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, of_a_file_without_key) {
    send_message_request request = send_of(content_type::file);
    EXPECT_EQ(why_refused(request), "content.file_url must not be empty");
    request.content->file_url = "a.bin";
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, of_a_form_without_form) {
    send_message_request request = send_of(content_type::form);
    EXPECT_EQ(why_refused(request), "content.form must not be empty");
    request.content->form = "{}";
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, of_a_sticker_without_image_or_ids) {
    const std::string no_ids =
        "content.expression_id must not be empty, or content.sticker_item_id and content.sticker_pack_id must be > 0";
    send_message_request request = send_of(content_type::sticker);
    EXPECT_EQ(why_refused(request), "content.image must not be empty");
    request.content->image = "expression/a.jpg";
    EXPECT_EQ(why_refused(request), no_ids);
    request.content->sticker_item_id = 1;
    EXPECT_EQ(why_refused(request), no_ids);
    request.content->sticker_pack_id = 2;
    EXPECT_EQ(why_refused(request), "");
    request.content->sticker_item_id = 0;
    EXPECT_EQ(why_refused(request), no_ids);
    request.content->expression_id = "3";
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, of_a_video_without_key) {
    send_message_request request = send_of(content_type::video);
    EXPECT_EQ(why_refused(request), "content.video_url must not be empty");
    request.content->video_url = "a.mp4";
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, of_audio_without_key) {
    send_message_request request = send_of(content_type::audio);
    EXPECT_EQ(why_refused(request), "content.audio_url must not be empty");
    request.content->audio_url = "a.m4a";
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, of_article_without_id) {
    send_message_request request = send_of(content_type::article);
    EXPECT_EQ(why_refused(request), "content.post_id must not be empty");
    request.content->post_id = "1";
    EXPECT_EQ(why_refused(request), "");
}

TEST(validation_error, not_of_kinds_without_rules) {
    for (const std::int64_t kind : {-1L, 9L, 12L, 13L, 14L, 15L, 4'000'000'000L}) {
        EXPECT_EQ(why_refused(send_of(content_type{kind})), "") << kind;
    }
}

TEST(validation_error, not_of_an_edit_that_the_server_decides) {
    EXPECT_EQ(why_refused(edit_message_request(group("big"), "id", draft(content_type::text, {}))), "");
    EXPECT_EQ(why_refused(edit_message_request(group("big"), "id", draft(content_type::video, {}))), "");
}

TEST(validation_error, of_content_that_is_not_utf8) {
    send_message_request request(group("big"), text(bad_utf8), "id");
    EXPECT_EQ(why_refused(request), "content.text must be UTF-8");
    request = send_message_request(group("big"), text("a"), "id");
    request.content->tip = bad_utf8;
    EXPECT_EQ(why_refused(request), "content.tip must be UTF-8");
    request.content->tip.clear();
    request.content->mentioned_id = {"1", bad_utf8};
    EXPECT_EQ(why_refused(request), "content.mentioned_id[1] must be UTF-8");
    request.content->mentioned_id.clear();
    request.media->file_suffix = bad_utf8;
    EXPECT_EQ(why_refused(request), "media.file_suffix must be UTF-8");
    EXPECT_EQ(why_refused(edit_message_request(group("big"), "id", text(bad_utf8))), "content.text must be UTF-8");
}

TEST(validation_error, knows_utf8_exactly) {
    const auto refused = [](const std::string& body) {
        return why_refused(send_message_request(user("1"), text(body), "id")) == "content.text must be UTF-8";
    };
    for (const std::string& valid : {"a"s, "\x7f"s, "\xc2\x80"s, "é"s, "云湖"s, "\xef\xbf\xbf"s, "😀"s,
                                     "\xf4\x8f\xbf\xbf"s, "nul \0 inside"s, "\xed\x9f\xbf"s, "\xee\x80\x80"s}) {
        EXPECT_FALSE(refused(valid)) << valid;
    }
    for (const std::string& invalid :
         {"\x80"s, "\xc2"s, "a\xc2"s, "\xc0\x80"s, "\xc1\xbf"s, "\xe0\x80\x80"s, "\xe4\xba"s, "\xed\xa0\x80"s,
          "\xed\xbf\xbf"s, "\xf0\x80\x80\x80"s, "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s, "\xf0\x9f\x98"s, "\xff"s}) {
        EXPECT_TRUE(refused(invalid)) << testing::PrintToString(invalid);
    }
}

TEST(validation_error, does_not_contain_the_value) {
    const std::string value = "s3cret";
    send_message_request request(group("big"), text(value + bad_utf8), "id");
    EXPECT_EQ(why_refused(request).find(value), std::string::npos);
    EXPECT_EQ(why_refused(recall_msg_request(group("big"), value + "\n")).find(value), std::string::npos);
}

} // namespace
} // namespace yunhu::test
