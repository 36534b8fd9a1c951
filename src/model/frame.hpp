// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

// The decoded frames of the push gateway, before their chat and their author are known.
YUNHU_NAMESPACE_BEGIN
namespace gateway {

/// The answer to a heartbeat.
struct heartbeat_ack {};

/// An error that the gateway reports.
struct rejection {
    std::optional<std::int64_t> code;
    std::string text;            ///< untrusted
    bool authentication = false; ///< the login is not accepted, or is missing
};

/// A message, or a change of one. Fields are as received, so most of them may be missing.
struct pushed_message {
    enum class kind : std::uint8_t { message, edit, recall, blocked };

    kind what{};
    yunhu::message message; ///< never without `msg_id`
    std::string recv_id;
    yunhu::chat chat; ///< `type` is 0 if missing
};

/// Text to append to a message.
struct pushed_delta {
    std::string msg_id;
    std::string recv_id;
    std::string chat_id;
    std::string text;
};

/// A changed draft.
struct pushed_draft {
    std::string chat_id;
    std::string text;
};

/// What the list of conversations says of one.
struct listed_conversation {
    yunhu::chat chat;
    std::uint64_t time = 0; ///< ms since the epoch; changes with every message
};

using frame = std::variant<heartbeat_ack, rejection, pushed_message, pushed_delta, pushed_draft, board_event,
                           request_event, hang_up_event, file_event, unknown_event>;

} // namespace gateway
YUNHU_NAMESPACE_END
