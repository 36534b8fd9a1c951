// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support.hpp"

#include <string_view>

namespace yunhu::test {
namespace {

constexpr std::string_view not_an_admin = "您无权操作此群聊，请联系群主或者管理员";
constexpr std::string_view not_a_member = "该用户不在这个群聊，请重试";

TEST_F(LookupsTest, SilencesAMember) {
    ASSERT_TRUE(ask(ada_, endpoints::gag_member, {"big", "2", gag_duration::hour}));
    EXPECT_EQ(server_.gag_of("big", "2"), 3600);
    ASSERT_TRUE(ask(ada_, endpoints::gag_member, {"big", "2", gag_duration::lift}));
    EXPECT_EQ(server_.gag_of("big", "2"), 0);
}

TEST_F(LookupsTest, RefusalsOfSilencing) {
    expect_refused(ask(ada_, endpoints::gag_member, {"big", "1", gag_duration::hour}), -1, "不可以禁言群主！");
    expect_refused(ask(ada_, endpoints::gag_member, {"big", "2", static_cast<gag_duration>(7)}), -1,
                   "禁言时长错误，请重试");
    expect_refused(ask(ada_, endpoints::gag_member, {"big", "7", gag_duration::hour}), -1, not_a_member);
    expect_refused(ask(ben_, endpoints::gag_member, {"big", "3", gag_duration::hour}), -1, not_an_admin);
}

TEST_F(LookupsTest, RemovesAMember) {
    EXPECT_FALSE(ask(ada_, endpoints::member_is_removed, {"big", "2"})->was_removed());
    ASSERT_TRUE(ask(ada_, endpoints::remove_member, {"big", "2"}));
    EXPECT_FALSE(server_.is_member("big", "2"));
    EXPECT_TRUE(ask(ada_, endpoints::member_is_removed, {"big", "2"})->was_removed());
    expect_refused(ask(ada_, endpoints::remove_member, {"big", "1"}), -1, "不可以移除群主！");
    expect_refused(ask(ada_, endpoints::remove_member, {"big", "2"}), -1, not_a_member);
    expect_refused(ask(ben_, endpoints::remove_member, {"big", "3"}), -1, not_an_admin);
}

TEST_F(LookupsTest, RemovesABot) {
    ASSERT_TRUE(ask(ada_, endpoints::remove_bot, {"big", "99"}));
    EXPECT_TRUE(ask(ada_, endpoints::bot_list, {"big"})->bots.empty());
}

TEST_F(LookupsTest, GroupsAreCreatedEditedAndDissolved) {
    const auto made = ask(ada_, endpoints::create_group, {"New", "i"});
    ASSERT_TRUE(made) << made.error().detail;
    const auto before = ask(ada_, endpoints::group_info, {made->group_id});
    EXPECT_EQ(before->group.introduction, "i");
    edit_group_request edit(before->group);
    edit.name = "Other";
    ASSERT_TRUE(ask(ada_, endpoints::edit_group, edit));
    const auto after = ask(ada_, endpoints::group_info, {made->group_id});
    EXPECT_EQ(after->group.name, "Other");
    EXPECT_EQ(after->group.introduction, "i");
    expect_refused(ask(ben_, endpoints::edit_group, edit), -1, not_an_admin);
    expect_refused(ask(ada_, endpoints::delete_friend, {group(made->group_id)}), -1, "群主不可退群");
    ASSERT_TRUE(ask(ada_, endpoints::dismiss_group, {made->group_id}));
}

TEST_F(LookupsTest, LimitsAndNicknames) {
    ASSERT_TRUE(ask(ada_, endpoints::msg_type_limit, {"big", "2,4"}));
    EXPECT_EQ(ask(ada_, endpoints::group_info, {"big"})->group.limited_msg_type, "2,4");
    const auto named = ask(ada_, endpoints::edit_my_group_nickname, {"big", "A"});
    ASSERT_TRUE(named) << named.error().detail;
    EXPECT_FALSE(named->api_code) << "the reply has none";
    EXPECT_EQ(ask(ada_, endpoints::group_info, {"big"})->group.my_group_nickname, "A");
}

TEST_F(LookupsTest, Tags) {
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_create, {"big", "T", "#2196F3"}));
    expect_refused(ask(ben_, endpoints::group_tag_create, {"big", "T"}), -1, not_an_admin);
    const auto tags = ask(ada_, endpoints::group_tag_list, {"big"});
    ASSERT_TRUE(tags) << tags.error().detail;
    ASSERT_EQ(tags->tags.size(), 1U);
    const std::int64_t id = tags->tags[0].id;
    EXPECT_EQ(tags->tags[0].color, "#2196F3");
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_relate, {"2", id}));
    EXPECT_EQ(ask(ada_, endpoints::group_tag_members, {"big", id})->members.at(0).user.name, "Ben");
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_relate_cancel, {"2", id}));
    EXPECT_TRUE(ask(ada_, endpoints::group_tag_members, {"big", id})->members.empty());
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_edit, {id, "big", "U"}));
    EXPECT_EQ(ask(ada_, endpoints::group_info, {"big"})->group.tags.at(0).text, "U");
    ASSERT_TRUE(ask(ada_, endpoints::group_tag_delete, {id}));
    expect_refused(ask(ada_, endpoints::group_tag_delete, {id}), -1, "标签不存在");
}

TEST_F(LookupsTest, FriendsAreAddedOnce) {
    ASSERT_TRUE(ask(ada_, endpoints::apply, {bot_chat("99"), "hi"}));
    expect_refused(ask(ada_, endpoints::apply, {bot_chat("99"), "hi"}), -9, "您已添加过对方");
    expect_refused(ask(ada_, endpoints::apply, {user("7"), "hi"}), -1, "添加的对象不存在");
    ASSERT_TRUE(ask(ada_, endpoints::delete_friend, {bot_chat("99")}));
    ASSERT_TRUE(ask(ada_, endpoints::apply, {bot_chat("99"), "hi"}));
    ASSERT_TRUE(ask(ada_, endpoints::no_notify, {"99", true}));
    ASSERT_TRUE(ask(ada_, endpoints::conversation_remove, {"99"}));
    ASSERT_TRUE(ask(ada_, endpoints::sort_change, {"99"}));
}

// Its effect is doubled if it is repeated, so a lost response is the caller's business.
TEST_F(LookupsTest, ALostResponseToAnInvitationIsNotRepeated) {
    testing::fault lost(endpoints::invite);
    lost.what = testing::fault::action::close_after;
    server_.inject(lost);
    const auto invited = ask(ada_, endpoints::invite, {user("2"), "big"});
    ASSERT_TRUE(invited.has_error());
    EXPECT_EQ(invited.error().delivery, delivery::maybe_sent);
    EXPECT_EQ(invited.error().attempts, 1U);
    EXPECT_EQ(server_.requests_of("2").size(), 1U);
}

} // namespace
} // namespace yunhu::test
