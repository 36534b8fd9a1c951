// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/push_frames.hpp"

#include <cstdint>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

// The ids of the chat in a push. In a private chat the receiver of another's message finds its own id in both; of its
// own message, the other user's in chat_id.
struct push_address {
    std::string recv_id;
    std::string chat_id;
    std::uint64_t chat_type;
};

push_address address_of(const change& what, const account& receiver) {
    const chat seen = what.in->seen_by(receiver.user_id);
    push_address address{receiver.user_id, seen.id, static_cast<std::uint64_t>(seen.type)};
    if (seen.type == chat_type::user && what.message().message.sender().chat_id() != receiver.user_id) {
        address.chat_id = receiver.user_id;
    }
    return address;
}

void set_ids(wire::PushMessage& to, const std::string& msg_id, const push_address& address) {
    to.set_msg_id(msg_id);
    to.set_recv_id(address.recv_id);
    to.set_chat_id(address.chat_id);
}

wire::PushMessage new_message(const wire::Message& from, const push_address& address) {
    wire::PushMessage to;
    set_ids(to, from.msg_id(), address);
    *to.mutable_sender() = from.sender();
    to.set_chat_type(address.chat_type);
    *to.mutable_content() = from.content();
    to.set_content_type(from.content_type());
    to.set_timestamp(from.send_time());
    if (from.has_cmd()) {
        *to.mutable_cmd() = from.cmd();
    }
    to.set_delete_timestamp(from.msg_delete_time());
    to.set_quote_msg_id(from.quote_msg_id());
    to.set_msg_seq(from.msg_seq());
    return to;
}

wire::PushMessage recalled_message(const wire::Message& from, const wire::Sender& by, const push_address& address) {
    wire::PushMessage to;
    set_ids(to, from.msg_id(), address);
    *to.mutable_sender() = by;
    to.set_chat_type(address.chat_type);
    to.set_content_type(from.content_type());
    to.set_timestamp(from.send_time());
    to.set_delete_timestamp(from.msg_delete_time());
    to.set_msg_seq(from.msg_seq());
    return to;
}

// Text, buttons and the quote only; recv_id is chat_id again.
wire::PushMessage edited_message(const wire::Message& from, const push_address& address) {
    wire::PushMessage to;
    set_ids(to, from.msg_id(), address);
    to.set_recv_id(address.chat_id);
    wire::Content& content = *to.mutable_content();
    content.set_text(from.content().text());
    content.set_buttons(from.content().buttons());
    content.set_quote_msg_text(from.content().quote_msg_text());
    to.set_content_type(from.content_type());
    to.set_quote_msg_id(from.quote_msg_id());
    to.set_msg_seq(from.msg_seq());
    to.set_edit_time(from.edit_time());
    return to;
}

wire::StreamMessage stream_delta(const change& what, const push_address& address) {
    wire::StreamMessage to;
    to.set_msg_id(what.message().message.msg_id());
    to.set_recv_id(what.in->type == chat_type::group ? address.chat_id : address.recv_id);
    to.set_chat_id(address.chat_id);
    to.set_content(what.text);
    return to;
}

} // namespace

push push_of(const change& what, const account& receiver) {
    const push_address address = address_of(what, receiver);
    const wire::Message& message = what.message().message;
    switch (what.what) {
    case change::kind::sent:
        return {"push_message", "PushMessage", new_message(message, address).SerializeAsString()};
    case change::kind::recalled:
        return {"push_message", "PushMessage", recalled_message(message, what.by, address).SerializeAsString()};
    case change::kind::edited:
        return {"edit_message", "PushMessage", edited_message(message, address).SerializeAsString()};
    case change::kind::blocked: {
        wire::PushMessage blocked;
        set_ids(blocked, message.msg_id(), address);
        return {"blocked_message", "PushMessage", blocked.SerializeAsString()};
    }
    case change::kind::streamed:
        return {"stream_message", "StreamMessage", stream_delta(what, address).SerializeAsString()};
    case change::kind::hidden:
    case change::kind::erased:
        break;
    }
    return {};
}

push push_of(const board& shown, const std::string& bot_name, const chat& in, std::uint64_t now) {
    constexpr std::uint64_t milliseconds = 1000;
    wire::BotBoardMessage to;
    to.set_bot_id(shown.bot_id);
    to.set_chat_id(in.id);
    to.set_chat_type(static_cast<std::uint64_t>(in.type));
    to.set_content(shown.content);
    to.set_content_type(shown.content_type);
    to.set_last_update_time(static_cast<std::int64_t>(now / milliseconds));
    to.set_bot_name(bot_name);
    return {"bot_board_message", "BotBoardMessage", to.SerializeAsString()};
}

push push_of_draft(const std::string& chat_id, const std::string& input) {
    wire::MsgInput to;
    to.set_chat_id(chat_id);
    to.set_input(input);
    return {"draft_input", "MsgInput", to.SerializeAsString()};
}

std::string frame_of(const push& what, const std::string& seq) {
    wire::WsWrapper frame;
    frame.mutable_info()->set_seq(seq);
    frame.mutable_info()->set_cmd(what.cmd.data(), what.cmd.size());
    if (!what.type.empty()) {
        frame.mutable_data()->set_type_url("type.googleapis.com/proto." + what.type);
        frame.mutable_data()->set_value(what.value);
    }
    return frame.SerializeAsString();
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
