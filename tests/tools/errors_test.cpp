// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Failures of `yunhu`: exit codes, the error object and the messages for people.

#include "program_test.hpp"
#include "support/terminal_process.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

namespace {

using ::testing::HasSubstr;
using yunhu::testing::fault;

TEST_F(ProgramTest, AWrongTokenIsNotAuthenticated) {
    const json::object e = error(4, {"send-message", "--chat", "group:big", "--text", "hi", "--token", "wrong-0ne"});
    EXPECT_EQ(e.at("kind"), "not_authenticated");
    EXPECT_EQ(e.at("delivery"), "answered");
    EXPECT_EQ(e.at("code"), -101);
    EXPECT_EQ(e.at("msg"), "未登录");
    EXPECT_EQ(e.at("endpoint"), "send-message");
    EXPECT_EQ(e.at("attempts"), 1);
    EXPECT_EQ(e.at("http_status"), 200);

    const finished read = yunhu_program({"list-message", "--chat", "group:big", "--token", "wrong-0ne"});
    EXPECT_EQ(read.exit_code, 4);
    EXPECT_EQ(read.out, "");
    EXPECT_THAT(read.err, HasSubstr("the server says: 未登录"));
    EXPECT_EQ(read.err.find("wrong-0ne"), std::string::npos);
}

TEST_F(ProgramTest, ACaThatDoesNotMatchIsATransportErrorAndNothingIsSent) {
    yunhu::testing::emulator_options other;
    other.ca_out = directory() / "other.pem";
    const yunhu::testing::emulator impostor(other);
    const json::object e = error(
        5, {"send-message", "--chat", "group:big", "--text", "hi", "--ca-file", (directory() / "other.pem").string()});
    EXPECT_EQ(e.at("kind"), "certificate_rejected");
    EXPECT_EQ(e.at("delivery"), "not_sent");
    EXPECT_TRUE(e.at("http_status").is_null());
    EXPECT_TRUE(e.at("code").is_null());
    EXPECT_EQ(e.at("msg_id").as_string().size(), 32U);
    EXPECT_TRUE(server().journal().empty());
}

TEST_F(ProgramTest, ARefusalSaysWhatTheApiSaid) {
    const json::object e = error(3, {"recall-msg", "--chat", "group:big", "--msg-id", "nobody-knows-it"});
    EXPECT_EQ(e.at("kind"), "refused");
    EXPECT_EQ(e.at("delivery"), "answered");
    EXPECT_EQ(e.at("code"), -1);
    EXPECT_EQ(e.at("msg_id"), "nobody-knows-it");
    EXPECT_NE(e.at("msg").as_string(), "");
    EXPECT_TRUE(e.at("phase").is_string());
}

TEST_F(ProgramTest, AServerErrorLeavesItOpenWhetherASendWasExecuted) {
    fault f;
    f.status = 503;
    server().inject(f);
    const json::object e = error(6, {"send-message", "--chat", "group:big", "--text", "hi"});
    EXPECT_EQ(e.at("kind"), "server_error");
    EXPECT_EQ(e.at("http_status"), 503);
    EXPECT_EQ(e.at("attempts"), 1);
    // A list is asked for again.
    EXPECT_EQ(error(3, {"list-message", "--chat", "group:big", "--attempts", "2"}).at("attempts"), 2);
}

TEST_F(ProgramTest, ASendWithoutAnAnswerIsAnUnknownOutcome) {
    fault f;
    f.what = fault::action::close_after;
    server().inject(f);
    const json::object e = error(6, {"send-message", "--chat", "group:big", "--text", "hi", "--msg-id", "m1"});
    EXPECT_EQ(e.at("kind"), "outcome_unknown");
    EXPECT_EQ(e.at("delivery"), "maybe_sent");
    EXPECT_EQ(e.at("msg_id"), "m1");
    EXPECT_EQ(e.at("attempts"), 1);
    ASSERT_EQ(server().messages(yunhu::group("big")).size(), 1U);

    const finished read = yunhu_program({"send-message", "--chat", "group:big", "--text", "hi", "--msg-id", "m2"});
    EXPECT_EQ(read.exit_code, 6);
    EXPECT_THAT(read.err, HasSubstr("look for m2"));

    // A list changes nothing, so its outcome is never unknown.
    EXPECT_EQ(error(5, {"list-message", "--chat", "group:big"}).at("delivery"), "maybe_sent");
}

TEST_F(ProgramTest, AListSaysWhatItLeftOut) {
    fault f;
    f.status = 200;
    f.endpoint = "list-message";
    f.headers = {{"content-type", "application/x-protobuf"}};
    f.body = std::string("\x0a\x02\x10\x01\x12\x01\xff", 7); // a success and a message that is none
    server().inject(f);
    const std::vector<std::string> page{"list-message", "--chat", "group:big"};
    const std::string messages = "yunhu: left out: 1 messages that can't be read\n";
    EXPECT_EQ(yunhu_program(page).err, messages);
    const finished listed = yunhu_program({"list-message", "--chat", "group:big", "--json"});
    EXPECT_EQ(listed.exit_code, 0);
    EXPECT_EQ(listed.err, messages);
    EXPECT_EQ(object(listed.out).at("unreadable"), 1);

    f.endpoint = "list-message-edit-record";
    f.headers = {{"content-type", "application/json"}};
    f.body = R"({"code":1,"msg":"success","data":{"list":[7],"total":1}})";
    server().inject(f);
    const finished records = yunhu_program({"list-message-edit-record", "--msg-id", "m", "--json"});
    EXPECT_EQ(records.err, "yunhu: left out: 1 records that can't be read\n");
    EXPECT_EQ(object(records.out).at("unreadable"), 1);
    EXPECT_FALSE(reply({"send-message", "--chat", "group:big", "--text", "hi"}).contains("unreadable"));
}

TEST_F(ProgramTest, ADeadlineEndsACall) {
    fault f;
    f.what = fault::action::stall;
    server().inject(f);
    EXPECT_EQ(error(6, {"send-message", "--chat", "group:big", "--text", "hi", "--timeout", "200"}).at("delivery"),
              "maybe_sent");
    const json::object e = error(5, {"list-message", "--chat", "group:big", "--timeout", "200"});
    EXPECT_EQ(e.at("kind"), "timed_out");
}

TEST_F(ProgramTest, CtrlCCancelsTheCall) {
    fault f;
    f.what = fault::action::stall;
    server().inject(f);
    process program({PROGRAM_YUNHU, "--json", "send-message", "--chat", "group:big", "--text", "hi"}, environment());
    while (server().journal().empty()) {
        std::this_thread::yield();
    }
    program.send_signal(SIGINT);
    const finished end = program.wait();
    EXPECT_EQ(end.exit_code, 130);
    EXPECT_EQ(object(end.out).at("error").at("delivery"), "maybe_sent");
}

TEST_F(ProgramTest, WrongUsageSendsNothing) {
    const std::vector<std::vector<std::string>> command_lines{
        {},
        {"no-such-endpoint"},
        {"send-message", "--no-such-option", "x"},
        {"send-message", "--chat", "group:big"},                                            // no text
        {"send-message", "--text", "hi"},                                                   // no chat
        {"send-message", "--chat", "big", "--text", "hi"},                                  // no type
        {"send-message", "--chat", "clan:big", "--text", "hi"},                             // no such type
        {"send-message", "--chat", "0:big", "--text", "hi"},                                // neither
        {"send-message", "--chat", "group:", "--text", "hi"},                               // no id
        {"send-message", "--chat", "group:big", "--text", "a", "--text", "b"},              // not repeated
        {"send-message", "--chat", "group:big", "--text", "\xFF"},                          // not UTF-8
        {"send-message", "--chat", "group:big", "--text", "hi", "--command-id", "many"},    // no number
        {"send-message", "--chat", "group:big", "--text", "hi", "--width", "-1"},           // negative
        {"send-message", "--chat", "group:big", "--text", "hi", "--content-type", "verse"}, // no such type
        {"send-message", "--chat", "group:big", "--text", "hi", "--timeout", "soon"},
        {"send-message", "--chat", "group:big", "--text", "hi", "--attempts", "0"},
        {"list-message", "--chat", "group:big", "--msg-count", "0"},
        {"recall-msg-batch", "--chat", "group:big"},
        {"msg-forward", "--msg-id", "m", "--chat-type", "group"},
        {"list-message", "--chat", "group:big", "--base-url", "http://example.com"},
        {"list-message", "--chat", "group:big", "--ca-file", "/no/such/file"},
        {"list-message", "--chat", "group:big", "--token", "with\nnewline"},
    };
    for (const std::vector<std::string>& arguments : command_lines) {
        const finished end = yunhu_program(arguments);
        EXPECT_EQ(end.exit_code, 2) << ::testing::PrintToString(arguments) << end.err;
        EXPECT_EQ(end.out, "");
        EXPECT_NE(end.err, "") << ::testing::PrintToString(arguments);
    }
    EXPECT_TRUE(server().journal().empty());

    const json::object e = error(2, {"list-message", "--chat", "group:big", "--msg-count", "0"});
    EXPECT_EQ(e.at("kind"), "invalid_request");
    EXPECT_EQ(e.at("delivery"), "not_sent");
    EXPECT_EQ(e.at("attempts"), 0);
    EXPECT_THAT(std::string(e.at("detail").as_string()), HasSubstr("msg_count"));
}

TEST_F(ProgramTest, WrongUsageIsJsonUnderJson) {
    for (const auto& [arguments, detail] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"list-message", "--no-such-option", "x"}, "unknown arguments: --no-such-option (a value)"},
             {{"send"}, "unknown subcommand send; did you mean send-message?"},
             {{}, "a subcommand is missing"},
             {{"tail"}, "--chat is missing"},
             {{"list-message", "--attempts", "0"}, "--attempts: invalid; must be UINT:UINT in [1 - 100]"},
         }) {
        const json::object e = error(2, arguments);
        EXPECT_EQ(e.at("kind"), "invalid_request");
        EXPECT_EQ(e.at("delivery"), "not_sent");
        EXPECT_EQ(e.at("detail"), json::value(detail));
    }
    EXPECT_TRUE(object(yunhu_program({"tail", "--jsonl"}).out).contains("error"));
    EXPECT_EQ(yunhu_program({"tail", "--", "--json"}).out, "");
}

TEST_F(ProgramTest, AnUnknownSubcommandIsNamedIfItIsNearOne) {
    for (const auto& [word, meant] : std::vector<std::pair<std::string, std::string>>{{"send", "send-message"},
                                                                                      {"send_message", "send-message"},
                                                                                      {"hist", "history"},
                                                                                      {"recal-msg", "recall-msg"},
                                                                                      {"tial", "tail"},
                                                                                      {"bacth", "batch"}}) {
        const finished end = yunhu_program({word});
        EXPECT_EQ(end.exit_code, 2);
        EXPECT_THAT(end.err, HasSubstr("unknown subcommand " + word + "; did you mean " + meant + "?"));
    }
    const finished far = yunhu_program({test_token}); // which is no output
    EXPECT_THAT(far.err, HasSubstr("unknown subcommand\n"));
}

TEST_F(ProgramTest, AWrongKindOfChatIsNamedWithTheKnownOnes) {
    const finished end = yunhu_program({"list-message", "--chat", "grp:big"});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("chat: must be one of user, group, bot or a number, not grp"));
    EXPECT_THAT(yunhu_program({"send-message", "--chat", "group:big", "--text", "x", "--content-type", "verse"}).err,
                HasSubstr("content_type: must be one of text, image,"));
    // What looks like a token is not shown.
    EXPECT_THAT(yunhu_program({"list-message", "--chat", test_token + ":big"}).err,
                HasSubstr("must be one of user, group, bot or a number"));
}

TEST_F(ProgramTest, AnIdThatIsNotSeenIsRefused) {
    for (const std::string& id : {std::string("a\u200Bb"), std::string("\uFEFFa"), std::string("a\u202E")}) {
        const json::object e = error(2, {"recall-msg", "--chat", "group:big", "--msg-id", id});
        EXPECT_THAT(std::string(e.at("detail").as_string()),
                    HasSubstr("msg_id must not contain invisible characters: U+"));
        EXPECT_EQ(error(2, {"list-message", "--chat", "group:" + id}).at("kind"), "invalid_request");
    }
    EXPECT_TRUE(server().journal().empty());
}

TEST_F(ProgramTest, AnEncryptedCertificateFileIsRefusedWithoutAskingForItsPassPhrase) {
    const std::string path = (directory() / "encrypted.pem").string();
    std::ofstream(path) << "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
                           "00000000000000000000000000000000\n\nAAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n";
    terminal_process program({PROGRAM_YUNHU, "list-message", "--chat", "group:big", "--ca-file", path}, environment());
    const finished end = program.wait(); // nothing is typed
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.out, HasSubstr("tls.ca_file"));
    EXPECT_THAT(end.out, ::testing::Not(HasSubstr("pass phrase")));
}

TEST_F(ProgramTest, NoTokenIsWrongUsage) {
    const finished end = run({PROGRAM_YUNHU, "list-message", "--chat", "group:big"});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, HasSubstr("YUNHU_TOKEN"));
}

TEST_F(ProgramTest, ATokenInTheWrongPlaceIsNotEchoed) {
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"list-message", "--chat", "group:big", "--tokn", test_token},
             {"list-message", "--chat", "group:big", "--tokn=" + test_token},
             {"list-message", "--chat", "group:big", test_token},
             {"--help"},
             {"list-message", "--help"},
             {"list-message", "--chat", "group:big", "--token", test_token, "--base-url", "https://127.0.0.1:1"},
         }) {
        const finished end = yunhu_program(arguments); // looks for it
        EXPECT_NE(end.out + end.err, "");
    }
}

TEST_F(ProgramTest, HelpShowsAnExampleAndTheExitCodes) {
    const finished all = yunhu_program({"--help"});
    EXPECT_EQ(all.exit_code, 0);
    EXPECT_THAT(all.out, HasSubstr("6 outcome unknown"));
    for (const std::string name : {"send-message",
                                   "edit-message",
                                   "list-message-by-seq",
                                   "list-message",
                                   "list-message-by-mid-seq",
                                   "list-message-edit-record",
                                   "button-report",
                                   "recall-msg",
                                   "recall-msg-batch",
                                   "file-download-record",
                                   "msg-forward",
                                   "pic-list-message-by-mid-seq",
                                   "delete",
                                   "batch",
                                   "tail",
                                   "history",
                                   "broadcast",
                                   "upload",
                                   "download",
                                   "completion"}) {
        EXPECT_THAT(all.out, HasSubstr(name));
        const finished one = yunhu_program({name, "--help"});
        EXPECT_EQ(one.exit_code, 0);
        EXPECT_THAT(one.out, HasSubstr("Example:\n  yunhu " + name + " "));
    }
}

TEST_F(ProgramTest, CommonOptionsStandBeforeOrAfterTheSubcommand) {
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"--timeout", "60000", "--connections", "1", "list-message", "--chat", "group:big"},
             {"list-message", "--timeout", "60000", "--chat", "group:big", "--connections", "1"},
         }) {
        EXPECT_EQ(yunhu_program(arguments).exit_code, 0);
    }
}

TEST_F(ProgramTest, TextOfTheServerDoesNotSteerTheTerminal) {
    fault f;
    f.status = 200;
    f.body = "{\"code\":-1,\"msg\":\"a\\u001b[31m\\nb\"}";
    server().inject(f);
    const finished end = yunhu_program({"recall-msg", "--chat", "group:big", "--msg-id", "m"});
    EXPECT_EQ(end.exit_code, 3);
    EXPECT_THAT(end.err, HasSubstr("the server says: a [31m b\n"));
}

} // namespace
