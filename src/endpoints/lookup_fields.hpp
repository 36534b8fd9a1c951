// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/wire_fields.hpp"

#include <yunhu/actions.hpp>
#include <yunhu/config.hpp>
#include <yunhu/lookups.hpp>
#include <yunhu/profiles.hpp>

#include <tuple>

// Reply -> value, for the look-ups: the fields by number in protobuf, by name in JSON (in `data`). The program prints
// them by the same names.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// Fields of another wire type are skipped, as a reader of proto3 does: most were seen by few clients.
struct lenient_fields {
    static constexpr bool lenient = true;
};

template <> struct wire_fields<own_account> : lenient_fields {
    using v = own_account;
    static constexpr std::tuple fields{
        field<&v::id>{.name = "id", .number = 1},
        field<&v::name>{.name = "name", .number = 2},
        field<&v::avatar_url>{.name = "avatar_url", .number = 4},
        field<&v::avatar_id>{.name = "avatar_id", .number = 5},
        field<&v::phone>{.name = "phone", .number = 6},
        field<&v::email>{.name = "email", .number = 7},
        field<&v::coin>{.name = "coin", .number = 8},
        field<&v::is_vip>{.name = "is_vip", .number = 9},
        field<&v::vip_expired_time>{.name = "vip_expired_time", .number = 10},
        field<&v::vip_status>{.name = "vip_status", .number = 11},
        field<&v::invitation_code>{.name = "invitation_code", .number = 12},
    };
};

template <> struct wire_fields<medal> : lenient_fields {
    using v = medal;
    static constexpr std::tuple fields{
        field<&v::id>{.name = "id", .number = 1},
        field<&v::name>{.name = "name", .number = 2},
        field<&v::sort>{.name = "sort", .number = 5},
    };
};

template <> struct wire_fields<user_remark> : lenient_fields {
    using v = user_remark;
    static constexpr std::tuple fields{
        field<&v::name>{.name = "name", .number = 1},
        field<&v::phone>{.name = "phone", .number = 2},
        field<&v::extra>{.name = "extra", .number = 3},
    };
};

template <> struct wire_fields<user_about> : lenient_fields {
    using v = user_about;
    static constexpr std::tuple fields{
        field<&v::last_active_time>{.name = "last_active_time", .number = 1},
        field<&v::introduction>{.name = "introduction", .number = 2},
        field<&v::gender>{.name = "gender", .number = 3},
        field<&v::birthday>{.name = "birthday", .number = 4},
        field<&v::city>{.name = "city", .number = 5},
        field<&v::district>{.name = "district", .number = 6},
        field<&v::address>{.name = "address", .number = 7},
    };
};

template <> struct wire_fields<user_details> : lenient_fields {
    using v = user_details;
    static constexpr std::tuple fields{
        field<&v::id>{.name = "id", .number = 1},
        field<&v::name>{.name = "name", .number = 2},
        field<&v::name_id>{.name = "name_id", .number = 3},
        field<&v::avatar_url>{.name = "avatar_url", .number = 4},
        field<&v::avatar_id>{.name = "avatar_id", .number = 5},
        field<&v::medals>{.name = "medals", .number = 6},
        field<&v::register_time>{.name = "register_time", .number = 7},
        field<&v::do_not_disturb>{.name = "do_not_disturb", .number = 8},
        field<&v::ban_id>{.name = "ban_id", .number = 9},
        field<&v::ban_until>{.name = "ban_until", .number = 10},
        field<&v::online_day>{.name = "online_day", .number = 11},
        field<&v::continuous_online_day>{.name = "continuous_online_day", .number = 12},
        field<&v::is_vip>{.name = "is_vip", .number = 13},
        field<&v::vip_expired>{.name = "vip_expired", .number = 14},
        field<&v::vip_status>{.name = "vip_status", .number = 15},
        field<&v::is_blocked>{.name = "is_blocked", .number = 16},
        field<&v::top>{.name = "top", .number = 17},
        field<&v::remark>{.name = "remark", .number = 18},
        field<&v::about>{.name = "profile", .number = 19},
        field<&v::ip_geo>{.name = "ip_geo", .number = 20},
        field<&v::ban_reason>{.name = "ban_reason", .number = 21},
    };
};

template <> struct wire_fields<bot_details> : lenient_fields {
    using v = bot_details;
    static constexpr std::tuple fields{
        field<&v::bot_id>{.name = "bot_id", .number = 1},
        field<&v::name>{.name = "name", .number = 2},
        field<&v::name_id>{.name = "name_id", .number = 3},
        field<&v::avatar_url>{.name = "avatar_url", .number = 4},
        field<&v::avatar_id>{.name = "avatar_id", .number = 5},
        field<&v::introduction>{.name = "introduction", .number = 6},
        field<&v::create_by>{.name = "create_by", .number = 7},
        field<&v::create_time>{.name = "create_time", .number = 8},
        field<&v::headcount>{.name = "headcount", .number = 9},
        field<&v::is_private>{.name = "private", .number = 10},
        field<&v::is_stop>{.name = "is_stop", .number = 11},
        field<&v::always_agree>{.name = "always_agree", .number = 13},
        field<&v::prevent_deletion>{.name = "prevent_deletion", .number = 14},
        field<&v::do_not_disturb>{.name = "do_not_disturb", .number = 15},
        field<&v::ban_id>{.name = "ban_id", .number = 16},
        field<&v::ban_until>{.name = "ban_until", .number = 17},
        field<&v::top>{.name = "top", .number = 18},
        field<&v::is_deleted>{.name = "is_deleted", .number = 19},
        field<&v::group_limit>{.name = "group_limit", .number = 20},
        field<&v::ban_reason>{.name = "ban_reason", .number = 22},
    };
};

template <> struct wire_fields<group_details> : lenient_fields {
    using v = group_details;
    static constexpr std::tuple fields{
        field<&v::group_id>{.name = "group_id", .number = 1},
        field<&v::name>{.name = "name", .number = 2},
        field<&v::avatar_url>{.name = "avatar_url", .number = 3},
        field<&v::avatar_id>{.name = "avatar_id", .number = 4},
        field<&v::introduction>{.name = "introduction", .number = 5},
        field<&v::headcount>{.name = "headcount", .number = 6},
        field<&v::create_by>{.name = "create_by", .number = 7},
        field<&v::direct_join>{.name = "direct_join", .number = 8},
        field<&v::permission_level>{.name = "permission_level", .number = 9},
        field<&v::history_msg>{.name = "history_msg", .number = 10},
        field<&v::category_name>{.name = "category_name", .number = 11},
        field<&v::category_id>{.name = "category_id", .number = 12},
        field<&v::is_private>{.name = "private", .number = 13},
        field<&v::do_not_disturb>{.name = "do_not_disturb", .number = 14},
        field<&v::community_id>{.name = "community_id", .number = 15},
        field<&v::community_name>{.name = "community_name", .number = 16},
        field<&v::ban_id>{.name = "ban_id", .number = 17},
        field<&v::ban_until>{.name = "ban_until", .number = 18},
        field<&v::top>{.name = "top", .number = 19},
        field<&v::admins>{.name = "admin", .number = 20},
        field<&v::gag_until>{.name = "gag_until", .number = 21},
        field<&v::limited_msg_type>{.name = "limited_msg_type", .number = 22},
        field<&v::owner>{.name = "owner", .number = 23},
        field<&v::is_recommended>{.name = "recommendation", .number = 24},
        field<&v::is_gag>{.name = "is_gag", .number = 25},
        field<&v::tag_old>{.name = "tag_old", .number = 26},
        field<&v::tags>{.name = "tag", .number = 27},
        field<&v::my_group_nickname>{.name = "my_group_nickname", .number = 28},
        field<&v::group_code>{.name = "group_code", .number = 29},
        field<&v::hide_group_members>{.name = "hide_group_members", .number = 30},
        field<&v::auto_delete_message>{.name = "auto_delete_message", .number = 32},
        field<&v::deny_members_upload_to_group_disk>{.name = "deny_members_upload_to_group_disk", .number = 33},
        field<&v::ban_reason>{.name = "ban_reason", .number = 34},
    };
};

template <> struct wire_fields<member_user> : lenient_fields {
    using v = member_user;
    static constexpr std::tuple fields{
        field<&v::user_id>{.name = "user_id", .number = 1},
        field<&v::name>{.name = "name", .number = 2},
        field<&v::avatar_url>{.name = "avatar_url", .number = 4},
        field<&v::is_vip>{.name = "is_vip", .number = 6},
    };
};

template <> struct wire_fields<group_member> : lenient_fields {
    using v = group_member;
    static constexpr std::tuple fields{
        field<&v::group_id>{.name = "group_id", .number = 1},
        field<&v::user>{.name = "user", .number = 2},
        field<&v::permission_level>{.name = "permission_level", .number = 3},
        field<&v::gag_time>{.name = "gag_time", .number = 4},
        field<&v::is_gag>{.name = "is_gag", .number = 5},
    };
};

template <> struct wire_fields<mention> : lenient_fields {
    using v = mention;
    static constexpr std::tuple fields{
        field<&v::mentioned_id>{.name = "mentioned_id", .number = 2},
        field<&v::mentioned_name>{.name = "mentioned_name", .number = 3},
        field<&v::mentioned_in>{.name = "mentioned_in", .number = 4},
        field<&v::mentioner_id>{.name = "mentioner_id", .number = 6},
        field<&v::mentioner_name>{.name = "mentioner_name", .number = 7},
        field<&v::msg_seq>{.name = "msg_seq", .number = 8},
    };
};

template <> struct wire_fields<conversation> : lenient_fields {
    using v = conversation;
    static constexpr std::tuple fields{
        field<&v::chat_id>{.name = "chat_id", .number = 1},
        field<&v::chat_type>{.name = "chat_type", .number = 2},
        field<&v::remark>{.name = "remark", .number = 3},
        field<&v::chat_content>{.name = "chat_content", .number = 4},
        field<&v::timestamp_ms>{.name = "timestamp_ms", .number = 5},
        field<&v::unread_msg>{.name = "unread_msg", .number = 6},
        field<&v::at>{.name = "at", .number = 7},
        field<&v::avatar_id>{.name = "avatar_id", .number = 8},
        field<&v::avatar_url>{.name = "avatar_url", .number = 9},
        field<&v::do_not_disturb>{.name = "do_not_disturb", .number = 11},
        field<&v::send_timestamp>{.name = "send_timestamp", .number = 12},
        field<&v::is_vip>{.name = "is_vip", .number = 13},
        field<&v::at_data>{.name = "at_data", .number = 14},
        field<&v::name>{.name = "name", .number = 15},
        field<&v::certification_level>{.name = "certification_level", .number = 16},
    };
};

template <> struct wire_fields<instruction> : lenient_fields {
    using v = instruction;
    static constexpr std::tuple fields{
        field<&v::id>{.name = "id", .number = 1},
        field<&v::bot_id>{.name = "bot_id", .number = 2},
        field<&v::name>{.name = "name", .number = 3},
        field<&v::desc>{.name = "desc", .number = 4},
        field<&v::type>{.name = "type", .number = 5},
        field<&v::hint_text>{.name = "hint_text", .number = 6},
        field<&v::default_text>{.name = "default_text", .number = 7},
        field<&v::sort>{.name = "sort", .number = 9},
        field<&v::form>{.name = "form", .number = 10},
        field<&v::bot_name>{.name = "bot_name", .number = 11},
    };
};

template <> struct wire_fields<menu_item> : lenient_fields {
    using v = menu_item;
    static constexpr std::tuple fields{
        field<&v::id>{.name = "id", .number = 1},
        field<&v::bot_id>{.name = "bot_id", .number = 2},
        field<&v::name>{.name = "name", .number = 4},
        field<&v::content>{.name = "content", .number = 5},
        field<&v::menu_type>{.name = "menu_type", .number = 6},
        field<&v::create_time>{.name = "create_time", .number = 7},
        field<&v::menu_action>{.name = "menu_action", .number = 10},
        field<&v::select>{.name = "select", .number = 99},
    };
};

template <> struct wire_fields<chat_board> : lenient_fields {
    using v = chat_board;
    static constexpr std::tuple fields{
        field<&v::bot_id>{.name = "bot_id", .number = 1},
        field<&v::chat_id>{.name = "chat_id", .number = 2},
        field<&v::chat_type>{.name = "chat_type", .number = 3},
        field<&v::content>{.name = "content", .number = 4},
        field<&v::content_type>{.name = "content_type", .number = 5},
        field<&v::last_update_time>{.name = "last_update_time", .number = 6},
        field<&v::bot_name>{.name = "bot_name", .number = 7},
    };
};

template <> struct wire_fields<contact> : lenient_fields {
    using v = contact;
    static constexpr std::tuple fields{
        field<&v::chat_id>{.name = "chat_id", .number = 1},
        field<&v::remark>{.name = "remark", .number = 2},
        field<&v::avatar_url>{.name = "avatar_url", .number = 3},
        field<&v::permission_level>{.name = "permission_level", .number = 4},
        field<&v::no_disturb>{.name = "no_disturb", .number = 5},
        field<&v::name>{.name = "name", .number = 8},
    };
};

template <> struct wire_fields<contact_list> : lenient_fields {
    using v = contact_list;
    static constexpr std::tuple fields{
        field<&v::list_name>{.name = "list_name", .number = 1},
        field<&v::contacts>{.name = "contacts", .number = 2},
        field<&v::chat_type>{.name = "chat_type", .number = 3},
    };
};

template <> struct wire_fields<friend_request> : lenient_fields {
    using v = friend_request;
    static constexpr std::tuple fields{
        field<&v::receiver_name>{.name = "receiver_name", .number = 1},
        field<&v::receiver_avatar>{.name = "receiver_avatar", .number = 2},
        field<&v::name>{.name = "name", .number = 3},
        field<&v::avatar>{.name = "avatar", .number = 4},
        field<&v::group_name>{.name = "group_name", .number = 5},
        field<&v::group_avatar>{.name = "group_avatar", .number = 6},
        field<&v::inviter_id>{.name = "inviter_id", .number = 7},
        field<&v::inviter_id>{.name = "inviter_id", .number = 8},
        field<&v::source_type>{.name = "source_type", .number = 9},
        field<&v::target_type>{.name = "target_type", .number = 10},
        field<&v::target_id>{.name = "target_id", .number = 11},
        field<&v::receiver_id>{.name = "receiver_id", .number = 12},
        field<&v::result>{.name = "result", .number = 13},
        field<&v::processed_at>{.name = "processed_at", .number = 14},
        field<&v::invite_at>{.name = "invite_at", .number = 16},
        field<&v::invite_at_str>{.name = "invite_at_str", .number = 17},
        field<&v::request_id>{.name = "request_id", .number = 18},
        field<&v::bot_name>{.name = "bot_name", .number = 19},
        field<&v::bot_avatar>{.name = "bot_avatar", .number = 20},
        field<&v::processor_name>{.name = "processor_name", .number = 22},
        field<&v::note>{.name = "note", .number = 23},
        field<&v::is_vip>{.name = "is_vip", .number = 24},
    };
};

template <> struct wire_fields<group_instruction> : lenient_fields {
    using v = group_instruction;
    static constexpr std::tuple fields{
        field<&v::bot_id>{.name = "bot_id"}, field<&v::bot_name>{.name = "bot_name"},
        field<&v::name>{.name = "name"},     field<&v::desc>{.name = "desc"},
        field<&v::id>{.name = "id"},         field<&v::sort>{.name = "sort"},
        field<&v::auth>{.name = "auth"},
    };
};

template <> struct wire_fields<own_instruction> : lenient_fields {
    using v = own_instruction;
    static constexpr std::tuple fields{
        field<&v::id>{.name = "id"},
        field<&v::bot_id>{.name = "bot_id"},
        field<&v::name>{.name = "name"},
        field<&v::desc>{.name = "desc"},
        field<&v::instruction_type>{.name = "instruction_type"},
        field<&v::hint_text>{.name = "hint_text"},
        field<&v::default_text>{.name = "default_text"},
        field<&v::custom_json>{.name = "custom_json"},
        field<&v::create_time>{.name = "create_time"},
        field<&v::sort>{.name = "sort"},
        field<&v::hidden>{.name = "hidden"},
    };
};

template <> struct wire_fields<group_tag> : lenient_fields {
    using v = group_tag;
    static constexpr std::tuple fields{
        field<&v::id>{.name = "id"},
        field<&v::group_id>{.name = "group_id"},
        field<&v::tag>{.name = "tag"},
        field<&v::color>{.name = "color"},
        field<&v::desc>{.name = "desc"},
        field<&v::sort>{.name = "sort"},
        field<&v::del_flag>{.name = "del_flag"},
        field<&v::create_time>{.name = "create_time"},
    };
};

/// The values that are part of a look-up's reply.
template <class T> inline constexpr bool is_lookup_value = false;
template <> inline constexpr bool is_lookup_value<own_account> = true;
template <> inline constexpr bool is_lookup_value<medal> = true;
template <> inline constexpr bool is_lookup_value<user_remark> = true;
template <> inline constexpr bool is_lookup_value<user_about> = true;
template <> inline constexpr bool is_lookup_value<user_details> = true;
template <> inline constexpr bool is_lookup_value<bot_details> = true;
template <> inline constexpr bool is_lookup_value<group_details> = true;
template <> inline constexpr bool is_lookup_value<member_user> = true;
template <> inline constexpr bool is_lookup_value<group_member> = true;
template <> inline constexpr bool is_lookup_value<mention> = true;
template <> inline constexpr bool is_lookup_value<conversation> = true;
template <> inline constexpr bool is_lookup_value<instruction> = true;
template <> inline constexpr bool is_lookup_value<menu_item> = true;
template <> inline constexpr bool is_lookup_value<chat_board> = true;
template <> inline constexpr bool is_lookup_value<contact> = true;
template <> inline constexpr bool is_lookup_value<contact_list> = true;
template <> inline constexpr bool is_lookup_value<friend_request> = true;
template <> inline constexpr bool is_lookup_value<group_instruction> = true;
template <> inline constexpr bool is_lookup_value<own_instruction> = true;
template <> inline constexpr bool is_lookup_value<group_tag> = true;

// Replies; field 1 is the status.

template <class T> struct wire_fields<lookup_result<T>> : lenient_fields {
    static constexpr std::tuple fields{field<&lookup_result<T>::value>{.name = "data", .number = 2}};
};

template <> struct wire_fields<conversation_page> : lenient_fields {
    using v = conversation_page;
    static constexpr std::tuple fields{
        field<&v::conversations>{.name = "conversations", .number = 2},
        field<&v::total>{.name = "total", .number = 3},
        field<&v::md5>{.name = "md5", .number = 4},
    };
};

template <> struct wire_fields<group_reply> : lenient_fields {
    using v = group_reply;
    static constexpr std::tuple fields{
        field<&v::group>{.name = "group", .number = 2},
        field<&v::recent_bots>{.name = "recent_bots", .number = 3},
    };
};

template <> struct wire_fields<member_page> : lenient_fields {
    using v = member_page;
    static constexpr std::tuple fields{
        field<&v::members>{.name = "members", .number = 2},
        field<&v::total>{.name = "total", .number = 3},
    };
};

template <> struct wire_fields<group_bots> : lenient_fields {
    using v = group_bots;
    static constexpr std::tuple fields{
        field<&v::bots>{.name = "bots", .number = 2},
        field<&v::instructions>{.name = "instructions", .number = 3},
        field<&v::menus>{.name = "menus", .number = 4},
    };
};

template <> struct wire_fields<bot_instructions_page> : lenient_fields {
    using v = bot_instructions_page;
    static constexpr std::tuple fields{
        field<&v::instructions>{.name = "instructions", .number = 2},
    };
};

template <> struct wire_fields<board_page> : lenient_fields {
    using v = board_page;
    static constexpr std::tuple fields{
        field<&v::boards>{.name = "boards", .number = 2},
    };
};

template <> struct wire_fields<address_book> : lenient_fields {
    using v = address_book;
    static constexpr std::tuple fields{
        field<&v::lists>{.name = "lists", .number = 2},
        field<&v::md5>{.name = "md5", .number = 3},
    };
};

template <> struct wire_fields<friend_request_page> : lenient_fields {
    using v = friend_request_page;
    static constexpr std::tuple fields{
        field<&v::requests>{.name = "requests", .number = 2},
        field<&v::total>{.name = "total", .number = 3},
        field<&v::pending>{.name = "pending", .number = 4},
    };
};

template <> struct wire_fields<created_group> : lenient_fields {
    using v = created_group;
    static constexpr std::tuple fields{
        field<&v::group_id>{.name = "group_id", .number = 2},
    };
};

template <> struct wire_fields<group_instruction_page> : lenient_fields {
    using v = group_instruction_page;
    static constexpr std::tuple fields{
        field<&v::instructions>{.name = "instructions"},
    };
};

template <> struct wire_fields<own_instruction_page> : lenient_fields {
    using v = own_instruction_page;
    static constexpr std::tuple fields{
        field<&v::instructions>{.name = "list"},
    };
};

template <> struct wire_fields<group_tag_page> : lenient_fields {
    using v = group_tag_page;
    static constexpr std::tuple fields{
        field<&v::tags>{.name = "list"},
    };
};

template <> struct wire_fields<search_page> : lenient_fields {
    using v = search_page;
    static constexpr std::tuple fields{
        field<&v::items>{.name = "list"},
    };
};

template <> struct wire_fields<removal_record> : lenient_fields { static constexpr std::tuple<> fields{}; };

} // namespace codec
YUNHU_NAMESPACE_END
