// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/chat_hash.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace yunhu::test {
namespace {

// From the reference implementation (vectors_sip64): the key is 00 to 0f, the n-th text 00 to n - 1.
TEST(chat_hash, siphash_of_the_reference) {
    constexpr detail::hash_key key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};
    struct vector {
        std::size_t size;
        std::uint64_t hash;
    };
    constexpr std::array<vector, 4> known{
        {{0, 0x726fdb47dd0e0e31U}, {1, 0x74f839c593dc67fdU}, {8, 0x93f5f5799a932462U}, {15, 0xa129ca6149be45e5U}}};
    for (const vector& each : known) {
        std::string text;
        for (std::size_t i = 0; i < each.size; ++i) {
            text += static_cast<char>(i);
        }
        EXPECT_EQ(detail::siphash(key, text), each.hash) << each.size;
    }
}

TEST(chat_hash, depends_on_key_type_and_id) {
    constexpr detail::hash_key key{1, 2};
    const detail::chat_hash hash(key);
    const std::set<std::uint64_t> different{hash(group("a")), hash(user("a")), hash(group("b")), hash(group("")),
                                            detail::chat_hash(detail::hash_key{1, 3})(group("a"))};
    EXPECT_EQ(different.size(), 5U);
    EXPECT_EQ(hash(group("a")), detail::chat_hash(key)(group("a")));
}

// A chat whose hash equals another one's can't be prepared: the hash is another one in each broadcast.
TEST(chat_hash, has_a_key_of_its_own) {
    EXPECT_NE(detail::chat_hash()(group("a")), detail::chat_hash()(group("a")));
}

} // namespace
} // namespace yunhu::test
