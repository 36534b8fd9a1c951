// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/error.hpp>
#include <yunhu/event.hpp>
#include <yunhu/results.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/stats.hpp>
#include <yunhu/token_provider.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace detail {
class inbox_core;
struct inbox_access;

extern template class YUNHU_EXPORT coroutine_operation<optional_result<event>>;
extern template class YUNHU_EXPORT coroutine_operation<acknowledged>;
} // namespace detail

/// When an event counts as done, so that a restarted program does not see it again.
enum class acknowledgement : std::uint8_t {
    by_next,    ///< with the call of `next` that follows
    by_request, ///< with `inbox::acknowledge`
};

/// Options of an inbox. Only `user_id` and `token` have no usable default.
struct inbox_options {
    inbox_options() = default;
    inbox_options(std::string id, secret account_token) : user_id(std::move(id)), token(std::move(account_token)) {}

    std::string user_id; ///< the account's own id, as `GET /v1/user/info` gives it
    secret token;        ///< the account's token; never logged
    /// Renews the token when the service does not accept it; the first token is then the provider's. Null: a refused
    /// session ends with the event, until the inbox is destroyed.
    std::shared_ptr<token_provider> tokens;

    std::string gateway_url = "wss://chat-ws-go.jwzhd.com/ws"; ///< scheme, host, optional port and path
    /// Verification of the gateway. Absent: the client's; with pins that is refused, unless both are one server.
    std::optional<tls_config> tls;
    /// Allows a `ws://` URL, to a loopback address only.
    bool allow_plain_ws_to_loopback = false;
    std::string platform = "linux"; ///< `windows`, `macos`, `android`, `linux`, `ios`, `fuchsia` or `Web`
    std::string device_id;          ///< one per installation; empty: `yunhu-` and the user id

    std::vector<chat> follow; ///< the chats whose events are delivered; empty: all
    /// Positions from which a restarted program goes on. Null: events from now on, and nothing is kept.
    std::shared_ptr<cursor_store> cursors;
    acknowledgement acknowledge = acknowledgement::by_next;
    std::chrono::nanoseconds save_interval = std::chrono::seconds(1); ///< between two saves at least
    /// Where the store is called, since a disk may be slow. Absent: a thread of the inbox's own.
    std::optional<boost::asio::any_io_executor> save_executor;

    std::size_t max_events = 1'000;        ///< events that wait for `next`; more: the gateway is not read
    std::size_t max_per_chat = 1'000;      ///< missed messages that are caught up in a chat; more: a `gap_event`
    std::size_t max_total = 10'000;        ///< the same in all chats together
    std::size_t max_chats = 100'000;       ///< chats whose position is kept
    std::size_t max_requests = 4;          ///< requests at a time while catching up, at least 1
    std::size_t max_frame_bytes = 1 << 20; ///< a larger frame ends the connection (1009); the messages are caught up
    std::uint64_t page_size = 50;          ///< messages per request while catching up, at least 1

    std::chrono::nanoseconds connect_timeout = std::chrono::seconds(30); ///< resolve, connect, TLS and upgrade
    std::chrono::nanoseconds login_timeout = std::chrono::seconds(15);   ///< until the first heartbeat is answered
    std::chrono::nanoseconds heartbeat = std::chrono::seconds(25);       ///< between two
    std::chrono::nanoseconds silence = std::chrono::seconds(60); ///< without any frame: the connection counts as dead
    std::chrono::nanoseconds backoff_base = std::chrono::seconds(1);      ///< bound of the first pause; doubles
    std::chrono::nanoseconds backoff_max = std::chrono::seconds(30);      ///< bound of every pause
    std::chrono::nanoseconds hole_grace = std::chrono::milliseconds(200); ///< frames in a wrong order arrive within
};

/// An asynchronous generator of the events of one account:
///
///     yunhu::inbox inbox(client, yunhu::inbox_options(user_id, token));
///     while (auto event = co_await inbox.next()) {
///         use(*event);
///     }
///
/// A session with the push gateway is kept up: it logs in, sends heartbeats, and connects again when the connection
/// ends or is silent. Whatever was missed meanwhile is requested through the client and delivered in its place. Each
/// message is delivered once, those of a chat in the order of `msg_seq`, an edit or a recall after what it changes.
/// What can't be delivered is named by a `gap_event`; nothing is lost without one. Stream deltas and drafts have no
/// such promise.
///
/// With `inbox_options::cursors` that holds across restarts, too: a program that was killed sees again what it had
/// taken and not acknowledged, or acknowledged within the last `save_interval`. Without them the inbox begins with what
/// happens after its first login.
///
/// Memory: `max_events`, `max_total`, and a frame of at most `max_frame_bytes`. When the queue is full the gateway is
/// not read, so that TCP slows it down.
///
/// \par Thread safety
/// One `next` at a time; every other function at any time. From any thread.
///
/// \par Lifetime
/// Holds a copy of the client. Its destructor closes the session, ends an outstanding `next` with
/// `operation_aborted`, saves what was acknowledged and waits for it, except on a `save_executor`.
class YUNHU_EXPORT inbox {
public:
    using executor_type = boost::asio::any_io_executor;

    /// Makes an inbox. The first `next` connects; no I/O is done before.
    ///
    /// \par Parameters
    /// `through`: makes the requests; its executor runs the session. `options`: account, gateway, limits.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) that names the field.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// Both are copied or moved from.
    inbox(client through, inbox_options options);
    inbox(inbox&&) noexcept;
    inbox& operator=(inbox&&) noexcept;
    inbox(const inbox&) = delete;
    inbox& operator=(const inbox&) = delete;
    ~inbox();

    /// Returns the next event, or none after `async_stop`.
    ///
    /// \par Completion signature
    /// `void(error_code, optional_result<event>)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// What prevents the session for good: `cursor_store::load` fails, or memory is exhausted in the middle of an
    /// event. Every later call fails with the same error; a new inbox begins at the saved cursors. What passes by
    /// itself is no error but a `session_event`.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them; completes with
    /// `boost::asio::error::operation_aborted`. No event is lost: the next call delivers it.
    ///
    /// \par Thread safety
    /// One call at a time; from any thread.
    ///
    /// \par Lifetime
    /// The inbox may be destroyed before completion: the call then completes with
    /// `boost::asio::error::operation_aborted`.
    ///
    /// \par Source
    /// The push gateway (`login`, `heartbeat`); `POST /v1/conversation/list`, `/v1/msg/list-message-by-seq`,
    /// `/v1/msg/list-message`, `/v1/msg/list-message-by-update`.
    template <detail::call_token<optional_result<event>> Token = boost::asio::use_awaitable_t<>>
    auto next(Token&& token = Token()) {
        return detail::initiate_coroutine(&next_item, get_executor(), std::forward<Token>(token), core_);
    }

    /// Marks an event as done (`acknowledgement::by_request`): a restarted program does not see it again. Those of a
    /// chat are acknowledged in the order in which they were taken; each call stands for the earliest one left.
    ///
    /// \par Parameters
    /// `done`: an event that `next` returned. Events without a chat need no acknowledgement; they are ignored.
    ///
    /// \par Errors
    /// None: saving happens later, and a save that fails is a `session_event` (warning).
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// `done` is read before the function returns.
    void acknowledge(const event& done);

    /// Ends the session: closes the connection with a close frame, and saves the cursors of what was acknowledged. An
    /// outstanding `next`, and every later one, returns none.
    ///
    /// \par Completion signature
    /// `void(error_code, acknowledged)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// The cursors can't be saved: the error of the store.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them: stops waiting; the session ends all the same.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The inbox may be destroyed before completion.
    ///
    /// \par Source
    /// The push gateway.
    template <detail::call_token<acknowledged> Token = boost::asio::use_awaitable_t<>>
    auto async_stop(Token&& token = Token()) {
        return detail::initiate_coroutine(&stop_item, get_executor(), std::forward<Token>(token), core_);
    }

    /// Tells the inbox of a message that the account is about to send, so that its echo counts as the account's own,
    /// even before the response. Sends through the same client and its copies are known without it.
    ///
    /// \par Parameters
    /// `msg_id`: the message's id.
    ///
    /// \par Errors
    /// None.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// `msg_id` is copied.
    void sending(std::string_view msg_id);

    /// Current counters. Thread safety: any thread.
    [[nodiscard]] inbox_stats stats() const;
    /// The client's executor.
    [[nodiscard]] executor_type get_executor() const noexcept;

private:
    friend struct detail::inbox_access;
    static detail::coroutine<optional_result<event>> next_item(std::shared_ptr<detail::inbox_core> core);
    static detail::coroutine<acknowledged> stop_item(std::shared_ptr<detail::inbox_core> core);

    std::shared_ptr<detail::inbox_core> core_;
};

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<inbox_options>);

YUNHU_NAMESPACE_END
