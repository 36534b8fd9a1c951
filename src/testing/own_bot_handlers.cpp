// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The calls of an owner of bots.

#include "testing/handler_support.hpp"
#include "testing/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <yunhu/lookup.pb.h>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

bool is_own_bot(const state& store, const std::string& bot_id, const request_context& context) {
    const bot_profile* const found = store.people().find_bot(bot_id);
    return found != nullptr && found->owner == own_id(store, context);
}

// Why the caller may not ask about a bot; success: it may.
api_status own_bot_permission(const state& store, const std::string& bot_id, const request_context& context) {
    if (bot_id.empty()) {
        return bad_parameters;
    }
    if (store.people().find_bot(bot_id) == nullptr) {
        return no_such_bot;
    }
    return is_own_bot(store, bot_id, context) ? success : not_your_bot;
}

response my_bots(state& store, fields& request, const request_context& context) {
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    boost::json::array bots;
    for (const auto& [id, each] : store.people().bots()) {
        if (!is_own_bot(store, id, context)) {
            continue;
        }
        secret& token = store.relations().bot_tokens[id];
        if (token.empty()) {
            token = store.fresh_id();
        }
        bots.push_back({{"botId", id},
                        {"nickname", each.name},
                        {"token", token.reveal()},
                        {"link", ""},
                        {"linkStop", "0"},
                        {"subscribeType", "0"},
                        {"settingJson", "{}"},
                        {"introduction", ""},
                        {"avatarUrl", ""}});
    }
    boost::json::object reply = status_object(success);
    const std::size_t total = bots.size();
    reply["data"] = {{"botsTotal", total}, {"list", {{"bots", std::move(bots)}}}};
    return json_response(reply, success, {});
}

response reset_bot_token(state& store, fields& request, const request_context& context) {
    const std::string bot_id = request.text("botId");
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    const api_status status = own_bot_permission(store, bot_id, context);
    boost::json::object reply = status_object(status);
    if (status.code == success.code) {
        secret& token = store.relations().bot_tokens[bot_id];
        token = store.fresh_id();
        reply["data"] = {{"token", token.reveal()}};
    }
    return json_response(reply, status, {});
}

// A page of those that have the word in their names: passes their ids to `add`, and returns their number.
template <class Add> std::size_t page_of_named(const state& store, chat_type type, std::vector<std::string> ids,
                                               const wire::BotPageRequest& request, Add add) {
    std::erase_if(ids, [&](const std::string& id) {
        return store.people().name_of(type, id).find(request.keywords()) == std::string::npos;
    });
    const std::size_t size = request.paging().size();
    const std::size_t page = request.paging().page();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (i / size == page - 1) {
            add(ids[i]);
        }
    }
    return ids.size();
}

// Of a request for a page.
api_status page_permission(const state& store, const wire::BotPageRequest& request, const request_context& context) {
    return request.paging().size() == 0 || request.paging().page() == 0
               ? bad_parameters
               : own_bot_permission(store, request.bot_id(), context);
}

response follower_list(state& store, const wire::BotPageRequest& request, const request_context& context) {
    wire::FollowerListReply reply;
    const api_status status = page_permission(store, request, context);
    if (status.code == success.code) {
        std::vector<std::string> users;
        for (const auto& [user, added] : store.relations().friends) {
            if (added == request.bot_id()) {
                users.push_back(user);
            }
        }
        reply.set_total(
            page_of_named(store, chat_type::user, std::move(users), request, [&](const std::string& user_id) {
                wire::MemberUser& to = *reply.add_user();
                to.set_user_id(user_id);
                to.set_name(store.people().name_of(chat_type::user, user_id));
            }));
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

response join_group_list(state& store, const wire::BotPageRequest& request, const request_context& context) {
    wire::JoinGroupListReply reply;
    const api_status status = page_permission(store, request, context);
    if (status.code == success.code) {
        std::vector<std::string> groups;
        const auto& by_group = store.relations().group_bots;
        for (const auto& [id, each] : store.people().groups()) {
            const auto chosen = by_group.find(id);
            if (chosen == by_group.end() || chosen->second.count(request.bot_id()) != 0) {
                groups.push_back(id);
            }
        }
        reply.set_total(
            page_of_named(store, chat_type::group, std::move(groups), request, [&](const std::string& group_id) {
                wire::BotGroup& to = *reply.add_group();
                to.set_group_id(group_id);
                to.set_name(store.people().name_of(chat_type::group, group_id));
            }));
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

response group_permission_edit(state& store, fields& request, const request_context& context) {
    const std::string bot_id = request.text("botId");
    const std::string group_id = request.text("groupId");
    community::permissions wanted;
    wanted.edit_group_info = request.number("allowEditGroupInfo") != 0;
    wanted.gag_member = request.number("allowGagMember") != 0;
    wanted.remove_member = request.number("allowRemoveMember") != 0;
    wanted.group_tag_manage = request.number("allowGroupTagManage") != 0;
    return unless_invalid(request, [&]() -> api_status {
        if (store.people().find_bot(bot_id) == nullptr) {
            return no_such_bot;
        }
        if (!store.people().is_owner(group_id, own_id(store, context))) {
            return not_the_owner;
        }
        store.relations().bot_permissions[{group_id, bot_id}] = wanted;
        return success;
    });
}

} // namespace

std::vector<endpoint> own_bot_endpoints() {
    constexpr format json = format::json;
    constexpr format pb = format::protobuf;
    return {
        {"/v1/bot/console/my-bots", json, &handle_json<my_bots>},
        {"/v1/bot/reset-bot-token", json, &handle_json<reset_bot_token>},
        {"/v1/bot/follower-list", pb, &handle_protobuf<wire::BotPageRequest, follower_list>},
        {"/v1/bot/join-group-list", pb, &handle_protobuf<wire::BotPageRequest, join_group_list>},
        {"/v1/bot/group-permission-edit", json, &handle_json<group_permission_edit>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
