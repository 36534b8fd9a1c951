// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/reading.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// One parser serves many responses and caches header sections: earlier responses must not affect later ones.

using namespace yunhu;
using namespace yunhu::test;

namespace {

constexpr std::string_view plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
constexpr std::string_view closing = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";
constexpr std::string_view busy =
    "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nKeep-Alive: timeout=9\r\nContent-Length: 2\r\n\r\n";

std::string with_body(std::string_view header, std::string_view body) {
    return std::string(header) + std::string(body);
}

const std::array responses = {
    with_body(plain, "first"),
    with_body(plain, "other"),
    with_body(plain, "first, and more"), // trailing data
    with_body(plain, "fir"),             // incomplete
    with_body(closing, "first"),
    with_body(busy, "no"),
    with_body("HTTP/1.1 200 OK\r\nDate: a\r\nX-Id: 1\r\nContent-Length: 5\r\n\r\n", "first"),
    with_body("HTTP/1.1 200 OK\r\nDate: b\r\nX-Id: 22\r\nContent-Length: 5\r\n\r\n", "other"),
    with_body("HTTP/1.1 200 OK\r\nDate: b\r\nX-Id: 2\x01\r\nContent-Length: 5\r\n\r\n", "other"),   // refused
    with_body("HTTP/1.1 200 OK\r\nDate: b\r\nX-Id: 2\r\nContent-Length: 4\r\n\r\n", "other"),       // trailing data
    with_body("HTTP/1.1 200 OK\r\nDate: b\r\nX-Id: 2\r\n a\r\nContent-Length: 5\r\n\r\n", "other"), // folded
    with_body("HTTP/1.1 204 None\r\n\r\n", ""),
    with_body("HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n", ""),
    with_body("HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n", "first"),
    with_body("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""),
    with_body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nfirst\r\n0\r\n\r\n"),
    with_body("HTTP/1.1 200 OK\r\n\r\n", "until the end"),
    with_body("HTTP/1.1 200 OK\r\nX-Long: " + std::string(2000, 'x') + "\r\nContent-Length: 5\r\n\r\n", "first"),
    with_body("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", "first"),
    with_body("HTTP/1.1 103 Hints\r\nRetry-After: 3\r\n\r\n", with_body(plain, "first")),
    with_body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "first"), // refused
    with_body("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", "first"),                    // too large here
};

response_limits small_bodies() {
    response_limits limits;
    limits.body_bytes = 100;
    return limits;
}

} // namespace

TEST(response_sequence, earlier_responses_have_no_effect) {
    for (const ending how : {ending::open, ending::clean, ending::cut}) {
        for (const std::string& before : responses) {
            for (const std::string& response : responses) {
                const reading alone = read_parts({response}, how, small_bodies());
                const auto all =
                    read_sequence({{before}, {response}, {response}, {before}, {response}}, how, small_bodies());
                for (const std::size_t i : {1U, 2U, 4U}) {
                    EXPECT_EQ(all[i], alone) << "response " << i << " of " << before << "\nthen " << response;
                }
            }
        }
    }
}

TEST(response_sequence, a_cached_header_section_in_pieces) {
    for (const std::string& response : responses) {
        const reading alone = read_parts({response}, ending::clean, small_bodies());
        for (std::size_t i = 1; i < response.size(); ++i) {
            const std::string_view text = response;
            const auto all =
                read_sequence({{text}, {text.substr(0, i), text.substr(i)}, {text}}, ending::clean, small_bodies());
            EXPECT_EQ(all[1], alone) << "split at " << i << " of " << response;
            EXPECT_EQ(all[2], alone) << "after a split at " << i << " of " << response;
        }
    }
}

TEST(response_sequence, a_cached_header_section_gives_the_same_values) {
    const std::string response = with_body(busy, "no");
    const auto all = read_sequence({{response}, {response}}, ending::open, small_bodies());
    EXPECT_EQ(all[1].status, 429);
    EXPECT_EQ(all[1].retry_after, "7");
    EXPECT_EQ(all[1].body, "no");
    EXPECT_TRUE(all[1].reusable());
    EXPECT_TRUE(all[1].header_done);
    EXPECT_EQ(all[1].idle_timeout, std::chrono::seconds(9));
}
