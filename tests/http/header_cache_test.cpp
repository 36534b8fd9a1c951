// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_cache.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using yunhu::http::size_of_same_head;

namespace {

constexpr std::string_view known =
    "HTTP/1.1 200 OK\r\nDate: Tue, 24\r\nX-Id: 17\r\nContent-Length: 5\r\nA:b\r\n c: d\r\n\r\n";
constexpr std::size_t most = 1024;

std::string with(std::string_view what, std::string_view instead) {
    std::string head(known);
    const std::size_t at = head.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return head.replace(at, what.size(), instead);
}

bool same(const std::string& head) {
    const std::size_t size = size_of_same_head(known, head + "body", most);
    EXPECT_TRUE(size == 0 || size == head.size()) << head;
    return size > 0;
}

} // namespace

TEST(same_head, other_values_of_what_means_nothing) {
    EXPECT_TRUE(same(std::string(known)));
    EXPECT_TRUE(same(with("Tue, 24", "Wed, 25")));
    EXPECT_TRUE(same(with("17", "a longer one, with \"all\" that ~ is plain: ;")));
    EXPECT_TRUE(same(with(" 17", "")));
    EXPECT_TRUE(same(with("A:b", "A:")));
}

TEST(same_head, all_else_is_another_one) {
    EXPECT_FALSE(same(with("200", "201")));
    EXPECT_FALSE(same(with("OK", "ok")));
    EXPECT_FALSE(same(with("Length: 5", "Length: 6")));
    EXPECT_FALSE(same(with("Length: 5", "Length:  5")));
    EXPECT_FALSE(same(with("X-Id", "X-ID"))) << "it might be, but nobody looks";
    EXPECT_FALSE(same(with("X-Id: 17\r\n", "")));
    EXPECT_FALSE(same(with("X-Id: 17\r\n", "X-Id: 17\r\nX-Id: 18\r\n")));
    EXPECT_FALSE(same(with("X-Id: 17", "Connection: close")));
    EXPECT_FALSE(same(with(" c: d", " c: e"))) << "it belongs to the line before";
    EXPECT_FALSE(same(with("17\r\n", "17\r\n folded\r\n")));
}

TEST(same_head, what_a_parser_might_refuse) {
    for (const char* const value : {"1\t7", "1\r7", "1\x7f", "\x01", "\xE4\xBA\x91", "\n"}) {
        EXPECT_FALSE(same(with("17", value))) << value;
    }
    EXPECT_FALSE(same(with("17\r\n", "17\n")));
    EXPECT_FALSE(same(with("17", std::string_view("1\0", 2))));
}

TEST(same_head, fields_that_matter_are_compared_whole) {
    for (const char* const name : {"Connection", "Keep-Alive", "Transfer-Encoding", "Content-Encoding", "Retry-After",
                                   "Upgrade", "Proxy-Connection", "content-length", "Trailer"}) {
        const std::string one = with("X-Id: 17", std::string(name) + ": 1");
        const std::string other = with("X-Id: 17", std::string(name) + ": 2");
        EXPECT_EQ(size_of_same_head(one, one, most), one.size()) << name;
        EXPECT_EQ(size_of_same_head(one, other, most), 0U) << name;
    }
}

TEST(same_head, not_all_there_or_too_large) {
    const std::string other = with("17", "18");
    for (const std::string_view head : {known, std::string_view(other)}) {
        for (std::size_t size = 0; size < head.size(); ++size) {
            EXPECT_EQ(size_of_same_head(known, head.substr(0, size), most), 0U) << size;
            EXPECT_EQ(size_of_same_head(known, head, size), 0U) << size;
        }
        EXPECT_EQ(size_of_same_head(known, head, head.size()), head.size());
    }
    EXPECT_EQ(size_of_same_head("", known, most), 0U);
}
