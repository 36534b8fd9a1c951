// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/schema_field.hpp"

#include <yunhu/config.hpp>
#include <yunhu/lookups.hpp>

#include <string_view>
#include <tuple>

// The schemas of the look-ups.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <> struct schema<paging> {
    static constexpr std::tuple fields{
        field<&paging::size>{.name = "size",
                             .number = 1,
                             .must = rule::not_zero,
                             .help = {"entries per page; 50 if absent", "每页多少条，不写就是 50"}},
        field<&paging::page>{.name = "page",
                             .number = 2,
                             .must = rule::not_zero,
                             .help = {"page number; 1 if absent", "第几页，不写就是 1"}},
    };
};

template <> struct schema<user_info_request> {
    using request = user_info_request;
    static constexpr bilingual summary{"Show the own account", "查看自己的账号"};
    static constexpr std::string_view example = "";
    static constexpr std::tuple<> fields{};
};

template <> struct schema<get_user_request> {
    using request = get_user_request;
    static constexpr bilingual summary{"Show a user", "查看一个用户"};
    static constexpr std::string_view example = "--id 7654321";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id", .number = 2, .must = rule::id, .help = {"the user", "用户"}},
    };
};

template <> struct schema<bot_info_request> {
    using request = bot_info_request;
    static constexpr bilingual summary{"Show a bot", "查看一个机器人"};
    static constexpr std::string_view example = "--id 99";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id", .number = 2, .must = rule::id, .help = {"the bot", "机器人"}},
    };
};

template <> struct schema<conversation_list_request> {
    using request = conversation_list_request;
    static constexpr bilingual summary{"List the conversations", "列出会话"};
    static constexpr std::string_view example = "";
    static constexpr std::tuple fields{
        field<&request::md5>{.name = "md5",
                             .number = 2,
                             .help = {"that of an earlier reply: the list is empty if nothing changed",
                                      "上一次的 md5：没有变化时列表为空"}},
    };
};

template <> struct schema<group_info_request> {
    using request = group_info_request;
    static constexpr bilingual summary{"Show a group", "查看一个群"};
    static constexpr std::string_view example = "--group-id big";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .number = 2, .must = rule::id, .help = {"the group", "群"}},
    };
};

template <> struct schema<list_member_request> {
    using request = list_member_request;
    static constexpr bilingual summary{"List a page of the members of a group", "列出一页群成员"};
    static constexpr std::string_view example = "--group-id big --page 2";
    static constexpr std::tuple fields{
        field<&request::paging, presence::always>{.name = "paging", .number = 2},
        field<&request::group_id>{.name = "group_id", .number = 3, .must = rule::id, .help = {"the group", "群"}},
        field<&request::keywords>{.name = "keywords", .number = 4, .help = {"searches names", "按名字搜索"}},
    };
};

template <> struct schema<bot_list_request> {
    using request = bot_list_request;
    static constexpr bilingual summary{"List the bots of a group, their commands and menus",
                                       "列出群里的机器人、指令和菜单"};
    static constexpr std::string_view example = "--group-id big";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .number = 2, .must = rule::id, .help = {"the group", "群"}},
    };
};

template <> struct schema<bot_instructions_request> {
    using request = bot_instructions_request;
    static constexpr bilingual summary{"List the commands of a bot", "列出机器人的指令"};
    static constexpr std::string_view example = "--bot-id 99";
    static constexpr std::tuple fields{
        field<&request::bot_id>{.name = "bot_id", .number = 3, .must = rule::id, .help = {"the bot", "机器人"}},
    };
};

template <> struct schema<board_request> {
    using request = board_request;
    static constexpr bilingual summary{"Show the boards of a conversation", "查看会话的看板"};
    static constexpr std::string_view example = "--chat group:big";
    static constexpr std::tuple fields{
        chat_fields<&request::chat>{3, 4},
    };
};

template <> struct schema<address_book_list_request> {
    using request = address_book_list_request;
    static constexpr bilingual summary{"List friends, groups and bots", "列出通讯录"};
    static constexpr std::string_view example = "";
    static constexpr std::tuple fields{
        field<&request::md5>{.name = "md5",
                             .number = 2,
                             .help = {"that of an earlier reply: the list is empty if nothing changed",
                                      "上一次的 md5：没有变化时列表为空"}},
    };
};

template <> struct schema<request_list_request> {
    using request = request_list_request;
    static constexpr bilingual summary{"List friend requests and invitations", "列出好友申请和入群邀请"};
    static constexpr std::string_view example = "";
    static constexpr std::tuple<> fields{};
};

template <> struct schema<group_tag_members_request> {
    using request = group_tag_members_request;
    static constexpr bilingual summary{"List a page of the members with a tag", "列出一页带某个标签的成员"};
    static constexpr std::string_view example = "--group-id big --tag-id 3";
    static constexpr std::tuple fields{
        field<&request::paging, presence::always>{.name = "paging", .number = 2},
        field<&request::group_id>{.name = "group_id", .number = 3, .must = rule::id, .help = {"the group", "群"}},
        field<&request::tag_id>{.name = "tag_id", .number = 4, .must = rule::not_zero, .help = {"the tag", "标签"}},
    };
};

template <> struct schema<instruction_list_request> {
    using request = instruction_list_request;
    static constexpr bilingual summary{"List the commands that a group can use", "列出群里可用的指令"};
    static constexpr std::string_view example = "--group-id big";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
    };
};

template <> struct schema<web_list_request> {
    using request = web_list_request;
    static constexpr bilingual summary{"List the commands of an own bot", "列出自己机器人的指令"};
    static constexpr std::string_view example = "--bot-id 99";
    static constexpr std::tuple fields{
        field<&request::bot_id>{.name = "bot_id", .must = rule::id, .help = {"the bot", "机器人"}},
    };
};

template <> struct schema<group_tag_list_request> {
    using request = group_tag_list_request;
    static constexpr bilingual summary{"List a page of the tags of a group", "列出一页群标签"};
    static constexpr std::string_view example = "--group-id big";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::size>{.name = "size",
                              .must = rule::not_zero,
                              .help = {"entries per page; 50 if absent", "每页多少条，不写就是 50"}},
        field<&request::page>{
            .name = "page", .must = rule::not_zero, .help = {"page number; 1 if absent", "第几页，不写就是 1"}},
        field<&request::tag>{.name = "tag", .help = {"searches names", "按名字搜索"}},
    };
};

template <> struct schema<member_is_removed_request> {
    using request = member_is_removed_request;
    static constexpr bilingual summary{"Show whether a user was removed from a group once", "查看用户是否曾被移出群"};
    static constexpr std::string_view example = "--group-id big --user-id 7654321";
    static constexpr std::tuple fields{
        field<&request::user_id>{.name = "user_id", .must = rule::id, .help = {"the user", "用户"}},
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
    };
};

template <> struct schema<chat_search_request> {
    using request = chat_search_request;
    static constexpr bilingual summary{"Search the messages of a conversation", "搜索会话里的消息"};
    static constexpr std::string_view example = "--chat group:big --word hello --time 1767225600000";
    static constexpr std::tuple fields{
        chat_fields<&request::chat>{},
        field<&request::word>{.name = "word", .must = rule::id, .help = {"the word", "要搜索的词"}},
        field<&request::size>{.name = "size",
                              .must = rule::not_zero,
                              .help = {"number of messages; 20 if absent", "多少条，不写就是 20"}},
        field<&request::time>{.name = "time",
                              .help = {"where the search begins, in ms since the epoch", "从什么时间开始，毫秒时间戳"}},
        field<&request::type>{.name = "type",
                              .help = {"all if absent; others are unknown", "不写就是 all；其他值未知"}},
        field<&request::direction>{.name = "direction",
                                   .help = {"1 if absent; others are unknown", "不写就是 1；其他值未知"}},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
