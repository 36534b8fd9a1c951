// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/lookups.hpp>
#include <yunhu/profiles.hpp>
#include <yunhu/results.hpp>
#include <yunhu/secret.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// The bots of the own account, for their owner. Each request, beside it the row of its endpoint; they are called by the
// row, as look-ups are:
//
//     auto mine = co_await client.call(yunhu::endpoints::my_bots, {});
//
// All of them are known from one source only [B].
YUNHU_NAMESPACE_BEGIN

/// A bot of the own account [B].
struct YUNHU_EXPORT own_bot {
    own_bot() = default;

    std::string bot_id;
    std::string nickname;
    secret token;                    ///< of the bot's own API, which is not this one
    std::string link;                ///< where the service delivers the bot's events
    bool link_stop = false;          ///< no events are delivered there
    std::int64_t subscribe_type = 0; ///< 0 or 1; what they mean is not known
    std::string setting_json;        ///< JSON text
    std::string introduction;
    std::string avatar_url;
};

/// Request of bot/console/my-bots [B].
struct YUNHU_EXPORT my_bots_request {
    my_bots_request() = default;
};

/// Result of bot/console/my-bots.
struct YUNHU_EXPORT own_bot_page : lookup_info {
    own_bot_page() = default;

    std::uint64_t bots_total = 0;
    std::vector<own_bot> bots;
};

namespace endpoints {
inline constexpr auto my_bots =
    api_endpoint<my_bots_request, own_bot_page>("/v1/bot/console/my-bots", wire_format::json, retry_class::safe)
        .with_secrets();
} // namespace endpoints

/// Request of bot/reset-bot-token: gives a bot another token; the old one is not valid any more [B]. Non-idempotent: a
/// repetition would make yet another token.
struct YUNHU_EXPORT reset_bot_token_request {
    reset_bot_token_request() = default;
    reset_bot_token_request(std::string bot) : bot_id(std::move(bot)) {} // NOLINT(google-explicit-constructor)

    std::string bot_id;
};

/// Result of bot/reset-bot-token. A success without a token is `errc::bad_response`.
struct YUNHU_EXPORT bot_token : lookup_info {
    bot_token() = default;

    secret token;
};

namespace endpoints {
inline constexpr auto reset_bot_token = api_endpoint<reset_bot_token_request, bot_token>(
                                            "/v1/bot/reset-bot-token", wire_format::json, retry_class::non_idempotent)
                                            .with_secrets();
} // namespace endpoints

/// Request of bot/follower-list: a page of the users that added an own bot [B].
struct YUNHU_EXPORT follower_list_request {
    follower_list_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    follower_list_request(std::string bot, yunhu::paging which = {}, std::string name_has = {})
        : paging(which), bot_id(std::move(bot)), keywords(std::move(name_has)) {}

    yunhu::paging paging;
    std::string bot_id;
    std::string keywords; ///< searches names
};

/// Result of bot/follower-list.
struct YUNHU_EXPORT follower_page : lookup_info {
    follower_page() = default;

    std::vector<member_user> followers;
    std::uint64_t total = 0; ///< 0 if the service left it out
};

namespace endpoints {
inline constexpr api_endpoint<follower_list_request, follower_page> follower_list{
    "/v1/bot/follower-list", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// A group that has an own bot [B].
struct YUNHU_EXPORT bot_group {
    bot_group() = default;
    bool operator==(const bot_group&) const = default;

    std::string group_id;
    std::string name;
    std::string avatar_url;
};

/// Request of bot/join-group-list: a page of the groups that have an own bot [B].
struct YUNHU_EXPORT join_group_list_request {
    join_group_list_request() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    join_group_list_request(std::string bot, yunhu::paging which = {}, std::string name_has = {})
        : paging(which), bot_id(std::move(bot)), keywords(std::move(name_has)) {}

    yunhu::paging paging;
    std::string bot_id;
    std::string keywords; ///< searches names
};

/// Result of bot/join-group-list.
struct YUNHU_EXPORT bot_group_page : lookup_info {
    bot_group_page() = default;

    std::vector<bot_group> groups;
    std::uint64_t total = 0; ///< 0 if the service left it out
};

namespace endpoints {
inline constexpr api_endpoint<join_group_list_request, bot_group_page> join_group_list{
    "/v1/bot/join-group-list", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of bot/group-permission-edit: what a bot may do in a group. It overwrites all four. For the owner of the
/// group [B].
struct YUNHU_EXPORT group_permission_edit_request {
    group_permission_edit_request() = default;
    group_permission_edit_request(std::string bot, std::string group)
        : bot_id(std::move(bot)), group_id(std::move(group)) {}

    std::string bot_id;
    std::string group_id;
    bool allow_edit_group_info = false;
    bool allow_gag_member = false;
    bool allow_remove_member = false;
    bool allow_group_tag_manage = false;
};

namespace endpoints {
inline constexpr api_endpoint<group_permission_edit_request, acknowledged> group_permission_edit{
    "/v1/bot/group-permission-edit", wire_format::json, retry_class::idempotent};
} // namespace endpoints

namespace endpoints {
/// The calls of an owner of bots, besides the endpoints of messages (`all`).
using own_bots = row_list<my_bots, reset_bot_token, follower_list, join_group_list, group_permission_edit>;
} // namespace endpoints

YUNHU_NAMESPACE_END
