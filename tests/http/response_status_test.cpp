// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/reading.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

// Group D of the fault cases: interim responses, responses without a body, and connection reuse, without I/O.

using namespace yunhu;
using namespace yunhu::test;
using namespace std::string_literals;

namespace {

std::string times(unsigned n, std::string_view text) {
    std::string all;
    for (unsigned i = 0; i < n; ++i) {
        all += text;
    }
    return all;
}

std::string response(std::string_view status, std::string_view fields, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) + " X\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

http::keep_alive_hints hints_of(std::string_view value) {
    http::response_parser parser{response_limits()};
    parser.start();
    EXPECT_FALSE(parser.feed(response("200", "Content-Length: 0\r\nKeep-Alive: " + std::string(value) + "\r\n", "")));
    EXPECT_TRUE(parser.is_done());
    return parser.release().hints;
}

} // namespace

TEST(response_interim, case_076_100_continue_is_skipped_five_times) {
    for (unsigned n = 1; n <= 5; ++n) {
        const reading r = read_all_ways(times(n, "HTTP/1.1 100 Continue\r\n\r\n") + std::string(ok2));
        EXPECT_TRUE(r.reusable()) << n << r;
        EXPECT_EQ(r.status, 200);
        EXPECT_EQ(r.body, "ok");
    }
}

TEST(response_interim, case_076_only_the_real_response_completes) {
    const reading r = read_all_ways("HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_FALSE(r.done);
    EXPECT_FALSE(r.header_done);
    EXPECT_TRUE(r.got_some);
    for (const ending how : {ending::clean, ending::cut}) {
        EXPECT_EQ(read_all_ways("HTTP/1.1 100 Continue\r\n\r\n", how).ec, errc::incomplete_response);
    }
}

TEST(response_interim, case_077_103_and_unknown_interim_statuses_are_skipped) {
    for (const char* const status : {"102", "103", "104", "123", "199"}) {
        const reading r = read_all_ways(response(status, "Link: x\r\nRetry-After: 3\r\n", "") + std::string(ok2));
        EXPECT_TRUE(r.reusable()) << status << r;
        EXPECT_EQ(r.body, "ok");
        EXPECT_EQ(r.retry_after, "") << "a field of the interim response";
    }
}

TEST(response_interim, case_079_they_are_bounded) {
    response_limits limits;
    limits.interim_responses = 3;
    EXPECT_TRUE(read_all_ways(times(3, "HTTP/1.1 100 C\r\n\r\n") + std::string(ok2), ending::open, limits).reusable());
    EXPECT_EQ(read_all_ways(times(4, "HTTP/1.1 100 C\r\n\r\n") + std::string(ok2), ending::open, limits).ec,
              errc::header_limit);
}

TEST(response_interim, case_081_framing_of_an_interim_response_is_ignored) {
    EXPECT_EQ(read_all_ways(response("100", "Content-Length: 5\r\n", "") + std::string(ok2)).body, "ok");
    EXPECT_EQ(read_all_ways(response("103", "Connection: close\r\n", "") + std::string(ok2)), read_all_ways(ok2));
    EXPECT_EQ(read_all_ways(response("100", "Content-Length: 5\r\n", "hello") + std::string(ok2)).ec,
              errc::malformed_response);
}

TEST(response_interim, case_082_switching_protocols_is_refused) {
    EXPECT_EQ(read_all_ways(response("101", "Upgrade: h2c\r\nConnection: upgrade\r\n", "")).ec,
              errc::malformed_response);
    EXPECT_EQ(read_all_ways("HTTP/1.1 100 C\r\n\r\n" + response("101", "", "")).ec, errc::malformed_response);
}

TEST(response_bodiless, case_084_204_with_a_body) {
    const reading r = read_all_ways(response("204", "Content-Length: 5\r\n", "hello"));
    EXPECT_TRUE(r.last()) << r;
    EXPECT_EQ(r.body, "");
}

TEST(response_bodiless, case_084_204_with_a_length_before_its_body_arrives) {
    EXPECT_TRUE(read_all_ways(response("204", "Content-Length: 5\r\n", "")).last());
    EXPECT_TRUE(read_all_ways(response("204", "Transfer-Encoding: chunked\r\n", "")).last());
    EXPECT_TRUE(read_all_ways(response("204", "Content-Length: 0\r\n", "")).reusable());
    EXPECT_TRUE(read_all_ways(response("204", "", "")).reusable());
}

TEST(response_bodiless, case_086_304_with_a_length_has_no_body) {
    const reading r = read_all_ways(response("304", "Content-Length: 677777\r\n", ""));
    EXPECT_TRUE(r.last()) << r;
    EXPECT_EQ(r.body, "");
    EXPECT_TRUE(read_all_ways(response("304", "", "")).reusable());
}

TEST(response_bodiless, case_087_205_keeps_its_framing) {
    const reading r = read_all_ways(response("205", "Content-Length: 3\r\n", "abc"));
    EXPECT_TRUE(r.reusable()) << r;
    EXPECT_EQ(r.body, "abc");
}

TEST(response_keep_alive, case_089_connection_close_in_every_spelling) {
    for (const char* const fields :
         {"Connection: close\r\n", "Connection: CLOSE\r\n", "connection: foo, close, bar\r\n",
          "Connection: keep-alive\r\nConnection: close\r\n", "Connection: close\r\nConnection: keep-alive\r\n"}) {
        const reading r = read_all_ways(response("200", "Content-Length: 2\r\n"s + fields, "ok"));
        EXPECT_TRUE(r.last()) << fields << r;
        EXPECT_EQ(r.body, "ok");
    }
}

TEST(response_keep_alive, case_089_other_options_keep_it) {
    EXPECT_TRUE(read_all_ways(response("200", "Content-Length: 2\r\nConnection: keep-alive\r\n", "ok")).reusable());
    EXPECT_TRUE(read_all_ways(response("200", "Content-Length: 2\r\nConnection: closed\r\n", "ok")).reusable());
}

TEST(response_keep_alive, http_1_0_is_never_kept) {
    EXPECT_TRUE(read_all_ways("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok").last());
    EXPECT_TRUE(read_all_ways("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok").last());
}

TEST(response_keep_alive, case_091_timeout_hint) {
    using std::chrono::seconds;
    EXPECT_EQ(hints_of("timeout=2").timeout, seconds(2));
    EXPECT_EQ(hints_of("timeout=0").timeout, seconds(0));
    EXPECT_EQ(hints_of("timeout=asd").timeout, std::nullopt);
    EXPECT_EQ(hints_of("timeout=2s").timeout, std::nullopt);
    EXPECT_LE(hints_of("timeout=99999999999").timeout, seconds(366 * 24 * 3600));
}

TEST(response_keep_alive, case_092_max_hint) {
    EXPECT_EQ(hints_of("timeout=5, max=1").max, 1U);
    EXPECT_EQ(hints_of("timeout=5").max, std::nullopt);
}

TEST(response_encoding, case_219_no_content_encoding_was_accepted) {
    for (const char* const encoding : {"gzip", "br", "identity, gzip", ""}) {
        const reading seen =
            read_all_ways(response("200", "Content-Length: 2\r\nContent-Encoding: "s + encoding + "\r\n", "ok"));
        EXPECT_EQ(seen.ec, errc::malformed_response) << encoding;
        EXPECT_EQ(seen.reason, "its content-encoding is not identity: the request accepts no compression");
    }
    EXPECT_TRUE(read_all_ways(response("200", "Content-Length: 2\r\nContent-Encoding: identity\r\n", "ok")).reusable());
}

TEST(response_reason, says_what_the_code_does_not) {
    const std::vector<std::pair<std::string, std::string_view>> cases{
        {"<html>", "it does not begin with HTTP/1."},
        {"HTTP/1.1 200 OK\n\n", "a line does not end with CR LF"},
        {response("101", "Upgrade: h2c\r\n", ""), "it switches protocols, which the request does not ask for"},
        {response("200", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
         "its transfer-encoding is not chunked, or is in HTTP/1.0"},
        {response("200", "Transfer-Encoding: chunked\r\n", "1\r\nabc"), "a chunk does not end with CR LF"},
        {response("200", "Content-Length: 99999999\r\n", ""), "more than limits.body_bytes"},
        {response("200", "A: " + std::string(20'000, 'x') + "\r\n", ""), "more than limits.header_bytes"},
        {std::string(ok2.substr(0, 5)), ""}};
    for (const auto& [bytes, reason] : cases) {
        const reading seen = read_parts({bytes}, ending::open);
        EXPECT_EQ(seen.reason, reason) << bytes.substr(0, 100);
        EXPECT_EQ(bool(seen.ec), !reason.empty()) << bytes.substr(0, 100);
    }
    EXPECT_EQ(read_all_ways(ok2).reason, "");
}
