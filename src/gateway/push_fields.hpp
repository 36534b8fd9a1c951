// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/wire_fields.hpp"
#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>
#include <yunhu/types.hpp>

#include <yunhu/push.pb.h>

#include <tuple>

// Wire message -> value, for the payloads of the gateway.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <> struct wire_fields<gateway::pushed_delta> {
    using w = wire::StreamMessage;
    using v = gateway::pushed_delta;
    static constexpr std::tuple all{
        text_field<&v::msg_id, &w::msg_id, &w::mutable_msg_id>{},
        text_field<&v::recv_id, &w::recv_id, &w::mutable_recv_id>{},
        text_field<&v::chat_id, &w::chat_id, &w::mutable_chat_id>{},
        text_field<&v::text, &w::content, &w::mutable_content>{},
    };
};

template <> struct wire_fields<gateway::pushed_draft> {
    using w = wire::MsgInput;
    using v = gateway::pushed_draft;
    static constexpr std::tuple all{
        text_field<&v::chat_id, &w::chat_id, &w::mutable_chat_id>{},
        text_field<&v::text, &w::input, &w::mutable_input>{},
    };
};

template <> struct wire_fields<board_event> {
    using w = wire::BotBoardMessage;
    static constexpr std::tuple all{
        text_field<&board_event::bot_id, &w::bot_id, &w::mutable_bot_id>{},
        text_field<&board_event::bot_name, &w::bot_name, &w::mutable_bot_name>{},
        text_field<&board_event::content, &w::content, &w::mutable_content>{},
        number_field<&board_event::format, &w::content_type>{},
        number_field<&board_event::last_update_time, &w::last_update_time>{},
    };
};

template <> struct wire_fields<file_event> {
    using w = wire::FileSend;
    static constexpr std::tuple all{
        text_field<&file_event::send_user_id, &w::send_user_id, &w::mutable_send_user_id>{},
        text_field<&file_event::user_id, &w::user_id, &w::mutable_user_id>{},
        number_field<&file_event::temp_code, &w::temp_code>{},
        text_field<&file_event::send_type, &w::send_type, &w::mutable_send_type>{},
        text_field<&file_event::data, &w::data, &w::mutable_data>{},
        text_field<&file_event::send_device_id, &w::send_device_id, &w::mutable_send_device_id>{},
    };
};

template <> struct wire_fields<hang_up_event> {
    using w = wire::LiveMessage;
    static constexpr std::tuple all{
        text_field<&hang_up_event::msg_id, &w::msg_id, &w::mutable_msg_id>{},
        text_field<&hang_up_event::cmd, &w::cmd, &w::mutable_cmd>{},
    };
};

} // namespace codec

namespace gateway {

/// A message has other field numbers when it is pushed than when it is listed, and no direction.
struct pushed_message_fields {
    using w = wire::PushMessage;
    static constexpr std::tuple all{
        codec::text_field<&message::msg_id, &w::msg_id, &w::mutable_msg_id>{},
        codec::message_field<&message::sender, &w::has_sender, &w::mutable_sender>{},
        codec::message_field<&message::content, &w::has_content, &w::mutable_content>{},
        codec::number_field<&message::content_type, &w::content_type>{},
        codec::number_field<&message::send_time, &w::timestamp>{},
        codec::message_field<&message::cmd, &w::has_cmd, &w::mutable_cmd>{},
        codec::number_field<&message::msg_delete_time, &w::delete_timestamp>{},
        codec::text_field<&message::quote_msg_id, &w::quote_msg_id, &w::mutable_quote_msg_id>{},
        codec::number_field<&message::msg_seq, &w::msg_seq>{},
        codec::number_field<&message::edit_time, &w::edit_time>{},
    };
};

} // namespace gateway
YUNHU_NAMESPACE_END
