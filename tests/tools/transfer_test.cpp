// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "program_test.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// yunhu upload and yunhu download, against the emulator's storage.
namespace {

using ::testing::HasSubstr;

const std::string png = std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02", 24) + "picture";

class TransferTest : public ProgramTest {
protected:
    [[nodiscard]] std::string everything_here() const { return "*=127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::string write(const std::string& name, const std::string& bytes) const {
        const std::filesystem::path path = directory() / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }
    void SetUp() override { port_ = server().port(); }

private:
    unsigned port_ = 0;
};

TEST_F(TransferTest, APictureInAChatByOneCommand) {
    const finished end =
        yunhu_program({"upload", write("cat.png", png), "--chat", "group:big", "--connect-to", everything_here()});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    const auto messages = server().messages(yunhu::group("big"));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].content_type, yunhu::content_type::image);
    EXPECT_EQ(server().stored_media("chat68", messages[0].content->image), png);
}

TEST_F(TransferTest, UploadPrintsTheKeyAndDownloadThePath) {
    const json::object up = reply({"upload", write("a.txt", "text"), "--connect-to", everything_here()});
    const std::string key(up.at("key").as_string());
    EXPECT_EQ(up.at("kind").as_string(), "file");
    EXPECT_EQ(server().stored_media("chat68-file", key), "text");
    const std::string to = (directory() / "copy.txt").string();
    const json::object down = reply({"download", key, to, "--kind", "file", "--connect-to", everything_here()});
    EXPECT_EQ(down.at("path").as_string(), to);
    std::ifstream in(to, std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "text");
}

TEST_F(TransferTest, WhatIsRefused) {
    EXPECT_THAT(std::string(error(2, {"upload", (directory() / "nothing").string()}).at("detail").as_string()),
                HasSubstr("can't be read"));
    EXPECT_EQ(error(2, {"download", "https://evil.example/a"}).at("kind").as_string(), "invalid_request");
    EXPECT_EQ(yunhu_program({"upload", write("a", "a"), "--connect-to", "here"}).exit_code, 2);
    EXPECT_EQ(yunhu_program({"upload", write("a", "a"), "--kind", "song"}).exit_code, 2);
    EXPECT_EQ(server().requests(), 0U);
}

} // namespace
