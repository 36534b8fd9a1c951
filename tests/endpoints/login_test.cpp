// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "bytes.hpp"
#include "endpoints/codec.hpp"
#include "endpoints/endpoint_table.hpp"

#include <yunhu/login.hpp>
#include <yunhu/own_bots.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

// The calls around a token and those of an owner of bots as bytes. The bytes were made with protoc from tables of the
// service's fields, not with this library.
namespace yunhu::test {
namespace {

template <class Request> std::string body_of(const Request& request) {
    const codec::encoded body = codec::encode(request);
    return body ? *body : body.error().detail;
}

/// What the call's result would be.
template <class Request> struct reply_to {
    explicit reply_to(std::string_view body) : ec(codec::decode_for<Request>(body, result)) {}

    codec::result_of<Request> result;
    error_code ec;
};

TEST(login, json_bodies) {
    EXPECT_EQ(body_of(email_login_request("a@b.cc", "pass", "d")),
              R"({"email":"a@b.cc","password":"pass","deviceId":"d","platform":"linux"})");
    EXPECT_EQ(body_of(captcha_request()), "{}");
    EXPECT_EQ(body_of(get_verification_code_request("138", "abcd", "c1")),
              R"({"mobile":"138","code":"abcd","id":"c1","platform":"linux"})");
    EXPECT_EQ(body_of(verification_login_request("138", "246810", "d")),
              R"({"mobile":"138","captcha":"246810","deviceId":"d","platform":"linux"})");
    EXPECT_EQ(body_of(get_email_verification_code_request("a@b.cc", "abcd", "c1")),
              R"({"email":"a@b.cc","typ":"","code":"abcd","id":"c1"})");
    EXPECT_EQ(body_of(get_email_verification_code_request("a@b.cc", "abcd", "c1", "forget_password")),
              R"({"email":"a@b.cc","typ":"forget_password","code":"abcd","id":"c1"})");
    EXPECT_EQ(body_of(forget_password_request("a@b.cc", "246810", "new")),
              R"({"email":"a@b.cc","captcha":"246810","password":"new"})");
    EXPECT_EQ(body_of(logout_request("d")), R"({"deviceId":"d","device-id":"d"})");
    EXPECT_EQ(body_of(device_offline_request("d")), R"({"deviceId":"d"})");
}

TEST(login, any_password_is_valid_json) {
    EXPECT_EQ(body_of(email_login_request("a@b.cc", "\"\\\n\x1f密", "d")),
              R"({"email":"a@b.cc","password":"\"\\\u000a\u001f密","deviceId":"d","platform":"linux"})");
}

TEST(login, what_is_wrong_with_a_secret_does_not_quote_it) {
    EXPECT_EQ(body_of(email_login_request("a@b.cc", "", "d")), "password must not be empty");
    EXPECT_EQ(body_of(email_login_request("a@b.cc", "pass\xff", "d")), "password must be UTF-8");
    EXPECT_EQ(body_of(email_login_request("", "pass", "d")), "email must not be empty");
    EXPECT_EQ(body_of(email_login_request("a@b.cc", "pass", "")), "device_id must not be empty");
    EXPECT_EQ(body_of(verification_login_request("138", "", "d")), "captcha must not be empty");
    EXPECT_EQ(body_of(logout_request("")), "device_id must not be empty");
}

TEST(login, tokens) {
    const reply_to<email_login_request> in(R"({"code":1,"msg":"success","data":{"token":"a-b"}})");
    ASSERT_FALSE(in.ec) << in.result.detail;
    EXPECT_EQ(in.result.token.reveal(), "a-b");
    EXPECT_EQ(reply_to<verification_login_request>(R"({"code":1,"msg":"success","data":{"token":"c"}})")
                  .result.token.reveal(),
              "c");
}

TEST(login, a_success_without_a_token_is_none) {
    for (const std::string_view body :
         {R"({"code":1,"msg":"success"})", R"({"code":1,"msg":"success","data":null})",
          R"({"code":1,"msg":"success","data":[]})", R"({"code":1,"msg":"success","data":{}})",
          R"({"code":1,"msg":"success","data":{"token":""}})", R"({"code":1,"msg":"success","data":{"token":7}})"}) {
        const reply_to<email_login_request> seen(body);
        EXPECT_EQ(seen.ec, errc::bad_response) << body;
        EXPECT_EQ(seen.result.detail, "data.token is missing") << body;
        EXPECT_TRUE(seen.result.token.empty());
        EXPECT_EQ(reply_to<reset_bot_token_request>(body).ec, errc::bad_response) << body;
    }
}

TEST(login, refusals) {
    const reply_to<email_login_request> wrong(R"({"code":-1,"msg":"密码错误","data":{"token":"x"}})");
    EXPECT_EQ(wrong.ec, errc::refused);
    EXPECT_EQ(wrong.result.api_msg, "密码错误");
    EXPECT_TRUE(wrong.result.token.empty());
    EXPECT_EQ(reply_to<logout_request>(R"({"code":-101,"msg":"未登录"})").ec, errc::not_authenticated);
}

TEST(login, a_captcha) {
    const reply_to<captcha_request> seen(
        R"({"code":1,"msg":"success","data":{"b64s":"data:image/png;base64,aGk=","id":"c1"}})");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    EXPECT_EQ(seen.result.id, "c1");
    EXPECT_EQ(seen.result.base64(), "aGk=");
    EXPECT_EQ(reply_to<captcha_request>(R"({"code":1,"msg":"success","data":{"b64s":"aGk="}})").result.base64(),
              "aGk=");
}

TEST(login, which_calls_send_the_token) {
    for (const endpoint_info* row : endpoints::login_calls::infos) {
        const bool with_token = row->name() == "logout" || row->name() == "device-offline";
        EXPECT_EQ(row->sends_token, with_token) << row->path;
        EXPECT_EQ(row->renews_token, row->name() == "device-offline") << row->path;
    }
    EXPECT_TRUE(endpoints::user_info.sends_token);
    EXPECT_TRUE(endpoints::user_info.renews_token);
}

TEST(own_bots, requests) {
    EXPECT_EQ(body_of(my_bots_request()), "{}");
    EXPECT_EQ(body_of(reset_bot_token_request("99")), R"({"botId":"99"})");
    EXPECT_EQ(to_hex(body_of(follower_list_request("99"))), "1204083210011a023939");
    EXPECT_EQ(to_hex(body_of(follower_list_request("99", {2, 10}, "Ada"))), "1204080a10021a0239392203416461");
    EXPECT_EQ(to_hex(body_of(join_group_list_request("99"))), "1204083210011a023939");
    group_permission_edit_request edit("99", "big");
    edit.allow_gag_member = true;
    EXPECT_EQ(
        body_of(edit),
        R"({"botId":"99","groupId":"big","allowEditGroupInfo":0,"allowGagMember":1,"allowRemoveMember":0,"allowGroupTagManage":0})");
    EXPECT_EQ(body_of(reset_bot_token_request("")), "bot_id must not be empty");
    EXPECT_EQ(body_of(follower_list_request("99", {0, 50})), "page must be > 0");
}

TEST(own_bots, list) {
    const reply_to<my_bots_request> seen(
        R"({"code":1,"msg":"success","data":{"botsTotal":1,"list":{"bots":[{"botId":"99","nickname":"Bo","token":"t","link":"https://a","linkStop":"1","subscribeType":"1","settingJson":"{}","introduction":"i","avatarUrl":"u"},7]}}})");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    EXPECT_EQ(seen.result.bots_total, 1U);
    ASSERT_EQ(seen.result.bots.size(), 1U);
    const own_bot& bot = seen.result.bots[0];
    EXPECT_EQ(bot.bot_id, "99");
    EXPECT_EQ(bot.nickname, "Bo");
    EXPECT_EQ(bot.token.reveal(), "t");
    EXPECT_EQ(bot.link, "https://a");
    EXPECT_TRUE(bot.link_stop);
    EXPECT_EQ(bot.subscribe_type, 1);
    EXPECT_EQ(bot.setting_json, "{}");
    EXPECT_EQ(seen.result.unreadable, 1U);
    const reply_to<my_bots_request> flat(R"({"code":1,"msg":"success","data":{"list":[{"botId":"99"}]}})");
    EXPECT_EQ(flat.result.bots.size(), 1U) << "the array in the object's place";
    EXPECT_TRUE(reply_to<my_bots_request>(R"({"code":1,"msg":"success","data":{"list":7}})").result.bots.empty());
}

TEST(own_bots, pages) {
    const reply_to<follower_list_request> users(from_hex(
        "0a0d080110011a0773756363657373121f0a0737363534333231120141220f68747470733a2f2f612f622e706e673001120d0a07313233"
        "3435363712024d651802"));
    ASSERT_FALSE(users.ec) << users.result.detail;
    ASSERT_EQ(users.result.followers.size(), 2U);
    EXPECT_EQ(users.result.followers[0].user_id, "7654321");
    EXPECT_EQ(users.result.followers[0].avatar_url, "https://a/b.png");
    EXPECT_TRUE(users.result.followers[0].is_vip);
    EXPECT_EQ(users.result.followers[1].name, "Me");
    EXPECT_EQ(users.result.total, 2U);
    const reply_to<join_group_list_request> groups(
        from_hex("0a0d080110011a0773756363657373121b0a0362696712034269671a0f68747470733a2f2f612f622e706e671801"));
    ASSERT_FALSE(groups.ec) << groups.result.detail;
    ASSERT_EQ(groups.result.groups.size(), 1U);
    EXPECT_EQ(groups.result.groups[0].group_id, "big");
    EXPECT_EQ(groups.result.groups[0].name, "Big");
    EXPECT_EQ(groups.result.groups[0].avatar_url, "https://a/b.png");
    EXPECT_EQ(groups.result.total, 1U);
}

} // namespace
} // namespace yunhu::test
