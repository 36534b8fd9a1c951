// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <string>
#include <string_view>

// The chat and the author of a pushed message: the gateway names both in fields whose meaning depends on the kind of
// the chat and on the author. Pure functions of the fields and of the account's own id.
YUNHU_NAMESPACE_BEGIN
namespace engine {

/// The chat of a pushed message. A private chat is named after the peer, as the other endpoints name it. Fields that
/// don't suffice give the chat id as received.
///
/// | `chat.type` | sender | chat |
/// |---|---|---|
/// | not user | | as received |
/// | user | known, another account | the sender |
/// | user | this account, or unknown | the first of `chat.id` and `recv_id` that is another id; else this account |
[[nodiscard]] chat chat_of_push(const gateway::pushed_message& pushed, std::string_view own_id);

/// The chat of a delta, as far as its fields tell: a group or a bot has its id in `chat_id`; `type` is 0.
[[nodiscard]] chat chat_of_delta(const gateway::pushed_delta& pushed, std::string_view own_id);

/// True if the sender is this account. A bot is never: its ids are numbered apart from those of users. `recv_id` is the
/// receiving account of a pushed message; it decides while the own id is unknown.
[[nodiscard]] bool is_own(const sender& from, std::string_view own_id, std::string_view recv_id = {}) noexcept;

/// True if the sender is a bot: an answer to it may be answered in turn.
[[nodiscard]] bool is_bot(const sender& from) noexcept;

} // namespace engine
YUNHU_NAMESPACE_END
