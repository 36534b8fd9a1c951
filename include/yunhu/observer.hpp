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

/// What all events have. No event holds a token, a message's text, or anything that the server wrote.
struct event_base {
    event_base() = default;

    std::chrono::steady_clock::time_point at; ///< when it happened
    std::size_t shard = 0;                    ///< from 0; also 0 for a call that was refused before it came to one
};

/// Something about a call.
struct call_event : event_base {
    call_event() = default;

    std::uint64_t call = 0;       ///< its number in its client, from 1
    std::string_view endpoint;    ///< e.g. "send-message"; lives as long as the program
    std::string_view traceparent; ///< `call_options::traceparent`; empty: none; valid during the hook
};

/// A call has ended.
struct call_end_event : call_event {
    call_end_event() = default;

    error_code code; ///< as the caller is told; none: success
    yunhu::delivery delivery{};
    yunhu::phase phase{}; ///< what it was doing when it ended
    unsigned attempts = 0;
    int http_status = 0;                  ///< 0: no answer
    std::optional<std::int64_t> api_code; ///< the API's code, where an answer had one
    call_times times;
    std::chrono::nanoseconds elapsed{}; ///< from its start until its handler is called
    /// False: the execution context was destroyed before its handler could be called, and `code` is
    /// `operation_aborted`.
    bool delivered = true;
};

/// A call waits for a connection no longer.
struct queue_end_event : call_event {
    queue_end_event() = default;

    std::chrono::nanoseconds waited{};
};

/// An attempt: a call is handed to a connection.
struct attempt_event : call_event {
    attempt_event() = default;

    std::uint64_t connection = 0; ///< its number on its shard, from 1
    unsigned attempt = 0;         ///< of this call, from 1
    bool reused = false;          ///< the connection has served before
};

/// An attempt has ended.
struct attempt_end_event : attempt_event {
    attempt_end_event() = default;

    error_code code; ///< none: there is an answer, whatever it says
    yunhu::delivery delivery{};
    yunhu::phase phase{};
    int http_status = 0;                ///< 0: no answer
    std::chrono::nanoseconds elapsed{}; ///< from its begin
};

/// An attempt's answer has begun.
struct first_byte_event : attempt_event {
    first_byte_event() = default;

    std::chrono::nanoseconds elapsed{}; ///< from the attempt's begin
};

/// The call will be tried again.
struct retry_event : call_event {
    retry_event() = default;

    error_code why;      ///< what went wrong; for an answer `errc::throttled` or `errc::server_error`
    int http_status = 0; ///< 0: no answer
    yunhu::delivery delivery{};
    unsigned attempts = 0;            ///< so far
    std::chrono::nanoseconds pause{}; ///< until then
    bool new_connection = false;      ///< at once, on a new connection
};

/// Something about a connection.
struct connection_event : event_base {
    connection_event() = default;

    std::uint64_t connection = 0; ///< its number on its shard, from 1
};

/// A connection is there, or could not be made.
struct connect_end_event : connection_event {
    connect_end_event() = default;

    error_code code;                    ///< none: connected; `operation_aborted`: nobody wants it any more
    yunhu::phase phase{};               ///< resolve or connect
    std::chrono::nanoseconds elapsed{}; ///< from its begin
};

/// A TLS handshake is done, or has failed.
struct tls_end_event : connection_event {
    tls_end_event() = default;

    error_code code;                    ///< none: done; `operation_aborted`: nobody wants it any more
    bool resumed = false;               ///< an earlier session went on
    std::chrono::nanoseconds elapsed{}; ///< from its begin
};

/// A connection was closed.
struct connection_end_event : connection_event {
    connection_end_event() = default;

    std::uint64_t exchanges = 0; ///< requests that were handed to it
    bool evicted = false;        ///< it was idle, and the server closed it or something came that nobody asked for
};

/// Is told what happens inside a client; given by `client_config::observer`. Every function does nothing unless it is
/// overridden. `metrics` is a ready one.
///
/// Balance: every begin has exactly one end, whatever happens: errors, cancellation, shutdown, the client's or the
/// execution context's destruction. What a call has begun (its place in the queue, an attempt) ends before the call
/// does; what a connection has begun (dial, TLS) ends before it closes.
///
///     call_begun  [queued dequeued]  [attempt_begun [first_byte] attempt_ended]  [retrying ...]  call_ended
///     dial_begun dial_ended  [tls_begun tls_ended]  [connection_opened connection_closed]
///
/// Thread safety: `on_call_start` is called where the call is started, `on_call_end` where its handler is called, just
/// before it; everything else inside the shard, one at a time for each shard. The events of one call come in order and
/// never at once; events of different calls may come at once from several threads.
///
/// Errors: a hook can't throw. It should be quick: the shard waits for it.
///
/// Calling into the client from a hook is allowed: starting and cancelling calls, shutting down, `stats()`. What is
/// started in a hook that is called inside a shard begins after the hook. Not allowed while the execution context is
/// being destroyed (`on_call_end` with `delivered` false).
///
/// Lifetime: the client shares its ownership, until the last call's `on_call_end`.
class observer {
public:
    observer() = default;
    observer(const observer&) = delete;
    observer& operator=(const observer&) = delete;
    virtual ~observer();

    // calls
    virtual void on_call_start(const call_event& /*e*/) noexcept {}
    virtual void on_call_end(const call_end_event& /*e*/) noexcept {}
    /// It waits for a connection. A call that gets one at once is never queued.
    virtual void on_queue_start(const call_event& /*e*/) noexcept {}
    virtual void on_queue_end(const queue_end_event& /*e*/) noexcept {}
    virtual void on_attempt_start(const attempt_event& /*e*/) noexcept {}
    /// The answer begins: once in every attempt that is `answered`.
    virtual void on_first_byte(const first_byte_event& /*e*/) noexcept {}
    virtual void on_attempt_end(const attempt_end_event& /*e*/) noexcept {}
    virtual void on_retry(const retry_event& /*e*/) noexcept {}

    // connections
    /// Resolving and connecting.
    virtual void on_connect_start(const connection_event& /*e*/) noexcept {}
    virtual void on_connect_end(const connect_end_event& /*e*/) noexcept {}
    virtual void on_tls_start(const connection_event& /*e*/) noexcept {}
    virtual void on_tls_end(const tls_end_event& /*e*/) noexcept {}
    /// It may serve calls now.
    virtual void on_connection_open(const connection_event& /*e*/) noexcept {}
    virtual void on_connection_close(const connection_end_event& /*e*/) noexcept {}
};

YUNHU_NAMESPACE_END
