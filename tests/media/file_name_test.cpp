// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/file_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace yunhu::storage {
namespace {

TEST(safe_file_name, has_no_folder_and_no_control) {
    EXPECT_EQ(safe_file_name("a.txt"), "a.txt");
    EXPECT_EQ(safe_file_name("../../etc/passwd"), "passwd");
    EXPECT_EQ(safe_file_name("C:\\x\\a.txt"), "a.txt");
    EXPECT_EQ(safe_file_name("a\nb\x1b[31m.txt"), "a_b_[31m.txt");
    EXPECT_EQ(safe_file_name("你好.txt"), "你好.txt");
    EXPECT_EQ(safe_file_name("a\xe2\x80\xaetxt.exe"), "atxt.exe"); // right-to-left override
    EXPECT_EQ(safe_file_name("a\xff.txt"), "a_.txt");
    EXPECT_EQ(safe_file_name("con<>:\"|?*.txt"), "con_______.txt");
    EXPECT_EQ(safe_file_name("--help"), "help");
    EXPECT_EQ(safe_file_name(".bashrc"), "bashrc");
}

TEST(safe_file_name, nothing_usable_is_empty) {
    for (const char* name : {"", ".", "..", "/", "a/", "...", " "}) {
        EXPECT_EQ(safe_file_name(name), "") << name;
    }
}

TEST(safe_file_name, is_cut_between_characters_and_keeps_the_suffix) {
    std::string name;
    for (int i = 0; i < 100; ++i) {
        name += "你";
    }
    const std::string cut = safe_file_name(name + ".txt");
    EXPECT_LE(cut.size(), 200U);
    EXPECT_TRUE(cut.ends_with("你.txt")) << cut;
}

TEST(disposition, file_name) {
    EXPECT_EQ(disposition_file_name(R"(attachment; filename="a b.txt")"), "a b.txt");
    EXPECT_EQ(disposition_file_name("attachment; filename=a.txt; x=y"), "a.txt");
    EXPECT_EQ(disposition_file_name("attachment; filename=\"a.txt\"; filename*=UTF-8''%E4%BD%A0.txt"), "你.txt");
    EXPECT_EQ(disposition_file_name("attachment; filename*=utf-8'zh'%E4%BD%A0; filename=a"), "你");
    EXPECT_EQ(disposition_file_name("attachment; filename*=gbk''%C4%E3; filename=a"), "a");
    EXPECT_EQ(disposition_file_name(R"(attachment; filename="a\"b;c.txt"; z=1)"), "a\"b;c.txt");
    for (const char* header : {"", "attachment", "inline; x", "attachment; filename=\"", "; = ; filename*=''"}) {
        EXPECT_EQ(disposition_file_name(header), "") << header;
    }
}

TEST(suffix, is_short_and_plain) {
    EXPECT_EQ(suffix_of("a.PNG"), "png");
    EXPECT_EQ(suffix_of("a.jpeg"), "jpg");
    EXPECT_EQ(suffix_of("x/a.b.mp4"), "mp4");
    for (const char* name : {"", "a", ".bashrc", "a.", "a.b c", "a.verylongsuffix", "a.tx\n"}) {
        EXPECT_EQ(suffix_of(name), "") << name;
    }
}

TEST(percent_decode, keeps_what_is_no_escape) {
    EXPECT_EQ(percent_decode("%41%zz%4"), "A%zz%4");
}

} // namespace
} // namespace yunhu::storage
