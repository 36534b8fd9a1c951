// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The look-ups with protobuf bodies.

#include "testing/handler_support.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <yunhu/lookup.pb.h>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

constexpr std::uint64_t owner_level = 100;
constexpr std::uint64_t admin_level = 2;

std::uint64_t level_in(const directory& people, const std::string& group_id, const std::string& user_id) {
    if (people.is_owner(group_id, user_id)) {
        return owner_level;
    }
    return people.is_admin(group_id, user_id) ? admin_level : 0;
}

void fill(wire::Bot& to, const bot_profile& from) {
    to.set_bot_id(from.id);
    to.set_name(from.name);
}

void fill(wire::Instruction& to, const instruction& from, const directory& people) {
    to.set_id(from.id);
    to.set_bot_id(from.bot_id);
    to.set_name(from.name);
    to.set_desc(from.desc);
    to.set_type(static_cast<std::uint64_t>(from.type));
    to.set_hint_text(from.hint_text);
    to.set_default_text(from.default_text);
    to.set_sort(from.sort);
    to.set_form(from.form);
    to.set_bot_name(from.bot_name.empty() ? people.name_of(chat_type::bot, from.bot_id) : from.bot_name);
}

// The declared bots of a group.
std::vector<const bot_profile*> bots_in(const state& store, const std::string& group_id) {
    std::vector<const bot_profile*> made;
    const auto& by_group = store.relations().group_bots;
    const auto chosen = by_group.find(group_id);
    for (const auto& [id, each] : store.people().bots()) {
        if (chosen == by_group.end() || chosen->second.count(id) != 0) {
            made.push_back(&each);
        }
    }
    return made;
}

response get_user(state& store, const wire::GetUserRequest& request, const request_context& context) {
    wire::GetUserReply reply;
    const auto found = store.people().with_id(request.id());
    const api_status status = request.id().empty() ? bad_parameters : found ? success : no_such_user;
    if (found && !request.id().empty()) {
        reply.mutable_user()->set_id(request.id());
        reply.mutable_user()->set_name(store.people().at(*found).name);
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

response bot_info(state& store, const wire::BotInfoRequest& request, const request_context& context) {
    wire::BotInfoReply reply;
    const bot_profile* const found = store.people().find_bot(request.id());
    const api_status status = request.id().empty() ? bad_parameters : found != nullptr ? success : no_such_bot;
    if (found != nullptr) {
        fill(*reply.mutable_bot(), *found);
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

void fill(wire::Group& to, const state& store, const std::string& group_id, const std::string& caller) {
    const directory& people = store.people();
    const community& relations = store.relations();
    to.set_group_id(group_id);
    to.set_name(people.name_of(chat_type::group, group_id));
    to.set_headcount(people.members_of(group_id).size());
    to.set_permission_level(level_in(people, group_id, caller));
    if (const group_profile* const known = people.find_group(group_id)) {
        to.set_create_by(known->owner);
        to.set_owner(known->owner);
        for (const std::string& admin : known->admins) {
            to.add_admin(admin);
        }
    }
    const auto text_of = [](const auto& map, const auto& key) {
        const auto found = map.find(key);
        return found == map.end() ? std::string() : found->second;
    };
    to.set_introduction(text_of(relations.introductions, group_id));
    to.set_limited_msg_type(text_of(relations.limits, group_id));
    to.set_my_group_nickname(text_of(relations.nicknames, community::membership(group_id, caller)));
    const std::int64_t gag = relations.gag_of(group_id, caller);
    to.set_gag_until(gag);
    to.set_is_gag(gag != 0 ? 1 : 0);
    for (const auto& [id, tag] : relations.tags) {
        if (tag.shown.group_id == group_id) {
            wire::Tag& added = *to.add_tag();
            added.set_id(static_cast<std::uint64_t>(id));
            added.set_group_id(group_id);
            added.set_text(tag.shown.tag);
            added.set_color(tag.shown.color);
        }
    }
}

response group_info(state& store, const wire::GroupInfoRequest& request, const request_context& context) {
    wire::GroupInfoReply reply;
    const api_status status = request.group_id().empty() ? bad_parameters : success;
    if (status.code == success.code) {
        fill(*reply.mutable_group(), store, request.group_id(), own_id(store, context));
        for (const bot_profile* each : bots_in(store, request.group_id())) {
            fill(*reply.add_recent_bot(), *each);
        }
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

// A page of the members of a group, of those that are in `among` if it is not null.
response member_page(const state& store, const std::string& group_id, const wire::Paging& paging,
                     const std::string& keywords, const std::set<std::string>* among, const request_context& context) {
    wire::ListMemberReply reply;
    if (group_id.empty() || paging.size() == 0 || paging.page() == 0) {
        set_status(*reply.mutable_status(), bad_parameters, context);
        return protobuf_response(reply, bad_parameters);
    }
    std::vector<std::string> listed = store.people().members_of(group_id);
    std::erase_if(listed, [&](const std::string& id) {
        const bool named = store.people().name_of(chat_type::user, id).find(keywords) != std::string::npos;
        return !named || (among != nullptr && among->count(id) == 0);
    });
    const std::size_t begin = (paging.page() - 1) < listed.size() / paging.size() + 1
                                  ? static_cast<std::size_t>((paging.page() - 1) * paging.size())
                                  : listed.size();
    for (std::size_t i = begin; i < listed.size() && i - begin < paging.size(); ++i) {
        wire::Member& added = *reply.add_member();
        added.set_group_id(group_id);
        added.mutable_user()->set_user_id(listed[i]);
        added.mutable_user()->set_name(store.people().name_of(chat_type::user, listed[i]));
        added.set_permission_level(level_in(store.people(), group_id, listed[i]));
        const std::int64_t gag = store.relations().gag_of(group_id, listed[i]);
        added.set_gag_time(gag);
        added.set_is_gag(gag != 0 ? 1 : 0);
    }
    reply.set_total(listed.size());
    set_status(*reply.mutable_status(), success, context);
    return protobuf_response(reply, success);
}

response list_member(state& store, const wire::ListMemberRequest& request, const request_context& context) {
    return member_page(store, request.group_id(), request.paging(), request.keywords(), nullptr, context);
}

response tag_members(state& store, const wire::GroupTagMembersRequest& request, const request_context& context) {
    const auto& tags = store.relations().tags;
    const auto found = tags.find(request.tag_id());
    if (found == tags.end() || found->second.shown.group_id != request.group_id()) {
        wire::ListMemberReply reply;
        set_status(*reply.mutable_status(), no_such_tag, context);
        return protobuf_response(reply, no_such_tag);
    }
    return member_page(store, request.group_id(), request.paging(), {}, &found->second.members, context);
}

response bot_list(state& store, const wire::GroupInfoRequest& request, const request_context& context) {
    wire::BotListReply reply;
    const api_status status = request.group_id().empty() ? bad_parameters : success;
    if (status.code == success.code) {
        for (const bot_profile* bot : bots_in(store, request.group_id())) {
            fill(*reply.add_bot(), *bot);
            for (const instruction& each : store.relations().instructions) {
                if (each.bot_id == bot->id) {
                    fill(*reply.add_instruction(), each, store.people());
                }
            }
        }
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

response instruction_list(state& store, const wire::InstructionListRequest& request, const request_context& context) {
    wire::InstructionListReply reply;
    const bool known = store.people().find_bot(request.bot_id()) != nullptr;
    const api_status status = known ? success : no_such_bot;
    for (const instruction& each : store.relations().instructions) {
        if (known && each.bot_id == request.bot_id()) {
            fill(*reply.add_instruction(), each, store.people());
        }
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

response boards(state& store, const wire::BoardRequest& request, const request_context& context) {
    wire::BoardReply reply;
    const api_status status = request.id().empty() || request.chat_type() == 0 ? bad_parameters : success;
    const bool is_group = request.chat_type() == static_cast<std::uint64_t>(chat_type::group);
    for (const board& each : store.relations().boards) {
        const bool shown = is_group ? each.in == group(request.id())
                                    : each.bot_id == request.id() && each.in == user(own_id(store, context));
        if (status.code == success.code && shown) {
            wire::Board& added = *reply.add_board();
            added.set_bot_id(each.bot_id);
            added.set_chat_id(request.id());
            added.set_chat_type(request.chat_type());
            added.set_content(each.content);
            added.set_content_type(each.content_type);
            added.set_bot_name(store.people().name_of(chat_type::bot, each.bot_id));
        }
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

// The groups and bots that are declared, and the users that were added. The md5 only has to change with the list.
response address_book(state& store, const wire::AddressBookRequest& request, const request_context& context) {
    wire::AddressBookReply reply;
    const std::string& caller = own_id(store, context);
    const auto add_list = [&](std::string name, chat_type type) -> wire::AddressBookList& {
        wire::AddressBookList& added = *reply.add_list();
        added.set_list_name(std::move(name));
        added.set_chat_type(static_cast<std::uint64_t>(type));
        return added;
    };
    const auto add = [&](wire::AddressBookList& to, chat_type type, const std::string& id) {
        wire::AddressBookEntry& entry = *to.add_entry();
        entry.set_chat_id(id);
        entry.set_name(store.people().name_of(type, id));
        entry.set_no_disturb(store.relations().silent.count({caller, id}));
        entry.set_permission_level(type == chat_type::group ? level_in(store.people(), id, caller) : 0);
    };
    wire::AddressBookList& users = add_list("用户", chat_type::user);
    for (const auto& [account, id] : store.relations().friends) {
        if (account == caller) {
            add(users, chat_type::user, id);
        }
    }
    wire::AddressBookList& groups = add_list("群聊", chat_type::group);
    for (const auto& [id, each] : store.people().groups()) {
        if (store.people().is_member(id, caller)) {
            add(groups, chat_type::group, id);
        }
    }
    wire::AddressBookList& bots = add_list("机器人", chat_type::bot);
    for (const auto& [id, each] : store.people().bots()) {
        add(bots, chat_type::bot, id);
    }
    const std::string md5 = std::to_string(std::hash<std::string>()(reply.SerializeAsString()));
    if (md5 == request.md5()) {
        reply.clear_list();
    }
    reply.set_md5(md5);
    set_status(*reply.mutable_status(), success, context);
    return protobuf_response(reply, success);
}

response request_list(state& store, std::string_view, const request_context& context) {
    wire::RequestListReply reply;
    std::uint64_t pending = 0;
    for (const community::request& each : store.relations().requests) {
        if (each.account != own_id(store, context)) {
            continue;
        }
        const friend_request& from = each.shown;
        wire::FriendRequest& to = *reply.add_request();
        to.set_receiver_name(from.receiver_name);
        to.set_name(from.name);
        to.set_group_name(from.group_name);
        to.set_inviter_id(from.inviter_id);
        to.set_source_type(static_cast<std::uint64_t>(from.source_type));
        to.set_target_type(static_cast<std::uint64_t>(from.target_type));
        to.set_target_id(from.target_id);
        to.set_receiver_id(from.receiver_id);
        to.set_result(static_cast<std::uint64_t>(from.result));
        to.set_processed_at(from.processed_at);
        to.set_invite_at(from.invite_at);
        to.set_request_id(static_cast<std::int32_t>(from.request_id));
        to.set_bot_name(from.bot_name);
        to.set_note(from.note);
        pending += from.open() ? 1 : 0;
    }
    reply.set_total(static_cast<std::uint64_t>(reply.request_size()));
    reply.set_pending(pending);
    set_status(*reply.mutable_status(), success, context);
    return protobuf_response(reply, success);
}

response edit_group(state& store, const wire::EditGroupRequest& request, const request_context& context) {
    if (request.group_id().empty()) {
        return status_response(bad_parameters, context);
    }
    if (!may_manage(store, request.group_id(), context)) {
        return status_response(not_an_admin, context);
    }
    store.people().declared(request.group_id()).name = request.name();
    store.relations().introductions[request.group_id()] = request.introduction();
    return status_response(success, context);
}

response create_group(state& store, const wire::CreateGroupRequest& request, const request_context& context) {
    wire::CreateGroupReply reply;
    const api_status status = request.name().empty() ? bad_parameters : success;
    if (status.code == success.code) {
        group_profile made;
        made.id = "group-" + std::to_string(++store.relations().last_id);
        made.name = request.name();
        made.owner = own_id(store, context);
        made.members = {made.owner};
        reply.set_group_id(made.id);
        store.relations().introductions[made.id] = request.introduction();
        store.people().add(std::move(made));
    }
    set_status(*reply.mutable_status(), status, context);
    return protobuf_response(reply, status);
}

response dismiss_group(state& store, const wire::GroupInfoRequest& request, const request_context& context) {
    if (!store.people().is_owner(request.group_id(), own_id(store, context))) {
        return status_response(not_an_admin, context);
    }
    store.people().remove_group(request.group_id());
    return status_response(success, context);
}

} // namespace

std::vector<endpoint> lookup_endpoints() {
    constexpr format pb = format::protobuf;
    return {
        {"/v1/user/get-user", pb, &handle_protobuf<wire::GetUserRequest, get_user>},
        {"/v1/bot/bot-info", pb, &handle_protobuf<wire::BotInfoRequest, bot_info>},
        {"/v1/group/info", pb, &handle_protobuf<wire::GroupInfoRequest, group_info>},
        {"/v1/group/list-member", pb, &handle_protobuf<wire::ListMemberRequest, list_member>},
        {"/v1/group/bot-list", pb, &handle_protobuf<wire::GroupInfoRequest, bot_list>},
        {"/v1/group-tag/members", pb, &handle_protobuf<wire::GroupTagMembersRequest, tag_members>},
        {"/v1/instruction/list", pb, &handle_protobuf<wire::InstructionListRequest, instruction_list>},
        {"/v1/bot/board", pb, &handle_protobuf<wire::BoardRequest, boards>},
        {"/v1/friend/address-book-list", pb, &handle_protobuf<wire::AddressBookRequest, address_book>},
        {"/v1/friend/request-list", pb, &request_list},
        {"/v1/group/edit-group", pb, &handle_protobuf<wire::EditGroupRequest, edit_group>},
        {"/v1/group/create-group", pb, &handle_protobuf<wire::CreateGroupRequest, create_group>},
        {"/v1/group/dismiss-group", pb, &handle_protobuf<wire::GroupInfoRequest, dismiss_group>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
