// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support.hpp"

namespace yunhu::test {
namespace {

TEST_F(LookupsTest, OwnAccount) {
    const auto me = ask(ada_, endpoints::user_info, {});
    ASSERT_TRUE(me) << me.error().detail;
    EXPECT_EQ(me->value.id, "1");
    EXPECT_EQ(me->value.name, "Ada");
    EXPECT_EQ(me->endpoint, "user/info");
    EXPECT_EQ(ask(ben_, endpoints::user_info, {})->value.name, "Ben");
    EXPECT_EQ(server_.journal().at(0).method, "GET");
    EXPECT_EQ(server_.journal().at(0).body, "");
}

TEST_F(LookupsTest, UsersAndBots) {
    const auto ben = ask(ada_, endpoints::get_user, {"2"});
    ASSERT_TRUE(ben) << ben.error().detail;
    EXPECT_EQ(ben->value.name, "Ben");
    expect_refused(ask(ada_, endpoints::get_user, {"99"}), 4402, "用户不存在");
    const auto bot = ask(ada_, endpoints::bot_info, {"99"});
    ASSERT_TRUE(bot) << bot.error().detail;
    EXPECT_EQ(bot->value.name, "Bo");
    expect_refused(ask(ada_, endpoints::bot_info, {"2"}), -1, "机器人不存在");
}

TEST_F(LookupsTest, AWrongToken) {
    const auto me = ask(ada_.with_token("wrong"), endpoints::user_info, {});
    ASSERT_TRUE(me.has_error());
    EXPECT_EQ(me.error().code, errc::not_authenticated);
    EXPECT_EQ(me.error().api_code, -101);
    EXPECT_EQ(me.error().api_msg, "未登录");
}

TEST_F(LookupsTest, AnInvalidRequestIsNotSent) {
    const auto user = ask(ada_, endpoints::get_user, {""});
    ASSERT_TRUE(user.has_error());
    EXPECT_EQ(user.error().code, errc::invalid_request);
    EXPECT_EQ(user.error().delivery, delivery::not_sent);
    EXPECT_EQ(user.error().detail, "id must not be empty");
    EXPECT_EQ(server_.requests(), 0U);
}

TEST_F(LookupsTest, AreRepeatedAfterATransientFailure) {
    testing::fault broken(endpoints::group_info);
    broken.times = 1;
    broken.status = 502;
    server_.inject(broken);
    const auto group = ask(ada_, endpoints::group_info, {"big"});
    ASSERT_TRUE(group) << group.error().detail;
    EXPECT_EQ(group->attempts, 2U);
}

TEST_F(LookupsTest, AFaultMayNameAnEndpointByTwoParts) {
    testing::fault refused;
    refused.endpoint = "group/info";
    refused.status = 400;
    server_.inject(refused);
    EXPECT_TRUE(ask(ada_, endpoints::user_info, {}));
    const auto group = ask(ada_, endpoints::group_info, {"big"});
    ASSERT_TRUE(group.has_error());
    EXPECT_EQ(group.error().code, errc::bad_request);
    EXPECT_EQ(group.error().endpoint, "group/info");
}

TEST_F(LookupsTest, Groups) {
    ask(ada_, endpoints::gag_member, {"big", "2", gag_duration::forever});
    const auto group = ask(ben_, endpoints::group_info, {"big"});
    ASSERT_TRUE(group) << group.error().detail;
    EXPECT_EQ(group->group.name, "Big");
    EXPECT_EQ(group->group.headcount, 3U);
    EXPECT_EQ(group->group.owner, "1");
    EXPECT_EQ(group->group.permission_level, group_role::member);
    EXPECT_EQ(group->group.gag_until, -1);
    EXPECT_TRUE(group->group.is_gag);
    ASSERT_EQ(group->recent_bots.size(), 1U);
    EXPECT_EQ(group->recent_bots[0].bot_id, "99");
    EXPECT_EQ(ask(ada_, endpoints::group_info, {"big"})->group.permission_level, group_role::owner);
}

TEST_F(LookupsTest, CommandsOfBots) {
    instruction go;
    go.id = 2103;
    go.bot_id = "99";
    go.name = "go";
    go.type = cmd_type::custom_input;
    go.form = "[]";
    server_.add_instruction(go);
    const auto in_group = ask(ada_, endpoints::bot_list, {"big"});
    ASSERT_TRUE(in_group) << in_group.error().detail;
    EXPECT_EQ(in_group->bots.size(), 1U);
    go.bot_name = "Bo";
    EXPECT_EQ(in_group->instructions, std::vector<instruction>{go});
    EXPECT_EQ(ask(ada_, endpoints::bot_instructions, {"99"})->instructions, std::vector<instruction>{go});
    const auto allowed = ask(ada_, endpoints::instruction_list, {"big"});
    ASSERT_TRUE(allowed) << allowed.error().detail;
    ASSERT_EQ(allowed->instructions.size(), 1U);
    EXPECT_EQ(allowed->instructions[0].id, 2103);
    EXPECT_EQ(allowed->instructions[0].bot_name, "Bo");
    const auto own = ask(ada_, endpoints::web_list, {"99"});
    ASSERT_TRUE(own) << own.error().detail;
    ASSERT_EQ(own->instructions.size(), 1U);
    EXPECT_EQ(own->instructions[0].custom_json, "[]");
}

TEST_F(LookupsTest, Boards) {
    testing::board shown;
    shown.bot_id = "99";
    shown.in = group("big");
    shown.content = "hello";
    server_.set_board(shown);
    const auto boards = ask(ada_, endpoints::board, {group("big")});
    ASSERT_TRUE(boards) << boards.error().detail;
    ASSERT_EQ(boards->boards.size(), 1U);
    EXPECT_EQ(boards->boards[0].content, "hello");
    EXPECT_EQ(boards->boards[0].bot_name, "Bo");
    EXPECT_TRUE(ask(ada_, endpoints::board, {bot_chat("99")})->boards.empty());
}

TEST_F(LookupsTest, Search) {
    server_.say("2", group("big"), "hello");
    server_.say("2", group("big"), "bye");
    const auto found = ask(ada_, endpoints::chat_search, {group("big"), "ell", 0});
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_EQ(found->items.size(), 1U);
    EXPECT_NE(found->items[0].find("hello"), std::string::npos);
}

TEST_F(LookupsTest, TheAddressBookIsEmptyWhenNothingChanged) {
    const auto first = ask(ada_, endpoints::address_book_list, {});
    ASSERT_TRUE(first) << first.error().detail;
    ASSERT_EQ(first->lists.size(), 3U);
    ASSERT_EQ(first->lists[1].contacts.size(), 1U);
    EXPECT_EQ(first->lists[1].contacts[0].name, "Big");
    EXPECT_EQ(first->lists[1].contacts[0].permission_level, group_role::owner);
    const auto again = ask(ada_, endpoints::address_book_list, {first->md5});
    EXPECT_TRUE(again->lists.empty());
    EXPECT_EQ(again->md5, first->md5);
}

TEST_F(LookupsTest, ConversationsAndMarkingThemAsRead) {
    server_.say("2", group("big"), "hi");
    const auto first = ask(ada_, endpoints::conversation_list, {});
    ASSERT_TRUE(first) << first.error().detail;
    ASSERT_EQ(first->conversations.size(), 1U);
    EXPECT_EQ(first->conversations[0].chat(), group("big"));
    EXPECT_EQ(first->conversations[0].chat_content, "hi");
    EXPECT_EQ(first->conversations[0].unread_msg, 1U);
    EXPECT_TRUE(ask(ada_, endpoints::conversation_list, {first->md5})->conversations.empty());
    ASSERT_TRUE(ask(ada_, endpoints::dismiss_notification, {"big"}));
    EXPECT_EQ(ask(ada_, endpoints::conversation_list, {first->md5})->conversations.at(0).unread_msg, 0U);
    server_.say("2", group("big"), "again");
    EXPECT_NE(ask(ada_, endpoints::conversation_list, {})->conversations.at(0).unread_msg, 0U);
}

} // namespace
} // namespace yunhu::test
