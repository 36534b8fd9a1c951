// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu history`: all messages of a chat, and a file of them that survives whatever breaks it off.

#include "program_test.hpp"
#include "support/list_response.hpp"
#include "support/terminal_process.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using ::testing::HasSubstr;
using yunhu::testing::fault;

class HistoryTest : public ProgramTest {
protected:
    [[nodiscard]] std::string file() const { return (directory() / "big.jsonl").string(); }

    [[nodiscard]] static std::vector<std::string> history(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"history", "--chat", "group:big"});
        return arguments;
    }

    [[nodiscard]] finished into_file(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"--jsonl", file()});
        return yunhu_program(history(std::move(arguments)));
    }

    [[nodiscard]] std::string content() const {
        std::ostringstream all;
        all << std::ifstream(file()).rdbuf();
        return all.str();
    }

    void write(const std::string& text) const { std::ofstream(file(), std::ios::trunc) << text; }

    static std::vector<std::uint64_t> seqs(const std::string& lines) {
        std::vector<std::uint64_t> found;
        std::istringstream in(lines);
        for (std::string line; std::getline(in, line);) {
            const json::object m = object(line);
            EXPECT_EQ(m.at("chat"), "group:big");
            EXPECT_EQ(m.at("content").at("text"), json::value("number " + std::to_string(m.at("msg_seq").as_int64())));
            found.push_back(m.at("msg_seq").to_number<std::uint64_t>());
        }
        return found;
    }

    static std::vector<std::uint64_t> down(std::uint64_t from, std::uint64_t to) {
        std::vector<std::uint64_t> all;
        for (std::uint64_t i = from; i >= to; --i) {
            all.push_back(i);
        }
        return all;
    }

    static std::vector<std::uint64_t> up(std::uint64_t from, std::uint64_t to) {
        std::vector<std::uint64_t> all = down(to, from);
        std::ranges::reverse(all);
        return all;
    }
};

TEST_F(HistoryTest, PrintsJsonLinesIntoAPipe) {
    deliver(yunhu::group("big"), 1, 130);
    const finished end = yunhu_program(history({}));
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(end.err, ""); // no progress without a terminal
    EXPECT_EQ(seqs(end.out), down(130, 1));
    EXPECT_EQ(seqs(yunhu_program(history({"--since", "100"})).out), down(130, 101));
    EXPECT_EQ(seqs(yunhu_program(history({"--limit", "7"})).out), down(130, 124));
    EXPECT_EQ(seqs(yunhu_program(history({"--oldest-first", "--since", "100"})).out), up(101, 130));
    EXPECT_EQ(yunhu_program({"history", "--chat", "group:empty"}).out, "");
}

TEST_F(HistoryTest, PrintsATableOnATerminal) {
    deliver(yunhu::group("big"), 1, 60);
    terminal_process program({PROGRAM_YUNHU, "history", "--chat", "group:big"}, environment());
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_THAT(end.out, HasSubstr("SEQ  TIME "));
    EXPECT_EQ(end.out.find("SEQ"), end.out.rfind("SEQ")); // once, although the table is printed in blocks
    EXPECT_THAT(end.out, HasSubstr("  text  number 1\r\n60 messages; the ids need 110 columns, or --json\r\n"));
}

TEST_F(HistoryTest, FillsAFileAndAddsNothingToItTwice) {
    deliver(yunhu::group("big"), 1, 120);
    const finished first = into_file();
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(first.out, "120 messages in the file, 120 of them new\n");
    EXPECT_EQ(seqs(content()), down(120, 1));
    EXPECT_EQ(into_file().out, "120 messages in the file, 0 of them new\n");
    EXPECT_EQ(object(into_file({"--json"}).out), json::parse(R"({"messages":120,"added":0})"));
    EXPECT_EQ(seqs(content()), down(120, 1));
}

TEST_F(HistoryTest, OldestFirstTakesInWhatHasComeSince) {
    deliver(yunhu::group("big"), 1, 70);
    EXPECT_EQ(into_file({"--oldest-first"}).exit_code, 0);
    deliver(yunhu::group("big"), 71, 70);
    EXPECT_EQ(into_file({"--oldest-first"}).out, "140 messages in the file, 70 of them new\n");
    EXPECT_EQ(seqs(content()), up(1, 140));
}

TEST_F(HistoryTest, TheLimitCountsWhatIsInTheFile) {
    deliver(yunhu::group("big"), 1, 100);
    EXPECT_EQ(into_file({"--limit", "30"}).exit_code, 0);
    EXPECT_EQ(seqs(content()), down(100, 71));
    EXPECT_EQ(into_file({"--limit", "30"}).out, "30 messages in the file, 0 of them new\n");
    EXPECT_EQ(into_file({"--limit", "90"}).exit_code, 0);
    EXPECT_EQ(seqs(content()), down(100, 11));
}

// Killed wherever it happens to be, again and again; then whole.
TEST_F(HistoryTest, KilledAndRunAgainNothingIsMissingAndNothingIsThereTwice) {
    constexpr int messages = 600;
    deliver(yunhu::group("big"), 1, messages);
    fault slow; // so that it is in the middle of things when it dies
    slow.what = fault::action::delay;
    slow.delay = std::chrono::milliseconds(5);
    server().inject(slow);
    for (std::uintmax_t round = 1; round <= 5; ++round) {
        process program({PROGRAM_YUNHU, "history", "--chat", "group:big", "--jsonl", file()}, environment());
        const std::uint64_t before = server().requests();
        ASSERT_TRUE(server().wait_until([&] { return server().requests() >= before + 2; }, std::chrono::minutes(1)));
        program.send_signal(SIGKILL);
        EXPECT_EQ(program.wait().exit_code, 128 + SIGKILL);
        // As a machine that goes down would leave it.
        std::ofstream(file(), std::ios::app) << R"({"chat":"group:big","msg_id":"to)";
    }
    server().clear_faults();
    EXPECT_EQ(into_file().exit_code, 0);
    EXPECT_EQ(seqs(content()), down(messages, 1));
}

TEST_F(HistoryTest, GoesOnAfterAnErrorAndAfterCtrlC) {
    deliver(yunhu::group("big"), 1, 120);
    fault f;
    f.nth = 2;
    f.status = 503;
    server().inject(f);
    const finished failed = into_file({"--attempts", "1"});
    EXPECT_EQ(failed.exit_code, 3);
    EXPECT_THAT(failed.err, HasSubstr("50 messages are in the file; repeat the command to continue"));
    server().clear_faults();

    f = {};
    f.what = fault::action::stall;
    server().inject(f);
    const std::uint64_t before = server().requests();
    process program({PROGRAM_YUNHU, "history", "--chat", "group:big", "--jsonl", file()}, environment());
    ASSERT_TRUE(server().wait_until([&] { return server().requests() > before; }, std::chrono::minutes(1)));
    program.send_signal(SIGINT);
    EXPECT_EQ(program.wait().exit_code, 130);
    server().clear_faults();
    EXPECT_EQ(into_file().exit_code, 0);
    EXPECT_EQ(seqs(content()), down(120, 1));
}

TEST_F(HistoryTest, CutsNothingButWhatItWrote) {
    deliver(yunhu::group("big"), 1, 3);
    for (const std::string foreign : {R"({"some":"JSON"})", R"({"chat":"group:big","note":"mine"})",
                                      R"({"chat":"group:bi)"
                                      "\"",
                                      "{not JSON", R"({ "chat":"group:big","msg_id":"x)", R"([1,2,3])",
                                      R"({"chat":"group:other","msg_id":"x)", "\xEF\xBB\xBF{"}) {
        write(foreign);
        const finished end = into_file();
        EXPECT_EQ(end.exit_code, 2) << foreign;
        EXPECT_THAT(end.err, HasSubstr("the file was not written by yunhu history"));
        EXPECT_EQ(content(), foreign);
    }
    std::filesystem::remove(file());
    EXPECT_EQ(into_file().exit_code, 0);
    const std::string whole = content();
    const std::string rest = whole.substr(whole.find('\n') + 1);
    const std::size_t line = rest.find('\n');
    for (const std::size_t cut : {std::size_t{1}, std::size_t{8}, std::size_t{9}, std::size_t{20}, std::size_t{45},
                                  line / 2, line - 1, line}) { // killed after so many bytes of the second line
        write(whole.substr(0, whole.size() - rest.size() + cut));
        ASSERT_EQ(into_file().exit_code, 0) << cut;
        ASSERT_EQ(content(), whole) << cut;
    }
    for (const std::string another : {R"({"note":"mine"})", "my diary"}) { // behind our own lines
        write(whole + another);
        EXPECT_EQ(into_file().exit_code, 2);
        EXPECT_EQ(content(), whole + another);
    }
}

// As an editor leaves it.
TEST_F(HistoryTest, CompletesALineThatOnlyLacksItsEnd) {
    deliver(yunhu::group("big"), 1, 3);
    EXPECT_EQ(into_file().exit_code, 0);
    const std::string whole = content();
    for (std::size_t end = whole.find('\n'); end != std::string::npos; end = whole.find('\n', end + 1)) {
        write(whole.substr(0, end));
        EXPECT_EQ(into_file().exit_code, 0);
        EXPECT_EQ(content(), whole);
    }
    write(R"({"chat":"group:other","msg_seq":1,"msg_id":"x"})");
    EXPECT_THAT(into_file().err, HasSubstr("another chat"));
    EXPECT_EQ(content(), R"({"chat":"group:other","msg_seq":1,"msg_id":"x"})");
}

TEST_F(HistoryTest, ItsFileIsTheUsersAlone) {
    deliver(yunhu::group("big"), 1, 3);
    EXPECT_EQ(into_file().exit_code, 0);
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(file()).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(HistoryTest, AMinusIsStandardOutput) {
    deliver(yunhu::group("big"), 1, 3);
    EXPECT_EQ(seqs(yunhu_program(history({"--jsonl", "-"})).out), down(3, 1));
    EXPECT_FALSE(std::filesystem::exists("-"));
    EXPECT_EQ(yunhu_program(history({"--jsonl", (directory() / "").string()})).exit_code, 2);
    EXPECT_THAT(yunhu_program(history({"--jsonl", "/dev/null"})).err, HasSubstr("must be a regular file"));
}

// A full disk, by the limit of a file's size.
TEST_F(HistoryTest, AFullDiskIsNoMistakeOfTheCommandLine) {
    deliver(yunhu::group("big"), 1, 100);
    const std::string command =
        "trap '' XFSZ; ulimit -f 4; exec '" PROGRAM_YUNHU "' history --chat group:big --jsonl '" + file() + "'";
    const finished end = run({"/bin/sh", "-c", command}, environment());
    EXPECT_EQ(end.exit_code, 7) << end.err;
    EXPECT_THAT(end.err, HasSubstr("the file can't be written: File too large"));
    EXPECT_EQ(into_file().exit_code, 0);
    EXPECT_EQ(seqs(content()), down(100, 1));
}

TEST_F(HistoryTest, NamesWhatItHadToLeaveOut) {
    for (const bool to_file : {false, true}) {
        server().clear_faults();
        const auto answer = [this](std::uint64_t nth, std::string body) {
            fault f;
            f.endpoint = "list-message";
            f.nth = nth;
            f.status = 200;
            f.headers = {{"content-type", "application/x-protobuf"}};
            f.body = std::move(body);
            server().inject(f);
        };
        answer(1, yunhu::test::list_response({{"c", 3}, {"odd\x1b[2J", 0}, {"b", 2}}));
        answer(2, yunhu::test::list_response({}));
        answer(3, yunhu::test::list_response({{"b", 2}}));
        const finished end = to_file ? into_file() : yunhu_program(history({}));
        EXPECT_EQ(end.exit_code, 3);
        EXPECT_EQ(seqs(to_file ? content() : end.out), (std::vector<std::uint64_t>{3, 2}));
        EXPECT_THAT(end.err, HasSubstr("yunhu: left out: message odd"));
        EXPECT_THAT(end.err, HasSubstr("which has no msg_seq"));
        EXPECT_THAT(end.err, HasSubstr("incomplete_list (the list may lack records)"));
        EXPECT_EQ(end.err.find('\x1b'), std::string::npos);
    }
}

TEST_F(HistoryTest, ARepeatedPageIsNoEnd) {
    fault f;
    f.status = 200;
    f.headers = {{"content-type", "application/x-protobuf"}};
    f.body = yunhu::test::list_response({{"c", 30}, {"b", 20}, {"a", 10}});
    server().inject(f);
    const finished end = yunhu_program(history({}));
    EXPECT_EQ(end.exit_code, 3);
    EXPECT_EQ(seqs(end.out), (std::vector<std::uint64_t>{30, 20, 10}));
    EXPECT_THAT(end.err, HasSubstr("incomplete_list"));
    EXPECT_THAT(yunhu_program(history({"--json"})).out, HasSubstr(R"({"error":{"kind":"incomplete_list")"));
}

TEST_F(HistoryTest, RefusesAFileThatIsNotItsOwn) {
    deliver(yunhu::group("big"), 1, 5);
    const auto refused = [&](const std::vector<std::string>& arguments, const std::string& why) {
        const std::string before = content();
        const finished end = into_file(arguments);
        EXPECT_EQ(end.exit_code, 2);
        EXPECT_THAT(end.err, HasSubstr(why));
        EXPECT_EQ(content(), before);
    };
    std::ofstream(file()) << "my diary, without an end of line";
    refused({}, "the file was not written by yunhu history");
    std::ofstream(file()) << "{\"some\":\"JSON\"}\n";
    refused({}, "the file was not written by yunhu history");
    std::filesystem::remove(file());
    EXPECT_EQ(into_file({"--limit", "3"}).exit_code, 0);
    refused({"--oldest-first"}, "the other order");
    EXPECT_THAT(yunhu_program({"history", "--chat", "group:small", "--jsonl", file()}).err, HasSubstr("another chat"));
    EXPECT_EQ(yunhu_program(history({"--jsonl", "/no/such/folder/file"})).exit_code, 2);

    fault f;
    f.what = fault::action::stall;
    server().inject(f);
    const std::uint64_t before = server().requests();
    process other({PROGRAM_YUNHU, "history", "--chat", "group:big", "--jsonl", file()}, environment());
    ASSERT_TRUE(server().wait_until([&] { return server().requests() > before; }, std::chrono::minutes(1)));
    refused({}, "in use");
}

TEST_F(HistoryTest, HasAProgressBarOnATerminal) {
    deliver(yunhu::group("big"), 1, 120);
    fault slow; // each page takes longer than the bar waits between two pictures
    slow.what = fault::action::delay;
    slow.delay = std::chrono::milliseconds(120);
    server().inject(slow);
    std::vector<std::string> with_escapes = chinese_environment();
    with_escapes.emplace_back("TERM=xterm");
    terminal_process program({PROGRAM_YUNHU, "history", "--chat", "group:big", "--jsonl", file()}, with_escapes, 80);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 0) << end.out;
    EXPECT_THAT(end.out, testing::ContainsRegex("\\[#+\\.+\\] +[0-9]+%  [0-9]+ 条消息"));
    EXPECT_THAT(end.out, testing::EndsWith("\r\x1b[K文件里有 120 条消息，其中 120 条是新的\r\n"));
    EXPECT_EQ(seqs(content()), down(120, 1));
}

} // namespace
