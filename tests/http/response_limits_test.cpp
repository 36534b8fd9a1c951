// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/reading.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

// Limits of a response are exact to the byte, for every split.

using namespace yunhu;
using namespace yunhu::test;

namespace {

constexpr std::string_view chunked_header = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

response_limits small_limits() {
    response_limits limits;
    limits.header_bytes = 300;
    limits.header_count = 5;
    limits.body_bytes = 100;
    limits.chunk_overhead = 200;
    return limits;
}

reading read_small(const std::string& bytes, ending how = ending::open) {
    return read_all_ways(bytes, how, small_limits());
}

// A header section of exactly `size` bytes, of a response without a body.
std::string header_of(std::size_t size) {
    const std::string begin = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ";
    const std::string end = "\r\n\r\n";
    return begin + std::string(size - begin.size() - end.size(), 'x') + end;
}

std::string trailers_of(std::size_t size) {
    return "A: " + std::string(size - 7, 'x') + "\r\n\r\n";
}

std::string fields(std::size_t n) {
    std::string all;
    for (std::size_t i = 0; i < n; ++i) {
        all += "A: b\r\n";
    }
    return all;
}

std::string in_chunks_of_1(std::size_t n, const std::string& extension) {
    std::string all{chunked_header};
    for (std::size_t i = 0; i < n; ++i) {
        all += "1" + extension + "\r\nx\r\n";
    }
    return all + "0\r\n\r\n";
}

} // namespace

TEST(response_limit, case_029_one_long_field) {
    EXPECT_TRUE(read_small(header_of(300)).reusable());
    EXPECT_EQ(read_small(header_of(301)).ec, errc::header_limit);
    EXPECT_EQ(read_small("HTTP/1.1 200 OK\r\nA: " + std::string(5000, 'x')).ec, errc::header_limit);
}

TEST(response_limit, case_029_default_limit) {
    const response_limits limits;
    EXPECT_TRUE(read_all_ways(header_of(limits.header_bytes)).reusable());
    EXPECT_EQ(read_all_ways(header_of(limits.header_bytes + 1)).ec, errc::header_limit);
}

TEST(response_limit, case_029_blanks_around_values_count) {
    std::string header = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA:" + std::string(400, ' ') + "b\r\n\r\n";
    EXPECT_EQ(read_small(header).ec, errc::header_limit);
}

TEST(response_limit, case_029_long_status_line) {
    EXPECT_EQ(read_small("HTTP/1.1 200 " + std::string(300, 'x') + "\r\n\r\n").ec, errc::header_limit);
}

TEST(response_limit, case_031_many_fields) {
    EXPECT_TRUE(read_small("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + fields(4) + "\r\n").reusable());
    EXPECT_EQ(read_small("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + fields(5) + "\r\n").ec, errc::header_limit);
    std::string many = "HTTP/1.1 200 OK\r\n" + fields(10000) + "\r\n";
    EXPECT_EQ(read_parts({many}, ending::open).ec, errc::header_limit);
}

TEST(response_limit, case_032_endless_header_section) {
    http::response_parser parser{response_limits()};
    parser.start();
    EXPECT_FALSE(parser.feed("HTTP/1.1 200 OK\r\n"));
    std::size_t fed = 0;
    error_code ec;
    while (!ec && fed < 1000000) {
        ec = parser.feed("A: b\r\n");
        fed += 6;
    }
    EXPECT_EQ(ec, errc::header_limit);
    EXPECT_LE(fed, response_limits().header_bytes);
}

TEST(response_limit, case_069_long_chunk_extensions) {
    EXPECT_EQ(read_small(in_chunks_of_1(50, ";a=" + std::string(100, 'x'))).ec, errc::body_limit);
    // 18 bytes of each line are free; 200 more are allowed.
    EXPECT_TRUE(read_small(in_chunks_of_1(20, ";a=" + std::string(22, 'x'))).reusable());
    EXPECT_EQ(read_small(in_chunks_of_1(21, ";a=" + std::string(22, 'x'))).ec, errc::body_limit);
}

TEST(response_limit, case_069_small_chunks_without_extensions_are_accepted) {
    const reading r = read_small(in_chunks_of_1(100, ""));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body.size(), 100U);
}

TEST(response_limit, case_069_zeros_before_a_size_count_like_extensions) {
    std::string all{chunked_header};
    for (int i = 0; i < 3; ++i) {
        all += std::string(100, '0') + "1\r\nx\r\n";
    }
    EXPECT_EQ(read_small(all + "0\r\n\r\n").ec, errc::body_limit);
}

TEST(response_limit, case_069_chunk_line_without_end) {
    EXPECT_EQ(read_small(std::string(chunked_header) + "1;" + std::string(400, 'a')).ec, errc::body_limit);
    EXPECT_EQ(read_small(std::string(chunked_header) + std::string(400, '0')).ec, errc::body_limit);
    EXPECT_EQ(read_small(std::string(chunked_header) + "0;" + std::string(400, 'a') + "\r\n\r\n").ec, errc::body_limit);
}

TEST(response_limit, case_072_trailers) {
    const std::string before = std::string(chunked_header) + "2\r\nok\r\n0\r\n";
    EXPECT_TRUE(read_small(before + trailers_of(300)).reusable());
    EXPECT_EQ(read_small(before + trailers_of(301)).ec, errc::header_limit);
    EXPECT_TRUE(read_small(before + fields(5) + "\r\n").reusable());
    EXPECT_EQ(read_small(before + fields(6) + "\r\n").ec, errc::header_limit);
    EXPECT_EQ(read_small(before + "A: " + std::string(1000, 'x')).ec, errc::header_limit) << "endless";
}

TEST(response_limit, case_072_100_kb_of_trailers) {
    std::string all = std::string(chunked_header) + "2\r\nok\r\n0\r\n";
    for (int i = 0; i < 100; ++i) {
        all += "A: " + std::string(1000, 'x') + "\r\n";
    }
    EXPECT_EQ(read_parts({all, "\r\n"}, ending::open).ec, errc::header_limit);
    EXPECT_EQ(read_parts({all + "\r\n"}, ending::open).ec, errc::header_limit);
}

TEST(response_limit, case_074_body_in_chunks) {
    const std::string fifty = "32\r\n" + std::string(50, 'x') + "\r\n";
    EXPECT_TRUE(read_small(std::string(chunked_header) + fifty + fifty + "0\r\n\r\n").reusable());
    EXPECT_EQ(read_small(std::string(chunked_header) + fifty + fifty + "1\r\nx\r\n0\r\n\r\n").ec, errc::body_limit);
    EXPECT_EQ(read_small(std::string(chunked_header) + "65\r\n").ec, errc::body_limit) << "before its first byte";
}

TEST(response_limit, case_221_body_with_a_length) {
    const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: ";
    EXPECT_TRUE(read_small(header + "100\r\n\r\n" + std::string(100, 'x')).reusable());
    EXPECT_EQ(read_small(header + "101\r\n\r\n").ec, errc::body_limit) << "before its first byte";
}

TEST(response_limit, case_221_body_that_ends_with_the_connection) {
    const std::string header = "HTTP/1.1 200 OK\r\n\r\n";
    EXPECT_EQ(read_small(header + std::string(100, 'x'), ending::clean).body.size(), 100U);
    EXPECT_EQ(read_small(header + std::string(101, 'x')).ec, errc::body_limit);
}

TEST(response_limit, case_221_default_limit) {
    http::response_parser parser{response_limits()};
    parser.start();
    EXPECT_FALSE(parser.feed("HTTP/1.1 200 OK\r\n\r\n"));
    const std::string piece(16 * 1024, 'x');
    std::size_t fed = 0;
    while (!parser.feed(piece) && fed < 64 * 1024 * 1024) {
        fed += piece.size();
    }
    EXPECT_EQ(fed, response_limits().body_bytes);
}

TEST(response_limit, a_length_alone_reserves_little) {
    http::response_parser parser{response_limits()};
    parser.start();
    EXPECT_FALSE(parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\nx"));
    EXPECT_FALSE(parser.is_done());
    EXPECT_LE(parser.release().body.capacity(), 128U * 1024);
}

TEST(response_limit, a_body_is_not_left_much_more_memory_than_it_has_bytes) {
    const std::string piece(16 * 1024, 'x');
    for (const std::size_t pieces : {std::size_t{1}, std::size_t{5}, std::size_t{70}, std::size_t{140}}) {
        const std::size_t size = pieces * piece.size();
        for (const std::string& length : {"Content-Length: " + std::to_string(size) + "\r\n", std::string()}) {
            http::response_parser parser{response_limits()};
            parser.start();
            EXPECT_FALSE(parser.feed("HTTP/1.1 200 OK\r\n" + length + "\r\n"));
            for (std::size_t i = 0; i < pieces; ++i) {
                EXPECT_FALSE(parser.feed(piece));
            }
            EXPECT_FALSE(parser.feed_eof(true));
            const http::response made = parser.release();
            EXPECT_EQ(made.body.size(), size);
            EXPECT_LE(made.body.capacity(), 2 * size) << size;
        }
    }
}
