// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A state that is kept on disk.

#include "fixture.hpp"

#include "support/process.hpp"

#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

class state_file_test : public ::testing::Test {
protected:
    std::unique_ptr<emulator> start(std::vector<account> accounts = {account("2", "ben", "token-of-ben")}) {
        emulator_options options;
        options.state_dir = folder_ / "state";
        options.accounts = std::move(accounts);
        return std::make_unique<emulator>(options);
    }
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return folder_ / "state" / name; }

    const chat big = group("big");

private:
    temporary_directory folder_;
};

TEST_F(state_file_test, the_next_emulator_has_the_same_ca_and_messages) {
    auto server = start();
    const std::string ca = server->ca_pem();
    const std::string edited = server->say("7356666", big, "one").msg_id;
    const std::string recalled = server->say("2", big, "two").msg_id;
    const std::string erased = server->say("2", big, "three").msg_id;
    server->say("2", user("7356666"), "private");
    server->edit(edited, "changed");
    server->recall(recalled);
    server->erase(big, erased);
    const std::vector<message> before = server->messages(big);
    server.reset();

    server = start();
    EXPECT_EQ(server->ca_pem(), ca);
    EXPECT_EQ(server->messages(big), before);
    ASSERT_EQ(before.size(), 2U);
    EXPECT_EQ(server->messages(big)[0].content->text, "changed");
    EXPECT_EQ(server->messages(big)[0].direction, "right");
    EXPECT_EQ(server->messages(user("2")).at(0).content->text, "private");
    EXPECT_EQ(server->say("2", big, "four").msg_seq, 4U); // that of the erased one is not reused
    http_client client(server->port(), ca);
    client.send(
        valid_request("list-message-edit-record", json_type, R"({"msgId":")" + edited + R"(","size":10,"page":1})"));
    EXPECT_EQ(json::parse(client.read().body).at("data").at("total"), 1);
}

TEST_F(state_file_test, a_line_that_was_cut_off_is_forgotten) {
    auto server = start();
    server->say("2", big, "one");
    server.reset();
    std::ofstream(file("messages.jsonl"), std::ios::app) << R"({"type":2,"first":"b)";
    server = start();
    server->say("2", big, "two");
    server.reset();
    server = start();
    EXPECT_EQ(server->messages(big).size(), 2U);
}

TEST_F(state_file_test, another_file_is_refused) {
    start().reset();
    std::ofstream(file("messages.jsonl")) << "hello\n";
    EXPECT_THROW(start(), std::runtime_error);
    std::ifstream in(file("messages.jsonl"));
    std::string line;
    std::getline(in, line);
    EXPECT_EQ(line, "hello");
}

TEST_F(state_file_test, a_folder_has_one_emulator) {
    const auto server = start();
    EXPECT_THROW(start(), std::runtime_error);
}

TEST_F(state_file_test, the_messages_and_the_key_are_private) {
    auto server = start();
    server->say("2", big, "one");
    for (const char* name : {"messages.jsonl", "key.pem"}) {
        struct stat found {};
        ASSERT_EQ(::stat(file(name).c_str(), &found), 0) << name;
        EXPECT_EQ(found.st_mode & 0777U, 0600U) << name;
    }
}

TEST_F(state_file_test, the_messages_of_an_account_that_is_gone_stay) {
    auto server = start();
    server->say("2", big, "one");
    server.reset();
    server = start({});
    EXPECT_EQ(server->messages(big).at(0).direction, "left");
    EXPECT_EQ(server->messages(big).at(0).sender.chat_id, "2");
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
