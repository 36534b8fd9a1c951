// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/storage_hosts.hpp"

#include <gmock/gmock.h>

namespace yunhu::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(host_answer, order_and_ttl) {
    const host_list list = parse_host_answer(
        R"({"hosts":[{"region":"z2","ttl":86400,"up":{"domains":["upload-z2.qiniup.com","up-z2.qiniup.com"],)"
        R"("acc_domains":["https://acc.qiniup.com/x"],"old":["upload-z2.qbox.me","up-z2.qiniup.com"]}}]})");
    EXPECT_THAT(list.hosts,
                ElementsAre("upload-z2.qiniup.com", "up-z2.qiniup.com", "acc.qiniup.com", "upload-z2.qbox.me"));
    EXPECT_EQ(list.ttl, 86400U);
}

TEST(host_answer, the_region_without_hosts) {
    EXPECT_THAT(parse_host_answer(R"({"up":{"domains":["a.qiniup.com"]}})").hosts, ElementsAre("a.qiniup.com"));
}

TEST(host_answer, anything_else_is_no_host) {
    for (const char* body :
         {"", "<html>", "[]", "{}", R"({"hosts":[]})", R"({"hosts":[7]})",
          R"({"hosts":[{"up":{"domains":"x.qiniup.com"}}]})", R"({"hosts":[{"up":{"domains":[7,null]}}]})"}) {
        EXPECT_THAT(parse_host_answer(body).hosts, IsEmpty()) << body;
    }
}

TEST(host_answer, a_forged_host_is_left_out) {
    EXPECT_THAT(
        parse_host_answer(R"({"up":{"domains":["evil.example","qiniup.com","a.qiniup.com.evil.example",)"
                          R"("a.qiniup.com:99","x@a.qiniup.com","evilqiniup.com","a.qiniup.com?b","A.QINIUP.com"]}})")
            .hosts,
        ElementsAre("a.qiniup.com"));
}

TEST(host_answer, is_bounded) {
    std::string body = R"({"up":{"domains":[)";
    for (int i = 0; i < 1000; ++i) {
        body += "\"h" + std::to_string(i) + ".qiniup.com\",";
    }
    body.back() = ']';
    EXPECT_EQ(parse_host_answer(body + "}}").hosts.size(), 16U);
}

TEST(host_in_text, is_the_one_to_use) {
    EXPECT_EQ(host_in_text("incorrect region, please use up-z2.qiniup.com"), "up-z2.qiniup.com");
    EXPECT_EQ(host_in_text("incorrect region, please use https://up-z2.qiniup.com/, bucket is: x"), "up-z2.qiniup.com");
    EXPECT_EQ(host_in_text("please use up-z2.qiniup.com."), "up-z2.qiniup.com");
    EXPECT_EQ(host_in_text("incorrect region"), "");
    EXPECT_EQ(host_in_text("please use evil.example"), "");
    EXPECT_EQ(host_in_text("please use "), "");
}

TEST(media_hosts, known_ones_only) {
    EXPECT_TRUE(is_media_host("chat-img.jwznb.com"));
    EXPECT_TRUE(is_media_host("CHAT-FILE.jwznb.com"));
    for (const char* host : {"", "jwznb.com", ".jwznb.com", "evil.example", "a.jwznb.com.evil.example", "a.jwznb.com:8",
                             "a..jwznb.com", "u@a.jwznb.com"}) {
        EXPECT_FALSE(is_media_host(host)) << host;
    }
    EXPECT_TRUE(needs_referer("chat-img.jwznb.com"));
    EXPECT_FALSE(needs_referer("chat-storage1.jwznb.com"));
    EXPECT_FALSE(needs_referer("chat-file-oss.jwznb.com"));
}

} // namespace
} // namespace yunhu::storage
