// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/event_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace yunhu::engine {
namespace {

TEST(seen_messages, the_one_used_least_recently_is_forgotten) {
    seen_messages seen(3);
    for (const char* const id : {"a", "b", "c"}) {
        seen.at(id).delivered = true;
    }
    ASSERT_NE(seen.find("a"), nullptr); // used
    seen.at("d").delivered = true;
    EXPECT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen.find("b"), nullptr);
    EXPECT_NE(seen.find("a"), nullptr);
    EXPECT_NE(seen.find("c"), nullptr);
    EXPECT_FALSE(seen.at("b").delivered) << "a new entry";
}

TEST(seen_messages, many_of_them_are_bounded) {
    seen_messages seen(100);
    for (int i = 0; i < 10'000; ++i) {
        seen.at("message-" + std::to_string(i)).delivered = true;
        ASSERT_LE(seen.size(), 100U);
    }
    EXPECT_NE(seen.find("message-9900"), nullptr);
    EXPECT_EQ(seen.find("message-9899"), nullptr);
}

TEST(seen_messages, a_very_long_id_is_not_kept) {
    seen_messages seen(10);
    seen.at(std::string(1'000'000, 'x')).own = true;
    ASSERT_NE(seen.find(std::string(1'000'000, 'x')), nullptr);
    EXPECT_TRUE(seen.find(std::string(256, 'x'))->own) << "its first part is";
}

message text(std::string id) {
    message made;
    made.msg_id = std::move(id);
    return made;
}

TEST(event_queue, a_listed_recall_keeps_its_author) {
    event_queue queue("1", 10, 10);
    message m = text("m");
    m.sender.chat_id = "7";
    m.msg_delete_time = 5;
    queue.add_listed_change(group("big"), message(m), {});
    queue.add_listed_change(group("big"), message(m), {});
    ASSERT_EQ(queue.size(), 1U);
    const auto e = std::get<recall_event>(queue.take().value);
    EXPECT_EQ(e.message.sender.chat_id, "7");
    EXPECT_FALSE(e.recalled_by);
}

TEST(event_queue, an_edit_without_a_time_is_delivered) {
    event_queue queue("1", 10, 10);
    gateway::pushed_message edit;
    edit.what = gateway::pushed_message::kind::edit;
    edit.message = text("m");
    queue.add_change(group("big"), gateway::pushed_message(edit), {});
    queue.add_change(group("big"), gateway::pushed_message(edit), {});
    EXPECT_EQ(queue.size(), 2U) << "nothing tells one from the other";
}

TEST(event_queue, own_messages) {
    event_queue queue("1", 10, 10);
    queue.register_own("registered");
    message by_direction = text("direction");
    by_direction.direction = "right";
    message by_sender = text("sender");
    by_sender.sender.chat_id = "1";
    message by_bot = by_sender;
    by_bot.msg_id = "bot";
    by_bot.sender.chat_type = chat_type::bot;
    for (const message& m : {text("registered"), by_direction, by_sender, by_bot, text("other")}) {
        queue.add_message(group("big"), message(m), {});
    }
    for (const bool own : {true, true, true, false, false}) {
        const auto e = std::get<message_event>(queue.take().value);
        EXPECT_EQ(e.own, own) << e.message.msg_id;
        EXPECT_EQ(e.message.direction, own ? "right" : "left");
    }
}

} // namespace
} // namespace yunhu::engine
