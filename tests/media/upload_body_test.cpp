// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/upload_body.hpp"

#include <gtest/gtest.h>

#include <openssl/evp.h>

#include <array>
#include <string>

namespace yunhu::storage {
namespace {

std::string sha256(const std::string& bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        constexpr const char* digits = "0123456789abcdef";
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 0xFU];
    }
    return text;
}

TEST(upload_form, golden_body) {
    form_fields fields;
    fields.token = "AK_example:c2lnbg==:eyJzY29wZSI6ImNoYXQ2OCIsImRlYWRsaW5lIjoxNzY3MjI5MjAwfQ==";
    fields.key = "9e107d9d372bb6826bd81d3542a419d6.png";
    fields.content_type = "image/png";
    const std::string body =
        form_head(fields, "yh0") + "The quick brown fox jumps over the lazy dog" + form_tail("yh0");
    EXPECT_EQ(body.size(), 406U);
    EXPECT_EQ(sha256(body), "209de42ce3a1eded81b95981a6016efd59472d6b9611743a5f20b723059fdf83") << body;
}

TEST(upload_form, the_file_name_is_the_last_part_of_the_key) {
    form_fields fields;
    fields.token = "t";
    fields.key = "disk/a.txt";
    fields.content_type = "text/plain";
    const std::string head = form_head(fields, "b");
    EXPECT_NE(head.find("name=\"key\"\r\n\r\ndisk/a.txt\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("filename=\"a.txt\""), std::string::npos) << head;
}

TEST(upload_parts, path) {
    EXPECT_EQ(parts_path("chat68", "9e107d9d372bb6826bd81d3542a419d6.png"),
              "/buckets/chat68/objects/OWUxMDdkOWQzNzJiYjY4MjZiZDgxZDM1NDJhNDE5ZDYucG5n/uploads");
    EXPECT_EQ(parts_path("b", "disk/9e107d9d372bb6826bd81d3542a419d6.txt"),
              "/buckets/b/objects/ZGlzay85ZTEwN2Q5ZDM3MmJiNjgyNmJkODFkMzU0MmE0MTlkNi50eHQ=/uploads");
}

TEST(upload_parts, the_list_ascends) {
    EXPECT_EQ(finish_body({{2, "b", "", 0}, {1, "a", "", 0}}, ""),
              R"({"parts":[{"partNumber":1,"etag":"a"},{"partNumber":2,"etag":"b"}]})");
    EXPECT_EQ(finish_body({{1, "a", "", 0}}, "video/mp4"),
              R"({"parts":[{"partNumber":1,"etag":"a"}],"mimeType":"video/mp4"})");
}

TEST(upload_parts, plan_covers_the_content_once) {
    constexpr std::uint64_t mib = 1U << 20U;
    for (const std::uint64_t size : {mib, 4 * mib, 4 * mib + 1, 9 * mib - 1, 100 * mib}) {
        const parts_plan plan = plan_parts(size, 4 * mib);
        std::uint64_t at = 0;
        for (std::uint64_t n = 1; n <= plan.count(); ++n) {
            EXPECT_EQ(plan.offset(n), at);
            EXPECT_GT(plan.length(n), 0U);
            EXPECT_LE(plan.length(n), plan.part_size);
            at += plan.length(n);
        }
        EXPECT_EQ(at, size);
    }
}

TEST(upload_parts, plan_stays_within_the_limits) {
    constexpr std::uint64_t mib = 1U << 20U;
    EXPECT_EQ(plan_parts(10 * mib, 1).part_size, mib);
    EXPECT_EQ(plan_parts(10 * mib, ~0ULL).part_size, 1024 * mib);
    EXPECT_LE(plan_parts(200'000 * mib, mib).count(), 10'000U);
    EXPECT_EQ(plan_parts(0, mib).count(), 1U);
}

} // namespace
} // namespace yunhu::storage
