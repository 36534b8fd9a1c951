// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support.hpp"

#include <yunhu/login.hpp>
#include <yunhu/own_bots.hpp>
#include <yunhu/token_provider.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace yunhu::test {
namespace {

constexpr std::string_view password = "passw0rd-that-must-not-leak";

// The snippet of the handbook, verbatim.
yunhu::secret stored_token(const std::string& file) {
    std::ifstream in(file);
    std::string token;
    std::getline(in, token);
    return yunhu::secret(std::move(token)); // overwrites the string
}

asio::awaitable<yunhu::secret> read_again(std::string file, yunhu::secret /*refused*/) {
    co_return stored_token(file);
}

asio::awaitable<void> serve(asio::io_context& io, yunhu::client_config config, std::string file) {
    auto tokens = std::make_shared<yunhu::token_provider>(io.get_executor(), stored_token(file),
                                                          std::bind_front(read_again, file));
    config.token_optional = true; // the provider has it
    const yunhu::client bot = yunhu::client(io, config).with_tokens(tokens);
    const auto me = co_await bot.call(yunhu::endpoints::user_info, yunhu::user_info_request());
    std::cout << "the account is " << me.value.id << '\n';
}

class LoginTest : public LookupsTest {
protected:
    LoginTest() : anyone_(context_, without_token(server_)) {
        testing::account account("4", "Dee", "token-of-dee");
        server_.add_account(account.with_login("dee@b.cc", password, "13800000000"));
        testing::bot_profile bot;
        bot.id = "98";
        bot.name = "Own";
        bot.owner = "1";
        server_.add_bot(bot);
    }

    [[nodiscard]] result<login_result> log_in() {
        return ask(anyone_, endpoints::email_login, email_login_request("dee@b.cc", password, "d"));
    }

    /// How many of the received requests had the token's header field.
    [[nodiscard]] std::size_t requests_with_token() const {
        const auto journal = server_.journal();
        return static_cast<std::size_t>(std::ranges::count_if(journal, [](const testing::exchange& each) {
            return std::ranges::any_of(each.headers, [](const auto& header) { return header.first == "token"; });
        }));
    }

    static client_config without_token(const testing::emulator& server) {
        client_config config = config_for(server);
        config.token = secret();
        config.token_optional = true;
        return config;
    }

    client anyone_; ///< has no token
};

TEST_F(LoginTest, InOutAndInAgain) {
    const auto first = log_in();
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_EQ(first->token.reveal(), "token-of-dee");
    const client dee = anyone_.with_token(first->token);
    EXPECT_EQ(ask(dee, endpoints::user_info, {})->value.name, "Dee");
    ASSERT_TRUE(ask(dee, endpoints::device_offline, {"other"}));
    ASSERT_TRUE(ask(dee, endpoints::logout, {"d"}));
    const auto refused = ask(dee, endpoints::user_info, {});
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, errc::not_authenticated);
    EXPECT_EQ(refused.error().api_code, -101);
    const auto second = log_in();
    ASSERT_TRUE(second) << second.error().detail;
    EXPECT_NE(second->token.reveal(), first->token.reveal());
    EXPECT_EQ(second->token.reveal().size(), 36U);
    EXPECT_EQ(ask(anyone_.with_token(second->token), endpoints::user_info, {})->value.id, "4");
}

TEST_F(LoginTest, NoTokenLeavesWithALogin) {
    ASSERT_TRUE(log_in());
    ASSERT_TRUE(ask(ada_, endpoints::email_login, email_login_request("dee@b.cc", password, "d")));
    ASSERT_TRUE(ask(ben_, endpoints::captcha, {}));
    EXPECT_EQ(requests_with_token(), 0U);
    ASSERT_TRUE(ask(ada_, endpoints::user_info, {}));
    EXPECT_EQ(requests_with_token(), 1U);
}

TEST_F(LoginTest, APasswordIsInNoText) {
    const auto wrong = ask(anyone_, endpoints::email_login, email_login_request("dee@b.cc", "another-secret", "d"));
    expect_refused(wrong, -1, "密码错误");
    ASSERT_TRUE(log_in());
    for (const testing::exchange& each : server_.journal()) {
        EXPECT_EQ(each.body.find(password), std::string::npos);
        EXPECT_EQ(each.body.find("another-secret"), std::string::npos);
        EXPECT_NE(each.body.find("dee@b.cc"), std::string::npos);
    }
    expect_refused(ask(anyone_, endpoints::email_login, email_login_request("no@b.cc", password, "d")), -1,
                   "账号不存在");
}

TEST_F(LoginTest, ByACodeOnTheTelephone) {
    const auto picture = ask(anyone_, endpoints::captcha, {});
    ASSERT_TRUE(picture) << picture.error().detail;
    EXPECT_TRUE(picture->base64().starts_with("iVBOR"));
    ASSERT_TRUE(ask(anyone_, endpoints::get_verification_code, {"13800000000", "abcd", picture->id}));
    expect_refused(ask(anyone_, endpoints::get_verification_code, {"13800000000", "abcd", picture->id}), -1,
                   "验证码错误");
    expect_refused(ask(anyone_, endpoints::verification_login, {"13800000000", "111111", "d"}), -1, "验证码错误");
    const auto in =
        ask(anyone_, endpoints::verification_login, {"13800000000", secret(server_.options().verification_code), "d"});
    ASSERT_TRUE(in) << in.error().detail;
    EXPECT_EQ(in->token.reveal(), "token-of-dee");
}

TEST_F(LoginTest, AForgottenPassword) {
    const auto picture = ask(anyone_, endpoints::captcha, {});
    ASSERT_TRUE(picture) << picture.error().detail;
    ASSERT_TRUE(
        ask(anyone_, endpoints::get_email_verification_code, {"dee@b.cc", "abcd", picture->id, "forget_password"}));
    ASSERT_TRUE(
        ask(anyone_, endpoints::forget_password, {"dee@b.cc", secret(server_.options().verification_code), "another"}));
    expect_refused(log_in(), -1, "密码错误");
    EXPECT_TRUE(ask(anyone_, endpoints::email_login, {"dee@b.cc", "another", "d"}));
}

// It may have ended another session, so a lost response is the caller's business.
TEST_F(LoginTest, ALostResponseToALoginIsNotRepeated) {
    testing::fault lost(endpoints::email_login);
    lost.what = testing::fault::action::close_after;
    server_.inject(lost);
    const auto in = log_in();
    ASSERT_TRUE(in.has_error());
    EXPECT_EQ(in.error().code, errc::outcome_unknown);
    EXPECT_EQ(in.error().attempts, 1U);
}

TEST_F(LoginTest, ACaptchaIsAskedForAgain) {
    ASSERT_TRUE(ask(anyone_, endpoints::captcha, {})); // on a connection that was used before
    testing::fault lost(endpoints::captcha);
    lost.what = testing::fault::action::close_after;
    lost.times = 1;
    server_.inject(lost);
    const auto picture = ask(anyone_, endpoints::captcha, {});
    ASSERT_TRUE(picture) << picture.error().detail;
    EXPECT_EQ(picture->attempts, 2U);
}

TEST_F(LoginTest, WithoutATokenOnlySuchCallsAreMade) {
    const auto me = ask(anyone_, endpoints::user_info, {});
    ASSERT_TRUE(me.has_error());
    EXPECT_EQ(me.error().code, errc::invalid_request);
    EXPECT_EQ(me.error().detail, "the client has no token, which this call needs");
    EXPECT_EQ(server_.requests(), 0U);
}

// Neither a login that the service answers with -101 nor a logout asks the provider for another token.
TEST_F(LoginTest, NoRenewalForACallThatGetsOrEndsAToken) {
    int renewals = 0;
    const auto tokens = std::make_shared<token_provider>(context_.get_executor(), "expired",
                                                         [&](secret) -> boost::asio::awaitable<secret> {
                                                             ++renewals;
                                                             co_return secret("token-of-dee");
                                                         });
    const client dee = anyone_.with_tokens(tokens);
    testing::fault refusal(endpoints::email_login);
    refusal.status = 200;
    refusal.body = R"({"code":-101,"msg":"未登录"})";
    refusal.headers = {{"content-type", "application/json"}};
    refusal.times = 1;
    server_.inject(refusal);
    EXPECT_EQ(ask(dee, endpoints::email_login, email_login_request("dee@b.cc", password, "d")).error().code,
              errc::not_authenticated);
    EXPECT_EQ(ask(dee, endpoints::logout, {"d"}).error().code, errc::not_authenticated);
    EXPECT_EQ(renewals, 0);
    EXPECT_EQ(ask(dee, endpoints::user_info, {})->value.id, "4");
    EXPECT_EQ(renewals, 1);
}

TEST_F(LoginTest, AServerBeginsWithAStoredToken) {
    const std::filesystem::path file =
        std::filesystem::path(::testing::TempDir()) / ("token-of-" + std::to_string(::getpid()));
    std::ofstream(file) << "token-of-dee\n";
    run(context_, [&] { return serve(context_, without_token(server_), file.string()); });
    std::filesystem::remove(file);
    EXPECT_EQ(server_.journal().back().user_id, "4");
}

TEST_F(LoginTest, OwnBots) {
    const auto mine = ask(ada_, endpoints::my_bots, {});
    ASSERT_TRUE(mine) << mine.error().detail;
    ASSERT_EQ(mine->bots.size(), 1U);
    EXPECT_EQ(mine->bots[0].bot_id, "98");
    EXPECT_FALSE(mine->bots[0].token.empty());
    EXPECT_TRUE(ask(ben_, endpoints::my_bots, {})->bots.empty());
    const auto reset = ask(ada_, endpoints::reset_bot_token, {"98"});
    ASSERT_TRUE(reset) << reset.error().detail;
    EXPECT_NE(reset->token.reveal(), mine->bots[0].token.reveal());
    EXPECT_EQ(ask(ada_, endpoints::my_bots, {})->bots.at(0).token.reveal(), reset->token.reveal());
    expect_refused(ask(ben_, endpoints::reset_bot_token, {"98"}), -1, "您无权操作此机器人");
    expect_refused(ask(ada_, endpoints::reset_bot_token, {"99"}), -1, "您无权操作此机器人");
}

TEST_F(LoginTest, FollowersAndGroupsOfAnOwnBot) {
    ASSERT_TRUE(ask(ben_, endpoints::apply, {bot_chat("98")}));
    const auto users = ask(ada_, endpoints::follower_list, {"98"});
    ASSERT_TRUE(users) << users.error().detail;
    ASSERT_EQ(users->followers.size(), 1U);
    EXPECT_EQ(users->followers[0].name, "Ben");
    EXPECT_EQ(users->total, 1U);
    EXPECT_TRUE(ask(ada_, endpoints::follower_list, {"98", {2, 50}})->followers.empty());
    EXPECT_TRUE(ask(ada_, endpoints::follower_list, {"98", {1, 50}, "Cy"})->followers.empty());
    const auto groups = ask(ada_, endpoints::join_group_list, {"98"});
    ASSERT_TRUE(groups) << groups.error().detail;
    ASSERT_EQ(groups->groups.size(), 1U);
    EXPECT_EQ(groups->groups[0].name, "Big");
    expect_refused(ask(ben_, endpoints::follower_list, {"98"}), -1, "您无权操作此机器人");
    expect_refused(ask(ben_, endpoints::join_group_list, {"98"}), -1, "您无权操作此机器人");
}

TEST_F(LoginTest, PermissionsOfABotInAGroup) {
    group_permission_edit_request edit("98", "big");
    edit.allow_gag_member = true;
    ASSERT_TRUE(ask(ada_, endpoints::group_permission_edit, edit));
    expect_refused(ask(ben_, endpoints::group_permission_edit, edit), -1, "您无权操作此群聊，请联系群主");
}

} // namespace
} // namespace yunhu::test
