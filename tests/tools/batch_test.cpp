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
        EXPECT_EQ(messages[i].content->text, "number " + std::to_string(i));
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
    EXPECT_EQ(messages[0].content->text, "b");
    EXPECT_EQ(messages[1].content->file_url, "k");
    EXPECT_EQ(messages[1].content->file_size, 18446744073709551615U);
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

TEST_F(ProgramTest, CtrlCAnswersALineInItsPause) {
    process program({PROGRAM_YUNHU, "batch", "--concurrency", "3"}, environment());
    program.write(R"({"call":"send-message","chat":"group:big","text":"late","wait_ms":3600000,"tag":1})"
                  "\n"
                  R"({"call":"send-message","chat":"group:big","text":"late","wait_ms":3600000,"tag":2})"
                  "\n" +
                  send_line(3));
    const auto sent_one = program.read_line(); // the others were read before it
    ASSERT_TRUE(sent_one);
    EXPECT_EQ(json::parse(*sent_one).at("tag"), 3);
    program.send_signal(SIGINT);
    std::set<std::uint64_t> tags;
    for (int i = 0; i < 2; ++i) {
        const auto line = program.read_line();
        ASSERT_TRUE(line);
        const json::value v = json::parse(*line);
        EXPECT_EQ(v.at("error").at("delivery"), "not_sent");
        tags.insert(v.at("tag").to_number<std::uint64_t>());
    }
    EXPECT_EQ(tags, (std::set<std::uint64_t>{1, 2}));
    EXPECT_EQ(program.wait().exit_code, 130);
    EXPECT_EQ(server().requests(), 1U);
}

TEST_F(ProgramTest, BatchGivesATagBackAsItIsWritten) {
    const std::vector<std::string> tags{"123456789012345678901234567890",
                                        "-0.10",
                                        "1e999",
                                        R"("\ud800")",
                                        R"("\uDFFF\ud83d \\ud800 \" , } ]")",
                                        R"({"a":[1.0,2e5,{"tag":"\udc00"}],"b":"]"})",
                                        R"([ true , null ])",
                                        R"("你好")"};
    std::string input;
    for (const std::string& tag : tags) {
        input += R"({ "chat" : "group:big", "call":"list-message" ,"tag" : )" + tag + " }\n";
        input += R"({"tag":)" + tag + R"(,"call":"no-such-call"})" + "\n";
    }
    input += R"({"call":"list-message","chat":"group:big","t\u0061g":5})";
    const finished end = yunhu_program({"batch", "--concurrency", "1"}, input);
    EXPECT_EQ(end.exit_code, 0) << end.err;
    std::istringstream lines(end.out);
    std::string line;
    for (const std::string& tag : tags) {
        ASSERT_TRUE(std::getline(lines, line));
        EXPECT_THAT(line, testing::StartsWith(R"({"tag":)" + tag + R"(,"ok":true,"result":{)")) << tag;
        ASSERT_TRUE(std::getline(lines, line));
        EXPECT_THAT(line, testing::StartsWith(R"({"tag":)" + tag + R"(,"ok":false,"error":{)")) << tag;
    }
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_THAT(line, testing::StartsWith(R"({"tag":5,"ok":true)"));
}

TEST_F(ProgramTest, BatchTakesNumbersForIdsAndNamesWhatIsNoText) {
    const std::string input =
        "\xEF\xBB\xBF" // as some editors begin a file
        R"({"call":"send-message","chat_id":18446744073709551615,"chat_type":1,"text":"a","mentioned_id":[7,"8"]}
{"call":"send-message","chat_id":123456789012345678901234567890,"chat_type":1,"text":"a","tag":1}
{"call":"send-message","chat_id":"a\ud800","chat_type":1,"text":"a","tag":2}
{"call":"send-message","chat_id":"a\u200b","chat_type":1,"text":"a","tag":3}
)" + std::string("\xFF\xFE{\0\n", 5);
    const finished end = yunhu_program({"batch", "--concurrency", "1"}, input);
    const auto lines = objects(end.out);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[0].at("ok"), true) << lines[0];
    const auto messages = server().messages(yunhu::user("18446744073709551615"));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].content->mentioned_id, (std::vector<std::string>{"7", "8"}));
    const std::vector<std::string> why{"chat_id: must be a string", "line: must not contain a lone surrogate",
                                       "chat_id must not contain invisible characters: U+200B",
                                       "line: must be UTF-8; it is UTF-16 or binary"};
    for (std::size_t i = 0; i < why.size(); ++i) {
        EXPECT_EQ(lines[i + 1].at("error").at("detail"), json::value(why[i]));
    }
    EXPECT_EQ(lines[2].at("tag"), 2);
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
