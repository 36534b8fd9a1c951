// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/reading.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

// Group A of the fault cases: status line and header section, without I/O.

using namespace yunhu;
using namespace yunhu::test;
using namespace std::string_literals;

namespace {

// A valid response with `field` as its first field.
std::string response_with(std::string_view field) {
    return "HTTP/1.1 200 OK\r\n" + std::string(field) + "\r\nContent-Length: 2\r\n\r\nok";
}

} // namespace

TEST(response_header, case_001_baseline) {
    const reading r = read_all_ways(ok2);
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(r.body, "ok");
}

TEST(response_header, case_002_end_without_a_byte) {
    for (const ending how : {ending::clean, ending::cut}) {
        const reading r = read_all_ways("", how);
        EXPECT_EQ(r.ec, errc::connection_lost);
        EXPECT_FALSE(r.got_some);
        EXPECT_FALSE(r.done);
    }
}

TEST(response_header, case_004_end_inside_the_header_section) {
    for (const ending how : {ending::clean, ending::cut}) {
        const reading r = read_all_ways("HTTP/1.1 200 OK\r\nContent-Len", how);
        EXPECT_EQ(r.ec, errc::incomplete_response);
        EXPECT_TRUE(r.got_some);
        EXPECT_FALSE(r.header_done);
    }
}

TEST(response_header, case_006_not_http) {
    EXPECT_EQ(read_all_ways("HEAT/1.1 200 OK\r\n\r\n").ec, errc::malformed_response);
}

TEST(response_header, case_007_lower_case_version) {
    EXPECT_EQ(read_all_ways("http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").ec, errc::malformed_response);
}

TEST(response_header, case_009_http_2_on_a_1_1_connection) {
    EXPECT_EQ(read_all_ways("HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok").ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/2 200\r\nContent-Length: 2\r\n\r\nok").ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok").ec, errc::malformed_response);
}

TEST(response_header, case_011_status_below_100) {
    for (const char* const status : {"000", "001", "099"}) {
        EXPECT_EQ(read_all_ways("HTTP/1.1 "s + status + " OK\r\nContent-Length: 0\r\n\r\n").ec,
                  errc::malformed_response)
            << status;
    }
}

TEST(response_header, case_012_status_999_is_delivered) {
    const reading r = read_all_ways("HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\nok");
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.status, 999);
}

TEST(response_header, case_014_two_spaces_before_the_status) {
    EXPECT_EQ(read_all_ways("HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nok").ec, errc::malformed_response);
}

TEST(response_header, case_014_invalid_status) {
    for (const char* const status : {"20", "2000", "2x0", "-20", " 20", "200"}) {
        EXPECT_EQ(read_all_ways("HTTP/1.1 "s + status + "\r\nContent-Length: 0\r\n\r\n").ec, errc::malformed_response)
            << status;
    }
}

TEST(response_header, case_014_a_reason_may_be_empty) {
    EXPECT_TRUE(read_all_ways("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n").reusable());
}

TEST(response_header, case_016_a_few_bytes_and_the_end) {
    for (const ending how : {ending::clean, ending::cut}) {
        EXPECT_EQ(read_all_ways("o", how).ec, errc::malformed_response);
        EXPECT_EQ(read_all_ways("HTTPr", how).ec, errc::malformed_response);
        EXPECT_EQ(read_all_ways("H", how).ec, errc::incomplete_response);
        EXPECT_EQ(read_all_ways("HTTP", how).ec, errc::incomplete_response);
    }
}

TEST(response_header, case_017_second_response_is_plain_text) {
    EXPECT_EQ(read_all_ways("<html>old</html>\n").ec, errc::malformed_response);
    EXPECT_TRUE(read_all_ways(std::string(ok2) + "<html>old</html>\n").last());
}

TEST(response_header, case_019_space_before_the_colon) {
    EXPECT_EQ(read_all_ways(response_with("Foo : bar")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok").ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n").ec,
              errc::malformed_response);
}

TEST(response_header, case_021_field_without_colon_or_name) {
    EXPECT_EQ(read_all_ways(response_with("Server test")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(response_with(": x")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\r\n folded: x\r\nContent-Length: 2\r\n\r\nok").ec,
              errc::malformed_response);
}

TEST(response_header, case_022_control_characters_in_a_field) {
    EXPECT_EQ(read_all_ways(response_with("Foo: a\0b"s)).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(response_with("F\0oo: ab"s)).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(response_with("Foo: a\x7f")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways(response_with("Foo: a\rb")).ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 O\0K\r\nContent-Length: 2\r\n\r\nok"s).ec, errc::malformed_response);
}

TEST(response_header, case_022_nul_in_a_trailer) {
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nFoo: a\0b\r\n\r\n"s).ec,
              errc::malformed_response);
}

TEST(response_header, case_024_folded_lines_are_joined_and_make_no_new_field) {
    const reading r = read_all_ways(response_with("Retry-After: a\r\n  b\r\n\tContent-Length: 7"));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, "ok");
    EXPECT_EQ(r.retry_after, "a b Content-Length: 7");
}

TEST(response_header, case_024_folded_framing_is_still_framing) {
    const reading r = read_all_ways("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, "ok");
}

TEST(response_header, case_026_lines_that_end_with_lf_only) {
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\nContent-Length: 2\n\nok").ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok").ec, errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok").ec, errc::malformed_response);
    // Detected at once, without waiting for the end of the header section.
    EXPECT_EQ(read_all_ways("HTTP/1.1 200 OK\n").ec, errc::malformed_response);
}

TEST(response_header, case_027_eight_bit_values_are_kept) {
    const std::string value = "\xff\xfe \xf0\x9f\x98\x80";
    const reading r = read_all_ways(response_with("Retry-After: " + value));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.retry_after, value);
}

TEST(response_header, values_are_trimmed) {
    EXPECT_EQ(read_all_ways(response_with("Retry-After: \t 7 \t ")).retry_after, "7");
    EXPECT_EQ(read_all_ways(response_with("Retry-After:")).retry_after, "");
}
