// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/digest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace yunhu::storage {
namespace {

constexpr std::string_view fox = "The quick brown fox jumps over the lazy dog";

std::string every_byte() {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
    }
    return bytes;
}

struct golden {
    std::string content;
    std::string_view md5;
    std::string_view qetag;
};

TEST(content_digest, golden_values) {
    constexpr std::size_t block = 4194304;
    for (const golden& each : {
             golden{"", "d41d8cd98f00b204e9800998ecf8427e", "Fto5o-5ea0sNMlW_75VgGJCv2AcJ"},
             golden{std::string(fox), "9e107d9d372bb6826bd81d3542a419d6", "Fi_U4cZ6LSj87YSe4bt25zkbk-sS"},
             golden{every_byte(), "e2c865db4162bed963bfaa9ef6ac18f0", "FkkW1r23945oA2mMqzLRWG6kV9_I"},
             golden{std::string(block, '\0'), "b5cfa9d6c8febd618f91ac2843d50a1c", "FivMvS848VwT631aif2dhfWV4jvD"},
             golden{std::string(block + 1, '\0'), "0512b81efac65efad48880543d4d60af", "lhCFgki5yzon0rjN9uJusf6qtsF6"},
             golden{std::string(2 * block, '\xff'), "316cad424069d1cae53626baf766affa", "lspdxcllw2Z6_bb6fTaMwvNGaJFD"},
         }) {
        const content_names names = names_of(each.content);
        EXPECT_EQ(names.md5, each.md5);
        EXPECT_EQ(names.qetag, each.qetag);
        EXPECT_EQ(names.size, each.content.size());
    }
}

TEST(content_digest, does_not_depend_on_the_pieces) {
    const std::string content(5'000'000, 'x');
    const content_names whole = names_of(content);
    for (const std::size_t piece : {1'000'003UL, 4'194'304UL, 4'194'305UL}) {
        content_digest digest;
        for (std::size_t at = 0; at < content.size(); at += piece) {
            digest.update(std::string_view(content).substr(at, piece));
        }
        const content_names names = digest.finish();
        EXPECT_EQ(names.md5, whole.md5);
        EXPECT_EQ(names.qetag, whole.qetag);
    }
}

TEST(part_digest, md5) {
    part_digest digest;
    digest.update(fox.substr(0, 10));
    digest.update(fox.substr(10));
    EXPECT_EQ(digest.finish(), "9e107d9d372bb6826bd81d3542a419d6");
}

TEST(base64, encodes_as_urls_have_it) {
    EXPECT_EQ(encode_base64url("", true), "");
    EXPECT_EQ(encode_base64url("f", true), "Zg==");
    EXPECT_EQ(encode_base64url("f", false), "Zg");
    EXPECT_EQ(encode_base64url("fo", true), "Zm8=");
    EXPECT_EQ(encode_base64url("foo", true), "Zm9v");
    EXPECT_EQ(encode_base64url("\xfb\xff", true), "-_8=");
    EXPECT_EQ(encode_base64url("9e107d9d372bb6826bd81d3542a419d6.png", true),
              "OWUxMDdkOWQzNzJiYjY4MjZiZDgxZDM1NDJhNDE5ZDYucG5n");
    EXPECT_EQ(encode_base64url("disk/9e107d9d372bb6826bd81d3542a419d6.txt", true),
              "ZGlzay85ZTEwN2Q5ZDM3MmJiNjgyNmJkODFkMzU0MmE0MTlkNi50eHQ=");
}

TEST(base64, decodes_both_alphabets_with_and_without_padding) {
    EXPECT_EQ(decode_base64("-_8="), "\xfb\xff");
    EXPECT_EQ(decode_base64("+/8"), "\xfb\xff");
    EXPECT_EQ(decode_base64("Zg"), "f");
    EXPECT_EQ(decode_base64(""), "");
    EXPECT_EQ(decode_base64("Z"), std::nullopt);
    EXPECT_EQ(decode_base64("Zm9v!"), std::nullopt);
    const std::string bytes = every_byte();
    EXPECT_EQ(decode_base64(encode_base64url(bytes, false)), bytes);
}

} // namespace
} // namespace yunhu::storage
