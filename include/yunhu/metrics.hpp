// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/bot_stats.hpp>
#include <yunhu/config.hpp>
#include <yunhu/observer.hpp>
#include <yunhu/stats.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// A histogram of durations.
struct YUNHU_EXPORT histogram {
    histogram() = default;

    /// Inclusive upper bounds of the buckets.
    static constexpr std::array<std::chrono::microseconds, 14> bounds{
        std::chrono::milliseconds(1),    std::chrono::microseconds(2500), std::chrono::milliseconds(5),
        std::chrono::milliseconds(10),   std::chrono::milliseconds(25),   std::chrono::milliseconds(50),
        std::chrono::milliseconds(100),  std::chrono::milliseconds(250),  std::chrono::milliseconds(500),
        std::chrono::milliseconds(1000), std::chrono::milliseconds(2500), std::chrono::milliseconds(5000),
        std::chrono::seconds(10),        std::chrono::seconds(30)};

    std::array<std::uint64_t, bounds.size() + 1> counts{}; ///< per bucket; the last bucket is unbounded
    std::chrono::nanoseconds sum{};                        ///< of the recorded durations

    /// Number of recorded durations.
    [[nodiscard]] std::uint64_t count() const noexcept;
};

/// A count per error code. `code` is its `name()`, e.g. "timed_out".
struct reason_count {
    reason_count() = default;

    std::string_view code; ///< "success" if there was no error
    std::uint64_t count = 0;
};

/// A count of calls per error code and delivery class.
struct outcome_count {
    outcome_count() = default;

    std::string_view code; ///< "success" if there was no error
    yunhu::delivery delivery{};
    std::uint64_t count = 0;
};

/// Metrics of one endpoint.
struct YUNHU_EXPORT endpoint_metrics {
    endpoint_metrics() = default;

    std::string endpoint; ///< e.g. "send-message"; "other" beyond `metrics::max_endpoints`
    std::uint64_t calls_started = 0;
    std::vector<outcome_count> calls; ///< completed calls; zero counts are omitted, except success
    std::uint64_t attempts = 0;
    std::vector<reason_count> retries; ///< zero counts are omitted
    histogram duration;                ///< of calls, up to the invocation of the handler
    histogram queue;                   ///< waiting times for a connection
    histogram first_byte;              ///< of attempts: from writing the request to the first byte of the response

    /// Number of completed calls, over all outcomes.
    [[nodiscard]] std::uint64_t calls_ended() const noexcept;
};

/// Counters since the start. Current values are in `client_stats`.
struct YUNHU_EXPORT metrics_snapshot {
    metrics_snapshot() = default;

    std::vector<endpoint_metrics> endpoints; ///< endpoints that were called, by name
    std::vector<reason_count> connects;      ///< resolve and connect, by result
    std::vector<reason_count> handshakes;    ///< TLS handshakes, by result
    std::uint64_t resumed = 0;               ///< handshakes that resumed an earlier session
    std::uint64_t opened = 0;                ///< connections opened
    std::uint64_t closed = 0;                ///< connections closed
    std::uint64_t evicted = 0; ///< connections closed while idle: by the server, or because of unsolicited bytes
    histogram connect;         ///< durations of successful connects
    histogram tls;             ///< durations of successful handshakes

    /// Metrics of an endpoint. Parameters: its name, e.g. "send-message". Errors: null if it was never called. Thread
    /// safety: any thread. Lifetime: of the snapshot.
    [[nodiscard]] const endpoint_metrics* find(std::string_view endpoint) const noexcept;
};

/// An observer that counts: `config.observer = std::make_shared<yunhu::metrics>();`. Several clients may share one.
///
/// Memory is bounded: one set of counters per endpoint (at most `max_endpoints`) and per error code of the library.
/// Errors of other categories are counted as "other".
///
/// \par Thread safety
/// All members may be called from any thread. Counting takes no lock, except for the first call of an endpoint.
///
/// \par Lifetime
/// Shared by the clients that use it.
class YUNHU_EXPORT metrics final : public observer {
public:
    static constexpr std::size_t max_endpoints = 64;

    metrics();
    ~metrics() override;

    /// Copies the counters. Not atomic as a whole: a concurrent event may be in one counter and not yet in another.
    /// Errors: none. Thread safety: any thread. Lifetime: a copy.
    [[nodiscard]] metrics_snapshot snapshot() const;

    // The hooks count; they are invoked by the client.
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
/// times are in seconds. Parameters: the snapshot. Errors: none. Thread safety: any thread. Lifetime: a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(const metrics_snapshot& since_start);
/// The Prometheus text format of a snapshot and of the current values of the pool, as gauges:
/// `to_prometheus(metrics->snapshot(), client.stats())`. Parameters: the snapshot; the current values. Errors: none.
/// Thread safety: any thread. Lifetime: a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(const metrics_snapshot& since_start, const client_stats& now);

/// The counters of one account's inbox: `account_inbox(user_id, inbox.stats())`.
struct account_inbox {
    account_inbox(std::string id, const inbox_stats& current) : user_id(std::move(id)), stats(current) {}

    std::string user_id;
    inbox_stats stats;
};

/// Returns the Prometheus text format of inboxes, for all of them together: what a process with many accounts should
/// show. It follows another page, `to_prometheus(metrics->snapshot(), client.stats()) + to_prometheus(inboxes)`, or is
/// one by itself. Names begin with `yunhu_inbox_`; `yunhu_inboxes` is the number of inboxes.
///
/// \par Parameters
/// `inboxes`: the result of `inbox::stats` of each, e.g. a `std::vector`. Numbers are summed; the lag is the longest.
///
/// \par Errors
/// Throws `std::bad_alloc`.
///
/// \par Thread safety
/// Any thread.
///
/// \par Lifetime
/// `inboxes` is read before the function returns; the result is a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(std::span<const inbox_stats> inboxes);
/// Returns the same with one sample per account, which has the label `user_id`. Prometheus keeps about twenty series
/// per account for it: for a process with few accounts.
///
/// \par Parameters
/// `inboxes`: accounts and their counters, e.g. a `std::vector`; at most one of each account.
///
/// \par Errors
/// Throws `std::bad_alloc`.
///
/// \par Thread safety
/// Any thread.
///
/// \par Lifetime
/// `inboxes` is read before the function returns; the result is a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(std::span<const account_inbox> inboxes);
/// Returns the Prometheus text format of bots, for all of them together. Names begin with `yunhu_bot_`; `yunhu_bots` is
/// the number of bots.
///
/// \par Parameters
/// `bots`: the result of `bot::stats` of each, e.g. a `std::vector`. Numbers and times are summed.
///
/// \par Errors
/// Throws `std::bad_alloc`.
///
/// \par Thread safety
/// Any thread.
///
/// \par Lifetime
/// `bots` is read before the function returns; the result is a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_prometheus(std::span<const bot_stats> bots);

YUNHU_NAMESPACE_END
