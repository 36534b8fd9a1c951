// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/requests.hpp>

#include <gtest/gtest.h>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace yunhu::test {
namespace {

TEST(msg_id, is_a_version_4_uuid_without_dashes) {
    for (int i = 0; i < 1000; ++i) {
        const std::string id = new_msg_id();
        ASSERT_EQ(id.size(), 32U);
        EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
        EXPECT_EQ(id[12], '4') << id;
        EXPECT_NE(std::string("89ab").find(id[16]), std::string::npos) << id;
    }
}

TEST(msg_id, is_unique) {
    std::set<std::string> seen;
    for (int i = 0; i < 100'000; ++i) {
        EXPECT_TRUE(seen.insert(new_msg_id()).second);
    }
}

TEST(msg_id, is_unique_across_threads) {
    constexpr std::size_t per_thread = 25'000;
    std::array<std::vector<std::string>, 4> made;
    {
        std::vector<std::jthread> threads;
        for (std::vector<std::string>& own : made) {
            threads.emplace_back([&own] { std::generate_n(std::back_inserter(own), per_thread, new_msg_id); });
        }
    }
    std::set<std::string> seen;
    for (const std::vector<std::string>& own : made) {
        seen.insert(own.begin(), own.end());
    }
    EXPECT_EQ(seen.size(), made.size() * per_thread);
}

TEST(msg_id, is_unique_across_fork) {
    (void)new_msg_id(); // random bytes are buffered before the fork
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const std::string id = new_msg_id();
        _exit(write(ends[1], id.data(), id.size()) == static_cast<ssize_t>(id.size()) ? 0 : 1);
    }
    std::string of_child(32, ' ');
    ASSERT_EQ(read(ends[0], of_child.data(), of_child.size()), 32);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_NE(new_msg_id(), of_child);
    close(ends[0]);
    close(ends[1]);
}

TEST(msg_id, is_set_with_the_request) {
    const send_message_request first(user("1"), text("a"));
    const send_message_request second;
    EXPECT_EQ(first.msg_id.size(), 32U);
    EXPECT_EQ(second.msg_id.size(), 32U);
    EXPECT_NE(first.msg_id, second.msg_id);
    EXPECT_EQ(send_message_request(first).msg_id, first.msg_id);
    EXPECT_EQ(send_message_request(user("1"), text("a"), "own").msg_id, "own");
}

} // namespace
} // namespace yunhu::test
