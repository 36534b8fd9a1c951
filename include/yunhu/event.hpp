// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

// The events of an account, as the push gateway reports them. A message has the type of the list endpoints, so that
// `view`, `quote_of` and `buttons_of` read it too. Every type here declares a constructor: GCC 12 destroys aggregates
// twice in a co_await expression.
YUNHU_NAMESPACE_BEGIN

/// A new message.
struct message_event {
    message_event() = default;
    bool operator==(const message_event&) const = default;

    yunhu::chat chat;
    yunhu::message message; ///< `edit_time` is not 0 if the first version that was received is an edited one
    bool own = false;       ///< sent by this account, on this or another device
};

/// A message was edited.
struct edit_event {
    edit_event() = default;
    bool operator==(const edit_event&) const = default;

    yunhu::chat chat;       ///< `type` is 0 if unknown
    yunhu::message message; ///< the new content and `edit_time`; pushed edits have no sender and no send time
    bool own = false;       ///< false as well if the author is unknown
};

/// A message was recalled.
struct recall_event {
    recall_event() = default;
    bool operator==(const recall_event&) const = default;

    yunhu::chat chat;       ///< `type` is 0 if unknown
    yunhu::message message; ///< `msg_id`, `msg_seq` and `msg_delete_time`; the other fields may be empty
    /// The account that recalled the message: the author, an owner, an administrator or a bot. Absent if unknown, as in
    /// a recall that was found in the history.
    std::optional<sender> recalled_by;
};

/// A message was removed by the service's moderation.
struct blocked_event {
    blocked_event() = default;
    bool operator==(const blocked_event&) const = default;

    yunhu::chat chat; ///< `type` is 0 if unknown
    std::string msg_id;
};

/// Text to append to a message that a bot is writing. The service marks no end of a stream.
struct stream_event {
    stream_event() = default;
    bool operator==(const stream_event&) const = default;

    yunhu::chat chat; ///< `type` is 0 if unknown
    std::string msg_id;
    std::string text; ///< to append
};

/// The account's draft in a chat was changed on another device.
struct draft_event {
    draft_event() = default;
    bool operator==(const draft_event&) const = default;

    yunhu::chat chat; ///< `type` is 0 if unknown
    std::string text; ///< the whole draft
};

/// Format of a board. Open.
enum class board_format : std::uint64_t { text = 1, markdown = 2, html = 3 };

/// A bot changed its board in a chat.
struct board_event {
    board_event() = default;
    bool operator==(const board_event&) const = default;

    yunhu::chat chat;
    std::string bot_id;
    std::string bot_name;
    std::string content;
    board_format format{};
    std::int64_t last_update_time = 0; ///< as received; its unit is not documented
};

/// A friend request, an invitation to a group or an application is waiting. The gateway gives no details.
struct request_event {
    request_event() = default;
    bool operator==(const request_event&) const = default;
};

/// A voice call ended.
struct hang_up_event {
    hang_up_event() = default;
    bool operator==(const hang_up_event&) const = default;

    std::string msg_id; ///< the message of the call
    std::string cmd;    ///< as received
};

/// Two devices agree on a file transfer.
struct file_event {
    file_event() = default;
    bool operator==(const file_event&) const = default;

    std::string send_user_id;
    std::string user_id;
    std::uint64_t temp_code = 0;
    std::string send_type; ///< e.g. `candidate`
    std::string data;      ///< JSON text, untrusted
    std::string send_device_id;
};

/// Reason of a gap.
enum class gap_reason : std::uint8_t {
    limit,       ///< more messages were missed than `inbox_options` allows to catch up, in this chat or in total
    refused,     ///< the service does not list the chat's messages
    unavailable, ///< listing the chat's messages failed repeatedly
    not_listed,  ///< messages were pushed whose predecessors the service does not list
    late,        ///< the message arrived after a later one had been delivered
    changes,     ///< edits and recalls of earlier messages may be missing; no message is
    /// The service listed messages that can't be read; or, without a chat, the gateway sent a frame that can't be read:
    /// an edit or a recall may be missing in any chat, no message is.
    unreadable,
};
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(gap_reason r) noexcept;

/// Events of a chat that can't be delivered. Nothing is lost without one, except an edit or a recall that the gateway
/// does not push although the connection is up: nothing tells of it.
struct gap_event {
    gap_event() = default;
    gap_event(yunhu::chat in, std::uint64_t from, std::uint64_t to, gap_reason why)
        : chat(std::move(in)), from_seq(from), to_seq(to), reason(why) {}
    bool operator==(const gap_event&) const = default;

    yunhu::chat chat;           ///< empty: any
    std::uint64_t from_seq = 0; ///< `msg_seq` of the first one; 0: unknown
    std::uint64_t to_seq = 0;   ///< `msg_seq` of the last one; 0: unknown
    gap_reason reason{};
};

/// State of the session with the gateway.
enum class session_state : std::uint8_t {
    connected, ///< logged in; missed messages follow
    lost,      ///< the connection ended or failed; the next attempt follows by itself
    refused,   ///< the gateway does not accept the token; the next attempt follows a new token
    warning,   ///< the gateway reported an error, or the cursors could not be saved; the session goes on
};
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(session_state s) noexcept;

/// The session changed its state.
struct session_event {
    session_event() = default;
    explicit session_event(session_state changed_to) : state(changed_to) {}
    bool operator==(const session_event&) const = default;

    session_state state{};
    error_code reason;                    ///< of lost and refused; of a warning that is not the gateway's
    std::string detail;                   ///< text of the library
    std::uint16_t close_code = 0;         ///< of the WebSocket close frame; 0: none was received
    std::optional<std::int64_t> api_code; ///< of refused and warning, if the gateway sent one
    std::string text;                     ///< of the gateway; untrusted
};

/// A command that the library does not know, or one with a payload that can't be used.
struct unknown_event {
    unknown_event() = default;
    bool operator==(const unknown_event&) const = default;

    std::string cmd;   ///< may be empty
    std::string frame; ///< the whole frame as received: a `WsWrapper`, or JSON
};

/// An event. Open: later versions may append alternatives.
using event =
    std::variant<message_event, edit_event, recall_event, blocked_event, stream_event, draft_event, board_event,
                 request_event, hang_up_event, file_event, gap_event, session_event, unknown_event>;

/// The chat of an event, or null if it has none.
[[nodiscard]] YUNHU_EXPORT const chat* chat_of(const event& e) noexcept;
const chat* chat_of(const event&& e) = delete;

/// Name of an event's alternative, for logs and machines: "message", "edit", "recall", "blocked", "stream", "draft",
/// "board", "request", "call", "file", "gap", "session" or "unknown".
[[nodiscard]] YUNHU_EXPORT std::string_view name(const event& e) noexcept;

YUNHU_NAMESPACE_END
