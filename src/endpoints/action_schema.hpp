// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/schema_field.hpp"

#include <yunhu/actions.hpp>
#include <yunhu/config.hpp>

#include <string_view>
#include <tuple>

// The schemas of the actions.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <> struct schema<agree_apply_request> {
    using request = agree_apply_request;
    static constexpr bilingual summary{"Answer a friend request", "答复好友申请"};
    static constexpr std::string_view example = "--id 77 --agree accept";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id",
                            .must = rule::not_zero,
                            .help = {"the request_id of request-list", "request-list 里的 request_id"}},
        field<&request::agree>{
            .name = "agree", .must = rule::not_zero, .help = {"the answer; accept if absent", "答复，不写就是 accept"}},
    };
};

template <> struct schema<agree_invite_request> {
    using request = agree_invite_request;
    static constexpr bilingual summary{"Answer an application or an invitation to a group", "答复入群申请或邀请"};
    static constexpr std::string_view example = "--id 77 --agree accept";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id",
                            .must = rule::not_zero,
                            .help = {"the request_id of request-list", "request-list 里的 request_id"}},
        field<&request::agree>{
            .name = "agree", .must = rule::not_zero, .help = {"the answer; accept if absent", "答复，不写就是 accept"}},
    };
};

template <> struct schema<ignore_apply_request> {
    using request = ignore_apply_request;
    static constexpr bilingual summary{"Ignore a request", "忽略申请"};
    static constexpr std::string_view example = "--id 77";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id",
                            .must = rule::not_zero,
                            .help = {"the request_id of request-list", "request-list 里的 request_id"}},
        field<&request::ignore>{.name = "ignore", .help = {"1 (the default) or 0", "1（不写也是）或 0"}},
    };
};

template <> struct schema<delete_request_request> {
    using request = delete_request_request;
    static constexpr bilingual summary{"Delete an entry of the list of requests", "删除一条申请记录"};
    static constexpr std::string_view example = "--id 77";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id",
                            .must = rule::not_zero,
                            .help = {"the request_id of request-list", "request-list 里的 request_id"}},
    };
};

template <> struct schema<apply_request> {
    using request = apply_request;
    static constexpr bilingual summary{"Add a friend or a bot, or join a group", "加好友、加机器人或加群"};
    static constexpr std::string_view example = "--chat group:big --remark hello";
    static constexpr std::tuple fields{
        chat_fields<&request::chat>{},
        field<&request::remark>{.name = "remark", .help = {"a word to the receiver", "附言"}},
    };
};

template <> struct schema<delete_friend_request> {
    using request = delete_friend_request;
    static constexpr bilingual summary{"Remove a friend or a bot, or leave a group", "删除好友或机器人，或退群"};
    static constexpr std::string_view example = "--chat group:big";
    static constexpr std::tuple fields{
        chat_fields<&request::chat>{},
    };
};

template <> struct schema<no_notify_request> {
    using request = no_notify_request;
    static constexpr bilingual summary{"Silence a conversation, or not", "设置免打扰"};
    static constexpr std::string_view example = "--chat-id big --no-notify 1";
    static constexpr std::tuple fields{
        field<&request::chat_id>{
            .name = "chat_id", .must = rule::id, .help = {"the id of the conversation", "会话的 id"}},
        field<&request::no_notify>{.name = "no_notify", .help = {"1 (the default) or 0", "1（不写也是）或 0"}},
    };
};

template <> struct schema<invite_request> {
    using request = invite_request;
    static constexpr bilingual summary{"Invite a friend or a bot to a group", "邀请好友或机器人进群"};
    static constexpr std::string_view example = "--chat user:7654321 --group-id big";
    static constexpr std::tuple fields{
        chat_fields<&request::chat>{},
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
    };
};

template <> struct schema<gag_member_request> {
    using request = gag_member_request;
    static constexpr bilingual summary{"Silence a member of a group, or let it speak", "禁言或解除禁言"};
    static constexpr std::string_view example = "--group-id big --user-id 7654321 --gag 600";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::user_id>{.name = "user_id", .must = rule::id, .help = {"the user", "用户"}},
        field<&request::gag>{.name = "gag",
                             .help = {"seconds: 600, 3600, 21600, 43200; -1: for ever; 0: may speak",
                                      "秒：600、3600、21600、43200；-1：永久；0：解除"}},
    };
};

template <> struct schema<remove_member_request> {
    using request = remove_member_request;
    static constexpr bilingual summary{"Remove a member from a group", "移出群成员"};
    static constexpr std::string_view example = "--group-id big --user-id 7654321";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::user_id>{.name = "user_id", .must = rule::id, .help = {"the user", "用户"}},
    };
};

template <> struct schema<remove_bot_request> {
    using request = remove_bot_request;
    static constexpr bilingual summary{"Remove a bot from a group", "移出群里的机器人"};
    static constexpr std::string_view example = "--group-id big --bot-id 99";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::bot_id>{.name = "bot_id", .must = rule::id, .help = {"the bot", "机器人"}},
    };
};

template <> struct schema<msg_type_limit_request> {
    using request = msg_type_limit_request;
    static constexpr bilingual summary{"Set the kinds of messages that members can't send", "设置群里不能发的消息类型"};
    static constexpr std::string_view example = "--group-id big --type 2,4";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::type>{
            .name = "type",
            .help = {"numbers of kinds, with commas; none if absent", "消息类型的数字，用逗号分开，不写就是没有"}},
    };
};

template <> struct schema<edit_my_group_nickname_request> {
    using request = edit_my_group_nickname_request;
    static constexpr bilingual summary{"Set the own nickname in a group", "设置自己的群昵称"};
    static constexpr std::string_view example = "--group-id big --nickname Ada";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::nickname>{.name = "nickname", .help = {"the name", "昵称"}},
    };
};

template <> struct schema<edit_group_request> {
    using request = edit_group_request;
    static constexpr bilingual summary{"Overwrite everything about a group", "修改群信息：全部覆盖"};
    static constexpr std::string_view example = "--group-id big --name Big --introduction hello";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .number = 2, .must = rule::id, .help = {"the group", "群"}},
        field<&request::name>{.name = "name", .number = 3, .help = {"the name", "名字"}},
        field<&request::introduction>{.name = "introduction", .number = 4, .help = {"the introduction", "简介"}},
        field<&request::avatar_url>{
            .name = "avatar_url", .number = 5, .help = {"the URL of the picture", "头像的网址"}},
        field<&request::direct_join>{
            .name = "direct_join", .number = 6, .help = {"joined without an approval; 1 or 0", "免审核进群：1 或 0"}},
        field<&request::history_msg>{.name = "history_msg",
                                     .number = 7,
                                     .help = {"new members see the history; 1 or 0", "新成员可看历史消息：1 或 0"}},
        field<&request::category_name>{.name = "category_name", .number = 8, .help = {"the category's name", "分类名"}},
        field<&request::category_id>{.name = "category_id", .number = 9, .help = {"the category", "分类的 id"}},
        field<&request::is_private>{.name = "private", .number = 10, .help = {"private; 1 or 0", "私有：1 或 0"}},
        field<&request::hide_group_members>{.name = "hide_group_members",
                                            .number = 11,
                                            .help = {"the members are hidden; 1 or 0", "隐藏群成员：1 或 0"}},
    };
};

template <> struct schema<create_group_request> {
    using request = create_group_request;
    static constexpr bilingual summary{"Create a group", "创建群"};
    static constexpr std::string_view example = "--name Big";
    static constexpr std::tuple fields{
        field<&request::name>{.name = "name", .number = 2, .must = rule::id, .help = {"the name", "名字"}},
        field<&request::introduction>{.name = "introduction", .number = 3, .help = {"the introduction", "简介"}},
        field<&request::avatar_url>{
            .name = "avatar_url", .number = 4, .help = {"the URL of the picture", "头像的网址"}},
        field<&request::category_name>{.name = "category_name", .number = 5, .help = {"the category's name", "分类名"}},
        field<&request::category_id>{.name = "category_id", .number = 6, .help = {"the category", "分类的 id"}},
    };
};

template <> struct schema<dismiss_group_request> {
    using request = dismiss_group_request;
    static constexpr bilingual summary{"Dissolve a group", "解散群"};
    static constexpr std::string_view example = "--group-id big";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .number = 2, .must = rule::id, .help = {"the group", "群"}},
    };
};

template <> struct schema<group_tag_create_request> {
    using request = group_tag_create_request;
    static constexpr bilingual summary{"Create a tag in a group", "创建群标签"};
    static constexpr std::string_view example = "--group-id big --tag helper";
    static constexpr std::tuple fields{
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::tag>{.name = "tag", .must = rule::id, .help = {"the tag's text", "标签文字"}},
        field<&request::color>{.name = "color", .help = {"e.g. #FF112233", "如 #FF112233"}},
        field<&request::desc>{.name = "desc", .help = {"a description", "说明"}},
        field<&request::sort>{.name = "sort", .help = {"the position", "排序"}},
    };
};

template <> struct schema<group_tag_edit_request> {
    using request = group_tag_edit_request;
    static constexpr bilingual summary{"Change a tag of a group", "修改群标签"};
    static constexpr std::string_view example = "--id 3 --group-id big --tag helper";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id", .must = rule::not_zero, .help = {"the tag", "标签"}},
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::tag>{.name = "tag", .must = rule::id, .help = {"the tag's text", "标签文字"}},
        field<&request::color>{.name = "color", .help = {"e.g. #FF112233", "如 #FF112233"}},
        field<&request::desc>{.name = "desc", .help = {"a description", "说明"}},
        field<&request::sort>{.name = "sort", .help = {"the position", "排序"}},
    };
};

template <> struct schema<group_tag_delete_request> {
    using request = group_tag_delete_request;
    static constexpr bilingual summary{"Delete a tag of a group", "删除群标签"};
    static constexpr std::string_view example = "--id 3";
    static constexpr std::tuple fields{
        field<&request::id>{.name = "id", .must = rule::not_zero, .help = {"the tag", "标签"}},
    };
};

template <> struct schema<group_tag_relate_request> {
    using request = group_tag_relate_request;
    static constexpr bilingual summary{"Give a member a tag", "给成员加标签"};
    static constexpr std::string_view example = "--user-id 7654321 --tag-group-id 3";
    static constexpr std::tuple fields{
        field<&request::user_id>{.name = "user_id", .must = rule::id, .help = {"the user", "用户"}},
        field<&request::tag_group_id>{.name = "tag_group_id", .must = rule::not_zero, .help = {"the tag", "标签"}},
    };
};

template <> struct schema<group_tag_relate_cancel_request> {
    using request = group_tag_relate_cancel_request;
    static constexpr bilingual summary{"Take a tag from a member", "取消成员的标签"};
    static constexpr std::string_view example = "--user-id 7654321 --tag-group-id 3";
    static constexpr std::tuple fields{
        field<&request::user_id>{.name = "user_id", .must = rule::id, .help = {"the user", "用户"}},
        field<&request::tag_group_id>{.name = "tag_group_id", .must = rule::not_zero, .help = {"the tag", "标签"}},
    };
};

template <> struct schema<dismiss_notification_request> {
    using request = dismiss_notification_request;
    static constexpr bilingual summary{"Mark a conversation as read", "把会话标为已读"};
    static constexpr std::string_view example = "--chat-id big";
    static constexpr std::tuple fields{
        field<&request::chat_id>{
            .name = "chat_id", .must = rule::id, .help = {"the id of the conversation", "会话的 id"}},
    };
};

template <> struct schema<conversation_remove_request> {
    using request = conversation_remove_request;
    static constexpr bilingual summary{"Take a conversation off the list", "从列表移除会话"};
    static constexpr std::string_view example = "--chat-id big";
    static constexpr std::tuple fields{
        field<&request::chat_id>{
            .name = "chat_id", .must = rule::id, .help = {"the id of the conversation", "会话的 id"}},
    };
};

template <> struct schema<sort_change_request> {
    using request = sort_change_request;
    static constexpr bilingual summary{"Move a conversation in the list", "调整会话的排序"};
    static constexpr std::string_view example = "--user-id big";
    static constexpr std::tuple fields{
        field<&request::user_id>{
            .name = "user_id", .must = rule::id, .help = {"the id of the conversation", "会话的 id"}},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
