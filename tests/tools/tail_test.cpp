// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu tail`: follows a chat.

#include "program_test.hpp"
#include "support/terminal_process.hpp"
#include "tail_policy.hpp"

#include <gmock/gmock.h>

#include <boost/asio/error.hpp>

#include <chrono>
#include <csignal>
#include <optional>

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

// What a gateway or a change on the server's side brings for a while; the handbook's "once: treat it as transient".
TEST_F(TailTest, GoesOnAfterAnswersThatPass) {
    deliver(yunhu::group("big"), 1, 1);
    process program(tail({"--jsonl", "--attempts", "1"}), environment());
    EXPECT_EQ(text_in(program.read_line()), "number 1");
    int number = 1;
    for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{{200, "<html>maintenance</html>"},
                                                                               {200, ""},
                                                                               {302, ""},
                                                                               {403, ""},
                                                                               {404, "not found"},
                                                                               {429, ""},
                                                                               {503, "<html/>"}}) {
        fault f;
        f.endpoint = "list-message-by-seq";
        f.status = status;
        f.body = body;
        f.times = 2;
        server().inject(f);
        const std::uint64_t before = server().requests();
        ASSERT_TRUE(server().wait_until([&] { return server().requests() >= before + 2; }, std::chrono::minutes(1)))
            << status;
        deliver(yunhu::group("big"), ++number, 1);
        ASSERT_EQ(text_in(program.read_line()), "number " + std::to_string(number)) << status;
    }
    program.send_signal(SIGINT);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0) << end.err;
    std::size_t notices = 0;
    for (std::size_t at = 0; (at = end.err.find("keeps retrying", at)) != std::string::npos; ++at) {
        ++notices;
    }
    EXPECT_EQ(notices, 7U) << end.err; // once for each trouble
}

TEST(TailPolicy, OnlyARefusalOfTheApiIsFinal) {
    using yunhu::errc;
    const auto failed = [](errc code, int status = 0, std::optional<std::int64_t> api_code = std::nullopt) {
        yunhu::failure f;
        f.code = code;
        f.http_status = status;
        f.api_code = api_code;
        return f;
    };
    for (const yunhu::failure& f : {failed(errc::invalid_request), failed(errc::client_closed),
                                    failed(errc::refused, 200, 2), failed(errc::bad_request, 200, 1100),
                                    failed(errc::not_authenticated, 200, -101), failed(errc::not_authenticated, 401)}) {
        EXPECT_TRUE(cli::is_final(f)) << f;
    }
    for (const yunhu::failure& f : {failed(errc::certificate_rejected), // renewed late
                                    failed(errc::tls_failed),
                                    failed(errc::resolve_failed),
                                    failed(errc::connect_failed),
                                    failed(errc::circuit_open),
                                    failed(errc::overloaded),
                                    failed(errc::timed_out),
                                    failed(errc::connection_lost),
                                    failed(errc::incomplete_response),
                                    failed(errc::malformed_response),
                                    failed(errc::header_limit),
                                    failed(errc::body_limit),
                                    failed(errc::not_authenticated, 403),
                                    failed(errc::bad_request, 400),
                                    failed(errc::throttled, 429),
                                    failed(errc::server_error, 503),
                                    failed(errc::unexpected_status, 302),
                                    failed(errc::unexpected_status, 404),
                                    failed(errc::empty_response, 200),
                                    failed(errc::bad_response, 200)}) {
        EXPECT_FALSE(cli::is_final(f)) << f;
    }
    yunhu::failure cancelled;
    cancelled.code = boost::asio::error::operation_aborted;
    EXPECT_TRUE(cli::is_final(cancelled));
}

TEST(TailPolicy, TriesEverMoreRarely) {
    using namespace std::chrono_literals;
    EXPECT_EQ(cli::pause_after(1s, 0), 1s);
    EXPECT_EQ(cli::pause_after(1s, 1), 2s);
    EXPECT_EQ(cli::pause_after(1s, 3), 8s);
    EXPECT_EQ(cli::pause_after(1s, 6), 60s);
    EXPECT_EQ(cli::pause_after(10ms, 4'000'000'000), 60s);
    EXPECT_EQ(cli::pause_after(10min, 5), 10min);
}

TEST_F(TailTest, EndsWhenTheApiRefuses) {
    for (const auto& [body, exit_code] : std::vector<std::pair<std::string, int>>{
             {std::string("\x0A\x04\x10\x02\x1A\x00", 6), 3},                                         // code 2
             {std::string("\x0A\x0D\x10\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x1A\x00", 15), 4}}) { // code -101
        fault f;
        f.endpoint = "list-message-by-seq";
        f.status = 200;
        f.body = body;
        server().inject(f);
        const finished end = run(tail(), environment());
        EXPECT_EQ(end.exit_code, exit_code) << end.err;
        server().clear_faults();
    }
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

TEST_F(TailTest, OnATerminalALineDoesNotWrap) {
    for (int i = 1; i <= 3; ++i) {
        yunhu::message m;
        m.msg_id = "0123456789abcdef0123456789abcde" + std::to_string(i);
        m.content_type = yunhu::content_type::text;
        m.content->text = "begins" + std::string(300, 'x');
        m.sender.name = "N";
        server().deliver(yunhu::group("big"), m);
    }
    for (const unsigned short columns : std::vector<unsigned short>{80, 110}) {
        terminal_process program(tail(), environment(), columns);
        for (int i = 1; i <= 3; ++i) {
            const std::string line = program.read_until("\r\n");
            EXPECT_THAT(line, HasSubstr("N [text] begins"));
            EXPECT_THAT(line, testing::EndsWith("...\r\n"));
            EXPECT_EQ(line.size(), columns + 2U);
            EXPECT_EQ(line.find("0123456789abcdef") != std::string::npos, columns >= 110); // the id, if it fits
        }
    }
}

} // namespace
