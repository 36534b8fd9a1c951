// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu broadcast`: one message to many chats, each once.

#include "program_test.hpp"
#include "support/terminal_process.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <sstream>

namespace {

using ::testing::HasSubstr;
using yunhu::testing::fault;

class BroadcastTest : public ProgramTest {
protected:
    void write_targets(int count) const {
        std::ofstream out(targets());
        out << "# everybody\n\n";
        for (int i = 0; i < count; ++i) {
            out << "  group:g" << i << (i % 2 == 0 ? " # even\r\n" : "\n");
        }
    }

    [[nodiscard]] std::string targets() const { return (directory() / "targets.txt").string(); }
    [[nodiscard]] std::string journal() const { return (directory() / "journal").string(); }

    [[nodiscard]] std::vector<std::string> broadcast(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"broadcast", targets(), "--journal", journal(), "--text", "hello"});
        return arguments;
    }

    [[nodiscard]] std::vector<std::string> command(std::vector<std::string> arguments = {}) const {
        arguments = broadcast(std::move(arguments));
        arguments.insert(arguments.begin(), PROGRAM_YUNHU);
        return arguments;
    }

    // Chats that got it; none may have it twice.
    [[nodiscard]] int reached(int count) const {
        int n = 0;
        for (int i = 0; i < count; ++i) {
            const auto messages = server().messages(yunhu::group("g" + std::to_string(i)));
            EXPECT_LE(messages.size(), 1U) << i;
            for (const yunhu::message& m : messages) {
                EXPECT_EQ(m.content->text, "hello");
                ++n;
            }
        }
        EXPECT_EQ(server().duplicates(), 0U);
        return n;
    }

    [[nodiscard]] yunhu::testing::emulator& server() const {
        return const_cast<BroadcastTest*>(this)->ProgramTest::server();
    }
};

TEST_F(BroadcastTest, ReachesEachOnce) {
    write_targets(100);
    const finished end = yunhu_program(broadcast());
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(end.out, "100 sent, 0 failed, 0 unknown, 0 duplicates, 0 left\n");
    EXPECT_EQ(reached(100), 100);
    EXPECT_EQ(yunhu_program(broadcast()).exit_code, 0);
    EXPECT_EQ(reached(100), 100);
}

TEST_F(BroadcastTest, SendsWhatSendMessageSends) {
    write_targets(1);
    const finished end = yunhu_program({"broadcast", targets(), "--journal", journal(), "--content-type", "image",
                                        "--image", "key", "--media-file-key", "key", "--width", "7"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    const auto messages = server().messages(yunhu::group("g0"));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].content_type, yunhu::content_type::image);
    EXPECT_EQ(messages[0].content->image, "key");
    EXPECT_EQ(messages[0].content->width, 7U);
}

TEST_F(BroadcastTest, NamesThoseThatFailedAndTriesThemAgainWhenAsked) {
    write_targets(20);
    fault f;
    f.status = 200;
    f.headers = {{"content-type", "application/json"}};
    f.body = R"({"code":-1,"msg":"not a member"})";
    f.nth = 3;
    f.endpoint = "send-message";
    server().inject(f);
    const finished end = yunhu_program(broadcast({"--concurrency", "1"}));
    EXPECT_EQ(end.exit_code, 3) << end.err;
    EXPECT_THAT(end.out, testing::ContainsRegex("^failed  group:g2  [0-9a-f]{32}  refused\n19 sent, 1 failed,"));
    EXPECT_EQ(reached(20), 19);

    const finished again = yunhu_program(broadcast({"--json"})); // reported, not retried
    EXPECT_EQ(again.exit_code, 3);
    std::istringstream lines(again.out);
    std::string line;
    std::getline(lines, line);
    EXPECT_EQ(object(line).at("target"), "group:g2");
    EXPECT_EQ(object(line).at("state"), "failed");
    EXPECT_EQ(object(line).at("earlier"), true);
    std::getline(lines, line);
    EXPECT_EQ(object(line).at("summary").at("failed"), 1);
    EXPECT_EQ(reached(20), 19);

    EXPECT_EQ(yunhu_program(broadcast({"--retry-failed"})).exit_code, 0);
    EXPECT_EQ(reached(20), 20);
}

TEST_F(BroadcastTest, NamesUnknownOnesAndSaysWhatToDo) {
    write_targets(10);
    fault lost;
    lost.what = fault::action::close_before;
    lost.endpoint = "send-message";
    lost.nth = 4;
    server().inject(lost);
    const finished end = yunhu_program(broadcast({"--concurrency", "1", "--attempts", "1"}));
    EXPECT_EQ(end.exit_code, 6) << end.err;
    EXPECT_THAT(end.out, testing::ContainsRegex("unknown  group:g3  [0-9a-f]{32}"));
    EXPECT_THAT(end.err, HasSubstr("--resend-missing"));
    EXPECT_EQ(reached(10), 9);
    server().clear_faults();
    EXPECT_EQ(yunhu_program(broadcast({"--resend-missing"})).exit_code, 0);
    EXPECT_EQ(reached(10), 10);
}

TEST_F(BroadcastTest, KilledAndRunAgainEachIsReachedOnceOrNamed) {
    constexpr int count = 150;
    write_targets(count);
    for (int round = 0; round < 3; ++round) {
        for (std::uint64_t i = 21; i <= 28; ++i) { // at any speed, it does not reach the end
            fault stalled;
            stalled.endpoint = "send-message";
            stalled.nth = i;
            stalled.what = fault::action::stall;
            server().inject(stalled);
        }
        const std::uint64_t before = server().requests();
        process program(command({"--concurrency", "8"}), environment());
        ASSERT_TRUE(server().wait_until([&] { return server().requests() >= before + 20; }, std::chrono::minutes(1)));
        program.send_signal(SIGKILL);
        program.wait();
        server().clear_faults();
    }
    const finished end = yunhu_program(broadcast());
    std::istringstream lines(end.out);
    int unknown = 0;
    for (std::string line; std::getline(lines, line);) {
        unknown += line.starts_with("unknown  group:g") ? 1 : 0;
    }
    EXPECT_EQ(end.exit_code, unknown == 0 ? 0 : 6) << end.err;
    EXPECT_EQ(reached(count) + unknown, count);
}

TEST_F(BroadcastTest, CtrlCLetsFinishWhatIsUnderWayAndSaysHowToGoOn) {
    write_targets(50);
    fault slow;
    slow.what = fault::action::delay;
    slow.delay = std::chrono::milliseconds(300);
    server().inject(slow);
    process program(command({"--concurrency", "2"}), environment());
    ASSERT_TRUE(server().wait_until([&] { return server().requests() >= 2; }, std::chrono::minutes(1)));
    program.send_signal(SIGINT);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 130);
    EXPECT_THAT(end.err, HasSubstr("still in flight"));
    EXPECT_THAT(end.err, HasSubstr("repeat the command to continue"));
    EXPECT_THAT(end.out, testing::ContainsRegex("^[0-9]+ sent, 0 failed, 0 unknown, 0 duplicates, [0-9]+ left\n"));
    server().clear_faults();
    EXPECT_EQ(yunhu_program(broadcast()).exit_code, 0);
    EXPECT_EQ(reached(50), 50);
}

TEST_F(BroadcastTest, ASecondCtrlCCutsOffAndLeavesThemToTheNextRun) {
    write_targets(5);
    fault f;
    f.what = fault::action::stall;
    f.endpoint = "send-message";
    server().inject(f);
    process program(command({"--concurrency", "2"}), environment());
    ASSERT_TRUE(server().wait_until([&] { return server().requests() >= 2; }, std::chrono::minutes(1)));
    program.send_signal(SIGINT);
    program.send_signal(SIGTERM); // of its own, so that two are not taken for one
    EXPECT_EQ(program.wait().exit_code, 130);
    server().clear_faults();
    EXPECT_EQ(yunhu_program(broadcast()).exit_code, 0); // both had arrived, and are found
    EXPECT_EQ(reached(5), 5);
}

TEST_F(BroadcastTest, KeepsToTheRate) {
    write_targets(10);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(yunhu_program(broadcast({"--rate", "20"})).exit_code, 0);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(440)); // nine pauses
    EXPECT_EQ(reached(10), 10);
}

TEST_F(BroadcastTest, TroubleOfTheServerLeavesTheTargets) {
    write_targets(60);
    fault busy;
    busy.endpoint = "send-message";
    busy.status = 429;
    busy.headers = {{"retry-after", "60"}};
    server().inject(busy);
    const finished end = yunhu_program(broadcast({"--outage-timeout", "59000", "--attempts", "1"}));
    EXPECT_EQ(end.exit_code, 3) << end.err;
    EXPECT_EQ(end.out, "0 sent, 0 failed, 0 unknown, 0 duplicates, 60 left\n");
    EXPECT_THAT(end.err, HasSubstr("throttled"));
    EXPECT_THAT(end.err, HasSubstr("repeat the command to continue"));
    EXPECT_LE(server().requests(), 32U);
    server().clear_faults();

    fault away;
    away.what = fault::action::refuse_tls;
    away.times = 3;
    server().inject(away);
    const finished again = yunhu_program(broadcast({"--attempts", "1"}));
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_THAT(again.err, HasSubstr("yunhu: pauses for 1 s, then goes on"));
    EXPECT_EQ(reached(60), 60);
}

TEST_F(BroadcastTest, EveryTargetRefusedLeavesThem) {
    write_targets(60);
    fault no;
    no.endpoint = "send-message";
    no.status = 200;
    no.headers = {{"content-type", "application/json"}};
    no.body = R"({"code":-1,"msg":"no"})";
    server().inject(no);
    const finished end = yunhu_program(broadcast({"--concurrency", "4"}));
    EXPECT_EQ(end.exit_code, 3) << end.err;
    EXPECT_EQ(end.out, "0 sent, 0 failed, 0 unknown, 0 duplicates, 60 left\n");
    EXPECT_THAT(end.err, HasSubstr("20 targets in a row failed (max_consecutive_failures)"));
    EXPECT_LE(server().requests(), 23U);
    server().clear_faults();
    EXPECT_EQ(yunhu_program(broadcast()).exit_code, 0);
    EXPECT_EQ(reached(60), 60);
}

TEST_F(BroadcastTest, AFullDiskUnderTheJournalIsNoMistakeOfTheCommandLine) {
    write_targets(100);
    const std::string command = "trap '' XFSZ; ulimit -f 4; exec '" PROGRAM_YUNHU "' broadcast '" + targets() +
                                "' --journal '" + journal() + "' --text hello";
    for (const bool json : {false, true}) {
        const finished end = run({"/bin/sh", "-c", command + (json ? " --json" : "")}, environment());
        EXPECT_EQ(end.exit_code, 7) << end.err;
        EXPECT_THAT(json ? end.out : end.err, HasSubstr("journal: can't be written"));
        EXPECT_THAT(json ? end.out : end.err, HasSubstr("File too large"));
        EXPECT_EQ(end.out.find("output_lost") != std::string::npos, json);
    }
    EXPECT_EQ(yunhu_program(broadcast()).exit_code, 0);
    EXPECT_EQ(reached(100), 100);
}

TEST_F(BroadcastTest, NamesTheLineOfATargetThatTheLibraryRefuses) {
    write_targets(2); // lines 3 and 4
    std::ofstream(targets(), std::ios::app) << "# a comment\n\ngroup:" << std::string(9000, 'x') << "\n";
    const finished end = yunhu_program(broadcast());
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("targets, line 7: chat_id must be at most 8192 bytes"));
}

TEST_F(BroadcastTest, HasAProgressBarOnATerminal) {
    write_targets(60);
    std::vector<std::string> with_escapes = environment();
    with_escapes.emplace_back("TERM=xterm");
    terminal_process program(command({"--rate", "60"}), with_escapes, 100);
    const std::string bar = program.read_until(" left");
    EXPECT_THAT(bar,
                testing::ContainsRegex("\\[#*\\.+\\] +[0-9]+%  [0-9]+ of 60, 0 failed, 0 unknown  00:[0-9]+ left"));
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_THAT(end.out, testing::EndsWith("60 sent, 0 failed, 0 unknown, 0 duplicates, 0 left\r\n"));
}

TEST_F(BroadcastTest, HasNoProgressBarOnATerminalWithoutEscapes) {
    write_targets(3);
    terminal_process program(command(), environment(), 100); // TERM=dumb
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.out, "3 sent, 0 failed, 0 unknown, 0 duplicates, 0 left\r\n");
}

TEST_F(BroadcastTest, ReadsTargetsHoweverAnEditorWroteThem) {
    std::ofstream(targets()) << "\xEF\xBB\xBFgroup:a\r\n# a comment\r\ngroup:b\r\n";
    EXPECT_EQ(yunhu_program(broadcast()).exit_code, 0);
    for (const char* id : {"a", "b"}) {
        EXPECT_EQ(server().messages(yunhu::group(id)).size(), 1U) << id;
    }
    std::ofstream(targets()) << std::string("\xFF\xFEg\0r\0", 6);
    EXPECT_THAT(yunhu_program(broadcast()).err, HasSubstr("targets: must be UTF-8; it is UTF-16 or binary"));
    std::ofstream(targets()) << "# a comment\ngroup:a\n\ngroup:b\u200B\n";
    EXPECT_THAT(yunhu_program(broadcast()).err,
                HasSubstr("targets, line 4: must not contain invisible characters: U+200B"));
    std::ofstream(targets()) << "# a comment\ngroup:\n";
    EXPECT_THAT(yunhu_program(broadcast()).err, HasSubstr("targets, line 2: must be TYPE:ID"));
    EXPECT_THAT(yunhu_program({"broadcast", "/", "--journal", journal(), "--text", "hello"}).err,
                HasSubstr("targets: can't be read: Is a directory"));
}

TEST_F(BroadcastTest, KnowsWrongUsage) {
    write_targets(2);
    EXPECT_EQ(yunhu_program({"broadcast", targets(), "--text", "hello"}).exit_code, 2);      // no journal
    EXPECT_EQ(yunhu_program({"broadcast", targets(), "--journal", journal()}).exit_code, 2); // no text
    EXPECT_EQ(yunhu_program({"broadcast", "/no/such/file", "--journal", journal(), "--text", "hello"}).exit_code, 2);
    EXPECT_EQ(yunhu_program({"broadcast", "--journal", journal(), "--text", "hello"}).exit_code, 2);
    std::ofstream(targets(), std::ios::app) << "clan:x\n";
    const finished end = yunhu_program(broadcast());
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("targets, line 5"));
    EXPECT_THAT(run(command(), chinese_environment()).err, HasSubstr("必须是 user, group, bot 或数字，不能是 clan"));
    std::ofstream(targets()) << "# none\n";
    EXPECT_THAT(yunhu_program(broadcast()).err, HasSubstr("the file has no conversation"));
    EXPECT_TRUE(server().journal().empty());

    write_targets(2);
    EXPECT_EQ(yunhu_program(broadcast()).exit_code, 0);
    EXPECT_EQ(yunhu_program({"broadcast", targets(), "--journal", journal(), "--text", "another"}).exit_code, 2);
    const finished wrong = yunhu_program(
        {"broadcast", targets(), "--journal", journal() + "2", "--text", "hello", "--token", "wrong-0ne"});
    EXPECT_EQ(wrong.exit_code, 4);
    EXPECT_EQ(wrong.err.find("wrong-0ne"), std::string::npos);
}

} // namespace
