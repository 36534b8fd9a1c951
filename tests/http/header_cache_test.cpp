// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_cache.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using yunhu::http::header_cache;
using yunhu::http::response;

namespace {

constexpr std::string_view stored =
    "HTTP/1.1 200 OK\r\nDate: Tue, 24\r\nX-Id: 17\r\nContent-Length: 5\r\nA:b\r\n c: d\r\n\r\n";
constexpr std::size_t header_limit = 1024;

std::string with(std::string_view from, std::string_view to) {
    std::string header(stored);
    const std::size_t at = header.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return header.replace(at, from.size(), to);
}

std::size_t hit(std::string_view cached, std::string_view bytes, std::size_t limit) {
    header_cache cache(limit);
    cache.store(cached, 5, response());
    return cache.hit(bytes);
}

bool hits(const std::string& header) {
    const std::size_t size = hit(stored, header + "body", header_limit);
    EXPECT_TRUE(size == 0 || size == header.size()) << header;
    return size > 0;
}

} // namespace

TEST(header_cache, ignorable_fields_may_differ) {
    EXPECT_TRUE(hits(std::string(stored)));
    EXPECT_TRUE(hits(with("Tue, 24", "Wed, 25")));
    EXPECT_TRUE(hits(with("17", "a longer one, with \"all\" that ~ is plain: ;")));
    EXPECT_TRUE(hits(with(" 17", "")));
    EXPECT_TRUE(hits(with("A:b", "A:")));
}

TEST(header_cache, any_other_difference_is_a_miss) {
    EXPECT_FALSE(hits(with("200", "201")));
    EXPECT_FALSE(hits(with("OK", "ok")));
    EXPECT_FALSE(hits(with("Length: 5", "Length: 6")));
    EXPECT_FALSE(hits(with("Length: 5", "Length:  5")));
    EXPECT_FALSE(hits(with("X-Id", "X-ID"))) << "equivalent, but names are compared exactly";
    EXPECT_FALSE(hits(with("X-Id: 17\r\n", "")));
    EXPECT_FALSE(hits(with("X-Id: 17\r\n", "X-Id: 17\r\nX-Id: 18\r\n")));
    EXPECT_FALSE(hits(with("X-Id: 17", "Connection: close")));
    EXPECT_FALSE(hits(with(" c: d", " c: e"))) << "an obs-fold continues the previous line";
    EXPECT_FALSE(hits(with("17\r\n", "17\r\n folded\r\n")));
}

TEST(header_cache, values_that_a_parser_may_refuse_are_misses) {
    for (const char* const value : {"1\t7", "1\r7", "1\x7f", "\x01", "\xE4\xBA\x91", "\n"}) {
        EXPECT_FALSE(hits(with("17", value))) << value;
    }
    EXPECT_FALSE(hits(with("17\r\n", "17\n")));
    EXPECT_FALSE(hits(with("17", std::string_view("1\0", 2))));
}

TEST(header_cache, significant_fields_are_compared_in_full) {
    for (const char* const name : {"Connection", "Keep-Alive", "Transfer-Encoding", "Content-Encoding", "Retry-After",
                                   "Upgrade", "Proxy-Connection", "content-length", "Trailer"}) {
        const std::string one = with("X-Id: 17", std::string(name) + ": 1");
        const std::string other = with("X-Id: 17", std::string(name) + ": 2");
        EXPECT_EQ(hit(one, one, header_limit), one.size()) << name;
        EXPECT_EQ(hit(one, other, header_limit), 0U) << name;
    }
}

TEST(header_cache, incomplete_or_too_large) {
    const std::string other = with("17", "18");
    for (const std::string_view header : {stored, std::string_view(other)}) {
        for (std::size_t size = 0; size < header.size(); ++size) {
            EXPECT_EQ(hit(stored, header.substr(0, size), header_limit), 0U) << size;
            EXPECT_EQ(hit(stored, header, size), 0U) << size;
        }
        EXPECT_EQ(hit(stored, header, header.size()), header.size());
    }
    EXPECT_EQ(hit("", stored, header_limit), 0U);
}

TEST(header_cache, an_empty_cache_misses) {
    EXPECT_EQ(header_cache(header_limit).hit(stored), 0U);
}

TEST(header_cache, a_hit_gives_the_stored_result_and_stores_the_new_bytes) {
    header_cache cache(header_limit);
    response parsed;
    parsed.status = 429;
    parsed.retry_after = "7";
    cache.store(stored, 5, parsed);
    const std::string other = with("Tue, 24", "Wed, 25");
    EXPECT_EQ(cache.hit(other), other.size());
    EXPECT_EQ(cache.parsed().status, 429);
    EXPECT_EQ(cache.parsed().retry_after, "7");
    EXPECT_EQ(cache.body_size(), 5U);
    EXPECT_EQ(cache.hit(other), other.size());
}

TEST(header_cache, a_large_header_section_is_not_stored) {
    const std::string large = with("17", std::string(2000, 'x'));
    EXPECT_EQ(hit(large, large, 2 * large.size()), 0U);
}
