// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/results.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN

/// Whether a message is in its chat.
enum class arrival : std::uint8_t {
    sent,          ///< the server has it
    not_sent,      ///< it never left, or the server refused it, or every look was answered without it
    still_unknown, ///< at least one look was not answered, and none found it
};

/// "sent", "not sent", "still unknown".
[[nodiscard]] std::string_view to_string(arrival a) noexcept;

/// How to look for a message.
///
/// A look may come too early: the server may still be at work on the message. So `not_sent` is said after `looks` looks
/// that were all answered, each after a pause. It is as certain as the server is quick: one that takes longer than
/// `looks` times `pause` over a send whose connection was lost may still store it.
struct confirm_options {
    confirm_options() = default;
    confirm_options(unsigned times, std::chrono::nanoseconds between) : looks(times), pause(between) {}

    unsigned looks = 3;                                       ///< at least 1
    std::chrono::nanoseconds pause = std::chrono::seconds(2); ///< before every look but the first one
    call_options call;                                        ///< of each look
    /// Of `send_confirmed`: sends the message with the same id once more when it was not found. What the server does
    /// with an id that it knows after all is not documented: it may show the message twice.
    bool resend_if_not_found = false;
};

/// What looking for a message gave.
struct confirmation {
    confirmation() = default;

    arrival outcome = arrival::still_unknown;
    std::optional<message> found;          ///< the message, where it was found
    unsigned looks = 0;                    ///< requests made
    std::optional<failure> lookup_failure; ///< of the last look that failed
};

/// Looks a message up by its id, until it is found or the looks are used up.
///
/// Parameters: the chat that the message was sent to, and its id; how to look.
/// Completion: what is known now. A recalled message is `sent`, where the server still lists it.
/// Errors: throws `yunhu::error` (`errc::invalid_request`) when `looks` is 0, before any I/O. A look that fails throws
/// nothing: it is told in the result.
/// Cancellation: as the client's calls: ends at once; `still_unknown` unless it was found, `lookup_failure` is
/// `operation_aborted`.
/// Thread safety: any thread. Lifetime: the arguments are copied.
/// Source: `POST /v1/msg/list-message-by-mid-seq`.
[[nodiscard]] boost::asio::awaitable<confirmation> confirm_sent(client from, chat in, std::string msg_id,
                                                                confirm_options options = confirm_options());

/// What became of a message, and how it is known.
struct confirmed_send {
    confirmed_send() = default;

    arrival outcome = arrival::still_unknown;
    std::string msg_id;                    ///< its id; ask for it again while the outcome is unknown
    unsigned sends = 0;                    ///< send-message calls: 2 only with `resend_if_not_found`
    unsigned looks = 0;                    ///< list-message-by-mid-seq calls
    std::optional<failure> send_failure;   ///< of the last send; absent: it was answered well
    std::optional<failure> lookup_failure; ///< of the last look that failed
};

/// Sends a message, and looks for it when the answer does not tell whether it arrived. A caller need not tell failures
/// apart: `outcome` says it.
///
/// Looked for is what ended with `errc::outcome_unknown`, and what was answered by something that neither accepts nor
/// refuses: HTTP 500 and above, half an answer, an answer that can't be read. What never left, and what the server
/// refused, is `not_sent` without a look. Nothing is sent a second time, unless `resend_if_not_found` says so.
///
/// Parameters: the message; how to look for it; options of the send.
/// Completion: the outcome, with the failures of the send and of the looks.
/// Errors: throws `yunhu::error` (`errc::invalid_request`) when `looks` is 0, before any I/O. All else is in the
/// result. Cancellation: as the client's calls: ends at once, with what is known then. Thread safety: any thread.
/// Lifetime: the arguments are copied. Source: `POST /v1/msg/send-message`, `POST /v1/msg/list-message-by-mid-seq`.
[[nodiscard]] boost::asio::awaitable<confirmed_send> send_confirmed(client from, send_message_request request,
                                                                    confirm_options options = confirm_options(),
                                                                    call_options send_options = call_options());

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<confirm_options>);
static_assert(client::awaitable_parameter<confirmation>);
static_assert(client::awaitable_parameter<confirmed_send>);

YUNHU_NAMESPACE_END
