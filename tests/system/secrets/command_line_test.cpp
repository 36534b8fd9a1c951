// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support/process.hpp"

#include <yunhu/testing/emulator.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

// A token on the command line or in the environment of an installed program, as other processes see it.
namespace yunhu::test {
namespace {

const std::string token = "t0ken-that-must-not-leak";

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// The process whose command line begins with that program, among the children of this one.
std::optional<std::filesystem::path> child_running(const std::string& program) {
    const std::string parent = std::to_string(getpid());
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string status = content_of(entry.path() / "status");
        if (status.find("\nPPid:\t" + parent + '\n') != std::string::npos &&
            content_of(entry.path() / "cmdline").starts_with(program + '\0')) {
            return entry.path();
        }
    }
    return std::nullopt;
}

void expect_hidden(const std::string& program, const std::string& argument) {
    const auto found = child_running(program);
    ASSERT_TRUE(found) << program;
    const std::string line = content_of(*found / "cmdline");
    const std::string environment = content_of(*found / "environ");
    EXPECT_NE(line.find(argument), std::string::npos) << "the command line must be its own";
    EXPECT_EQ(line.find(token.substr(1)), std::string::npos);
    EXPECT_EQ(environment.find(token.substr(1)), std::string::npos);
}

struct way {
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
};

const std::vector<way>& ways() {
    static const std::vector<way> all{
        {{"--token", token}, {}}, {{"--token=" + token}, {}}, {{}, {"YUNHU_TOKEN=" + token}}};
    return all;
}

TEST(command_line, of_the_program_hides_the_token) {
    const temporary_directory folder;
    testing::emulator_options options;
    options.token = token;
    options.ca_out = folder / "ca.pem";
    testing::emulator server(options);
    for (const way& each : ways()) {
        std::vector<std::string> command{PROGRAM_YUNHU,     "batch",     "--base-url",
                                         server.base_url(), "--ca-file", options.ca_out.string()};
        command.insert(command.end(), each.arguments.begin(), each.arguments.end());
        process program(command, each.environment);
        program.write("{\"call\":\"list-message\",\"chat\":\"group:big\",\"msg_count\":1}\n");
        const std::string answer = program.read_line().value_or(""); // the token was accepted
        EXPECT_NE(answer.find("\"code\":1"), std::string::npos) << answer;
        expect_hidden(PROGRAM_YUNHU, "batch");
        program.close_input();
        EXPECT_EQ(program.wait().exit_code, 0);
    }
}

TEST(command_line, of_the_emulator_hides_the_token) {
    for (const way& each : ways()) {
        std::vector<std::string> command{PROGRAM_EMULATOR, "--port", "0"};
        command.insert(command.end(), each.arguments.begin(), each.arguments.end());
        process program(command, each.environment);
        EXPECT_TRUE(program.read_line().value_or("").starts_with("listening on "));
        expect_hidden(PROGRAM_EMULATOR, "--port");
        program.send_signal(SIGTERM);
        EXPECT_EQ(program.wait().exit_code, 0);
    }
}

} // namespace
} // namespace yunhu::test
