// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/client.hpp>
#include <yunhu/view.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// Builder -> wire -> emulator -> list response -> typed view, for every kind of content.
namespace yunhu::test {
namespace {

struct kind_case {
    std::string name;
    draft made;
    std::function<void(const message_view&)> expect;
};

template <class View> std::function<void(const message_view&)> is(std::function<void(const View&)> holds) {
    return [holds](const message_view& seen) {
        ASSERT_TRUE(std::holds_alternative<View>(seen)) << "alternative " << seen.index();
        holds(std::get<View>(seen));
    };
}

template <class View> std::function<void(const message_view&)> has_text(const std::string& text) {
    return is<View>([text](const View& v) { EXPECT_EQ(v.text, text); });
}

std::vector<kind_case> kinds() {
    draft tip(content_type::tip, {});
    tip.content->tip = "Ann joined";
    draft unknown(content_type{99}, {});
    unknown.content->text = "from the future";
    return {
        {"text", text("hi 云湖"), has_text<text_view>("hi 云湖")},
        {"markdown", markdown("*hi*"), has_text<markdown_view>("*hi*")},
        {"html", html("<b>hi</b>"), has_text<html_view>("<b>hi</b>")},
        {"image", image("a.jpg"), is<image_view>([](const image_view& v) {
             EXPECT_EQ(v.key, "a.jpg");
             EXPECT_EQ(v.url, "https://chat-img.jwznb.com/a.jpg");
         })},
        {"image_by_url", image_url("https://x.test/a.jpg"), is<image_view>([](const image_view& v) {
             EXPECT_EQ(v.key, "");
             EXPECT_EQ(v.url, "https://x.test/a.jpg");
         })},
        {"file", file("k.bin", "notes.txt", 7), is<file_view>([](const file_view& v) {
             EXPECT_EQ(v.url, "k.bin");
             EXPECT_EQ(v.name, "notes.txt");
             EXPECT_EQ(v.size, 7U);
         })},
        {"video", video("v.mp4", 61), is<video_view>([](const video_view& v) {
             EXPECT_EQ(v.url, "v.mp4");
             EXPECT_EQ(v.seconds, 61U);
         })},
        {"audio", audio("a.m4a", 9), is<audio_view>([](const audio_view& v) {
             EXPECT_EQ(v.url, "a.m4a");
             EXPECT_EQ(v.seconds, 9U);
         })},
        {"personal_sticker", personal_sticker("expression/a.jpg", "77"),
         is<personal_sticker_view>([](const personal_sticker_view& v) {
             EXPECT_EQ(v.image, "expression/a.jpg");
             EXPECT_EQ(v.expression_id, "77");
         })},
        {"pack_sticker", pack_sticker("sticker/a.jpg", 5, 6), is<pack_sticker_view>([](const pack_sticker_view& v) {
             EXPECT_EQ(v.image, "sticker/a.jpg");
             EXPECT_EQ(v.item_id, 5U);
             EXPECT_EQ(v.pack_id, 6U);
         })},
        {"article", article("12", "News", "# all", article_format::markdown),
         is<article_view>([](const article_view& v) {
             EXPECT_EQ(v.id, "12");
             EXPECT_EQ(v.title, "News");
             EXPECT_EQ(v.body, "# all");
             EXPECT_EQ(v.format, article_format::markdown);
         })},
        {"plain_article", article("12", "News", "all", article_format::text),
         is<article_view>([](const article_view& v) { EXPECT_EQ(v.format, article_format::text); })},
        {"form", form(R"({"1":{"value":"a"}})"),
         is<form_view>([](const form_view& v) { EXPECT_EQ(v.json, R"({"1":{"value":"a"}})"); })},
        {"voice_call", voice_call("Room", "2 minutes"), is<voice_call_view>([](const voice_call_view& v) {
             EXPECT_EQ(v.room_name, "Room");
             EXPECT_EQ(v.status_text, "2 minutes");
         })},
        {"tip", tip, has_text<tip_view>("Ann joined")},
        {"unknown", unknown, is<raw_view>([](const raw_view& v) {
             EXPECT_EQ(v.type, content_type{99});
             EXPECT_EQ(v.fields->text, "from the future");
         })},
    };
}

class round_trip : public ::testing::Test {
protected:
    asio::awaitable<message> newest(client& by) {
        auto page = co_await by.list_message({group("big"), 1});
        co_return std::move(page.messages.at(0));
    }

    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};
};

class round_trip_of : public round_trip, public ::testing::WithParamInterface<kind_case> {};

TEST_P(round_trip_of, keeps_all) {
    draft made = GetParam().made;
    made.mention("1", "2").buttons(row(report_button("Yes", "\"y\""))).command(9007199254740993U);
    std::optional<message> seen;
    run(context, [&]() -> asio::awaitable<void> {
        co_await bot.send_message({group("big"), made});
        seen = co_await newest(bot);
    });
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->content_type, made.type);
    content expected = *made.content;
    if (made.type == content_type::image && expected.image_url.empty()) { // the service adds the URL of a key
        expected.image_url = "https://chat-img.jwznb.com/" + expected.image;
    }
    EXPECT_EQ(seen->content, expected);
    GetParam().expect(view(*seen));
    EXPECT_EQ(buttons_of(*seen), std::vector{row(report_button("Yes", "\"y\""))});
    ASSERT_TRUE(seen->cmd);
    EXPECT_EQ(seen->cmd->cmd_id, 9007199254740993U);
    EXPECT_FALSE(quote_of(*seen));
    EXPECT_FALSE(edited(*seen));
    EXPECT_FALSE(recalled(*seen));
}

INSTANTIATE_TEST_SUITE_P(kinds, round_trip_of, ::testing::ValuesIn(kinds()),
                         [](const auto& param) { return param.param.name; });

// The forms of the documentation, inside a co_await expression: GCC 12 must destroy each temporary once (under ASan).
TEST_F(round_trip, of_everything_in_one_expression) {
    std::optional<message> first;
    std::optional<message> response;
    run(context, [&]() -> asio::awaitable<void> {
        co_await bot.send_message({group("big"), image("folder/a.jpg").mention("a user whose id is not short at all")});
        first = co_await newest(bot);
        co_await bot.send_message(
            {group("big"), text("a text that is longer than any small buffer")
                               .mention("1", "a user whose id is not short at all")
                               .quote(*first)
                               .buttons(row(url_button("Open it in the browser", "https://x.test/a/long/path"),
                                            copy_button("Copy", "a value that is not short at all")),
                                        row(report_button("Report", "yes")))
                               .command(7)});
        response = co_await newest(bot);
    });
    ASSERT_TRUE(first && response);
    EXPECT_EQ(response->content->mentioned_id, (std::vector<std::string>{"1", "a user whose id is not short at all"}));
    const auto quote = quote_of(*response);
    ASSERT_TRUE(quote);
    EXPECT_EQ(quote->msg_id, first->msg_id);
    EXPECT_EQ(quote->text, first->sender.name + ": ");
    EXPECT_EQ(quote->image_url, "https://chat-img.jwznb.com/folder/a.jpg");
    EXPECT_EQ(quote->image_name, "a.jpg");
    const auto rows = buttons_of(*response);
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ(rows->at(0).buttons.at(0).url, "https://x.test/a/long/path");
    EXPECT_EQ(rows->at(1), row(report_button("Report", "yes")));
}

TEST_F(round_trip, of_an_edit_keeps_the_quote) {
    std::optional<message> seen;
    run(context, [&]() -> asio::awaitable<void> {
        auto quoted = co_await bot.send_message({group("big"), video("a.mp4", 5)});
        co_await bot.send_message({group("big"), text("befor").quote_video(quoted.msg_id, "Ann", "a.mp4", 5)});
        auto sent = co_await newest(bot);
        co_await bot.edit_message(edit_keeping_quote(group("big"), sent, markdown("*before*").mention("1")));
        seen = co_await newest(bot);
    });
    ASSERT_TRUE(seen);
    EXPECT_TRUE(edited(*seen));
    EXPECT_EQ(std::get<markdown_view>(view(*seen)).text, "*before*");
    const auto quote = quote_of(*seen);
    ASSERT_TRUE(quote);
    EXPECT_NE(quote->msg_id, "");
    EXPECT_EQ(quote->text, "Ann: ");
    EXPECT_EQ(quote->video_url, "a.mp4");
    EXPECT_EQ(quote->video_seconds, 5U);
}

TEST_F(round_trip, of_a_recall_is_visible) {
    std::optional<message> seen;
    run(context, [&]() -> asio::awaitable<void> {
        auto sent = co_await bot.send_message({group("big"), text("oops")});
        co_await bot.recall_msg({group("big"), sent.msg_id});
        seen = co_await newest(bot);
    });
    ASSERT_TRUE(seen);
    EXPECT_TRUE(recalled(*seen));
}

TEST_F(round_trip, refuses_an_empty_field_before_any_io) {
    const std::vector<std::pair<draft, std::string>> bad{
        {text(""), "content.text must not be empty"},
        {markdown(""), "content.text must not be empty"},
        {html(""), "content.text must not be empty"},
        {image(""), "one of content.image, content.image_url and media must not be empty"},
        {image_url(""), "one of content.image, content.image_url and media must not be empty"},
        {file("", "n", 1), "content.file_url must not be empty"},
        {video(""), "content.video_url must not be empty"},
        {audio("", 1), "content.audio_url must not be empty"},
        {personal_sticker("", "1"), "content.image must not be empty"},
        {personal_sticker("a", ""),
         "content.expression_id must not be empty, or content.sticker_item_id and content.sticker_pack_id must be > 0"},
        {pack_sticker("", 1, 2), "content.image must not be empty"},
        {pack_sticker("a", 0, 2),
         "content.expression_id must not be empty, or content.sticker_item_id and content.sticker_pack_id must be > 0"},
        {article("", "t", "b", article_format::text), "content.post_id must not be empty"},
        {form(""), "content.form must not be empty"},
    };
    run(context, [&]() -> asio::awaitable<void> {
        for (const auto& [made, why] : bad) {
            auto sent = co_await bot.send_message({group("big"), made}, as_result);
            EXPECT_FALSE(sent);
            EXPECT_EQ(sent.error().code, errc::invalid_request);
            EXPECT_EQ(sent.error().detail, why);
            EXPECT_EQ(sent.error().delivery, delivery::not_sent);
        }
    });
    EXPECT_EQ(server.connections_accepted(), 0U);
}

} // namespace
} // namespace yunhu::test
