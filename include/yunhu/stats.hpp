// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

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

YUNHU_NAMESPACE_END
