// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>
#include <cstdint>

YUNHU_NAMESPACE_BEGIN

/// Counters of a bot.
struct bot_stats {
    bot_stats() = default;

    // gauges
    std::uint64_t running = 0; ///< handlers
    std::uint64_t waiting = 0; ///< handlers that wait for a message
    std::uint64_t queued = 0;  ///< events that wait for a handler
    // counters since the start
    std::uint64_t handled = 0;                   ///< handlers that ended without an exception
    std::uint64_t unmatched = 0;                 ///< events without a handler
    std::uint64_t ignored = 0;                   ///< own messages, and those of other bots
    std::uint64_t failed = 0;                    ///< handlers that ended with an exception
    std::uint64_t timed_out = 0;                 ///< handlers that were cancelled after `handler_timeout`
    std::uint64_t abandoned = 0;                 ///< of these, handlers that did not end after that
    std::chrono::nanoseconds handler_time{};     ///< of all handlers, without waits for a message
    std::chrono::nanoseconds max_handler_time{}; ///< of the longest one
};

YUNHU_NAMESPACE_END
