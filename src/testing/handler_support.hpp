// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/handlers.hpp"
#include "testing/shape.hpp"
#include "testing/state.hpp"

#include <yunhu/config.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <yunhu/msg.pb.h>

// Shared by the handlers.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

void set_status(wire::Status& field, api_status status, const request_context& context);

template <class Message>
response protobuf_response(const Message& message, api_status status, const std::string& msg_id = {}) {
    response result;
    result.content_type = media_type(format::protobuf);
    result.body = message.SerializeAsString();
    result.code = status.code;
    result.msg_id = msg_id;
    return result;
}

[[nodiscard]] response status_response(api_status status, const request_context& context,
                                       const std::string& msg_id = {});
[[nodiscard]] response json_response(const boost::json::object& object, api_status status, const std::string& msg_id);
[[nodiscard]] boost::json::object status_object(api_status status);

/// Why a body of that shape is refused; empty: it is not. `note` receives the deviation that only a strict emulator
/// refuses.
[[nodiscard]] std::string check_shape(std::string_view body, const message_shape& shape, const request_context& context,
                                      std::string& note);
[[nodiscard]] std::string message_name(const google::protobuf::MessageLite& message);

/// Parses a request of its message's shape and passes it to its handler.
template <class Request, response (*Handler)(state&, const Request&, const request_context&)>
response handle_protobuf(state& store, std::string_view body, const request_context& context) {
    static const message_shape& shape = message_shapes().at(message_name(Request()));
    std::string note;
    if (std::string problem = check_shape(body, shape, context, note); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    Request request;
    if (!request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return bad_request("body: not a protobuf message");
    }
    response result = Handler(store, request, context);
    result.note += note;
    return result;
}

template <class Request> chat chat_of(const Request& request) {
    return {static_cast<chat_type>(request.chat_type()), request.chat_id()};
}

template <class Request> bool has_chat(const Request& request) {
    return !request.chat_id().empty() && request.chat_type() != 0;
}

[[nodiscard]] response list_response(const listing& page, const request_context& context,
                                     const std::string& msg_id = {});

/// The user id of the account that calls.
[[nodiscard]] inline const std::string& own_id(const state& store, const request_context& context) {
    return store.people().at(context.account).user_id;
}

/// Whether the caller owns or administers the group, as `emulator::add_group` declares it.
[[nodiscard]] inline bool may_manage(const state& store, const std::string& group_id, const request_context& context) {
    const std::string& caller = own_id(store, context);
    return store.people().is_owner(group_id, caller) || store.people().is_admin(group_id, caller);
}

/// Since the epoch.
[[nodiscard]] inline std::uint64_t seconds_of(const request_context& context) {
    constexpr std::uint64_t ms_per_second = 1000;
    return context.now / ms_per_second;
}

/// The endpoints with JSON bodies.
[[nodiscard]] std::vector<endpoint> json_endpoints();
/// The endpoints of an account, and those that the catch-up of a session needs.
[[nodiscard]] std::vector<endpoint> account_endpoints();
/// The look-ups with protobuf bodies.
[[nodiscard]] std::vector<endpoint> lookup_endpoints();
/// Requests, invitations, and what an account does with its conversations.
[[nodiscard]] std::vector<endpoint> action_endpoints();
/// The management of groups, and the look-ups with JSON bodies.
[[nodiscard]] std::vector<endpoint> group_endpoints();

/// The calls around a token.
[[nodiscard]] std::vector<endpoint> login_endpoints();
/// The calls of an owner of bots.
[[nodiscard]] std::vector<endpoint> own_bot_endpoints();

} // namespace testing::detail
YUNHU_NAMESPACE_END
