// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The subcommands around a token, and those of an owner of bots.

#include "program_test.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string account_password = "passw0rd-that-must-not-leak";

class LoginProgramTest : public ProgramTest {
protected:
    LoginProgramTest() {
        yunhu::testing::account account("4", "Dee", "token-of-dee");
        server().add_account(account.with_login("dee@b.cc", account_password, "13800000000"));
        yunhu::testing::bot_profile bot;
        bot.id = "98";
        bot.name = "Own";
        bot.owner = "7356666";
        server().add_bot(bot);
    }

    [[nodiscard]] std::vector<std::string> login_with(std::vector<std::string> more) const {
        std::vector<std::string> all{"email-login", "--email", "dee@b.cc", "--password-file", "-", "--device-id", "d"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    /// Without a token, as before the first login.
    [[nodiscard]] finished without_token(std::vector<std::string> arguments, std::string_view input) const {
        arguments.insert(arguments.begin(), PROGRAM_YUNHU);
        std::vector<std::string> variables = environment();
        variables.pop_back();
        finished end = run(arguments, variables, input);
        EXPECT_EQ(end.out.find(account_password), std::string::npos);
        EXPECT_EQ(end.err.find(account_password), std::string::npos);
        return end;
    }

    [[nodiscard]] static std::string content_of(const std::filesystem::path& file) {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

TEST_F(LoginProgramTest, TheTokenGoesIntoAFileOfItsOwner) {
    using std::filesystem::perms;
    const std::filesystem::path file = directory() / "account.token";
    const finished in = without_token(login_with({"--token-out", file.string()}), account_password + "\n");
    EXPECT_EQ(in.exit_code, 0) << in.err;
    EXPECT_EQ(in.out, "done\n");
    EXPECT_EQ(content_of(file), "token-of-dee\n");
    EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
    const finished json = without_token(login_with({"--token-out", file.string(), "--json"}), account_password);
    EXPECT_THAT(json.out, Not(HasSubstr("token-of-dee")));
    EXPECT_EQ(server().requests(), 2U);
}

TEST_F(LoginProgramTest, OrIntoTheJson) {
    const finished in = without_token(login_with({"--json"}), account_password + "\n");
    EXPECT_EQ(in.exit_code, 0) << in.err;
    EXPECT_EQ(object(in.out).at("data").at("token"), "token-of-dee");
}

TEST_F(LoginProgramTest, WithoutAPlaceForTheTokenNothingIsSent) {
    const finished none = without_token(login_with({}), account_password);
    EXPECT_EQ(none.exit_code, 2);
    EXPECT_THAT(none.err, HasSubstr("token_out"));
    const finished folder =
        without_token(login_with({"--token-out", (directory() / "no" / "such").string()}), account_password);
    EXPECT_EQ(folder.exit_code, 2);
    EXPECT_THAT(folder.err, HasSubstr("can't be written"));
    EXPECT_EQ(server().requests(), 0U);
}

TEST_F(LoginProgramTest, ARefusedLoginLeavesNoFile) {
    const std::filesystem::path file = directory() / "account.token";
    const finished wrong = without_token(login_with({"--token-out", file.string()}), "another");
    EXPECT_EQ(wrong.exit_code, 3);
    EXPECT_THAT(wrong.err, HasSubstr("密码错误"));
    EXPECT_FALSE(std::filesystem::exists(file));
    for (const auto& entry : std::filesystem::directory_iterator(file.parent_path())) {
        EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("account.token")));
    }
}

TEST_F(LoginProgramTest, APasswordIsNoArgument) {
    EXPECT_EQ(without_token({"email-login", "--email", "dee@b.cc", "--password", "x", "--device-id", "d", "--json"}, {})
                  .exit_code,
              2);
    EXPECT_EQ(server().requests(), 0U);
    EXPECT_THAT(yunhu_program({"email-login", "--help"}).out, HasSubstr("--password-file FILE"));
}

TEST_F(LoginProgramTest, ByACode) {
    const json::object picture = object(without_token({"captcha", "--json"}, {}).out);
    const std::string id(picture.at("data").at("id").as_string());
    EXPECT_EQ(
        without_token({"get-verification-code", "--mobile", "13800000000", "--code-file", "-", "--id", id}, "abcd")
            .exit_code,
        0);
    const finished in = without_token(
        {"verification-login", "--mobile", "13800000000", "--captcha-file", "-", "--device-id", "d", "--json"},
        server().options().verification_code);
    EXPECT_EQ(object(in.out).at("data").at("token"), "token-of-dee");
}

TEST_F(LoginProgramTest, OutAndRefused) {
    EXPECT_EQ(yunhu_program({"logout", "--device-id", "d"}).exit_code, 0);
    EXPECT_EQ(yunhu_program({"user-info"}).exit_code, 4);
}

TEST_F(LoginProgramTest, TokensOfBotsAreNotForATerminal) {
    const json::object mine = reply({"my-bots"});
    const json::value& bot = mine.at("data").at("list").at("bots").at(0);
    EXPECT_EQ(bot.at("bot_id"), "98");
    const std::string token(bot.at("token").as_string());
    const finished shown = yunhu_program({"my-bots"});
    EXPECT_THAT(shown.out, HasSubstr("Own"));
    EXPECT_THAT(shown.out, Not(HasSubstr(token)));
    const std::filesystem::path file = directory() / "bot.token";
    EXPECT_EQ(yunhu_program({"reset-bot-token", "--bot-id", "98", "--token-out", file.string()}).exit_code, 0);
    EXPECT_NE(content_of(file), token + "\n");
    EXPECT_EQ(yunhu_program({"follower-list", "--bot-id", "98"}).exit_code, 0);
    EXPECT_THAT(yunhu_program({"join-group-list", "--bot-id", "99"}).err, HasSubstr("机器人不存在"));
}

TEST_F(LoginProgramTest, YesOrNo) {
    yunhu::testing::group_profile group;
    group.id = "big";
    group.owner = "7356666";
    group.members = {"7356666", "4"};
    server().add_group(group);
    const std::vector<std::string> asked{"member-is-removed", "--group-id", "big", "--user-id", "4"};
    EXPECT_EQ(yunhu_program(asked).out, "no\n");
    EXPECT_EQ(yunhu_program({"remove-member", "--group-id", "big", "--user-id", "4"}).exit_code, 0);
    EXPECT_EQ(yunhu_program(asked).out, "yes\n");
}

} // namespace
