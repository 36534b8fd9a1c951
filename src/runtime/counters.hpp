// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/stats.hpp>

#include <atomic>
#include <cstdint>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A counter with one writer, the strand, and readers on any thread: no atomic read-modify-write is needed.
class counter {
public:
    void operator++() noexcept { set(get() + 1); }
    void set(std::uint64_t n) noexcept { n_.store(n, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t get() const noexcept { return n_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> n_{0};
};

/// Gauges and counters of a shard; see `client_stats`.
struct counters {
    counter connections, idle, connecting, queued, calls;
    counter calls_started, calls_ended, attempts, retries, connects_started, connects_failed, handshakes, resumed,
        evicted;

    void add_to(client_stats& sum) const noexcept {
        sum.connections += connections.get();
        sum.idle += idle.get();
        sum.connecting += connecting.get();
        sum.queued += queued.get();
        sum.calls += calls.get();
        sum.calls_started += calls_started.get();
        sum.calls_ended += calls_ended.get();
        sum.attempts += attempts.get();
        sum.retries += retries.get();
        sum.connects_started += connects_started.get();
        sum.connects_failed += connects_failed.get();
        sum.handshakes += handshakes.get();
        sum.resumed += resumed.get();
        sum.evicted += evicted.get();
    }
};

} // namespace detail
YUNHU_NAMESPACE_END
