// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/draft.hpp>
#include <yunhu/requests.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace yunhu::test {
namespace {

// A builder must not compile without a field that its kind requires.
template <class Builder, class... Field> constexpr bool builds = std::is_invocable_r_v<draft, Builder, Field...>;
using str = std::string;
using num = std::uint64_t;

static_assert(!builds<decltype(text)> && builds<decltype(text), str>);
static_assert(!builds<decltype(markdown)> && builds<decltype(markdown), str>);
static_assert(!builds<decltype(html)> && builds<decltype(html), str>);
static_assert(!builds<decltype(image)> && builds<decltype(image), str>);
static_assert(!builds<decltype(image_url)> && builds<decltype(image_url), str>);
static_assert(!builds<decltype(file), str> && !builds<decltype(file), str, str>);
static_assert(builds<decltype(file), str, str, num>);
static_assert(!builds<decltype(video)> && builds<decltype(video), str, num>);
static_assert(!builds<decltype(audio), str> && builds<decltype(audio), str, num>);
static_assert(!builds<decltype(personal_sticker), str> && builds<decltype(personal_sticker), str, str>);
static_assert(!builds<decltype(pack_sticker), str, num> && builds<decltype(pack_sticker), str, num, num>);
static_assert(!builds<decltype(article), str, str, str> && builds<decltype(article), str, str, str, article_format>);
static_assert(!builds<decltype(form)> && builds<decltype(form), str>);
static_assert(!builds<decltype(voice_call), str> && builds<decltype(voice_call), str, str>);

// Small enough for several instances in a coroutine's frame.
static_assert(sizeof(draft) < 100);
static_assert(sizeof(send_message_request) < 200);

message received(content_type kind) {
    message m;
    m.msg_id = "q1";
    m.content_type = kind;
    m.sender.name = "Ann";
    return m;
}

TEST(drafts, mention_users_in_order) {
    const std::vector<std::string> more{"3", "4"};
    const draft d = text("hi").mention("1", std::string("2")).mention(more);
    EXPECT_EQ(d.content->mentioned_id, (std::vector<std::string>{"1", "2", "3", "4"}));
}

TEST(drafts, can_be_changed_in_place) {
    draft d = text("hi");
    d.mention("1").command(7).quote_text("q", "Ann", "hello");
    EXPECT_EQ(d, text("hi").mention("1").command(7).quote_text("q", "Ann", "hello"));
    EXPECT_EQ(d.command_id, 7U);
    EXPECT_EQ(d.quote_msg_id, "q");
    EXPECT_EQ(d.content->quote_msg_text, "Ann: hello");
}

TEST(drafts, quote_a_received_message) {
    message m = received(content_type::text);
    m.content->text = "hello";
    EXPECT_EQ(text("a").quote(m), text("a").quote_text("q1", "Ann", "hello"));

    m = received(content_type::file);
    m.content->file_name = "notes.txt";
    EXPECT_EQ(text("a").quote(m), text("a").quote_text("q1", "Ann", "notes.txt"));

    m = received(content_type::article);
    m.content->post_title = "News";
    EXPECT_EQ(text("a").quote(m), text("a").quote_text("q1", "Ann", "News"));

    m = received(content_type::image);
    m.content->image = "folder/a.jpg";
    EXPECT_EQ(text("a").quote(m), text("a").quote_image("q1", "Ann", "folder/a.jpg", "a.jpg"));
    m.content->image_url = "https://x.test/a.jpg";
    EXPECT_EQ(text("a").quote(m), text("a").quote_image("q1", "Ann", "https://x.test/a.jpg", "a.jpg"));

    m = received(content_type::video);
    m.content->video_url = "https://x.test/a.mp4";
    m.content->video_time = 9;
    EXPECT_EQ(text("a").quote(m), text("a").quote_video("q1", "Ann", "https://x.test/a.mp4", 9));
}

TEST(drafts, have_one_quote) {
    EXPECT_EQ(text("a").quote_image("1", "A", "u", "f").quote_video("2", "B", "v", 9).quote_text("3", "C", "c"),
              text("a").quote_text("3", "C", "c"));
}

TEST(drafts, copies_are_deep) {
    const draft one = text("a").mention("1");
    draft two = one;
    two.content->text = "b";
    EXPECT_EQ(one.content->text, "a");
    const draft three = std::move(two);
    EXPECT_EQ(three.content->text, "b");
    EXPECT_EQ(std::as_const(two).content->text, ""); // NOLINT(bugprone-use-after-move): moved from, so empty
    two = one;
    EXPECT_EQ(two, one);
}

TEST(drafts, indirect_values_are_compared_by_value) {
    indirect<content> value;
    EXPECT_FALSE(value);
    EXPECT_EQ(value->text, ""); // created by this access, and still equal to an empty one
    EXPECT_FALSE(value);
    EXPECT_EQ(value, indirect<content>());
    value->text = "a";
    EXPECT_TRUE(value);
    EXPECT_NE(value, indirect<content>());
    value.reset();
    EXPECT_EQ(value, indirect<content>());
}

TEST(edit_keeping_quote, takes_the_quote_of_the_message) {
    message m = received(content_type::text);
    m.quote_msg_id = "q0";
    m.content->text = "old";
    m.content->quote_msg_text = "Bob: hi";
    m.content->quote_image_url = "u";
    m.content->quote_image_name = "n";
    m.content->quote_video_url = "v";
    m.content->quote_video_time = 4;
    const edit_message_request edit = edit_keeping_quote(group("big"), m, text("new").mention("1"));
    EXPECT_EQ(edit.msg_id, "q1");
    EXPECT_EQ(edit.chat, group("big"));
    EXPECT_EQ(edit.quote_msg_id, "q0");
    content meant = *m.content;
    meant.text = "new";
    meant.mentioned_id = {"1"};
    EXPECT_EQ(*edit.content, meant);
}

TEST(edit_keeping_quote, prefers_a_new_quote) {
    message m = received(content_type::text);
    m.quote_msg_id = "q0";
    m.content->quote_msg_text = "Bob: hi";
    const edit_message_request edit = edit_keeping_quote(group("big"), m, text("new").quote_text("q9", "Eve", "x"));
    EXPECT_EQ(edit.quote_msg_id, "q9");
    EXPECT_EQ(edit.content->quote_msg_text, "Eve: x");
}

} // namespace
} // namespace yunhu::test
