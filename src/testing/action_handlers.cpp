// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The actions, and the look-ups with JSON bodies.

#include "testing/handler_support.hpp"
#include "testing/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

const std::string& own_id(const state& store, const request_context& context) {
    return store.people().at(context.account).user_id;
}

// Since the epoch.
std::uint64_t seconds_of(const request_context& context) {
    constexpr std::uint64_t ms_per_second = 1000;
    return context.now / ms_per_second;
}

response answered(api_status status) {
    return json_response(status_object(status), status, {});
}

// The reply, or what is wrong with the body's fields.
template <class Do> response unless_invalid(fields& request, Do work) {
    if (std::string problem = request.problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    return answered(work());
}

bool may_manage(const state& store, const std::string& group_id, const request_context& context) {
    const std::string& caller = own_id(store, context);
    return store.people().is_owner(group_id, caller) || store.people().is_admin(group_id, caller);
}

// --- requests --------------------------------------------------------------------------------------------------------

constexpr std::string_view by_apply = "agree-apply";
constexpr std::string_view by_invite = "agree-invite";

// The endpoint that takes the answer to a request.
std::string_view answering_endpoint(const community::request& to) {
    const auto concerns = [](std::int64_t type) {
        return type == static_cast<std::int64_t>(chat_type::group) || type == static_cast<std::int64_t>(chat_type::bot);
    };
    if (!to.only_by.empty()) {
        return to.only_by;
    }
    const friend_request& r = to.shown;
    const bool is_related =
        concerns(r.source_type) || concerns(r.target_type) || !r.group_name.empty() || !r.bot_name.empty();
    return !r.inviter_id.empty() && is_related ? by_invite : by_apply;
}

// Accepting lets the asking one in.
void accept(state& store, const friend_request& accepted, const std::string& account) {
    if (accepted.target_type == static_cast<std::int64_t>(chat_type::group)) {
        std::vector<std::string>& members = store.people().declared(accepted.target_id).members;
        if (std::ranges::find(members, account) == members.end()) {
            members.push_back(account);
        }
    } else {
        store.relations().friends.emplace(account, accepted.target_id);
    }
}

template <const std::string_view& Endpoint>
response agree(state& store, fields& request, const request_context& context) {
    const std::int64_t id = request.integer("id");
    const std::int64_t answer = request.integer("agree");
    return unless_invalid(request, [&]() -> api_status {
        community::request* const found = store.relations().find_request(id, own_id(store, context));
        constexpr std::int64_t last_answer = 4;
        if (answer < 1 || answer > last_answer) {
            return bad_parameters;
        }
        if (found == nullptr || answering_endpoint(*found) != Endpoint) {
            return no_such_request;
        }
        if (found->shown.open() && answer == 1) {
            accept(store, found->shown, own_id(store, context));
        }
        if (found->shown.open()) { // a second answer changes nothing
            found->shown.result = answer;
            found->shown.processed_at = seconds_of(context);
        }
        return success;
    });
}

response ignore_apply(state& store, fields& request, const request_context& context) {
    const std::int64_t id = request.integer("id");
    const std::int64_t ignored = request.integer("ignore");
    return unless_invalid(request, [&]() -> api_status {
        community::request* const found = store.relations().find_request(id, own_id(store, context));
        if (found != nullptr) {
            found->ignored = ignored != 0;
        }
        return found != nullptr ? success : no_such_request;
    });
}

response delete_request(state& store, fields& request, const request_context& context) {
    const std::int64_t id = request.integer("id");
    return unless_invalid(request, [&]() -> api_status {
        const auto gone = std::erase_if(store.relations().requests, [&](const community::request& each) {
            return each.shown.request_id == id && each.account == own_id(store, context);
        });
        return gone != 0 ? success : no_such_request;
    });
}

bool exists(const state& store, chat_type type, const std::string& id) {
    const directory& people = store.people();
    return type == chat_type::group  ? people.find_group(id) != nullptr
           : type == chat_type::user ? people.with_id(id).has_value()
                                     : people.find_bot(id) != nullptr;
}

response apply(state& store, fields& request, const request_context& context) {
    const std::string id = request.text("chatId");
    const auto type = static_cast<chat_type>(request.number("chatType"));
    const std::string remark = request.text("remark");
    return unless_invalid(request, [&]() -> api_status {
        if (id.empty() || type == chat_type{}) {
            return bad_parameters;
        }
        if (!exists(store, type, id)) {
            return no_such_chat;
        }
        community& relations = store.relations();
        const std::string& caller = own_id(store, context);
        if (relations.friends.count({caller, id}) != 0 ||
            (type == chat_type::group && store.people().is_member(id, caller))) {
            return added_already;
        }
        if (type == chat_type::bot) { // nobody has to agree
            relations.friends.emplace(caller, id);
            return success;
        }
        community::request made;
        made.account = type == chat_type::user ? id : store.people().find_group(id)->owner;
        made.shown.request_id = ++relations.last_id;
        made.shown.name = store.people().at(context.account).name;
        made.shown.source_type = static_cast<std::int64_t>(chat_type::user);
        made.shown.target_type = static_cast<std::int64_t>(type);
        made.shown.target_id = type == chat_type::user ? caller : id;
        made.shown.receiver_id = made.account;
        made.shown.note = remark;
        made.shown.invite_at = seconds_of(context);
        relations.requests.push_back(std::move(made));
        return success;
    });
}

response delete_friend(state& store, fields& request, const request_context& context) {
    const std::string id = request.text("chatId");
    const auto type = static_cast<chat_type>(request.number("chatType"));
    return unless_invalid(request, [&]() -> api_status {
        const std::string& caller = own_id(store, context);
        if (type == chat_type::group && store.people().is_owner(id, caller)) {
            return owner_cannot_leave;
        }
        if (type == chat_type::group) {
            std::erase(store.people().declared(id).members, caller);
        }
        store.relations().friends.erase({caller, id});
        return id.empty() || type == chat_type{} ? bad_parameters : success;
    });
}

response no_notify(state& store, fields& request, const request_context& context) {
    const std::string id = request.text("chatId");
    const std::int64_t on = request.integer("noNotify");
    return unless_invalid(request, [&]() -> api_status {
        store.relations().silent.erase({own_id(store, context), id});
        if (on != 0) {
            store.relations().silent.emplace(own_id(store, context), id);
        }
        return id.empty() ? bad_parameters : success;
    });
}

// The invited one gets a request, or is a bot and comes at once.
response invite(state& store, fields& request, const request_context& context) {
    const std::string id = request.text("chatId");
    const auto type = static_cast<chat_type>(request.number("chatType"));
    const std::string group_id = request.text("groupId");
    return unless_invalid(request, [&]() -> api_status {
        if (id.empty() || group_id.empty()) {
            return bad_parameters;
        }
        if (!exists(store, type, id)) {
            return no_such_chat;
        }
        if (type == chat_type::bot) {
            store.relations().group_bots[group_id].insert(id);
            return success;
        }
        community::request made;
        made.account = id;
        made.shown.request_id = ++store.relations().last_id;
        made.shown.inviter_id = own_id(store, context);
        made.shown.group_name = store.people().name_of(chat_type::group, group_id);
        made.shown.source_type = static_cast<std::int64_t>(chat_type::user);
        made.shown.target_type = static_cast<std::int64_t>(chat_type::group);
        made.shown.target_id = group_id;
        made.shown.receiver_id = id;
        made.shown.invite_at = seconds_of(context);
        store.relations().requests.push_back(std::move(made));
        return success;
    });
}

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
    const std::string group_id = request.text("groupId");
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
    const std::string group_id = request.text("groupId");
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

// --- conversations ---------------------------------------------------------------------------------------------------

response dismiss_notification(state& store, fields& request, const request_context& context) {
    const std::string id = request.text("chatId");
    return unless_invalid(request, [&]() -> api_status {
        const std::string& caller = own_id(store, context);
        for (const conversation_entry& each : store.conversations(context.account)) {
            if (each.in->seen_by(caller).id == id) {
                store.relations().read[{caller, id}] = each.last->message.msg_seq();
            }
        }
        return id.empty() ? bad_parameters : success;
    });
}

// Where a chat stands in the list is the client's business.
template <const char* const& Key> response noted_only(state&, fields& request, const request_context&) {
    const std::string id = request.text(Key);
    return unless_invalid(request, [&] { return id.empty() ? bad_parameters : success; });
}

constexpr const char* chat_id_key = "chatId";
constexpr const char* user_id_key = "userId";

} // namespace

std::vector<endpoint> action_endpoints() {
    constexpr format json = format::json;
    return {
        {"/v1/friend/agree-apply", json, &handle_json<agree<by_apply>>},
        {"/v1/group/agree-invite", json, &handle_json<agree<by_invite>>},
        {"/v1/friend/ignore-apply", json, &handle_json<ignore_apply>},
        {"/v1/friend/delete-request", json, &handle_json<delete_request>},
        {"/v1/friend/apply", json, &handle_json<apply>},
        {"/v1/friend/delete-friend", json, &handle_json<delete_friend>},
        {"/v1/friend/no-notify", json, &handle_json<no_notify>},
        {"/v1/group/invite", json, &handle_json<invite>},
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
        {"/v1/conversation/dismiss-notification", json, &handle_json<dismiss_notification>},
        {"/v1/conversation/remove", json, &handle_json<noted_only<chat_id_key>>},
        {"/v1/conversation/sort-change", json, &handle_json<noted_only<user_id_key>>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
