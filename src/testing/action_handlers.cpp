// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Requests, invitations, and what an account does with its conversations.

#include "testing/handler_support.hpp"
#include "testing/json_fields.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

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
        {"/v1/conversation/dismiss-notification", json, &handle_json<dismiss_notification>},
        {"/v1/conversation/remove", json, &handle_json<noted_only<chat_id_key>>},
        {"/v1/conversation/sort-change", json, &handle_json<noted_only<user_id_key>>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
