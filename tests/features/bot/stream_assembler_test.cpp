// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/stream_assembler.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace yunhu::engine {
namespace {

using namespace std::chrono_literals;

message_event first_part(const std::string& id, const std::string& text) {
    message_event made;
    made.chat = group("big");
    made.message.msg_id = id;
    made.message.content->text = text;
    return made;
}

stream_event delta(const std::string& id, const std::string& text) {
    stream_event made;
    made.msg_id = id;
    made.text = text;
    return made;
}

TEST(stream_assembler, a_message_is_whole_after_a_silence) {
    stream_assembler streams(100ms);
    time_point now{};
    EXPECT_FALSE(streams.append(delta("m", "early"), now));
    streams.begin(7, first_part("m", "a"), now);
    EXPECT_EQ(streams.due(), now + 100ms);
    now += 99ms;
    EXPECT_TRUE(streams.append(delta("m", "b"), now));
    now += 99ms;
    EXPECT_FALSE(streams.take(now)) << "the silence begins anew with each part";
    EXPECT_TRUE(streams.append(delta("m", "c"), now));
    now += 100ms;
    const auto whole = streams.take(now);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->event, 7U);
    EXPECT_EQ(whole->message.message.content->text, "abc");
    EXPECT_EQ(whole->message.chat, group("big"));
    EXPECT_FALSE(streams.take(now));
    EXPECT_FALSE(streams.append(delta("m", "late"), now));
    EXPECT_FALSE(streams.due());
}

TEST(stream_assembler, streams_do_not_mix_and_an_edit_replaces_the_text) {
    stream_assembler streams(100ms);
    time_point now{};
    streams.begin(1, first_part("m", "a"), now);
    streams.begin(2, first_part("n", "x"), now + 1ms);
    edit_event edit;
    edit.message.msg_id = "m";
    edit.message.content->text = "new";
    edit.message.edit_time = 5;
    streams.replace(edit, now + 2ms);
    streams.append(delta("n", "y"), now + 3ms);
    now += 200ms;
    const auto first = streams.take(now);
    const auto second = streams.take(now);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->message.message.content->text, "new");
    EXPECT_EQ(first->message.message.edit_time, 5U);
    EXPECT_EQ(second->message.message.content->text, "xy");
    EXPECT_EQ(streams.size(), 0U);
}

} // namespace
} // namespace yunhu::engine
