// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "bytes.hpp"
#include "endpoints/codec.hpp"
#include "golden.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>

namespace yunhu::test {
namespace {

TEST(classify, knows_the_documented_codes) {
    EXPECT_EQ(codec::classify(1), error_code());
    EXPECT_EQ(codec::classify(-101), errc::not_authenticated);
    EXPECT_EQ(codec::classify(1100), errc::bad_request);
}

TEST(classify, calls_every_other_code_a_refusal) {
    for (const std::int64_t code :
         {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-9}, std::int64_t{2}, std::int64_t{101}, std::int64_t{4402},
          std::int64_t{7100}, std::int64_t{4294967297}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()}) {
        EXPECT_EQ(codec::classify(code), errc::refused) << code;
    }
}

TEST(peek_status, reads_json) {
    call_info info;
    codec::peek_status(R"( {"code":1100,"msg":"no"})", info);
    EXPECT_EQ(info.api_code, 1100);
    EXPECT_EQ(info.api_msg, "no");
    EXPECT_EQ(info.detail, "");
}

TEST(peek_status, reads_protobuf) {
    call_info info;
    codec::peek_status(from_hex(golden::reply_refused), info);
    EXPECT_EQ(info.request_id, 1U);
    EXPECT_EQ(info.api_code, -101);
    EXPECT_EQ(info.api_msg, "未登录");
    codec::peek_status(from_hex(golden::list_reply), info);
    EXPECT_EQ(info.api_code, 1);
}

TEST(peek_status, leaves_alone_what_says_nothing) {
    for (const std::string& body :
         std::initializer_list<std::string>{"", "404 page not found", "<html><body>Bad Gateway</body></html>",
                                            "\n<html>", "[1]", "{}", R"({"code":"1"})", R"({"msg":"no code"})", "\x0a",
                                            "\xff\xff\xff", "upstream connect error", "\n\n\n", "null"}) {
        call_info info;
        info.request_id = 7;
        info.api_msg = "before";
        info.detail = "detail";
        codec::peek_status(body, info);
        EXPECT_EQ(info.request_id, 7U) << body;
        EXPECT_EQ(info.api_code, std::nullopt) << body;
        EXPECT_EQ(info.api_msg, "before") << body;
        EXPECT_EQ(info.detail, "detail") << body;
    }
}

} // namespace
} // namespace yunhu::test
