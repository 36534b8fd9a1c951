// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The state without a server; the test supplies the time.

#include "testing/state.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

constexpr account_index me = 0;

wire::SendMessageRequest text_to(const chat& to, const std::string& msg_id) {
    wire::SendMessageRequest request;
    request.set_chat_id(to.id);
    request.set_chat_type(static_cast<std::uint64_t>(to.type));
    request.set_msg_id(msg_id);
    request.set_content_type(1);
    request.mutable_content()->set_text("hi");
    return request;
}

TEST(state, times_are_those_of_the_caller) {
    state s(1);
    s.people().add(account("me", "Me", "token"));
    const chat big = group("big");
    bool duplicate = false;
    ASSERT_EQ(s.send(me, text_to(big, "a"), 100, duplicate).code, 1);
    ASSERT_EQ(s.edit(me, text_to(big, "a"), 200).code, 1);
    ASSERT_EQ(s.edit(me, text_to(big, "a"), 300).code, 1);
    const std::string id = "a";
    const std::string* const a = &id;
    ASSERT_EQ(s.recall(me, big, {&a, 1}, 400).code, 1);
    const wire::Message& stored = s.all(me, big).at(0)->message;
    EXPECT_EQ(stored.send_time(), 100U);
    EXPECT_EQ(stored.edit_time(), 300U);
    EXPECT_EQ(stored.msg_delete_time(), 400U);
    const edit_listing edits = s.edits(me, "a", 10, 1);
    ASSERT_EQ(edits.records.size(), 2U);
    EXPECT_EQ(edits.records[0]->edit_time, 300U);
    EXPECT_EQ(edits.records[1]->edit_time, 200U);
    EXPECT_EQ(edits.records[1]->create_time, 100U);
    EXPECT_GT(edits.records[0]->id, edits.records[1]->id);
}

TEST(state, the_same_seed_generates_the_same_ids) {
    state one(7);
    one.people().add(account("me", "Me", "token"));
    state same(7);
    same.people().add(account("me", "Me", "token"));
    state other(8);
    other.people().add(account("me", "Me", "token"));
    const std::string id = one.deliver(me, group("big"), {}, 1).message.msg_id();
    EXPECT_EQ(same.deliver(me, group("big"), {}, 1).message.msg_id(), id);
    EXPECT_NE(other.deliver(me, group("big"), {}, 1).message.msg_id(), id);
    EXPECT_NE(one.deliver(me, group("big"), {}, 1).message.msg_id(), id);
    EXPECT_EQ(id[12], '4'); // version 4
    EXPECT_NE(std::string("89ab").find(id[16]), std::string::npos);
}

TEST(state, a_long_chat_can_be_read_to_its_first_message) {
    constexpr std::uint64_t size = 100'000;
    state s(1);
    s.people().add(account("me", "Me", "token"));
    const chat big = group("big");
    for (std::uint64_t i = 1; i <= size; ++i) {
        wire::Message m;
        m.set_msg_id(std::to_string(i));
        s.deliver(me, big, std::move(m), 1);
    }
    std::string cursor = std::to_string(size);
    std::uint64_t seen = 0;
    for (int page = 0; page < 10'000; ++page) {
        const listing got = s.before(me, big, cursor, 10);
        ASSERT_FALSE(got.messages.empty());
        seen += got.messages.size();
        cursor = got.messages.back()->message.msg_id();
    }
    EXPECT_EQ(seen, size - 1);
    EXPECT_EQ(cursor, "1");
}

TEST(state, forwarding_into_the_same_chat_works) {
    state s(1);
    s.people().add(account("me", "Me", "token"));
    const chat big = group("big");
    bool duplicate = false;
    ASSERT_EQ(s.send(me, text_to(big, "a"), 100, duplicate).code, 1);
    const std::vector<chat> receive(100, big);
    ASSERT_EQ(s.forward(me, chat_type::group, "a", receive, 200).code, 1);
    ASSERT_EQ(s.all(me, big).size(), 101U);
    EXPECT_EQ(s.all(me, big).back()->message.content().text(), "hi");
    EXPECT_EQ(s.all(me, big).back()->message.msg_seq(), 101U);
}

} // namespace
} // namespace testing::detail
YUNHU_NAMESPACE_END
