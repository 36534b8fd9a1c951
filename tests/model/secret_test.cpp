// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/secret.hpp>

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace yunhu::test {
namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
    out << value;
};
static_assert(!printable<secret>);
static_assert(!std::convertible_to<secret, std::string>);
static_assert(!std::convertible_to<secret, std::string_view>);
static_assert(!std::equality_comparable<secret>);

constexpr std::string_view short_token = "t0k3n-abcdef";
constexpr std::string_view long_token = "t0k3n-0123456789-0123456789-abcdef";

TEST(secret, reveals_its_value) {
    EXPECT_TRUE(secret().empty());
    EXPECT_EQ(secret(std::string(long_token)).reveal(), long_token);
    EXPECT_EQ(secret(short_token).reveal(), short_token);
    EXPECT_EQ(secret("abc").reveal(), "abc");
}

TEST(secret, copies_and_moves) {
    for (const std::string_view token : {short_token, long_token}) {
        secret first(token);
        const secret copy(first);
        EXPECT_EQ(copy.reveal(), token);
        secret moved(std::move(first));
        EXPECT_EQ(moved.reveal(), token);
        EXPECT_TRUE(first.empty()); // NOLINT(bugprone-use-after-move): this is the test
        secret assigned("something else that is longer than fifteen");
        assigned = copy;
        EXPECT_EQ(assigned.reveal(), token);
        const secret& same = assigned;
        assigned = same;
        EXPECT_EQ(assigned.reveal(), token);
        secret target;
        target = std::move(moved);
        EXPECT_EQ(target.reveal(), token);
        EXPECT_TRUE(moved.empty()); // NOLINT(bugprone-use-after-move)
    }
}

TEST(secret, wipes_the_string_that_it_is_made_of) {
    for (const std::string_view token : {short_token, long_token}) {
        std::string source(token);
        const char* const memory = source.data();
        const secret value(std::move(source));
        EXPECT_EQ(value.reveal(), token);
        EXPECT_TRUE(source.empty()); // NOLINT(bugprone-use-after-move): this is the test
        EXPECT_EQ(source.data(), memory);
        EXPECT_EQ(std::string_view(memory, token.size()).find_first_not_of('\0'), std::string_view::npos);
    }
}

TEST(secret, does_not_touch_a_string_that_it_copies) {
    const std::string source(long_token);
    const secret value = source;
    EXPECT_EQ(value.reveal(), long_token);
    EXPECT_EQ(source, long_token);
}

} // namespace
} // namespace yunhu::test
