// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The program yunhu-emulator.

#include "fixture.hpp"

#include "support/process.hpp"

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

std::vector<std::string> command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), YUNHU_EMULATOR);
    return arguments;
}

/// yunhu-emulator with these arguments.
class program {
public:
    explicit program(std::vector<std::string> arguments, std::vector<std::string> environment = {})
        : process_(command(std::move(arguments)), std::move(environment)) {}

    /// The next line of its output without its end; empty at the end of the output.
    std::string line() { return process_.read_line().value_or(std::string()); }

    void type(std::string_view text) { process_.write(text); }

    /// Sends the signal (0: none) and returns the exit code; 128 + signal if the signal ended the program.
    int end(int signal) {
        process_.send_signal(signal);
        return process_.wait().exit_code;
    }

private:
    process process_;
};

class program_test : public ::testing::Test {
protected:
    [[nodiscard]] std::string file(const char* name) const { return folder_ / name; }

    static std::string read_file(const std::string& name) {
        std::ifstream in(name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    /// The port in "listening on https://127.0.0.1:PORT"; 0 for anything else.
    static std::uint16_t port_in(const std::string& line) {
        const std::string start = "listening on https://127.0.0.1:";
        return line.rfind(start, 0) == 0 ? static_cast<std::uint16_t>(std::stoi(line.substr(start.size()))) : 0;
    }

private:
    temporary_directory folder_;
};

TEST_F(program_test, serves_until_it_is_interrupted) {
    for (const int signal : {SIGINT, SIGTERM}) {
        program run({"--port", "0", "--ca-out", file("ca.pem")});
        const std::uint16_t port = port_in(run.line());
        ASSERT_NE(port, 0);
        http_client client(port, read_file(file("ca.pem")));
        client.send(
            valid_request("send-message", protobuf_type, text_request(group("big"), "a", "hi").SerializeAsString()));
        EXPECT_EQ(client.read().status, 200);
        EXPECT_EQ(run.end(signal), 0);
    }
}

TEST_F(program_test, without_a_file_the_ca_is_printed) {
    program run({});
    ASSERT_NE(port_in(run.line()), 0);
    EXPECT_EQ(run.line(), "CA:");
    EXPECT_EQ(run.line(), "-----BEGIN CERTIFICATE-----");
}

TEST_F(program_test, the_account_is_configurable) {
    program run({"--token", "secret", "--user-id", "42", "--user-name", "Li", "--ca-out", file("ca.pem")});
    const std::uint16_t port = port_in(run.line());
    http_client client(port, read_file(file("ca.pem")));
    const auto post = [&client](std::string_view name, const std::string& body) {
        headers with = valid_headers(protobuf_type, body.size());
        with[1].second = "secret";
        client.send(request_text("POST", "/v1/msg/" + std::string(name), with, body));
        return client.read().body;
    };
    post("send-message", text_request(group("big"), "a", "hi").SerializeAsString());
    wire::ListMessageRequest request;
    address(request, group("big"));
    request.set_msg_count(1);
    wire::ListReply page;
    ASSERT_TRUE(page.ParseFromString(post("list-message", request.SerializeAsString())));
    ASSERT_EQ(page.msg_size(), 1);
    EXPECT_EQ(page.msg(0).sender().chat_id(), "42");
    EXPECT_EQ(page.msg(0).sender().name(), "Li");
    client.send(valid_request("list-message", protobuf_type, request.SerializeAsString())); // with the default token
    EXPECT_EQ(json::parse(client.read().body).at("code"), -101);
}

TEST_F(program_test, the_token_is_read_from_the_environment) {
    program run({"--ca-out", file("ca.pem")}, {"YUNHU_TOKEN=secret"});
    const std::uint16_t port = port_in(run.line());
    http_client client(port, read_file(file("ca.pem")));
    for (const auto& [token, code] : {std::pair("secret", 1100), std::pair("test-token", -101)}) {
        headers with = valid_headers(json_type, 2);
        with[1].second = token;
        client.send(request_text("POST", "/v1/msg/delete", with, "{}"));
        EXPECT_EQ(json::parse(client.read().body).at("code"), code);
    }
}

TEST_F(program_test, faults_are_applied_and_recorded_in_the_journal) {
    program run({"--ca-out", file("ca.pem"), "--journal", file("journal"), "--fault",
                 "endpoint=send-message,action=response,nth=2,status=503,header=Retry-After:7,execute=true,body=a,b=c",
                 "--fault", "endpoint=delete,action=close_before,times=1,probability=1.0,delay_ms=1"});
    const std::uint16_t port = port_in(run.line());
    const std::string ca = read_file(file("ca.pem"));
    http_client client(port, ca);
    const std::string body = text_request(group("big"), "a", "hi").SerializeAsString();
    client.send(valid_request("send-message", protobuf_type, body));
    EXPECT_EQ(client.read().status, 200);
    client.send(valid_request("send-message", protobuf_type, body));
    const response replaced = client.read();
    EXPECT_EQ(replaced.status, 503);
    EXPECT_EQ(replaced.header("retry-after"), "7");
    EXPECT_EQ(replaced.body, "a,b=c");
    client.send(valid_request("delete", json_type, "{}"));
    EXPECT_EQ(client.read_to_end(), ending::truncated);
    ASSERT_EQ(run.end(SIGTERM), 0);

    std::vector<json::value> lines;
    std::istringstream journal(read_file(file("journal")));
    for (std::string line; std::getline(journal, line);) {
        lines.push_back(json::parse(line));
    }
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].at("fault"), nullptr);
    EXPECT_EQ(lines[0].at("msg_id"), "a");
    EXPECT_EQ(lines[1].at("fault"), "response");
    EXPECT_EQ(lines[1].at("executed"), true);
    EXPECT_EQ(lines[1].at("duplicate"), true);
    EXPECT_EQ(lines[2].at("fault"), "close_before");
    EXPECT_EQ(lines[2].at("body_hex"), "7b7d");
    EXPECT_EQ(read_file(file("journal")).find("test-token"), std::string::npos);
}

class console_test : public program_test {
protected:
    static std::vector<std::string> with_people(std::vector<std::string> more) {
        more.insert(more.end(), {"--account", "ada:1:token-of-ada", "--account", "ben:2:token-of-ben"});
        return more;
    }

    /// The texts in the group big as that account sees it, the newest first.
    std::vector<std::string> texts(std::uint16_t port, const std::string& token) {
        http_client client(port, read_file(file("ca.pem")));
        wire::ListMessageRequest request;
        address(request, group("big"));
        request.set_msg_count(100);
        const std::string body = request.SerializeAsString();
        headers with = valid_headers(protobuf_type, body.size());
        with[1].second = token;
        client.send(request_text("POST", "/v1/msg/list-message", with, body));
        wire::ListReply page;
        EXPECT_TRUE(page.ParseFromString(client.read().body));
        std::vector<std::string> found;
        for (const wire::Message& each : page.msg()) {
            found.push_back(each.sender().name() + ": " + each.content().text() + " " + each.direction());
        }
        return found;
    }

    void write_file(const char* name, const std::string& text) { std::ofstream(file(name)) << text; }
};

TEST_F(console_test, people_talk_by_lines) {
    program run(with_people({"--ca-out", file("ca.pem")}));
    const std::uint16_t port = port_in(run.line());
    ASSERT_NE(port, 0);
    EXPECT_EQ(run.line(), "CA file: " + file("ca.pem"));
    EXPECT_EQ(run.line(), "gateway wss://127.0.0.1:" + std::to_string(port) + "/ws");
    run.type("big ada: hello\r\n  \n# a comment\ngroup:big dan: I am a guest\n");
    EXPECT_EQ(run.line().size(), 32U); // the id
    EXPECT_EQ(run.line().size(), 32U);
    EXPECT_EQ(texts(port, "token-of-ben"), (std::vector<std::string>{"dan: I am a guest left", "ada: hello left"}));
    EXPECT_EQ(texts(port, "token-of-ada").back(), "ada: hello right");
    run.type("/edit last changed\n/help\n");
    EXPECT_EQ(run.line().rfind("CHAT NAME: TEXT", 0), 0U);
    EXPECT_EQ(texts(port, "token-of-ben").front(), "dan: changed left");
    run.type("/quit\n");
    EXPECT_EQ(run.end(0), 0);
}

TEST_F(console_test, a_line_that_is_not_understood_is_named_and_ends_nothing) {
    program run(with_people({"--ca-out", file("ca.pem")}));
    for (int i = 0; i < 3; ++i) {
        (void)run.line();
    }
    run.type("hello\n/nothing\n/edit last x\n/recall unknown\n/fault action=x\nteam:1 ada: x\nbig ada: hi\n");
    EXPECT_EQ(run.line().size(), 32U);
    run.type("/quit\n");
    EXPECT_EQ(run.end(0), 0);
}

TEST_F(console_test, a_script_is_performed) {
    write_file("script", "big ada: one\n/wait 1\n/recall last\nbig ben: two\n/quit");
    program run(with_people({"--script", file("script")}));
    EXPECT_EQ(run.end(0), 0);
    EXPECT_EQ(program({"--script", file("missing")}).end(0), 1);
}

TEST_F(console_test, the_journal_and_the_screen_show_what_happens_at_once) {
    program run(with_people({"--ca-out", file("ca.pem"), "--journal", file("journal"), "--show"}));
    const std::uint16_t port = port_in(run.line());
    (void)run.line();
    (void)run.line();
    http_client client(port, read_file(file("ca.pem")));
    const std::string body = text_request(group("big"), "a", "two\nlines \x1b[2J").SerializeAsString();
    headers with = valid_headers(protobuf_type, body.size());
    with[1].second = "token-of-ben";
    client.send(request_text("POST", "/v1/msg/send-message", with, body));
    ASSERT_EQ(client.read().status, 200);
    const std::string shown = run.line().substr(9); // after the time
    EXPECT_EQ(shown, "#1 2 send-message group:big \"two lines  [2J\" a");
    const json::value line = json::parse(read_file(file("journal")));
    EXPECT_EQ(line.at("msg_id"), "a");
    EXPECT_EQ(line.at("user_id"), "2");
}

TEST_F(console_test, the_state_is_kept) {
    std::string ca;
    for (int run_number = 1; run_number <= 2; ++run_number) {
        program run(with_people({"--ca-out", file("ca.pem"), "--state", file("state")}));
        const std::uint16_t port = port_in(run.line());
        ca = ca.empty() ? read_file(file("ca.pem")) : ca;
        EXPECT_EQ(read_file(file("ca.pem")), ca);
        (void)run.line();
        (void)run.line();
        run.type("big ada: hello\n");
        (void)run.line();
        EXPECT_EQ(texts(port, "token-of-ben").size(), static_cast<std::size_t>(run_number));
        EXPECT_EQ(run.end(SIGKILL), 128 + SIGKILL);
    }
}

TEST_F(console_test, accounts_are_checked) {
    for (const char* account : {"ada", "ada:1", "ada:1:", ":1:t", "ada::t"}) {
        EXPECT_EQ(program({"--account", account}).end(0), 2) << account;
    }
    EXPECT_EQ(program({"--account", "ada:1:t", "--account", "ben:1:u"}).end(0), 2);
    EXPECT_EQ(program({"--account", "ada:1:t", "--account", "ben:2:t"}).end(0), 2);
    EXPECT_EQ(program({"--gateway-fault", "on=login"}).end(0), 2);
    EXPECT_EQ(program({"--gateway-fault", "action=drop,code=70000"}).end(0), 2);
    EXPECT_EQ(program({"--gateway-fault", "action=replace,body_hex=0"}).end(0), 2);
    EXPECT_EQ(program({"--show", "--quiet"}).end(0), 2);
}

TEST_F(program_test, a_usage_error_exits_with_2) {
    for (const char* spec :
         {"action=nothing", "endpoint=delete", "action=response,status=x", "action=response,colour=red",
          "action=response,header=none", "action", "endpoint=send_message,action=reset", "action=reset,status=1x",
          "action=reset,nth=-1", "action=reset,probability=2"}) {
        EXPECT_EQ(program({"--fault", spec}).end(0), 2) << spec;
    }
    EXPECT_EQ(program({"--port", "70000"}).end(0), 2);
    EXPECT_EQ(program({"--idle-timeout-ms", "0"}).end(0), 2);
    EXPECT_EQ(program({"--help"}).end(0), 0);
}

TEST_F(program_test, an_unwritable_ca_file_exits_with_1) {
    EXPECT_EQ(program({"--ca-out", file("missing/ca.pem")}).end(0), 2);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
