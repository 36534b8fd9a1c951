// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_values.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using std::chrono::seconds;
using yunhu::http::parse_keep_alive;
using yunhu::http::parse_retry_after;

namespace {

using wall = std::chrono::system_clock::time_point;

// Sun, 06 Nov 1994 08:49:37 GMT
constexpr wall reference{seconds(784111777)};
constexpr seconds most = std::chrono::hours(366 * 24);

std::optional<seconds> retry_after(std::string_view value, wall now = reference) {
    return parse_retry_after(value, now);
}

} // namespace

TEST(retry_after, case_202_seconds) {
    EXPECT_EQ(retry_after("1"), 1s);
    EXPECT_EQ(retry_after("0"), 0s);
    EXPECT_EQ(retry_after("120"), 120s);
    EXPECT_EQ(retry_after("007"), 7s);
    EXPECT_EQ(retry_after(" \t5 \t"), 5s);
}

TEST(retry_after, case_202_date) {
    EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), 0s);
    EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:40 GMT"), 3s);
    EXPECT_EQ(retry_after("Mon, 07 Nov 1994 08:49:37 GMT"), 24h);
    EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:40 GMT", reference + 2999ms), 1s)
        << "a lower bound is never shortened";
    EXPECT_EQ(retry_after("Sat, 31 Dec 1994 23:59:60 GMT"), retry_after("Sun, 01 Jan 1995 00:00:00 GMT"));
}

TEST(retry_after, case_202_past_date) {
    EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:36 GMT"), 0s);
    EXPECT_EQ(retry_after("Thu, 01 Jan 1970 00:00:00 GMT"), 0s);
    EXPECT_EQ(retry_after("Sat, 01 Jan 0000 00:00:00 GMT"), 0s);
}

TEST(retry_after, case_202_huge) {
    EXPECT_EQ(retry_after("99999999999"), most);
    EXPECT_EQ(retry_after(std::string(1000, '9')), most);
    EXPECT_EQ(retry_after("Fri, 31 Dec 9999 23:59:59 GMT"), most);
    EXPECT_EQ(retry_after("Fri, 31 Dec 9999 23:59:59 GMT", wall::max()), most);
    EXPECT_EQ(retry_after("Fri, 31 Dec 9999 23:59:59 GMT", wall::min()), most);
}

TEST(retry_after, case_202_negative) {
    EXPECT_EQ(retry_after("-1"), std::nullopt);
    EXPECT_EQ(retry_after("-0"), std::nullopt);
}

TEST(retry_after, case_202_invalid) {
    for (const char* const value : {"",
                                    " ",
                                    "soon",
                                    "1.5",
                                    "+1",
                                    "1s",
                                    "1, 2",
                                    "0x10",
                                    "1 2",
                                    "Sun, 06 Nov 1994 08:49:37",
                                    "Sun, 06 Nov 1994 08:49:37 UTC",
                                    "Sun, 6 Nov 1994 08:49:37 GMT",
                                    "Sunday, 06-Nov-94 08:49:37 GMT",
                                    "Sun Nov  6 08:49:37 1994",
                                    "Sun, 32 Nov 1994 08:49:37 GMT",
                                    "Sun, 00 Nov 1994 08:49:37 GMT",
                                    "Sun, 30 Feb 1994 08:49:37 GMT",
                                    "Sun, 06 Nob 1994 08:49:37 GMT",
                                    "Sun, 06 Nov 1994 24:49:37 GMT",
                                    "Sun, 06 Nov 1994 08:60:37 GMT",
                                    "Sun, 06 Nov 1994 08:49:61 GMT",
                                    "Sun, 06 Nov -994 08:49:37 GMT",
                                    "Sun, 06 Nov 1994 08-49-37 GMT",
                                    "Sun, 06 Nov 1994 08:49:37 GMT2"}) {
        EXPECT_EQ(retry_after(value), std::nullopt) << value;
    }
}

TEST(keep_alive, case_091_both_values) {
    const auto hints = parse_keep_alive("timeout=5, max=100");
    EXPECT_EQ(hints.timeout, 5s);
    EXPECT_EQ(hints.max, 100U);
    EXPECT_EQ(parse_keep_alive("max=1,timeout=7").timeout, 7s);
    EXPECT_EQ(parse_keep_alive(" timeout = 3 ").timeout, 3s);
    EXPECT_EQ(parse_keep_alive("x, ,y=1,timeout=4,").timeout, 4s);
}

TEST(keep_alive, case_091_bounds) {
    EXPECT_EQ(parse_keep_alive("timeout=0").timeout, 0s);
    EXPECT_EQ(parse_keep_alive("timeout=99999999999").timeout, most);
    EXPECT_EQ(parse_keep_alive("timeout=" + std::string(500, '9')).timeout, most);
    EXPECT_LE(parse_keep_alive("max=99999999999999999999").max, std::numeric_limits<unsigned>::max());
}

TEST(keep_alive, case_091_invalid_values_are_ignored) {
    for (const char* const value :
         {"", ",", "=", "timeout", "timeout=", "timeout=asd", "timeout=2s", "timeout=-1", "timeout=+1", "timeout=1.5",
          "timeout=\"5\"", "timeoutx=5", "xtimeout=5", "timeout=5;max=2"}) {
        const auto hints = parse_keep_alive(value);
        EXPECT_EQ(hints.timeout, std::nullopt) << value;
        EXPECT_EQ(hints.max, std::nullopt) << value;
    }
}
