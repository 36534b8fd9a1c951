// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The management of groups, and the look-ups with JSON bodies.

#include "testing/handler_support.hpp"
#include "testing/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

// --- groups ----------------------------------------------------------------------------------------------------------

// Why the caller may not do that to a member; success: it may.
api_status permission(const state& store, const std::string& group_id, const std::string& user_id, api_status if_owner,
                      const request_context& context) {
    if (group_id.empty() || user_id.empty()) {
        return bad_parameters;
    }
    if (!may_manage(store, group_id, context)) {
        return not_an_admin;
    }
    if (!store.people().is_member(group_id, user_id)) {
        return not_a_member;
    }
    return store.people().is_owner(group_id, user_id) ? if_owner : success;
}

response gag_member(state& store, fields& request, const request_context& context) {
    const std::string group_id = request.text("groupId");
    const std::string user_id = request.text("userId");
    const std::int64_t gag = request.integer("gag");
    return unless_invalid(request, [&]() -> api_status {
        constexpr std::array<std::int64_t, 6> durations{0, 600, 3600, 21600, 43200, -1};
        const api_status allowed = permission(store, group_id, user_id, owner_cannot_be_gagged, context);
        if (allowed.code != success.code) {
            return allowed;
        }
        if (std::ranges::find(durations, gag) == durations.end()) {
            return wrong_gag;
        }
        store.relations().gags[{group_id, user_id}] = gag;
        return success;
    });
}

response remove_member(state& store, fields& request, const request_context& context) {
    const std::string group_id = request.text("groupId");
    const std::string user_id = request.text("userId");
    return unless_invalid(request, [&]() -> api_status {
        const api_status allowed = permission(store, group_id, user_id, owner_cannot_be_removed, context);
        if (allowed.code == success.code) {
            std::erase(store.people().declared(group_id).members, user_id);
            store.relations().removed.emplace(group_id, user_id);
        }
        return allowed;
    });
}

response member_is_removed(state& store, fields& request, const request_context& /*context*/) {
    const std::string user_id = request.text("userId");
    const std::string group_id = request.text("groupId");
    return unless_invalid(request, [&]() -> api_status {
        constexpr api_status never{2, "success"};
        return store.relations().removed.count({group_id, user_id}) != 0 ? success : never;
    });
}

response remove_bot(state& store, fields& request, const request_context& context) {
    const std::string group_id = request.text("groupId");
    const std::string bot_id = request.text("botId");
    return unless_invalid(request, [&]() -> api_status {
        if (!may_manage(store, group_id, context)) {
            return not_an_admin;
        }
        auto& by_group = store.relations().group_bots;
        if (by_group.count(group_id) == 0) {
            for (const auto& [id, each] : store.people().bots()) {
                by_group[group_id].insert(id);
            }
        }
        return by_group[group_id].erase(bot_id) != 0 ? success : no_such_bot;
    });
}

response msg_type_limit(state& store, fields& request, const request_context& context) {
    const std::string group_id = request.text("groupId");
    std::string type = request.text("type");
    return unless_invalid(request, [&]() -> api_status {
        if (!may_manage(store, group_id, context)) {
            return not_an_admin;
        }
        store.relations().limits[group_id] = std::move(type);
        return success;
    });
}

// The service's reply has no code.
response edit_my_group_nickname(state& store, fields& request, const request_context& context) {
    const std::string group_id = request.text("groupId");
    const std::string nickname = request.text("nickname");
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    store.relations().nicknames[{group_id, own_id(store, context)}] = nickname;
    return json_response({{"msg", "success"}}, success, {});
}

// --- tags ------------------------------------------------------------------------------------------------------------

boost::json::object shown(const group_tag& tag) {
    return {{"id", tag.id},     {"groupId", tag.group_id}, {"tag", tag.tag}, {"color", tag.color},
            {"desc", tag.desc}, {"sort", tag.sort},        {"delFlag", 0},   {"createTime", tag.create_time}};
}

response tag_list(state& store, fields& request, const request_context& /*context*/) {
    const std::string group_id = request.text("groupId");
    const std::uint64_t size = request.number("size");
    const std::uint64_t page = request.number("page");
    const std::string has = request.text("tag");
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    if (group_id.empty() || size == 0 || page == 0) {
        return answered(bad_parameters);
    }
    boost::json::array list;
    std::uint64_t index = 0;
    for (const auto& [id, each] : store.relations().tags) {
        if (each.shown.group_id == group_id && each.shown.tag.find(has) != std::string::npos) {
            if (index / size == page - 1) {
                list.push_back(shown(each.shown));
            }
            ++index;
        }
    }
    boost::json::object reply = status_object(success);
    reply["data"] = {{"list", std::move(list)}};
    return json_response(reply, success, {});
}

group_tag read_tag(fields& request) {
    group_tag made;
    made.tag = request.text("tag");
    made.color = request.text("color");
    made.desc = request.text("desc");
    made.sort = request.integer("sort");
    return made;
}

response tag_create(state& store, fields& request, const request_context& context) {
    const std::string group_id = request.text("groupId");
    group_tag made = read_tag(request);
    return unless_invalid(request, [&]() -> api_status {
        if (!may_manage(store, group_id, context)) {
            return not_an_admin;
        }
        made.id = ++store.relations().last_id;
        made.group_id = group_id;
        made.create_time = seconds_of(context);
        store.relations().tags[made.id].shown = std::move(made);
        return success;
    });
}

// Applies a change to a tag of a group that the caller manages.
template <class Do> api_status change_tag(state& store, std::int64_t id, const request_context& context, Do work) {
    const auto found = store.relations().tags.find(id);
    if (found == store.relations().tags.end()) {
        return no_such_tag;
    }
    if (!may_manage(store, found->second.shown.group_id, context)) {
        return not_an_admin;
    }
    work(found->second);
    return success;
}

response tag_edit(state& store, fields& request, const request_context& context) {
    const std::int64_t id = request.integer("id");
    (void)request.text("groupId"); // the tag's id is enough
    const group_tag wanted = read_tag(request);
    return unless_invalid(request, [&] {
        return change_tag(store, id, context, [&](community::tag& tag) {
            tag.shown.tag = wanted.tag;
            tag.shown.color = wanted.color;
            tag.shown.desc = wanted.desc;
            tag.shown.sort = wanted.sort;
        });
    });
}

response tag_delete(state& store, fields& request, const request_context& context) {
    const std::int64_t id = request.integer("id");
    return unless_invalid(request, [&] {
        const api_status changed = change_tag(store, id, context, [](community::tag&) {});
        if (changed.code == success.code) {
            store.relations().tags.erase(id);
        }
        return changed;
    });
}

template <bool Related> response tag_relate(state& store, fields& request, const request_context& context) {
    const std::string user_id = request.text("userId");
    const std::int64_t id = request.integer("tagGroupId");
    return unless_invalid(request, [&] {
        return change_tag(store, id, context, [&](community::tag& tag) {
            if (Related) {
                tag.members.insert(user_id);
            } else {
                tag.members.erase(user_id);
            }
        });
    });
}

// --- commands of bots ------------------------------------------------------------------------------------------------

response group_instructions(state& store, fields& request, const request_context& /*context*/) {
    (void)request.text("groupId"); // every group has the bots that were declared
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    boost::json::array list;
    for (const instruction& each : store.relations().instructions) {
        list.push_back({{"botId", each.bot_id},
                        {"botName", store.people().name_of(chat_type::bot, each.bot_id)},
                        {"name", each.name},
                        {"desc", each.desc},
                        {"id", each.id},
                        {"sort", each.sort},
                        {"auth", 0}});
    }
    boost::json::object reply = status_object(success);
    reply["data"] = {{"instructions", std::move(list)}};
    return json_response(reply, success, {});
}

response own_instructions(state& store, fields& request, const request_context& /*context*/) {
    const std::string bot_id = request.text("botId");
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    boost::json::array list;
    for (const instruction& each : store.relations().instructions) {
        if (each.bot_id == bot_id) {
            list.push_back({{"id", each.id},
                            {"botId", each.bot_id},
                            {"name", each.name},
                            {"desc", each.desc},
                            {"instructionType", static_cast<std::int64_t>(each.type)},
                            {"hintText", each.hint_text},
                            {"defaultText", each.default_text},
                            {"customJson", each.form},
                            {"createTime", 0},
                            {"sort", each.sort},
                            {"hidden", 0}});
        }
    }
    boost::json::object reply = status_object(success);
    reply["data"] = {{"list", std::move(list)}};
    return json_response(reply, success, {});
}

// The newest messages before the time whose text has the word.
response chat_search(state& store, fields& request, const request_context& context) {
    const std::string word = request.text("word");
    chat in;
    in.id = request.text("chatId");
    in.type = static_cast<chat_type>(request.number("chatType"));
    const std::uint64_t size = request.number("size");
    const std::uint64_t time = request.number("time");
    request.text("type");
    request.integer("direction");
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    boost::json::array list;
    const std::vector<const stored_message*> all = store.all(context.account, in);
    for (auto each = all.rbegin(); each != all.rend() && list.size() < size; ++each) {
        const wire::Message& message = (*each)->message;
        if (message.content().text().find(word) != std::string::npos && (time == 0 || message.send_time() < time)) {
            list.push_back({{"msgId", message.msg_id()},
                            {"msgSeq", message.msg_seq()},
                            {"sendTime", message.send_time()},
                            {"content", message.content().text()}});
        }
    }
    boost::json::object reply = status_object(success);
    reply["data"] = {{"list", std::move(list)}};
    return json_response(reply, success, {});
}

} // namespace

std::vector<endpoint> group_endpoints() {
    constexpr format json = format::json;
    return {
        {"/v1/group/gag-member", json, &handle_json<gag_member>},
        {"/v1/group/remove-member", json, &handle_json<remove_member>},
        {"/v1/group/member-is-removed", json, &handle_json<member_is_removed>},
        {"/v1/group/remove-bot", json, &handle_json<remove_bot>},
        {"/v1/group/msg-type-limit", json, &handle_json<msg_type_limit>},
        {"/v1/group/edit-my-group-nickname", json, &handle_json<edit_my_group_nickname>},
        {"/v1/group/instruction-list", json, &handle_json<group_instructions>},
        {"/v1/instruction/web-list", json, &handle_json<own_instructions>},
        {"/v1/group-tag/list", json, &handle_json<tag_list>},
        {"/v1/group-tag/create", json, &handle_json<tag_create>},
        {"/v1/group-tag/edit", json, &handle_json<tag_edit>},
        {"/v1/group-tag/delete", json, &handle_json<tag_delete>},
        {"/v1/group-tag/relate", json, &handle_json<tag_relate<true>>},
        {"/v1/group-tag/relate-cancel", json, &handle_json<tag_relate<false>>},
        {"/v1/search/chat-search", json, &handle_json<chat_search>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
