// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/pool_fsm.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace yunhu::test {

/// Passes inputs to the pool's machine and returns its actions as text: `"assign 0 a, dial 1"`. Waiters have names. The
/// clock stands still except in `pass` and `suspend`.
class pool_script {
public:
    explicit pool_script(const pool_config& config, double jitter = 0.5,
                         std::chrono::nanoseconds idle_grace = std::chrono::nanoseconds::max())
        : machine_(
              config, [jitter] { return jitter; }, idle_grace) {}

    std::string acquire(const std::string& name, bool again = false) {
        machine_.acquire(waiters_[name], now_, again);
        return take_actions();
    }
    std::string acquire_new(const std::string& name) {
        waiters_[name].new_connection_only = true;
        return acquire(name, true);
    }
    std::string cancel(const std::string& name) {
        machine_.cancel(waiters_[name]);
        return take_actions();
    }
    std::string dialed(engine::connection_id id) {
        machine_.dialed(id, now_);
        return take_actions();
    }
    std::string dial_failed(engine::connection_id id, error_code why = errc::connect_failed) {
        machine_.dial_failed(id, why, now_);
        return take_actions();
    }
    /// The exchange has ended, the connection is reusable.
    std::string released(engine::connection_id id, std::optional<std::chrono::nanoseconds> idle_limit = std::nullopt) {
        machine_.released(id, true, idle_limit, now_);
        return take_actions();
    }
    /// The exchange has ended, the connection is not reusable.
    std::string broken(engine::connection_id id) {
        machine_.released(id, false, std::nullopt, now_);
        return take_actions();
    }
    std::string on_idle_closed(engine::connection_id id) {
        machine_.on_idle_closed(id, now_);
        return take_actions();
    }
    std::string on_stale(engine::connection_id id) {
        machine_.on_stale(id, now_);
        return take_actions();
    }
    std::string tick() {
        machine_.tick(now_);
        return take_actions();
    }
    std::string warm_up(std::size_t connections) {
        machine_.warm_up(connections, now_);
        return take_actions();
    }
    [[nodiscard]] bool warming() const { return machine_.warming(); }
    std::string close_all() {
        machine_.close_all();
        return take_actions();
    }
    std::string drain() {
        machine_.drain(now_);
        return take_actions();
    }

    void pass(std::chrono::nanoseconds time) {
        now_.steady += time;
        suspend(time);
    }
    /// The computer is suspended: only the wall clock advances.
    void suspend(std::chrono::nanoseconds time) {
        now_.wall += std::chrono::duration_cast<std::chrono::system_clock::duration>(time);
    }
    [[nodiscard]] std::optional<std::chrono::nanoseconds> next_tick() const {
        const auto at = machine_.next_tick();
        return at ? std::optional<std::chrono::nanoseconds>(*at - now_.steady) : std::nullopt;
    }
    /// `"connections/idle/dials/queued"`.
    [[nodiscard]] std::string counts() const {
        const engine::pool_counts c = machine_.counts();
        return std::to_string(c.connections) + '/' + std::to_string(c.idle) + '/' + std::to_string(c.dials) + '/' +
               std::to_string(c.queued);
    }

private:
    std::string name_of(const engine::waiter* w) const {
        for (const auto& [name, each] : waiters_) {
            if (&each == w) {
                return name;
            }
        }
        return "unknown waiter";
    }

    std::string take_actions() {
        std::string all;
        for (const engine::action& a : machine_.actions()) {
            all += all.empty() ? "" : ", ";
            switch (a.what) {
            case engine::action::kind::assign:
                all += "assign " + std::to_string(a.connection) + ' ' + name_of(a.waiter);
                break;
            case engine::action::kind::dial:
                all += "dial " + std::to_string(a.connection);
                break;
            case engine::action::kind::close:
                all += "close " + std::to_string(a.connection);
                break;
            case engine::action::kind::release_buffers:
                all += "rest " + std::to_string(a.connection);
                break;
            case engine::action::kind::reject:
                all += "reject " + name_of(a.waiter) + ' ' + std::string(yunhu::name(a.why));
                break;
            }
        }
        machine_.actions().clear();
        return all;
    }

    std::map<std::string, engine::waiter> waiters_;
    engine::pool_fsm machine_;
    engine::clock_reading now_{engine::time_point(std::chrono::hours(1)),
                               std::chrono::system_clock::time_point(std::chrono::hours(24 * 365 * 50))};
};

inline pool_config pool_of(std::size_t max_connections, std::size_t max_connecting = 8) {
    pool_config config;
    config.max_connections = max_connections;
    config.max_connecting = max_connecting;
    return config;
}

/// Opens `n` connections, each assigned to its own waiter: 0 to "w0", 1 to "w1" and so on.
inline void open_busy(pool_script& pool, engine::connection_id n) {
    for (engine::connection_id i = 0; i < n; ++i) {
        (void)pool.acquire("w" + std::to_string(i));
        (void)pool.dialed(i);
    }
}

} // namespace yunhu::test
