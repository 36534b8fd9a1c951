// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/speaker.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace yunhu::engine {
namespace {

constexpr std::string_view own = "1234567";

sender from(std::string id, chat_type type = chat_type::user) {
    sender made;
    made.chat_id = std::move(id);
    made.chat_type = type;
    return made;
}

gateway::pushed_message pushed(chat in, std::string recv_id, sender by) {
    gateway::pushed_message made;
    made.message.msg_id = "m";
    made.message.sender = std::move(by);
    made.chat = std::move(in);
    made.recv_id = std::move(recv_id);
    return made;
}

struct row {
    const char* name;
    gateway::pushed_message push;
    chat expected;
    bool own_message;
};

TEST(speaker, chat_and_author_of_a_push) {
    const chat unknown(chat_type{}, "big");
    const std::string me(own);
    const std::vector<row> table{
        {"a group", pushed(group("big"), me, from("7654321")), group("big"), false},
        {"own echo in a group", pushed(group("big"), me, from(me)), group("big"), true},
        {"a bot in a group", pushed(group("big"), me, from("99", chat_type::bot)), group("big"), false},
        {"a bot whose id is that of the account", pushed(group("big"), me, from(me, chat_type::bot)), group("big"),
         false},
        {"a bot's own answer", pushed(bot_chat("99"), me, from("99", chat_type::bot)), bot_chat("99"), false},
        {"own echo in the chat with a bot", pushed(bot_chat("99"), me, from(me)), bot_chat("99"), true},
        {"a private message", pushed(user(me), me, from("7654321")), user("7654321"), false},
        {"a private message with the peer as chat", pushed(user("7654321"), me, from("7654321")), user("7654321"),
         false},
        {"private own echo, the peer in chat_id", pushed(user("7654321"), me, from(me)), user("7654321"), true},
        {"private own echo, the peer in recv_id", pushed(user(me), "7654321", from(me)), user("7654321"), true},
        {"private own echo without chat_id", pushed(user(""), "7654321", from(me)), user("7654321"), true},
        {"notes to oneself", pushed(user(me), me, from(me)), user(me), true},
        {"a private message without sender", pushed(user("7654321"), me, from("")), user("7654321"), false},
        {"a private message with nothing known", pushed(user(""), "", from("")), user(me), false},
        {"a recall of the peer", pushed(user(me), me, from("7654321")), user("7654321"), false},
        {"an own recall in a private chat", pushed(user("7654321"), me, from(me)), user("7654321"), true},
        {"an edit: neither sender nor type", pushed(unknown, "big", from("")), unknown, false},
        {"a sender without a type", pushed(group("big"), me, from(me, chat_type{})), group("big"), true},
    };
    for (const row& r : table) {
        EXPECT_EQ(chat_of_push(r.push, own), r.expected) << r.name;
        EXPECT_EQ(is_own(r.push.message.sender, own, r.push.recv_id), r.own_message) << r.name;
    }
}

TEST(speaker, the_receiver_decides_without_an_own_id) {
    EXPECT_TRUE(is_own(from("1"), "", "1"));
    EXPECT_FALSE(is_own(from("2"), "", "1"));
    EXPECT_FALSE(is_own(from(""), "", ""));
    EXPECT_FALSE(is_own(from("2"), "1", "2")) << "the own id counts more";
}

TEST(speaker, bots) {
    EXPECT_TRUE(is_bot(from("99", chat_type::bot)));
    EXPECT_FALSE(is_bot(from("99", chat_type::user)));
    EXPECT_FALSE(is_bot(sender()));
}

TEST(speaker, chat_of_a_delta) {
    gateway::pushed_delta d;
    d.recv_id = "big";
    d.chat_id = "big";
    EXPECT_EQ(chat_of_delta(d, own), chat(chat_type{}, "big"));
    d.recv_id = own;
    d.chat_id = "99";
    EXPECT_EQ(chat_of_delta(d, own), chat(chat_type{}, "99")) << "a bot's chat";
    d.chat_id = "";
    d.recv_id = "big";
    EXPECT_EQ(chat_of_delta(d, own), chat(chat_type{}, "big"));
}

} // namespace
} // namespace yunhu::engine
