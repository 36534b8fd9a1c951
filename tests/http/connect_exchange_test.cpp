// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/connect_exchange.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

using yunhu::secret;
using yunhu::http::connect_response;
using yunhu::http::write_connect;
using state = connect_response::state;

namespace {

constexpr std::size_t limit = 256;

state parse(std::string_view bytes, int status = 0) {
    connect_response whole(limit);
    const state end = whole.feed(bytes);
    if (end == state::complete) {
        EXPECT_EQ(whole.status(), status) << bytes;
    }
    connect_response by_byte(limit);
    state last = state::incomplete;
    for (std::size_t i = 0; i < bytes.size() && last == state::incomplete; ++i) {
        last = by_byte.feed(bytes.substr(i, 1));
    }
    if (end != state::trailing_data) { // its beginning is complete
        EXPECT_EQ(last, end) << bytes;
    }
    return end;
}

} // namespace

TEST(connect_request, names_the_server_twice_and_nothing_else) {
    EXPECT_EQ(write_connect("chat.example", "443", "", secret()).reveal(),
              "CONNECT chat.example:443 HTTP/1.1\r\nHost: chat.example:443\r\n\r\n");
    EXPECT_EQ(write_connect("::1", "8443", "", secret()).reveal(),
              "CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n");
}

TEST(connect_request, has_credentials_in_base64) {
    const auto credentials = [](std::string_view user, std::string_view password) {
        const secret request = write_connect("h", "1", user, secret(password));
        const std::string_view text = request.reveal();
        constexpr std::string_view before = "Proxy-Authorization: Basic ";
        const std::size_t begin = text.find(before) + before.size();
        return std::string(text.substr(begin, text.find("\r\n", begin) - begin));
    };
    EXPECT_EQ(credentials("Aladdin", "open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); // RFC 7617
    EXPECT_EQ(credentials("a", ""), "YTo=");
    EXPECT_EQ(credentials("a", "b"), "YTpi");
    EXPECT_EQ(credentials("test", "123\xC2\xA3"), "dGVzdDoxMjPCow=="); // likewise
}

TEST(connect_response, of_any_status) {
    EXPECT_EQ(parse("HTTP/1.1 200 Connection established\r\n\r\n", 200), state::complete);
    EXPECT_EQ(parse("HTTP/1.0 200 OK\r\nVia: x\r\nContent-Length: 0\r\n\r\n", 200), state::complete);
    EXPECT_EQ(parse("HTTP/1.1 204\r\n\r\n", 204), state::complete);
    EXPECT_EQ(parse("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\n", 407), state::complete);
    EXPECT_EQ(parse("HTTP/1.1 503 \r\n\r\n", 503), state::complete);
}

TEST(connect_response, body_of_a_failure_is_ignored) {
    connect_response r(limit);
    EXPECT_EQ(r.feed("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"), state::complete);
    EXPECT_EQ(r.status(), 403);
    EXPECT_FALSE(r.succeeded());
}

TEST(connect_response, interim_responses_are_skipped_within_the_limit) {
    EXPECT_EQ(
        parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\na: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200),
        state::complete);
    std::string many;
    for (int i = 0; i < 20; ++i) {
        many += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    EXPECT_EQ(parse(many), state::too_large);
}

TEST(connect_response, no_bytes_precede_the_clients) {
    EXPECT_EQ(parse("HTTP/1.1 200 OK\r\n\r\n\x16"), state::trailing_data);
    EXPECT_EQ(parse("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"), state::trailing_data) << "there is no body";
}

TEST(connect_response, malformed) {
    for (const std::string_view bytes :
         {"HTTP/2 200 OK\r\n\r\n", "HTTP/1.x 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "\x05\x00", "\x15\x03\x01",
          "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 x\r\n\r\n", "HTTP/1.1 600 x\r\n\r\n",
          "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 +20 OK\r\n\r\n"}) {
        EXPECT_EQ(parse(bytes), state::malformed) << bytes;
    }
}

TEST(connect_response, incomplete) {
    const std::string_view whole = "HTTP/1.1 200 OK\r\na: b\r\n\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(parse(whole.substr(0, size)), state::incomplete) << size;
    }
}

TEST(connect_response, a_header_section_at_its_limit) {
    const std::string start = "HTTP/1.1 200 OK\r\na: ";
    const std::string fits = start + std::string(limit - start.size(), 'x');
    EXPECT_EQ(parse(fits + "\r\n\r\n", 200), state::complete);
    EXPECT_EQ(parse(fits + "x\r\n\r\n"), state::too_large);
    EXPECT_EQ(parse(start + std::string(100'000, 'x')), state::too_large) << "without an end";
}
