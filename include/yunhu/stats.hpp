// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>
#include <cstdint>

YUNHU_NAMESPACE_BEGIN

/// Gauges and counters of a client, summed over its shards. Counters never decrease.
struct client_stats {
    client_stats() = default;

    // gauges
    std::uint64_t connections = 0; ///< open connections, busy or idle
    std::uint64_t idle = 0;        ///< connections without a call
    std::uint64_t connecting = 0;  ///< connections in the process of connecting
    std::uint64_t queued = 0;      ///< calls waiting for a connection
    std::uint64_t limited = 0;     ///< calls waiting for a permit of a rate limit
    std::uint64_t calls = 0;       ///< calls not completed yet
    // counters since the start
    std::uint64_t calls_started = 0;
    std::uint64_t calls_ended = 0;
    std::uint64_t attempts = 0; ///< requests started on a connection
    std::uint64_t retries = 0;  ///< attempts after the first one of a call
    std::uint64_t connects_started = 0;
    std::uint64_t connects_failed = 0;
    std::uint64_t handshakes = 0; ///< TLS handshakes completed
    std::uint64_t resumed = 0;    ///< TLS handshakes that resumed a session
    std::uint64_t evicted = 0;    ///< idle connections closed by the server, or because of unsolicited bytes
};

/// Counters of an inbox.
struct inbox_stats {
    inbox_stats() = default;

    // gauges
    bool logged_in = false;
    std::uint64_t queued = 0;       ///< events that wait for `next`
    std::uint64_t held = 0;         ///< messages that wait for earlier ones
    std::uint64_t chats = 0;        ///< chats whose position is known
    std::uint64_t requests = 0;     ///< requests that are running
    std::chrono::nanoseconds lag{}; ///< age of the event that was taken last, from its frame to `next`
    // counters since the start
    std::uint64_t connects = 0; ///< connections that were begun
    std::uint64_t logins = 0;   ///< sessions that were established
    std::uint64_t losses = 0;   ///< connections that ended or failed
    std::uint64_t refusals = 0; ///< logins that were refused
    std::uint64_t resumed = 0;  ///< TLS handshakes that resumed a session
    std::uint64_t frames = 0;
    std::uint64_t ignored = 0; ///< frames that can't be read
    std::uint64_t events = 0;  ///< events that were taken
    std::uint64_t duplicates = 0;
    std::uint64_t dropped = 0;           ///< stream deltas and drafts, while the queue was half full
    std::uint64_t gaps = 0;              ///< gap events
    std::uint64_t catch_up_requests = 0; ///< requests for what was missed
    std::uint64_t saves = 0;             ///< of the cursors
    std::uint64_t failed_saves = 0;
};

YUNHU_NAMESPACE_END
