// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The subcommands of the look-ups and actions.

#include "program_test.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <string>

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LookupProgramTest : public ProgramTest {
protected:
    LookupProgramTest() {
        yunhu::testing::group_profile group;
        group.id = "big";
        group.name = "Big";
        group.owner = "7356666";
        group.members = {"7356666", "2"};
        server().add_group(group);
        server().add_account({"2", "Ben"});
        yunhu::testing::bot_profile bot;
        bot.id = "99";
        bot.name = "Bo";
        server().add_bot(bot);
    }
};

TEST_F(LookupProgramTest, OneObjectWithJson) {
    const json::object me = reply({"user-info"});
    EXPECT_EQ(me.at("status").at("code"), 1);
    EXPECT_EQ(me.at("data").at("id"), "7356666");
    EXPECT_EQ(reply({"get-user", "--id", "2"}).at("data").at("name"), "Ben");
    EXPECT_EQ(reply({"bot-info", "--id", "99"}).at("data").at("bot_id"), "99");
    const json::object group = reply({"group-info", "--group-id", "big"});
    EXPECT_EQ(group.at("group").at("permission_level"), 100);
    EXPECT_EQ(group.at("recent_bots").as_array().size(), 1U);
    const json::object page = reply({"list-member", "--group-id", "big", "--size", "1", "--page", "2"});
    ASSERT_EQ(page.at("members").as_array().size(), 1U);
    EXPECT_EQ(page.at("members").at(0).at("user").at("name"), "Ben");
    EXPECT_EQ(page.at("total"), 2);
    EXPECT_EQ(reply({"group-tag-list", "--group-id", "big"}).at("data").at("list"), json::array());
    EXPECT_EQ(reply({"member-is-removed", "--group-id", "big", "--user-id", "2"}).at("code"), 2);
}

TEST_F(LookupProgramTest, FieldsAndTablesForPeople) {
    const finished me = yunhu_program({"user-info"});
    EXPECT_EQ(me.exit_code, 0) << me.err;
    EXPECT_EQ(me.out, "id: 7356666\nname: 测试\n");
    const finished members = yunhu_program({"list-member", "--group-id", "big"});
    EXPECT_THAT(members.out, HasSubstr("members (2)\n"));
    EXPECT_THAT(members.out, HasSubstr("user.name"));
    EXPECT_THAT(members.out, HasSubstr("Ben"));
    EXPECT_THAT(members.out, Not(HasSubstr("avatar_url"))) << "nobody has one";
    EXPECT_THAT(members.out, HasSubstr("total: 2\n"));
}

TEST_F(LookupProgramTest, WhatOthersWroteIsMadeHarmless) {
    yunhu::testing::bot_profile bot;
    bot.id = "66";
    bot.name = "\x1b[31mred\n\xe2\x80\xaeme";
    server().add_bot(bot);
    const finished shown = yunhu_program({"bot-info", "--id", "66"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_EQ(shown.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(shown.out.find("\xe2\x80\xae"), std::string::npos);
}

TEST_F(LookupProgramTest, Refusals) {
    const json::object missing = error(3, {"get-user", "--id", "3"});
    EXPECT_EQ(missing.at("code"), 4402);
    EXPECT_EQ(missing.at("endpoint"), "get-user");
    EXPECT_EQ(error(2, {"get-user"}).at("detail"), "id must not be empty");
    EXPECT_EQ(error(3, {"gag-member", "--group-id", "big", "--user-id", "2", "--gag", "7"}).at("msg"),
              "禁言时长错误，请重试");
    EXPECT_EQ(error(3, {"group-tag-delete", "--id", "3"}).at("endpoint"), "group-tag/delete");
    EXPECT_THAT(yunhu_program({"agree-apply", "--id", "1", "--agree", "perhaps"}).err, HasSubstr("accept"));
}

TEST_F(LookupProgramTest, Actions) {
    yunhu::friend_request from;
    from.name = "Ben";
    from.source_type = from.target_type = 1;
    from.target_id = "2";
    const std::int64_t id = server().add_request("7356666", from);
    EXPECT_EQ(reply({"request-list"}).at("requests").at(0).at("request_id"), id);
    EXPECT_EQ(yunhu_program({"agree-apply", "--id", std::to_string(id)}).exit_code, 0);
    EXPECT_EQ(server().requests_of("7356666").at(0).result, 1);
    EXPECT_EQ(yunhu_program({"gag-member", "--group-id", "big", "--user-id", "2", "--gag", "-1"}).exit_code, 0);
    EXPECT_EQ(server().gag_of("big", "2"), -1);
    EXPECT_EQ(yunhu_program({"remove-member", "--group-id", "big", "--user-id", "2"}).exit_code, 0);
    EXPECT_FALSE(server().is_member("big", "2"));
    EXPECT_EQ(yunhu_program({"no-notify", "--chat-id", "big", "--no-notify", "0"}).exit_code, 0);
}

TEST_F(LookupProgramTest, InABatch) {
    const finished end = yunhu_program({"batch"}, "{\"call\":\"group-info\",\"groupId\":\"big\",\"tag\":1}\n");
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(object(end.out).at("result").at("group").at("name"), "Big");
}

TEST_F(LookupProgramTest, HelpInBothLanguages) {
    EXPECT_THAT(yunhu_program({"group-info", "--help"}).out, HasSubstr("yunhu group-info --group-id big"));
    EXPECT_THAT(yunhu_program({"user-info", "--help"}).out, HasSubstr("yunhu user-info\n"));
    EXPECT_THAT(run({PROGRAM_YUNHU, "gag-member", "--help"}, chinese_environment()).out, HasSubstr("禁言"));
}

} // namespace
