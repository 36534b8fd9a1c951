// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu batch`: one line in, one line out.

#include "program_test.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

namespace {

using ::testing::HasSubstr;
using yunhu::testing::fault;

std::vector<json::object> objects(const std::string& text) {
    std::vector<json::object> result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        result.push_back(json::parse(line).as_object());
    }
    return result;
}

std::string send_line(int tag) {
    return R"({"call":"send-message","chat":"group:big","text":"number )" + std::to_string(tag) + R"(","tag":)" +
           std::to_string(tag) + "}\n";
}

TEST_F(ProgramTest, BatchWithOneWorkerKeepsTheOrder) {
    std::string input;
    for (int i = 0; i < 20; ++i) {
        input += send_line(i);
    }
    const finished end = yunhu_program({"batch", "--concurrency", "1"}, input);
    EXPECT_EQ(end.exit_code, 0) << end.err;
    const auto lines = objects(end.out);
    ASSERT_EQ(lines.size(), 20U);
    const auto messages = server().messages(yunhu::group("big"));
    ASSERT_EQ(messages.size(), 20U);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        EXPECT_EQ(lines[i].at("tag"), i);
        EXPECT_EQ(lines[i].at("ok"), true);
        EXPECT_EQ(lines[i].at("result").at("status").at("code"), 1);
        EXPECT_EQ(lines[i].at("result").at("msg_id"), json::value(messages[i].msg_id));
        EXPECT_EQ(messages[i].content.text, "number " + std::to_string(i));
    }
    EXPECT_EQ(server().connections_accepted(), 1U);
}

TEST_F(ProgramTest, BatchRunsCallsAtOnce) {
    // None of the first four is answered before the fifth arrives.
    fault f;
    f.what = fault::action::stall;
    f.times = 4;
    server().inject(f);
    process program({PROGRAM_YUNHU, "batch", "--concurrency", "5", "--connections", "5"}, environment());
    for (int i = 0; i < 4; ++i) {
        program.write(send_line(i));
    }
    while (server().journal().size() < 4) {
        std::this_thread::yield();
    }
    program.write(send_line(4));
    EXPECT_EQ(json::parse(*program.read_line()).at("tag"), 4); // while input is open and others wait: flushed at once
    server().drop_connections();
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0) << end.err;
    const auto lines = objects(end.out);
    EXPECT_EQ(lines.size(), 4U);
    for (const json::object& line : lines) {
        EXPECT_EQ(line.at("ok"), false);
        EXPECT_EQ(line.at("error").at("kind"), "outcome_unknown");
        EXPECT_EQ(line.at("error").at("delivery"), "maybe_sent");
    }
}

TEST_F(ProgramTest, BatchKeepsToItsConnections) {
    std::string input;
    for (int i = 0; i < 300; ++i) {
        input += send_line(i);
    }
    const finished end = yunhu_program({"batch", "--concurrency", "50", "--connections", "3"}, input);
    std::set<std::uint64_t> tags;
    for (const json::object& line : objects(end.out)) {
        EXPECT_EQ(line.at("ok"), true);
        tags.insert(line.at("tag").to_number<std::uint64_t>());
    }
    EXPECT_EQ(tags.size(), 300U);
    EXPECT_EQ(server().messages(yunhu::group("big")).size(), 300U);
    EXPECT_LE(server().connections_accepted(), 3U);
}

TEST_F(ProgramTest, BatchAnswersEveryLineHoweverItLooks) {
    const std::string input = R"({"call":"list-message","chat":"group:big","msg_count":5,"tag":{"any":[1,null]}}

this is no JSON
["nor", "an", "object"]
{"tag":"t4"}
{"call":"no-such-call","tag":"t5"}
{"call":"list-message","chat":"group:big","msg_cuont":5,"tag":"t6"}
{"call":"list-message","chat":"group:big","msg_count":1.5,"tag":"t7"}
{"call":"list-message","chat":"group:big","msg_count":0,"tag":"t8"}
{"call":"list-message","chat":7,"tag":"t9"}
{"call":"recall-msg","chat":"group:big","msg_id":"m1","tag":"t10"}
{"call":"list-message","chat":"group:big","wait_ms":-1,"tag":"t11"}
{"call":"list-message","chat":"group:big"})";
    const finished end = yunhu_program({"batch", "--concurrency", "1"}, input);
    EXPECT_EQ(end.exit_code, 0) << end.err;
    const auto lines = objects(end.out);
    ASSERT_EQ(lines.size(), 12U);
    EXPECT_EQ(lines.front().at("tag"), json::parse(R"({"any":[1,null]})"));
    EXPECT_EQ(lines.front().at("result").at("total"), 0);
    EXPECT_TRUE(lines.back().at("tag").is_null());
    EXPECT_EQ(lines.back().at("ok"), true);

    const std::map<int, std::string> named{{1, "line"},      {2, "line"},      {3, "call"},
                                           {4, "call"},      {5, "msg_cuont"}, {6, "msg_count"},
                                           {7, "msg_count"}, {8, "chat"},      {10, "wait_ms"}};
    for (const auto& [i, field] : named) {
        const json::object& e = lines.at(static_cast<std::size_t>(i)).at("error").as_object();
        EXPECT_EQ(e.at("kind"), "invalid_request") << i;
        EXPECT_EQ(e.at("delivery"), "not_sent") << i;
        EXPECT_EQ(e.at("line"), i + 2) << i; // one was blank
        EXPECT_THAT(std::string(e.at("detail").as_string()), HasSubstr(field));
    }
    EXPECT_EQ(lines.at(3).at("tag"), "t4");
    EXPECT_EQ(lines.at(9).at("error").at("code"), -1);
    EXPECT_EQ(lines.at(9).at("error").at("msg_id"), "m1");
}

TEST_F(ProgramTest, BatchTakesFieldsHoweverTheApiWritesThem) {
    const std::string input =
        R"({"call":"send-message","chat":"group:big","content":{"text":"a","mentioned_id":["1"]},"msg_id":"m1"}
{"call":"send-message","chat_id":"big","chat_type":2,"content_type":"file","file_key":"k","file_size":"18446744073709551615","msg_id":"m2"}
{"call":"file-download-record","msgId":"m2","downloadPath":"/p"}
{"call":"msg-forward","msgId":"m2","chatType":2,"receive":["user:1",{"chatId":"2","chatType":1}]}
{"call":"send-message","chat":"group:big","content_type":2,"image":"i","media":{"file_key":"k","image_width":640},"command_id":9007199254740993}
{"call":"edit-message","chat":"group:big","msg_id":"m1","text":"b"}
{"call":"delete","chatId":"big","chatType":2,"msgId":"m1"}
)";
    const finished end = yunhu_program({"batch", "--concurrency", "1"}, input);
    for (const json::object& line : objects(end.out)) {
        EXPECT_EQ(line.at("ok"), true) << line;
    }
    const auto messages = server().messages(yunhu::group("big"));
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_EQ(messages[0].content.text, "b");
    EXPECT_EQ(messages[1].content.file_url, "k");
    EXPECT_EQ(messages[1].content.file_size, 18446744073709551615U);
    for (const char* id : {"1", "2"}) {
        EXPECT_EQ(server().messages(yunhu::user(id)).size(), 1U);
    }
}

TEST_F(ProgramTest, BatchReadsAFileToo) {
    const std::string path = (directory() / "calls.jsonl").string();
    std::ofstream(path) << send_line(1) << send_line(2);
    const finished end = run({"/bin/sh", "-c", "exec \"$0\" batch < \"$1\"", PROGRAM_YUNHU, path}, environment());
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(objects(end.out).size(), 2U);
}

TEST_F(ProgramTest, BatchLinesHaveDeadlinesOfTheirOwn) {
    fault f;
    f.what = fault::action::stall;
    server().inject(f);
    const finished end =
        yunhu_program({"batch"}, R"({"call":"list-message","chat":"group:big","timeout_ms":100,"tag":1})"
                                 "\n");
    EXPECT_EQ(objects(end.out).at(0).at("error").at("kind"), "timed_out");
}

TEST_F(ProgramTest, BatchWaitsBeforeALineWhenAsked) {
    const auto begin = std::chrono::steady_clock::now();
    const finished end =
        yunhu_program({"batch", "--concurrency", "1"},
                      send_line(1) + R"({"call":"list-message","chat":"group:big","wait_ms":150,"tag":2})"
                                     "\n");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(150));
    EXPECT_EQ(objects(end.out).at(1).at("ok"), true);
}

TEST_F(ProgramTest, CtrlCEndsABatchThatWaitsForInput) {
    fault f;
    f.what = fault::action::stall;
    server().inject(f);
    process program({PROGRAM_YUNHU, "batch"}, environment());
    program.write(send_line(1));
    while (server().journal().empty()) {
        std::this_thread::yield();
    }
    program.send_signal(SIGINT);
    const auto line = program.read_line(); // its input is still open
    ASSERT_TRUE(line);
    EXPECT_EQ(json::parse(*line).at("error").at("delivery"), "maybe_sent");
    EXPECT_EQ(program.wait().exit_code, 130);
}

TEST_F(ProgramTest, BatchEndsAtOnceWithoutInput) {
    const finished end = yunhu_program({"batch"});
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.out, "");
}

TEST_F(ProgramTest, BatchKnowsWrongUsage) {
    EXPECT_EQ(yunhu_program({"batch", "--concurrency", "0"}).exit_code, 2);
    EXPECT_EQ(yunhu_program({"batch", "--ca-file", "/no/such/file"}, send_line(1)).exit_code, 2);
}

} // namespace
