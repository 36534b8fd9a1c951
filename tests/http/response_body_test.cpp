// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/reading.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

// Groups B and C of the fault cases: framing by a length and by chunks, without I/O.

using namespace yunhu;
using namespace yunhu::test;
using namespace std::string_literals;

namespace {

std::string with_length(std::string_view length, std::string_view body = "ok") {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::string(length) + "\r\n\r\n" + std::string(body);
}

std::string chunked(std::string_view body) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}

std::string with_fields(std::string_view fields, std::string_view body) {
    return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

} // namespace

TEST(response_length, case_034_end_before_the_length_is_reached) {
    for (const ending how : {ending::clean, ending::cut}) {
        const reading r = read_all_ways(with_length("10", "hi"), how);
        EXPECT_EQ(r.ec, errc::incomplete_response);
        EXPECT_TRUE(r.header_done);
        EXPECT_FALSE(r.done);
    }
}

TEST(response_length, case_036_bytes_after_the_response) {
    const reading r = read_all_ways(with_length("2", "okEXTRA"));
    EXPECT_TRUE(r.last()) << r;
    EXPECT_TRUE(r.trailing_data);
    EXPECT_EQ(r.body, "ok");
}

TEST(response_length, case_037_a_second_response_follows_at_once) {
    const reading r = read_all_ways(std::string(ok2) + with_length("4", "EVIL"));
    EXPECT_TRUE(r.last()) << r;
    EXPECT_EQ(r.body, "ok"); // the next exchange, in read_all_ways, does not get EVIL
}

TEST(response_length, case_039_two_lengths) {
    EXPECT_EQ(read_all_ways(with_fields("Content-Length: 2\r\nContent-Length: 3\r\n", "okk")).ec,
              errc::malformed_response);
    EXPECT_EQ(read_all_ways(with_length("2, 3", "okk")).ec, errc::malformed_response);
}

TEST(response_length, case_039_the_same_length_twice_is_one_length) {
    EXPECT_TRUE(read_all_ways(with_fields("Content-Length: 2\r\nContent-Length: 2\r\n", "ok")).reusable());
}

TEST(response_length, case_041_invalid_lengths) {
    for (const char* const length : {"+2", "-2", "0x2", "2 2", "crap", "", "2.0", "2,", "2a", "\"2\"", "1e1"}) {
        EXPECT_EQ(read_all_ways(with_length(length)).ec, errc::malformed_response) << length;
    }
}

TEST(response_length, case_042_length_overflow) {
    EXPECT_EQ(read_all_ways(with_length("36893488147419103232")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(with_length("18446744073709551618")).ec, errc::malformed_response); // 2^64 + 2
    EXPECT_EQ(read_all_ways(with_length("18446744073709551615")).ec, errc::body_limit);
}

TEST(response_length, case_044_body_ends_with_the_connection) {
    const reading r = read_all_ways(with_fields("", "hello"), ending::clean);
    EXPECT_TRUE(r.last()) << r;
    EXPECT_EQ(r.body, "hello");
    EXPECT_FALSE(read_all_ways(with_fields("", "hello")).done);
}

TEST(response_length, case_046_truncated_body_without_framing) {
    EXPECT_EQ(read_all_ways(with_fields("", "hello"), ending::cut).ec, errc::incomplete_response);
    EXPECT_FALSE(read_all_ways(with_length("2"), ending::cut).ec);
}

TEST(response_length, case_047_end_after_a_complete_response) {
    for (const ending how : {ending::clean, ending::cut}) {
        const reading r = read_all_ways(ok2, how);
        EXPECT_FALSE(r.ec);
        EXPECT_EQ(r.body, "ok");
    }
}

TEST(response_length, case_049_length_0) {
    const reading r = read_all_ways(with_length("0", ""));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, "");
}

TEST(response_chunks, case_051_complete_only_with_the_last_chunk) {
    EXPECT_FALSE(read_all_ways(chunked("2\r\nok\r\n")).done);
    const reading r = read_all_ways(chunked("2\r\nok\r\n0\r\n\r\n"));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, "ok");
}

TEST(response_chunks, case_051_an_empty_body) {
    const reading r = read_all_ways(chunked("0\r\n\r\n"));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, "");
}

TEST(response_chunks, case_051_sizes_in_hexadecimal) {
    const std::string ten = "0123456789";
    const reading r =
        read_all_ways(chunked("a\r\n" + ten + "\r\nA\r\n" + ten + "\r\n0010\r\nabcdefghijklmnop\r\n00\r\n\r\n"));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, ten + ten + "abcdefghijklmnop");
}

TEST(response_chunks, case_052_length_and_chunks) {
    EXPECT_EQ(read_all_ways(with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")).ec,
              errc::malformed_response);
    EXPECT_EQ(read_all_ways(with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")).ec,
              errc::malformed_response);
}

TEST(response_chunks, case_054_chunked_twice) {
    EXPECT_EQ(
        read_all_ways(with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")).ec,
        errc::malformed_response);
    EXPECT_EQ(read_all_ways(with_fields("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")).ec,
              errc::malformed_response);
}

TEST(response_chunks, case_056_chunked_then_identity_with_a_length) {
    EXPECT_EQ(read_all_ways(with_fields("Transfer-Encoding: chunked, identity\r\nContent-Length: 2\r\n", "ok")).ec,
              errc::malformed_response);
    EXPECT_EQ(read_all_ways(with_fields("Content-Length: 2\r\nTransfer-Encoding: chunked, identity\r\n", "ok")).ec,
              errc::malformed_response);
}

TEST(response_chunks, case_057_other_transfer_encodings) {
    for (const char* const encoding :
         {"gzip, chunked", "gzip", "identity", "xchunked", "yolo", "", "chunked;q=1", "\"chunked\"", "chunked,"}) {
        EXPECT_EQ(read_all_ways(with_fields("Transfer-Encoding: "s + encoding + "\r\n", "0\r\n\r\n")).ec,
                  errc::malformed_response)
            << encoding;
    }
}

TEST(response_chunks, case_059_chunks_in_http_1_0) {
    EXPECT_EQ(read_all_ways("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n").ec,
              errc::malformed_response);
}

TEST(response_chunks, case_061_end_without_a_last_chunk) {
    for (const ending how : {ending::clean, ending::cut}) {
        EXPECT_EQ(read_all_ways(chunked("2\r\nok\r\n"), how).ec, errc::incomplete_response);
        EXPECT_EQ(read_all_ways(chunked("2\r\nok"), how).ec, errc::incomplete_response);
        EXPECT_EQ(read_all_ways(chunked("5\r\nok"), how).ec, errc::incomplete_response);
        EXPECT_EQ(read_all_ways(chunked(""), how).ec, errc::incomplete_response);
    }
}

TEST(response_chunks, case_062_end_inside_the_last_chunk) {
    for (const ending how : {ending::clean, ending::cut}) {
        EXPECT_EQ(read_all_ways(chunked("2\r\nok\r\n0\r\n"), how).ec, errc::incomplete_response);
        EXPECT_EQ(read_all_ways(chunked("2\r\nok\r\n0\r\n\r"), how).ec, errc::incomplete_response);
        EXPECT_EQ(read_all_ways(chunked("2\r\nok\r\n0\r\nA: b\r\n"), how).ec, errc::incomplete_response);
    }
}

TEST(response_chunks, case_064_size_overflow) {
    EXPECT_EQ(read_all_ways(chunked("12345678123456789\r\nok\r\n0\r\n\r\n")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(chunked("10000000000000002\r\nok\r\n0\r\n\r\n")).ec, errc::malformed_response); // 2^64 + 2
    // 17 digits with leading zeros do not overflow.
    EXPECT_TRUE(read_all_ways(chunked("00000000000000002\r\nok\r\n0\r\n\r\n")).reusable());
    EXPECT_EQ(read_all_ways(chunked("f0000000000000003\r\nok\r\n0\r\n\r\n")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(chunked("fffffffffffffffe\r\nok\r\n0\r\n\r\n")).ec, errc::body_limit);
    // A sum that would overflow.
    EXPECT_EQ(read_all_ways(chunked("3\r\nabc\r\nfffffffffffffffe\r\nok\r\n0\r\n\r\n")).ec, errc::body_limit);
}

TEST(response_chunks, case_066_last_chunk_without_its_zero) {
    EXPECT_EQ(read_all_ways(chunked("1\r\nZ\r\n\r\n\r\n")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(chunked("\r\n\r\n")).ec, errc::malformed_response);
}

TEST(response_chunks, case_066_invalid_sizes_and_chunk_ends) {
    for (const char* const body :
         {"x\r\nok\r\n0\r\n\r\n", "-2\r\nok\r\n0\r\n\r\n", "+2\r\nok\r\n0\r\n\r\n", "0x2\r\nok\r\n0\r\n\r\n",
          " 2\r\nok\r\n0\r\n\r\n", "2\nok\r\n0\r\n\r\n", "2\r\nok0\r\n\r\n", "2\r\nokX\r\n0\r\n\r\n",
          "2\r\nok\n0\r\n\r\n", "2\r\nok\r\n0\n\r\n", "2\r\nok\r\n0\r\n\n", "2 \r\nok\r\n0\r\n\r\n"}) {
        EXPECT_EQ(read_all_ways(chunked(body)).ec, errc::malformed_response) << body;
    }
}

TEST(response_chunks, case_067_extensions_are_ignored) {
    const reading r = read_all_ways(chunked("2;a=b;c=\"d\"\r\nok\r\n0;x\r\n\r\n"));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, "ok");
    EXPECT_EQ(read_all_ways(chunked("2;a=\"b\r\nok\r\n0\r\n\r\n")).ec, errc::malformed_response);
}

TEST(response_chunks, case_067_a_quoted_extension_does_not_reach_beyond_its_line) {
    EXPECT_EQ(read_all_ways(chunked("0;a=\"\r\n\r\nHTTP/1.1 200 OK\"\r\n\r\n")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(chunked("2;a=\"\r\n\"\r\nok\r\n0\r\n\r\n")).ec, errc::malformed_response);
}

TEST(response_chunks, case_071_trailers_change_nothing) {
    const reading plain = read_all_ways(chunked("2\r\nok\r\n0\r\n\r\n"));
    for (const char* const trailer : {"token: t", "Content-Type: text/html", "Connection: close", "Retry-After: 9",
                                      "Keep-Alive: timeout=1", "Content-Encoding: gzip", "Upgrade: h2c"}) {
        EXPECT_EQ(read_all_ways(chunked("2\r\nok\r\n0\r\n"s + trailer + "\r\n\r\n")), plain) << trailer;
    }
}

TEST(response_chunks, case_071_framing_in_a_trailer) {
    EXPECT_EQ(read_all_ways(chunked("2\r\nok\r\n0\r\nContent-Length: 9\r\n\r\n")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(chunked("2\r\nok\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n")).ec,
              errc::malformed_response);
}

TEST(response_chunks, trailing_data_after_the_last_chunk) {
    EXPECT_TRUE(read_all_ways(chunked("2\r\nok\r\n0\r\n\r\n0")).last());
    EXPECT_TRUE(read_all_ways(chunked("2\r\nok\r\n0\r\nA: b\r\n\r\n\r\n")).last());
}
