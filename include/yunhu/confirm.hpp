// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/error.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/results.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN

/// Whether a message is in its chat.
enum class arrival : std::uint8_t {
    sent,          ///< the server has it
    not_sent,      ///< certainly not executed, or every look-up succeeded without finding it
    still_unknown, ///< at least one look-up failed, and none found it
};

/// "sent", "not sent", "still unknown".
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(arrival a) noexcept;

/// Options of `confirm_sent` and `send_confirmed`.
///
/// A look-up may be too early: the server may still be processing the message. `not_sent` therefore takes `max_lookups`
/// successful look-ups, `interval` apart. A server that needs longer than `max_lookups * interval` for a send whose
/// connection was lost may still store the message.
struct confirm_options {
    confirm_options() = default;
    confirm_options(unsigned lookups, std::chrono::nanoseconds between) : max_lookups(lookups), interval(between) {}

    unsigned max_lookups = 3;                                    ///< must be at least 1
    std::chrono::nanoseconds interval = std::chrono::seconds(2); ///< before each look-up but the first
    call_options call;                                           ///< of each look-up
    /// `send_confirmed` only: sends the message once more, with the same id, when it was not found. The API does not
    /// document the effect of a known id: the message may be shown twice.
    bool resend_if_not_found = false;
};

/// Result of `confirm_sent`. The details are those of the last look-up.
struct confirmation : call_info {
    confirmation() = default;

    arrival outcome = arrival::still_unknown;
    std::optional<message> found;          ///< the message, if it was found
    unsigned lookups = 0;                  ///< list-message-by-mid-seq calls
    std::optional<failure> lookup_failure; ///< of the last look-up that failed
};

/// Result of `send_confirmed`. The details are those of the last send; `msg_id` is the message's id also when its
/// outcome is unknown.
struct confirmed_send : call_info {
    confirmed_send() = default;

    arrival outcome = arrival::still_unknown;
    unsigned sends = 0;                    ///< send-message calls: 2 only with `resend_if_not_found`
    unsigned lookups = 0;                  ///< list-message-by-mid-seq calls
    std::optional<failure> send_failure;   ///< of the last send; absent when it succeeded
    std::optional<failure> lookup_failure; ///< of the last look-up that failed
};

namespace detail {

extern template class YUNHU_EXPORT coroutine_operation<confirmation>;
extern template class YUNHU_EXPORT coroutine_operation<confirmed_send>;

[[nodiscard]] YUNHU_EXPORT coroutine<confirmation> confirm_sent_result(client from, chat in, std::string msg_id,
                                                                       confirm_options options);
[[nodiscard]] YUNHU_EXPORT coroutine<confirmed_send>
send_confirmed_result(client from, send_message_request request, confirm_options options, call_options send_options);

} // namespace detail

/// Looks a message up by its id, until it is found or `max_lookups` is reached. A recalled message counts as sent as
/// long as the server lists it.
///
/// \par Parameters
/// `from`: the client of the account that sent the message. `in`: the chat. `msg_id`: the message's id. `options`:
/// number and interval (nanoseconds) of the look-ups.
///
/// \par Completion signature
/// `void(error_code, confirmation)`; awaited by default, which throws `yunhu::error`.
///
/// \par Errors
/// `errc::invalid_request` (delivery class `not_sent`) before any I/O when `max_lookups` is less than 1. A failed
/// look-up is no error: see `confirmation::lookup_failure`.
///
/// \par Cancellation
/// Terminal, and partial and total where the coroutine permits them. Completes at once with `still_unknown`, unless the
/// message was found; `lookup_failure` is `boost::asio::error::operation_aborted`.
///
/// \par Thread safety
/// May be called from any thread.
///
/// \par Lifetime
/// The arguments are copied or moved; the client is kept alive until completion.
///
/// \par Source
/// `POST /v1/msg/list-message-by-mid-seq`.
template <detail::call_token<confirmation> Token = boost::asio::use_awaitable_t<>>
auto confirm_sent(client from, chat in, std::string msg_id, confirm_options options, Token&& token = Token()) {
    const client::executor_type executor = from.get_executor();
    return detail::initiate_coroutine(&detail::confirm_sent_result, executor, std::forward<Token>(token),
                                      std::move(from), std::move(in), std::move(msg_id), options);
}
template <detail::call_token<confirmation> Token = boost::asio::use_awaitable_t<>>
auto confirm_sent(client from, chat in, std::string msg_id, Token&& token = Token()) {
    return confirm_sent(std::move(from), std::move(in), std::move(msg_id), confirm_options(),
                        std::forward<Token>(token));
}

/// Sends a message, and looks it up when the failure of the send leaves open whether it arrived.
///
/// `execution_of` decides: `certainly_not_executed` is `not_sent` and `executed` is `sent`, both without a look-up;
/// `maybe_executed` is looked up. The message is never sent a second time without `resend_if_not_found`.
///
/// \par Parameters
/// `from`: the client. `request`: the message. `options`: number and interval (nanoseconds) of the look-ups.
/// `send_options`: options of each send.
///
/// \par Completion signature
/// `void(error_code, confirmed_send)`; awaited by default, which throws `yunhu::error`.
///
/// \par Errors
/// `errc::invalid_request` (delivery class `not_sent`) before any I/O when `max_lookups` is less than 1. All other
/// failures, of the send and of the look-ups, are part of the result.
///
/// \par Cancellation
/// Terminal, and partial and total where the coroutine permits them. Completes at once with the known details; a
/// cancelled send is not looked up.
///
/// \par Thread safety
/// May be called from any thread.
///
/// \par Lifetime
/// The arguments are copied or moved; the client is kept alive until completion.
///
/// \par Source
/// `POST /v1/msg/send-message`, `POST /v1/msg/list-message-by-mid-seq`.
template <detail::call_token<confirmed_send> Token = boost::asio::use_awaitable_t<>>
auto send_confirmed(client from, send_message_request request, confirm_options options, call_options send_options,
                    Token&& token = Token()) {
    const client::executor_type executor = from.get_executor();
    return detail::initiate_coroutine(&detail::send_confirmed_result, executor, std::forward<Token>(token),
                                      std::move(from), std::move(request), options, send_options);
}
template <detail::call_token<confirmed_send> Token = boost::asio::use_awaitable_t<>>
auto send_confirmed(client from, send_message_request request, confirm_options options, Token&& token = Token()) {
    return send_confirmed(std::move(from), std::move(request), options, call_options(), std::forward<Token>(token));
}
template <detail::call_token<confirmed_send> Token = boost::asio::use_awaitable_t<>>
auto send_confirmed(client from, send_message_request request, Token&& token = Token()) {
    return send_confirmed(std::move(from), std::move(request), confirm_options(), call_options(),
                          std::forward<Token>(token));
}

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<confirm_options>);
static_assert(client::awaitable_parameter<confirmation>);
static_assert(client::awaitable_parameter<confirmed_send>);

YUNHU_NAMESPACE_END
