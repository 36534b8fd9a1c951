// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include <gtest/gtest.h>

namespace yunhu::test {
namespace {

TEST(history_cursor, is_the_same_after_a_round_trip_through_text) {
    for (const history_cursor& each : {history_cursor(), history_cursor(1, "a"), history_cursor(4711, ""),
                                       history_cursor(~std::uint64_t{0}, "id:with:colons")}) {
        EXPECT_EQ(history_cursor::from_string(to_string(each)), each);
    }
    EXPECT_EQ(to_string(history_cursor(4711, "94dd")), "4711:94dd");
    EXPECT_EQ(to_string(history_cursor()), "");
}

TEST(history_cursor, other_text_is_no_cursor) {
    for (const char* text : {":", "a", "1", "0:a", "-1:a", " 1:a", "1 :a", "99999999999999999999999:a", "a:1"}) {
        EXPECT_FALSE(history_cursor::from_string(text)) << text;
    }
}

} // namespace
} // namespace yunhu::test
