// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/digest.hpp"
#include "media/upload_token.hpp"

#include <gtest/gtest.h>

#include <string>

namespace yunhu::storage {
namespace {

std::string token_of(const std::string& policy) {
    return "AK:sig:" + encode_base64url(policy, true);
}

TEST(upload_token, golden_value) {
    const upload_policy policy =
        parse_upload_token("AK_example:c2lnbg==:eyJzY29wZSI6ImNoYXQ2OCIsImRlYWRsaW5lIjoxNzY3MjI5MjAwfQ==");
    EXPECT_EQ(policy.access_key, "AK_example");
    EXPECT_EQ(policy.bucket, "chat68");
    EXPECT_EQ(policy.deadline, 1767229200U);
    EXPECT_EQ(policy.max_size, 0U);
}

TEST(upload_token, the_bucket_is_what_is_before_the_colon) {
    const upload_policy policy =
        parse_upload_token(token_of(R"({"scope":"chat68-file:disk/a","deadline":1.5e9,"fsizeLimit":1000})"));
    EXPECT_EQ(policy.bucket, "chat68-file");
    EXPECT_EQ(policy.deadline, 1500000000U);
    EXPECT_EQ(policy.max_size, 1000U);
}

TEST(upload_token, what_cannot_be_read_is_empty) {
    for (const std::string& token : {std::string("AK:sig"), std::string("AK:sig:!"), token_of("[]"), token_of("{"),
                                     token_of(R"({"scope":7,"deadline":-1})")}) {
        const upload_policy policy = parse_upload_token(token);
        EXPECT_EQ(policy.access_key, "AK") << token;
        EXPECT_EQ(policy.bucket, "") << token;
        EXPECT_EQ(policy.deadline, 0U) << token;
    }
    EXPECT_EQ(parse_upload_token("").access_key, "");
}

TEST(upload_token, a_bucket_that_would_change_a_path_is_none) {
    for (const char* scope : {"a/b", "..", "a b", "a?b", "a%2e", "\\u00e4"}) {
        EXPECT_EQ(parse_upload_token(token_of(std::string(R"({"scope":")") + scope + R"("})")).bucket, "") << scope;
    }
}

TEST(upload_token, usable_ones_are_visible_ascii) {
    EXPECT_TRUE(is_usable_token("AK:sig:cG9s"));
    EXPECT_FALSE(is_usable_token(""));
    EXPECT_FALSE(is_usable_token("a\r\nx: y"));
    EXPECT_FALSE(is_usable_token("a b"));
}

} // namespace
} // namespace yunhu::storage
