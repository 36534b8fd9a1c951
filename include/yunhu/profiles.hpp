// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the look-ups return: accounts, users, bots, groups, conversations. A field that the service left out has its
// default. Marked [B]: one source only, not confirmed by a second one; [C]: an inference.
YUNHU_NAMESPACE_BEGIN

// Every type here declares a constructor: GCC 12 destroys aggregates twice in a co_await expression.

/// State of a membership (VIP). Open.
enum class vip_status : std::int64_t { none = 0, active = 1, expired = 2 };
/// Rights in a group. Open.
enum class group_role : std::int64_t { member = 0, admin = 2, owner = 100 };

/// The own account.
struct YUNHU_EXPORT own_account {
    own_account() = default;
    bool operator==(const own_account&) const = default;

    std::string id;
    std::string name;
    std::string avatar_url;
    std::uint64_t avatar_id = 0;
    std::string phone;
    std::string email;
    double coin = 0;
    bool is_vip = false;
    std::uint64_t vip_expired_time = 0; ///< s since the epoch
    yunhu::vip_status vip_status{};
    std::string invitation_code;
};

/// A medal of a user.
struct YUNHU_EXPORT medal {
    medal() = default;
    bool operator==(const medal&) const = default;

    std::uint64_t id = 0;
    std::string name;
    std::int64_t sort = 0;
};

/// What the own account noted about a user [B].
struct YUNHU_EXPORT user_remark {
    user_remark() = default;
    bool operator==(const user_remark&) const = default;

    std::string name;
    std::string phone;
    std::string extra; ///< JSON text
};

/// What a user says about themselves [B].
struct YUNHU_EXPORT user_about {
    user_about() = default;
    bool operator==(const user_about&) const = default;

    std::string last_active_time;
    std::string introduction;
    std::int64_t gender = 0; ///< 1 male, 2 female, 3 other
    std::string birthday;
    std::string city;
    std::string district;
    std::string address;
};

/// A user.
struct YUNHU_EXPORT user_details {
    user_details() = default;
    bool operator==(const user_details&) const = default;

    std::string id;
    std::string name;
    std::uint64_t name_id = 0;
    std::string avatar_url;
    std::uint64_t avatar_id = 0;
    std::vector<medal> medals;
    std::string register_time; ///< `YYYY-MM-DD hh:mm:ss`, in UTC+8 [B]
    bool do_not_disturb = false;
    std::uint64_t ban_id = 0;
    std::uint64_t ban_until = 0; ///< s since the epoch; 0 with a `ban_id`: for ever
    std::uint64_t online_day = 0;
    std::uint64_t continuous_online_day = 0;
    bool is_vip = false;
    std::uint64_t vip_expired = 0; ///< s since the epoch
    yunhu::vip_status vip_status{};
    bool is_blocked = false;           ///< [B]
    bool top = false;                  ///< [B]
    std::optional<user_remark> remark; ///< [B]
    std::optional<user_about> about;   ///< [B]
    std::string ip_geo;                ///< region of the last address [B]
    std::string ban_reason;            ///< [B]
};

/// A bot.
struct YUNHU_EXPORT bot_details {
    bot_details() = default;
    bool operator==(const bot_details&) const = default;

    std::string bot_id;
    std::string name;
    std::uint64_t name_id = 0;
    std::string avatar_url;
    std::uint64_t avatar_id = 0;
    std::string introduction;
    std::string create_by;         ///< user id
    std::uint64_t create_time = 0; ///< s since the epoch
    std::uint64_t headcount = 0;
    bool is_private = false;
    bool is_stop = false;
    bool always_agree = false;
    bool prevent_deletion = false;
    bool do_not_disturb = false;
    std::uint64_t ban_id = 0;
    std::uint64_t ban_until = 0; ///< s since the epoch; 0 with a `ban_id`: for ever
    bool top = false;
    bool is_deleted = false;       ///< [B]
    std::uint64_t group_limit = 0; ///< [B]
    std::string ban_reason;        ///< [B]
};

/// A group. The flags are set only when the service says so.
struct YUNHU_EXPORT group_details {
    group_details() = default;
    bool operator==(const group_details&) const = default;

    std::string group_id;
    std::string name;
    std::string avatar_url;
    std::uint64_t avatar_id = 0;
    std::string introduction;
    std::uint64_t headcount = 0;
    std::string create_by; ///< user id
    bool direct_join = false;
    group_role permission_level{}; ///< of the caller
    bool history_msg = false;
    std::string category_name;
    std::uint64_t category_id = 0;
    bool is_private = false;
    bool do_not_disturb = false;
    std::uint64_t community_id = 0;
    std::string community_name;
    std::uint64_t ban_id = 0;
    std::uint64_t ban_until = 0; ///< s since the epoch; 0 with a `ban_id`: for ever
    bool top = false;
    std::vector<std::string> admins; ///< user ids
    std::int64_t gag_until = 0;      ///< of the caller, s since the epoch; -1: for ever [B]
    std::string limited_msg_type;    ///< kinds that members can't send, e.g. `8,11`
    std::string owner;               ///< user id
    bool is_recommended = false;
    bool is_gag = false;
    std::vector<std::string> tag_old;
    std::vector<yunhu::tag> tags;
    std::string my_group_nickname;
    std::string group_code;
    bool hide_group_members = false;                ///< [B]
    std::uint64_t auto_delete_message = 0;          ///< days [B]
    bool deny_members_upload_to_group_disk = false; ///< [B]
    std::string ban_reason;                         ///< [B]
};

/// The user of a membership.
struct YUNHU_EXPORT member_user {
    member_user() = default;
    bool operator==(const member_user&) const = default;

    std::string user_id;
    std::string name;
    std::string avatar_url;
    bool is_vip = false;
};

/// A member of a group.
struct YUNHU_EXPORT group_member {
    group_member() = default;
    bool operator==(const group_member&) const = default;

    std::string group_id;
    member_user user;
    group_role permission_level{};
    std::int64_t gag_time = 0; ///< s since the epoch; -1: for ever
    bool is_gag = false;
};

/// Where a message mentions the own account.
struct YUNHU_EXPORT mention {
    mention() = default;
    bool operator==(const mention&) const = default;

    std::string mentioned_id;
    std::string mentioned_name;
    std::string mentioned_in;
    std::string mentioner_id;
    std::string mentioner_name;
    std::uint64_t msg_seq = 0;
};

/// An entry of the list of conversations.
struct YUNHU_EXPORT conversation {
    conversation() = default;
    bool operator==(const conversation&) const = default;

    std::string chat_id;
    yunhu::chat_type chat_type{};
    std::string remark;
    std::string chat_content; ///< a preview
    std::uint64_t timestamp_ms = 0;
    std::uint64_t unread_msg = 0;
    bool at = false; ///< mentioned
    std::uint64_t avatar_id = 0;
    std::string avatar_url;
    bool do_not_disturb = false;
    std::uint64_t send_timestamp = 0; ///< **s** since the epoch
    bool is_vip = false;
    std::optional<mention> at_data;
    std::string name;
    std::uint64_t certification_level = 0; ///< 1 official, 2 region

    /// The chat, as a request takes it.
    [[nodiscard]] yunhu::chat chat() const { return {chat_type, chat_id}; }
};

/// A command of a bot.
struct YUNHU_EXPORT instruction {
    instruction() = default;
    bool operator==(const instruction&) const = default;

    std::int64_t id = 0;
    std::string bot_id;
    std::string name;
    std::string desc;
    cmd_type type{};
    std::string hint_text;
    std::string default_text;
    std::int64_t sort = 0;
    std::string form; ///< JSON text: an array of controls
    std::string bot_name;
};

/// An item of a bot's menu.
struct YUNHU_EXPORT menu_item {
    menu_item() = default;
    bool operator==(const menu_item&) const = default;

    std::int64_t id = 0;
    std::string bot_id;
    std::string name;
    std::string content;
    std::int64_t menu_type = 0; ///< 1 button, 2 check, 3 select
    std::uint64_t create_time = 0;
    std::int64_t menu_action = 0;
    std::string select; ///< the state
};

/// A bot's board in a chat.
struct YUNHU_EXPORT chat_board {
    chat_board() = default;
    bool operator==(const chat_board&) const = default;

    std::string bot_id;
    std::string chat_id;
    yunhu::chat_type chat_type{};
    std::string content;
    std::int64_t content_type = 0; ///< 1 text, 2 markdown, 3 html
    std::uint64_t last_update_time = 0;
    std::string bot_name;
};

/// An entry of the address book.
struct YUNHU_EXPORT contact {
    contact() = default;
    bool operator==(const contact&) const = default;

    std::string chat_id;
    std::string remark; ///< older layouts have the name here [B]
    std::string avatar_url;
    group_role permission_level{}; ///< of groups
    bool no_disturb = false;
    std::string name;

    /// The name, or what older layouts have in its place [B].
    [[nodiscard]] const std::string& shown_name() const noexcept { return name.empty() ? remark : name; }
};

/// A part of the address book, such as the groups.
struct YUNHU_EXPORT contact_list {
    contact_list() = default;
    bool operator==(const contact_list&) const = default;

    std::string list_name;
    std::vector<contact> contacts;
    yunhu::chat_type chat_type{};
};

/// A friend request, an application to a group, or an invitation.
struct YUNHU_EXPORT friend_request {
    friend_request() = default;
    bool operator==(const friend_request&) const = default;

    std::string receiver_name;
    std::string receiver_avatar;
    std::string name;
    std::string avatar;
    std::string group_name;
    std::string group_avatar;
    std::string inviter_id;       ///< of an invitation: the user who invited
    std::int64_t source_type = 0; ///< 1 user, 2 group, 3 bot; other values unknown
    std::int64_t target_type = 0; ///< 1 user, 2 group, 3 bot; other values unknown
    std::string target_id;
    std::string receiver_id;
    std::int64_t result = 0; ///< 0: open; other values are probably those of `answer` [C]
    std::uint64_t processed_at = 0;
    std::uint64_t invite_at = 0; ///< s since the epoch
    std::string invite_at_str;
    std::int64_t request_id = 0;
    std::string bot_name;
    std::string bot_avatar;
    std::string processor_name;
    std::string note;
    bool is_vip = false;

    [[nodiscard]] bool open() const noexcept { return result == 0; }
};

/// A command in a group's list [B].
struct YUNHU_EXPORT group_instruction {
    group_instruction() = default;
    bool operator==(const group_instruction&) const = default;

    std::string bot_id;
    std::string bot_name;
    std::string name;
    std::string desc;
    std::int64_t id = 0;
    std::int64_t sort = 0;
    std::int64_t auth = 0; ///< 0 everyone, 1 nobody, 2 owner, 3 owner and admins
};

/// A command of an own bot [B].
struct YUNHU_EXPORT own_instruction {
    own_instruction() = default;
    bool operator==(const own_instruction&) const = default;

    std::int64_t id = 0;
    std::string bot_id;
    std::string name;
    std::string desc;
    cmd_type instruction_type{};
    std::string hint_text;
    std::string default_text;
    std::string custom_json;
    std::uint64_t create_time = 0;
    std::int64_t sort = 0;
    bool hidden = false;
};

/// A tag of a group.
struct YUNHU_EXPORT group_tag {
    group_tag() = default;
    bool operator==(const group_tag&) const = default;

    std::int64_t id = 0;
    std::string group_id;
    std::string tag;
    std::string color;
    std::string desc;
    std::int64_t sort = 0;
    bool del_flag = false;
    std::uint64_t create_time = 0; ///< s since the epoch
};

YUNHU_NAMESPACE_END
