// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/lookup_schema.hpp"
#include "endpoints/schema_field.hpp"

#include <yunhu/config.hpp>
#include <yunhu/own_bots.hpp>

#include <string_view>
#include <tuple>

// The schemas of an owner's calls.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <> struct schema<my_bots_request> {
    using request = my_bots_request;
    static constexpr bilingual summary{"List the own bots", "列出自己的机器人"};
    static constexpr std::string_view example = "";
    static constexpr std::tuple<> fields{};
};

template <> struct schema<reset_bot_token_request> {
    using request = reset_bot_token_request;
    static constexpr bilingual summary{"Give an own bot another token", "重置自己机器人的 token"};
    static constexpr std::string_view example = "--bot-id 99 --token-out bot.token";
    static constexpr std::tuple fields{
        field<&request::bot_id>{.name = "bot_id", .must = rule::id, .help = {"the bot", "机器人"}},
    };
};

template <> struct schema<follower_list_request> {
    using request = follower_list_request;
    static constexpr bilingual summary{"List a page of the users that added an own bot",
                                       "列出一页添加了自己机器人的用户"};
    static constexpr std::string_view example = "--bot-id 99 --page 2";
    static constexpr std::tuple fields{
        field<&request::paging, presence::always>{.name = "paging", .number = 2},
        field<&request::bot_id>{.name = "bot_id", .number = 3, .must = rule::id, .help = {"the bot", "机器人"}},
        field<&request::keywords>{.name = "keywords", .number = 4, .help = {"searches names", "按名字搜索"}},
    };
};

template <> struct schema<join_group_list_request> {
    using request = join_group_list_request;
    static constexpr bilingual summary{"List a page of the groups that have an own bot", "列出一页有自己机器人的群"};
    static constexpr std::string_view example = "--bot-id 99 --page 2";
    static constexpr std::tuple fields{
        field<&request::paging, presence::always>{.name = "paging", .number = 2},
        field<&request::bot_id>{.name = "bot_id", .number = 3, .must = rule::id, .help = {"the bot", "机器人"}},
        field<&request::keywords>{.name = "keywords", .number = 4, .help = {"searches names", "按名字搜索"}},
    };
};

template <> struct schema<group_permission_edit_request> {
    using request = group_permission_edit_request;
    static constexpr bilingual summary{"Set what a bot may do in a group", "设置机器人在群里的权限"};
    static constexpr std::string_view example = "--bot-id 99 --group-id big --allow-gag-member 1";
    static constexpr std::tuple fields{
        field<&request::bot_id>{.name = "bot_id", .must = rule::id, .help = {"the bot", "机器人"}},
        field<&request::group_id>{.name = "group_id", .must = rule::id, .help = {"the group", "群"}},
        field<&request::allow_edit_group_info>{.name = "allow_edit_group_info",
                                               .help = {"1 or 0 (the default)", "1 或 0（不写也是）"}},
        field<&request::allow_gag_member>{.name = "allow_gag_member",
                                          .help = {"1 or 0 (the default)", "1 或 0（不写也是）"}},
        field<&request::allow_remove_member>{.name = "allow_remove_member",
                                             .help = {"1 or 0 (the default)", "1 或 0（不写也是）"}},
        field<&request::allow_group_tag_manage>{.name = "allow_group_tag_manage",
                                                .help = {"1 or 0 (the default)", "1 或 0（不写也是）"}},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
