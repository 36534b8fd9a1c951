// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/speaker.hpp"

YUNHU_NAMESPACE_BEGIN
namespace engine {
namespace {

/// The first id that is another account's; else this account's, whose chat with itself holds its notes.
std::string peer_of(std::string_view first, std::string_view second, std::string_view own_id) {
    for (const std::string_view id : {first, second}) {
        if (!id.empty() && id != own_id) {
            return std::string(id);
        }
    }
    return std::string(own_id);
}

} // namespace

chat chat_of_push(const gateway::pushed_message& pushed, std::string_view own_id) {
    const chat& received = pushed.chat;
    if (received.type != chat_type::user) {
        return received;
    }
    const sender& from = pushed.message.sender;
    // The sender of a recall is the account that recalled, which in a private chat is one of the two as well.
    if (!from.chat_id.empty() && !is_own(from, own_id)) {
        return {chat_type::user, from.chat_id};
    }
    return {chat_type::user, peer_of(received.id, pushed.recv_id, own_id)};
}

chat chat_of_delta(const gateway::pushed_delta& pushed, std::string_view own_id) {
    return {chat_type{}, peer_of(pushed.chat_id, pushed.recv_id, own_id)};
}

bool is_own(const sender& from, std::string_view own_id, std::string_view recv_id) noexcept {
    if (from.chat_id.empty() || is_bot(from)) {
        return false;
    }
    return from.chat_id == (own_id.empty() ? recv_id : own_id);
}

bool is_bot(const sender& from) noexcept {
    return from.chat_type == chat_type::bot;
}

} // namespace engine
YUNHU_NAMESPACE_END
