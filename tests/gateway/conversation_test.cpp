// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/bytes.hpp"
#include "gateway/conversation_codec.hpp"
#include "golden_frames.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

// The reply itself is decoded as for every caller: tests/endpoints/lookups_test.cpp.
namespace yunhu::test {
namespace {

using namespace gateway;

conversation listed(chat in, std::uint64_t ms, std::uint64_t seconds) {
    conversation made;
    made.chat_id = std::move(in.id);
    made.chat_type = in.type;
    made.timestamp_ms = ms;
    made.send_timestamp = seconds;
    return made;
}

TEST(conversations, the_time_is_that_in_ms_else_that_in_s) {
    const auto usable = usable_conversations({listed(group("big"), 1'767'225'600'000, 5), listed(group("b"), 0, 5)});
    ASSERT_EQ(usable.size(), 2U);
    EXPECT_EQ(usable[0].chat, group("big"));
    EXPECT_EQ(usable[0].time, 1'767'225'600'000U);
    EXPECT_EQ(usable[1].time, 5'000U);
}

TEST(conversations, entries_that_can_not_be_used) {
    EXPECT_TRUE(usable_conversations({listed(group(""), 1, 1)}).empty()) << "no id";
    EXPECT_TRUE(usable_conversations({listed(chat({}, "b"), 1, 1)}).empty()) << "no type";
    EXPECT_TRUE(usable_conversations({listed(group(std::string(257, 'x')), 1, 1)}).empty()) << "a hostile id";
    EXPECT_EQ(usable_conversations({listed(group(std::string(256, 'x')), 1, 1)}).size(), 1U);
}

TEST(conversations, list_changes) {
    EXPECT_EQ(to_hex(encode_list_changes(group("big"), 1'767'225'600'000, 100)), golden::list_changes);
}

} // namespace
} // namespace yunhu::test
