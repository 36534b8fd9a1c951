// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The examples as beginners run them: each mistake ends with a line that names it, and exit code 1.

#include "program_test.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;

class ExamplesTest : public ProgramTest {
protected:
    [[nodiscard]] static std::string example(const std::string& name) { return PROGRAM_FOLDER "/" + name; }

    /// Runs the command; expects a message with that text on standard error, and exit code 1.
    void expect_failure(const std::vector<std::string>& command, const std::vector<std::string>& environment,
                        const std::string& text) const {
        const finished end = run(command, environment);
        EXPECT_EQ(end.exit_code, 1) << ::testing::PrintToString(command) << end.err; // 134: terminate
        EXPECT_THAT(end.err, HasSubstr(text)) << ::testing::PrintToString(command);
        EXPECT_THAT(end.err, ::testing::Not(HasSubstr("terminate"))) << ::testing::PrintToString(command);
        expect_no_token(end);
    }

    [[nodiscard]] std::vector<std::string> environment_but(const std::string& name, const std::string& value) const {
        std::vector<std::string> all = environment();
        std::erase_if(all, [&](const std::string& variable) { return variable.starts_with(name + "="); });
        if (!value.empty()) {
            all.push_back(name + "=" + value);
        }
        return all;
    }

    const std::vector<std::string> with_an_account_{"hello", "shards", "without_coroutines"};
};

TEST_F(ExamplesTest, WithoutAToken) {
    expect_failure({example("hello")}, environment_but("YUNHU_TOKEN", ""), "YUNHU_TOKEN is not set");
    expect_failure({example("metrics_server"), "--port", "0"}, environment_but("YUNHU_TOKEN", ""), "token");
    EXPECT_EQ(run({example("greeter"), "big"}).exit_code, 2);
    expect_failure({example("greeter"), "big"}, {"YUNHU_TOKEN="}, "token");
}

TEST_F(ExamplesTest, WithAWrongToken) {
    for (const std::string& name : with_an_account_) {
        expect_failure({example(name)}, environment_but("YUNHU_TOKEN", "wrong"), "not_authenticated");
    }
    const finished careful = run({example("careful_send")}, environment_but("YUNHU_TOKEN", "wrong"));
    EXPECT_EQ(careful.exit_code, 1);
    EXPECT_THAT(careful.out, HasSubstr("not_authenticated"));
    const finished several = run({example("several_chats"), "a"}, environment_but("YUNHU_TOKEN", "wrong"));
    EXPECT_EQ(several.exit_code, 1);
    EXPECT_THAT(several.out, HasSubstr("not_authenticated"));
}

TEST_F(ExamplesTest, WithoutTheCaOfTheEmulator) {
    for (const std::string& name : with_an_account_) {
        expect_failure({example(name)}, environment_but("YUNHU_CA_FILE", ""), "certificate_rejected");
        expect_failure({example(name)}, environment_but("YUNHU_CA_FILE", "/no/such/file"), "tls.ca_file");
    }
}

TEST_F(ExamplesTest, WithoutAServer) {
    for (const std::string& name : with_an_account_) {
        expect_failure({example(name)}, environment_but("YUNHU_BASE_URL", "https://127.0.0.1:1"),
                       name == "shards" ? "failed: " : "connect_failed"); // shards warms up first: circuit_open
    }
}

TEST_F(ExamplesTest, ABotNamesWhatIsWrong) {
    const auto with = [this](const std::string& name, const std::string& value) {
        std::vector<std::string> all = environment_but(name, value);
        all.emplace_back("YUNHU_USER_ID=7356666");
        return all;
    };
    expect_failure({example("command_bot")}, environment(), "user_id must not be empty");
    expect_failure({example("command_bot")}, with("YUNHU_TOKEN", "wrong"), "not_authenticated");
    expect_failure({example("echo_bot")}, with("YUNHU_TOKEN", "wrong"), "not_authenticated");
    expect_failure({example("command_bot")}, with("YUNHU_CA_FILE", ""), "certificate_rejected");
    expect_failure({example("command_bot")}, with("YUNHU_CA_FILE", "/no/such/file"), "tls.ca_file");
    expect_failure({example("command_bot")}, with("YUNHU_BASE_URL", "https://127.0.0.1:1"), "connect_failed");
    expect_failure({example("command_bot")}, with("YUNHU_GATEWAY_URL", "https://127.0.0.1/ws"), "gateway");
}

TEST_F(ExamplesTest, ABotAnswersUntilSigterm) {
    std::vector<std::string> with_user = environment();
    with_user.emplace_back("YUNHU_USER_ID=7356666");
    process program({example("echo_bot")}, with_user);
    ASSERT_TRUE(server().wait_until([&] { return server().sessions() == 1; }, std::chrono::seconds(60)));
    server().say("123", yunhu::group("big"), "are you there?");
    EXPECT_TRUE(server().wait_until([&] { return server().messages(yunhu::group("big")).size() == 2; },
                                    std::chrono::seconds(60)));
    program.send_signal(SIGTERM);
    EXPECT_EQ(program.wait().exit_code, 0);
}

TEST_F(ExamplesTest, AThousandAccountsAnswerInOneProcess) {
    const finished end = run({example("many_accounts"), "1000"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(end.out, "1000 accounts are logged in\n1000 of them answered\n");
}

TEST_F(ExamplesTest, TheMetricsServerEndsAtSigtermWhilePrometheusKeepsItsConnection) {
    process program({"/bin/sh", "-c", "exec \"$0\" --port 0 2>&1", example("metrics_server")}, environment());
    const std::string line = program.read_line().value_or("");
    const std::string before = "serving http://127.0.0.1:";
    ASSERT_THAT(line, ::testing::StartsWith(before));
    const auto port = static_cast<std::uint16_t>(std::stoi(line.substr(before.size())));

    asio::io_context io;
    asio::ip::tcp::socket scraper(io);
    scraper.connect({asio::ip::address_v4::loopback(), port});
    asio::write(scraper, asio::buffer(std::string("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")));
    std::string page;
    asio::read_until(scraper, asio::dynamic_buffer(page), "yunhu_");
    EXPECT_THAT(page, HasSubstr("200 OK"));
    program.send_signal(SIGTERM);
    EXPECT_EQ(program.wait().exit_code, 0); // the connection is still open
}

} // namespace
