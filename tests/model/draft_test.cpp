// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/draft.hpp>

#include "endpoints/codec.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace yunhu::test {
namespace {

TEST(draft, sets_kind_and_field) {
    EXPECT_EQ(text("a").type, content_type::text);
    EXPECT_EQ(text("a").content->text, "a");
    EXPECT_EQ(markdown("*a*").type, content_type::markdown);
    EXPECT_EQ(markdown("*a*").content->text, "*a*");
    EXPECT_EQ(html("<b>").type, content_type::html);
    EXPECT_EQ(html("<b>").content->text, "<b>");
    EXPECT_EQ(image("a.jpg").type, content_type::image);
    EXPECT_EQ(image("a.jpg").content->image, "a.jpg");
    EXPECT_EQ(file("k.bin", "n.bin", 7).type, content_type::file);
    EXPECT_EQ(file("k.bin", "n.bin", 7).content->file_url, "k.bin");
    EXPECT_EQ(file("k.bin", "n.bin", 7).content->file_name, "n.bin");
    EXPECT_EQ(file("k.bin", "n.bin", 7).content->file_size, 7U);
    EXPECT_EQ(video("v.mp4").type, content_type::video);
    EXPECT_EQ(video("v.mp4").content->video_url, "v.mp4");
    EXPECT_EQ(audio("a.m4a", 9).type, content_type::audio);
    EXPECT_EQ(audio("a.m4a", 9).content->audio_url, "a.m4a");
    EXPECT_EQ(audio("a.m4a", 9).content->audio_time, 9U);
    EXPECT_EQ(form("{}").type, content_type::form);
    EXPECT_EQ(form("{}").content->form, "{}");
}

TEST(draft, has_the_fields_that_its_kind_requires) {
    const std::vector<draft> drafts{text("a"),        markdown("a"), html("a"),     image("a"),
                                    file("a", "", 1), video("a"),    audio("a", 1), form("{}")};
    for (const draft& made : drafts) {
        EXPECT_TRUE(codec::encode(send_message_request(user("1"), made))) << static_cast<std::uint64_t>(made.type);
        EXPECT_FALSE(made.media);
        EXPECT_EQ(made.command_id, 0U);
        EXPECT_EQ(made.quote_msg_id, "");
    }
}

} // namespace
} // namespace yunhu::test
