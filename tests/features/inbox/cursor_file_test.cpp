// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/cursor_text.hpp"

#include <yunhu/cursor_store.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace yunhu {
namespace {

namespace fs = std::filesystem;

/// A directory that is removed at the end.
struct folder {
    folder() {
        std::string name = (fs::temp_directory_path() / "yunhu-cursors-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        path = name;
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }

    fs::path path;
};

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
void write(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

inbox_cursors some() {
    inbox_cursors made;
    made.since = 1'767'225'600'000;
    made.chats = {{group("big"), 1234, 1'767'225'660'000},
                  {user("7654321"), 8, 5},
                  {chat(chat_type{77}, "a b%c\n\x7f\xe4\xba\x91"), 0, 18'446'744'073'709'551'615U}};
    return made;
}

TEST(cursor_file, without_a_file_there_are_no_cursors) {
    const folder in;
    cursor_file store(in.path / "cursors");
    EXPECT_EQ(store.load().value(), inbox_cursors());
    EXPECT_TRUE(fs::is_empty(in.path)) << "reading creates nothing";
}

TEST(cursor_file, a_round_trip) {
    const folder in;
    cursor_file(in.path / "cursors").save(some()).value();
    EXPECT_EQ(cursor_file(in.path / "cursors").load().value(), some());
    EXPECT_EQ(read(in.path / "cursors"), "yunhu-cursors 1 1767225600000\n"
                                         "2 1234 1767225660000 big\n"
                                         "1 8 5 7654321\n"
                                         "77 0 18446744073709551615 a%20b%25c%0A%7F\xe4\xba\x91\n"
                                         "end 3\n");
}

TEST(cursor_file, a_save_replaces_the_file) {
    const folder in;
    cursor_file store(in.path / "cursors");
    store.save(some()).value();
    inbox_cursors next;
    next.since = 7;
    store.save(next).value();
    EXPECT_EQ(store.load().value(), next);
    EXPECT_EQ(std::distance(fs::directory_iterator(in.path), {}), 1) << "nothing else remains";
}

TEST(cursor_file, only_its_owner_may_read_it) {
    const folder in;
    const mode_t before = ::umask(0);
    cursor_file(in.path / "cursors").save(some()).value();
    ::umask(before);
    struct stat status {};
    ASSERT_EQ(::stat((in.path / "cursors").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(cursor_file, the_rest_of_a_save_that_was_killed) {
    const folder in;
    write(in.path / "target", "precious");
    fs::create_symlink(in.path / "target", in.path / "cursors.new");
    cursor_file store(in.path / "cursors");
    store.save(some()).value();
    EXPECT_EQ(store.load().value(), some());
    EXPECT_EQ(read(in.path / "target"), "precious") << "a link is not followed";
}

void expect_refused(std::string_view text, std::string_view detail) {
    const folder in;
    write(in.path / "cursors", text);
    cursor_file store(in.path / "cursors");
    const auto loaded = store.load();
    ASSERT_FALSE(loaded) << text;
    EXPECT_EQ(loaded.error().code, errc::invalid_request);
    EXPECT_EQ(loaded.error().detail, "cursors: " + std::string(detail)) << text;
    const auto saved = store.save(some());
    ASSERT_FALSE(saved) << "a file that is not ours is not replaced";
    EXPECT_EQ(saved.error().detail, "cursors: " + std::string(detail));
    EXPECT_FALSE(cursor_file(in.path / "cursors").save(some())) << "also without a load before";
    EXPECT_EQ(read(in.path / "cursors"), text);
}

TEST(cursor_file, other_files_are_refused) {
    expect_refused("", "the file is not one of cursors");
    expect_refused("\n", "the file is not one of cursors");
    expect_refused("{\"a\":1}", "the file is not one of cursors");
    expect_refused("#!/bin/sh\n", "the file is not one of cursors");
    expect_refused("yunhu-cursors 2 0\nend 0\n", "the file is of another version");
}

TEST(cursor_file, damaged_files_are_refused) {
    expect_refused("yunhu-cursors 1 x\nend 0\n", "damaged at line 1");
    expect_refused("yunhu-cursors 1\nend 0\n", "damaged at line 1");
    expect_refused("yunhu-cursors 1 0\n2 1 1 big\n", "damaged at line 3");
    expect_refused("yunhu-cursors 1 0\n2 1 1 big\nend 2\n", "damaged at line 3");
    expect_refused("yunhu-cursors 1 0\n2 1 1 big\nend 1", "damaged at line 3");
    expect_refused("yunhu-cursors 1 0\nend 0\n2 1 1 big\n", "damaged at line 3");
    expect_refused("yunhu-cursors 1 0\nend\n", "damaged at line 2");
    expect_refused("yunhu-cursors 1 0\n2 -1 1 big\nend 1\n", "damaged at line 2");
    expect_refused("yunhu-cursors 1 0\n2 1 18446744073709551616 big\nend 1\n", "damaged at line 2");
    expect_refused("yunhu-cursors 1 0\n2 1 1\nend 1\n", "damaged at line 2");
    expect_refused("yunhu-cursors 1 0\n2 1 1 a b\nend 1\n", "damaged at line 2");
    expect_refused("yunhu-cursors 1 0\n2 1 1 a%2\nend 1\n", "damaged at line 2");
    expect_refused("yunhu-cursors 1 0\n2 1 1 a%zz\nend 1\n", "damaged at line 2");
}

TEST(cursor_file, every_cut_of_a_file_is_refused) {
    const std::string whole = detail::write_cursors(some());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(detail::read_cursors(std::string_view(whole).substr(0, size), 100)) << size;
    }
    EXPECT_TRUE(detail::read_cursors(whole, 3));
    EXPECT_EQ(detail::read_cursors(whole, 2).error().detail, "the file has too many chats");
}

TEST(cursor_file, only_regular_files) {
    const folder in;
    EXPECT_EQ(cursor_file(in.path).load().error().detail, "cursors: not a regular file");
    ASSERT_EQ(::mkfifo((in.path / "fifo").c_str(), 0600), 0);
    EXPECT_EQ(cursor_file(in.path / "fifo").load().error().detail, "cursors: not a regular file");
    const auto missing = cursor_file(in.path / "no" / "cursors").save(some());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().cause, boost::system::errc::no_such_file_or_directory);
}

TEST(cursor_file, a_failed_write_keeps_the_old_file) {
    const folder in;
    cursor_file store(in.path / "cursors");
    store.save(some()).value();
    // A directory in the place of the new file can be neither removed by unlink nor opened.
    fs::create_directory(in.path / "cursors.new");
    inbox_cursors next;
    next.since = 7;
    const auto saved = store.save(next);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().detail, "cursors: the file can't be written");
    EXPECT_TRUE(saved.error().cause);
    EXPECT_EQ(store.load().value(), some());
}

TEST(cursor_file, too_many_chats_are_not_written) {
    const folder in;
    inbox_cursors many;
    many.chats.resize(cursor_file::max_chats + 1);
    EXPECT_EQ(cursor_file(in.path / "cursors").save(many).error().detail, "cursors: more than 1000000 chats");
    EXPECT_TRUE(fs::is_empty(in.path));
}

} // namespace
} // namespace yunhu
