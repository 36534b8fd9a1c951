// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// `yunhu listen`: the events of an account.

#include "program_test.hpp"
#include "support/terminal_process.hpp"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using yunhu::testing::gateway_fault;

constexpr std::chrono::minutes wait_limit{1};                               // of a failing test
const std::string connected = R"({"event":"session","state":"connected"})"; // NOLINT(cert-err58-cpp)

class ListenTest : public ProgramTest {
protected:
    ListenTest() : big(yunhu::group("big")) {
        server().add_account({"2", "ben"});
        server().add_account({"3", "cem"});
    }

    [[nodiscard]] std::vector<std::string> listening_environment() {
        std::vector<std::string> all = environment();
        all.push_back("YUNHU_GATEWAY_URL=" + gateway_url());
        all.push_back("YUNHU_USER_ID=" + user_id());
        all.emplace_back("LC_ALL=C.UTF-8");
        return all;
    }
    [[nodiscard]] std::string gateway_url() { return server().gateway_url(); }
    [[nodiscard]] std::string user_id() { return server().options().user_id; }
    [[nodiscard]] std::string cursors() const { return (directory() / "cursors").string(); }

    [[nodiscard]] static std::vector<std::string> listen(std::vector<std::string> arguments = {"--json"}) {
        arguments.insert(arguments.begin(), {PROGRAM_YUNHU, "listen"});
        return arguments;
    }
    [[nodiscard]] std::vector<std::string> listen_with_cursors() const {
        return listen({"--json", "--cursors", cursors()});
    }

    /// The next line that is not about the session.
    static std::string next(process& program) {
        for (;;) {
            const std::optional<std::string> line = program.read_line();
            if (!line || object(*line).at("event") != "session") {
                return line.value_or("(the end)");
            }
        }
    }
    /// The `msg_seq` of the next message. That changes of earlier ones may be missing is not of interest.
    static std::int64_t next_seq(process& program) {
        for (;;) {
            const json::object line = object(next(program));
            if (line.at("event") != "gap" || line.at("reason") != "changes") {
                return line.at("msg_seq").as_int64();
            }
        }
    }
    static void expect_connected(process& program) { ASSERT_EQ(program.read_line(), connected); }
    /// Ends it as a user does.
    static void expect_end(process& program, int signal = SIGINT) {
        program.send_signal(signal);
        const finished end = program.wait();
        EXPECT_EQ(end.exit_code, 0) << end.err;
        EXPECT_EQ(end.out, "");
        EXPECT_EQ(end.err, "");
        expect_no_token(end);
    }
    /// Hears message 1 of the chat and leaves the file from which others go on.
    void first_run() {
        process program(listen_with_cursors(), listening_environment());
        expect_connected(program);
        server().say("2", big, "1");
        EXPECT_EQ(object(next(program)).at("msg_seq"), 1);
        expect_end(program);
    }
    [[nodiscard]] yunhu::message stored(const std::string& msg_id) {
        for (const yunhu::message& m : server().messages(big)) {
            if (m.msg_id == msg_id) {
                return m;
            }
        }
        ADD_FAILURE() << "no message " << msg_id;
        return {};
    }

    yunhu::chat big;
};

TEST_F(ListenTest, PrintsWhatIsSaidEditedAndRecalled) {
    process program(listen(), listening_environment());
    expect_connected(program);
    const yunhu::message said = server().say("2", big, "hello \n你好");
    EXPECT_EQ(next(program), R"({"event":"message","chat":"group:big","msg_id":")" + said.msg_id +
                                 R"(","msg_seq":1,"sender":"user:2","name":"ben","own":false,"text":"hello \n你好",)"
                                 R"("content_type":1,"time":)" +
                                 std::to_string(said.send_time) + "}");
    server().edit(said.msg_id, "hello all");
    EXPECT_EQ(next(program), R"({"event":"edit","chat":"group:big","msg_id":")" + said.msg_id +
                                 R"(","msg_seq":1,"sender":null,"name":null,"own":false,"text":"hello all",)"
                                 R"("content_type":1,"time":)" +
                                 std::to_string(stored(said.msg_id).edit_time) + "}");
    server().recall(said.msg_id, "3");
    EXPECT_EQ(next(program), R"({"event":"recall","chat":"group:big","msg_id":")" + said.msg_id +
                                 R"(","msg_seq":1,"sender":"user:3","name":"cem","time":)" +
                                 std::to_string(stored(said.msg_id).msg_delete_time) + "}");
    expect_end(program);
}

TEST_F(ListenTest, PrintsTheOtherEvents) {
    process program(listen(), listening_environment());
    expect_connected(program);
    const std::string id = server().say("2", big, "").msg_id;
    EXPECT_THAT(next(program), HasSubstr(R"("text":"")"));
    server().stream(id, "abc");
    EXPECT_EQ(next(program), R"({"event":"stream","chat":"group:big","msg_id":")" + id + R"(","text":"abc"})");
    yunhu::testing::bot_profile clock;
    clock.id = "99";
    clock.name = "clock";
    server().add_bot(clock);
    yunhu::testing::board shown;
    shown.bot_id = "99";
    shown.in = big;
    shown.content = "**12:00**";
    shown.content_type = 2;
    server().set_board(shown);
    EXPECT_EQ(next(program), R"({"event":"board","chat":"group:big","sender":"bot:99","name":"clock",)"
                             R"("text":"**12:00**","content_type":3})");
    server().push_command(user_id(), "invite_apply");
    EXPECT_EQ(next(program), R"({"event":"request"})");
    server().push(user_id(), std::string("\x0a\x0e\x0a\x01\x31\x12\x09new_thing", 16));
    EXPECT_EQ(next(program), R"({"event":"unknown","cmd":"new_thing"})");
    server().block(id);
    EXPECT_EQ(next(program), R"({"event":"blocked","chat":"group:big","msg_id":")" + id + R"("})");
    EXPECT_EQ(yunhu_program({"say", "group:big", "mine"}).exit_code, 0);
    EXPECT_THAT(next(program), HasSubstr(R"("own":true,"text":"mine")"));
    expect_end(program, SIGTERM);
}

TEST_F(ListenTest, ALostSessionIsNamedAndWhatWasMissedIsPrinted) {
    process program(listen(), listening_environment());
    expect_connected(program);
    server().say("2", big, "1");
    EXPECT_EQ(object(next(program)).at("msg_seq"), 1);
    gateway_fault restart;
    restart.on = "push_message";
    restart.what = gateway_fault::action::close;
    restart.close_code = 1012;
    restart.times = 1;
    server().inject(restart);
    server().say("2", big, "2");
    const json::object lost = object(program.read_line().value_or("{}"));
    EXPECT_EQ(lost.at("event"), "session");
    EXPECT_EQ(lost.at("state"), "lost");
    EXPECT_EQ(lost.at("reason"), "connection_lost");
    EXPECT_EQ(lost.at("close_code"), 1012);
    EXPECT_EQ(object(next(program)).at("msg_seq"), 2);
    expect_end(program);
}

TEST_F(ListenTest, PrintsOnlyTheChatsThatItFollows) {
    process program(listen({"--follow", "group:small", "--json", "--follow=user:2"}), listening_environment());
    expect_connected(program);
    server().say("2", big, "not this");
    server().say("2", yunhu::group("small"), "this");
    EXPECT_EQ(object(next(program)).at("text"), "this");
    server().say("2", yunhu::user(user_id()), "and this");
    const json::object line = object(next(program));
    EXPECT_EQ(line.at("text"), "and this");
    EXPECT_EQ(line.at("chat"), "user:2");
    expect_end(program);
}

TEST_F(ListenTest, TooManyMissedMessagesAreAGap) {
    first_run();
    constexpr int count = 1200; // about 1,000 are caught up
    for (int i = 2; i <= count; ++i) {
        server().say("2", big, std::to_string(i));
    }
    process program(listen_with_cursors(), listening_environment());
    EXPECT_EQ(next(program), R"({"event":"gap","chat":"group:big","from_seq":null,"to_seq":null,"reason":"changes"})");
    const json::object gap = object(next(program));
    const std::int64_t last = gap.at("to_seq").as_int64();
    EXPECT_EQ(json::serialize(gap), R"({"event":"gap","chat":"group:big","from_seq":2,"to_seq":)" +
                                        std::to_string(last) + R"(,"reason":"limit"})");
    EXPECT_LE(last, count - 1000);
    for (std::int64_t i = last + 1; i <= count; ++i) {
        ASSERT_EQ(object(next(program)).at("msg_seq"), i);
    }
    expect_end(program);
}

TEST_F(ListenTest, AGracefulEndRepeatsNothing) {
    int said = 0;
    for (const int signal : {SIGINT, SIGTERM, SIGINT}) {
        process program(listen_with_cursors(), listening_environment());
        if (said == 0) {
            expect_connected(program);
        }
        server().say("2", big, std::to_string(++said)); // or while no program ran
        EXPECT_EQ(object(next(program)).at("text"), json::value(std::to_string(said)));
        expect_end(program, signal);
        if (said == 1) {
            server().say("2", big, std::to_string(++said));
            process again(listen_with_cursors(), listening_environment());
            EXPECT_EQ(object(next(again)).at("text"), "2");
            expect_end(again);
        }
    }
}

TEST_F(ListenTest, AKilledListenerRepeatsRatherThanLoses) {
    first_run();
    std::map<std::int64_t, int> seen{{1, 1}};
    std::int64_t last = 1; // that was printed
    std::uint64_t said = 1;
    int repeated = 0;
    for (int round = 0; round < 20; ++round) {
        process program(listen_with_cursors(), listening_environment());
        for (int i = 0; i < 20; ++i) {
            server().say("2", big, std::to_string(++said));
        }
        std::int64_t before = 0; // in this process
        for (int i = 0; i < 5 + round % 8;) {
            const std::int64_t seq = next_seq(program);
            ++seen[seq];
            ASSERT_TRUE(before == 0 || seq == before + 1) << "only a kill repeats: " << before << ", " << seq;
            before = seq;
            i += seq > last ? 1 : 0; // repeated ones come first
            repeated += seq > last ? 0 : 1;
            last = std::max(last, seq);
        }
        program.send_signal(SIGKILL);
        const finished end = program.wait();
        EXPECT_EQ(end.exit_code, 128 + SIGKILL);
    }
    process program(listen_with_cursors(), listening_environment());
    while (last < static_cast<std::int64_t>(said)) {
        last = next_seq(program);
        ++seen[last];
    }
    expect_end(program);
    for (std::uint64_t seq = 1; seq <= said; ++seq) {
        EXPECT_GE(seen[static_cast<std::int64_t>(seq)], 1) << seq;
    }
    EXPECT_EQ(seen.size(), said);
    RecordProperty("repeated", repeated);
}

TEST_F(ListenTest, ARefusedTokenEndsIt) {
    std::vector<std::string> command = listen();
    command.insert(command.end(), {"--token", "wrong-0ne"});
    const finished end = run(command, listening_environment());
    EXPECT_EQ(end.exit_code, 4);
    EXPECT_EQ(end.err, "");
    const std::size_t first = end.out.find('\n');
    ASSERT_NE(first, std::string::npos);
    const json::object session = object(end.out.substr(0, first));
    EXPECT_EQ(session.at("state"), "refused");
    EXPECT_EQ(session.at("reason"), "not_authenticated");
    const json::object error = object(end.out.substr(first + 1)).at("error").as_object();
    EXPECT_EQ(error.at("kind"), "not_authenticated");

    command.erase(std::ranges::find(command, "--json"));
    const finished for_people = run(command, listening_environment());
    EXPECT_EQ(for_people.exit_code, 4);
    EXPECT_THAT(for_people.out, HasSubstr("session  refused  not_authenticated (not authenticated)"));
    EXPECT_THAT(for_people.err, HasSubstr("yunhu: not_authenticated (not authenticated)"));
}

TEST_F(ListenTest, SaysWhatIsMissing) {
    const json::object no_user = error(2, {"listen", "--gateway", gateway_url()});
    EXPECT_EQ(no_user.at("detail"), "user_id: must be given by --user-id or YUNHU_USER_ID");
    const json::object no_gateway = error(2, {"listen", "--user-id", "1"});
    EXPECT_EQ(no_gateway.at("detail"), "gateway: must be given by --gateway or YUNHU_GATEWAY_URL, as --base-url is");
    EXPECT_THAT(
        std::string(error(2, {"listen", "--user-id", "1", "--gateway", "ws://127.0.0.1/ws"}).at("detail").as_string()),
        HasSubstr("gateway"));
    EXPECT_THAT(std::string(error(2, {"listen", "--user-id", "1", "--gateway", gateway_url(), "--follow", "big"})
                                .at("detail")
                                .as_string()),
                HasSubstr("follow: must be TYPE:ID"));
    EXPECT_EQ(server().requests(), 0U);
}

TEST_F(ListenTest, CursorsThatCanNotBeReadEndIt) {
    const finished end = run(listen({"--json", "--cursors", "/"}), listening_environment());
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_EQ(object(end.out).at("error").as_object().at("kind"), "invalid_request");
}

TEST_F(ListenTest, OutputThatIsLostIsNotAcknowledged) {
    first_run();
    server().say("2", big, "2");
    std::vector<std::string> command = listen_with_cursors();
    command.insert(command.begin(), {"/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full"});
    const finished end = run(command, listening_environment());
    EXPECT_EQ(end.exit_code, 7);
    EXPECT_THAT(end.err, HasSubstr("output could not be written"));
    process program(listen_with_cursors(), listening_environment());
    EXPECT_EQ(object(next(program)).at("text"), "2");
    expect_end(program);
}

TEST_F(ListenTest, ForPeopleAnEventIsALine) {
    terminal_process program(listen({}), listening_environment(), 70);
    EXPECT_THAT(program.read_until("\r\n"), EndsWith("  session  connected\r\n"));
    const std::string id = server().say("2", big, "hello\n" + std::string(100, 'x')).msg_id;
    const std::string line = program.read_until("\r\n");
    EXPECT_THAT(line, HasSubstr("  message  group:big  ben [text] hello xx"));
    EXPECT_THAT(line, EndsWith("...\r\n"));
    EXPECT_EQ(line.size(), 72U);
    server().recall(id, "3");
    EXPECT_THAT(program.read_until("\r\n"), HasSubstr("  recall   group:big  " + id.substr(0, 10)));
    program.type("\x03");
    EXPECT_EQ(program.wait().exit_code, 0);
}

} // namespace
