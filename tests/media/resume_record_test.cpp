// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/resume_record.hpp"

#include <gtest/gtest.h>

namespace yunhu::storage {
namespace {

resume_record example() {
    resume_record made;
    made.bucket = "chat68";
    made.key = "k.png";
    made.md5 = "9e107d9d372bb6826bd81d3542a419d6";
    made.size = 10'000'000;
    made.part_size = 4'194'304;
    made.host = "up-z2.qiniup.com";
    made.upload_id = "u1";
    made.expires = 1'000'000;
    made.parts = {{2, "b", "", 0}, {1, "a", "", 0}};
    return made;
}

TEST(resume_record, round_trip) {
    const auto read = parse_resume_record(to_text(example()));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, example());
}

TEST(resume_record, what_is_inconsistent_is_none) {
    const auto spoilt = [](auto spoil) {
        resume_record made = example();
        spoil(made);
        return parse_resume_record(to_text(made));
    };
    EXPECT_FALSE(spoilt([](resume_record& r) { r.host = "evil.example"; }));
    EXPECT_FALSE(spoilt([](resume_record& r) { r.part_size = 0; }));
    EXPECT_FALSE(spoilt([](resume_record& r) { r.upload_id = "a/../b"; }));
    EXPECT_FALSE(spoilt([](resume_record& r) { r.parts[0].number = 4; }));
    EXPECT_FALSE(spoilt([](resume_record& r) { r.parts[0].number = 0; }));
    EXPECT_FALSE(spoilt([](resume_record& r) { r.parts[0].number = 1; }));
    EXPECT_FALSE(spoilt([](resume_record& r) { r.parts[0].etag.clear(); }));
    EXPECT_FALSE(parse_resume_record(""));
    EXPECT_FALSE(parse_resume_record("{}"));
    std::string text = to_text(example());
    text.resize(text.size() / 2); // a process that was killed while it wrote
    EXPECT_FALSE(parse_resume_record(text));
}

TEST(resume_record, is_of_one_content_and_expires) {
    const resume_record r = example();
    const auto fits = [&r](std::string_view bucket, std::string_view key, std::string_view md5, std::uint64_t size,
                           std::uint64_t now) { return continues(r, bucket, key, md5, size, now); };
    EXPECT_TRUE(fits("chat68", "k.png", r.md5, r.size, 0));
    EXPECT_FALSE(fits("chat68-file", "k.png", r.md5, r.size, 0));
    EXPECT_FALSE(fits("chat68", "other.png", r.md5, r.size, 0));
    EXPECT_FALSE(fits("chat68", "k.png", "d41d8cd98f00b204e9800998ecf8427e", r.size, 0));
    EXPECT_FALSE(fits("chat68", "k.png", r.md5, r.size - 1, 0));
    EXPECT_FALSE(fits("chat68", "k.png", r.md5, r.size, 1'000'000));
}

} // namespace
} // namespace yunhu::storage
