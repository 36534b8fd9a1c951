// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/wire_fields.hpp"
#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <string>
#include <tuple>

// Wire message -> value, for the payloads of the gateway.
YUNHU_NAMESPACE_BEGIN
namespace gateway {

/// A pushed message as it is on the wire.
struct push_record : message {
    std::string recv_id;
    std::string chat_id;
    yunhu::chat_type chat_type{};
};

/// A changed board as it is on the wire.
struct board_record : board_event {
    std::string chat_id;
    yunhu::chat_type chat_type{};
};

} // namespace gateway

namespace codec {

/// A message has other field numbers when it is pushed than when it is listed, and no direction.
template <> struct wire_fields<gateway::push_record> {
    using v = gateway::push_record;
    static constexpr std::tuple fields{
        field<&v::msg_id>{.name = "msg_id", .number = 1},
        field<&v::sender>{.name = "sender", .number = 2},
        field<&v::recv_id>{.name = "recv_id", .number = 3},
        field<&v::chat_id>{.name = "chat_id", .number = 4},
        field<&v::chat_type>{.name = "chat_type", .number = 5},
        field<&v::content>{.name = "content", .number = 6},
        field<&v::content_type>{.name = "content_type", .number = 7},
        field<&v::send_time>{.name = "timestamp", .number = 8},
        field<&v::cmd>{.name = "cmd", .number = 9},
        field<&v::msg_delete_time>{.name = "delete_timestamp", .number = 10},
        field<&v::quote_msg_id>{.name = "quote_msg_id", .number = 11},
        field<&v::msg_seq>{.name = "msg_seq", .number = 12},
        field<&v::edit_time>{.name = "edit_time", .number = 14},
    };
};

template <> struct wire_fields<gateway::pushed_delta> {
    using v = gateway::pushed_delta;
    static constexpr std::tuple fields{
        field<&v::msg_id>{.name = "msg_id", .number = 1},
        field<&v::recv_id>{.name = "recv_id", .number = 2},
        field<&v::chat_id>{.name = "chat_id", .number = 3},
        field<&v::text>{.name = "content", .number = 4},
    };
};

template <> struct wire_fields<gateway::pushed_draft> {
    using v = gateway::pushed_draft;
    static constexpr std::tuple fields{
        field<&v::chat_id>{.name = "chat_id", .number = 1},
        field<&v::text>{.name = "input", .number = 2},
    };
};

template <> struct wire_fields<gateway::board_record> {
    using v = gateway::board_record;
    static constexpr std::tuple fields{
        field<&v::bot_id>{.name = "bot_id", .number = 1},
        field<&v::chat_id>{.name = "chat_id", .number = 2},
        field<&v::chat_type>{.name = "chat_type", .number = 3},
        field<&v::content>{.name = "content", .number = 4},
        field<&v::format>{.name = "content_type", .number = 5},
        field<&v::last_update_time>{.name = "last_update_time", .number = 6},
        field<&v::bot_name>{.name = "bot_name", .number = 7},
    };
};

template <> struct wire_fields<file_event> {
    static constexpr std::tuple fields{
        field<&file_event::send_user_id>{.name = "send_user_id", .number = 1},
        field<&file_event::user_id>{.name = "user_id", .number = 2},
        field<&file_event::temp_code>{.name = "temp_code", .number = 3},
        field<&file_event::send_type>{.name = "send_type", .number = 4},
        field<&file_event::data>{.name = "data", .number = 5},
        field<&file_event::send_device_id>{.name = "send_device_id", .number = 6},
    };
};

template <> struct wire_fields<hang_up_event> {
    static constexpr std::tuple fields{
        field<&hang_up_event::msg_id>{.name = "msg_id", .number = 1},
        field<&hang_up_event::cmd>{.name = "cmd", .number = 5},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
