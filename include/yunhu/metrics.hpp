// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/observer.hpp>
#include <yunhu/stats.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Durations, counted by how long they were.
struct histogram {
    histogram() = default;

    /// A duration belongs to the first bound that it does not exceed.
    static constexpr std::array<std::chrono::microseconds, 14> bounds{
        std::chrono::milliseconds(1),    std::chrono::microseconds(2500), std::chrono::milliseconds(5),
        std::chrono::milliseconds(10),   std::chrono::milliseconds(25),   std::chrono::milliseconds(50),
        std::chrono::milliseconds(100),  std::chrono::milliseconds(250),  std::chrono::milliseconds(500),
        std::chrono::milliseconds(1000), std::chrono::milliseconds(2500), std::chrono::milliseconds(5000),
        std::chrono::seconds(10),        std::chrono::seconds(30)};

    std::array<std::uint64_t, bounds.size() + 1> counts{}; ///< by bound; the last one: above all of them
    std::chrono::nanoseconds sum{};

    [[nodiscard]] std::uint64_t count() const noexcept;
};

/// How often something happened for a reason; `code` as `kind()` names it, e.g. "timed_out".
struct reason_count {
    reason_count() = default;

    std::string_view code; ///< "success" for none
    std::uint64_t count = 0;
};

/// How many calls ended so.
struct outcome_count {
    outcome_count() = default;

    std::string_view code; ///< "success" for none
    yunhu::delivery delivery{};
    std::uint64_t count = 0;
};

/// The numbers of one endpoint.
struct endpoint_metrics {
    endpoint_metrics() = default;

    std::string endpoint; ///< e.g. "send-message"; "other": more than `metrics::max_endpoints`
    std::uint64_t calls_started = 0;
    std::vector<outcome_count> calls; ///< that have ended; none with a count of 0, but success is always there
    std::uint64_t attempts = 0;
    std::vector<reason_count> retries; ///< none with a count of 0
    histogram duration;                ///< of calls, until their handlers were called
    histogram queue;                   ///< of calls that waited for a connection
    histogram first_byte;              ///< of attempts: from the request's writing until the answer began

    [[nodiscard]] std::uint64_t calls_ended() const noexcept;
};

/// The numbers of a moment. All but "since the start" can be read off `client_stats`.
struct metrics_snapshot {
    metrics_snapshot() = default;

    std::vector<endpoint_metrics> endpoints; ///< those that were called, by name
    std::vector<reason_count> dials;         ///< resolve and connect, by how they ended
    std::vector<reason_count> handshakes;    ///< of TLS, by how they ended
    std::uint64_t resumed = 0;               ///< handshakes that went on with an earlier session
    std::uint64_t opened = 0;                ///< connections
    std::uint64_t closed = 0;                ///< of these
    std::uint64_t evicted = 0;               ///< of these: by the server while idle, or for what came unasked
    histogram dial;                          ///< of those that connected
    histogram tls;                           ///< of those that were done

    /// Null: it was never called.
    [[nodiscard]] const endpoint_metrics* find(std::string_view endpoint) const noexcept;
};

/// An observer that counts: `config.observer = std::make_shared<yunhu::metrics>();`. One may serve several clients.
///
/// Bounded: a set of counters for each endpoint, at most `max_endpoints`, and for each of the library's error codes.
/// Errors of others count as "other".
/// Thread safety: every member may be called from any thread. Counting takes no lock, but for the first call of an
/// endpoint.
class metrics final : public observer {
public:
    static constexpr std::size_t max_endpoints = 64;

    metrics();
    ~metrics() override;

    /// Not an instant: events that happen meanwhile may be in one number and not yet in another.
    [[nodiscard]] metrics_snapshot snapshot() const;

    void on_call_start(const call_event& e) noexcept override;
    void on_call_end(const call_end_event& e) noexcept override;
    void on_queue_end(const queue_end_event& e) noexcept override;
    void on_attempt_start(const attempt_event& e) noexcept override;
    void on_first_byte(const first_byte_event& e) noexcept override;
    void on_retry(const retry_event& e) noexcept override;
    void on_connect_end(const connect_end_event& e) noexcept override;
    void on_tls_end(const tls_end_event& e) noexcept override;
    void on_connection_open(const connection_event& e) noexcept override;
    void on_connection_close(const connection_end_event& e) noexcept override;

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The Prometheus text format (version 0.0.4, `content-type: text/plain; version=0.0.4`): names begin with `yunhu_`,
/// times are in seconds.
[[nodiscard]] std::string to_prometheus(const metrics_snapshot& since_start);
/// The same, and gauges of the pool: `to_prometheus(metrics->snapshot(), client.stats())`.
[[nodiscard]] std::string to_prometheus(const metrics_snapshot& since_start, const client_stats& now);

YUNHU_NAMESPACE_END
