// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/lookups.hpp>
#include <yunhu/results.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <string>
#include <utility>

// What an account does besides talking: answers requests, manages groups and conversations. Each request, beside it the
// row of its endpoint; they are called by the row:
//
//     co_await client.call(yunhu::endpoints::gag_member, {"big", "7654321", yunhu::gag_duration::hour});
//
// A refusal is `errc::refused` with the service's code (mostly -1) and text, such as
// "您无权操作此群聊，请联系群主或者管理员". Those that can be repeated without another effect are idempotent; applying,
// inviting and creating a group are not.
YUNHU_NAMESPACE_BEGIN

/// What a request is answered with. Open.
enum class request_answer : std::int64_t { accept = 1, refuse = 2, expired = 3, dissolved = 4 };

/// How long a member is silenced, in seconds: the service takes no other durations.
enum class gag_duration : std::int64_t {
    lift = 0, ///< the member may speak again
    ten_minutes = 600,
    hour = 3600,
    six_hours = 21600,
    twelve_hours = 43200,
    forever = -1,
};

/// Request of friend/agree-apply: answers a friend request. Which of the two endpoints takes a group invitation is
/// disputed [C]: `answer` tries both.
struct YUNHU_EXPORT agree_apply_request {
    agree_apply_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    agree_apply_request(std::int64_t request_id, request_answer with = request_answer::accept)
        : id(request_id), agree(with) {}

    std::int64_t id = 0; ///< `friend_request::request_id`
    request_answer agree = request_answer::accept;
};

namespace endpoints {
inline constexpr api_endpoint<agree_apply_request, acknowledged> agree_apply{
    "/v1/friend/agree-apply", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of group/agree-invite: answers an application to an own group, or the invitation of a bot to it.
struct YUNHU_EXPORT agree_invite_request {
    agree_invite_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    agree_invite_request(std::int64_t request_id, request_answer with = request_answer::accept)
        : id(request_id), agree(with) {}

    std::int64_t id = 0; ///< `friend_request::request_id`
    request_answer agree = request_answer::accept;
};

namespace endpoints {
inline constexpr api_endpoint<agree_invite_request, acknowledged> agree_invite{
    "/v1/group/agree-invite", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of friend/ignore-apply [B].
struct YUNHU_EXPORT ignore_apply_request {
    ignore_apply_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    ignore_apply_request(std::int64_t request_id, bool on = true) : id(request_id), ignore(on) {}

    std::int64_t id = 0;
    bool ignore = true;
};

namespace endpoints {
inline constexpr api_endpoint<ignore_apply_request, acknowledged> ignore_apply{
    "/v1/friend/ignore-apply", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of friend/delete-request: removes an entry of the list of requests [B].
struct YUNHU_EXPORT delete_request_request {
    delete_request_request() = default;
    delete_request_request(std::int64_t request_id) : id(request_id) {} // NOLINT(google-explicit-constructor)

    std::int64_t id = 0;
};

namespace endpoints {
inline constexpr api_endpoint<delete_request_request, acknowledged> delete_request{
    "/v1/friend/delete-request", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of friend/apply: asks to become a friend, to join a group or to add a bot. -9: it is added already; -1: it
/// does not exist.
struct YUNHU_EXPORT apply_request {
    apply_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    apply_request(yunhu::chat to, std::string text = {}) : chat(std::move(to)), remark(std::move(text)) {}

    yunhu::chat chat;
    std::string remark;
};

namespace endpoints {
inline constexpr api_endpoint<apply_request, acknowledged> apply{"/v1/friend/apply", wire_format::json,
                                                                 retry_class::non_idempotent};
} // namespace endpoints

/// Request of friend/delete-friend: ends a friendship, leaves a group, or removes a bot. The owner of a group can't
/// leave it.
struct YUNHU_EXPORT delete_friend_request {
    delete_friend_request() = default;
    delete_friend_request(yunhu::chat which) : chat(std::move(which)) {} // NOLINT(google-explicit-constructor)

    yunhu::chat chat;
};

namespace endpoints {
inline constexpr api_endpoint<delete_friend_request, acknowledged> delete_friend{
    "/v1/friend/delete-friend", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of friend/no-notify: whether a chat is silent [B].
struct YUNHU_EXPORT no_notify_request {
    no_notify_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    no_notify_request(std::string chat, bool silent = true) : chat_id(std::move(chat)), no_notify(silent) {}

    std::string chat_id;
    bool no_notify = true;
};

namespace endpoints {
inline constexpr api_endpoint<no_notify_request, acknowledged> no_notify{"/v1/friend/no-notify", wire_format::json,
                                                                         retry_class::idempotent};
} // namespace endpoints

/// Request of group/invite: invites a friend, or a bot that was added, to a group [B].
struct YUNHU_EXPORT invite_request {
    invite_request() = default;
    invite_request(yunhu::chat who, std::string to_group) : chat(std::move(who)), group_id(std::move(to_group)) {}

    yunhu::chat chat; ///< a user or a bot
    std::string group_id;
};

namespace endpoints {
inline constexpr api_endpoint<invite_request, acknowledged> invite{"/v1/group/invite", wire_format::json,
                                                                   retry_class::non_idempotent};
} // namespace endpoints

/// Request of group/gag-member: silences a member, or lets it speak again. For the owner and administrators.
struct YUNHU_EXPORT gag_member_request {
    gag_member_request() = default;
    gag_member_request(std::string group, std::string user, gag_duration how_long)
        : group_id(std::move(group)), user_id(std::move(user)), gag(how_long) {}

    std::string group_id;
    std::string user_id;
    gag_duration gag{};
};

namespace endpoints {
inline constexpr api_endpoint<gag_member_request, acknowledged> gag_member{"/v1/group/gag-member", wire_format::json,
                                                                           retry_class::idempotent};
} // namespace endpoints

/// Request of group/remove-member. For the owner and administrators.
struct YUNHU_EXPORT remove_member_request {
    remove_member_request() = default;
    remove_member_request(std::string group, std::string user) : group_id(std::move(group)), user_id(std::move(user)) {}

    std::string group_id;
    std::string user_id;
};

namespace endpoints {
inline constexpr api_endpoint<remove_member_request, acknowledged> remove_member{
    "/v1/group/remove-member", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of group/remove-bot [B].
struct YUNHU_EXPORT remove_bot_request {
    remove_bot_request() = default;
    remove_bot_request(std::string group, std::string bot) : group_id(std::move(group)), bot_id(std::move(bot)) {}

    std::string group_id;
    std::string bot_id;
};

namespace endpoints {
inline constexpr api_endpoint<remove_bot_request, acknowledged> remove_bot{"/v1/group/remove-bot", wire_format::json,
                                                                           retry_class::idempotent};
} // namespace endpoints

/// Request of group/msg-type-limit: the kinds of messages that members can't send. For the owner and administrators.
struct YUNHU_EXPORT msg_type_limit_request {
    msg_type_limit_request() = default;
    msg_type_limit_request(std::string group, std::string limited)
        : group_id(std::move(group)), type(std::move(limited)) {}

    std::string group_id;
    std::string type; ///< numbers of `content_type`, e.g. `2,4`; empty: none
};

namespace endpoints {
inline constexpr api_endpoint<msg_type_limit_request, acknowledged> msg_type_limit{
    "/v1/group/msg-type-limit", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of group/edit-my-group-nickname. A reply without a code is a success [B].
struct YUNHU_EXPORT edit_my_group_nickname_request {
    edit_my_group_nickname_request() = default;
    edit_my_group_nickname_request(std::string group, std::string name)
        : group_id(std::move(group)), nickname(std::move(name)) {}

    std::string group_id;
    std::string nickname;
};

namespace endpoints {
inline constexpr api_endpoint<edit_my_group_nickname_request, acknowledged> edit_my_group_nickname{
    "/v1/group/edit-my-group-nickname", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of group/edit-group. It overwrites everything: begin with what group/info says.
struct YUNHU_EXPORT edit_group_request {
    edit_group_request() = default;
    /// Everything as it is: change what is to be different.
    explicit edit_group_request(const group_details& now)
        : group_id(now.group_id), name(now.name), introduction(now.introduction), avatar_url(now.avatar_url),
          direct_join(now.direct_join), history_msg(now.history_msg), category_name(now.category_name),
          category_id(now.category_id), is_private(now.is_private), hide_group_members(now.hide_group_members) {}

    std::string group_id;
    std::string name;
    std::string introduction;
    std::string avatar_url;
    bool direct_join = false;
    bool history_msg = false;
    std::string category_name;
    std::uint64_t category_id = 0;
    bool is_private = false;
    bool hide_group_members = false;
};

namespace endpoints {
inline constexpr api_endpoint<edit_group_request, acknowledged> edit_group{
    "/v1/group/edit-group", wire_format::protobuf, retry_class::idempotent};
} // namespace endpoints

/// Request of group/create-group.
struct YUNHU_EXPORT create_group_request {
    create_group_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    create_group_request(std::string group_name, std::string text = {}, std::string avatar = {})
        : name(std::move(group_name)), introduction(std::move(text)), avatar_url(std::move(avatar)) {
    } // NOLINT(google-explicit-constructor)

    std::string name;
    std::string introduction;
    std::string avatar_url;
    std::string category_name;     ///< [B]
    std::uint64_t category_id = 0; ///< [B]
};

/// Result of group/create-group.
struct YUNHU_EXPORT created_group : lookup_info {
    created_group() = default;

    std::string group_id;
};

namespace endpoints {
inline constexpr api_endpoint<create_group_request, created_group> create_group{
    "/v1/group/create-group", wire_format::protobuf, retry_class::non_idempotent};
} // namespace endpoints

/// Request of group/dismiss-group: dissolves the group. For the owner [B].
struct YUNHU_EXPORT dismiss_group_request {
    dismiss_group_request() = default;
    dismiss_group_request(std::string group) : group_id(std::move(group)) {} // NOLINT(google-explicit-constructor)

    std::string group_id;
};

namespace endpoints {
inline constexpr api_endpoint<dismiss_group_request, acknowledged> dismiss_group{
    "/v1/group/dismiss-group", wire_format::protobuf, retry_class::idempotent};
} // namespace endpoints

/// Request of group-tag/create. For administrators.
struct YUNHU_EXPORT group_tag_create_request {
    group_tag_create_request() = default;
    group_tag_create_request(std::string group, std::string text, std::string shown_in = {})
        : group_id(std::move(group)), tag(std::move(text)), color(std::move(shown_in)) {}

    std::string group_id;
    std::string tag;
    std::string color; ///< `#AARRGGBB`
    std::string desc;
    std::int64_t sort = 0;
};

namespace endpoints {
inline constexpr auto group_tag_create = api_endpoint<group_tag_create_request, acknowledged>(
                                             "/v1/group-tag/create", wire_format::json, retry_class::non_idempotent)
                                             .with_long_name();
} // namespace endpoints

/// Request of group-tag/edit. For administrators.
struct YUNHU_EXPORT group_tag_edit_request {
    group_tag_edit_request() = default;
    group_tag_edit_request(std::int64_t tag_id, std::string group, std::string text, std::string shown_in = {})
        : id(tag_id), group_id(std::move(group)), tag(std::move(text)), color(std::move(shown_in)) {}

    std::int64_t id = 0;
    std::string group_id;
    std::string tag;
    std::string color; ///< `#AARRGGBB`
    std::string desc;
    std::int64_t sort = 0;
};

namespace endpoints {
inline constexpr auto group_tag_edit =
    api_endpoint<group_tag_edit_request, acknowledged>("/v1/group-tag/edit", wire_format::json, retry_class::idempotent)
        .with_long_name();
} // namespace endpoints

/// Request of group-tag/delete. For administrators.
struct YUNHU_EXPORT group_tag_delete_request {
    group_tag_delete_request() = default;
    group_tag_delete_request(std::int64_t tag_id) : id(tag_id) {} // NOLINT(google-explicit-constructor)

    std::int64_t id = 0;
};

namespace endpoints {
inline constexpr auto group_tag_delete = api_endpoint<group_tag_delete_request, acknowledged>(
                                             "/v1/group-tag/delete", wire_format::json, retry_class::idempotent)
                                             .with_long_name();
} // namespace endpoints

/// Request of group-tag/relate: gives a member a tag. For administrators.
struct YUNHU_EXPORT group_tag_relate_request {
    group_tag_relate_request() = default;
    group_tag_relate_request(std::string user, std::int64_t tag_id) : user_id(std::move(user)), tag_group_id(tag_id) {}

    std::string user_id;
    std::int64_t tag_group_id = 0; ///< the tag's id
};

namespace endpoints {
inline constexpr auto group_tag_relate = api_endpoint<group_tag_relate_request, acknowledged>(
                                             "/v1/group-tag/relate", wire_format::json, retry_class::idempotent)
                                             .with_long_name();
} // namespace endpoints

/// Request of group-tag/relate-cancel: takes a tag from a member. For administrators.
struct YUNHU_EXPORT group_tag_relate_cancel_request {
    group_tag_relate_cancel_request() = default;
    group_tag_relate_cancel_request(std::string user, std::int64_t tag_id)
        : user_id(std::move(user)), tag_group_id(tag_id) {}

    std::string user_id;
    std::int64_t tag_group_id = 0; ///< the tag's id
};

namespace endpoints {
inline constexpr auto group_tag_relate_cancel =
    api_endpoint<group_tag_relate_cancel_request, acknowledged>("/v1/group-tag/relate-cancel", wire_format::json,
                                                                retry_class::idempotent)
        .with_long_name();
} // namespace endpoints

/// Request of conversation/dismiss-notification: marks a chat as read.
struct YUNHU_EXPORT dismiss_notification_request {
    dismiss_notification_request() = default;
    dismiss_notification_request(std::string chat) : chat_id(std::move(chat)) {} // NOLINT(google-explicit-constructor)

    std::string chat_id;
};

namespace endpoints {
inline constexpr api_endpoint<dismiss_notification_request, acknowledged> dismiss_notification{
    "/v1/conversation/dismiss-notification", wire_format::json, retry_class::idempotent};
} // namespace endpoints

/// Request of conversation/remove: takes a chat off the list [B].
struct YUNHU_EXPORT conversation_remove_request {
    conversation_remove_request() = default;
    conversation_remove_request(std::string chat) : chat_id(std::move(chat)) {} // NOLINT(google-explicit-constructor)

    std::string chat_id;
};

namespace endpoints {
inline constexpr auto conversation_remove = api_endpoint<conversation_remove_request, acknowledged>(
                                                "/v1/conversation/remove", wire_format::json, retry_class::idempotent)
                                                .with_long_name();
} // namespace endpoints

/// Request of conversation/sort-change: moves a chat in the list [B].
struct YUNHU_EXPORT sort_change_request {
    sort_change_request() = default;
    sort_change_request(std::string chat) : user_id(std::move(chat)) {} // NOLINT(google-explicit-constructor)

    std::string user_id; ///< the id of the chat, in spite of the name
};

namespace endpoints {
inline constexpr api_endpoint<sort_change_request, acknowledged> sort_change{
    "/v1/conversation/sort-change", wire_format::json, retry_class::idempotent};
} // namespace endpoints

namespace endpoints {
/// The actions, besides the endpoints of messages (`all`).
using actions =
    row_list<agree_apply, agree_invite, ignore_apply, delete_request, apply, delete_friend, no_notify, invite,
             gag_member, remove_member, remove_bot, msg_type_limit, edit_my_group_nickname, edit_group, create_group,
             dismiss_group, group_tag_create, group_tag_edit, group_tag_delete, group_tag_relate,
             group_tag_relate_cancel, dismiss_notification, conversation_remove, sort_change>;
} // namespace endpoints

YUNHU_NAMESPACE_END
