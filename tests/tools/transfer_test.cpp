// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "program_test.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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

TEST_F(TransferTest, SendMessageUploads) {
    const auto sent = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"send-message", "--chat", "group:big", "--connect-to", everything_here()});
        const std::string id(reply(std::move(arguments)).at("msg_id").as_string());
        for (const yunhu::message& m : server().messages(yunhu::group("big"))) {
            if (m.msg_id == id) {
                return m;
            }
        }
        return yunhu::message();
    };
    const std::string picture = write("cat.png", png);
    const yunhu::message image =
        sent({"--upload", picture, "--mentioned-id", "7", "--msg-id", "00112233445566778899aabbccddeeff"});
    EXPECT_EQ(image.content_type, yunhu::content_type::image);
    EXPECT_EQ(image.msg_id, "00112233445566778899aabbccddeeff");
    EXPECT_EQ(image.content->mentioned_id, std::vector<std::string>{"7"});
    EXPECT_EQ(server().stored_media("chat68", image.content->image), png);
    const yunhu::message file = sent({"--upload", picture, "--content-type", "file", "--file-name", "a picture.png"});
    EXPECT_EQ(file.content_type, yunhu::content_type::file);
    EXPECT_EQ(file.content->file_name, "a picture.png");
    EXPECT_EQ(file.content->file_size, png.size());
    EXPECT_EQ(server().stored_media("chat68-file", file.content->file_url), png);
}

TEST_F(TransferTest, SendMessageRefusesWhatContradictsTheUpload) {
    const std::string picture = write("cat.png", png);
    const auto detail = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"send-message", "--upload", picture});
        return std::string(error(2, std::move(arguments)).at("detail").as_string());
    };
    EXPECT_EQ(detail({"--chat", "group:big", "--text", "x"}), "text: must not be given with upload");
    EXPECT_EQ(detail({"--chat", "group:big", "--media-file-key", "x"}),
              "media_file_key: must not be given with upload");
    EXPECT_THAT(detail({"--chat", "group:big", "--content-type", "text"}), HasSubstr("content_type: must be image"));
    EXPECT_THAT(detail({"--chat", "big"}), HasSubstr("must be TYPE:ID"));
    EXPECT_EQ(server().requests(), 0U);
}

std::string bytes_in(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Ctrl-C when the file has that text.
void interrupt_at(process& program, const std::filesystem::path& file, const std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (bytes_in(file).find(text) == std::string::npos) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "nothing to interrupt";
        std::this_thread::yield();
    }
    program.send_signal(SIGINT);
}

TEST_F(TransferTest, CtrlCLeavesAnUploadThatGoesOn) {
    constexpr std::size_t part = 4U << 20U;
    const std::string file = write("big.bin", std::string(3 * part + 1, 'x'));
    const std::filesystem::path record = directory() / "record";
    const std::vector<std::string> arguments{PROGRAM_YUNHU,  "upload",         file, "--resume", record.string(),
                                             "--connect-to", everything_here()};
    yunhu::testing::fault stalls;
    stalls.endpoint = "/buckets/*";
    stalls.what = yunhu::testing::fault::action::stall;
    stalls.nth = 4; // after the beginning and two parts, of which one at least is recorded
    server().inject(stalls);
    process program(arguments, environment());
    interrupt_at(program, record, "\"etag\"");
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 130) << end.out << end.err;
    ASSERT_TRUE(std::filesystem::exists(record));
    server().clear_faults();
    server().clear_journal();
    const finished again = run(arguments, environment());
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_FALSE(std::filesystem::exists(record));
    // What the first program had sent when it ended may be journaled after it: the second begins with the limits.
    std::vector<std::string> requests;
    for (const auto& each : server().journal()) {
        requests.push_back(each.method + " " + each.target);
    }
    const auto begun = std::ranges::find(requests, "GET /v1/misc/setting");
    const auto parts = std::count_if(begun, requests.end(), [](const auto& each) { return each.starts_with("PUT "); });
    EXPECT_LT(parts, 4);
    EXPECT_GT(parts, 0);
}

TEST_F(TransferTest, CtrlCLeavesADownloadThatGoesOn) {
    const std::string content(4'000'000, 'y');
    server().store_media("chat68-file", "big.bin", content, "");
    const std::filesystem::path to = directory() / "copy";
    std::vector<std::string> arguments{PROGRAM_YUNHU,  "download",        "big.bin",      to.string(),
                                       "--connect-to", everything_here(), "--limit-rate", "1000000"};
    process program(arguments, environment());
    interrupt_at(program, directory() / ".copy.part", "y");
    EXPECT_EQ(program.wait().exit_code, 130);
    EXPECT_FALSE(std::filesystem::exists(to));
    const json::object end = reply({"download", "big.bin", to.string(), "--connect-to", everything_here()});
    EXPECT_GT(end.at("resumed").to_number<std::uint64_t>(), 0U);
    EXPECT_TRUE(bytes_in(to) == content);
}

class MediaHistoryTest : public TransferTest {
protected:
    void SetUp() override {
        TransferTest::SetUp();
        yunhu::message m;
        m.content_type = yunhu::content_type::image;
        m.content->image = "cat.png";
        server().store_media("chat68", "cat.png", png, "image/png");
        server().deliver(yunhu::group("big"), m);
        deliver(yunhu::group("big"), 2, 1);
        yunhu::message f;
        f.content_type = yunhu::content_type::file;
        f.content->file_url = "disk/k.pdf";
        f.content->file_name = "../../.\u202e报告.pdf";
        server().store_media("chat68-file", "disk/k.pdf", "pages", "");
        server().deliver(yunhu::group("big"), f);
    }
    [[nodiscard]] std::filesystem::path folder() const { return directory() / "media"; }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& each : std::filesystem::directory_iterator(folder())) {
            all.push_back(each.path().filename().string());
        }
        std::ranges::sort(all);
        return all;
    }
    [[nodiscard]] std::vector<std::string> history(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"history", "--chat", "group:big", "--media", folder().string(), "--jsonl",
                                   (directory() / "big.jsonl").string(), "--connect-to", everything_here()});
        return more;
    }
};

TEST_F(MediaHistoryTest, MediaIntoAFolderByNamesThatAreSafe) {
    const json::object end = reply(history());
    EXPECT_EQ(end, (json::object{{"messages", 3}, {"added", 3}, {"media", 2}}));
    EXPECT_EQ(names(), (std::vector<std::string>{"1-cat.png", "3-报告.pdf"}));
    EXPECT_EQ(bytes_in(folder() / "1-cat.png"), png);
    EXPECT_EQ(bytes_in(folder() / "3-报告.pdf"), "pages");
}

TEST_F(MediaHistoryTest, GoesOnWhereItStopped) {
    yunhu::testing::fault lost;
    lost.endpoint = "/cat.png";
    lost.what = yunhu::testing::fault::action::close_before;
    lost.nth = 0;
    server().inject(lost);
    // The newest is there, the oldest is not: the message is not in the file either.
    EXPECT_EQ(error(5, history()).at("kind").as_string(), "connection_lost");
    EXPECT_EQ(names(), std::vector<std::string>{"3-报告.pdf"});
    server().clear_faults();
    std::filesystem::remove(folder() / "3-报告.pdf"); // as if the file had been written without --media
    EXPECT_EQ(reply(history()).at("media"), 2);
    EXPECT_EQ(names().size(), 2U);
    EXPECT_EQ(bytes_in(folder() / "1-cat.png"), png);
    server().clear_journal();
    EXPECT_EQ(reply(history()).at("media"), 0);
    for (const auto& each : server().journal()) {
        EXPECT_TRUE(each.target.starts_with("/v1/")) << each.target;
    }
}

TEST_F(MediaHistoryTest, WhatTheServiceDoesNotHaveIsNamed) {
    yunhu::message gone;
    gone.content_type = yunhu::content_type::image;
    gone.content->image = "gone.png";
    server().deliver(yunhu::group("big"), gone);
    yunhu::message forged;
    forged.content_type = yunhu::content_type::image;
    forged.content->image = "https://evil.example/a.png";
    server().deliver(yunhu::group("big"), forged);
    const finished end = yunhu_program(history());
    EXPECT_EQ(end.exit_code, 3) << end.err;
    EXPECT_THAT(end.err, HasSubstr("yunhu: left out: the media of message"));
    EXPECT_EQ(names().size(), 2U); // the others, and nothing half
    EXPECT_EQ(yunhu_program(history({"--media", "/proc/nothing"})).exit_code, 2);
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
