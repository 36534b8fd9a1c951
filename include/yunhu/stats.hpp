// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstdint>

YUNHU_NAMESPACE_BEGIN

/// A client's numbers at one moment, summed over its shards. The counters never go back.
struct client_stats {
    client_stats() = default;

    // now
    std::uint64_t connections = 0; ///< open ones, busy or idle
    std::uint64_t idle = 0;        ///< connections that wait for a call
    std::uint64_t dials = 0;       ///< connections being opened
    std::uint64_t queued = 0;      ///< calls that wait for a connection
    std::uint64_t limited = 0;     ///< calls that wait for their turn under a rate limit
    std::uint64_t calls = 0;       ///< calls that have not ended
    // since the start
    std::uint64_t calls_started = 0;
    std::uint64_t calls_ended = 0;
    std::uint64_t attempts = 0; ///< times that a call was handed to a connection
    std::uint64_t retries = 0;  ///< attempts after a call's first
    std::uint64_t connects_started = 0;
    std::uint64_t connects_failed = 0;
    std::uint64_t handshakes = 0; ///< TLS handshakes completed
    std::uint64_t resumed = 0;    ///< of these, by resumption
    std::uint64_t evicted = 0;    ///< idle connections closed: by the server, by age, by something unexpected on them
};

YUNHU_NAMESPACE_END
