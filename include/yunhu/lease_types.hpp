// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/types.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

// Every type here declares a constructor: GCC 12 destroys aggregates twice in a co_await expression.

/// A worker's right to hear an account, and its number: another worker that takes over has a greater epoch.
struct lease_ticket {
    lease_ticket() = default;
    lease_ticket(std::string of, std::uint32_t number) : account(std::move(of)), epoch(number) {}
    bool operator==(const lease_ticket&) const = default;

    std::string account;
    std::uint32_t epoch = 0;
};

/// The lease of an account, as a store keeps it.
struct lease_row {
    lease_row() = default;
    lease_row(std::string of, std::uint32_t number, std::string held_by, std::chrono::milliseconds remaining)
        : account(std::move(of)), epoch(number), owner(std::move(held_by)), left(remaining) {}
    bool operator==(const lease_row&) const = default;

    std::string account;
    std::uint32_t epoch = 0;          ///< of the last acquisition; 0: never acquired
    std::string owner;                ///< the worker that acquired it last; empty: released
    std::chrono::milliseconds left{}; ///< until the lease ends; not > 0: it is over
};

/// A worker that has looked at the leases.
struct lease_worker {
    lease_worker() = default;
    lease_worker(std::string called, std::chrono::milliseconds remaining) : name(std::move(called)), left(remaining) {}
    bool operator==(const lease_worker&) const = default;

    std::string name;
    std::chrono::milliseconds left{}; ///< until it counts as dead, unless it looks again
};

/// What a worker sees: the accounts that it asked for, each once, and the live workers.
struct lease_view {
    lease_view() = default;

    std::vector<lease_row> rows;
    std::vector<lease_worker> workers;
};

/// A change that a worker asks for. It takes effect only if the account's epoch is still `epoch`.
struct lease_change {
    enum class action : std::uint8_t {
        acquire, ///< of one that is released, over or its own: the epoch becomes `epoch + 1`
        renew,   ///< of its own
        release, ///< of its own: others may acquire it at once
    };

    lease_change() = default;
    lease_change(action kind, std::string of, std::uint32_t number)
        : what(kind), account(std::move(of)), epoch(number) {}
    bool operator==(const lease_change&) const = default;

    action what{};
    std::string account;
    std::uint32_t epoch = 0;
};

/// What changed in an account's cursors since they were saved last.
struct cursor_change {
    cursor_change() = default;

    std::uint64_t since = 0;          ///< `inbox_cursors::since`
    std::vector<chat_cursor> changed; ///< new ones, or with a new position
    std::vector<chat> removed;        ///< no longer kept
};

YUNHU_NAMESPACE_END
