// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/http_text.hpp"

#include <gtest/gtest.h>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

TEST(http_text, finds_headers_case_insensitively) {
    const header_list headers{{"Host", "a"}, {"X", "1"}, {"x", "2"}};
    EXPECT_EQ(find_header(headers, "host"), "a");
    EXPECT_EQ(find_header(headers, "X"), "1");
    EXPECT_EQ(find_header(headers, "y"), "");
    EXPECT_EQ(count_header(headers, "x"), 2U);
    EXPECT_EQ(count_header(headers, "hos"), 0U);
}

TEST(http_text, finds_close_among_other_options) {
    for (const char* value : {"close", "Close", "keep-alive, close", "a ,CLOSE,b", ",close"}) {
        EXPECT_TRUE(wants_close({{"connection", value}})) << value;
    }
    for (const char* value : {"", "keep-alive", "closed", "not close", ","}) {
        EXPECT_FALSE(wants_close({{"connection", value}})) << value;
    }
    EXPECT_FALSE(wants_close({{"x", "close"}}));
    EXPECT_TRUE(wants_close({{"connection", "a"}, {"Connection", "close"}}));
}

TEST(http_text, writes_a_response) {
    EXPECT_EQ(http_response(200, {{"a", "b"}}, "body"), "HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 4\r\n\r\nbody");
    EXPECT_EQ(http_response(503, {{"Content-Length", "9"}}, ""),
              "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\n");
    EXPECT_EQ(http_response(299, {}, "").substr(0, 13), "HTTP/1.1 299 ");
    EXPECT_EQ(http_response(200, {}, "body", body_presence::omitted), "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n");
    EXPECT_EQ(http_response(200, {{"Transfer-Encoding", "chunked"}, {"Content-Length", "4"}}, "body"),
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nbody"); // unchanged
}

} // namespace
} // namespace testing::detail
YUNHU_NAMESPACE_END
