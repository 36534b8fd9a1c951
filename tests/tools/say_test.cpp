// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu say`: sends texts.

#include "program_test.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class SayTest : public ProgramTest {
protected:
    [[nodiscard]] std::vector<std::string> texts() {
        std::vector<std::string> all;
        for (const yunhu::message& m : server().messages(yunhu::group("big"))) {
            EXPECT_EQ(m.content_type, yunhu::content_type::text);
            all.push_back(m.content->text);
        }
        return all;
    }
};

TEST_F(SayTest, SendsItsWordsAsOneText) {
    const finished end = yunhu_program({"say", "group:big", "hello", "tail", "[a,b]", "你好"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.out, StartsWith("sent "));
    EXPECT_EQ(reply({"say", "group:big", "two  blanks\nand a line"}).at("status").as_object().at("code"), 1);
    EXPECT_EQ(yunhu_program({"say", "group:big", "--", "--json", "is", "-5"}).exit_code, 0);
    EXPECT_THAT(texts(), ElementsAre("hello tail [a,b] 你好", "two  blanks\nand a line", "--json is -5"));
}

TEST_F(SayTest, SendsEachLineOfStandardInput) {
    const finished end = yunhu_program({"say", "group:big", "-"}, "\xEF\xBB\xBFone\n\n two \r\nthree");
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(texts(), ElementsAre("one", " two ", "three"));
    EXPECT_EQ(server().connections_accepted(), 1U);
    EXPECT_EQ(yunhu_program({"say", "group:big", "-"}, "").exit_code, 0);
}

TEST_F(SayTest, ALineIsSentWhenItIsThere) {
    process program({PROGRAM_YUNHU, "say", "group:big", "-", "--json"}, environment());
    for (const std::string text : {"one", "two"}) {
        program.write(text + "\n");
        EXPECT_TRUE(object(program.read_line().value_or("{}")).contains("msg_id"));
        EXPECT_EQ(texts().back(), text);
    }
    program.send_signal(SIGINT); // while it waits
    EXPECT_EQ(program.read_line(), std::nullopt);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 130);
    EXPECT_EQ(end.err, "");
}

TEST_F(SayTest, TheFirstLineThatFailsEndsIt) {
    yunhu::testing::fault refusal;
    refusal.endpoint = "send-message";
    refusal.status = 403;
    refusal.nth = 2;
    server().inject(refusal);
    const finished end = yunhu_program({"say", "group:big", "-"}, "one\ntwo\nthree\n");
    EXPECT_EQ(end.exit_code, 4);
    EXPECT_THAT(end.err, HasSubstr("send-message"));
    EXPECT_THAT(texts(), ElementsAre("one"));
}

TEST_F(SayTest, ASendThatIsInterruptedPrintsItsOutcome) {
    yunhu::testing::fault slow;
    slow.endpoint = "send-message";
    slow.what = yunhu::testing::fault::action::stall;
    server().inject(slow);
    process program({PROGRAM_YUNHU, "say", "group:big", "-"}, environment());
    program.write("one\n");
    ASSERT_TRUE(server().wait_until([&] { return server().requests() == 1; }, std::chrono::minutes(1)));
    program.send_signal(SIGTERM);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 6);
    EXPECT_THAT(end.err, HasSubstr("it may have taken effect"));
}

TEST_F(SayTest, SaysWhatIsWrong) {
    EXPECT_EQ(error(2, {"say", "big", "hello"}).at("detail"), "chat: must be TYPE:ID, e.g. group:big");
    EXPECT_EQ(error(2, {"say", "big", "-"}).at("detail"), "chat: must be TYPE:ID, e.g. group:big");
    EXPECT_EQ(error(4, {"say", "group:big", "hello", "--token", "wrong-0ne"}).at("endpoint"), "send-message");
    EXPECT_EQ(yunhu_program({"say", "group:big"}).exit_code, 2);
    EXPECT_EQ(yunhu_program({"say", "group:big", ""}).exit_code, 2);
    EXPECT_TRUE(texts().empty());
}

} // namespace
