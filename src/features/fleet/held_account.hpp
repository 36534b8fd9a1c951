// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/fleet.hpp>
#include <yunhu/inbox.hpp>
#include <yunhu/lease_types.hpp>
#include <yunhu/results.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// The counters of a fleet's worker, for all of its strands.
class fleet_counters {
public:
    void add(std::uint64_t fleet_stats::*which, std::uint64_t by = 1) {
        const std::lock_guard lock(mutex_);
        stats_.*which += by;
    }
    void set_held(std::uint64_t accounts) {
        const std::lock_guard lock(mutex_);
        stats_.held = accounts;
    }
    [[nodiscard]] fleet_stats stats() const {
        const std::lock_guard lock(mutex_);
        return stats_;
    }

private:
    mutable std::mutex mutex_;
    fleet_stats stats_;
};

/// CLOCK_BOOTTIME, which also runs while the machine sleeps.
[[nodiscard]] std::chrono::nanoseconds boot_now() noexcept;

/// An account whose lease this worker holds: the gate between the inbox and the handler. Nothing passes it after the
/// lease is over by the worker's own clock, however late the worker notices.
class held_account : public std::enable_shared_from_this<held_account> {
public:
    using boot_time = std::chrono::nanoseconds;

    /// Times in ms since the epoch. `since`: from when on an account without a position is heard. `repeats_until`:
    /// events up to then may have been handled by another worker; 0: none was.
    struct times {
        std::uint64_t since = 0;
        std::uint64_t repeats_until = 0;
    };
    held_account(const asio::any_io_executor& executor, const fleet_account& account, lease_ticket ticket,
                 boot_time until, times heard, std::shared_ptr<fleet_counters> counters);

    // From any thread:
    void renewed(boot_time until) noexcept { until_ = until.count(); }
    /// The handler is to end; what it has done is still saved.
    void give_back();
    /// The lease is over: nothing counts any more.
    void lose();
    [[nodiscard]] bool is_lost() const noexcept { return lost_; }
    [[nodiscard]] bool is_draining() const noexcept { return draining_; }
    [[nodiscard]] bool is_over(boot_time now) const noexcept { return now.count() >= until_; }
    [[nodiscard]] boot_time until() const noexcept { return boot_time(until_.load()); }
    [[nodiscard]] const lease_ticket& ticket() const noexcept { return ticket_; }
    [[nodiscard]] const fleet_account& account() const noexcept { return account_; }
    [[nodiscard]] bool was_taken_over() const noexcept { return heard_.repeats_until != 0; }
    [[nodiscard]] std::uint64_t since() const noexcept { return heard_.since; }
    [[nodiscard]] const asio::any_io_executor& strand() const noexcept { return strand_; }

    // On the strand:
    void open(inbox& of) noexcept { inbox_ = &of; }
    /// True: everything that was delivered has been acknowledged, as far as the gate knows.
    bool close() noexcept {
        inbox_ = nullptr;
        return !taken_;
    }
    asio::awaitable<std::optional<fleet_event>> next();
    void acknowledge(const event& done);

private:
    void interrupt();
    void on_event(const error_code& ec, optional_result<event> got);
    [[nodiscard]] bool passes();
    [[nodiscard]] bool may_repeat(const event& e) const;

    const fleet_account account_;
    // any thread
    lease_ticket ticket_;
    std::atomic<std::int64_t> until_;
    times heard_;
    std::shared_ptr<fleet_counters> counters_;
    std::atomic<bool> draining_ = false;
    std::atomic<bool> lost_ = false;

    // on the strand
    asio::any_io_executor strand_;
    asio::cancellation_signal cancel_;
    asio::steady_timer wake_; ///< its waiter is `next`
    inbox* inbox_ = nullptr;
    bool waiting_ = false; ///< for the inbox
    std::optional<event> taken_;
    std::optional<event> got_;
    std::optional<failure> failure_;
};

} // namespace detail
YUNHU_NAMESPACE_END
