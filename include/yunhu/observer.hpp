// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

YUNHU_NAMESPACE_BEGIN

/// Members common to all events. No event contains a token, the text of a message, or text of the server.
struct event_base {
    event_base() = default;

    std::chrono::steady_clock::time_point at; ///< time of the event
    std::size_t shard = 0; ///< index from 0; also 0 for a call that failed validation before a shard was chosen
};

/// An event of a call.
struct call_event : event_base {
    call_event() = default;

    std::uint64_t call = 0;       ///< number within the client, from 1
    std::string_view endpoint;    ///< e.g. "send-message"; static lifetime
    std::string_view traceparent; ///< `call_options::traceparent`, or empty; valid during the hook
};

/// A call has ended.
struct call_end_event : call_event {
    call_end_event() = default;

    error_code code; ///< error code of the completion; no error on success
    yunhu::delivery delivery{};
    yunhu::phase phase{}; ///< phase in which the call ended
    unsigned attempts = 0;
    int http_status = 0;                  ///< 0 if there is no response
    std::optional<std::int64_t> api_code; ///< code of the API, if the response has one
    call_times times;
    std::chrono::nanoseconds elapsed{}; ///< from the start of the call to the invocation of its handler
    /// False if the execution context was destroyed before the handler could be invoked; `code` is then
    /// `operation_aborted`.
    bool delivered = true;
};

/// A call has left the queue for a connection.
struct queue_end_event : call_event {
    queue_end_event() = default;

    std::chrono::nanoseconds waited{};
};

/// An attempt has started: a connection has accepted the call.
struct attempt_event : call_event {
    attempt_event() = default;

    std::uint64_t connection = 0; ///< number within the shard, from 1
    unsigned attempt = 0;         ///< number within the call, from 1
    bool reused = false;          ///< the connection has served an earlier exchange
};

/// An attempt has ended.
struct attempt_end_event : attempt_event {
    attempt_end_event() = default;

    error_code code; ///< no error if a response was received, of any status
    yunhu::delivery delivery{};
    yunhu::phase phase{};
    int http_status = 0;                ///< 0 if there is no response
    std::chrono::nanoseconds elapsed{}; ///< since the start
};

/// The first byte of a response was received.
struct first_byte_event : attempt_event {
    first_byte_event() = default;

    std::chrono::nanoseconds elapsed{}; ///< since the start of the attempt
};

/// The call will be retried.
struct retry_event : call_event {
    retry_event() = default;

    error_code why;      ///< cause of the retry; `errc::throttled` or `errc::server_error` for a response
    int http_status = 0; ///< 0 if there is no response
    yunhu::delivery delivery{};
    unsigned attempts = 0;            ///< completed attempts
    std::chrono::nanoseconds pause{}; ///< delay before the next attempt
    bool new_connection = false;      ///< retried immediately on a new connection
};

/// An event of a connection.
struct connection_event : event_base {
    connection_event() = default;

    std::uint64_t connection = 0; ///< number within the shard, from 1
};

/// Connecting has succeeded or failed.
struct connect_end_event : connection_event {
    connect_end_event() = default;

    error_code code;                    ///< no error if connected; `operation_aborted` if cancelled
    yunhu::phase phase{};               ///< resolve or connect
    std::chrono::nanoseconds elapsed{}; ///< since the start
};

/// A TLS handshake has succeeded or failed.
struct tls_end_event : connection_event {
    tls_end_event() = default;

    error_code code;                    ///< no error if completed; `operation_aborted` if cancelled
    bool resumed = false;               ///< an earlier session was resumed
    std::chrono::nanoseconds elapsed{}; ///< since the start
};

/// A connection was closed.
struct connection_end_event : connection_event {
    connection_end_event() = default;

    std::uint64_t exchanges = 0; ///< number of requests sent
    bool evicted = false;        ///< closed while idle: by the server, or because of unsolicited bytes
};

/// Receives the events of a client; set by `client_config::observer`. The default implementation of each hook does
/// nothing. `metrics` is an implementation that counts.
///
/// \par Parameters
/// Each hook gets its event, which is valid until the hook returns.
///
/// \par Balance
/// Every start event has exactly one end event, also after errors, cancellation, shutdown, and destruction of the
/// client or the execution context. The events of a call end before the call, the events of a connection before it
/// closes:
///
///     call_start  [queue_start queue_end]  [attempt_start [first_byte] attempt_end]  [retry ...]  call_end
///     connect_start connect_end  [tls_start tls_end]  [connection_open connection_close]
///
/// \par Errors
/// Hooks are `noexcept`: an exception ends the program. They should be fast, because the shard waits for them.
///
/// \par Thread safety
/// `on_call_start` is invoked by the thread that starts the call, `on_call_end` on the executor of its handler,
/// immediately before the handler. All other hooks are invoked on the strand of the shard. The events of one call are
/// ordered and never concurrent; events of different calls may be concurrent.
///
/// \par Reentrancy
/// Hooks may start and cancel calls, shut the client down, and read `stats()`. An operation that is started in a hook
/// on the strand begins after the hook returns. While the execution context is being destroyed (`on_call_end` with
/// `delivered == false`), the client must not be used.
///
/// \par Lifetime
/// The client shares ownership of the observer until the `on_call_end` of its last call.
class YUNHU_EXPORT observer {
public:
    observer() = default;
    observer(const observer&) = delete;
    observer& operator=(const observer&) = delete;
    virtual ~observer();

    // calls
    /// A call starts. Invoked by the thread that starts it.
    virtual void on_call_start(const call_event& /*e*/) noexcept {}
    /// A call ends. Invoked on the executor of its handler, immediately before the handler.
    virtual void on_call_end(const call_end_event& /*e*/) noexcept {}
    /// The call waits for a connection. Not invoked if a connection is available immediately.
    virtual void on_queue_start(const call_event& /*e*/) noexcept {}
    /// The call leaves the queue: a connection is available, or the call ends.
    virtual void on_queue_end(const queue_end_event& /*e*/) noexcept {}
    /// The request of an attempt was written to a connection.
    virtual void on_attempt_start(const attempt_event& /*e*/) noexcept {}
    /// The first byte of the response; once in every attempt of delivery class `answered`.
    virtual void on_first_byte(const first_byte_event& /*e*/) noexcept {}
    /// The attempt ends, with a response or an error.
    virtual void on_attempt_end(const attempt_end_event& /*e*/) noexcept {}
    /// The call will be retried.
    virtual void on_retry(const retry_event& /*e*/) noexcept {}

    // connections
    /// Resolving and connecting begin.
    virtual void on_connect_start(const connection_event& /*e*/) noexcept {}
    /// Connecting has succeeded or failed.
    virtual void on_connect_end(const connect_end_event& /*e*/) noexcept {}
    /// A TLS handshake begins.
    virtual void on_tls_start(const connection_event& /*e*/) noexcept {}
    /// The TLS handshake has succeeded or failed.
    virtual void on_tls_end(const tls_end_event& /*e*/) noexcept {}
    /// The connection is ready to serve calls.
    virtual void on_connection_open(const connection_event& /*e*/) noexcept {}
    /// The connection was closed.
    virtual void on_connection_close(const connection_end_event& /*e*/) noexcept {}
};

YUNHU_NAMESPACE_END
