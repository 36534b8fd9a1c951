// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/secret.hpp>

#include <gtest/gtest.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
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

constexpr std::string_view short_token = "t0k3n-abcdef";                      // kept inside the string object
constexpr std::string_view long_token = "t0k3n-0123456789-0123456789-abcdef"; // kept on the heap

// Whether the memory of the object itself contains the text.
bool holds(const secret& value, std::string_view text) {
    std::array<char, sizeof(secret)> bytes;
    std::memcpy(bytes.data(), std::addressof(value), sizeof(secret));
    return std::string_view(bytes.data(), bytes.size()).find(text) != std::string_view::npos;
}

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

TEST(secret, leaves_no_copy_when_moved_from) {
    secret first(short_token);
    ASSERT_TRUE(holds(first, short_token)) << "the search must work";
    secret second(std::move(first));
    EXPECT_FALSE(holds(first, short_token)); // NOLINT(bugprone-use-after-move)
    EXPECT_FALSE(holds(first, short_token.substr(1)));
    secret third;
    third = std::move(second);
    EXPECT_FALSE(holds(second, short_token.substr(1))); // NOLINT(bugprone-use-after-move)
}

TEST(secret, leaves_no_copy_when_replaced) {
    secret value(short_token);
    value = secret("x");
    EXPECT_FALSE(holds(value, short_token.substr(2)));
    value = secret(short_token);
    const secret other("y");
    value = other;
    EXPECT_FALSE(holds(value, short_token.substr(2)));
}

TEST(secret, leaves_no_copy_when_destroyed) {
    alignas(secret) std::array<unsigned char, sizeof(secret)> place{};
    std::construct_at(reinterpret_cast<secret*>(place.data()), short_token);
    std::destroy_at(std::launder(reinterpret_cast<secret*>(place.data())));
    const std::string left(place.begin(), place.end());
    EXPECT_EQ(left.find(short_token.substr(1)), std::string::npos);
}

} // namespace
} // namespace yunhu::test
