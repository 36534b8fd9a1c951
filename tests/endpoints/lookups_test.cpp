// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "bytes.hpp"
#include "endpoints/codec.hpp"
#include "endpoints/endpoint_table.hpp"
#include "wire_text.hpp"

#include <yunhu/actions.hpp>
#include <yunhu/lookups.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

// The look-ups and actions as bytes. The bytes were made with protoc from tables of the service's fields, not with this
// library.
namespace yunhu::test {
namespace {

template <class Request> std::string hex_of(const Request& request) {
    const codec::encoded body = codec::encode(request);
    return body ? to_hex(*body) : body.error().detail;
}

template <class Request> std::string json_of(const Request& request) {
    const codec::encoded body = codec::encode(request);
    return body ? *body : body.error().detail;
}

/// What the call's result would be.
template <class Request> struct decoded {
    explicit decoded(std::string_view body) : ec(codec::decode_for<Request>(body, result)) {}

    codec::result_of<Request> result;
    error_code ec;
};

template <class Request> decoded<Request> decoded_hex(std::string_view hex) {
    return decoded<Request>(from_hex(hex));
}

const std::string success = "0a0d080110011a0773756363657373";

TEST(lookups, requests) {
    EXPECT_EQ(hex_of(user_info_request()), "");
    EXPECT_EQ(hex_of(get_user_request("7654321")), "120737363534333231");
    EXPECT_EQ(hex_of(bot_info_request("99")), "12023939");
    EXPECT_EQ(hex_of(group_info_request("big")), "1203626967");
    EXPECT_EQ(hex_of(bot_list_request("big")), "1203626967");
    EXPECT_EQ(hex_of(conversation_list_request("d41d8cd98f00b204e9800998ecf8427e")),
              "12206434316438636439386630306232303465393830303939386563663834323765");
    EXPECT_EQ(hex_of(conversation_list_request()), "") << "an empty body is a valid request";
    EXPECT_EQ(hex_of(list_member_request("big")), "1204083210011a03626967");
    EXPECT_EQ(hex_of(list_member_request("big", {2, 10}, "Ada")), "1204080a10021a03626967" + std::string("2203416461"));
    EXPECT_EQ(hex_of(group_tag_members_request("big", 3)), "1204083210011a036269672003");
    EXPECT_EQ(hex_of(bot_instructions_request("99")), "1a023939");
    EXPECT_EQ(hex_of(board_request(group("big"))), "1a036269672002");
    EXPECT_EQ(hex_of(address_book_list_request("ab")), "12026162");
    EXPECT_EQ(hex_of(request_list_request()), "");
    EXPECT_EQ(json_of(instruction_list_request("big")), R"({"groupId":"big"})");
    EXPECT_EQ(json_of(web_list_request("99")), R"({"botId":"99"})");
    EXPECT_EQ(json_of(group_tag_list_request("big")), R"({"groupId":"big","size":50,"page":1,"tag":""})");
    EXPECT_EQ(json_of(member_is_removed_request("big", "7")), R"({"userId":"7","groupId":"big"})");
}

TEST(lookups, invalid_requests_name_field_and_rule) {
    EXPECT_EQ(hex_of(get_user_request()), "id must not be empty");
    EXPECT_EQ(hex_of(bot_info_request("a\n")), "id must not contain control characters");
    EXPECT_EQ(hex_of(list_member_request("big", {0, 50})), "page must be > 0");
    EXPECT_EQ(hex_of(list_member_request("big", {1, 0})), "size must be > 0");
    EXPECT_EQ(hex_of(list_member_request("")), "group_id must not be empty");
    EXPECT_EQ(hex_of(group_tag_members_request("big", 0)), "tag_id must be > 0");
    EXPECT_EQ(json_of(group_tag_list_request("big", {0, 1})), "page must be > 0");
    EXPECT_EQ(hex_of(board_request(chat())), "chat_id must not be empty");
    EXPECT_EQ(json_of(agree_apply_request(0)), "id must be > 0");
    EXPECT_EQ(json_of(gag_member_request("", "7", gag_duration::hour)), "group_id must not be empty");
}

TEST(lookups, own_account) {
    const auto seen = decoded_hex<user_info_request>(
        "0a0d080110011a077375636365737312200a073132333435363712024d653a066140622e636341000000000000f83f4801");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    own_account meant;
    meant.id = "1234567";
    meant.name = "Me";
    meant.email = "a@b.cc";
    meant.coin = 1.5;
    meant.is_vip = true;
    EXPECT_EQ(seen.result.value, meant);
    EXPECT_EQ(seen.result.request_id, 1U);
    EXPECT_EQ(seen.result.api_code, 1);
}

TEST(lookups, user) {
    const auto seen = decoded_hex<get_user_request>(
        "0a0d080110011a0773756363657373122a0a073736353433323112014118093a13323032362d30312d30312030303a30303a30305805a2"
        "0102434e");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    user_details meant;
    meant.id = "7654321";
    meant.name = "A";
    meant.name_id = 9;
    meant.register_time = "2026-01-01 00:00:00";
    meant.online_day = 5;
    meant.ip_geo = "CN";
    EXPECT_EQ(seen.result.value, meant);
}

TEST(lookups, bot) {
    const auto seen =
        decoded_hex<bot_info_request>("0a0d080110011a077375636365737312150a0239391202426f3a0731323334353637480c5001");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    bot_details meant;
    meant.bot_id = "99";
    meant.name = "Bo";
    meant.create_by = "1234567";
    meant.headcount = 12;
    meant.is_private = true;
    EXPECT_EQ(seen.result.value, meant);
}

TEST(lookups, conversations) {
    const auto seen = decoded_hex<conversation_list_request>(
        "0a0d080110011a077375636365737312500a036269671002220268692880d0eab6b733300338014a0f68747470733a2f2f612f622e706e"
        "676080f2d6ca06721c12073132333435363722036269673207373635343332313a014140077a03426967180122026162");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    conversation meant;
    meant.chat_id = "big";
    meant.chat_type = chat_type::group;
    meant.chat_content = "hi";
    meant.timestamp_ms = 1'767'225'600'000;
    meant.unread_msg = 3;
    meant.at = true;
    meant.avatar_url = "https://a/b.png";
    meant.send_timestamp = 1'767'225'600;
    mention& at = meant.at_data.emplace();
    at.mentioned_id = "1234567";
    at.mentioned_in = "big";
    at.mentioner_id = "7654321";
    at.mentioner_name = "A";
    at.msg_seq = 7;
    meant.name = "Big";
    ASSERT_EQ(seen.result.conversations.size(), 1U);
    EXPECT_EQ(seen.result.conversations[0], meant);
    EXPECT_EQ(seen.result.conversations[0].chat(), group("big"));
    EXPECT_EQ(seen.result.total, 1U);
    EXPECT_EQ(seen.result.md5, "ab");
}

TEST(lookups, unchanged_conversations) {
    const auto seen = decoded_hex<conversation_list_request>("0a02100122026162");
    ASSERT_FALSE(seen.ec);
    EXPECT_TRUE(seen.result.conversations.empty());
    EXPECT_EQ(seen.result.md5, "ab");
}

TEST(lookups, group) {
    const auto seen = decoded_hex<group_info_request>(
        "0a0d080110011a077375636365737312500a03626967120342696730e0c5084802a2010731323334353637a801ffffffffffffffffff01"
        "b20104382c3131ba010737363534333231c80101da0113080312036269671a01542207233231393646331a080a0239391202426f");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    group_details meant;
    meant.group_id = "big";
    meant.name = "Big";
    meant.headcount = 140'000;
    meant.permission_level = group_role::admin;
    meant.admins = {"1234567"};
    meant.gag_until = -1;
    meant.limited_msg_type = "8,11";
    meant.owner = "7654321";
    meant.is_gag = true;
    tag& label = meant.tags.emplace_back();
    label.id = 3;
    label.group_id = "big";
    label.text = "T";
    label.color = "#2196F3";
    EXPECT_EQ(seen.result.group, meant);
    ASSERT_EQ(seen.result.recent_bots.size(), 1U);
    EXPECT_EQ(seen.result.recent_bots[0].name, "Bo");
}

TEST(lookups, members) {
    const auto seen = decoded_hex<list_member_request>(
        "0a0d080110011a077375636365737312170a03626967120e0a073736353433323112014130011864121c0a03626967120d0a0731323334"
        "35363712024d652080f2d6ca0628011802");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    group_member owner;
    owner.group_id = "big";
    owner.user.user_id = "7654321";
    owner.user.name = "A";
    owner.user.is_vip = true;
    owner.permission_level = group_role::owner;
    group_member silenced;
    silenced.group_id = "big";
    silenced.user.user_id = "1234567";
    silenced.user.name = "Me";
    silenced.gag_time = 1'767'225'600;
    silenced.is_gag = true;
    EXPECT_EQ(seen.result.members, (std::vector<group_member>{owner, silenced}));
    EXPECT_EQ(seen.result.total, 2U);
}

TEST(lookups, bots_of_a_group) {
    const auto seen = decoded_hex<bot_list_request>(
        "0a0d080110011a077375636365737312080a0239391202426f1a1808b710120239391a02676f220164280552025b5d5a02426f22110804"
        "1202393922016d300250019a060131");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    ASSERT_EQ(seen.result.bots.size(), 1U);
    EXPECT_EQ(seen.result.bots[0].bot_id, "99");
    instruction go;
    go.id = 2103;
    go.bot_id = "99";
    go.name = "go";
    go.desc = "d";
    go.type = cmd_type::custom_input;
    go.form = "[]";
    go.bot_name = "Bo";
    EXPECT_EQ(seen.result.instructions, std::vector<instruction>{go});
    menu_item item;
    item.id = 4;
    item.bot_id = "99";
    item.name = "m";
    item.menu_type = 2;
    item.menu_action = 1;
    item.select = "1";
    EXPECT_EQ(seen.result.menus, std::vector<menu_item>{item});
}

TEST(lookups, instructions_of_a_bot) {
    const std::string one = "121008b710120239391a02676f28013a0178";
    const auto seen = decoded_hex<bot_instructions_request>(success + one);
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    ASSERT_EQ(seen.result.instructions.size(), 1U);
    EXPECT_EQ(seen.result.instructions[0].id, 2103);
    EXPECT_EQ(seen.result.instructions[0].default_text, "x");
    EXPECT_EQ(decoded_hex<bot_instructions_request>(success + one + one).result.instructions.size(), 2U);
}

TEST(lookups, address_book) {
    const auto seen = decoded_hex<address_book_list_request>(
        "0a0d080110011a077375636365737312160a0147120f0a036269671201722002420342696718021a026162");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    ASSERT_EQ(seen.result.lists.size(), 1U);
    const contact_list& groups = seen.result.lists[0];
    EXPECT_EQ(groups.list_name, "G");
    EXPECT_EQ(groups.chat_type, chat_type::group);
    ASSERT_EQ(groups.contacts.size(), 1U);
    EXPECT_EQ(groups.contacts[0].chat_id, "big");
    EXPECT_EQ(groups.contacts[0].remark, "r");
    EXPECT_EQ(groups.contacts[0].permission_level, group_role::admin);
    EXPECT_EQ(groups.contacts[0].shown_name(), "Big");
    EXPECT_EQ(seen.result.md5, "ab");

    contact old;
    old.remark = "Big";
    EXPECT_EQ(old.shown_name(), "Big");
}

TEST(lookups, requests_of_others) {
    const auto seen = decoded_hex<request_list_request>(
        "0a0d080110011a0773756363657373122e1a01413a0737363534333231480150025a03626967620731323334353637800180f2d6ca0690"
        "014dba010368657918012001");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    friend_request meant;
    meant.name = "A";
    meant.inviter_id = "7654321";
    meant.source_type = 1;
    meant.target_type = 2;
    meant.target_id = "big";
    meant.receiver_id = "1234567";
    meant.invite_at = 1'767'225'600;
    meant.request_id = 77;
    meant.note = "hey";
    ASSERT_EQ(seen.result.requests.size(), 1U);
    EXPECT_EQ(seen.result.requests[0], meant);
    EXPECT_TRUE(seen.result.requests[0].open());
    EXPECT_EQ(seen.result.pending, 1U);

    const auto in_8 = decoded_hex<request_list_request>(success + "1205" + "4201376801");
    ASSERT_EQ(in_8.result.requests.size(), 1U);
    EXPECT_EQ(in_8.result.requests[0].inviter_id, "7");
    EXPECT_FALSE(in_8.result.requests[0].open());
}

TEST(lookups, json_replies) {
    const decoded<instruction_list_request> commands(
        R"({"code":1,"msg":"success","data":{"instructions":[{"botId":"99","botName":"Bo","name":"go","desc":"d","id":3,"sort":1,"auth":2}]}})");
    ASSERT_FALSE(commands.ec) << commands.result.detail;
    ASSERT_EQ(commands.result.instructions.size(), 1U);
    EXPECT_EQ(commands.result.instructions[0].bot_name, "Bo");
    EXPECT_EQ(commands.result.instructions[0].auth, 2);

    const decoded<web_list_request> own(
        R"({"code":1,"msg":"success","data":{"list":[{"id":"9007199254740993","botId":99,"instructionType":5,"hidden":true},7,{"customJson":"[]","hidden":0}]}})");
    ASSERT_FALSE(own.ec) << own.result.detail;
    ASSERT_EQ(own.result.instructions.size(), 2U);
    EXPECT_EQ(own.result.instructions[0].id, 9007199254740993) << "a number as text";
    EXPECT_EQ(own.result.instructions[0].bot_id, "99") << "a text as number";
    EXPECT_EQ(own.result.instructions[0].instruction_type, cmd_type::custom_input);
    EXPECT_TRUE(own.result.instructions[0].hidden);
    EXPECT_EQ(own.result.unreadable, 1U);
    EXPECT_EQ(own.result.detail, "data.list[1] is not an object");

    const decoded<group_tag_list_request> tags(
        R"({"code":1,"msg":"success","data":{"list":[{"id":3,"groupId":"big","tag":"T","color":"#2196F3","delFlag":0,"createTime":1767225600}]}})");
    ASSERT_FALSE(tags.ec) << tags.result.detail;
    ASSERT_EQ(tags.result.tags.size(), 1U);
    EXPECT_EQ(tags.result.tags[0].tag, "T");
    EXPECT_EQ(tags.result.tags[0].create_time, 1'767'225'600U);
    EXPECT_TRUE(decoded<group_tag_list_request>(R"({"code":1,"msg":"success","data":null})").result.tags.empty());
    EXPECT_EQ(decoded<group_tag_list_request>(R"({"code":1,"msg":"success","data":[]})").result.detail,
              "data is not an object");
}

TEST(lookups, a_search) {
    EXPECT_EQ(json_of(chat_search_request(group("big"), "hi", 5)),
              R"({"chatId":"big","chatType":2,"word":"hi","size":20,"time":5,"type":"all","direction":1})");
    EXPECT_EQ(json_of(chat_search_request(group("big"), "", 5)), "word must not be empty");
    const decoded<chat_search_request> seen(R"({"code":1,"msg":"success","data":{"list":[{"msgId":"m1"},7]}})");
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    EXPECT_EQ(seen.result.items, (std::vector<std::string>{R"({"msgId":"m1"})", "7"}));
}

TEST(lookups, removal_is_told_by_the_code) {
    const decoded<member_is_removed_request> yes(R"({"code":1,"msg":"success"})");
    EXPECT_FALSE(yes.ec);
    EXPECT_TRUE(yes.result.was_removed());
    const decoded<member_is_removed_request> no(R"({"code":2,"msg":"success"})");
    EXPECT_FALSE(no.ec);
    EXPECT_FALSE(no.result.was_removed());
    EXPECT_EQ(decoded<member_is_removed_request>(R"({"code":3,"msg":"x"})").ec, errc::refused);
    EXPECT_EQ(decoded<group_tag_list_request>(R"({"code":2,"msg":"x"})").ec, errc::refused) << "of this one only";
}

TEST(lookups, a_new_nickname_needs_no_code) {
    EXPECT_FALSE(decoded<edit_my_group_nickname_request>(R"({"msg":"success"})").ec);
    EXPECT_FALSE(decoded<edit_my_group_nickname_request>(R"({"code":1,"msg":"success"})").ec);
    EXPECT_EQ(decoded<edit_my_group_nickname_request>(R"({"code":-1,"msg":"success"})").ec, errc::refused);
    EXPECT_EQ(decoded<edit_my_group_nickname_request>(R"({"msg":"x"})").result.detail, "code is missing");
    EXPECT_EQ(decoded<gag_member_request>(R"({"msg":"success"})").result.detail, "code is missing");
}

// --- what is refused -------------------------------------------------------------------------------------------------

template <class Request>
void expect_refused(std::string_view body, errc code, std::int64_t api_code, std::string_view text) {
    const decoded<Request> seen(body);
    EXPECT_EQ(seen.ec, code) << body;
    EXPECT_EQ(seen.result.api_code, api_code);
    EXPECT_EQ(seen.result.api_msg, text);
}

TEST(refusals_of_lookups, no_such_user) {
    expect_refused<get_user_request>(from_hex("0a08080110b2221a0178"), errc::refused, 4402, "x");
}

TEST(refusals_of_lookups, a_banned_user) {
    expect_refused<get_user_request>(from_hex("0a08080110bc371a0178"), errc::refused, 7100, "x");
}

TEST(refusals_of_lookups, not_logged_in) {
    const std::string body = from_hex("7b22636f6465223a2d3130312c226d7367223a22e69caae799bbe5bd95227d");
    expect_refused<user_info_request>(body, errc::not_authenticated, -101, "未登录");
    expect_refused<get_user_request>(body, errc::not_authenticated, -101, "未登录");
    expect_refused<list_member_request>(body, errc::not_authenticated, -101, "未登录");
    expect_refused<instruction_list_request>(body, errc::not_authenticated, -101, "未登录");
    expect_refused<agree_apply_request>(body, errc::not_authenticated, -101, "未登录");
    expect_refused<create_group_request>(body, errc::not_authenticated, -101, "未登录");
}

TEST(refusals_of_lookups, of_actions) {
    const auto body = [](int code, std::string_view text) {
        return R"({"code":)" + std::to_string(code) + R"(,"msg":")" + std::string(text) + "\"}";
    };
    expect_refused<apply_request>(body(-9, "您已添加过对方"), errc::refused, -9, "您已添加过对方");
    expect_refused<apply_request>(body(-1, "用户不存在"), errc::refused, -1, "用户不存在");
    expect_refused<delete_friend_request>(body(-1, "群主不可退群"), errc::refused, -1, "群主不可退群");
    for (const std::string_view text : {"不可以禁言群主！", "禁言时长错误，请重试", "该用户不在这个群聊，请重试",
                                        "您无权操作此群聊，请联系群主或者管理员"}) {
        expect_refused<gag_member_request>(body(-1, text), errc::refused, -1, text);
    }
    for (const std::string_view text :
         {"不可以移除群主！", "该用户不在这个群聊，请重试", "您无权操作此群聊，请联系群主或者管理员"}) {
        expect_refused<remove_member_request>(body(-1, text), errc::refused, -1, text);
    }
}

// --- hostile and unusual replies -------------------------------------------------------------------------------------

TEST(lookups, fields_of_another_type_are_skipped) {
    const std::string fields = field(1, "99") + "\x62\x01x" + std::string("\x48\x0c"); // 12 as text: `old`
    const auto seen = decoded<bot_info_request>(from_hex(success) + field(2, fields + "\x10\x05"));
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    EXPECT_EQ(seen.result.value.bot_id, "99");
    EXPECT_EQ(seen.result.value.name, "") << "a number in its place";
    EXPECT_EQ(seen.result.value.headcount, 12U);
}

TEST(lookups, flags_are_numbers_that_are_not_0) {
    const auto seen = decoded<bot_info_request>(from_hex(success) + field(2, std::string("\x50\x02\x58\x80\x02", 5)));
    ASSERT_FALSE(seen.ec) << seen.result.detail;
    EXPECT_TRUE(seen.result.value.is_private);
    EXPECT_TRUE(seen.result.value.is_stop) << "256";
}

TEST(lookups, records_that_can_not_be_read_are_counted) {
    const auto seen = decoded<list_member_request>(from_hex(success) + field(2, field(1, "big")) + field(2, "\xff") +
                                                   field(2, field(1, "big")));
    ASSERT_FALSE(seen.ec);
    EXPECT_EQ(seen.result.members.size(), 2U);
    EXPECT_EQ(seen.result.unreadable, 1U);
    EXPECT_EQ(seen.result.detail, "members[1] is not a message");
    const auto one = decoded<get_user_request>(from_hex(success) + field(2, "\xff"));
    EXPECT_EQ(one.ec, errc::bad_response);
    EXPECT_EQ(one.result.detail, "data is not a message");
}

TEST(lookups, every_cut_of_a_reply) {
    const std::string body = from_hex(
        "0a0d080110011a077375636365737312170a03626967120e0a073736353433323112014130011864121c0a03626967120d0a0731323334"
        "35363712024d652080f2d6ca0628011802");
    for (std::size_t size = 0; size < body.size(); ++size) {
        const decoded<list_member_request> seen(std::string_view(body).substr(0, size));
        EXPECT_LE(seen.result.members.size(), 2U) << size;
        EXPECT_TRUE(!seen.ec || seen.result.members.empty()) << size;
    }
}

TEST(lookups, a_reply_of_too_many_parts_is_refused) {
    std::string body = from_hex(success);
    for (int i = 0; i < 200'000; ++i) {
        body += field(2, "");
    }
    const decoded<list_member_request> seen(body);
    EXPECT_EQ(seen.ec, errc::bad_response);
    EXPECT_EQ(seen.result.detail, codec::too_many_parts);
    EXPECT_EQ(seen.result.api_code, 1);
    EXPECT_TRUE(seen.result.members.empty());
}

// --- actions ---------------------------------------------------------------------------------------------------------

TEST(actions, json_bodies) {
    EXPECT_EQ(json_of(agree_apply_request(77)), R"({"id":77,"agree":1})");
    EXPECT_EQ(json_of(agree_invite_request(77, request_answer::refuse)), R"({"id":77,"agree":2})");
    EXPECT_EQ(json_of(ignore_apply_request(77)), R"({"id":77,"ignore":1})");
    EXPECT_EQ(json_of(delete_request_request(77)), R"({"id":77})");
    EXPECT_EQ(json_of(apply_request(group("big"), "hi")), R"({"chatId":"big","chatType":2,"remark":"hi"})");
    EXPECT_EQ(json_of(delete_friend_request(user("7"))), R"({"chatId":"7","chatType":1})");
    EXPECT_EQ(json_of(no_notify_request("big", false)), R"({"chatId":"big","noNotify":0})");
    EXPECT_EQ(json_of(invite_request(bot_chat("99"), "big")), R"({"chatId":"99","chatType":3,"groupId":"big"})");
    EXPECT_EQ(json_of(gag_member_request("big", "7", gag_duration::forever)),
              R"({"groupId":"big","userId":"7","gag":-1})");
    EXPECT_EQ(json_of(remove_member_request("big", "7")), R"({"groupId":"big","userId":"7"})");
    EXPECT_EQ(json_of(remove_bot_request("big", "99")), R"({"groupId":"big","botId":"99"})");
    EXPECT_EQ(json_of(msg_type_limit_request("big", "1,2,3")), R"({"groupId":"big","type":"1,2,3"})");
    EXPECT_EQ(json_of(edit_my_group_nickname_request("big", "A")), R"({"groupId":"big","nickname":"A"})");
    EXPECT_EQ(json_of(group_tag_create_request("big", "T", "#2196F3")),
              R"({"groupId":"big","tag":"T","color":"#2196F3","desc":"","sort":0})");
    EXPECT_EQ(json_of(group_tag_edit_request(3, "big", "T")),
              R"({"id":3,"groupId":"big","tag":"T","color":"","desc":"","sort":0})");
    EXPECT_EQ(json_of(group_tag_delete_request(3)), R"({"id":3})");
    EXPECT_EQ(json_of(group_tag_relate_request("7", 3)), R"({"userId":"7","tagGroupId":3})");
    EXPECT_EQ(json_of(group_tag_relate_cancel_request("7", 3)), R"({"userId":"7","tagGroupId":3})");
    EXPECT_EQ(json_of(dismiss_notification_request("big")), R"({"chatId":"big"})");
    EXPECT_EQ(json_of(conversation_remove_request("big")), R"({"chatId":"big"})");
    EXPECT_EQ(json_of(sort_change_request("big")), R"({"userId":"big"})");
}

TEST(actions, protobuf_bodies) {
    group_details now;
    now.group_id = "big";
    now.name = "Big";
    now.introduction = "i";
    now.is_private = true;
    edit_group_request edit(now);
    edit.direct_join = true;
    EXPECT_EQ(hex_of(edit), to_hex(field(2, "big") + field(3, "Big") + field(4, "i") + "\x30\x01\x50\x01"));
    EXPECT_EQ(hex_of(create_group_request("Big", "i")), to_hex(field(2, "Big") + field(3, "i")));
    EXPECT_EQ(hex_of(dismiss_group_request("big")), to_hex(field(2, "big")));
    EXPECT_EQ(decoded<create_group_request>(from_hex(success) + field(2, "big")).result.group_id, "big");
}

} // namespace
} // namespace yunhu::test
