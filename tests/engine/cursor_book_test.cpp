// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/cursor_book.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace yunhu::engine {
namespace {

queued_event at(const chat& in, std::uint64_t seq, std::uint64_t time) {
    message_event m;
    m.chat = in;
    return {event(std::move(m)), {seq, time}};
}

TEST(cursor_book, an_acknowledged_event_moves_its_chat) {
    cursor_book book({}, 10);
    EXPECT_FALSE(book.changed());
    book.acknowledge(at(group("big"), 7, 70));
    EXPECT_TRUE(book.changed());
    EXPECT_EQ(book.snapshot().chats, std::vector<chat_cursor>{chat_cursor(group("big"), 7, 70)});
    EXPECT_FALSE(book.changed());
    book.acknowledge(at(group("big"), 7, 70));
    EXPECT_FALSE(book.changed()) << "nothing new to save";
    book.acknowledge(at(group("big"), 8, 60));
    EXPECT_EQ(book.snapshot().chats, std::vector<chat_cursor>{chat_cursor(group("big"), 8, 70)}) << "never back";
}

TEST(cursor_book, chats_of_different_types_may_share_an_id) {
    cursor_book book({}, 10);
    book.acknowledge(at(group("1"), 7, 70));
    book.acknowledge(at(user("1"), 3, 30));
    EXPECT_EQ(book.snapshot().chats.size(), 2U);
}

TEST(cursor_book, events_without_a_position_move_nothing) {
    cursor_book book({}, 10);
    book.acknowledge(at(group("big"), 0, 70));
    book.acknowledge({event(session_event()), {5, 5}});
    EXPECT_FALSE(book.changed());
    EXPECT_TRUE(book.snapshot().chats.empty());
}

TEST(cursor_book, it_goes_on_from_what_was_saved) {
    cursor_book book({}, 10);
    book.start_at(0);
    EXPECT_FALSE(book.changed()) << "not known yet";
    book.start_at(5);
    book.start_at(9);
    book.acknowledge(at(group("big"), 7, 70));
    const inbox_cursors saved = book.snapshot();
    EXPECT_EQ(saved.since, 5U) << "the first start";
    EXPECT_EQ(cursor_book(saved, 10).snapshot(), saved);
}

TEST(cursor_book, the_quiet_chats_lose_their_cursor) {
    cursor_book book({}, 100);
    book.start_at(1);
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        book.acknowledge(at(group(std::to_string(i)), 1, 1'000 + i));
    }
    const inbox_cursors saved = book.snapshot();
    EXPECT_LE(saved.chats.size(), 100U);
    EXPECT_GE(saved.chats.size(), 80U);
    for (const chat_cursor& c : saved.chats) {
        EXPECT_GT(c.time, saved.since) << "the others have no message after it";
    }
    EXPECT_GE(saved.since, 1'899U);
}

} // namespace
} // namespace yunhu::engine
