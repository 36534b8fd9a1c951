// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu tail`: follows a chat.

#include "program_test.hpp"
#include "support/terminal_process.hpp"

#include <gmock/gmock.h>

#include <csignal>

namespace {

using ::testing::HasSubstr;
using yunhu::testing::fault;

std::string text_in(const std::optional<std::string>& line) {
    return line ? std::string(json::parse(*line).at("content").at("text").as_string()) : "(the end)";
}

class TailTest : public ProgramTest {
protected:
    [[nodiscard]] std::vector<std::string> tail(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {PROGRAM_YUNHU, "tail", "--chat", "group:big", "--interval", "10"});
        return arguments;
    }
};

TEST_F(TailTest, PrintsTheNewestAndThenWhatComesAndEndsWithCtrlC) {
    deliver(yunhu::group("big"), 1, 5);
    process program(tail({"-n", "2", "--jsonl"}), environment());
    EXPECT_EQ(text_in(program.read_line()), "number 4");
    EXPECT_EQ(text_in(program.read_line()), "number 5");
    for (int i = 6; i < 9; ++i) {
        deliver(yunhu::group("big"), i, 1);
        const auto line = program.read_line();
        EXPECT_EQ(text_in(line), "number " + std::to_string(i));
        EXPECT_EQ(json::parse(line.value_or("{}")).at("chat"), "group:big");
    }
    program.send_signal(SIGINT);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.out, "");
    EXPECT_EQ(end.err, "");
}

TEST_F(TailTest, CtrlCEndsItInTheMiddleOfACallToo) {
    fault f;
    f.what = fault::action::stall;
    f.endpoint = "list-message-by-seq";
    server().inject(f);
    process program(tail(), environment());
    ASSERT_TRUE(server().wait_until([&] { return server().requests() >= 2; }, std::chrono::minutes(1)));
    program.send_signal(SIGTERM);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.err, "");
}

TEST_F(TailTest, FillsTheGapWhenMoreCameThanOneReplyHolds) {
    deliver(yunhu::group("big"), 1, 1);
    process program(tail({"--jsonl"}), environment());
    EXPECT_EQ(text_in(program.read_line()), "number 1");
    program.send_signal(SIGSTOP); // no look-up while the messages arrive
    deliver(yunhu::group("big"), 2, 199);
    program.send_signal(SIGCONT);
    for (int i = 2; i <= 200; ++i) {
        ASSERT_EQ(text_in(program.read_line()), "number " + std::to_string(i));
    }
    program.send_signal(SIGINT);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.out, "");
}

TEST_F(TailTest, BeginsWhereItIsTold) {
    deliver(yunhu::group("big"), 1, 120);
    process program(tail({"--jsonl", "--since", "3"}), environment());
    for (int i = 4; i <= 120; ++i) {
        ASSERT_EQ(text_in(program.read_line()), "number " + std::to_string(i));
    }
    program.send_signal(SIGINT);
    EXPECT_EQ(program.wait().exit_code, 0);
}

TEST_F(TailTest, WaitsInAnEmptyChat) {
    process program(tail({"--json"}), environment());
    ASSERT_TRUE(server().wait_until([&] { return server().requests() >= 2; }, std::chrono::minutes(1)));
    deliver(yunhu::group("big"), 1, 1);
    EXPECT_EQ(text_in(program.read_line()), "number 1");
}

TEST_F(TailTest, GoesOnAfterTroubleAndSaysSo) {
    deliver(yunhu::group("big"), 1, 1);
    process program(tail({"--jsonl", "--attempts", "1"}), environment());
    EXPECT_EQ(text_in(program.read_line()), "number 1");
    fault f;
    f.status = 503;
    f.times = 3;
    server().inject(f);
    const std::uint64_t before = server().requests();
    ASSERT_TRUE(server().wait_until([&] { return server().requests() >= before + 4; }, std::chrono::minutes(1)));
    deliver(yunhu::group("big"), 2, 1);
    EXPECT_EQ(text_in(program.read_line()), "number 2");
    program.send_signal(SIGINT);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_THAT(end.err, HasSubstr("server_error"));
    const std::string notice = "keeps retrying";
    EXPECT_THAT(end.err, HasSubstr(notice));
    EXPECT_EQ(end.err.find(notice), end.err.rfind(notice)); // once, not each time
}

TEST_F(TailTest, GivesUpWhereTryingHelpsNobody) {
    EXPECT_EQ(run(tail({"--token", "wrong-0ne"}), environment()).exit_code, 4);
    EXPECT_EQ(run(tail({"--base-url", "https://127.0.0.1:1"}), environment()).exit_code, 5);
    const finished end = yunhu_program({"tail", "--chat", "big"});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("TYPE:ID"));
}

TEST_F(TailTest, OnATerminalItIsALineEach) {
    deliver(yunhu::group("big"), 1, 1);
    terminal_process program(tail(), environment());
    EXPECT_THAT(program.read_until("number 1\r\n"), HasSubstr("N [text] number 1"));
    program.type("\x03");
    EXPECT_EQ(program.wait().exit_code, 0);
}

} // namespace
